"""Checks of the gate and rules of the data cut: every clause against the fields and values there are."""

from __future__ import annotations

import difflib
import string
from collections import Counter
from collections.abc import Collection, Iterator
from pathlib import Path

import pandas as pd

from pipeline.gate.checks.catalogue import Check
from pipeline.ground.words import did_you_mean
from pipeline.lint import values
from pipeline.lint.places import ERROR, Grid, Problem
from pipeline.study.csv_text import load_sheet
from pipeline.study.specs import Specs
from pipeline.study.yaml_text import load_yaml, places

DEATH = "DEATH"


def check_clauses(declared: list[Check], specs: Specs, fields: dict[str, values.Fields], root: Path) -> list[Problem]:
    """Problems of the checks' clauses and messages, each where its check begins.

    A check that any study shares may name what this study does not collect; then it does not run, and says so.
    """
    problems = []
    for check in declared:
        slips = [*_message(check, fields), *_party(check, declared)]
        for form, clause in clauses_of(check):
            known = fields.get(form, {})
            told = values.slips(clause, known, specs.decisions, form) if known else ()
            slips += [(what, cure) for what, cure in told if not (check.shared and " has no variable " in what)]
        at = _place(check.path, check.id) if slips else (1, 1)
        name = str(check.path.relative_to(root))
        problems += [Problem(name, *at, ERROR, f"{check.id}: {what}", cure) for what, cure in slips]
    return problems


def _message(check: Check, fields: dict[str, values.Fields]) -> Iterator[values.Slip]:
    """A message names fields of its forms and words of its rule, and nothing inside them."""
    try:
        parts = list(string.Formatter().parse(check.message))
    except ValueError:
        yield f"the message {check.message!r} cannot be read", "a field stands in braces: {AETERM}"
        return
    known = {name for form in check.forms for name in fields.get(form, {})}
    for _, name, form, conversion in parts:
        if name is not None and (form or conversion or not name.isidentifier()):
            yield f"the message names '{{{name}}}'", "a field stands in braces, and nothing else: {AETERM}"
        elif name and known and name.isupper() and name not in known and not check.shared:
            yield f"the message names the unknown field {name}", did_you_mean(name, known)


def _party(check: Check, declared: list[Check]) -> Iterator[values.Slip]:
    """Who answers is misspelt when nobody else is called so and another name is nearly the same."""
    parties = Counter(one.responsible for one in declared)
    others = [name for name, count in parties.items() if count > 1]
    near = difflib.get_close_matches(check.responsible, others, 1, 0.8)
    if parties[check.responsible] == 1 and near:
        yield f"nobody else answers as '{check.responsible}'", f"did you mean {near[0]}?"


def clauses_of(check: Check) -> Iterator[tuple[str, str]]:
    """Every clause of a check with the form it is of: its own, its rule's `where`, and `{FORM: clause}` arguments."""
    yield from ((form, check.where) for form in check.forms if check.where)
    of = check.arguments.get("form", check.arguments.get("given", ""))
    form = str(of if isinstance(of, str) else "").partition(".")[0]
    where = check.arguments.get("where")
    if isinstance(where, str) and form:
        yield form, where
    evidence = check.arguments.get("evidence")
    for other, clause in evidence.items() if isinstance(evidence, dict) else ():
        if isinstance(clause, str):
            yield other, clause


def _place(path: Path, check: str) -> tuple[int, int]:
    numbers = [n for n, entry in enumerate(load_yaml(path) or []) if entry.get("id") == check]
    return places(path).get((numbers[0],), (1, 1)) if numbers else (1, 1)


def check_cut(specs: Specs, ct: pd.DataFrame, qualifiers: Collection[str], root: Path) -> list[Problem]:
    """Problems of the rules of the data cut: variables and clauses that their domain does not know."""
    path = specs.tables.get("cut")
    if path is None:
        return []
    sheet = load_sheet(path)
    rows = [(line, dict(zip(sheet.header, cells, strict=True))) for line, cells in sheet.rows]
    grid = Grid(str(path.relative_to(root)), sheet.header, rows, path.read_text(encoding="utf-8-sig").splitlines())
    found = grid.lacks("domain", "action", "variable", "date", "where", "value", "mark")
    return found or [problem for line, row in rows for problem in _cut_row(grid, line, row, specs, ct, qualifiers)]


def _cut_row(
    grid: Grid,
    line: int,
    row: dict[str, str],
    specs: Specs,
    ct: pd.DataFrame,
    qualifiers: Collection[str],
) -> Iterator[Problem]:
    spec = specs.datasets.get(row["domain"].lower())
    if spec is None:
        yield grid.problem(line, "domain", ERROR, f"there is no domain {row['domain']}", "see specs/standard/sdtm")
        return
    fields = values.of_dataset(spec.variables, ct)
    for column in ("variable", "date", "mark"):
        known = {*fields, *qualifiers, "", *([DEATH] if column == "date" else [])}
        if row[column] not in known:
            what = f"{row['domain']} has no variable {row[column]}"
            yield grid.problem(line, column, ERROR, what, did_you_mean(row[column], known))
    field = fields.get(row["variable"])
    if row["value"] and field and field.values is not None and row["value"] not in field.values:
        what = f"{row['variable']} never is '{row['value']}': the codelist {field.list} does not have it"
        yield grid.problem(line, "value", ERROR, what, did_you_mean(row["value"], field.values))
    for what, cure in values.slips(row["where"], fields, {}, row["domain"]):
        yield grid.problem(line, "where", ERROR, what, cure)
