"""Two versions of a dataset: which record is which, and what is told of those that are not alike."""

import pandas as pd
import pytest

from pipeline.against.tables import FOUND, Dataset, compare

KEYS = ["STUDYID", "USUBJID", "AETERM", "AESEQ"]


def records(text, **types):
    """Records of a small table; a dot is missing."""
    header, *rows = [line.split() for line in text.strip().splitlines()]
    frame = pd.DataFrame(rows, columns=header, dtype="str").replace(".", None)
    numbers = {name: float for name in header if name.endswith("SEQ")} | types
    return frame.assign(STUDYID="S").astype(numbers)


def told(old, new, keys=KEYS, **more):
    found = compare("AE", Dataset(old), Dataset(new), keys, **more).found
    return found[["WHAT", "VARIABLE", "SUBJECT", "RECORD", "OLD", "NEW"]].to_numpy().tolist()


AE = records("""
USUBJID AETERM   AESEQ AESER
S-1     FEVER    1     N
S-1     RASH     2     N
S-2     FEVER    1     .
""")


def test_the_order_of_records_and_variables_is_no_difference():
    assert told(AE, AE[::-1].reset_index(drop=True)[["AESER", "AETERM", "STUDYID", "AESEQ", "USUBJID"]]) == []


def test_a_value_is_told_by_subject_record_and_variable():
    new = AE.assign(AESER=["N", "Y", "N"])

    assert told(AE, new) == [["value", "AESER", "S-1", "AETERM=RASH AESEQ=2", "N", "Y"],
                             ["value", "AESER", "S-2", "AETERM=FEVER AESEQ=1", "", "N"]]  # fmt: skip


def test_a_record_more_does_not_make_those_behind_it_others():
    """Numbered anew, RASH is still RASH: the record that came and the other number are told, nothing else."""
    new = records("""
    USUBJID AETERM   AESEQ AESER
    S-1     FEVER    1     N
    S-1     NAUSEA   2     N
    S-1     RASH     3     N
    S-2     FEVER    1     .
    """)

    assert told(AE, new) == [["record came", "", "S-1", "AETERM=NAUSEA AESEQ=2", "", ""],
                             ["value", "AESEQ", "S-1", "AETERM=RASH AESEQ=3", "2", "3"]]  # fmt: skip


def test_a_word_of_the_key_that_was_corrected_is_a_value_that_differs():
    new = AE.assign(AETERM=["FEVER", "EXANTHEMA", "FEVER"])

    assert told(AE, new) == [["value", "AETERM", "S-1", "AETERM=EXANTHEMA AESEQ=2", "RASH", "EXANTHEMA"]]


def test_records_that_came_and_went_are_told():
    assert told(AE, AE[1:]) == [["record went", "", "S-1", "AETERM=FEVER AESEQ=1", "", ""]]
    assert told(AE[1:], AE) == [["record came", "", "S-1", "AETERM=FEVER AESEQ=1", "", ""]]


def test_a_key_that_stands_twice_is_told_and_its_records_are_compared_in_the_order_of_what_they_say():
    twice = pd.concat([AE, AE[:1].assign(AESER="Y")], ignore_index=True)

    found = told(twice, twice[::-1].reset_index(drop=True))
    assert [row[:4] for row in found] == [["repeated key", "", "S-1", "AETERM=FEVER AESEQ=1"]] * 4
    assert [row for row in told(twice, AE) if row[0] == "record went"] == [
        ["record went", "", "S-1", "AETERM=FEVER AESEQ=1", "", ""]
    ]


def test_without_a_key_records_are_the_same_by_all_that_they_say():
    assert told(AE, pd.concat([AE[1:], AE[:1]]), keys=()) == []
    assert [row[0] for row in told(AE, AE[1:], keys=())] == ["record went"]


def test_a_variable_of_one_version_is_told_where_it_has_values():
    assert told(AE, AE.drop(columns="AESER")) == [["variable went", "AESER", "", "", "2 values", ""]]
    assert told(AE, AE.assign(AELLT=None)) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"AESER": {"label": "Serious"}}, {"AESER": {"label": "Serious Event"}},
         [["attribute", "AESER:label", "", "", "Serious", "Serious Event"]]),
        ({"AESER": {"label": "Serious"}}, {}, []),
        ({"AESER": {"label": "Serious"}}, {"AESER": {"label": ""}}, []),
        ({"": {"label": "Adverse Events"}}, {"": {"label": "Events"}},
         [["attribute", ":label", "", "", "Adverse Events", "Events"]]),
    ],
)  # fmt: skip
def test_what_both_say_of_a_variable_is_compared(old, new, expected):
    found = compare("AE", Dataset(AE, old), Dataset(AE, new), KEYS).found

    assert found.get(["WHAT", "VARIABLE", "SUBJECT", "RECORD", "OLD", "NEW"], found).to_numpy().tolist() == expected


def test_another_type_is_told_once_and_makes_no_value_differ():
    assert told(AE, AE.astype({"AESEQ": "int64"}).astype({"AESEQ": "str"})) == [
        ["attribute", "AESEQ:type", "", "", "number", "text"]
    ]


def test_all_differences_are_counted_and_the_first_written_out():
    many = pd.DataFrame({"STUDYID": "S", "USUBJID": [f"S-{n}" for n in range(12_000)], "AGE": 1.0})
    compared = compare("DM", Dataset(many), Dataset(many.assign(AGE=2.0)), ["STUDYID", "USUBJID"])

    assert compared.counts.to_numpy().tolist() == [["DM", "value", "AGE", 12_000, 0, 12_000]]
    assert len(compared.found) == 10_000
    assert tuple(compared.found.columns) == FOUND
    assert compared.subjects.sum() == 12_000
