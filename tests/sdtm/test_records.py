"""Which raw records a block takes: given doses, laboratory results that stand, first records, answers."""

import pytest
from small_study import TERMS, VISITS, raw_form

from pipeline.ground.metadata import Variable
from sdtm.mapping.inputs import RuleInputs
from sdtm.mapping.records import RECORD_RULES


def taken(rule, source, records):
    answer = RECORD_RULES[rule].make(raw_form("F", records), source.split(), RuleInputs(Variable(""), TERMS, VISITS))
    return answer.values.tolist(), [f for part in answer.findings for f in part["check"] + " " + part["record"]]


def test_without_a_condition_every_record_is_taken():
    assert taken("records", "", "SUBJECT | A\n1 | 1\n2 | .") == ([True, True], [])


@pytest.mark.parametrize(("given", "dose", "is_dose"), [
    ("Y", "49.1", True),
    ("Yes", "21.4", True),  # as the codelist NY knows it
    ("Y", ".", True),
    ("Y", "0", False),
    ("N", ".", False),
    ("N", "49.1", False),
    (".", "49.1", True),
    (".", ".", False),
])  # fmt: skip
def test_any_amount_above_zero_that_was_given_is_a_dose(given, dose, is_dose):
    assert [is_dose] == taken("dosed", "YN DOSE", f"SUBJECT | YN | DOSE\n1 | {given} | {dose}")[0]


def test_a_corrected_result_replaces_the_final_one_and_a_cancelled_one_is_no_result():
    results = """
        SUBJECT | TUBE | TEST | STATUS
        1       | A1   | POT  | C
        1       | A1   | POT  | F
        1       | A1   | HB   | F
        1       | A2   | POT  | F
        1       | A3   | INR  | X
    """
    expected = [True, False, True, True, False], ["SDTM-LABX R5", "SDTM-LABC R2"]
    assert expected == taken("reported", "TUBE TEST STATUS", results)


@pytest.mark.parametrize("written", [
    ["Corrected | .", "Final | .", "Cancelled | .", "Final | .", "Early | .", "Final | ."],  # words
    ["Amendment | C", "Result | F", "Off | X", "Result | F", "Soon | P", "Result | F"],  # codes, and texts nobody knows
    ["Corrected | 3", "Final | 1", "Cancelled | 9", "Final | 1", "Early | 0", "Final | 1"],  # codes nobody knows
])
def test_the_state_of_a_result_is_told_by_its_code_or_its_text(written):
    keys = ["A1", "A1", "A2", "A3", "A4", "A4"]
    rows = "".join(f"\n1 | {key} | {one}" for key, one in zip(keys, written, strict=True))
    stand, told = taken("reported", "TUBE STATUS", "SUBJECT | TUBE | STATUS | STATUS_STD" + rows)
    assert stand == [True, False, False, True, False, True]
    assert told == ["SDTM-LABX R3", "SDTM-LABC R2", "SDTM-LABC R5"]


def test_a_state_that_nobody_knows_takes_nothing_out_and_is_told_once():
    rows = raw_form("F", "SUBJECT | TUBE | STATUS\n1 | A1 | C\n1 | A2 | DONE\n1 | A3 | DONE\n1 | A4 | .")
    answer = RECORD_RULES["reported"].make(rows, ["TUBE", "STATUS"], RuleInputs(Variable(""), TERMS, VISITS))
    (found,) = answer.findings
    assert answer.values.all()
    assert found[["check", "severity", "value"]].values.tolist() == [["SDTM-LABS", "major", "DONE"]]
    assert "Add it to the study's codelists.csv: RESSTAT,Y,DONE,F (or C, X, P),,." in found["message"].iloc[0]


@pytest.mark.parametrize(("status", "sentence"), [
    ("x", "The laboratory cancelled this result; it is left out."),
    ("F", "The laboratory corrected this result; the corrected one is used."),
    (".", "The laboratory corrected this result; the corrected one is used."),
])
def test_what_the_laboratory_took_back_is_told_in_a_sentence(status, sentence):
    rows = raw_form("F", f"SUBJECT | TUBE | STATUS\n1 | A1 | c\n1 | A1 | {status}\n2 | A1 | F")
    answer = RECORD_RULES["reported"].make(rows, ["TUBE", "STATUS"], RuleInputs(Variable(""), TERMS, VISITS))
    (found,) = answer.findings
    assert found[["severity", "record", "field", "message"]].values.tolist() == [["info", "R2", "STATUS", sentence]]
    assert answer.values.tolist() == [True, False, True]


def test_of_undated_and_dated_records_the_dated_one_is_first_of_equal_dates_the_upper_line():
    rows = "SUBJECT | NR | DATE\n1 | 1 | .\n1 | 1 | MAR 2025\n1 | 2 | 02 MAR 2025\n1 | 2 | 02 MAR 2025"
    assert taken("first_by", "NR DATE", rows) == ([False, True, True, False], [])


@pytest.mark.parametrize(("dose", "is_dose"), [("0.01", True), ("-1", False), ("0", False)])
def test_a_dose_without_a_yes_must_be_above_zero(dose, is_dose):
    assert taken("dosed", "YN DOSE", f"SUBJECT | YN | DOSE\n1 | . | {dose}\n1 | Y | {dose}")[0] == [is_dose] * 2


def test_each_rule_takes_these_words():
    assert {name: " ".join(rule.words) for name, rule in RECORD_RULES.items()} == {
        "records": "", "coded_as": "field list text text*", "not_coded_as": "field list text text*",
        "answered": "field field*", "dosed": "field field", "reported": "field field*", "first_by": "field field*",
    }


def test_the_first_record_of_a_lesion_identifies_it():
    lesions = """
        SUBJECT | NR | DATE
        1       | 1  | 12 MAR 2025
        1       | 1  | 02 MAR 2025
        1       | 2  | 12 MAR 2025
        2       | 1  | 12 APR 2025
    """
    assert taken("first_by", "NR DATE", lesions) == ([False, True, True, True], [])


def test_an_unknown_code_is_neither_chosen_nor_lost():
    kinds = "SUBJECT | KIND\n1 | LIGHT\n1 | 3\n1 | 7"
    assert taken("coded_as", "KIND SEVERITY SEVERE", kinds) == ([False, True, False], ["SDTM-CT R3"])
    assert taken("not_coded_as", "KIND SEVERITY SEVERE", kinds) == ([True, False, True], ["SDTM-CT R3"])


def test_a_form_without_an_answer_makes_no_record():
    assert taken("answered", "A B", "SUBJECT | A | B\n1 | 1 | .\n1 | . | 2\n1 | . | .") == ([True, True, False], [])
