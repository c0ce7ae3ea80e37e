"""Values stand in the order of the numeric partner of their variable, where the records have one."""

import pandas as pd
import pytest
from adam_frames import DECISIONS, shell, subjects, typed

from tlf import families
from tlf.order import in_order, partner
from tlf.templates import categories, listing

VISITS = typed(pd.DataFrame({
    "USUBJID": ["S-01", "S-02", "S-03", "S-04"], "VISIT": ["DAY 10", "DAY 1", "DAY 2", "UNPLANNED"],
    "VISITNUM": [10.0, 1.0, 2.0, None], "AVAL": [1.0, 2.0, 3.0, 4.0]}))  # fmt: skip


@pytest.mark.parametrize(
    ("variable", "other", "expected"),
    [
        ("VISIT", "VISITNUM", "VISITNUM"), ("PCTPT", "PCTPTNUM", "PCTPTNUM"), ("AVISIT", "AVISITN", "AVISITN"),
        ("PARAM", "PARAMN", "PARAMN"), ("PARAMCD", "PARAMN", "PARAMN"), ("TRTA", "TRTAN", "TRTAN"),
        ("AVALCAT1", "AVALCA1N", "AVALCA1N"), ("VISIT", "VISITDY", "VISIT"), ("AVISIT", "AWTARGET", "AWTARGET"),
    ],
)  # fmt: skip
def test_the_partner_is_called_as_sdtm_and_adam_call_it(variable, other, expected):
    assert partner(pd.DataFrame({variable: ["x"], other: [1.0]}), variable) == expected


def test_a_partner_that_holds_text_orders_nothing():
    assert partner(typed(pd.DataFrame({"DLTY": ["x"], "DLTYN": ["Y"]})), "DLTY") == "DLTY"


def test_visits_stand_in_the_order_of_their_numbers_and_those_without_one_last():
    assert in_order(VISITS, ["VISIT"])["VISIT"].tolist() == ["DAY 1", "DAY 2", "DAY 10", "UNPLANNED"]
    row = {"summary": "PB", "of": "adpc", "variable": "AVAL", "show": "{n:x}", "by": "VISIT"}
    data = {"adsl": subjects(4), "adpc": VISITS, "decisions": DECISIONS}
    results = families.results(categories, shell(rows=[row]), data)
    told = results.loc[results["STATISTIC"] == "n", "ROWID"].tolist()
    assert told == [f"PB / {visit}" for visit in ("DAY 1", "DAY 2", "DAY 10", "UNPLANNED")]


def test_categories_of_a_shift_stand_in_the_order_of_their_partner():
    frame = VISITS.assign(BNRIND=["LOW", "NORMAL", "HIGH", "LOW"], BNRINDN=[1.0, 2.0, 3.0, 1.0], ANRIND="NORMAL")
    row = {"shift": "Range", "of": "adlb", "first": {"variable": "BNRIND"}, "then": {"variable": "ANRIND"}}
    data = {"adsl": subjects(4), "adlb": frame, "decisions": DECISIONS}
    results = families.results(categories, shell(rows=[row]), data)
    told = results[results["STATISTIC"] == "n"]
    assert told["ROWID"].str.split(" / ").str[1].tolist() == ["LOW", "NORMAL", "HIGH"]
    assert told["VALUE"].tolist() == [2, 1, 1]


def test_a_listing_is_sorted_by_the_partner_of_the_records_or_of_the_subject():
    adsl = subjects(4, TRT01A=["DL2", "DL10", "DL2", "DL10"], TRT01AN=[2.0, 10.0, 2.0, 10.0])
    blocks = [{"label": "All", "of": "adpc", "where": "", "cells": ["VISIT"]}]
    output = shell(family="listing", sort=["TRT01A", "VISIT"], blocks=blocks)
    results = families.results(listing, output, {"adsl": adsl, "adpc": VISITS, "decisions": DECISIONS})
    cells = results.loc[results["STATISTIC"] == "text", "VALUEC"].tolist()
    assert cells == ["DAY 2", "DAY 10", "DAY 1", "UNPLANNED"]
