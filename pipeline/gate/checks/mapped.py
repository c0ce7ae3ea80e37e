"""What the mapping of a study says of a domain: the rows of its sheet and its tests, as one list."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from pipeline.ground import clauses
from pipeline.ground.faults import TrialError
from pipeline.ground.words import did_you_mean
from pipeline.study.csv_text import load_table
from pipeline.study.specs import Specs
from sdtm.mapping.sheet import COLUMNS, EVERY, column

CONSTANT, CODED = "hardcode", "_STD"
CHOOSING = TAKEN, LEFT_OUT = ("coded_as", "not_coded_as")
LINKED = "link_id"  # a word with the fields right behind it


class LackingError(Exception):
    """Why a check cannot be written out for a form."""


class SheetRow(NamedTuple):
    """A row of a mapping sheet, or a test of its table as one (target: the test; its unit, or the field of it)."""

    form: str
    block: str
    target: str
    rule: str
    words: tuple[str, ...]
    where: str
    test: bool = False
    unit: str = ""


def sheet_rows(specs: Specs, domain: str) -> list[SheetRow]:
    """The rows of a domain's sheet and of its tests, of forms that the study has. Raises TrialError."""
    name = domain.lower()
    sheet = load_table(specs.mappings[name])
    for lost in [one for one in COLUMNS if one not in sheet]:
        what = f"The mapping sheet lacks the column {lost}."
        raise TrialError(what, f"{specs.mappings[name]}, line 1, column 1", did_you_mean(lost, sheet))
    told = sheet.assign(target=sheet["target"].map(column), source=sheet["source"].str.split())
    rows = [SheetRow(form, block, target, rule, tuple(words), where)
            for form, block, target, rule, words, where in told[[*COLUMNS]].itertuples(index=False)]
    for r in load_table(specs.tests[name]).to_dict("records") if name in specs.tests else []:
        rule, words = ("lookup", (r["field"], r["list"])) if r["list"] else ("assign", (r["field"],))
        rows.append(SheetRow(r["form"], EVERY, r["test"], rule, words, "", True, r["unit"]))
    rows += [test for row in rows if row.target == f"{domain}TESTCD" for test in _as_tests(row, rows, domain)]
    return [row for row in rows if row.form in specs.contracts]


def factors_of(specs: Specs, ct: pd.DataFrame, rows: list[SheetRow], domain: str, test: str) -> dict[str, str]:
    """The factors to the standard unit of a test, by unit as collected; "" is its unit, or the field that holds it."""
    said = next((row.unit for row in rows if row.test and row.target == test), "")
    table = pd.concat([load_table(path) for path in specs.table_files("units")], ignore_index=True)
    own = table[(table["domain"] == domain) & (table["test"] == test) & table["offset"].fillna("").eq("")]
    factors = dict(zip(own["from"], own["factor"], strict=True))
    variable = specs.datasets[domain.lower()].by_name.get(f"{domain}STRESU")
    spelt = ct[ct["codelist"].eq(variable.codelist if variable else "") & ct["submission"].isin(factors)]
    pairs = zip(spelt["collected"], spelt["submission"], strict=True)
    return {text: factors[unit] for text, unit in pairs if text} | factors | {"": said}


def _as_tests(row: SheetRow, rows: list[SheetRow], domain: str) -> list[SheetRow]:
    """The result of a block whose test is a constant, as rows of that test: as a table of tests would say it."""
    if row.rule != CONSTANT:
        return []
    own = [one for one in rows if (one.form, one.block) == (row.form, row.block)]
    results = [[one for one in own if one.target == f"{domain}{name}"] for name in ("STRESC", "ORRES")]
    return [one._replace(target=row.words[0]) for one in results[0] or results[1]]


def field_of(variable: str, rows: list[SheetRow], domain: str) -> str:
    """The field that fills a variable; of one that is said under a condition, or as what it is, the field of that."""
    own = [row for row in rows if row.target == variable]
    fields = [row.words[row.rule == LINKED] for row in own if row.rule != CONSTANT and row.words]
    fields += [name.removesuffix(CODED) for row in own for name in clauses.names(row.where) if row.rule == CONSTANT]
    fields += [row.words[0].removesuffix(CODED) for row in rows if own and not row.target and row.rule in CHOOSING]
    fields = [one for one in fields if "." not in one]  # what a link brings stands in another form
    if not fields:
        sheet = f"mapping/{domain.lower()}.csv"
        raise LackingError(f"the study does not collect {domain}.{variable}: no row of {sheet} takes it from a field")
    return fields[0]
