"""What study.yaml says of days and of study treatment: Day 1 without a Day 0, and lymphodepletion that does not count.

Lymphodepletion on 4 March 2025, cells on 10 March: Day 1 where `day0: none`; 9 March is Day -1, 6 April Day 28.
"""

import pandas as pd
import pytest
from adverse_events import analysed
from recipes import decisions
from small_study import grid
from tables import STANDARD, as_text, conformed, given, shown, supp

from adam.addlt import addlt
from adam.course.dosing import dosing
from adam.course.exposure import exposure
from adam.derive.dates import date_of_day
from adam.derive.sources import seen
from adam.derive.tte import _first_missed, _missed
from adam.derive.visits import response_windows
from adam.toxicity.events import window_days
from pipeline.ground.metadata import DatasetSpec, StudySettings, Variable
from pipeline.ground.toxicities import ToxicityWindow
from pipeline.study.conventions import with_conventions
from pipeline.study.dlt import load_dlt
from pipeline.study.settings import settings_of
from sdtm.reference_dates import reference_dates

PERSON = {"CONDSDT": "2025-03-04", "TRTSDT": "2025-03-10", "CARTSDT": "2025-03-10", "CARTEDT": "2025-03-10",
          "LSTALVDT": "2025-12-01", "COHORT": "A", "CARTSEQ": "1"}  # fmt: skip


def person(first, **known):
    """Subject 1 of a study whose day of infusion has this number."""
    return given("subjects", "USUBJID\n1", **(PERSON | {"CARTSDY": str(first)} | known))


@pytest.mark.parametrize(("words", "first"), [({}, 0), ({"day0": "cells"}, 0), ({"day0": "none"}, 1)])
def test_the_day_of_the_infusion_is_0_or_where_there_is_no_day_0_it_is_1(words, first):
    assert settings_of({"study": "S"} | words).infusion_day == first


@pytest.mark.parametrize(("date", "from_0", "from_1"), [
    ("2025-03-08", -2, -2), ("2025-03-09", -1, -1), ("2025-03-10", 0, 1), ("2025-03-11", 1, 2), ("2025-04-06", 27, 28),
])  # fmt: skip
def test_a_record_is_seen_on_the_day_that_the_study_counts(date, from_0, from_1):
    records = given("vs", f"USUBJID VSDTC\n1 {date}")
    assert [seen(records, "VS", person(first))["CARTDY"].iloc[0] for first in (0, 1)] == [from_0, from_1]


@pytest.mark.parametrize(("day", "from_0", "from_1"), [
    (-3, "2025-03-07", "2025-03-07"), (0, "2025-03-10", "2025-03-10"), (1, "2025-03-11", "2025-03-10"),
    (28, "2025-04-07", "2025-04-06"),
])  # fmt: skip
def test_a_day_that_specs_say_is_a_date_as_the_study_counts(day, from_0, from_1):
    people = [person(first) for first in (0, 1)]
    dates = [date_of_day(one["CARTSDT"], day, one).iloc[0] for one in people]
    assert [f"{date:%Y-%m-%d}" for date in dates] == [from_0, from_1]


def test_days_1_to_100_of_a_toxicity_begin_on_the_day_of_the_infusion():
    low, high = window_days(person(1), ToxicityWindow(1, 100))
    assert as_text(pd.concat([low, high])).tolist() == ["2025-03-10", "2025-06-17"]


def test_the_dlt_period_of_days_1_to_28_has_28_days(tmp_path):
    (told,) = load_dlt(STANDARD, tmp_path).values()
    plan = told.read(told.said, decisions() | {"dlt_med": "CELLS", "dlt_days": 28})
    none = given("dlt_events", "USUBJID AESEQ")
    actual, expected = shown(addlt(person(1), none, plan), """
        USUBJID | DLTSDT     | DLTEDT     | DLTLEN
        1       | 2025-03-10 | 2025-04-06 | 28
    """)
    assert expected == actual


@pytest.mark.parametrize(("start", "emergent"), [("2025-05-01", "Y"), ("2025-05-02", ".")])  # Days 53 and 54
def test_an_event_is_treatment_emergent_through_the_day_that_the_study_counts(start, emergent):
    ae = given("ae", f"USUBJID AESTDTC AEENDTC AETOXGR\n1 {start} . 2")
    made = analysed(ae, supp("AE", "AESEQ", "USUBJID SEQ QNAM QVAL"), person(1), teae_end_day=53)
    assert as_text(made["TRTEMFL"]).tolist() == [emergent]
    assert made["CARTDY"].tolist() == [53 if emergent == "Y" else 54]


def test_planned_assessments_lie_on_the_days_that_the_study_counts():
    class Look:
        """The endpoint's windows; nothing was assessed before."""

        class setting:  # noqa: N801
            windows = response_windows(grid("""
                ANCHOR | PLANNED_DAY | WINDOW_LOW | WINDOW_HIGH | RESPFL | AVISIT
                CELLS  | 28          | 21         | 35          | Y      | Day 28
            """))

        @staticmethod
        def records(name):
            return pd.DataFrame({"USUBJID": [], "ADT": pd.Series([], dtype="datetime64[s]"), **dict.fromkeys(
                ("SAYS", "SRCDOM", "SRCVAR", "SRCSEQ"), pd.Series([], dtype="str"))})  # fmt: skip

        @staticmethod
        def source(name):
            return None

    met = person(1).assign(STARTDOM="EX", STARTVAR="EXSTDTC", STARTSEQ=1.0)
    for event, missed in (("2025-04-13", 0), ("2025-04-14", 1)):  # Days 35 and 36: the window ends before the event
        at = met.assign(WHEN=pd.Series([event], dtype="datetime64[s]"))
        assert _missed(at, Look).tolist() == [missed]
    assert as_text(_first_missed(at, Look, None)["ADT"]).tolist() == ["2025-04-06"]


def test_labels_and_sentences_say_what_the_study_means():
    day = Variable("CARTDY", "Day (infusion 0)", derivation="ADT minus CARTSDT; the infusion day is 0.")
    start = Variable("TRTSDT", derivation="First conditioning dose, else first infusion of cells.")
    spec = {"adx": DatasetSpec("adx", variables=(day, start))}
    study = settings_of({"study": "S", "day0": "none", "study_treatment": ["cells"]})
    told = with_conventions(spec, study)["adx"].by_name
    assert told["CARTDY"].label == "Day (infusion 1)"
    assert told["CARTDY"].derivation == "ADT minus CARTSDT; the infusion day is 1, the day before it -1."
    assert told["TRTSDT"].derivation == "First infusion of cells."
    assert with_conventions(spec, StudySettings()) == spec


EX = """
    USUBJID | EXSEQ | EXCAT        | EXTRT | EXDOSE | EXDOSU | EXSTDTC    | EXENDTC
    both    | 1     | CONDITIONING | FLU   | 50     | mg     | 2025-03-04 | 2025-03-06
    both    | 2     | CELLS        | CAR   | 10     | 10^6   | 2025-03-10 | 2025-03-10
    cond    | 1     | CONDITIONING | FLU   | 50     | mg     | 2025-03-04 | 2025-03-06
    cells   | 1     | CELLS        | CAR   | 10     | 10^6   | 2025-03-10 | 2025-03-10
"""


@pytest.mark.parametrize(("roles", "both", "cond", "cells"), [
    (("conditioning", "cells"), "2025-03-04 1 2025-03-10", "2025-03-04 1 2025-03-06", "2025-03-10 1 2025-03-10"),
    (("cells",), "2025-03-10 2 2025-03-10", ". . .", "2025-03-10 1 2025-03-10"),
    (("cells", "conditioning"), "2025-03-10 2 2025-03-10", "2025-03-04 1 2025-03-06", "2025-03-10 1 2025-03-10"),
])  # fmt: skip
def test_the_first_role_of_study_treatment_that_was_given_dates_its_start(roles, both, cond, cells):
    study = StudySettings(study_treatment=roles)
    doses = dosing(given("ex", EX), supp("EX", "EXSEQ", "USUBJID SEQ QNAM QVAL"), study)[0]
    made = exposure(conformed("dosing", doses), study, 1)[0].set_index("USUBJID")
    told = {one: " ".join(as_text(made.loc[[one], name]).iloc[0] for name in ("TRTSDT", "TRTSEQ", "TRTEDT")) for one in
            made.index}  # fmt: skip
    assert told == {"both": both, "cond": cond, "cells": cells}


@pytest.mark.parametrize(("roles", "both", "cond", "cells"), [
    (("conditioning", "cells"), "2025-03-04 2025-03-10", "2025-03-04 2025-03-06", "2025-03-10 2025-03-10"),
    (("cells",), "2025-03-10 2025-03-10", ". .", "2025-03-10 2025-03-10"),
])  # fmt: skip
def test_reference_dates_are_those_of_study_treatment(roles, both, cond, cells):
    none = {
        "ds": "USUBJID | DSCAT | DSSCAT | DSDECOD | DSSTDTC | LSTCTDTC", "dd": "USUBJID | DDDTC",
        "ss": "USUBJID | SSSTRESC | SSDTC", "vs": "USUBJID | VSDTC", "lb": "USUBJID | LBDTC", "rs": "USUBJID | RSDTC",
    }  # fmt: skip
    mapped = {f"{name}_mapped": grid(header) for name, header in none.items()} | {"ex_mapped": grid(EX)}
    people = grid("STUDYID | USUBJID\nS | both\nS | cond\nS | cells")
    made = reference_dates(dm_mapped=people, **mapped, study=StudySettings(study_treatment=roles)).fillna(".")
    told = (made["RFSTDTC"] + " " + made["RFXENDTC"]).tolist()
    assert told == [both, cond, cells]
    assert made["RFSTDTC"].tolist() == made["RFXSTDTC"].tolist()
