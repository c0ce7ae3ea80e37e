"""Every check of every study runs on empty forms and on forms of one record: nothing to find is no fault."""

from dataclasses import replace
from functools import cache

import pandas as pd
import pytest
from check_case import ROOT
from read_once import specs_of

from pipeline.gate.checks.catalogue import load_checks
from pipeline.gate.checks.engine import forms_of, run_over
from pipeline.intake.delivery import Delivery
from pipeline.intake.layout import contract_columns
from pipeline.intake.manifest import Manifest

STUDIES = ("iomab_act", "bsab12")
pytestmark = pytest.mark.slow
VALUES = {"integer": "1", "decimal": "1.5", "date": "2025-01-05", "time": "08:00"}


def cells(form, contract, columns, lists):
    """One record with a value in every column that fits its type, or with nothing but its keys."""
    row = {}
    for name, entry in columns.items():
        terms = lists.get(entry.codelist, [])
        row[name] = terms[0] if terms else VALUES.get(entry.type, "1")
    return row | {"_SUBJECT": "1010001", "_SITE": "101", "_FORM": form, "_FILE": f"{form}.csv", "_RECORD": "1"}


def forms(specs, contracts, records, filled):
    raw = {}
    for form, contract in contracts.items():
        columns = contract_columns(contract, "")
        row = cells(form, contract, columns, {})
        kept = row if filled else {name: value for name, value in row.items() if name.startswith("_")}
        frame = pd.DataFrame([kept] * records, columns=list(row), dtype="str")
        raw[form] = frame.assign(_LINE=pd.array(range(2, records + 2), dtype="int64"))
    delivery = Delivery(ROOT, {}, Manifest(extracted="2026-07-06T06:00:00Z", data_cutoff="2026-06-30"))
    return forms_of(raw, specs, delivery, contracts, {}, "")


@cache
def known(study):
    """A study's specs, its contracts and its checks."""
    specs = specs_of(study)
    contracts = specs.contracts
    return specs, contracts, load_checks(specs, contracts)


@pytest.mark.parametrize("study", STUDIES)
@pytest.mark.parametrize(
    ("records", "filled"),
    [(0, False), (1, False), (1, True), (2, True)],
    ids=["none", "blank", "one", "two"],
)
def test_every_check_runs(study, records, filled):
    specs, contracts, checks = known(study)

    _, coverage = run_over(forms(specs, contracts, records, filled), checks)

    assert [reason for reason in coverage["check"] + ": " + coverage["reason"] if "its rule failed" in reason] == []


@pytest.mark.parametrize("place", [0, 1])
def test_every_check_runs_where_every_other_form_is_empty(place):
    specs, contracts, checks = known("iomab_act")
    whole = forms(specs, contracts, 1, True)
    gone = sorted(contracts)[place::2]
    parsed = whole.parsed | {form: whole.parsed[form].iloc[:0] for form in gone}
    raw = whole.raw | {form: whole.raw[form].iloc[:0] for form in gone}

    _, coverage = run_over(replace(whole, raw=raw, parsed=parsed, places={}), checks)

    assert [reason for reason in coverage["check"] + ": " + coverage["reason"] if "its rule failed" in reason] == []
