"""The table of conformance: one record per rule, with the records it looked at and those that break it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from pipeline.engine.conformance import adam, sdtm, structure
from pipeline.engine.conformance.listed import listed
from pipeline.engine.conformance.notes import Note, explained, notes_of
from pipeline.engine.conformance.rule import Checked, Norm, Outcome

COLUMNS = ("RULE", "SAYS", "SOURCE", "DATASETS", "RECORDS", "ISSUES", "UNEXPLAINED", "WHERE", "FIRST", "EXPLAINED")
OF_LAYER: Mapping[str, tuple[Norm, ...]] = {
    "sdtm": (*structure.RULES, *sdtm.RULES), "adam": (*structure.RULES, *adam.RULES),
}  # fmt: skip
RULES = tuple(dict.fromkeys(rule for rules in OF_LAYER.values() for rule in rules))


def conformance(
    datasets: Iterable[Checked], table: pd.DataFrame | None = None, notes: pd.DataFrame | None = None
) -> pd.DataFrame:
    """One record per rule, those of `table` (conformance.csv) last.

    DATASETS and RECORDS that it looked at, ISSUES found and how many of them no note explains (UNEXPLAINED), WHERE they
    are (variable and number), the FIRST (of the unexplained, where there are any), and what the notes say (EXPLAINED).
    """
    further = () if table is None else listed(table)
    found: dict[str, list[tuple[Checked, Outcome]]] = {rule.id: [] for rule in (*RULES, *further)}
    for one in datasets:
        for rule in (*OF_LAYER[one.spec.layer], *further):
            found[rule.id] += [(one, told) for told in rule.look(one)]
    of_rule = notes_of(notes)
    rows = [row_of(rule[:3], found[rule.id], of_rule.get(rule.id, ())) for rule in (*RULES, *further)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def row_of(
    rule: tuple[str, str, str], found: list[tuple[Checked, Outcome]], notes: Iterable[Note]
) -> tuple[object, ...]:
    """The record of a rule (its id, what it says, its source), of what it found in datasets."""
    broken = [(one, told) for one, told in found if told.issues]
    left = [explained(one, told, notes) for one, told in broken]
    names = [".".join(filter(None, (one.spec.dataset, told.variable))) for one, told in broken]
    where = "; ".join(f"{name} {told.issues}" for name, (_, told) in zip(names, broken, strict=True))
    open_first = [(name, rest.first) for name, (rest, _) in zip(names, left, strict=True) if rest.issues]
    shown = [*open_first, *((name, told.first) for name, (_, told) in zip(names, broken, strict=True))][:1]
    looked = dict.fromkeys(one.spec.dataset for one, told in found if told.records)
    reasons = dict.fromkeys(reason for _, told in left for reason in told)
    return (*rule, " ".join(looked), sum(told.records for _, told in found),
            sum(told.issues for _, told in broken), sum(rest.issues for rest, _ in left), where,
            "".join(f"{name.partition('.')[0]}: {first}" for name, first in shown), " ".join(reasons))  # fmt: skip


def in_short(found: pd.DataFrame) -> str:
    """What the table comes to, in one line: what no note explains is named."""
    broken, left = (found[found[column] > 0] for column in ("ISSUES", "UNEXPLAINED"))
    told = ", ".join(f"{rule} {count:,}" for rule, count in zip(left["RULE"], left["UNEXPLAINED"], strict=True))
    return f"{len(found)} rules, {len(broken)} with issues, " + (f"unexplained: {told}" if told else "all explained")
