"""A new study laid out from its dictionary: it lints without errors, builds at once, and marks what is open."""

import shutil
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from pipeline.cli import trial
from pipeline.lint.report import lint
from pipeline.new_study.dictionary import read_dictionary, short_name

ROOT = Path(__file__).parents[2]
EDC = """FORM_OID,FORM_NAME,FIELD_OID,LABEL,DATA_TYPE,CODELIST,UNIT,REQUIRED,REPEATING_FORM,FOLDERS,CRF_VERSION
DM,Demographics,SUBJECT,Subject,text,,,Y,N,SCR,1.0
DM,Demographics,SEX,Sex,coded,SEX,,Y,N,SCR,1.0
DM,Demographics,AGE,Age,integer,,years,Y,N,SCR,1.0
AE,Adverse Events,SUBJECT,Subject,text,,,Y,Y,LOG,1.0
AE,Adverse Events,AETERM,Event (verbatim),text,,,Y,Y,LOG,1.0
AE,Adverse Events,AEDECOD,Preferred term,text,,,N,Y,LOG,1.0
AE,Adverse Events,AESTDAT,Start date,date,,,Y,Y,LOG,1.0
AE,Adverse Events,AESTTIM,Start time,time,,,N,Y,LOG,1.0
AE,Adverse Events,AEONGO,Ongoing?,coded,NY,,Y,Y,LOG,1.0
AE,Adverse Events,AEFOO,Something else,text,,,N,Y,LOG,2.0
VS,Vital Signs,SUBJECT,Subject,text,,,Y,Y,D1,1.0
VS,Vital Signs,VSDAT,Date,date,,,Y,Y,D1,1.0
VS,Vital Signs,WEIGHT,Weight,decimal,,kg,N,Y,D1,1.0
LOT,Prior Lines of Therapy,SUBJECT,Subject,text,,,Y,Y,LOG,1.0
LOT,Prior Lines of Therapy,LOTREG,Regimen,text,,,Y,Y,LOG,1.0
LOT,Prior Lines of Therapy,LOTSTDAT,Start,date,,,Y,Y,LOG,1.0
LOT,Prior Lines of Therapy,LOTENDAT,End,date,,,Y,Y,LOG,1.0
"""
BY_SHEET = """SHEET,COLUMN,MEANING,TYPE,VALUES_OR_UNIT
Patients,Patient,Patient,text,
Patients,Sex,Sex,text,
Patients,Age at entry (y),Age at entry (y),integer,years
Patients,Bulky >7.5 cm,Bulky >7.5 cm,Yes/No,
Patients,Death date,Death date,ISO date,
"""


@pytest.fixture
def project(tmp_path):
    shutil.copytree(ROOT / "specs" / "standard", tmp_path / "specs" / "standard")
    return tmp_path


def laid_out(project, dictionary, *more):
    (project / "dictionary.csv").write_text(dictionary, encoding="utf-8")
    words = ["new-study", "fresh", "--from", str(project / "dictionary.csv"), "--root", str(project), *more]
    result = CliRunner().invoke(trial, words)
    assert result.exit_code == 0, result.output
    return project / "specs" / "fresh"


def sheet(folder, domain):
    rows = pd.read_csv(folder / "mapping" / f"{domain}.csv", dtype="str", keep_default_na=False)
    return {(r.form, r.target): (r.rule, r.source, r.where) for r in rows[rows["form"] != ""].itertuples()}


@pytest.mark.parametrize("dictionary", [EDC, BY_SHEET])
def test_what_is_laid_out_lints_without_errors(project, dictionary):
    laid_out(project, dictionary)
    problems, _ = lint(project, "fresh")
    assert [p.text() for p in problems if p.kind == "error"] == []
    assert any(p.kind == "open" for p in problems)


def test_fields_with_cdash_names_get_their_targets(project):
    folder = laid_out(project, EDC)
    assert sheet(folder, "dm")["DM", "SEX"] == ("assign_ct", "SEX", "")
    assert sheet(folder, "dm")["DM", "AGE"] == ("assign_number", "AGE", "")
    ae = sheet(folder, "ae")
    assert ae["AE", "AETERM"] == ("assign", "AETERM", "")
    assert ae["AE", "AESTDTC"] == ("assign_datetime", "AESTDAT AESTTIM", "")
    assert ae["AE", "AEENRTPT"] == ("hardcode", "ONGOING", 'AEONGO == "Yes"')


def test_a_measured_field_becomes_a_row_of_the_table_of_tests(project):
    folder = laid_out(project, EDC)
    assert (folder / "mapping" / "vs_tests.csv").read_text().splitlines() == [
        "form,field,test,list,unit,result", "VS,WEIGHT,WEIGHT,,kg,number"]
    assert sheet(folder, "vs") == {("VS", "VSDTC"): ("assign_datetime", "VSDAT", "")}
    assert (folder / "codelists.csv").read_text() == "codelist,extensible,collected,submission,code,label\n"


def test_a_unit_that_the_terminology_does_not_have_is_added_to_the_studys_terms(project):
    folder = laid_out(project, EDC.replace(",kg,", ",stone,"))
    assert "VS,WEIGHT,WEIGHT,,stone,number" in (folder / "mapping" / "vs_tests.csv").read_text()
    assert (folder / "codelists.csv").read_text().splitlines()[1:] == ["VSRESU,Y,,stone,,"]
    assert [p.text() for p in lint(project, "fresh")[0] if p.kind == "error"] == []


def test_a_form_of_measured_fields_alone_takes_all_its_records(project):
    folder = laid_out(project, EDC.replace("VS,Vital Signs,VSDAT,Date,date,,,Y,Y,D1,1.0\n", ""))
    assert sheet(folder, "vs") == {("VS", ""): ("records", "", "")}
    assert [p.text() for p in lint(project, "fresh")[0] if p.kind == "error"] == []


@pytest.mark.parametrize("dictionary", [EDC, BY_SHEET])
def test_how_a_subjects_number_is_made_is_open(project, dictionary):
    assert "# OPEN: subject: {number: " in (laid_out(project, dictionary) / "raw" / "_system.yaml").read_text()


def test_what_no_name_tells_is_open_with_its_label(project):
    text = (laid_out(project, EDC) / "mapping" / "ae.csv").read_text()
    assert ',OPEN,,,AE.AEFOO,"Something else: say target and rule' in text


def test_a_form_that_cannot_fill_a_required_variable_is_open_as_a_whole(project):
    text = (laid_out(project, EDC) / "mapping" / "cm.csv").read_text()  # CMTRT: no field is named after it
    assert "LOT.LOTSTDAT" in text
    assert "CM also needs CMTRT" in text


def test_the_dictionary_of_a_workbook_names_sheets_and_columns(project):
    text = (laid_out(project, BY_SHEET) / "raw" / "patients.yaml").read_text()
    assert "sheet: Patients" in text
    assert 'AGEATENTRY: {column: "Age at entry (y)"' in text
    assert "codelist: NY, companion: false" in text
    assert "death: PATIENTS.DEATHDATE" in (project / "specs" / "fresh" / "study.yaml").read_text()


@pytest.mark.slow
def test_a_laid_out_study_builds_at_once(project, tmp_path):
    laid_out(project, EDC)
    data = tmp_path / "extract"
    data.mkdir()
    (data / "DM.csv").write_text("SUBJECT,SEX,AGE\n1,Male,50\n2,Female,60\n")
    (data / "AE.csv").write_text("SUBJECT,AETERM,AEDECOD,AESTDAT,AESTTIM,AEONGO\n1,Fever,Pyrexia,01 MAR 2025,,Yes\n")
    words = ["build", "--study", "fresh", "--root", str(project), "--extract", str(data), "--cutoff", "2025-12-31"]
    result = CliRunner().invoke(trial, [*words, "--out", str(tmp_path / "out"), "--quiet"])
    assert result.exit_code == 0, result.output
    ae = pd.read_parquet(tmp_path / "out" / "sdtm" / "ae.parquet")
    assert ae[["USUBJID", "AETERM", "AESTDTC", "AEENRTPT"]].to_numpy().tolist() == [
        ["FRESH-1", "Fever", "2025-03-01", "ONGOING"]]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "words"),
    [("Fresh", "small letters"), ("standard", "small letters"), ("fresh", "there is no dictionary")],
)
def test_nothing_is_written_when_it_cannot_be_done(project, name, words):
    result = CliRunner().invoke(trial, ["new-study", name, "--from", "no.csv", "--root", str(project)])
    assert result.exit_code == 2, result.output
    assert words in result.output or "does not exist" in result.output
    assert not (project / "specs" / name / "study.yaml").exists()


def test_a_study_that_is_there_is_never_overwritten(project):
    laid_out(project, EDC)
    result = CliRunner().invoke(
        trial, ["new-study", "fresh", "--from", str(project / "dictionary.csv"), "--root", str(project)]
    )
    assert result.exit_code == 2
    assert "there already" in result.output


@pytest.mark.parametrize(
    ("text", "taken", "name"),
    [("AESTDAT", (), "AESTDAT"), ("Sex", (), "SEX"), ("Last BsAb date", (), "LASTBSABDATE"), ("7.5 cm", (), "F75CM"),
     ("Date", ("DATE",), "DATE2")],
)  # fmt: skip
def test_a_field_gets_a_name_that_mapping_sheets_can_use(text, taken, name):
    assert short_name(text, set(taken)) == name


def test_a_dictionary_without_fields_is_said_with_its_columns(tmp_path):
    path = tmp_path / "d.csv"
    path.write_text("FORM,SOMETHING\nAE,x\n")
    with pytest.raises(Exception, match="no column for the field"):
        read_dictionary(path)
