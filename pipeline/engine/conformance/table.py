"""The table of conformance: one record per rule, with the records it looked at and those that break it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

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


class Broken(NamedTuple):
    """A variable that breaks a rule: how many issues, the first of them, what no note explains, and what notes say."""

    variable: str
    issues: int
    first: str
    unexplained: int
    first_unexplained: str
    reasons: tuple[str, ...] = ()


class HeldTo(NamedTuple):
    """What a rule found in a dataset: how many records (of each variable) it looked at, and what breaks it."""

    dataset: str
    records: int
    broken: tuple[Broken, ...] = ()


class Rules:
    """All rules, those of a list (conformance.csv) last, with the notes that explain issues."""

    def __init__(self, table: pd.DataFrame | None = None, notes: pd.DataFrame | None = None):
        self.further = () if table is None else listed(table)
        self.notes = notes_of(notes)

    def held(self, one: Checked) -> dict[str, HeldTo]:
        """What the rules that look at a dataset found in it, by rule."""
        found: dict[str, list[Outcome]] = {}
        for rule in (*OF_LAYER[one.spec.layer], *self.further):
            for told in rule.look(one):
                found.setdefault(rule.id, []).append(told)
        return {rule: held_to(one, told, self.notes.get(rule, ())) for rule, told in found.items()}

    def rows(self, datasets: Iterable[Mapping[str, HeldTo]]) -> pd.DataFrame:
        """One record per rule, of what was found in datasets."""
        found: dict[str, list[HeldTo]] = {}
        for one in datasets:
            for rule, held in one.items():
                found.setdefault(rule, []).append(held)
        rows = [row_of(rule[:3], found.get(rule.id, ())) for rule in (*RULES, *self.further)]
        return pd.DataFrame(rows, columns=list(COLUMNS))


def conformance(
    datasets: Iterable[Checked], table: pd.DataFrame | None = None, notes: pd.DataFrame | None = None
) -> pd.DataFrame:
    """One record per rule, those of `table` (conformance.csv) last.

    DATASETS and RECORDS that it looked at, ISSUES found and how many of them no note explains (UNEXPLAINED), WHERE they
    are (variable and number), the FIRST (of the unexplained, where there are any), and what the notes say (EXPLAINED).
    """
    rules = Rules(table, notes)
    return rules.rows(map(rules.held, datasets))


def held_to(one: Checked, found: Iterable[Outcome], notes: Iterable[Note]) -> HeldTo:
    """What a rule found in a dataset, with what its notes explain of it."""
    outcomes, broken = [*found], []
    for told in [told for told in outcomes if told.issues]:
        rest, reasons = explained(one, told, notes)
        broken.append(Broken(told.variable, told.issues, told.first, rest.issues, rest.first, tuple(reasons)))
    return HeldTo(one.spec.dataset, sum(told.records for told in outcomes), tuple(broken))


def row_of(rule: tuple[str, str, str], found: Iterable[HeldTo]) -> tuple[object, ...]:
    """The record of a rule (its id, what it says, its source), of what it found in datasets."""
    found = [*found]
    broken = [(held.dataset, one) for held in found for one in held.broken]
    where = "; ".join(f"{'.'.join(filter(None, (name, one.variable)))} {one.issues}" for name, one in broken)
    open_first = [(name, one.first_unexplained) for name, one in broken if one.unexplained]
    shown = [*open_first, *((name, one.first) for name, one in broken)][:1]
    looked = dict.fromkeys(held.dataset for held in found if held.records)
    reasons = dict.fromkeys(reason for _, one in broken for reason in one.reasons)
    return (*rule, " ".join(looked), sum(held.records for held in found), sum(one.issues for _, one in broken),
            sum(one.unexplained for _, one in broken), where, "".join(f"{name}: {first}" for name, first in shown),
            " ".join(reasons))  # fmt: skip


def in_short(found: pd.DataFrame) -> str:
    """What the table comes to, in one line: what no note explains is named."""
    broken, left = (found[found[column] > 0] for column in ("ISSUES", "UNEXPLAINED"))
    told = ", ".join(f"{rule} {count:,}" for rule, count in zip(left["RULE"], left["UNEXPLAINED"], strict=True))
    return f"{len(found)} rules, {len(broken)} with issues, " + (f"unexplained: {told}" if told else "all explained")
