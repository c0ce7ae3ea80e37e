"""Decisions have a type, choices and bounds, which hold for the standard, a study and `--to` alike."""

import pandas as pd
import pytest

from pipeline.ground.faults import TrialError
from pipeline.study.decisions import load_decisions, typed_choice
from pipeline.why.impact import differences

STANDARD = """
- {id: DAYS, question: q, type: integer, min: 1, max: 365, default: 30, why: w}
- {id: LEVEL, question: q, type: number, min: 0.5, max: 0.999, default: 0.95, why: w}
- {id: END, question: q, type: integer, min: 1, max: 99, or_none: true, default: none, why: w}
- {id: LOW, question: q, type: integer, min: 0, max: HIGH, default: 30, why: w}
- {id: HIGH, question: q, type: integer, min: LOW, max: 365, default: 37, why: w}
- {id: RULE, question: q, type: choice, choices: [A, B], default: A, why: w}
- {id: YES, question: q, type: flag, default: Y, why: w}
- {id: PART, question: q, type: text, default: A, why: w}
- {id: EACH, question: q, type: integers, min: 0, max: 99, default: "30, 60", why: w}
"""


TABLES = "- {id: GRADES, question: q, type: choice, of: tables, default: v1, why: w}"


def decided(folder, own="", standard=STANDARD):
    for name, text in (("standard", standard), ("own", own)):
        (folder / name).mkdir(exist_ok=True)
        (folder / name / "decisions.yaml").write_text(text, encoding="utf-8")
    return load_decisions(folder / "standard", folder / "own")


@pytest.mark.parametrize(
    ("own", "name", "value"),
    [
        ("", "DAYS", 30),
        ("DAYS: 42", "DAYS", 42),
        ("LEVEL: 0.9", "LEVEL", 0.9),
        ("END: none", "END", None),
        ("END: 5", "END", 5),
        ("YES: N", "YES", False),
        ("RULE: B", "RULE", "B"),
        ("", "EACH", (30, 60)),
        ("EACH: 28", "EACH", (28,)),
        ("- {id: DAYS, value: 7}", "DAYS", 7),
        ("LOW: 31\nHIGH: 40", "HIGH", 40),
        ("DAYS: {value: 9}", "DAYS", 9),
    ],
)
def test_a_study_decides_within_the_bounds(tmp_path, own, name, value):
    assert value == decided(tmp_path, own)[name].value


def test_a_decision_between_tables_has_the_versions_there_are_a_study_may_bring_one(tmp_path):
    for home, name in (("standard/criteria", "grades_v1.csv"), ("standard/criteria", "other_v9.csv"),
                       ("own", "grades_v2.csv")):  # fmt: skip
        (tmp_path / home).mkdir(parents=True, exist_ok=True)
        (tmp_path / home / name).write_text("")
    made = decided(tmp_path, "GRADES: v2", TABLES)["GRADES"]
    assert (made.choices, made.table) == (("v1", "v2"), "grades_v2")
    with pytest.raises(TrialError) as raised:
        decided(tmp_path, "GRADES: v3", TABLES)
    assert raised.value.cure == "choose one of v1, v2, or write the table grades_v3.csv"


@pytest.mark.parametrize(
    ("own", "name", "told"),
    [("", "YES", "Y"), ("YES: N", "YES", "N"), ("", "END", "none"), ("", "LEVEL", "0.95"), ("RULE: B", "RULE", "B")],
)
def test_a_choice_is_told_as_the_plan_writes_it(tmp_path, own, name, told):
    assert told == decided(tmp_path, own)[name].told


def test_what_another_choice_changes_is_told_in_the_words_of_the_plan():
    before = pd.DataFrame({"K": ["1", "2"], "FEVER": [True, False], "N": [1.0, None]})
    after = pd.DataFrame({"K": ["1", "2"], "FEVER": [False, False], "N": [1.0, 2.0]})

    assert list(differences(before, after, ["K"], ["K"])) == ["1 FEVER: Y -> N", "2 N: (missing) -> 2"]


def test_a_result_whose_label_quotes_the_choice_is_the_same_result():
    before = pd.DataFrame({"ROW": ["old", "gone"], "ROWID": ["From 65 years", "Left"], "VALUE": [3.0, 1.0]})
    after = pd.DataFrame({"ROW": ["old", "come"], "ROWID": ["From 70 years", "Added"], "VALUE": [2.0, 1.0]})

    assert sorted(differences(before, after, ["ROW"], ["ROWID"])) == [
        "Added is new", "From 65 years VALUE: 3 -> 2", "Left is no longer there"]


@pytest.mark.parametrize(
    "own",
    [
        "DAYS: -5",
        "DAYS: 0",
        "DAYS: 366",
        "DAYS: 1.5",
        "DAYS: none",
        "DAYS:",
        "DAYS: ' '",
        "DAYS: many",
        "DAYS: 1_0",
        "DAYS: ٣",
        "DAYS: " + "9" * 5000,
        "LEVEL: 95",
        "LEVEL: nan",
        "LEVEL: inf",
        "LEVEL: 1e-3",
        "LEVEL:",
        "LEVEL: 1",
        "END: 0",
        "END:",
        "RULE: C",
        "RULE:",
        "YES: maybe",
        "YES: true",
        "YES:",
        "PART:",
        "PART: null",
        "LOW: 38",
        "HIGH: 29",
        "DAY: 3",
        "DAYS: [3]",
        "DAYS: 3\nDAYS: 4",
        "EACH: 30, 60, 30",
        "EACH: 30, 100",
        "EACH: 30; 60",
        "- DAYS",
        "3",
        "- {id: DAYS}",
        "- {id: DAYS, value: 3}\n- {id: DAYS, value: 4}",
    ],
)
def test_what_a_decision_cannot_be_is_said_with_file_and_line(tmp_path, own):
    with pytest.raises(TrialError) as error:
        decided(tmp_path, own)
    assert "own/decisions.yaml" in error.value.where.replace("\\", "/") and "line" in error.value.where
    assert error.value.what and error.value.cure


def test_the_bounds_hold_for_a_choice_that_is_tried(tmp_path):
    decisions = decided(tmp_path)
    assert typed_choice(decisions["DAYS"], "42", "--to") == 42
    with pytest.raises(TrialError, match="at least 1 and at most 365"):
        typed_choice(decisions["DAYS"], "-5", "--to")


@pytest.mark.parametrize(
    "entry",
    [
        "- {id: A, question: q, type: integer, min: x, default: 3, why: w}",
        "- {id: A, question: q, type: intger, default: 3, why: w}",
        "- {id: A, question: q, type: integer, default: 3}",
        "- {id: A, question: q, type: integer, default: , why: w}",
        "- A",
        "A: 3",
        "- {id: A, question: q, type: integer, max: 2, default: 3, why: w}",
        "- {id: A, qestion: q, type: flag, default: Y, why: w}",
        "- {id: A, question: q, type: integer, or_none: yes, default: 3, why: w}",
        "- {id: A, question: q, type: integer, window: [Day 30], default: 3, why: w}",
    ],
)
def test_a_slip_of_the_standard_is_said_too(tmp_path, entry):
    with pytest.raises(TrialError, match="decisions"):
        decided(tmp_path, standard=entry + "\n")


WINDOWED = """
- {id: LOW, question: q, type: integer, max: HIGH, or_none: true, window: [Day 30, WINDOW_LOW], default: none, why: w}
- {id: HIGH, question: q, type: integer, min: LOW, or_none: true, window: [Day 30, WINDOW_HIGH], default: none, why: w}
"""


@pytest.mark.parametrize(("visits", "own", "window"), [
    ("Day 30,Y,30,37", "", (30, 37)),
    ("Day 30,Y,28,40", "", (28, 40)),
    ("Day 30,Y,30,37", "HIGH: 35", (30, 35)),  # a study may try another window
    ("Day 30,N,30,37", "", (None, None)),      # no response assessment
    ("Day 28,Y,28,35", "", (None, None)),      # not planned
    ("", "LOW: 30\nHIGH: 37", (30, 37)),
])
def test_a_window_is_what_the_planned_visits_say(tmp_path, visits, own, window):
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "visits.csv").write_text(f"AVISIT,RESPFL,WINDOW_LOW,WINDOW_HIGH\n{visits}\n", encoding="utf-8")
    found = decided(tmp_path, own, WINDOWED)

    assert (found["LOW"].value, found["HIGH"].value) == window


def test_a_window_of_the_visits_is_no_window_when_it_ends_before_it_begins(tmp_path):
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "visits.csv").write_text("AVISIT,RESPFL,WINDOW_LOW,WINDOW_HIGH\nDay 30,Y,37,30\n")
    with pytest.raises(TrialError, match="cannot be '37'"):
        decided(tmp_path, "", WINDOWED)
