"""Data files of the site: scripts that a page opened from disk may load, each registering one value by its name."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeAlias

from pipeline.engine.store import Json

if TYPE_CHECKING:
    import pandas as pd

Facts: TypeAlias = Mapping[str, Json]  # one thing the site tells, as its scripts read it
MOST = 4_500_000  # bytes of one data file; a browser parses it within a blink
as_ascii = json.encoder.encode_basestring_ascii  # a text as JSON
WORDS = json.JSONEncoder(separators=(",", ":"), allow_nan=False)
UNSAFE = re.compile(r"[^A-Za-z0-9._-]")


def script(name: str, value: Json) -> bytes:
    """The file `data/<name>.js`; pure ASCII, so that no reader's encoding matters."""
    return registered(name, plain(value))


def plain(value: Json) -> str:
    """A value as JSON, in ASCII."""
    return WORDS.encode(value)


def registered(name: str, told: str) -> bytes:
    """The file of a value that is JSON already."""
    return f"Review.data({json.dumps(name)},{told});\n".encode("ascii")


def file_of(name: str) -> str:
    """Where the data of this name lie in the site."""
    return f"data/{name}.js"


def safe(name: str) -> str:
    """A name as files and addresses may carry it."""
    return UNSAFE.sub("_", name)


def addresses(adsl: pd.DataFrame) -> pd.Series:
    """The address of each subject by USUBJID: SUBJID where that names one subject alone, else USUBJID."""
    short = adsl["SUBJID"] if "SUBJID" in adsl else adsl["USUBJID"]
    plain = short.astype("str").map(safe)
    whole = adsl["USUBJID"].astype("str").map(safe)
    chosen = plain.where(~plain.duplicated(keep=False), whole)
    return chosen.set_axis(adsl["USUBJID"])
