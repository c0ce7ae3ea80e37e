"""The example of the manual runs, and gives what its eight subjects tell by hand.

Cells were infused in 01-001, 01-002, 01-003 (Part A, level 1) and 02-001, 02-002, 02-004 (Part B, level 2); 02-003 died
before, 01-004 was not enrolled. 01-003 was treated again after progression.
"""

from pathlib import Path

import pandas as pd
import pytest

from pipeline.manual.example import NAME, lay_out
from pipeline.publish.build import Request, run

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    place = tmp_path_factory.mktemp("example")
    lay_out(ROOT, place)
    assert run(Request(root=str(place), study=NAME, out=str(place / "out"), quiet=True)) == 0
    return place / "out"


def table(out, name, index, *columns):
    frame = pd.read_parquet(out / "adam" / f"{name}.parquet").set_index(index)
    return frame[list(columns)]


def test_the_sets_are_those_of_the_subjects(out):
    adsl = table(out, "adsl", "SUBJID", "ENRLFL", "ITTFL", "SAFFL", "INFFL", "EASFL", "DLTEVLFL", "DLTEVLRS")

    assert adsl.fillna("").agg(" ".join, axis=1).to_dict() == {
        "01-001": "Y Y Y Y Y Y COMPLETE", "01-002": "Y Y Y Y Y Y COMPLETE", "01-003": "Y Y Y Y Y Y DLT",
        "01-004": "N N N N N N NOT PART A", "02-001": "Y Y Y Y Y N NOT PART A", "02-002": "Y Y Y Y Y N NOT PART A",
        "02-003": "Y Y N N N N NOT PART A", "02-004": "Y Y Y Y N N NOT PART A",
    }  # fmt: skip


def values(out, name, code, variable, period=1):
    """What a parameter says of each subject in a treatment period."""
    frame = pd.read_parquet(out / "adam" / f"{name}.parquet")
    frame = frame[(frame["PARAMCD"] == code) & (frame["APERIOD"] == period)]
    return {subject[-6:]: value for subject, value in zip(frame["USUBJID"], frame[variable], strict=True)}


def test_best_response_grades_and_times_are_those_of_the_forms(out):
    assert values(out, "adrs", "BOR", "AVALC") == {
        "01-001": "CR", "01-002": "PR", "01-003": "SD", "02-001": "CR", "02-002": "CR", "02-004": "MISSING",
    }  # fmt: skip
    assert values(out, "adcrs", "CRSMAXGR", "AVAL") == {
        "01-001": 2, "01-002": 0, "01-003": 3, "02-001": 0, "02-002": 1, "02-004": 5,
    }  # fmt: skip
    assert values(out, "adtte", "PFS", "AVAL") == {  # the infusion is day 1: an assessment on day 90 is at 91 days
        "01-001": 184, "01-002": 91, "01-003": 91, "02-001": 91, "02-002": 91, "02-004": 21,
    }  # fmt: skip
    assert values(out, "adtte", "PFS", "CNSR") == {
        "01-001": 4, "01-002": 0, "01-003": 0, "02-001": 4, "02-002": 4, "02-004": 0,
    }  # fmt: skip
    neutropenia = [values(out, "adcrs", code, "AVAL")["01-001"] for code in ("NEUMAXGR", "NEUDUR")]
    assert neutropenia == [4, 16]  # days 5 to 20


def test_a_drug_is_of_the_event_that_its_number_points_to(out):
    relrec = pd.read_parquet(out / "sdtm" / "relrec.parquet")
    given = values(out, "adcrs", "CRSTOCI", "AVALC")

    assert sorted(name for name, answer in given.items() if answer == "Y") == ["01-001", "01-003", "02-004"]
    of_subjects = relrec[relrec["USUBJID"].notna()]  # PC and PP are related as datasets
    assert set(of_subjects["RDOMAIN"]) == {"AE", "CM"}


def test_an_endpoint_of_its_own_is_what_its_situations_say(out):
    """01-002 and 01-003 progressed on day 90, 02-004 died on day 20; the others were in response when last assessed."""
    assert values(out, "adtte", "EFS", "AVAL") == {
        "01-001": 184, "01-002": 91, "01-003": 91, "02-001": 91, "02-002": 91, "02-004": 21,
    }  # fmt: skip
    assert values(out, "adtte", "EFS", "EVNTDESC") == {
        "01-001": "Alive without progression", "01-002": "Disease progression", "01-003": "Disease progression",
        "02-001": "Alive without progression", "02-002": "Alive without progression", "02-004": "Death",
    }  # fmt: skip


def test_a_second_treatment_has_values_of_its_own(out):
    assert values(out, "adrs", "BOR", "AVALC", period=2) == {"01-003": "CR"}
    assert values(out, "adcrs", "CRSMAXGR", "AVAL", period=2) == {"01-003": 1}
    assert values(out, "adcrs", "CRSONS", "AVAL", period=2) == {"01-003": 3}  # the third day of the second Day 0


def test_levels_are_those_assigned_and_those_of_the_dose(out):
    levels = table(out, "adsl", "SUBJID", "DOSELVLP", "DOSELVLA", "DOSLVLAC")

    assert levels.loc["01-002"].tolist() == [1, 1, "DL1"]
    assert levels.loc["02-003"].tolist() == [2, 2, "DL2"]  # never infused: the level assigned


def test_weights_in_pounds_are_kilograms(out):
    """130 lbs x 0.45359237 = 58.967 kg, of which baseline.yaml keeps one decimal."""
    weights = table(out, "adsl", "SUBJID", "WEIGHTBL")["WEIGHTBL"]

    assert (weights["01-001"], weights["02-001"]) == (82.5, 59.0)


def test_nothing_of_the_example_is_a_query_of_the_build(out):
    findings = pd.read_csv(out / "findings.csv")

    assert findings["check"].tolist() == []
