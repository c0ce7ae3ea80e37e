"""A dictionary in one workbook, as Rave writes it: fields, lists, folders and names of forms stand in its sheets."""

import pytest
from openpyxl import Workbook

from pipeline.ground.faults import TrialError
from pipeline.new_study.dictionary import read_dictionary
from pipeline.new_study.lists import lists_beside
from pipeline.new_study.visits import visit_rows

ALS = {
    "CRFDraft": [("DraftName",), ("1.0",)],
    "Forms": [("OID", "DraftFormName"), ("ADVEV", "Adverse Event")],
    "Fields": [("FormOID", "FieldOID", "DataFormat", "DataDictionaryName", "PreText", "IsRequired"),
               ("ADVEV", "EVTERM", "$200", "", "Adverse event (verbatim term)", "TRUE"),
               ("ADVEV", "EVDT", "dd MMM yyyy", "", "Start date", "FALSE"),
               ("ADVEV", "EVTM", "HH:nn", "", "Start time", "FALSE"),
               ("ADVEV", "EVNO", "3", "", "Number", "FALSE"), ("ADVEV", "EVTMP", "5.1", "", "Temperature", "FALSE"),
               ("ADVEV", "EVSAE", "1", "YN", "Serious?", "TRUE")],
    "Folders": [("OID", "Ordinal", "FolderName"), ("SCR", 1, "Screening"), ("D28", 2, "Day 28")],
    "DataDictionaryEntries": [("DataDictionaryName", "CodedData", "Ordinal", "UserDataString"), ("YN", 1, 1, "Yes"),
                              ("YN", 0, 2, "No")],
}  # fmt: skip


def book(path, sheets):
    made = Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    made.save(path)
    return path


@pytest.fixture(scope="module")
def als(tmp_path_factory):
    return book(tmp_path_factory.mktemp("als") / "als.xlsx", ALS)


def test_its_fields_have_the_name_of_their_form_their_type_and_list(als):
    fields = read_dictionary(als).fields
    assert [(f.name, f.form_label, f.type, f.codelist, f.required) for f in fields] == [
        ("EVTERM", "Adverse Event", "text", "", True), ("EVDT", "Adverse Event", "date", "", False),
        ("EVTM", "Adverse Event", "time", "", False), ("EVNO", "Adverse Event", "integer", "", False),
        ("EVTMP", "Adverse Event", "decimal", "", False), ("EVSAE", "Adverse Event", "coded", "YN", True)]


def test_its_lists_and_folders_are_read_where_no_other_file_is_named(als):
    assert lists_beside(str(als), "") == [["YN", "1", "Yes", ""], ["YN", "0", "No", ""]]
    assert [line.split(",")[1:3] for line in visit_rows(str(als), "")[1:]] == [["SCREENING", "SCR"], ["DAY 28", "D28"]]


def test_fields_in_the_only_sheet_are_read_whatever_it_is_called(tmp_path):
    assert len(read_dictionary(book(tmp_path / "a.xlsx", {"Sheet1": ALS["Fields"]})).fields) == 6


def test_a_workbook_without_a_sheet_of_fields_is_refused_with_what_it_has(tmp_path):
    with pytest.raises(TrialError) as error:
        read_dictionary(book(tmp_path / "a.xlsx", {"One": [("A",)], "Two": [("B",)]}))
    assert (error.value.what, error.value.cure) == (
        "The workbook has no sheet for the data dictionary.", "name the sheet Fields; it has One, Two")


def test_an_older_workbook_is_refused_with_the_cure(tmp_path):
    (tmp_path / "als.xls").write_text("<?xml version='1.0'?><Workbook/>")
    with pytest.raises(TrialError) as error:
        read_dictionary(tmp_path / "als.xls")
    assert "save it as .xlsx" in error.value.cure


@pytest.mark.parametrize(("header", "what"), [
    ("Dict,Code,Label", "the list"), ("CODELIST,Nr,Wort", "codes or labels")])
def test_a_file_of_codelists_that_nobody_can_read_is_refused_and_not_passed_over(tmp_path, header, what):
    (tmp_path / "lists.csv").write_text(f"{header}\nYN,1,Yes\n")
    with pytest.raises(TrialError) as error:
        lists_beside("dictionary.csv", str(tmp_path / "lists.csv"))
    assert error.value.what == f"The file of codelists has no column for {what}."
