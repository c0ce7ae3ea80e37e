"""Why records that are in order break a rule: notes (conformance_notes.csv), each of what it names and of nothing else.

A note is of a rule, of datasets or variables (`AE`, `DM.RFICDTC`, `SDTM`) and of the records that its `where` chooses;
an issue that no note is of is unexplained.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from pipeline.engine.conformance.listed import is_of, looked_at, there
from pipeline.engine.conformance.rule import Checked, Outcome
from pipeline.ground import clauses
from pipeline.study.conformance import EACH, whole_rules

Note = Mapping[str, str]


def notes_of(table: pd.DataFrame | None) -> dict[str, list[Note]]:
    """The notes by the rule that they are of, the last first: what a study says (its notes stand last) wins."""
    found: dict[str, list[Note]] = {}
    rows = [] if table is None else whole_rules(table.fillna("").astype("str").to_dict("records"))
    for note in reversed(rows):
        found.setdefault(note["rule"], []).append(note)
    return found


def explained(one: Checked, told: Outcome, notes: Iterable[Note]) -> tuple[Outcome, list[str]]:
    """What of an outcome no note explains, and what the notes that are of the rest say."""
    left, reasons = told, []
    for note in notes:
        if left.issues and _names(note["of"].split(), one, told.variable):
            kept = _without(one, left, note["where"])
            reasons += [note["explained"]] if kept.issues < left.issues else []
            left = kept
    return left, reasons


def _names(words: list[str], one: Checked, variable: str) -> bool:
    """Whether a note is of the dataset (by name, class or layer), and of the variable where it names one."""
    named = [word.partition(".") for word in words]
    return is_of([dataset for dataset, _, name in named if name in ("", variable)], one)


def _without(one: Checked, told: Outcome, where: str) -> Outcome:
    """The outcome without the records that a note chooses; without a condition it is of all."""
    if not where:
        return told._replace(issues=0, rows=(), first="")
    asked = where.replace(EACH, one.spec.dataset)
    if not told.rows or not there(one, clauses.names(asked)):
        return told
    among = looked_at(one, asked).to_numpy(dtype=bool)
    rows = tuple(row for row in told.rows if not among[row])
    return told._replace(issues=len(rows), rows=rows, first=one.shown(told.variable, rows))
