"""Ids by which results are addressed, made from labels that have none of their own."""

from __future__ import annotations

import re

WORD = re.compile(r"[a-z0-9]+")


def named(label: str) -> str:
    """The id made from a label: its letters and digits in lower case; the parts of a path are joined by dots."""
    return ".".join("_".join(WORD.findall(part.lower())) or part for part in label.split(" / "))
