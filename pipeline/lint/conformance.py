"""conformance.csv: conditions that can be read, variables that are named where a check needs them."""

from __future__ import annotations

from collections.abc import Iterator

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
