"""TA, TE, TI and TV: the planned trial as the study's folder says it (SDTMIG 3.4, 7.2 to 7.4)."""

import pytest
from small_study import grid

from pipeline.ground.metadata import Arm, Element, StudySettings
from sdtm.trial_design import ta, te, ti, tv

STUDY = StudySettings(
    study="ST", arms=(Arm("DL1", "Level 1"), Arm("DL2", "Level 2")),
    elements=(
        Element("SCRN", "Screening", "SCREENING", "Consent", "First dose", branch="Level assigned"),
        Element("INF2", "Second infusion", "TREATMENT", "Second dose", duration="P28D", arms=("DL2",)),
        Element("FU", "Follow-up", "FOLLOW-UP", "Day 29", "Death"),
    ),
)  # fmt: skip


def test_each_arm_has_its_elements_in_their_order():
    assert ta(STUDY)[["ARMCD", "TAETORD", "ETCD", "EPOCH", "TABRANCH"]].values.tolist() == [
        ["DL1", 1, "SCRN", "SCREENING", "Level assigned"], ["DL1", 2, "FU", "FOLLOW-UP", ""],
        ["DL2", 1, "SCRN", "SCREENING", "Level assigned"], ["DL2", 2, "INF2", "TREATMENT", ""],
        ["DL2", 3, "FU", "FOLLOW-UP", ""],
    ]  # fmt: skip


def test_each_element_stands_once_with_its_rules():
    assert te(STUDY)[["STUDYID", "DOMAIN", "ETCD", "TESTRL", "TEENRL", "TEDUR"]].values.tolist() == [
        ["ST", "TE", "SCRN", "Consent", "First dose", ""], ["ST", "TE", "INF2", "Second dose", "", "P28D"],
        ["ST", "TE", "FU", "Day 29", "Death", ""]]  # fmt: skip


def test_criteria_are_those_of_the_list():
    listed = grid("IETESTCD | IETEST | IECAT\nI01 | DLBCL | INCLUSION\nE01 | Pregnant | EXCLUSION")
    made = ti(STUDY, listed)
    assert made[["DOMAIN", "IETESTCD", "IECAT"]].values.tolist() == [
        ["TI", "I01", "INCLUSION"], ["TI", "E01", "EXCLUSION"]]  # fmt: skip


@pytest.mark.parametrize(("visit", "start", "end"), [
    ("1 | SCREEN | CONSENT      | 0   | 0   | 7  | .", "Day of informed consent", "7 days after informed consent"),
    ("2 | SCREEN | CONDITIONING | -3  | -7  | -1 | .", "7 days before the first conditioning",
     "1 day before the first conditioning"),
    ("3 | DAY 30 | CELLS        | 30  | .   | .  | .", "30 days after the first infusion",
     "30 days after the first infusion"),
    ("4 | DAILY  | CELLS        | .   | .   | .  | Daily to Day 14", "Daily to Day 14", ""),
    ("5 | OTHER  | .            | .   | .   | .  | .", None, None),        # nobody planned it
    (". | LOG    | .            | 1   | .   | .  | Always", None, None),   # no visit
])  # fmt: skip
def test_a_planned_visit_says_when_it_starts(visit, start, end):
    visits = grid("VISITNUM | VISIT | ANCHOR | PLANNED_DAY | WINDOW_LOW | WINDOW_HIGH | TVSTRL\n" + visit)
    made = tv(STUDY, visits)[["TVSTRL", "TVENRL"]].fillna("").values.tolist()
    assert made == ([[start, end]] if start else [])


def test_without_a_column_of_rules_the_planned_day_tells():
    visits = grid("VISITNUM | VISIT | ANCHOR | PLANNED_DAY | WINDOW_LOW | WINDOW_HIGH\n1 | D0 | CELLS | 0 | . | .")
    assert tv(STUDY, visits)["TVSTRL"].tolist() == ["Day of the first infusion"]
