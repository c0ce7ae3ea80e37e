"""The table of conformance: one record per rule, with the records it looked at and those that break it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from pipeline.engine.conformance import adam, sdtm, structure
from pipeline.engine.conformance.listed import listed
from pipeline.engine.conformance.rule import Checked, Norm, Outcome

COLUMNS = ("RULE", "SAYS", "SOURCE", "DATASETS", "RECORDS", "ISSUES", "WHERE", "FIRST", "EXPLAINED")
OF_LAYER: Mapping[str, tuple[Norm, ...]] = {
    "sdtm": (*structure.RULES, *sdtm.RULES), "adam": (*structure.RULES, *adam.RULES),
}  # fmt: skip
RULES = tuple(dict.fromkeys(rule for rules in OF_LAYER.values() for rule in rules))


def conformance(datasets: Iterable[Checked], table: pd.DataFrame | None = None) -> pd.DataFrame:
    """One record per rule, those of `table` (conformance.csv) last: DATASETS and RECORDS that it looked at, ISSUES
    found, WHERE (variable and number), FIRST, and EXPLAINED: why records that are in order may break it."""
    further = () if table is None else listed(table)
    found: dict[str, list[tuple[str, Outcome]]] = {rule.id: [] for rule in (*RULES, *further)}
    for one in datasets:
        for rule in (*OF_LAYER[one.spec.layer], *further):
            found[rule.id] += [(one.spec.dataset, told) for told in rule.look(one)]
    return pd.DataFrame([_row(rule, found[rule.id]) for rule in (*RULES, *further)], columns=list(COLUMNS))


def _row(rule: Norm, found: list[tuple[str, Outcome]]) -> tuple[object, ...]:
    broken = [(name, told) for name, told in found if told.issues]
    where = "; ".join(f"{'.'.join(filter(None, (name, told.variable)))} {told.issues}" for name, told in broken)
    first = f"{broken[0][0]}: {broken[0][1].first}" if broken else ""
    looked = dict.fromkeys(name for name, told in found if told.records)
    return (rule.id, rule.says, rule.source, " ".join(looked), sum(told.records for _, told in found),
            sum(told.issues for _, told in broken), where, first, rule.explained if broken else "")  # fmt: skip


def in_short(found: pd.DataFrame) -> str:
    """What the table comes to, in one line."""
    broken = found[found["ISSUES"] > 0]
    told = ", ".join(f"{rule} {count:,}" for rule, count in zip(broken["RULE"], broken["ISSUES"], strict=True))
    return f"{len(found)} rules, {len(broken)} with issues" + (f": {told}" if told else "")
