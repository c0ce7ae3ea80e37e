"""Rules of kinds of errors that any study may have, each with a few records of forms of its own."""

import pandas as pd
import pytest
from check_case import ROOT

from pipeline.gate.checks.catalogue import load_checks
from pipeline.gate.checks.parsed import Forms, parse
from pipeline.gate.checks.rules import dates, events, labs, records, series, values
from pipeline.study.contracts import Contract, Field
from pipeline.study.specs import load_specs

NOWHERE = pd.DataFrame(columns=["CODELIST", "CODED_VALUE", "DECODE"], dtype="str")
VISITS = pd.DataFrame({"VISIT": ["DAY 7", "LOG"], "FOLDER": ["D7", "LOG"], "ALIAS": ["Week one", None]})


def forms(**given):
    """Forms of text cells: each a header and rows; a name may say its type (`DAT:date`)."""
    raw, contracts = {}, {}
    for form, (header, *rows) in given.items():
        names = [part.partition(":") for part in header.split()]
        own = [(name, kind) for name, _, kind in names if name not in ("_SUBJECT", "VISIT")]
        fields = {name: Field(name, type=kind or "text") for name, kind in own}
        contracts[form] = Contract(form, fields=fields, record=("REC",))
        frame = pd.DataFrame([row.split("|") for row in rows], columns=[name for name, _, _ in names], dtype="str")
        frame = frame.mask(frame == "")
        number = [str(n) for n in range(1, len(frame) + 1)]
        raw[form] = frame.assign(_FORM=form, _RECORD=number, _LINE=range(1, len(frame) + 1))
        raw[form]["_SUBJECT"] = frame.get("_SUBJECT", pd.Series("1", index=frame.index))
    parsed = {form: parse(frame, contracts[form], NOWHERE) for form, frame in raw.items()}
    return Forms(raw, parsed, contracts, VISITS, pd.Timestamp("2026-01-01"), pd.Timestamp("2026-01-01"))


def found(rows):
    return list(rows["_RECORD"])


def test_a_record_entered_twice_is_one_of_the_same_visit_however_the_visit_is_called():
    made = forms(AE=("VISIT TERM", "Log|rash", "Log|rash", "Day 7|rash", "Log|"))
    again = records.entered_twice(made["AE"], made)

    assert (found(again), list(again["_FIELD"])) == (["2"], ["REC"])


def test_a_visit_is_known_by_its_folder_its_name_or_another_name_of_it():
    made = forms(VS=("VISIT", "DAY 7", " week ONE ", "LOG", "Day 9"))

    assert list(made.folder(made["VS"]).fillna("")) == ["D7", "D7", "LOG", ""]


def test_a_moment_that_a_vendor_writes_as_text_is_of_its_day():
    told = ("2025-01-09T08:10|2025-01-08", "2025-01-09T08:10|2025-01-09", "unknown|2025-01-01")
    made = forms(PC=("DRAWN REPORTED", *told))

    assert found(dates.out_of_order(made["PC"], made, first="DRAWN", second="REPORTED")) == ["1"]


def test_a_share_lies_between_0_and_100():
    made = forms(DX=("BLAST:decimal", "120", "100", "0", "-1", ""))
    made.contracts["DX"].fields["BLAST"] = Field("BLAST", type="decimal", unit="%")

    assert found(values.no_share(made["DX"], made)) == ["1", "4"]


@pytest.mark.parametrize(("limits", "expected"), [((), ["1"]), ((0.0, 50.0), [])])
def test_a_field_with_a_range_of_its_own_is_held_to_that(limits, expected):
    made = forms(VS=("HR:integer", "300", "80"))
    made.contracts["VS"].fields["HR"] = Field("HR", type="integer", range=limits)

    assert found(values.beyond(made["VS"], made, value="HR", low="20", high="250")) == expected


def test_a_result_far_off_the_subjects_others_in_its_unit_is_asked_about_and_a_unit_that_is_missing():
    rows = [f"HGB|{value}|g/L" for value in (120, 121, 119, 1200)] + ["HGB|12|g/dL"] + ["CRP|1|mg/L", "CRP|90|mg/L"]
    made = forms(LB=("TEST RESULT UNIT", *rows, "HGB|120|", *["HGB|120|g/L"] * 6))

    assert found(series.off_own(made["LB"], made, test="TEST", unit="UNIT", result="RESULT", times="5")) == ["4"]
    assert found(labs.limit_missing(made["LB"], made, test="TEST", limit="UNIT")) == ["8"]


def test_of_tests_in_columns_words_and_negative_results_are_found_too():
    made = forms(LB=("HGB ALT", "120|20", "121|<5", "119|n/a", "1200|-3", "118|30"))
    wrong = series.columns_off_own(made["LB"], made, fields=["HGB", "ALT"], units={}, times="5")

    assert [*zip(wrong["_RECORD"], wrong["_FIELD"], strict=True)] == [("4", "HGB"), ("3", "ALT"), ("4", "ALT")]


def test_a_number_of_another_record_is_one_that_the_subject_has():
    made = forms(IN=("_SUBJECT NO", "1|7", "1|8", "2|7"), AE=("_SUBJECT AENO", "1|7", "2|9"))

    assert found(records.matches_none(made["IN"], made, number="NO", other="AE.AENO")) == ["2", "3"]


def test_the_grade_of_an_event_is_the_highest_that_signs_of_its_days_show():
    made = forms(
        AE=("GRADE START:date END:date", *(f"{grade}|2025-01-01|2025-01-03" for grade in "135")),
        CR=("DAT:date TEMP:decimal PRESS:integer", "2025-01-01|39|0", "2025-01-02|38|1", "2025-01-09|38|2"),
    )
    signs = {"4": "PRESS >= 2", "3": "PRESS == 1", "1": "TEMP >= 38"}
    wrong = events.signs_beyond(made["AE"], made, grade="GRADE", start="START", end="END", days="CR.DAT", signs=signs)

    assert (found(wrong), list(wrong["highest"])) == (["1"], ["3"])


@pytest.mark.parametrize(
    ("study", "check", "where"),
    [
        ("hem101", "AE-CRITERION-NOT-SERIOUS", "AESHOSP"),  # asks for other criteria than the standard's
        ("hem101", "DTH-TWICE", ""),  # its records have a number of another name
        ("hem101", "AE-GRADE-BELOW-START", "AEGR0"),
        ("hem101", "MH-AFTER-CONSENT", ""),  # a category that nobody assigned is empty
    ],
)
def test_a_check_by_meaning_runs_where_its_question_is_asked_in_other_words(study, check, where):
    specs = load_specs(ROOT, study)
    (one,) = [one for one in load_checks(specs, specs.contracts) if one.id == check]

    assert one.lacking == ""
    assert where in one.where
