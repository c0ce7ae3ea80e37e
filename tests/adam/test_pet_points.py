"""The PETs of the investigator: which records are one, and when a marrow focus is new (analysis plan 2.1, 2.2)."""

import pytest
from tables import given

from adam.response.pet_points import pet_points

DATES = {"SCR": "2024-12-20", "D30": "2025-02-10", "D100": "2025-04-20"}


def items(visit, marrow="N", who=1, group="PET", reader="INVESTIGATOR", **said):
    """The lines of a PET without a sign of disease, but as said."""
    found = {"PETEVAL": "Y", "FDP5PS": "2", "OTRCUPCB": "DEC", "PETNEW": "N", "BMUPTAKE": marrow} | said
    end = f"{DATES[visit]} | {reader}"
    return [f"{who} | {group} | {visit} | {test} | {value} | {end}" for test, value in found.items()]


def metabolic(*pets):
    """METABOLD by subject and time point; both subjects have a baseline PET."""
    lines = [line for pet in pets for line in pet]
    tr = given("tr", "\n".join(["USUBJID | TRGRPID | TRLNKGRP | TRTESTCD | TRSTRESC | TRDTC | TREVAL", *lines]))
    made = pet_points(tr, given("baseline_scan", "USUBJID BASEPTFL\n1 Y\n2 Y"))
    return made.set_index(["USUBJID", "LNKGRP"])["METABOLD"].to_dict()


@pytest.mark.parametrize(("before", "between", "result"), [
    (items("SCR", "Y"), [], "PMR"), (items("SCR", "N"), [], "PMD"),
    (items("SCR", "Y"), items("D30", "N"), "PMD"),                 # it was gone: recurrent
    (items("SCR", "Y"), items("D30", "N", PETEVAL="N"), "PMR"),    # what could not be read shows nothing
    (items("SCR", "N"), items("D30", "Y"), "PMR"),
    (items("SCR", "Y", who=2), [], "NE"),                          # of somebody else
])  # fmt: skip
def test_a_marrow_focus_is_new_when_the_evaluable_pet_before_had_none(before, between, result):
    assert metabolic(before, between, items("D100", "Y"))["1", "D100"] == result
    assert metabolic(items("D100", "Y"), between, before)["1", "D100"] == result  # by date, not by record


def test_only_pets_of_the_investigator_with_a_time_point_are_looked_at():
    strange = [items("D30", PETNEW="Y", reader="READER"), items("D30", PETNEW="Y", group="TARGET"),
               [line.replace("| D30 |", "| . |") for line in items("D30", PETNEW="Y")]]  # fmt: skip
    assert metabolic(*strange, items("D30")) == {("1", "D30"): "CMR"}


def test_of_a_result_that_stands_twice_the_first_one_counts_and_an_empty_one_does_not():
    twice = [line.replace("| N |", "| . |") for line in items("D30") if "PETNEW" in line] + items("D30")
    assert metabolic(twice, items("D30", PETNEW="Y")) == {("1", "D30"): "CMR"}


def test_a_pet_without_a_date_was_not_done():
    undated = [line.replace(DATES["D30"], ".") for line in items("D30")]
    assert metabolic(items("SCR"), undated)["1", "D30"] == "ND"
