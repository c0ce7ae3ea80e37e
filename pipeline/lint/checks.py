"""Checks of the gate and rules of the data cut: every clause against the fields and values there are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.gate.checks.catalogue import Check, load_checks
from pipeline.lint import values
from pipeline.lint.places import ERROR, Grid, Problem
from pipeline.study.csv_text import load_sheet
from pipeline.study.specs import Specs
from pipeline.study.yaml_text import load_yaml, places


def check_clauses(specs: Specs, fields: dict[str, values.Fields], root: Path) -> list[Problem]:
    """Problems of the checks' clauses, each where its check begins. Raises TrialError as the gate does.

    A check that any study shares may name what this study does not collect; then it does not run, and says so.
    """
    found = []
    contracts = {form: specs.raw_contract(form) for form in specs.raw}
    for check in load_checks(specs, contracts):
        for form, clause in clauses_of(check):
            known = fields.get(form, {})
            for what, cure in values.slips(clause, known, specs.decisions, form) if known else ():
                if not (check.shared and " has no variable " in what):
                    line, column = _place(check.path, check.id)
                    name = str(check.path.relative_to(root))
                    found.append(Problem(name, line, column, ERROR, f"{check.id}: {what}", cure))
    return found


def clauses_of(check: Check) -> Iterator[tuple[str, str]]:
    """Every clause of a check with the form it is of: its own, its rule's `where`, and `{FORM: clause}` arguments."""
    yield from ((form, check.where) for form in check.forms if check.where)
    of = check.arguments.get("form", check.arguments.get("given", ""))
    form = str(of if isinstance(of, str) else "").partition(".")[0]
    if isinstance(check.arguments.get("where"), str) and form:
        yield form, check.arguments["where"]
    evidence = check.arguments.get("evidence")
    for other, clause in evidence.items() if isinstance(evidence, dict) else ():
        if isinstance(clause, str):
            yield other, clause


def _place(path: Path, check: str) -> tuple[int, int]:
    numbers = [n for n, entry in enumerate(load_yaml(path) or []) if entry.get("id") == check]
    return places(path).get((numbers[0],), (1, 1)) if numbers else (1, 1)


def check_cut(specs: Specs, ct: pd.DataFrame, root: Path) -> list[Problem]:
    """Problems of the rules of the data cut: variables and clauses that their domain does not know."""
    path = specs.tables.get("cut")
    if path is None:
        return []
    sheet = load_sheet(path)
    rows = [(line, dict(zip(sheet.header, cells, strict=True))) for line, cells in sheet.rows]
    grid = Grid(str(path.relative_to(root)), sheet.header, rows, path.read_text(encoding="utf-8-sig").splitlines())
    found = grid.lacks("domain", "action", "variable", "date", "where", "value", "mark")
    return found or [problem for line, row in rows for problem in _cut_row(grid, line, row, specs, ct)]


def _cut_row(grid: Grid, line: int, row: dict[str, Any], specs: Specs, ct: pd.DataFrame) -> Iterator[Problem]:
    spec = specs.datasets.get(row["domain"].lower())
    if spec is None:
        yield grid.problem(line, "domain", ERROR, f"there is no domain {row['domain']}", "see specs/standard/sdtm")
        return
    fields = values.of_dataset(spec.variables, ct)
    for what, cure in values.slips(row["where"], fields, {}, row["domain"]):
        yield grid.problem(line, "where", ERROR, what, cure)
