"""Checks of published figures: each says what cannot be, or what contradicts, with the reason and the place.

`critical`: no data can give it. `major`: two places contradict each other, or the figure is of somebody else.
`minor`: unclear or unlikely. `info`: true under one convention only. No value is ever changed.
"""

from __future__ import annotations

from pipeline.ground.severity import SEVERITIES
from pipeline.literature.agreement import AGREEMENT_CHECKS, spelling
from pipeline.literature.arithmetic import ARITHMETIC_CHECKS
from pipeline.literature.issues import Issue
from pipeline.literature.table import PrintedFigure


def all_issues(figures: list[PrintedFigure], names: dict[str, str] | None = None) -> list[Issue]:
    """Every issue of a table, most severe first, then in the order of the file. `names`: printed to standard name."""
    found: list[Issue] = []
    for check in (*ARITHMETIC_CHECKS, *AGREEMENT_CHECKS):
        found += check(figures)
    found += spelling(figures, names or {})
    return sorted(dict.fromkeys(found), key=lambda issue: SEVERITIES.index(issue.severity))
