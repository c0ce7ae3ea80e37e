"""Findings of the mapping as tables: one row per record, per form or per value, each told once."""

import pandas as pd
import pytest
from small_study import raw_form

from sdtm.findings import added_up, counted, counted_of_form, gathered, of_form, of_records, of_value

COLUMNS = ["check", "severity", "form", "record", "subject", "field", "value", "message"]
ROWS = raw_form("F", "SUBJECT | U\n" + "\n".join(f"{n} | x" for n in range(1, 6)))


def test_a_finding_of_a_record_names_form_record_and_subject():
    found = of_records(ROWS.head(1), "C", "minor", "U", ROWS["U"], "U is '{value}'.")
    assert found.columns.tolist() == COLUMNS
    assert found.to_numpy().tolist() == [["C", "minor", "F", "R1", "1", "U", "x", "U is 'x'."]]


def test_a_finding_of_a_missing_value_shows_none():
    missing = pd.Series(None, index=ROWS.index, dtype="str")
    assert of_records(ROWS.head(1), "C", "minor", "U", missing, "'{value}'")[["value", "message"]].values.tolist() == [
        ["", "''"]]


def test_a_value_of_many_records_is_one_finding_with_their_number_and_the_first_three():
    found = of_value(ROWS, "C", "major", "U", "x", "Wrong.")
    assert found.to_numpy().tolist() == [["C", "major", "F", "", "", "U", "x", "Wrong. (5 records, first R1, R2, R3)"]]
    assert of_value(ROWS.tail(1), "C", "major", "U", "x", "Wrong.")["record"].tolist() == ["R5"]


def test_a_finding_of_a_form_holds_the_number_of_its_records():
    found = of_form("C", "info", "F", 12, "Left out.")
    assert found.to_numpy().tolist() == [["C", "info", "F", "", "", "", "12", "Left out."]]


def test_findings_are_gathered_each_once_and_none_are_an_empty_table():
    one = of_form("C", "info", "F", 12, "Left out.")
    assert gathered([one, one, pd.DataFrame()]).to_numpy().tolist() == one.to_numpy().tolist()
    assert gathered([one, one, one.assign(value="13")]).index.tolist() == [0, 1]
    assert gathered([]).columns.tolist() == COLUMNS
    assert gathered([]).empty


@pytest.mark.parametrize("parts", [[5], [1, 4], [3, 2], [1, 1, 1, 1, 1]])
def test_what_parts_say_of_their_records_adds_up_to_what_is_said_of_all(parts):
    starts = [sum(parts[:number]) for number in range(len(parts))]
    pieces = [ROWS.iloc[start : start + count] for start, count in zip(starts, parts, strict=True)]
    found = added_up(counted(piece, "C", "major", "U", "x", "Wrong.") for piece in reversed(pieces))

    assert found.to_numpy().tolist() == [["C", "major", "F", "", "", "U", "x", "Wrong. (5 records, first R1, R2, R3)"]]


def test_a_value_of_one_record_of_all_parts_names_its_record():
    found = added_up([counted(ROWS.tail(1), "C", "major", "U", "x", "Wrong."), gathered([])])

    assert found.to_numpy().tolist() == [["C", "major", "F", "R5", "5", "U", "x", "Wrong."]]


def test_records_left_out_of_a_form_are_counted_over_its_parts_also_where_each_says_the_same():
    found = added_up([counted_of_form("C", "info", "F", 1, "Left out: {count}.")] * 3)

    assert found.to_numpy().tolist() == [["C", "info", "F", "", "", "", "3", "Left out: 3."]]
