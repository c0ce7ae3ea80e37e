"""conformance.csv and its notes: conditions that can be read, variables where a check needs them, rules that are."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from pipeline.engine.conformance.table import RULES
from pipeline.ground import clauses
from pipeline.ground.faults import TrialError
from pipeline.ground.words import did_you_mean
from pipeline.lint.places import ERROR, Grid, Problem
from pipeline.study.conformance import CHECKS, CLAUSE, COMPARED, EACH, WITHIN, target, whole_rules

PAIR = ("one_to_one", "in_order")
DOMAIN = "XX"  # stands for the dataset where conditions are read


def check_rules(grid: Grid) -> Iterator[Problem]:
    """Rows that no dataset could be held to."""
    lines = [line for line, row in grid.rows if row["rule"]]
    for line, row in zip(lines, whole_rules(row for _, row in grid.rows), strict=False):
        conditions = ["where", "to_where", *(["what"] if row["check"] == CLAUSE else [])]
        for column in conditions:
            try:
                clauses.names(row[column].replace(EACH, DOMAIN))
            except TrialError as error:
                yield grid.problem(line, column, ERROR, error.what.replace(DOMAIN, EACH), error.cure)
        if not row["what"].strip() or not row["of"].strip():
            column = "of" if row["what"].strip() else "what"
            yield grid.problem(line, column, ERROR, f"{column} is empty", "say which datasets, and what must hold")
        if row["check"] not in CHECKS:
            what = f"check cannot be '{row['check']}'"
            yield grid.problem(line, "check", ERROR, what, did_you_mean(row["check"], CHECKS))
        else:
            yield from _variables(grid, line, row)


def check_notes(notes: Iterable[Grid], listed: Iterable[Grid]) -> Iterator[Problem]:
    """Problems of notes; the rules are those of the program and of the list."""
    rules = {rule.id for rule in RULES} | {row["rule"] for grid in listed for _, row in grid.rows if row["rule"]}
    for grid in notes:
        lines = [line for line, row in grid.rows if row["rule"]]
        for line, row in zip(lines, whole_rules(row for _, row in grid.rows), strict=False):
            yield from _note(grid, line, row, rules)


def _note(grid: Grid, line: int, row: dict[str, str], rules: Collection[str]) -> Iterator[Problem]:
    """A note of a rule that there is not, of nothing, of no reason, or with a condition that cannot be read."""
    if row["rule"] not in rules:
        yield grid.problem(line, "rule", ERROR, f"there is no rule {row['rule']}", did_you_mean(row["rule"], rules))
    for column in [name for name in ("of", "explained") if not row[name].strip()]:
        yield grid.problem(line, column, ERROR, f"{column} is empty", "say of which datasets, and why")
    try:
        clauses.names(row["where"].replace(EACH, DOMAIN))
    except TrialError as error:
        yield grid.problem(line, "where", ERROR, error.what.replace(DOMAIN, EACH), error.cure)


def _variables(grid: Grid, line: int, row: dict[str, str]) -> Iterator[Problem]:
    """Too few or too many variables for the check."""
    named = row["what"].partition(WITHIN)[0].split()
    if row["check"] in PAIR and len(named) != 2:
        yield grid.problem(line, "what", ERROR, f"{row['check']} is of two variables", "name two")
    keys = target(row["to"])[1]
    if (row["check"] in COMPARED) != bool(row["to"]):
        cure = "say DATASET.VARIABLE" if row["check"] in COMPARED else "take it out"
        yield grid.problem(line, "to", ERROR, f"{row['check']} is{'' if row['to'] else ' not'} told of a dataset", cure)
    elif row["to"] and len(keys) != len(named):
        what = f"{len(named)} variables are compared with {len(keys)}"
        yield grid.problem(line, "to", ERROR, what, "name as many, in the same order")
