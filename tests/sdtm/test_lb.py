"""LB: standard units, results below a limit, indicator (plan 4.1 for the factors, sap 16)."""

from pathlib import Path

import pandas as pd
import pytest
from small_study import VISITS, grid

from sdtm.lb import lb

UNITS = pd.read_csv(Path(__file__).parents[2] / "specs" / "standard" / "units.csv", dtype="str")
REFERENCE = grid("USUBJID | RFSTDTC | RFXSTDTC\nA | 2025-03-04 | 2025-03-04")


def result(test, value, unit, low=".", high="."):
    """LBSTRESC, LBSTRESN, LBSTRESU and LBNRIND of one result."""
    number = value if value.replace(".", "", 1).isdigit() else "."
    mapped = grid("USUBJID | LBSEQ | LBTESTCD | LBORRES | LBORRESU | LBSTRESN | LBSTNRLO | LBSTNRHI | LBDTC | VISIT\n"
                  f"A | 1 | {test} | {value} | {unit} | {number} | {low} | {high} | 2025-03-01 | SCREENING")
    row = lb(mapped, REFERENCE, UNITS, VISITS).iloc[0]
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
