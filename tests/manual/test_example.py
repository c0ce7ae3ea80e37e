"""The example of the manual runs, and gives what its eight subjects tell by hand.

Cells were infused in 01-001, 01-002, 01-003 (Part A) and 02-001, 02-002, 02-004 (Part B); 02-003 died before, 01-004
was not enrolled.
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


def test_best_response_grades_of_crs_and_times_are_those_of_the_forms(out):
    adrs, adcrs, adtte = (table(out, name, ["PARAMCD", "USUBJID"], *own) for name, own in
                          (("adrs", ["AVALC"]), ("adcrs", ["AVAL"]), ("adtte", ["AVAL", "CNSR"])))  # fmt: skip
    best = adrs.loc["BOR", "AVALC"].rename(lambda name: name[-6:]).to_dict()
    grade = adcrs.loc["CRSMAXGR", "AVAL"].rename(lambda name: name[-6:]).to_dict()
    pfs = {name[-6:]: (int(days), int(censored)) for name, days, censored in adtte.loc["PFS"].itertuples()}

    neutropenia = {code: adcrs.loc[code, "AVAL"].rename(lambda name: name[-6:]).to_dict()["01-001"]
                   for code in ("NEUMAXGR", "NEUDUR")}  # fmt: skip

    assert neutropenia == {"NEUMAXGR": 4, "NEUDUR": 16}  # days 5 to 20
    assert best == {"01-001": "CR", "01-002": "PR", "01-003": "SD", "02-001": "CR", "02-002": "CR", "02-004": "MISSING"}
    assert grade == {"01-001": 2, "01-002": 0, "01-003": 3, "02-001": 0, "02-002": 1, "02-004": 5}
    assert pfs == {  # the day of the infusion is day 1: an assessment on day 90 is at 91 days
        "01-001": (184, 4), "01-002": (91, 0), "01-003": (91, 0),
        "02-001": (91, 4), "02-002": (91, 4), "02-004": (21, 0),
    }  # fmt: skip


def test_weights_in_pounds_are_kilograms(out):
    weights = table(out, "adsl", "SUBJID", "WEIGHTBL")["WEIGHTBL"]

    assert weights["01-001"] == 82.5 and weights["02-001"] == pytest.approx(130 * 0.45359237)


def test_nothing_of_the_example_is_a_query_of_the_build(out):
    findings = pd.read_csv(out / "findings.csv")

    assert findings["check"].tolist() == []
