"""LB: standard units, results below a limit, indicator (analysis plan 4.1 for the factors, clarification 16)."""

from pathlib import Path

import pandas as pd
import pytest
from small_study import NO_ELEMENTS, VISITS, grid

from sdtm.findings import gathered
from sdtm.lb import lb
from sdtm.units import in_standard_units

UNITS = pd.read_csv(Path(__file__).parents[2] / "specs" / "standard" / "units.csv", dtype="str")
NUMBERS = ["LBSTRESN", "LBSTNRLO", "LBSTNRHI"]
REFERENCE = grid("USUBJID | RFSTDTC | RFXSTDTC\nA | 2025-03-04 | 2025-03-04")
NO_MOVED = grid("USUBJID | VISITRAW | DTC | VISITNUM | VISIT")


def made_of(mapped, units):
    """LB of mapped records and the findings of their units."""
    numbers = {name: pd.to_numeric(mapped[name]) for name in NUMBERS}
    beside = {"LBSTRESC": pd.NA, "LBSTRESU": pd.NA, "_UNIT_FIELD": "LBORRESU", "_SUBJECT": mapped["USUBJID"].str[-4:]}
    beside["_LINE"] = range(2, len(mapped) + 2)
    frame = mapped.assign(**numbers, **beside).astype({"LBSTRESC": "str", "LBSTRESU": "str"})
    results, findings = in_standard_units(frame, "LB", units)
    none = pd.DataFrame()  # no ranges apart from results
    return lb(results, none, none, REFERENCE, VISITS, NO_MOVED, NO_ELEMENTS, units), gathered(findings)


def made(test, value, unit, low=".", high="."):
    """LB of one result, and its findings."""
    number = value if value.replace(".", "", 1).isdigit() else "."
    mapped = grid("USUBJID | LBSEQ | LBTESTCD | LBORRES | LBORRESU | LBSTRESN | LBSTNRLO | LBSTNRHI | LBDTC | VISIT | "
                  "_FORM | _RECORD\n"
                  f"A | 1 | {test} | {value} | {unit} | {number} | {low} | {high} | 2025-03-01 | SCREENING | LAB | 7")
    return made_of(mapped, UNITS)


def several(*results, units=UNITS):
    """LB and findings of results as TEST, value, unit, subject; the record number counts them."""
    rows = "\n".join(f"{who} | {n} | {t} | {v} | {u} | {v} | . | . | 2025-03-01 | SCREENING | LAB | {n}"
                     for n, (t, v, u, who) in enumerate(results, start=1))
    mapped = grid("USUBJID | LBSEQ | LBTESTCD | LBORRES | LBORRESU | LBSTRESN | LBSTNRLO | LBSTNRHI | LBDTC | VISIT | "
                  f"_FORM | _RECORD\n{rows}")
    return made_of(mapped, units)


def result(test, value, unit, low=".", high="."):
    """LBSTRESC, LBSTRESN, LBSTRESU and LBNRIND of one result."""
    row = made(test, value, unit, low, high)[0].iloc[0]
    return [None if pd.isna(row[n]) else row[n] for n in ("LBSTRESC", "LBSTRESN", "LBSTRESU", "LBNRIND")]


@pytest.mark.parametrize(("test", "value", "unit", "text", "number", "standard"), [
    ("HGB", "9.2", "g/dL", "92", 92.0, "g/L"),
    ("HGB", "92", "g/L", "92", 92.0, "g/L"),
    ("NEUT", "420", "10^6/L", "0.42", 0.42, "10^9/L"),
    ("NEUT", "0.42", "10^9/L", "0.42", 0.42, "10^9/L"),
    ("BILI", "1.0", "mg/dL", "17.1", 17.1, "umol/L"),
    ("CREAT", "1.5", "mg/dL", "132.6", 132.6, "umol/L"),
    ("FIBRINO", "50", "mg/dL", "0.5", 0.5, "g/L"),
    ("CRP", "0.3", "mg/dL", "3", 3.0, "mg/L"),
])  # fmt: skip
def test_results_are_in_the_standard_unit_of_the_test(test, value, unit, text, number, standard):
    assert result(test, value, unit)[:3] == [text, number, standard]


def test_a_result_below_a_limit_keeps_its_sign_and_has_no_number():
    assert result("NEUT", "<0.1", "10^9/L", low="1.8", high="7.7") == ["<0.1", None, "10^9/L", "LOW"]
    assert result("NEUT", "<100", "10^6/L", low="1800", high="7700") == ["<0.1", None, "10^9/L", "LOW"]


@pytest.mark.parametrize(("unit", "value"), [(".", "9.2"), ("10^9/L", "9.2")])
def test_a_result_without_a_usable_unit_has_no_standard_result(unit, value):
    assert result("HGB", value, unit, low="12", high="17") == [None, None, None, None]


@pytest.mark.parametrize(("value", "low", "high", "indicator"), [
    ("11.9", "12", "17", "LOW"), ("12", "12", "17", "NORMAL"), ("17", "12", "17", "NORMAL"),
    ("17.1", "12", "17", "HIGH"), ("17.1", "12", ".", "NORMAL"), ("12", ".", ".", None),
])  # fmt: skip
def test_the_limits_themselves_are_normal(value, low, high, indicator):
    assert result("HGB", value, "g/dL", low, high)[3] == indicator


# Same amount of the same substance in each line; factors by hand from molar masses (K 39.098, Na 22.990, creatinine
# 113.12, bilirubin 584.66, thyroxine 776.87 g/mol), 1 ukat = 60 U, and AMA's conversions for CRP, ferritin, fibrinogen.
@pytest.mark.parametrize(("test", "value", "unit", "number", "standard"), [
    ("PLAT", "0.15", "10^12/L", 150.0, "10^9/L"),
    ("PLAT", "150000", "10^6/L", 150.0, "10^9/L"),
    ("HGB", "5.7", "mmol/L", 91.85, "g/L"),
    ("ALT", "2", "ukat/L", 120.0, "U/L"), ("ALT", "2000", "nkat/L", 120.0, "U/L"), ("ALT", "120", "IU/L", 120.0, "U/L"),
    ("K", "4.1", "mEq/L", 4.1, "mmol/L"), ("K", "16.03", "mg/dL", 4.1, "mmol/L"),
    ("SODIUM", "322", "mg/dL", 140.06, "mmol/L"),
    ("CREAT", "11.312", "mg/L", 100.0, "umol/L"), ("CREAT", "0.1", "mmol/L", 100.0, "umol/L"),
    ("BILI", "10", "mg/L", 17.1, "umol/L"),
    ("FIBRINO", "10", "umol/L", 3.4, "g/L"), ("CRP", "100", "nmol/L", 10.5, "mg/L"),
    ("FERRITIN", "1000", "pmol/L", 445.0, "ug/L"), ("FERRITIN", "445", "ng/L", 0.445, "ug/L"),
    ("T4FR", "1.2", "ng/dL", 15.45, "pmol/L"), ("T4FR", "12", "ng/L", 15.45, "pmol/L"),
    ("INR", "1.1", ".", 1.1, "RATIO"),
])  # fmt: skip
def test_a_result_in_another_unit_is_the_same_amount(test, value, unit, number, standard):
    row = made(test, value, unit)[0].iloc[0]

    assert (pytest.approx(number, rel=2e-3), standard) == (row["LBSTRESN"], row["LBSTRESU"])


@pytest.mark.parametrize(("test", "value", "unit", "expected"), [
    ("HGB", "9.2", "10^9/L", [("SDTM-UNIT", "major", "7", "10^9/L")]),
    ("HGB", "9.2", ".", [("SDTM-UNIT", "major", "7", "")]),
    ("HGB", "<5", "furlong", [("SDTM-UNIT", "major", "7", "furlong")]),
    ("HGB", "9.2", "g/dL", []), ("HGB", "not done", ".", []), ("HGB", ".", "furlong", []),
])  # fmt: skip
def test_a_value_without_a_standard_result_is_reported(test, value, unit, expected):
    found = made(test, value, unit)[1]

    assert expected == list(zip(found["check"], found["severity"], found["record"], found["value"], strict=True))


def test_results_that_share_test_and_unit_are_one_finding_with_their_number_and_the_first_records():
    messages = several(*[("PLAT", "5", "x/L", "A")] * 5, *[("WBC", "5", "x/L", "A")] * 2)[1]["message"].tolist()

    assert [m[m.rindex("("):] for m in messages] == ["(5 records, first 1, 2, 3)", "(2 records, first 6, 7)"]


def test_a_result_without_a_standard_one_is_told_in_a_sentence_with_its_subject_and_cure():
    found = several(("HGB", "9", "furlong", "ST-0101"), (".", "9", ".", "ST-0102"))[1]

    end = "cannot be turned to its standard unit and count nowhere. Correct the unit, or add a row to units.csv: "
    assert found[["subject", "field", "value", "message"]].to_numpy().tolist() == [
        ["0101", "LBORRESU", "furlong", f"Results of HGB in 'furlong' {end}LB,HGB,furlong,STANDARD UNIT,FACTOR,,."],
        ["0102", "LBORRESU", "", f"Results of an unknown test without a unit {end}LB,an unknown test,,STANDARD UNIT,"
         "FACTOR,,."],
    ]  # fmt: skip


def test_standard_results_have_six_decimals_and_the_last_factor_of_a_unit_counts():
    units = grid("domain | test | from | to | factor | offset | decimals\n"
                 "LB | X | u | w | 5\nLB | X | u | v | 0.33333333\nLB | Y | u | w | 7")
    row = several(("X", "1", "u", "A"), units=units)[0].iloc[0]  # a study's own rows stand below the standard's

    assert row[["LBSTRESN", "LBSTRESC", "LBSTRESU"]].tolist() == [0.333333, "0.333333", "v"]
