"""The specification workbook: written from a study and taken into one, nothing lost on the way, problems with place."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import xlsxwriter
from exported_frames import exported
from small_package import TERMS, of_class

from pipeline.ground.faults import TrialError
from pipeline.ground.metadata import Parameter
from pipeline.publish.build import Request
from pipeline.publish.export.dataset import Exported
from pipeline.publish.export.define.codelists import Terminology, codelists
from pipeline.publish.export.define.facts import Facts, RangeCheck, Where
from pipeline.publish.export.define.variables import Alongside, groups
from pipeline.publish.export.transport import lengths
from pipeline.publish.specification import command, sheets
from pipeline.publish.specification.book import book, sheets_of
from pipeline.publish.specification.joined import joined
from pipeline.publish.specification.overlay import kept_files, kept_sheets, overlays
from pipeline.publish.specification.problems import problems
from pipeline.publish.specification.rows import rows_of
from pipeline.publish.specification.taken import OwnWords, own_words, unlike

ADTTE = of_class(exported("adtte", "STUDYID USUBJID PARAMCD PARAM AVAL:number SEX", [
    ("S", "S-1", "OS", "Overall Survival", 2.5, "M"), ("S", "S-1", "PFS", "Progression-Free", 1.5, "M")]),
    "BASIC DATA STRUCTURE", AVAL={"origin": "Derived", "derivation": "Days."}, SEX={"codelist": "SEX"})  # fmt: skip
ADTTE = Exported(replace(ADTTE.spec, keys=("STUDYID", "USUBJID", "PARAMCD"), parameters=(
    Parameter("OS", "Overall Survival", "From first dose to death."),), said={
    "variables": [{"name": name} for name in ADTTE.spec.names if name != "SEX"], "parameters": [{"code": "OS"}]}),
    ADTTE.data)  # fmt: skip


def facts(one=ADTTE):
    lists, places = codelists([one], Terminology(TERMS, {"SEX": "C66731"}, {}))
    told = groups([one], Alongside(lengths([one], "utf-8"), places))
    return Facts("S-1", "A Study", "adam", ("ADaMIG", "1.3"), ("SDTM", "2025-03-28"), "", "", ("p", "1"), told,
                 tuple(lists))  # fmt: skip


OWN = rows_of(facts())


def read_back(told, path):
    path.write_bytes(book(told, "A Study"))
    return sheets_of(path)


def grids(told):
    return [(one.name, one.columns, one.rows) for one in told]


def sponsored(tmp_path, **changes):
    """The study's workbook as a sponsor changes it: by sheet the function that makes of header and rows others."""
    path = tmp_path / "sponsor.xlsx"
    with xlsxwriter.Workbook(path) as written:
        for one in OWN:
            head, rows = list(one.columns), [list(row) for row in one.rows]
            name, head, rows = changes.get(one.name.replace(" ", ""), lambda n, h, r: (n, h, r))(one.name, head, rows)
            page = written.add_worksheet(name)
            for number, row in enumerate([head, *rows]):
                page.write_row(number, 0, row)
        if "further" in changes:
            page = written.add_worksheet("Notes to Reviewer")
            page.write_row(0, 0, ["What", "Why"])
            page.write_string(1, 0, "=1+1")
            page.write_string(1, 1, "a text")
    return sheets_of(path)


def cell(column, row, text):
    """A change of one cell."""

    def changed(name, head, rows):
        rows[row][head.index(column)] = text
        return name, head, rows

    return changed


def test_a_workbook_read_back_is_the_one_that_was_written_and_has_no_problem(tmp_path):
    back = read_back(OWN, tmp_path / "a.xlsx")

    assert grids(back) == grids(OWN) and list(problems(back)) == [] and list(unlike(back, OWN)) == []
    assert own_words(back, OWN) == {} and book(OWN, "A") == book(OWN, "A")


def test_where_clauses_codelists_methods_and_parameters_stand_in_their_sheets():
    by_name = {one.kind: one.records() for one in OWN}

    assert [(one["ID"], one["Variable"], one["Comparator"], one["Value"]) for one in by_name[sheets.CLAUSES]] == [
        ("WC.ADTTE.PARAMCD.OS", "PARAMCD", "EQ", "OS"), ("WC.ADTTE.PARAMCD.PFS", "PARAMCD", "EQ", "PFS")]
    assert [(one["Variable"], one["Where Clause"]) for one in by_name[sheets.VALUES]] == [
        ("AVAL", "WC.ADTTE.PARAMCD.OS"), ("AVAL", "WC.ADTTE.PARAMCD.PFS")]
    assert "From first dose to death." in [one["Description"] for one in by_name[sheets.METHODS]]
    assert {"NCI Codelist Code": "C66731", "Term": "M", "NCI Term Code": "C20197"}.items() <= next(
        one for one in by_name[sheets.CODELISTS] if one["ID"] == "CL.SEX").items()


@pytest.mark.parametrize(("changes", "expected"), [
    ({"Variables": cell("Dataset", 1, "ADXX")}, "Variables, row 3, Dataset: names ADXX, which Datasets does not have"),
    ({"Variables": cell("Data Type", 0, "char")}, "Variables, row 2, Data Type: 'char' is none of its words"),
    ({"Variables": cell("Length", 0, "long")}, "Variables, row 2, Length: 'long' is no whole number"),
    ({"Variables": cell("Label", 0, "x" * 41)}, "Variables, row 2, Label: has 41 signs"),
    ({"Variables": cell("Method", 0, "MT.NO")}, "Variables, row 2, Method: names MT.NO, which Methods does not have"),
    ({"Variables": cell("Codelist", 0, "CL.NO")}, "Codelist: names CL.NO, which Codelists or Dictionaries"),
    ({"Variables": cell("Variable", 0, "USUBJID")}, "Variables, row 3: ADTTE USUBJID stands twice"),
    ({"Variables": cell("Variable", 0, "studyid")}, "Variables, row 2, Variable: 'studyid' is no name"),
    ({"Variables": lambda name, head, rows: ("Vars", head, rows)}, "Variables: the workbook has no such sheet"),
    ({"Variables": lambda name, head, rows: (name, ["X" if h == "Variable" else h for h in head], rows)},
     "Variables, Variable: the sheet has no such column"),
    ({"Datasets": cell("Key Variables", 0, "STUDYID, NOVAR")}, "Datasets, row 2, Key Variables: names ADTTE.NOVAR"),
    ({"ValueLevel": cell("Where Clause", 1, "WC.NO")}, "ValueLevel, row 3, Where Clause: names WC.NO"),
    ({"WhereClauses": cell("Comparator", 0, "EQUALS")}, "WhereClauses, row 2, Comparator: 'EQUALS' is none of"),
    ({"WhereClauses": cell("Variable", 0, "PARCD")}, "WhereClauses, row 2, Variable: names ADTTE.PARCD"),
    ({"Variables": cell("Origin", 0, "CRF")}, "Variables, row 2, Origin: 'CRF' is none of its words"),
    ({"Variables": cell("Mandatory", 0, "Y")}, "Variables, row 2, Mandatory: 'Y' is none of its words"),
])  # fmt: skip
def test_a_problem_is_told_with_sheet_row_column_and_cure(tmp_path, changes, expected):
    told = [one.text() for one in problems(sponsored(tmp_path, **changes))]

    assert any(text.startswith(expected) or expected in text for text in told), told
    assert all("\n  cure:  " in text for text in told)


@pytest.mark.parametrize(("sheet", "column", "text", "expected"), [
    ("Variables", "Data Type", "integer", "Variables, row 2, Data Type: says integer; the study has text"),
    ("Datasets", "Key Variables", "STUDYID", "Datasets, row 2, Key Variables: says STUDYID; the study has STUDYID,"),
])  # fmt: skip
def test_what_data_and_rules_make_is_told_where_the_sponsor_has_it_otherwise(tmp_path, sheet, column, text, expected):
    told = [one.text() for one in unlike(sponsored(tmp_path, **{sheet: cell(column, 0, text)}), OWN)]

    assert len(told) == 1 and told[0].startswith(expected)


def test_words_that_differ_become_lines_of_the_studys_file_and_others_are_told_where_to_say_them(tmp_path):
    theirs = sponsored(tmp_path, Variables=cell("Label", 4, "Time in Days"), Datasets=cell("Label", 0, "Times"),
                       Methods=cell("Description", 1, "From randomisation to death."))  # fmt: skip

    words = own_words(theirs, OWN)
    files, told = overlays(words, {"adtte": ADTTE.spec}, tmp_path)

    assert words == {"ADTTE": OwnWords({"label": "Times"}, {"AVAL": {"label": "Time in Days"}},
                                       {"OS": {"derivation": "From randomisation to death."}})}  # fmt: skip
    assert files == {tmp_path / "adam" / "adtte.yaml": "label: Times\nvariables:\n- name: AVAL\n  label: Time in Days\n"
                     "parameters:\n- code: OS\n  derivation: From randomisation to death.\n"}  # fmt: skip
    assert told == []
    carried = overlays({"ADTTE": OwnWords(variables={"SEX": {"label": "Gender"}})}, {"adtte": ADTTE.spec}, tmp_path)
    assert carried[0] == {} and carried[1][0].text().startswith("Variables, ADTTE.SEX: says another label")


def test_a_file_with_remarks_is_not_rewritten_and_one_without_keeps_what_it_says(tmp_path):
    path = tmp_path / "adam" / "adtte.yaml"
    path.parent.mkdir()
    words = {"ADTTE": OwnWords(variables={"AVAL": {"label": "Time"}})}

    path.write_text("variables:\n- name: AVAL\n  comment: kept\n- name: PARAM\n  label: P\n", "utf-8")
    assert overlays(words, {"adtte": ADTTE.spec}, tmp_path)[0][path] == (
        "variables:\n- name: AVAL\n  comment: kept\n  label: Time\n- name: PARAM\n  label: P\n")
    path.write_text("# why\nvariables:\n- name: AVAL\n  comment: kept\n", "utf-8")
    files, told = overlays(words, {"adtte": ADTTE.spec}, tmp_path)
    assert files == {} and "write it there by hand" in told[0].text()


def called_m1(row):
    return ["M1" if text == "MT.ADTTE.AVAL" else text for text in row]


def changed(book_of, old, new):
    """A workbook with another text in the cells that have this one."""
    return [replace(one, rows=tuple(tuple(new if text == old else text for text in row) for row in one.rows))
            for one in book_of]  # fmt: skip


def test_extra_sheets_renamed_columns_further_columns_and_names_of_the_sponsor_survive(tmp_path):
    def renamed(name, head, rows):
        head = ["Variable Label" if one == "Label" else one for one in head] + ["Owner"]
        return "Variables", head, [[*called_m1(row), "stats"] for row in rows]

    def methods(name, head, rows):
        return name, head, [called_m1(row) for row in rows]

    def values(name, head, rows):
        return "Value Level Metadata", head, rows

    theirs = sponsored(tmp_path, Variables=renamed, Methods=methods, ValueLevel=values, further=True)
    for name, text in kept_files(theirs).items():
        (tmp_path / name).write_text(text, "utf-8", newline="")

    again = joined(OWN, kept_sheets(tmp_path))

    assert grids(again) == [(name, columns, rows) for name, columns, rows in grids(theirs)]
    assert again[-1].rows == (("=1+1", "a text"),)
    assert grids(read_back(again, tmp_path / "again.xlsx")) == grids(again)


def test_compound_clauses_survive_under_the_sponsors_name_and_what_the_study_says_wins(tmp_path):
    group = facts().groups[0]
    checks = (RangeCheck("IT.ADTTE.PARAMCD", "IN", ("OS", "PFS")), RangeCheck("IT.ADTTE.SEX", "EQ", ("M",)))
    aval = next(item for item in group.items if item.name == "AVAL")
    value = replace(aval.values[0], where=Where("WC.OURS", checks), oid="IT.ADTTE.AVAL.BOTH")
    items = tuple(replace(aval, values=(value,)) if item is aval else item for item in group.items)
    own = rows_of(replace(facts(), groups=(replace(group, items=items, label="Now Otherwise"),)))
    theirs = changed(changed(own, "WC.OURS", "BOTH"), "OS, PFS", "PFS, OS")
    old = changed(theirs, "Now Otherwise", "Before")

    again = {one.kind: one.records() for one in joined(own, old)}

    assert [(one["ID"], one["Variable"]) for one in again[sheets.CLAUSES]][:2] == [("BOTH", "PARAMCD"), ("BOTH", "SEX")]
    assert [one["Where Clause"] for one in again[sheets.VALUES]] == ["BOTH"]
    assert again[sheets.DATASETS][0]["Label"] == "Now Otherwise"


def test_two_clauses_that_say_the_same_keep_their_names():
    same = [replace(one, rows=(*one.rows, ("WC.AR.T-1", *one.rows[0][1:]))) if one.kind == sheets.CLAUSES else one
            for one in OWN]  # fmt: skip

    assert grids(joined(same, same)) == grids(same)


def test_a_workbook_once_taken_in_and_exported_is_taken_in_and_exported_the_same(tmp_path):
    theirs = sponsored(tmp_path, Documents=lambda name, head, rows: (name, head, [["LF.SAP", "Plan", "sap.pdf"]]))
    for name, text in kept_files(theirs).items():
        (tmp_path / name).write_text(text, "utf-8", newline="")
    first = book(joined(OWN, kept_sheets(tmp_path)), "A")
    (tmp_path / "first.xlsx").write_bytes(first)
    for name, text in kept_files(sheets_of(Path(tmp_path / "first.xlsx"))).items():
        (tmp_path / name).write_text(text, "utf-8", newline="")

    assert book(joined(OWN, kept_sheets(tmp_path)), "A") == first


@pytest.mark.parametrize(("name", "said"), [
    ("lost.xlsx", "There is no such workbook"), ("spec.csv", "This is no workbook"),
])  # fmt: skip
def test_what_is_no_workbook_is_refused_with_the_command_that_shows_one(tmp_path, name, said):
    (tmp_path / "spec.csv").write_text("Dataset,Label\n", encoding="utf-8")

    with pytest.raises(TrialError, match=said) as told:
        command.take(tmp_path / name, Request())
    assert "trial spec export" in told.value.cure


def test_the_workbooks_of_a_study_taken_in_and_exported_again_are_the_same_bytes(lean, tmp_path):
    root, out = tmp_path / "project", tmp_path / "out"
    shutil.copytree(lean.root, root, symlinks=True)
    shutil.copytree(lean.out, out)
    shutil.copytree(lean.out.with_name(".out.cache"), tmp_path / ".out.cache")
    asked = Request(root=str(root), out=str(out))
    folder = out / "export" / "spec"
    command.export(asked)
    first = {path.name: path.read_bytes() for path in folder.glob("*.xlsx")}

    assert sorted(first) == ["adam.xlsx", "sdtm.xlsx"]
    for name, content in first.items():
        (tmp_path / name).write_bytes(content)
        assert command.take(tmp_path / name, asked)[0] == 0
    command.export(asked)
    assert {path.name: path.read_bytes() for path in folder.glob("*.xlsx")} == first
