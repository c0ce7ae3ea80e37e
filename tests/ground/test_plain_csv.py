"""Tables for people carry no live formula, and a text that is one is told from a text that only begins like one."""

import csv
import io

import pandas as pd
import pytest

from pipeline.ground.plain_csv import as_written, csv_text, harmless_text, is_formula, rows_text

FORMULAS = (
    '=HYPERLINK("http://x","x")', "=1+1", "+1+cmd|' /C calc'!A0", "+cmd|'/C calc'!A0", "-2+3", "@SUM(1+1)", "=A1",
    "=Sheet1!A1", "\t=1+1", "=5", "-SUM(1,2)", '+HYPERLINK("x")', "+hyperlink(A1)", "=-1+1", "@A1", "＝1+1", '="a"&A1',
    "= 1+1", "= SUM(A1)", "+A1+B2", "='file:///x'#$x.A1", "-(1+2)", "=\n1+1", "+MAX(1;2)", "-1*2",
)  # fmt: skip
TEXTS = (
    "- none", "+", "-", "=", "@", "-5", "+3", "-1.5", "+ 2 lymph nodes", "+ 2 + 3 nodes", "=> better", "@home", "-5-10",
    "+1-2", "- rash (resolved)", "-rash(grade 2)", "+/- nausea", "+2/+3", "-1/2", "--", "== see above", "@ 8 am",
    "- 1. rash; 2. fever", "+CMV(PCR)", "- A2 + B7", "-10 %", "= 12 weeks", "1+1", "a=b", "'=1+1", "",
)  # fmt: skip


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_that_a_spreadsheet_would_compute_is_a_formula(text):
    assert is_formula(text)


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_that_only_begins_like_one_is_none(text):
    assert not is_formula(text)


@pytest.mark.parametrize("text", [*FORMULAS, *TEXTS, "''=1", " =1", "\r=1", "plain", "it's"])
def test_a_cell_of_a_table_for_people_is_text_or_a_number_and_can_be_read_back(text):
    cell = next(csv.reader(io.StringIO(csv_text(pd.DataFrame({"A": [text, "x"]})), newline="")))
    cells = list(csv.reader(io.StringIO(csv_text(pd.DataFrame({"A": [text, "x"]})), newline="")))[1] or [""]

    assert cell == ["A"]
    assert text == as_written(cells[0])
    assert cells[0][:1] not in "=@\t\r＝＋－＠" or not cells[0]
    assert cells[0][:1] not in "+-" or not cells[0] or cells[0].lstrip("+-").replace(".", "", 1).isdigit()


@pytest.mark.parametrize("text", ["-5", "+3", "-2.5", "-1,5", "1e-05", "-1.5E+3", "-.5"])
def test_numbers_stay_numbers(text):
    assert text == harmless_text(text)


def test_a_table_is_read_back_cell_by_cell_whatever_stands_in_it():
    texts = ["a,b", 'he said "no"', "two\nlines", "a\rreturn", "plain", "", None]
    frame = pd.DataFrame({"A": texts, "N": [0.1, 1e16, -2.5e-07, 3.0, None, 1.0, 2.0], "I": range(7)})
    read = list(csv.reader(io.StringIO(csv_text(frame), newline="")))
    numbers = ["0.1", "1e+16", "-2.5e-07", "3.0", "", "1.0", "2.0"]

    assert read[0] == ["A", "N", "I"]
    assert read[1:] == [[text or "", number, str(n)] for n, text, number in zip(range(7), texts, numbers, strict=True)]
    assert list(csv.reader(io.StringIO(csv_text(frame[["A"]]), newline="")))[-2:] == [[""], [""]]


def test_columns_of_every_type_and_the_header_are_made_harmless():
    objects = pd.Series(["@x", None], dtype="object")
    frame = pd.DataFrame({"=A": pd.Categorical(["=1", "b"]), "N": [-1.5, 2.0], "O": objects})

    assert csv_text(frame) == "'=A,N,O\n'=1,-1.5,'@x\nb,2.0,\n"
    assert rows_text(["a", "b"], [("=1", -2)]) == "a,b\n'=1,-2\n"
