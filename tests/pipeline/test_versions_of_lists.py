"""A code that means one thing in one version of the CRF and another in the next is read by its record's own version."""

from pathlib import Path

import pandas as pd
import pytest

from pipeline.gate.checks.parsed import parse
from pipeline.gate.field_checks import check_forms
from pipeline.gate.text_or_code import CODE, by_mapping
from pipeline.intake.codes import named, with_codes
from pipeline.lint.places import read_grid
from pipeline.lint.raw import check_lists
from pipeline.lint.versions import check_versions
from pipeline.study.contracts import contract_of
from pipeline.study.specs import load_specs
from sdtm.mapping.terms import terms

LINES = ["REL,1,Related,1", "REL,2,Not related,1", "REL,1,Definitely related,2", "REL,2,Probably related,2",
         "REL,5,Not related,2", "REL,9,Unknown,"]  # fmt: skip
LISTS = pd.DataFrame([line.split(",") for line in LINES], columns=["CODELIST", "CODED_VALUE", "DECODE", "VERSION"])
CONTRACT = contract_of({"form": "AE", "fields": {"REL": {"label": "Related", "type": "coded", "codelist": "REL"}}})


def records(version, text, code):
    keys = {"_FORM": "AE", "_SUBJECT": "1", "_RECORD": "7", "_LINE": 2, "MDVOID": version}
    return pd.DataFrame([{"REL": text, "REL_STD": code, **keys}]).astype({"REL": "str", "REL_STD": "str"})


@pytest.mark.parametrize(("version", "text", "code", "asked"), [
    ("MDV.1", "Not related", "2", ""), ("MDV.2", "Probably related", "2", ""), ("MDV.2", "not related", "5", ""),
    ("MDV.1", "Unknown", "9", ""), ("MDV.2", "Unknown", "9", ""), ("7", "Probably related", "2", ""),
    ("MDV.2", "Not related", "2", "the text 'Not related' and the code 2 (Probably related) disagree"),
    ("MDV.1", "Probably related", "2", "the text 'Probably related' and the code 2 (Not related) disagree"),
])  # fmt: skip
def test_text_and_code_are_compared_by_the_records_own_version(version, text, code, asked):
    found, _ = check_forms({"AE": records(version, text, code)}, {"AE": CONTRACT}, LISTS, lambda *_: CODE)
    expected = [f"Related: {asked}; the code goes into SDTM. Please confirm."] * bool(asked)
    assert found["message"].tolist() == expected


@pytest.mark.parametrize(("version", "code", "text"), [
    ("MDV.1", "2", "Not related"), ("MDV.2", "2", "Probably related"), ("MDV.2", "5", "Not related"),
])  # fmt: skip
def test_what_is_delivered_without_its_text_or_its_code_gets_that_of_its_version(version, code, text):
    coded = {"form": "AE", "fields": {"REL": {"type": "coded", "codelist": "REL"}}}
    of_codes, of_texts = (contract_of({**coded, "coded": {what: "{}"}}) for what in ("code", "text"))
    whole = records(version, text, code)
    assert with_codes(whole[["REL_STD", "MDVOID"]], of_codes, LISTS)["REL"].tolist() == [text]
    assert with_codes(whole[["REL", "MDVOID"]], of_texts, LISTS)["REL_STD"].tolist() == [code]


@pytest.mark.parametrize(("stated", "version", "is_it"), [
    ("MDV.2", "2", True), ("2", "2", True), ("MDV.2", "MDV.2", True), ("MDV.12", "2", False), ("MDV2", "2", False),
])  # fmt: skip
def test_a_version_goes_by_its_whole_name_or_its_end(stated, version, is_it):
    assert named(stated, version) is is_it


@pytest.mark.parametrize(("line", "twice"), [
    ("REL,2,Perhaps related,3", False), ("REL,2,Perhaps related,1; 3", True), ("REL,2,Perhaps related,", True),
    ("REL,9,Not known,2", True), ("REL,8,Not known,2", False),
])  # fmt: skip
def test_a_code_stands_once_in_each_version(tmp_path, line, twice):
    path = tmp_path / "_codelists.csv"
    path.write_text("\n".join(["CODELIST,CODED_VALUE,DECODE,VERSION", *LINES, line, ""]))
    told = [problem.text() for problem in check_lists(read_grid(path, "x.csv"))]
    assert [text.startswith("x.csv:8:5 error: REL has the code") for text in told] == [True] * twice


SHEET = "form,block,target,rule,source,where\nAE,,AEREL,lookup,REL RELATION,\n"


@pytest.mark.parametrize(("lines", "graded"), [
    ("Not related NR", ""), ("5 NR", ""), ("2 NR, Not related NR, Probably related NR", ""), ("2 NR", "warning"),
    ("2 NR, Not related NR, Probably related R", "error"),
])  # fmt: skip
def test_a_code_of_several_meanings_is_not_translated(tmp_path, lines, graded):
    (tmp_path / "ae.csv").write_text(SHEET)
    collected, submission = zip(*(line.rsplit(" ", 1) for line in lines.split(", ")), strict=True)
    ct = pd.DataFrame({"codelist": "RELATION", "collected": collected, "submission": submission})
    lists = {"REL": [(code, text) for _, code, text, _ in (line.split(",") for line in LINES)]}
    fields = {"AE.REL": CONTRACT.fields["REL"]}
    grid = read_grid(tmp_path / "ae.csv", "ae.csv")
    told = check_versions(grid, fields, lists, {}, lambda codelist: terms(ct, codelist))
    said = "RELATION translates the code 2 of REL, which means Not related or Probably related by version; "
    said += "say the texts in codelists.csv (RELATION,N,Not related,SUBMISSION VALUE,,), and not the code"
    assert [problem.text() for problem in told] == [f"ae.csv:2:18 {graded}: {said}"] * bool(graded)


@pytest.mark.parametrize(("field", "code", "goes"), [
    ("AESER", "Y", "the code goes into SDTM"), ("AESER", "?", "the text goes into SDTM"),
    ("NOWHERE", "Y", "neither goes into SDTM"),
])  # fmt: skip
def test_which_of_text_and_code_is_taken_is_told_by_the_studys_mapping(field, code, goes):
    specs = load_specs(Path(__file__).parents[2], "iomab_act")
    assert by_mapping(specs)("AE", field, "No", code) == goes


def test_a_check_knows_a_code_of_several_meanings_by_its_text():
    two = pd.concat([records("MDV.1", "Not related", "2"), records("MDV.2", "Probably related", "2"),
                     records("MDV.2", "Not related", "5")], ignore_index=True)  # fmt: skip
    assert parse(two, CONTRACT, LISTS)["REL"].tolist() == ["Not related", "Probably related", "5"]
