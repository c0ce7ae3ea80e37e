"""Which sign separates the cells of a text file: the agreed comma, or another that every line proves."""

from __future__ import annotations

import csv
import re

from pipeline.ground.faults import TrialError

SIGNS = (",", ";", "\t", "|")
SPOKEN = {",": "a comma", ";": "a semicolon (;)", "\t": "tabs", "|": "a bar (|)"}
OTHERS = "^~:#!&\x01\x1e\x1f\u00a6"
LOOKED_AT = 200  # lines
AGREED = 0.9  # share of lines with as many cells as the header
DECLARED = re.compile(r"sep=(.)\s*\r?\n?", re.I)


def separator_of(lines: list[str], name: str, declared: str = "") -> str:
    """The sign that separates the cells; `lines` are not blank, the header first. Raises TrialError."""
    header, others = lines[0], lines[1:LOOKED_AT]
    if declared:
        return _as_declared(header, declared, name)
    if not any(sign in header for sign in SIGNS[1:]):
        if "," not in header:
            _refuse_other_sign(lines[:LOOKED_AT], name)
        return ","
    candidates = [sign for sign in SIGNS if _count(header, sign) > 1]
    agreed = [sign for sign in candidates if _share(header, others, sign) >= AGREED]
    for chosen in (agreed, candidates):
        if len(chosen) == 1 or "," in chosen:
            return "," if "," in chosen else chosen[0]
    if not candidates:
        return ","
    both = " or ".join(SPOKEN[sign] for sign in candidates)
    cure = 'declare it in manifest.json or raw/_system.yaml (written: {delimiter: ";"})'
    raise TrialError(f"Nobody can tell whether {both} separates the cells.", f"{name}, line 1", cure)


def _as_declared(header: str, declared: str, name: str) -> str:
    """A declaration is believed as long as the header has the sign, or has no other."""
    found = [sign for sign in SIGNS if sign != declared and _count(header, sign) > 1]
    if _count(header, declared) == 1 and found:
        what = f"The file is declared as separated by {spoken(declared)}, but its header by {spoken(found[0])}."
        raise TrialError(what, f"{name}, line 1", "correct the declaration, or ask for the file again")
    return declared


def spoken(sign: str) -> str:
    """A separator in words."""
    return SPOKEN.get(sign, f"'{sign}'")


def _count(line: str, sign: str) -> int:
    return len(next(csv.reader([line], delimiter=sign), []))


def _share(header: str, lines: list[str], sign: str) -> float:
    """Share of lines with as many cells as the header (all of none)."""
    width = _count(header, sign)
    return sum(_count(line, sign) == width for line in lines) / len(lines) if lines else 1.0


def _refuse_other_sign(lines: list[str], name: str) -> None:
    """A single column whose every line has some odd sign equally often is a file separated by that sign."""
    for sign in OTHERS:
        counts = {line.count(sign) for line in lines}
        if len(counts) == 1 and min(counts) > 1:
            what = f"The file seems to be separated by '{sign}', which nobody agreed on."
            raise TrialError(what, f"{name}, line 1", f"declare it (written: {{delimiter: '{sign}'}}), or send commas")
