"""Tables of tests (mapping/fa_tests.csv): every row by the rules of the build, tests and units by their codelists."""

from __future__ import annotations

import pandas as pd

from pipeline.ground.faults import TrialError
from pipeline.ground.metadata import DatasetSpec
from pipeline.ground.words import did_you_mean
from pipeline.lint.places import ERROR, Grid, Problem
from sdtm.mapping.long_form import COLUMNS, RESULTS, rows_of_test
from sdtm.mapping.sheet import Known, MappingRow, check_row

# The columns of a mapping sheet by those of a table of tests, for the place of a problem.
AS_IN_SHEET = {"form": "form", "field": "source", "test": "target", "list": "list", "unit": "unit", "result": "result"}


def check_tests(grid: Grid, domain: str, spec: DatasetSpec, known: Known, ct: pd.DataFrame) -> list[Problem]:
    """Problems of one table of tests."""
    problems = grid.lacks(*COLUMNS)
    if problems:
        return problems
    codelists = {variable.name: variable.codelist for variable in spec.variables}
    of = {"test": f"{domain.upper()}TESTCD", "unit": f"{domain.upper()}STRESU"}
    lists = {column: codelists.get(name, "") for column, name in of.items()}
    terms = {name: ct.loc[ct["codelist"] == name, "submission"].tolist() for name in lists.values() if name}
    for line, row in grid.rows:
        of_field = row["unit"] in known.fields.get(row["form"], ())  # its values are held to the list, not its name
        said = row | {"unit": ""} if of_field else row
        problems += _row(grid, line, row, domain, known) or _listed(grid, line, said, lists, terms)
    return problems + _twice(grid)


def written_out(grid: Grid, domain: str, known: Known) -> Grid:
    """The table as rows of a mapping sheet, each with the line of its test; tests that cannot be written out are not.

    A problem in a cell of these rows is shown in the cell of the table that it was made of.
    """
    rows = [
        (line, {"form": row["form"], "block": row["test"], "target": made.target, "rule": made.rule,
                "source": " ".join(made.words), "where": ""})
        for line, row in grid.rows if row.get("result") in RESULTS
        for made in _made(row, domain, known, line, grid.name)
    ]  # fmt: skip
    return Grid(grid.name, [AS_IN_SHEET.get(name, name) for name in grid.header], rows, grid.lines)


def check_beside(sheet: Grid, written: Grid) -> list[Problem]:
    """Targets of a test that a row of the mapping sheet, in the block of its name, makes for all records too."""
    rows = [(line, row) for line, row in sheet.rows if row["form"] and not row["where"]]
    made = {(row["form"], row["block"], row["target"]): line for line, row in rows}
    problems = []
    for line, row in written.rows:
        before = made.get((row["form"], row["block"], row["target"]))
        if before:
            what = f"{row['target'] or 'the choice of records'} of {row['form']} {row['block']} stands in {sheet.name}"
            problems.append(written.problem(line, "target", ERROR, f"{what}, line {before} too", "keep one of them"))
    return problems


def _made(row: dict[str, str], domain: str, known: Known, line: int, file: str) -> list[MappingRow]:
    try:
        return rows_of_test(row, domain.upper(), known, line, file)
    except TrialError:
        return []  # told by check_tests


def _row(grid: Grid, line: int, row: dict[str, str], domain: str, known: Known) -> list[Problem]:
    """The first thing that keeps a test from being written out as rows of a sheet."""
    try:
        for made in rows_of_test(row, domain.upper(), known, line, grid.name):
            check_row(made, known)
    except TrialError as error:
        what = error.what.rstrip(".")
        what = what if what.startswith(row["form"] or " ") else what[:1].lower() + what[1:]
        return [grid.problem(line, _column(what), ERROR, what, error.cure)]
    return []


def _column(what: str) -> str:
    """The cell that a message speaks of."""
    told = {"unknown form": "form", "unknown result": "result", "unknown codelist": "list", "has no list": "list",
            "names no test": "test", "the target": "result"}  # fmt: skip
    return next((column for words, column in told.items() if words in what), "field")


def _listed(
    grid: Grid, line: int, row: dict[str, str], lists: dict[str, str], terms: dict[str, list[str]]
) -> list[Problem]:
    """Tests and units that the codelist of their variable does not have."""
    problems = []
    for column, codelist in lists.items():
        if codelist and row[column] and row[column] not in terms[codelist]:
            near = did_you_mean(row[column], terms[codelist])
            cure = near if near.startswith("did") else f"add it to the study's codelists.csv, list {codelist}"
            what = f"the {column} '{row[column]}' is not in the codelist {codelist}"
            problems.append(grid.problem(line, column, ERROR, what, cure))
    return problems


def _twice(grid: Grid) -> list[Problem]:
    """A test of a form that stands on two lines would be made of the entries of both fields."""
    seen: dict[tuple[str, str], int] = {}
    problems = []
    for line, row in grid.rows:
        before = seen.setdefault((row["form"], row["test"]), line)
        if before != line:
            what = f"the test {row['test']} of {row['form']} stands on line {before} too"
            problems.append(grid.problem(line, "test", ERROR, what, "keep one of them"))
    return problems
