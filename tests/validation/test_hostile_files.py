"""Files that no program of their kind would write so: what they hold is read whole, or refused in words."""

import json
import re
import zipfile
from decimal import Decimal

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet
import pyreadstat
import pytest

from pipeline.ground.faults import TrialError
from pipeline.intake.delivered import keyed
from pipeline.intake.delivery import open_delivery
from pipeline.intake.records import read_form
from pipeline.readers.parquet import read_parquet_file
from pipeline.readers.sas import read_sas
from pipeline.readers.workbook import read_workbook_sheet
from pipeline.study.contracts import contract_of

SHEET = "xl/worksheets/sheet1.xml"


def workbook(tmp_path, rows, change=lambda text: text):
    """A workbook of one sheet whose XML is changed by hand."""
    book = openpyxl.Workbook()
    book.active.title = "AE"
    for row in rows:
        book.active.append(row)
    book.save(tmp_path / "plain.xlsx")
    with (
        zipfile.ZipFile(tmp_path / "plain.xlsx") as plain,
        zipfile.ZipFile(tmp_path / "book.xlsx", "w") as changed,
    ):
        for name in plain.namelist():
            text = plain.read(name)
            changed.writestr(name, change(text.decode()) if name == SHEET else text)
    return tmp_path / "book.xlsx"


def row(number, text, place="A"):
    return f'<row r="{number}"><c r="{place}{number}" t="inlineStr"><is><t>{text}</t></is></c></row>'


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("</sheetData>", row(2, "again") + "</sheetData>"),
        lambda text: text.replace("</sheetData>", row(5, "five") + row(4, "four") + "</sheetData>"),
        lambda text: re.sub(r'r="B2"', 'r="A2"', text),
        lambda text: re.sub(r'(<c r="A2".*?</c>)(<c r="B2".*?</c>)', r"\2\1", text),
    ],
    ids=["a row twice", "rows in no order", "a cell twice", "cells in no order"],
)
def test_a_cell_that_the_library_passes_over_is_lost_and_told(tmp_path, change):
    whole = workbook(tmp_path, [["SUBJECT", "GRADE"], ["101", 2]])
    assert not read_workbook_sheet(whole, "AE").lost
    sheet = read_workbook_sheet(workbook(tmp_path, [["SUBJECT", "GRADE"], ["101", 2]], change), "AE")
    assert "filled cells" in sheet.lost[0] and sheet.rows == []


def test_the_header_is_the_first_filled_row_where_row_1_is_empty(tmp_path):
    sheet = read_workbook_sheet(workbook(tmp_path, [[None], [None], ["SUBJECT", "GRADE"], ["101", 2]]), "AE")
    assert (sheet.header, sheet.rows, sheet.lines) == (["SUBJECT", "GRADE"], [["101", "2"]], [4])
    assert [note.line for note in sheet.notes] == [3]


def test_an_empty_row_that_was_agreed_as_the_header_is_refused(tmp_path):
    with pytest.raises(TrialError, match="Row 2 of the sheet is empty"):
        read_workbook_sheet(workbook(tmp_path, [["SUBJECT"], [None], ["101"]]), "AE", header_row=2)


def test_signs_that_a_workbook_writes_by_number_are_those_signs(tmp_path):
    sheet = read_workbook_sheet(workbook(tmp_path, [["T"], ["one_x000D_\ntwo"], ["a_x005F_x000D_"]]), "AE")
    assert sheet.rows == [["one\r\ntwo"], ["a_x000D_"]]


def transport(tmp_path, frame):
    path = tmp_path / "ae.xpt"
    pyreadstat.write_xport(frame, str(path), table_name="AE", file_format_version=5)
    return path


def test_text_behind_a_zero_byte_of_a_transport_file_is_lost_and_told(tmp_path):
    path = transport(tmp_path, pd.DataFrame({"V": [1.5, 2.5], "T": ["fever, mild", "rash"]}))
    path.write_bytes(path.read_bytes().replace(b"fever, mild", b"fever\0 mild"))
    assert read_sas(path).lost == ("1 texts of T hold a zero byte (NUL) and go on behind it",)


def test_a_transport_file_of_a_variable_without_length_is_no_fault_of_the_program(tmp_path):
    path = transport(tmp_path, pd.DataFrame({"T": ["fever", "rash"], "V": [1.5, 2.5]}))
    content = bytearray(path.read_bytes())
    first = content.index(b"NAMESTR HEADER RECORD") - 20 + 80
    content[first + 140 + 4 : first + 140 + 6] = b"\0\0"
    path.write_bytes(bytes(content))
    try:
        read_sas(path)
    except TrialError as error:
        assert error.cure


def test_a_small_decimal_of_parquet_is_written_in_digits(tmp_path):
    path = tmp_path / "lb.parquet"
    pa.parquet.write_table(pa.table({"V": [Decimal("0.0000001"), Decimal("1.5000000"), None]}), path)
    assert [row[0] for row in read_parquet_file(path).rows] == ["0.0000001", "1.5000000", ""]


def zipped(tmp_path, **files):
    with zipfile.ZipFile(tmp_path / "delivery.zip", "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/"), content)
    return tmp_path / "delivery.zip"


def test_the_lock_file_of_a_workbook_in_a_zip_is_passed_over_as_in_a_folder(tmp_path):
    path = zipped(tmp_path, **{"AE.csv": "SUBJECT\n101\n", "~$AE.xlsx": "jdoe"})
    assert list(open_delivery(path).hashes) == ["AE.csv"]


def test_what_cannot_be_read_in_a_zip_is_named_without_the_passing_folder(tmp_path):
    with pytest.raises(TrialError) as caught:
        open_delivery(zipped(tmp_path, **{"AE.csv": "SUBJECT\n101\n", "book.xlsx": "no workbook"}))
    assert caught.value.where == "book.xlsx"


def test_a_manifest_may_name_files_with_the_folder_of_the_zip(tmp_path):
    promise = json.dumps({"files": [{"file": "export/AE.csv", "rows": 1}, {"file": "export/DM.csv", "rows": 1}]})
    delivery = open_delivery(zipped(tmp_path, **{"export__AE.csv": "SUBJECT\n101\n", "manifest.json": promise}))
    assert delivery.promise("AE.csv").rows == "1"
    assert delivery.undelivered == ["DM.csv"]


def test_columns_named_as_our_own_keys_are_columns_nobody_knows(tmp_path):
    (tmp_path / "AE.csv").write_text("SUBJECT,RECORDID,_SUBJECT,_LINE,_FORM\n1010001,7,x,y,z\n")
    contract = {"form": "AE", "system": "false", "fields": {"SUBJECT": {}, "RECORDID": {}}}
    delivery = open_delivery(tmp_path)
    records, found = read_form(delivery, contract_of(contract), None)

    assert records[["_SUBJECT", "_LINE", "_FORM"]].to_numpy().tolist() == [["1010001", 2, "AE"]]
    assert set(found.loc[found["check"] == "RAW-COLUMN", "field"]) == {"(_SUBJECT)", "(_LINE)", "(_FORM)"}
    assert keyed(delivery.read("AE.csv"), contract_of(contract))["_SUBJECT"].tolist() == ["1010001"]
