"""What was given (ADEX): infusions of a split dose, bags of a day, doses by weight and of what was planned."""

import pytest
from tables import as_text, conformed, given, shown, supp

from adam.adex import adex
from adam.course.dosing import dosing
from pipeline.ground.course import DoseParameter
from pipeline.ground.metadata import DoseLevel, StudySettings, Treatment

EX = "USUBJID | EXSEQ | EXCAT | EXTRT | EXDOSE | EXDOSU | EXSTDTC | EXENDTC"
# A: 30 % on the first day, the rest on the second, in two bags. B: one bag of a product given per kg. C: the second
# infusion was planned and not given. D: two products. E: two
# bags, planned on the first alone.
ROWS = """
    A | 1 | CELLS        | CAR   | 30  | 10^6    | 2025-03-10T10:00 | 2025-03-10T10:25
    A | 2 | CELLS        | CAR   | 40  | 10^6    | 2025-03-11T09:00 | 2025-03-11T09:15
    A | 3 | CELLS        | CAR   | 26  | 10^6    | 2025-03-11T09:20 | 2025-03-11T09:31
    A | 4 | CONDITIONING | FLU   | 50  | mg      | 2025-03-05       | 2025-03-05
    B | 1 | CELLS        | CAR   | 1.5 | 10^6/kg | 2025-03-10T10:00 | 2025-03-10
    C | 1 | CELLS        | CAR   | 30  | 10^6    | 2025-03-10       | .
    C | 2 | CELLS        | CAR   | 0   | 10^6    | 2025-03-11       | .
    D | 1 | CELLS        | CAR   | 30  | 10^6    | 2025-03-10       | .
    D | 2 | CELLS        | OTHER | 20  | 10^6    | 2025-03-12       | .
"""
BAGS = """
    E | 1 | CELLS        | CAR   | 50  | 10^6    | 2025-03-10       | .
    E | 2 | CELLS        | CAR   | 30  | 10^6    | 2025-03-10       | .
"""
# What is planned for an infusion may stand on each of its bags (A), or on one.
PLANNED = (
    "USUBJID SEQ QNAM QVAL\nA 1 PLAN 24\nA 2 PLAN 56\nA 3 PLAN 56\nC 1 PLAN 24\nC 2 PLAN 56\nB 1 PLAN 2\nE 1 PLAN 100"
)
SUBJECTS = """
    USUBJID | CARTSDT    | DOSELVLA
    A       | 2025-03-10 | 1
    B       | 2025-03-10 | 2
    C       | 2025-03-10 | 1
    D       | 2025-03-10 | .
    E       | 2025-03-10 | 2
"""
LEVELS = {"1": DoseLevel("DL1", 48.0), "2": DoseLevel("DL2", 160.0)}
STUDY = StudySettings(treatments={"cells": Treatment(planned={"dose": "40"})}, levels=LEVELS)


def measured(measure, rows=ROWS, **words):
    """The parameter of that measure: the value by subject and product, as text; . for none."""
    ex, planned = given("ex", f"{EX}\n{rows}"), supp("EX", "EXSEQ", PLANNED)
    weights = given("baseline", "USUBJID WEIGHTBL\nA 80\nB 80\nC .\nD 50")
    one = DoseParameter("CODE", "Label", words.pop("role", "cells"), measure, **words)
    dosed = conformed("dosing", dosing(ex, planned, STUDY)[0])
    made = adex(dosed, ex, planned, given("subjects", SUBJECTS), weights, (one,), STUDY, 1)
    return dict(zip(made["USUBJID"] + " " + made["EXTRT"], as_text(made["AVAL"]), strict=True))


@pytest.mark.parametrize(("words", "expected"), [
    ({}, {"A CAR": "96", "B CAR": "1.5", "C CAR": "30", "D CAR": "30", "D OTHER": "20"}),
    ({"infusion": 1}, {"A CAR": "30", "B CAR": "1.5", "C CAR": "30", "D CAR": "30"}),
    ({"infusion": 2}, {"A CAR": "66", "D OTHER": "20"}),
    ({"where": 'EXTRT == "OTHER"'}, {"D OTHER": "20"}),
    ({"role": "conditioning"}, {"A FLU": "50"}),
    ({"weight": "WEIGHTBL"}, {"A CAR": "1.2", "B CAR": "1.5", "C CAR": ".", "D CAR": "0.6", "D OTHER": "0.4"}),
])  # fmt: skip
def test_doses_of_a_product_are_added_by_infusion_and_weight_never_over_products(words, expected):
    assert measured("dose", **words) == expected


@pytest.mark.parametrize(("words", "expected"), [
    # planned for both infusions, also after one dose: 100 x 96 / 80, 100 x 30 / 80
    ({"planned": "PLAN"}, {"A CAR": "120", "B CAR": "75", "C CAR": "37.5", "D CAR": ".", "D OTHER": "."}),
    ({"planned": "PLAN", "infusion": 1}, {"A CAR": "37.5", "B CAR": "75", "C CAR": "37.5", "D CAR": "."}),
    ({"planned": "role"}, {"A CAR": "240", "B CAR": "3.75", "C CAR": "75", "D CAR": "75", "D OTHER": "50"}),
    ({"planned": "role", "weight": "WEIGHTBL"},
     {"A CAR": "3", "B CAR": "3.75", "C CAR": ".", "D CAR": "1.5", "D OTHER": "1"}),
    # level 1 (A, C): 100 x 96 / 48; level 2 (B): 100 x 1.5 / 160; D is of no level
    ({"planned": "level"}, {"A CAR": "200", "B CAR": "0.9375", "C CAR": "62.5", "D CAR": ".", "D OTHER": "."}),
    ({"planned": "PLAN", "rows": BAGS}, {"E CAR": "80"}), ({"planned": "level", "rows": BAGS}, {"E CAR": "50"}),
])  # fmt: skip
def test_percent_of_planned_is_of_all_that_was_planned_for_the_period(words, expected):
    assert measured("percent_of_planned", **words) == expected


@pytest.mark.parametrize(("words", "expected"), [
    ({"planned": "PLAN"}, {"A CAR": "80", "B CAR": "2", "C CAR": "80", "D CAR": ".", "D OTHER": "."}),
    ({"planned": "role"}, {"A CAR": "40", "B CAR": "40", "C CAR": "40", "D CAR": "40", "D OTHER": "40"}),
    ({"planned": "PLAN", "rows": BAGS}, {"E CAR": "100"}),
])  # fmt: skip
def test_the_planned_dose_stands_by_itself(words, expected):
    assert measured("planned", **words) == expected


def test_duration_is_from_the_first_start_to_the_last_end_and_needs_clock_times():
    assert measured("duration", infusion=2) == {"A CAR": "31", "D OTHER": "."}
    assert measured("duration", infusion=1) == {"A CAR": "25", "B CAR": ".", "C CAR": ".", "D CAR": "."}


def test_infusions_are_days_of_dosing_and_the_second_has_its_day():
    assert measured("infusions") == {"A CAR": "2", "B CAR": "1", "C CAR": "1", "D CAR": "1", "D OTHER": "1"}
    assert measured("day", infusion=2) == {"A CAR": "1", "D OTHER": "2"}


def test_a_value_names_its_first_record_and_unit():
    ex, none = given("ex", f"{EX}\n{ROWS}"), supp("EX", "EXSEQ", "USUBJID SEQ QNAM QVAL")
    one = DoseParameter("DOSEKG", "Dose per kg", "cells", "dose", infusion=2, weight="WEIGHTBL")
    weights = given("baseline", "USUBJID WEIGHTBL\nA 80")
    dosed = conformed("dosing", dosing(ex, none, STUDY)[0])
    made = adex(dosed, ex, none, given("subjects", SUBJECTS), weights, (one,), STUDY, 1)
    actual, expected = shown(made.head(1), """
        USUBJID | PARCAT1 | PARAMCD | PARAM       | AVALU   | EXTRTU        | ADT        | CARTDY | SRCVAR | SRCSEQ
        A       | CELLS   | DOSEKG  | Dose per kg | 10^6/kg | CAR (10^6/kg) | 2025-03-11 | 1      | EXDOSE | 2
    """)
    assert actual == expected and set(made["SRCDOM"]) == {"EX"}


def test_a_product_without_a_unit_of_its_value_is_called_by_its_name_alone():
    ex, none = given("ex", f"{EX}\n{ROWS}"), supp("EX", "EXSEQ", "USUBJID SEQ QNAM QVAL")
    one = DoseParameter("NINF", "Number of infusions", "cells", "infusions")
    dosed = conformed("dosing", dosing(ex, none, STUDY)[0])
    weights = given("baseline", "USUBJID WEIGHTBL\nA 80")
    made = adex(dosed, ex, none, given("subjects", SUBJECTS), weights, (one,), STUDY, 1)
    assert set(made["EXTRTU"]) == {"CAR", "OTHER"}
