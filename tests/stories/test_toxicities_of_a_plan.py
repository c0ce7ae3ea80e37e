"""Toxicities as a plan may say them otherwise: window, episodes, fatal grade, other records, treatments, subsets.

First cells on 10 January 2025 (Day 0), second on 12 January, data cut 30 June 2026; values by hand calculation.
"""

import pandas as pd
import pytest
from adverse_events import analysed, doses
from tables import conformed, given, supp

from adam.toxicity.parameters import adcrs
from pipeline.study.toxicities import ListedToxicities, read

CRS = {"name": "CRS", "label": "CRS", "title": "CRS", "scale": "ASTCT 2019", "flag": "CRSFL",
       "events": {"where": 'AESICAT == "CRS"'}, "window": {"from": "0", "to": "99"}}  # fmt: skip
EX = """USUBJID | EXCAT | EXDOSE | EXSTDTC
1 | CELLS | 1 | 2025-01-10T10:00
1 | CELLS | 1 | 2025-01-12T11:30"""
ASKED = {"maximum": "maximum", "any": "any", "onset": "onset", "duration": "duration"}
FOUND: list[str] = []  # the values that the last parameters() were asked about
EMPTY = {"cm": "USUBJID", "fa": "USUBJID"}


def parameters(said=None, events="", fatal="OUTCOME", onset_day=1, more=(), tables=None, ex=EX, time=False, **known):
    """Values by parameter name of subject 1, from a table START END GRADE OUTCOME and what the plan says of CRS."""
    words = CRS | {"parameters": {name: {"code": name.upper(), "label": name, "what": what}
                                  for name, what in ASKED.items()}}  # fmt: skip
    words |= said or {}
    listed = read(ListedToxicities({"CRS": words}), {})
    person = {"CARTSDT": "2025-01-10", "CARTEDT": "2025-01-12", "TRTSDT": "2025-01-04", "LSTALVDT": "2025-12-01"}
    people = given("subjects", "USUBJID\n1", **(person | known))
    lines = [line.strip() for line in events.strip().splitlines() if line.strip()]
    ae = given("ae", "USUBJID | AESTDTC | AEENDTC | AETOXGR | AEOUT\n" + "\n".join(f"1 | {line}" for line in lines))
    category = [f"1 {number} AESICAT CRS" for number, _ in enumerate(lines, 1)]
    qualifiers = supp("AE", "AESEQ", "\n".join(["USUBJID SEQ QNAM QVAL", *category, *more]))
    qualifiers["QVAL"] = qualifiers["QVAL"].str.replace("_", " ")
    shared = {"toxicities": listed, "fatal_grade": fatal}
    named = {name: given(name, text) for name, text in (EMPTY | (tables or {})).items()}
    made = analysed(ae, qualifiers, people, ex, **shared, onset_time=time)
    named |= {"adae": conformed("adae", made), "suppae": qualifiers}
    made, found = adcrs(people, doses(ex), 1, "2026-06-30", onset_day=onset_day, onset_time=time, **shared, **named)
    FOUND[:] = found["value"].tolist()
    made = made.set_index("PARAMCD")
    return {name: made.loc[name.upper()] for name in words["parameters"]}


def shown(made, *names):
    """Values as a test writes them: AVALC, a dot for none."""
    return " ".join(f"{made[name]['AVALC']}" if not pd.isna(made[name]["AVALC"]) else "." for name in names)


TWO = "2025-01-12 | 2025-01-15 | 2 | .\n2025-02-01 | 2025-02-10 | 4 | ."


@pytest.mark.parametrize(("said", "events", "expected"), [
    ({}, TWO, "4 3 4"),
    ({"onset": "worst"}, TWO, "4 23 10"),                                      # the episode of grade 4
    ({"gap": "17"}, TWO, "4 3 30"),                                            # 17 days between them: one episode
    ({"gap": "16"}, TWO, "4 3 4"),
    ({"gap": "none"}, "2025-01-12 | 2025-01-15 | 2 | .\n2025-01-16 | 2025-01-17 | 3 | .", "3 3 4"),
    ({"gap": "1"}, "2025-01-12 | 2025-01-15 | 2 | .\n2025-01-16 | 2025-01-17 | 3 | .", "3 3 6"),
])  # fmt: skip
def test_onset_and_duration_are_those_of_the_first_episode_or_of_the_worst(said, events, expected):
    assert shown(parameters({"episodes": said}, events), "maximum", "onset", "duration") == expected


@pytest.mark.parametrize(("rule", "events", "expected"), [
    # the second record, of another episode, began on a partial date
    ("first", "2025-01-12 | 2025-01-15 | 2 | .\n2025-02 | 2025-03-01 | 1 | .", "3 4"),
    ("episode", "2025-01-12 | 2025-01-15 | 2 | .\n2025-02 | 2025-03-01 | 1 | .", "3 4"),
    ("any", "2025-01-12 | 2025-01-15 | 2 | .\n2025-02 | 2025-03-01 | 1 | .", ". ."),
    # the second record, of the same episode, began on a partial date
    ("first", "2025-01-12 | 2025-02-05 | 2 | .\n2025-02 | 2025-03-01 | 1 | .", "3 49"),
    ("episode", "2025-01-12 | 2025-02-05 | 2 | .\n2025-02 | 2025-03-01 | 1 | .", ". ."),
])
def test_which_partial_start_leaves_onset_and_duration_missing(rule, events, expected):
    assert shown(parameters({"episodes": {"partial_start": rule}}, events), "onset", "duration") == expected


@pytest.mark.parametrize(("rule", "events", "expected"), [
    # 12 to 20 January, within it a record whose end is partial
    ("last", "2025-01-12 | 2025-03-20 | 2 | .\n2025-01-13 | 2025-02 | 1 | .", "3 68"),
    ("episode", "2025-01-12 | 2025-03-20 | 2 | .\n2025-01-13 | 2025-02 | 1 | .", "3 ."),
    ("episode", "2025-01-12 | 2025-01-15 | 2 | .\n2025-02-13 | 2025-03 | 1 | .", "3 4"),
    ("any", "2025-01-12 | 2025-01-15 | 2 | .\n2025-02-13 | 2025-03 | 1 | .", "3 ."),
])
def test_which_partial_end_leaves_the_duration_missing(rule, events, expected):
    assert shown(parameters({"episodes": {"partial_end": rule}}, events), "onset", "duration") == expected


@pytest.mark.parametrize(("said", "death", "days", "censored"), [
    ({"ongoing": "last alive"}, ".", "20", "Y"),   # 12 to 31 January
    ({"ongoing": "cut"}, ".", "535", "Y"),         # 12 January 2025 to 30 June 2026
    ({"ongoing": "cut"}, "2025-01-20", "9", "Y"),  # the death comes before the cut
    ({"ongoing": "none"}, ".", ".", "."),
    ({"ongoing": "none"}, "2025-01-20", ".", "."),
])
def test_what_ends_an_ongoing_episode(said, death, days, censored):
    made = parameters({"episodes": said}, "2025-01-12 | . | 2 | .", LSTALVDT="2025-01-31", DTHDT=death)
    told = made["duration"]["DURCNSR"]
    assert (shown(made, "duration"), "." if pd.isna(told) else told) == (days, censored)


@pytest.mark.parametrize(("fatal", "censored"), [("censors", "Y"), ("ends", "N")])
def test_death_censors_a_duration_or_ends_it(fatal, censored):
    made = parameters({"episodes": {"fatal": fatal}}, "2025-01-12 | 2025-01-20 | 5 | FATAL", DTHDT="2025-01-20")
    assert (shown(made, "duration"), made["duration"]["DURCNSR"]) == ("9", censored)


@pytest.mark.parametrize(("decided", "graded", "maximum", "censored"), [
    ("OUTCOME", 4, "5", "Y"), ("RECORDED", 4, "4", "N"), ("RECORDED", 5, "5", "Y"),
])
def test_fatal_is_grade_5_by_outcome_or_by_the_grade_recorded(decided, graded, maximum, censored):
    made = parameters({"cited": ["CRS"]}, f"2025-01-12 | 2025-01-15 | {graded} | FATAL", decided,
                      DTHDT="2025-02-01", DTHCAUS="CRS")  # fmt: skip
    assert (shown(made, "maximum"), made["duration"]["DURCNSR"]) == (maximum, censored)


@pytest.mark.parametrize(("window", "start", "counted"), [
    ({}, "2025-04-19", "Y"), ({}, "2025-04-20", "N"),  # days 99 and 100
    ({"to_infusion": "last"}, "2025-04-21", "Y"),      # 99 days after the second infusion
    ({"from_infusion": "last"}, "2025-01-11", "N"), ({"from_infusion": "last"}, "2025-01-12", "Y"),
    ({"before": ["NACTDT"]}, "2025-02-28", "Y"), ({"before": ["NACTDT"]}, "2025-03-01", "N"),
    ({"before": ["NACTDT", "HSCTDT"]}, "2025-02-28", "Y"),  # a transplant before the cells ends nothing
    ({}, "2025-01", "Y"), ({"partial": "never"}, "2025-01", "N"), ({"from": "none"}, "2024-12-01", "Y"),
    ({"partial": "first"}, "2025-01", "Y"), ({"partial": "first", "from": "10"}, "2025-01", "N"),
    ({"partial": "may", "from": "10"}, "2025-01", "Y"),
    ({"to": "none"}, "2026-01-01", "Y"),
])  # fmt: skip
def test_the_window_runs_from_and_to_an_infusion_and_ends_before_a_date(window, start, counted):
    made = parameters({"window": CRS["window"] | window}, f"{start} | 2026-02-01 | 2 | .", NACTDT="2025-03-01",
                      HSCTDT="2024-11-01")  # fmt: skip
    assert shown(made, "any") == counted


def test_the_day_of_the_infusion_has_the_number_decided():
    for number, day in ((1, "3"), (0, "2")):
        assert shown(parameters(None, TWO, onset_day=number), "onset") == day


def test_parts_of_the_events_are_asked_by_a_clause_a_window_and_the_subject():
    asked = {
        "viral": {"code": "VIRAL", "label": "V", "what": "any", "where": 'INKIND == "VIRAL"'},
        "fungal": {"code": "FUNGAL", "label": "F", "what": "any", "where": 'INKIND == "FUNGAL"'},
        "grade": {"code": "GRADE", "label": "G", "what": "maximum", "where": 'INKIND == "VIRAL"'},
        "early": {"code": "EARLY", "label": "E", "what": "maximum", "window": {"to": "10"}},
        "late": {"code": "LATE", "label": "L", "what": "maximum", "window": {"from": "11", "to": "99"}, "none": "0"},
        "old": {"code": "OLD", "label": "O", "what": "maximum", "among": "AGE >= 65"},
        "young": {"code": "YOUNG", "label": "Y", "what": "any", "among": "AGE < 65"},
    }
    made = parameters({"parameters": asked}, TWO, AGE="70", more=["1 1 INKIND VIRAL", "1 2 INKIND BACTERIAL"])
    assert shown(made, *asked) == "Y N 2 2 4 4 ."


def test_the_word_of_a_subject_is_the_first_in_order_that_an_event_has():
    asked = {"scale": {"code": "SCALE", "label": "S", "what": "word", "value": "TOXSCALE",
                       "order": ["ASTCT 2019", "LEE 2014"]}}  # fmt: skip
    both = ["1 1 TOXSCALE LEE_2014", "1 2 TOXSCALE ASTCT_2019"]
    for told, expected in ((both, "ASTCT 2019"), (both[:1], "LEE 2014"), ([], ".")):
        assert shown(parameters({"parameters": asked}, TWO, more=told), "scale") == expected


def test_a_partial_start_is_in_one_of_two_windows_by_its_first_possible_day():
    asked = {name: {"code": name.upper(), "label": name, "what": "any", "window": window | {"partial": "first"}}
             for name, window in (("early", {"to": "10"}), ("late", {"from": "11"}))}  # fmt: skip
    for start, expected in (("2025-01", "Y N"), ("2025-02", "N Y"), ("2025-01-21", "N Y"), ("2025-01-20", "Y N")):
        assert shown(parameters({"parameters": asked}, f"{start} | 2025-03-20 | 2 | ."), *asked) == expected


def test_what_was_given_counts_in_its_window_and_where_asked_only_with_an_event():
    cm = "USUBJID | CMDECOD | CMSTDTC\n1 | TOCILIZUMAB | 2025-12-24"
    asked = {"code": "TOCI", "label": "T", "what": "given", "of": "cm", "where": 'CMDECOD == "TOCILIZUMAB"'}
    anytime = {"window": {"from": "none", "to": "none"}}
    for words, events, expected in (({}, TWO, "N"), (anytime, "", "Y"), (anytime | {"with_event": "true"}, "", "N"),
                                    (anytime | {"with_event": "true"}, TWO, "Y")):  # fmt: skip
        assert shown(parameters({"parameters": {"toci": asked | words}}, events, tables={"cm": cm}), "toci") == expected


def test_grades_may_be_words_of_another_dataset():
    fa = """
        USUBJID | FACAT | FATESTCD | FASTRESC | FADTC
        1       | GVHD  | GVHDGR   | II       | 2025-02-01
        1       | GVHD  | GVHDGR   | iii      | 2025-02-03
        1       | GVHD  | GVHDGR   | IV       | 2025-06-01
        1       | OTHER | GVHDGR   | IV       | 2025-02-01
        1       | GVHD  | GVHDGR   | V        | 2025-02-05
    """
    said = {"flag": "", "events": {"of": "fa", "where": 'FACAT == "GVHD"', "grade": "FASTRESC",
                                   "grades": {"I": "1", "II": "2", "III": "3", "IV": "4"}}}  # fmt: skip
    made = parameters(said, tables={"fa": fa})
    assert shown(made, "maximum", "any", "onset") == "3 Y 23"
    assert FOUND == ["V"]  # a word that the plan does not know is asked about
    assert made["maximum"][["SRCDOM", "SRCVAR", "SRCSEQ"]].tolist() == ["FA", "FASTRESC", 2]


@pytest.mark.parametrize(("events", "asked", "maximum", "told"), [
    ("2025-01-12 | 2025-01-15 | 2 | .\n2025-02-01 | 2025-02-10 | . | .", "maximum", "2", [""]),
    ("2025-01-12 | 2025-01-15 | . | .", "maximum", ".", [""]),  # one event: it is asked about itself
    ("2025-01-12 | 2025-01-15 | . | .\n2025-02-01 | 2025-02-10 | . | .", "maximum", ".", [""]),  # the variable, once
    ("", "maximum", "0", []),
    ("2025-01-12 | 2025-01-15 | . | .", "any", "Y", []),  # nobody asks for a grade
])  # fmt: skip
def test_an_event_without_a_grade_is_never_grade_0_and_is_asked_about(events, asked, maximum, told):
    said = {"parameters": {"asked": {"code": "ASKED", "label": "asked", "what": asked}}}
    assert (shown(parameters(said, events), "asked"), FOUND) == (maximum, told)


@pytest.mark.parametrize(("start", "clock", "counted"), [
    ("2025-01-10T09:59", True, "N"), ("2025-01-10T10:00", True, "Y"), ("2025-01-10", True, "Y"),
    ("2025-01-10T09:59", False, "Y"), ("2025-01-09T23:00", True, "N"), ("2025-01", True, "Y"),
])  # fmt: skip
def test_what_began_before_the_dose_on_its_day_counts_unless_its_time_is_asked_for(start, clock, counted):
    assert shown(parameters(None, f"{start} | 2025-01-15 | 2 | .", time=clock), "any") == counted


@pytest.mark.parametrize(("events", "expected"), [
    ("2025-01-11 | 2025-01-15 | 2 | .\n2025-01-13 | 2025-01-15 | 3 | .", "Y 2"),  # the day before; the day after
    ("2025-01-12T11:29 | 2025-01-15 | 2 | .", "Y 2"),  # a minute before the second infusion
    ("2025-01-12T11:30 | 2025-01-15 | 2 | .", "N 0"),
    ("2025-01-12 | 2025-01-15 | 2 | .", "N 0"),        # without a time
    ("2025-01 | 2025-01-15 | 2 | .", "N 0"),           # on a partial date
    ("", "N 0"),
])  # fmt: skip
def test_what_began_before_the_second_infusion(events, expected):
    asked = {name: {"code": name.upper(), "label": name, "what": what, "begun_before": "2"}
             for name, what in (("before", "any"), ("grade", "maximum"))}  # fmt: skip
    assert shown(parameters({"parameters": asked}, events), "before", "grade") == expected
