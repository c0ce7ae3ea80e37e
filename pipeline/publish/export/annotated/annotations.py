"""Where each field of the eCRF goes in SDTM, as the mapping sheets and tables of tests say it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

import pandas as pd

from pipeline.ground.clauses import names
from pipeline.study.csv_text import load_table
from pipeline.study.specs import Specs

COLUMNS = ("FORM", "FIELD", "DATASET", "VARIABLE", "TEST", "WAY")
CODE = "_STD"
VALUE, CONDITION, RECORD = "value", "condition", "record"
STANDARD = ("STRESC", "STRESN", "STRESU")  # of a result: what is made of the one that was collected
Place: TypeAlias = "tuple[str, str]"


def annotated_fields(specs: Specs) -> pd.DataFrame:
    """One record per field and variable that holds it; TEST is the --TESTCD under which a result stands, '' otherwise.

    A qualifier stands in SUPP-- under its QNAM, a comment in CO. WAY says whether the variable takes its value, stands
    under a condition on it, or (without a variable) whether it decides over records.
    """
    rows = [row for domain in specs.mappings for row in _of_domain(specs, domain)]
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype="str").drop_duplicates(ignore_index=True)


def _of_domain(specs: Specs, domain: str) -> Iterator[tuple[str, ...]]:
    yield from _of_sheet(specs.mappings[domain], domain.upper())
    if domain in specs.tests:
        yield from _of_tests(specs.tests[domain], domain.upper())


def _of_sheet(path: Path, domain: str) -> Iterator[tuple[str, ...]]:
    """The fields that the rows of a mapping sheet take values from, or ask."""
    sheet = load_table(path).fillna("")
    named = sheet[(sheet["target"] == f"{domain}TESTCD") & (sheet["rule"] == "hardcode")]
    tests = {(form, block): test for form, block, test in named[["form", "block", "source"]].itertuples(index=False)}
    columns = ["form", "block", "target", "rule", "source", "where"]
    for form, block, target, rule, source, where in sheet[columns].itertuples(index=False):
        dataset, variable = placed(target, domain)
        test = tests.get((form, block), "") if variable.startswith(domain) and _is_result(variable[2:]) else ""
        way = VALUE if target and rule != "hardcode" else CONDITION if target else RECORD
        for word in () if rule == "hardcode" else source.split():
            yield form, word.removesuffix(CODE), dataset, variable, test, way
        for word in names(where) if where else ():
            yield form, word.removesuffix(CODE), dataset, variable, test, CONDITION if target else RECORD


def _of_tests(path: Path, domain: str) -> Iterator[tuple[str, ...]]:
    """The fields of a table of tests."""
    tests = load_table(path).fillna("")
    for form, field, test, unit in tests[["form", "field", "test", "unit"]].itertuples(index=False):
        yield form, field.removesuffix(CODE), domain, f"{domain}ORRES", test, VALUE
        if unit:
            yield form, unit, domain, f"{domain}ORRESU", test, VALUE


def placed(target: str, domain: str) -> Place:
    """The dataset and variable of a target of a sheet."""
    prefix, _, name = target.rpartition(".")
    return {"SUPP": f"SUPP{domain}", "CO": "CO"}.get(prefix, domain), name


def _is_result(name: str) -> bool:
    return name.startswith(("ORRES", "STRES"))


def shown(own: pd.DataFrame) -> list[tuple[str, str, str]]:
    """Of one field the variables that a reader is shown: those that hold its value, else that it decides, else records.

    What is made of a collected result stands not beside it.
    """
    way = next((way for way in (VALUE, CONDITION, RECORD) if (own["WAY"] == way).any()), VALUE)
    rows = own.loc[own["WAY"] == way, ["DATASET", "VARIABLE", "TEST"]].drop_duplicates().itertuples(index=False)
    told = [(str(dataset), str(variable), str(test)) for dataset, variable, test in rows]
    collected = {(dataset, test) for dataset, variable, test in told if variable.endswith("ORRES")}
    return [row for row in told if not (row[1].endswith(STANDARD) and (row[0], row[2]) in collected)]


def words(dataset: str, variable: str, test: str) -> str:
    """An annotation as reviewers write it (Metadata Submission Guidelines 2.0): AETERM, QVAL when QNAM = AESI."""
    if not variable:
        return f"records of {dataset}"
    if dataset.startswith("SUPP"):
        return f"QVAL in {dataset} when QNAM = {variable}"
    return f"{variable} when {dataset}TESTCD = {test}" if test else variable


def pages_of(annotated: pd.DataFrame, pages: Mapping[Place, int]) -> dict[Place, tuple[int, ...]]:
    """The pages of the annotated CRF by dataset and variable."""
    found: dict[Place, set[int]] = {}
    for form, field, place in _valued(annotated):
        if (form, field) in pages:
            found.setdefault(place, set()).add(pages[form, field])
    return {place: tuple(sorted(numbers)) for place, numbers in found.items()}


def of_transfers(annotated: pd.DataFrame, transfers: Collection[str]) -> frozenset[Place]:
    """The variables that hold values of vendors' transfers alone."""
    places = [(place, form in transfers) for form, _, place in _valued(annotated)]
    return frozenset({place for place, sent in places if sent} - {place for place, sent in places if not sent})


def _valued(annotated: pd.DataFrame) -> Iterator[tuple[str, str, Place]]:
    """Form, field, and the dataset and variable that takes its value."""
    told = annotated.loc[annotated["WAY"] == VALUE, ["FORM", "FIELD", "DATASET", "VARIABLE"]]
    for form, field, dataset, variable in told.itertuples(index=False):
        yield str(form), str(field), (str(dataset), str(variable))
