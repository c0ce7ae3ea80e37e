"""Treatment periods: clauses that ask EX for what it never has, periods told alike, windows of no period."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from pipeline.ground.metadata import StudySettings
from pipeline.lint import values
from pipeline.lint.folder import Folder
from pipeline.lint.places import ERROR, Document, Grid, Problem, read_grid
from pipeline.study.settings import settings_of
from pipeline.study.specs import Specs

PERIOD = "PERIOD"
QUALIFIER = "SUPP."
CONSTANT, CODED = "hardcode", "assign_ct"


def check_periods(document: Document, specs: Specs, sheet: Grid | None, ct: pd.DataFrame) -> Iterator[Problem]:
    """Problems of the periods of study.yaml; `sheet` is the mapping sheet of EX."""
    periods = settings_of(document.content).periods
    fields = treatment_fields(specs, sheet, ct)
    for number, period in enumerate(periods):
        where = ("periods", number, "where")
        for what, cure in values.slips(period.where, fields, {}, "EX"):
            yield document.problem(where, ERROR, what, cure)
        for word in ("label", "where"):
            before = [one for one in periods[:number] if getattr(one, word) == getattr(period, word)]
            if before:
                what = f"periods {periods.index(before[0]) + 1} and {number + 1} have the same {word}"
                cure = "tell them apart, else the first has all"
                yield document.problem(("periods", number, word), ERROR, what, cure)


def treatment_fields(specs: Specs, sheet: Grid | None, ct: pd.DataFrame) -> dict[str, values.ClauseField]:
    """The variables of EX and the qualifiers that its sheet makes, with the values that they can have where told."""
    variables = specs.datasets["ex"].variables if "ex" in specs.datasets else ()
    fields = values.of_spec(specs.datasets["ex"], ct) if "ex" in specs.datasets else {}
    rows = [row for _, row in sheet.rows if {"target", "rule", "source"} <= set(row)] if sheet else []
    targets: dict[str, list[Mapping[str, str]]] = {}
    for row in rows:
        targets.setdefault(row["target"].removeprefix(QUALIFIER), []).append(row)
    told = {row["target"].removeprefix(QUALIFIER) for row in rows if row["target"].startswith(QUALIFIER)}
    fields |= {name: values.ClauseField() for name in told}
    lists = {variable.name: variable.codelist for variable in variables}
    for name in set(fields) & set(targets):
        found = _values(targets[name], set(ct.loc[ct["codelist"] == lists.get(name, ""), "submission"]))
        if found and fields[name].kind == "text":
            fields[name] = values.ClauseField("text", frozenset(found), "mapping/ex.csv")
    return fields


def _values(rows: list[Mapping[str, str]], terms: set[str]) -> set[str]:
    """The values that rows of a mapping sheet can give; none where a rule could give any."""
    rules = {row["rule"] for row in rows}
    if not rules <= {CONSTANT, CODED}:
        return set()
    return {row["source"] for row in rows if row["rule"] == CONSTANT} | (terms if CODED in rules else set())


def check_windows(grid: Grid, study: StudySettings) -> Iterator[Problem]:
    """Visits of a period that the study does not have."""
    numbers = [str(number) for number in range(1, len(study.periods) + 1)]
    for line, row in grid.rows:
        if row.get(PERIOD, "") not in ("", *numbers):
            what = f"{row['VISIT']} is of the period '{row[PERIOD]}', which study.yaml does not have"
            cure = f"one of {', '.join(numbers)}" if numbers else "name `periods:` in study.yaml, or leave it empty"
            yield grid.problem(line, PERIOD, ERROR, what, cure)


def treatments(folder: Folder, specs: Specs, ct: pd.DataFrame) -> tuple[set[str], set[str]]:
    """The treatments that records of EX can have (none where that is not known), and the constants among them."""
    grid = read_grid(specs.mappings["ex"], folder.name(specs.mappings["ex"])) if "ex" in specs.mappings else None
    rows = [row for _, row in grid.rows if row.get("target") == "EXTRT"] if isinstance(grid, Grid) else []
    constants = {row["source"] for row in rows if row.get("rule") == CONSTANT}
    rules = {row.get("rule") for row in rows}
    terms = set(ct.loc[ct["codelist"] == "EXTRT", "submission"]) if CODED in rules else set()
    return constants | terms if rules <= {CONSTANT, CODED} else set(), constants
