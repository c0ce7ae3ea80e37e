"""Spec tables are read whole or refused: every slip of a hand-written CSV has file, line and cure."""

import pytest

from pipeline.ground.faults import TrialError
from pipeline.study.csv_text import load_sheet, load_table


def written(folder, content):
    path = folder / "x.csv"
    path.write_bytes(content)
    return path


def test_every_cell_stays_the_text_it_is_and_every_row_knows_its_line(tmp_path):
    path = written(tmp_path, '\ufeffA, B\n\n"x, ""y""",01\n,NA\n'.encode())
    assert load_sheet(path).rows == [(3, ['x, "y"', "01"]), (4, ["", "NA"])]
    assert load_table(path).to_dict("list") == {"A": ['x, "y"', ""], "B": ["01", "NA"]}
    assert list(load_table(written(tmp_path, b"A\n"))) == ["A"]


def test_what_is_read_once_is_each_reader_s_own_and_a_changed_file_is_read_again(tmp_path):
    path = written(tmp_path, b"A,B\n1,2\n")
    table, sheet = load_table(path), load_sheet(path)
    table.loc[0, "A"] = "changed"
    table["C"] = "added"
    sheet.header.append("C")
    sheet.rows[0][1][0] = "changed"
    assert load_table(path).to_dict("list") == {"A": ["1"], "B": ["2"]}
    assert load_sheet(path) == (["A", "B"], [(2, ["1", "2"])])
    path.write_bytes(b"A,B\n3,4\n")
    assert load_table(path).to_dict("list") == {"A": ["3"], "B": ["4"]}


@pytest.mark.parametrize(("content", "line", "said"), [
    (b"", 1, "is empty"), (b"\n\n", 1, "is empty"),
    (b"A,B\n1,2,3\n", 2, "3 cells, the header names 2"), (b"A,B\n1,2\n1\n", 3, "1 cells, the header names 2"),
    (b'A,B\n1,2\n"x,2\n3,4\n', 3, "unexpected end of data"), (b'A,B\n"x,2\n3,4",5\n', 2, "over more than one line"),
    (b'A,B\n"x"y,2\n', 2, "cannot be read as CSV"), (b"A,A\n1,2\n", 1, "Two columns are called A"),
    (b"A,,B\n1,2,3\n", 1, "The column 2 has no name"), (b"A,B\n1,\xe9\n", 2, "not UTF-8"), (b"A,B\n1,\0\n", 2, "NUL"),
])  # fmt: skip
def test_a_slip_of_a_table_has_its_line(tmp_path, content, line, said):
    with pytest.raises(TrialError) as error:
        load_table(written(tmp_path, content))
    assert said in error.value.what and f"x.csv, line {line}" in error.value.where and error.value.cure


def test_a_folder_in_place_of_a_file_is_said(tmp_path):
    with pytest.raises(TrialError, match="cannot be read"):
        load_table(tmp_path)
