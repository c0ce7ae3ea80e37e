"""The codelists that values are held to."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.ground.metadata import Variable

HELD = ("TESTCD", "NRIND")  # a test without a name, or a range nobody knows, is a slip: a study adds its row


def closed_lists(variables: Iterable[Variable], terms: Iterable[tuple[str, str, str]]) -> dict[str, set[str]]:
    """The submission values of each codelist that values are held to; `terms` are codelist, extensible, submission."""
    rows, closed = list(terms), dict[str, set[str]]()
    held = {v.codelist for v in variables if v.name.endswith(HELD)}
    added_to = {codelist for codelist, extensible, _ in rows if extensible == "Y"} - held
    for codelist, _, value in rows:
        if codelist not in added_to:
            closed.setdefault(codelist, set()).add(value)
    return closed
