"""Units as a delivery writes them, beside the study's list of them."""

from pathlib import Path

import pandas as pd
import pytest

from pipeline.gate.field_checks import check_fields
from pipeline.gate.units import unit_findings
from pipeline.ground.queries import gather, ordered
from pipeline.study.contracts import contract_of
from pipeline.study.specs import load_specs

LISTS = pd.DataFrame([["LBUNIT", unit, unit] for unit in ("10^9/L", "10^3/uL", "g/L", "G/L", "umol/L")]
                     + [["SEX", "M", "Male"], ["SEX", "F", "Female"]],
                     columns=["CODELIST", "CODED_VALUE", "DECODE"])  # fmt: skip


def found(units, codes=None, codelist="LBUNIT"):
    """Check, record and value of the findings of a coded field."""
    records = pd.DataFrame({"U": units, "_FORM": "LAB", "_RECORD": [str(n) for n in range(1, len(units) + 1)],
                            "_SUBJECT": "1010001"}, dtype="str")  # fmt: skip
    if codes:
        records["U_STD"] = pd.Series(codes, dtype="str")
    contract = contract_of({"form": "LAB", "fields": {"U": {"type": "coded", "codelist": codelist}}})
    findings = check_fields(records, contract, LISTS)
    return list(zip(findings["check"], findings["record"], findings["value"], strict=True))


@pytest.mark.parametrize("unit", ["10⁹/L", "x10^9/L", "10^3/µL", "10*3/ul", "µmol/l", "UMOL/L", "g/L", "G/L"])
def test_another_spelling_of_a_listed_unit_is_no_query(unit):
    assert found([unit]) == []
    assert found([unit], [unit]) == []


def test_a_unit_that_is_not_listed_is_one_query_for_all_its_records():
    assert found(["mg/L"] * 3 + ["g/L"]) == [("RAW-CODELIST", "", "mg/L")]
    assert found(["g/L"] * 3 + ["mg/L"]) == [("RAW-CODELIST", "4", "mg/L")]
    assert [("RAW-CODELIST", str(n), "X") for n in (1, 2)] == found(["X", "X", "male"], codelist="SEX")


@pytest.mark.parametrize(("text", "code", "expected"), [
    ("G/L", "G/L", []), ("g/L", "g/L", []), ("G/L", "g/L", [("RAW-DECODE", "1", "G/L")]),
    ("male", "M", []), ("Female", "M", [("RAW-DECODE", "1", "Female")]), ("Mann", "M", [("RAW-DECODE", "1", "Mann")]),
])  # fmt: skip
def test_text_and_code_are_compared_by_case_only_where_the_list_tells_by_it(text, code, expected):
    assert expected == found([text], [code], "SEX" if code == "M" else "LBUNIT")


def test_what_the_gate_asked_of_a_unit_is_not_asked_again_by_the_mapping_but_another_unit_is():
    at = {"severity": "major", "form": "LAB", "field": "U", "subject": "", "record": "", "message": ""}
    rows = [at | {"check": "RAW-CODELIST", "value": "x"}, at | {"check": "SDTM-CT", "value": "x"},
            at | {"check": "SDTM-CT", "value": "y"}]  # fmt: skip

    left = ordered(gather([rows]))

    assert list(zip(left["check"], left["value"], strict=True)) == [("RAW-CODELIST", "x"), ("SDTM-CT", "y")]


def asked(*results, before=()):
    """Field, value and the last words of what the gate asks of local laboratory results (test, result, unit)."""
    records = pd.DataFrame(results, columns=["LBTEST_STD", "LBORRES", "LBORRESU_STD"], dtype="str")
    records = records.assign(LBTEST=records["LBTEST_STD"], LBORRESU=records["LBORRESU_STD"], _FORM="LBL",
                             _RECORD=[str(n) for n in range(1, len(records) + 1)], _SUBJECT="1")  # fmt: skip
    specs = load_specs(Path(__file__).parents[2], "iomab_act")
    findings = unit_findings({"LBL": records}, specs, gather([list(before)]))
    return list(zip(findings["check"], findings["record"], findings["field"], findings["value"], strict=True))


@pytest.mark.parametrize(("results", "expected"), [
    ([("HGB", "9.2", "g/dL"), ("PLAT", "150", "G/L"), ("NEUT", "<0.1", "10⁹/L")], []),
    ([("PLAT", "150", "g/L")] * 3 + [("HGB", "92", "g/L")], [("RAW-UNIT", "", "LBORRESU", "g/L")]),
    ([("HGB", "<5", "furlong")], [("RAW-UNIT", "1", "LBORRESU", "furlong")]),
    ([("{HGB}", "5", "furlong")], []),  # the only unit there is of a test that nobody gives a standard one
    ([("{HGB}", "5", "furlong"), ("{HGB}", "6", "ell")],
     [("RAW-UNIT", "2", "LBORRESU", "ell"), ("RAW-UNIT", "1", "LBORRESU", "furlong")]),
    ([("HGB", "5", None), ("HGB", "not done", "furlong"), ("HGB", None, "furlong")], []),
])  # fmt: skip
def test_results_that_cannot_be_turned_to_the_standard_unit_are_asked_for_at_the_gate(results, expected):
    assert expected == asked(*results)


def test_what_the_gate_asked_of_a_unit_is_not_asked_again_by_the_derivation():
    at = {"severity": "major", "form": "LBL", "subject": "", "record": "", "message": ""}
    rows = [at | {"check": "RAW-UNIT", "field": "UNITS", "value": "x"}]
    rows += [at | {"check": "SDTM-UNIT", "field": "LBORRESU", "value": value} for value in ("x", "y")]

    assert ordered(gather([rows]))["value"].tolist() == ["x", "y"]


def test_a_unit_that_is_not_in_the_list_is_asked_for_once():
    listed = {"check": "RAW-CODELIST", "form": "LBL", "field": "LBORRESU", "value": "furlong"}

    assert asked(("HGB", "5", "furlong"), before=[listed]) == []
