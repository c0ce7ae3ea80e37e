"""A workbook is read as a delivery: one form per sheet, lines as Excel's rows, values as they were typed."""

import zipfile
from datetime import date, datetime, time

import openpyxl
import pytest

from pipeline.ground.faults import TrialError
from pipeline.intake.delivery import find_extract, open_delivery
from pipeline.intake.records import read_form
from pipeline.readers import workbook
from pipeline.study.contracts import contract_of

CONTRACT = {
    "form": "VISIT",
    "sheet": "Visits",
    "system": "false",
    "subject": {"column": "PATIENT", "site": "01"},
    "record": ["PATIENT", "DAT"],
    "fields": {
        "PATIENT": {"column": "Patient"},
        "DAT": {"column": "Visit date (local)", "type": "date"},
        "VALUE": {"column": "Value", "type": "decimal"},
    },
}


def written(tmp_path, rows, name="book.xlsx", sheet="Visits"):
    book = openpyxl.Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(row)
    book.save(tmp_path / name)
    return tmp_path


HEADER = ["Patient", "Visit date (local)", "Value"]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (2, "2"),
        (2.0, "2"),
        (1.75, "1.75"),
        (0.1 + 0.2, "0.3"),
        (1e-7, "0.0000001"),
        ("007", "007"),
        (" x ", "x"),
        (date(2025, 2, 4), "2025-02-04"),
        (datetime(2025, 2, 4), "2025-02-04"),
        (datetime(2025, 2, 4, 13, 5), "2025-02-04T13:05"),
        (time(9, 30), "09:30"),
        (True, "TRUE"),
        ("2023-01", "2023-01"),
    ],
)
def test_a_cell_reads_as_it_was_typed(tmp_path, typed, expected):
    sheet = open_delivery(written(tmp_path, [HEADER, ["A", None, typed]])).read("book.xlsx[Visits]")
    assert sheet.rows == [["A", "", expected]]


def test_lines_are_the_rows_of_excel_and_empty_rows_are_left_away(tmp_path):
    folder = written(tmp_path, [HEADER, ["A", "2025-01-01", 1], [], ["B", "2025-01-02", 2]])
    records, _ = read_form(open_delivery(folder), contract_of(CONTRACT), None)
    assert records[["_SUBJECT", "_SITE", "_FILE", "_LINE", "VALUE"]].to_numpy().tolist() == [
        ["A", "01", "book.xlsx[Visits]", 2, "1"],
        ["B", "01", "book.xlsx[Visits]", 4, "2"],
    ]


def test_a_header_below_a_title_is_found_where_the_contract_says(tmp_path):
    folder = written(tmp_path, [["Chart review, version 2"], [], HEADER, ["A", "2025-01-01", 1]])
    records, _ = read_form(open_delivery(folder), contract_of(CONTRACT | {"header_row": "3"}), None)
    assert records[["_SUBJECT", "_LINE"]].to_numpy().tolist() == [["A", 4]]


@pytest.mark.parametrize(
    ("cell", "check", "severity"),
    [("=1+1", "RAW-FORMULA", "major"), ("#DIV/0!", "RAW-CELL", "major")],  # written without a stored result
)
def test_a_formula_or_an_error_is_never_computed_but_found(tmp_path, cell, check, severity):
    folder = written(tmp_path, [HEADER, ["A", "2025-01-01", cell]])
    records, findings = read_form(open_delivery(folder), contract_of(CONTRACT), None)
    assert records["VALUE"].isna().all()
    found = findings[["check", "severity", "record", "field"]].to_numpy().tolist()
    assert found == [[check, severity, "line 2", "Value"]]


def test_a_note_beside_the_table_is_found_and_breaks_no_record(tmp_path):
    folder = written(tmp_path, [HEADER, ["A", "2025-01-01", 1, None, "ask the site"]])
    records, findings = read_form(open_delivery(folder), contract_of(CONTRACT), None)
    assert len(records) == 1
    assert findings["check"].tolist() == ["RAW-CELL"]


def test_a_lost_column_is_named_as_the_workbook_calls_it(tmp_path):
    folder = written(tmp_path, [["Patient", "Value"], ["A", 1]])
    _, findings = read_form(open_delivery(folder), contract_of(CONTRACT), None)
    assert "The column Visit date (local) is missing" in findings["message"].iloc[0]


def test_a_single_workbook_is_a_delivery_and_the_newest_in_the_studys_folder(tmp_path):
    home = tmp_path / "data" / "s"
    home.mkdir(parents=True)
    written(home, [HEADER, ["A", "2025-01-01", 1]])
    path = find_extract(tmp_path, "s")
    assert path == home / "book.xlsx"
    assert list(open_delivery(path).hashes) == ["book.xlsx[Visits]"]


def test_a_workbook_that_unpacks_to_far_more_than_it_is_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 50_000_000)
    with pytest.raises(TrialError, match="would unpack to 50 MB"):
        open_delivery(tmp_path / "bomb.xlsx")


def test_a_workbook_with_entities_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "laughs.xlsx", "w") as archive:
        archive.writestr("xl/workbook.xml", '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">]><x>&a;</x>')
    with pytest.raises(TrialError, match="declares XML entities"):
        open_delivery(tmp_path / "laughs.xlsx")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not a zip", b"Patient,Age\nA,1\n"])
def test_what_is_no_workbook_is_said_plainly(tmp_path, content):
    (tmp_path / "book.xlsx").write_bytes(content)
    with pytest.raises(TrialError, match="cannot be read as a workbook"):
        open_delivery(tmp_path / "book.xlsx")


def test_a_sheet_with_too_many_cells_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(workbook, "MAX_CELLS", 5)
    delivery = open_delivery(written(tmp_path, [HEADER, ["A", "2025-01-01", 1]]))
    with pytest.raises(TrialError, match="more than 5 cells"):
        delivery.read("book.xlsx[Visits]")


def test_a_sheet_that_two_workbooks_have_must_be_told_apart(tmp_path):
    written(tmp_path, [HEADER])
    written(tmp_path, [HEADER], name="older.xlsx")
    delivery = open_delivery(tmp_path)
    with pytest.raises(TrialError, match="Several workbooks have a sheet 'Visits'"):
        delivery.source(contract_of(CONTRACT))
    assert delivery.source(contract_of(CONTRACT | {"file": "older.xlsx"})) == "older.xlsx[Visits]"
