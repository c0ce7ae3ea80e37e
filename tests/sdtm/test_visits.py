"""Visits as held: each has one number in all domains, unscheduled ones by time (SDTMIG 3.4, 4.4.5 and 5.3 SV)."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from small_study import grid

from pipeline.ground.metadata import StudySettings, Treatment
from sdtm.sv import sv
from sdtm.visits import _behind, subject_visits, with_visits

VISITS = grid("""
    VISITNUM | VISIT              | ANCHOR       | PLANNED_DAY | PREFL
    1        | SCREENING          | .            | .           | Y
    2        | CONDITIONING       | CONDITIONING | 0           | N
    3        | DAY 0              | CELLS        | 0           | N
    4        | DAILY              | CELLS        | .           | N
    5        | DAY 28             | CELLS        | 28          | N
    6        | UNSCHEDULED        | .            | .           | N
    7        | SURVIVAL FOLLOW-UP | .            | .           | N
""")
VS = """
    STUDYID | USUBJID | VISITNUM | VISIT         | VSDTC
    ST      | A       | 1        | SCREENING     | 2025-01-02
    ST      | A       | 1        | SCREENING     | 2025-01-05
    ST      | A       | 3        | DAY 0         | 2025-02-01T09:00
    ST      | A       | 4        | DAILY         | 2025-02-02
    ST      | A       | 4        | DAILY         | 2025-02-04T08:00
    ST      | A       | 6        | UNSCHEDULED 7 | 2025-02-10T08:00
    ST      | A       | 6        | UNSCHEDULED 7 | 2025-02-11
    ST      | A       | 5        | DAY 28        | 2025-03-01
    ST      | A       | 6        | UNSCHEDULED 2 | 2025-03-01
    ST      | A       | 7        | SURVIVAL FOLLOW-UP | 2025-06-01
    ST      | A       | 6        | UNSCHEDULED 3 | 2025-07-01
    ST      | A       | 6        | UNSCHEDULED 4 | 2025-07
    ST      | B       | 6        | UNSCHEDULED 1 | 2025-07-01
    ST      | B       | .        | .             | 2025-07-01
"""
RS = """
    STUDYID | USUBJID | VISITNUM | VISIT         | RSLNKGRP      | RSDTC
    ST      | A       | 6        | UNSCHEDULED   | UNSCHEDULED   | 2025-02-11
    ST      | A       | 6        | UNSCHEDULED   | OTHER         | 2025-07-01
    ST      | A       | 5        | DAY 28        | DAY 28        | 2025-03-02
    ST      | B       | 6        | UNSCHEDULED   | UNSCHEDULED   | 2025-07-02
"""


def records(text):
    frame = grid(text)
    return frame.assign(VISITNUM=pd.to_numeric(frame["VISITNUM"]).astype("float64"))


def held(**named):
    domains = {"vs_mapped": records(VS), "rs_mapped": records(RS)} | named
    return subject_visits(VISITS, ("vs", "rs"), **domains)


@pytest.mark.parametrize(("domain", "text", "expected"), [
    ("VS", VS, [
        (1.0, "SCREENING"), (1.0, "SCREENING"), (3.0, "DAY 0"),
        (4.01, "DAILY 4.01"), (4.02, "DAILY 4.02"),                       # planned for many days
        (3.01, "UNSCHEDULED 3.01"), (3.02, "UNSCHEDULED 3.02"),           # one day, one visit, whatever the folder
        (5.0, "DAY 28"), (5.01, "UNSCHEDULED 5.01"),                      # on the day of a planned visit: after it
        (7.0, "SURVIVAL FOLLOW-UP"), (5.02, "UNSCHEDULED 5.02"),          # a contact at any time is no visit before
        (6.0, "UNSCHEDULED"),                                             # a day not known: as planned
        (0.01, "UNSCHEDULED 0.01"), (None, None),
    ]),
    ("RS", RS, [
        (3.02, "UNSCHEDULED 3.02"), (5.02, "UNSCHEDULED 5.02"),           # the reader's visit is the site's of that day
        (5.0, "DAY 28"), (0.02, "UNSCHEDULED 0.02"),
    ]),
])  # fmt: skip
def test_a_visit_has_one_number_and_unscheduled_ones_go_by_time(domain, text, expected):
    made = with_visits(records(text), domain, held())
    numbers = made["VISITNUM"].astype(object).where(made["VISITNUM"].notna(), None)
    assert list(zip(numbers, made["VISIT"].astype(object).where(made["VISIT"].notna(), None), strict=True)) == expected


def test_a_link_group_that_is_the_visit_goes_with_it():
    made = with_visits(records(RS), "RS", held())
    assert made["RSLNKGRP"].tolist() == ["UNSCHEDULED 3.02", "OTHER", "DAY 28", "UNSCHEDULED 0.02"]


@pytest.mark.parametrize(("place", "digits"), [(1, "01"), (99, "99"), (100, "9901"), (198, "9999"), (199, "999901")])
def test_a_hundredth_visit_does_not_take_the_number_of_the_next_planned_one(place, digits):
    assert _behind(place) == digits


def test_numbers_behind_the_point_keep_the_order_of_time_however_many_there_are():
    numbers = [float(f"5.{_behind(place)}") for place in range(1, 400)]
    assert all(early < late < 6 for early, late in pairwise(numbers))


def test_a_study_without_visits_has_none():
    nothing = pd.DataFrame({name: pd.Series(dtype="str") for name in ("STUDYID", "USUBJID", "VISITNUM", "VISIT")})
    assert len(subject_visits(VISITS.iloc[:0], ("vs",), vs_mapped=nothing)) == 0
    assert len(subject_visits(VISITS, ())) == 0


def visits_of(subject, study):
    dates = grid("USUBJID | RFSTDTC\nA | 2025-01-28\nB | .")
    made = sv(held(), VISITS, dates, study)
    return made[made["USUBJID"] == subject].replace({np.nan: None}).astype(object)


CONDITIONED = StudySettings(treatments={"conditioning": Treatment(), "cells": Treatment()})


def test_sv_has_one_record_per_visit_with_its_first_and_last_day():
    shown = ["VISITNUM", "SVPRESP", "SVOCCUR", "SVSTDTC", "SVENDTC", "SVSTDY", "SVUPDES"]
    told = visits_of("A", CONDITIONED)
    told = told[shown].astype(object).where(told[shown].notna(), None)
    assert told.to_numpy().tolist() == [
        [1.0, "Y", "Y", "2025-01-02", "2025-01-05", -26.0, None],
        [3.0, "Y", "Y", "2025-02-01", "2025-02-01", 5.0, None],
        [3.01, None, None, "2025-02-10", "2025-02-10", 14.0, "UNSCHEDULED 7"],
        [3.02, None, None, "2025-02-11", "2025-02-11", 15.0, "UNSCHEDULED; UNSCHEDULED 7"],
        [4.01, None, None, "2025-02-02", "2025-02-02", 6.0, "DAILY"],
        [4.02, None, None, "2025-02-04", "2025-02-04", 8.0, "DAILY"],
        [5.0, "Y", "Y", "2025-03-01", "2025-03-02", 33.0, None],
        [5.01, None, None, "2025-03-01", "2025-03-01", 33.0, "UNSCHEDULED 2"],
        [5.02, None, None, "2025-07-01", "2025-07-01", 155.0, "UNSCHEDULED; UNSCHEDULED 3"],
        [6.0, None, None, "2025-07", "2025-07", None, "UNSCHEDULED 4"],
        [7.0, "Y", "Y", "2025-06-01", "2025-06-01", 125.0, None],
    ]  # fmt: skip


@pytest.mark.parametrize(("study", "days"), [
    (CONDITIONED, {2: 1.0}), (StudySettings(treatments={"cells": Treatment()}), {3: 1.0, 5: 29.0}),
    (StudySettings(treatments={"cells": Treatment()}, day0="none"), {3: 1.0, 5: 28.0}),
])  # fmt: skip
def test_the_planned_day_is_known_of_visits_planned_from_the_first_treatment(study, days):
    plan = VISITS.assign(PLANNED_DAY=VISITS["PLANNED_DAY"].where(VISITS["VISITNUM"] != "3", "0"))
    visits = grid("STUDYID | USUBJID | VISITNUM | VISIT | VSDTC\n"
                  + "\n".join(f"ST | A | {number} | V | 2025-01-01" for number in (1, 2, 3, 5, 7)))  # fmt: skip
    visits = visits.assign(VISITNUM=pd.to_numeric(visits["VISITNUM"]))
    dates = grid("USUBJID | RFSTDTC\nA | .")
    made = sv(subject_visits(plan, ("vs",), vs_mapped=visits), plan, dates, study)
    known = made[made["VISITDY"].notna()]
    assert dict(zip(known["VISITNUM"], known["VISITDY"], strict=True)) == days
