"""The identifiers by which metadata and data name each other (OIDs of ODM): the same in Define-XML and Dataset-JSON."""

from __future__ import annotations

import re


def study_oid(study: str) -> str:
    """The study."""
    return f"STDY.{_plain(study)}"


def metadata_oid(study: str, layer: str) -> str:
    """The metadata of one layer (SDTM, ADaM) of a study."""
    return f"MDV.{_plain(study)}.{layer.upper()}"


def group_oid(dataset: str) -> str:
    """A dataset."""
    return f"IG.{dataset}"


def item_oid(dataset: str, *names: str) -> str:
    """A variable of a dataset, or one of its values (`--TESTCD`, the code)."""
    return ".".join(("IT", dataset, *map(_plain, names)))


def _plain(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9_.-]+", "_", text)
