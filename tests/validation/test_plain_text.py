"""A text in which every line is one record is read by Arrow, cell by cell as the reader that goes line by line."""

from dataclasses import replace

import pytest

from pipeline.readers.columns import Columns
from pipeline.readers.csv_file import parse_csv

HEAD = "A,B,C\n"
PLAIN = {
    "empty cells and blanks": 'x,, b \ny,"",\n',
    "a quoted separator, a doubled quote": 'x,"one, ""two""",3\ny,"""","a"\n',
    "returns in line ends": "x,1,2\r\ny,3,4\r\n",
    "words that others take for missing": "x,NA,null\ny,NaN,N/A\n",
    "numbers, dates and truths stay as typed": "007,1.50,2025-03-12\n1e3,TRUE,0\n",
    "other alphabets": "x,é,细胞\ny,\u00a0,\u200b\n",
    "a first cell without value": " ,1,2\n,3,4\n",
}
ASKING = {
    "a quote within a field": 'x,a"b,2\ny,3,4\n',
    "a quote that goes on": 'x,"a"b,2\ny,3,4\n',
    "a quote after a blank": 'x, "a",2\ny,3,4\n',
    "a quote that never closes": 'x,"a,2\ny,3,4\n',
    "a field over two lines": 'x,"a\nb",2\ny,3,4\n',
    "a short line": "x,1\ny,3,4\n",
    "a long line": "x,1,2,3\ny,3,4\n",
    "an empty line": "x,1,2\n\ny,3,4\n",
    "a line without values": "x,1,2\n,,\n",
    "no end of the last line": "x,1,2\ny,3,4",
    "a lone return": "x,1\r,2\ny,3,4\n",
}


def by_lines(content, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr("pipeline.readers.csv_file.plain_columns", lambda *asked: None)
        return parse_csv(content, "AE.csv")


@pytest.mark.parametrize("name", PLAIN)
def test_every_line_a_record_is_read_by_columns_with_the_same_cells(name, monkeypatch):
    content = (HEAD + PLAIN[name]).encode("utf-8")

    read = parse_csv(content, "AE.csv")

    assert isinstance(read.rows, Columns)
    assert replace(read, lines=list(read.lines)) == by_lines(content, monkeypatch)


@pytest.mark.parametrize("name", ASKING)
def test_what_asks_for_a_second_look_is_read_line_by_line(name):
    assert not isinstance(parse_csv((HEAD + ASKING[name]).encode("utf-8"), "AE.csv").rows, Columns)


@pytest.mark.parametrize("head", ["A,B,A\n", "A,,C\n", "sep=,\nA,B,C\n"])
def test_a_header_that_asks_for_a_second_look_is_read_line_by_line(head):
    assert not isinstance(parse_csv(f"{head}x,1,x\ny,3,y\n".encode(), "AE.csv").rows, Columns)


def test_rows_of_columns_are_lists_of_cells():
    rows = parse_csv(f"{HEAD}x,1,2\ny,3,4\n".encode(), "AE.csv").rows

    assert (len(rows), rows[0], rows[-1], rows[:1]) == (2, ["x", "1", "2"], ["y", "3", "4"], [["x", "1", "2"]])
    assert rows == [["x", "1", "2"], ["y", "3", "4"]]
