"""By which of their variables the records of a dataset are dated and sourced (`sources.seen`)."""

from __future__ import annotations

import re
from collections.abc import Iterable

DATED = ("ADT", "ASTDT")  # the date of an analysis dataset's records
FOUND = ["ADT", "SAYS", "SRCDOM", "SRCVAR", "SRCSEQ"]  # what is kept of a source's record
NUMBERED = re.compile(r"[A-Z]{2}SEQ")
COLLECTED = re.compile(r"[A-Z]{2}(ST)?DTC")  # as SDTM dates records, also those of the domain that SRCDOM names


def seen_by(variables: Iterable[str]) -> list[str]:
    """Those of a dataset's variables by which `sources.seen` dates and sources its records; it looks for no others."""
    kept = {*DATED, *(f"{name}F" for name in DATED), "USUBJID", "CARTSDT", "CARTSDY", *FOUND}
    return [name for name in variables if name in kept or NUMBERED.fullmatch(name) or COLLECTED.fullmatch(name)]
