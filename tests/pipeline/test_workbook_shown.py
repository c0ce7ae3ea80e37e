"""What a cell of a workbook shows counts: padded numbers, percentages, times, partial dates, merged headings."""

import zipfile
from datetime import date, datetime, time, timedelta

import openpyxl
import pytest

from pipeline.ground.faults import TrialError
from pipeline.readers.shown import parts_of, shown
from pipeline.readers.workbook import read_workbook_sheet


@pytest.mark.parametrize(
    ("value", "number_format", "text", "unlike"),
    [
        (7, "00000", "00007", ""),
        (123456, "00000", "123456", ""),
        (1010004, "000-0000", "101-0004", ""),
        (4, '"IA-"0000', "IA-0004", ""),
        (4, '\\P0', "P4", ""),
        (7.5, "00000", "7.5", "digits"),
        (-7, "00000", "-7", ""),
        (0.8, "0%", "80", "percent"),
        (0.455, "0.0%", "45.5", "percent"),
        (0.07, "0%", "7", "percent"),
        (0.1 + 0.2, "General", "0.3", ""),
        (1e-7, "General", "0.0000001", ""),
        (36.6, "0.0", "36.6", ""),
        (36.649999999999999, "0.00", "36.65", ""),
        (36.65, "0.0", "36.65", "digits"),
        (1234567, "#,##0", "1234567", ""),
        (1234567, "#,##0,", "1234567", "scaled"),
        (36, '0" mg"', "36", "unit"),
        (36, ";;;", "36", "hidden"),
        (-2, "0;[Red]-0", "-2", ""),
        (0.5, "# ?/?", "0.5", ""),
        (1.5e10, "0.00E+00", "15000000000", ""),
        (12345678901234567, "General", "12345678901234567", ""),
        (True, "General", "TRUE", ""),
        (time(8, 29, 59, 999000), "hh:mm", "08:30", ""),
        (time(8, 30, 15), "hh:mm", "08:30", ""),
        (time(8, 30, 15), "hh:mm:ss", "08:30:15", ""),
        (datetime(2025, 3, 12, 8, 29, 59, 999000), "yyyy-mm-dd hh:mm", "2025-03-12T08:30", ""),
        (datetime(2025, 3, 12, 23, 59, 59, 999900), "yyyy-mm-dd hh:mm", "2025-03-13", ""),
        (datetime(2025, 3, 12), "dd/mm/yyyy", "2025-03-12", ""),
        (datetime(2025, 3, 12, 8, 30), "dd/mm/yyyy", "2025-03-12", "clock"),
        (datetime(2025, 3, 1), "mmm yyyy", "2025-03", "part"),
        (datetime(2025, 3, 1), "mmm-yy", "2025-03", "part"),
        (datetime(2025, 1, 1), "yyyy", "2025", "part"),
        (datetime(2025, 3, 12), "d-mmm", "2025-03-12", "year"),
        (datetime(2025, 3, 12, 8, 30), "hh:mm", "08:30", "clock"),
        (date(2025, 3, 12), "d mmmm yyyy", "2025-03-12", ""),
        (timedelta(hours=30), "[h]:mm", "30:00", ""),
        (5, '"<"0', "5", "sign"),
        (0.1, "\\<0.0", "0.1", "sign"),
        (2, '0"+"', "2", "sign"),
        (0.8, "0.0‰", "0.8", "sign"),
        (3, "+0;-0", "3", ""),
        (1, '"Y";;"N"', "1", "hidden"),
        (0.5, '[<1]"low";0.0', "0.5", "hidden"),
        (3.5, '[<1]"low";0.0', "3.5", ""),
        (150, "[>=100]0;0.0", "150", ""),
        (datetime(2025, 3, 12), "mmmm", "2025-03-12", "year"),
        ("#FIELD!", "General", "", ""),
        ("#N/A", "General", "", ""),
        ("007 ", "@", "007", ""),
    ],
)  # fmt: skip
def test_a_cell_is_read_as_it_shows_itself_or_the_difference_is_told(value, number_format, text, unlike):
    assert shown(value, number_format) == (text, unlike)


@pytest.mark.parametrize(
    ("number_format", "parts"),
    [
        ("yyyy-mm-dd hh:mm", "ymdhn"), ("mm:ss", "ns"), ("h:mm AM/PM", "hn"), ("[$-409]mmmm d, yyyy", "ymd"),
        ("dd.mm.yy", "ymd"), ('yyyy"m"dd', "yd"), ("[h]:mm:ss", "hns"),
    ],
)  # fmt: skip
def test_a_date_format_shows_its_parts(number_format, parts):
    assert parts_of(number_format) == frozenset(parts)


def book(path, rows, merges=(), formats=(), change=lambda sheet: None):
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = "AE"
    for row in rows:
        sheet.append(row)
    for place, number_format in formats:
        sheet[place].number_format = number_format
    for area in merges:
        sheet.merge_cells(area)
    change(sheet)
    made.save(path / "book.xlsx")
    return read_workbook_sheet(path / "book.xlsx", "AE")


def test_a_column_of_percentages_is_told_once_and_a_mixed_one_gravely(tmp_path):
    rows = [["SUBJECT", "KI67", "BLAST"], [7, 0.8, 0.5], [8, 0.455, 12]]
    formats = [("A2", "00000"), ("A3", "00000"), ("B2", "0%"), ("B3", "0.0%"), ("C2", "0%")]
    sheet = book(tmp_path, rows, formats=formats)
    assert sheet.rows == [["00007", "80", "50"], ["00008", "45.5", "12"]]
    assert [(n.column, n.severity, n.line) for n in sheet.notes] == [("KI67", "minor", 2), ("BLAST", "major", 2)]


LESIONS = ["SUBJECT", "Lesion 1", None, "Lesion 2", None]
NAMES = ["SUBJECT", "Lesion 1 LDi", "Lesion 1 SDi", "Lesion 2 LDi", "Lesion 2 SDi"]


@pytest.mark.parametrize("header_row", [1, 2])
def test_a_heading_merged_over_columns_is_part_of_their_names(tmp_path, header_row):
    rows = [LESIONS, [None, "LDi", "SDi", "LDi", "SDi"], ["101", 10.4, 8, 20, 12]]
    if header_row == 2:
        rows[1][0] = "SUBJECT"
        rows[0][0] = None
    book(tmp_path, rows, merges=("B1:C1", "D1:E1", *(("A1:A2",) if header_row == 1 else ())))
    sheet = read_workbook_sheet(tmp_path / "book.xlsx", "AE", header_row)
    assert (sheet.header, sheet.rows, sheet.lines) == (NAMES, [["101", "10.4", "8", "20", "12"]], [3])


def test_a_record_under_a_merged_heading_is_no_header(tmp_path):
    sheet = book(tmp_path, [["SUBJECT", "Comment", None], ["101", "a", "b"], ["102", "c", None]], merges=("B1:C1",))
    assert sheet.rows == [["101", "a", ""], ["102", "c", ""]] or len(sheet.rows) == 2
    assert ("RAW-LAYOUT", "major") in [(note.check, note.severity) for note in sheet.notes]


def test_what_is_hidden_or_merged_in_the_data_is_read_and_said(tmp_path):
    def hide(sheet):
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["B"].hidden = True

    sheet = book(tmp_path, [["SUBJECT", "DOSE"], ["1", 5], ["2", 6], ["3", 7]], merges=("B3:B4",), change=hide)
    assert sheet.rows == [["1", "5"], ["2", "6"], ["3", ""]]
    assert [(note.severity, note.line) for note in sheet.notes] == [("minor", 3), ("minor", 0), ("major", 3)]


def test_a_row_number_that_no_sheet_has_is_refused_at_once(tmp_path):
    book(tmp_path, [["SUBJECT"], ["1"]])
    with zipfile.ZipFile(tmp_path / "book.xlsx") as made:
        parts = {name: made.read(name) for name in made.namelist()}
    place = "xl/worksheets/sheet1.xml"
    parts[place] = parts[place].replace(b'<row r="2"', b'<row r="2000000000"').replace(b'r="A2"', b'r="A2000000000"')
    with zipfile.ZipFile(tmp_path / "far.xlsx", "w") as made:
        for name, content in parts.items():
            made.writestr(name, content)
    with pytest.raises(TrialError, match="a row beyond 1,048,576"):
        read_workbook_sheet(tmp_path / "far.xlsx", "AE")
