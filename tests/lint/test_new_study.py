"""A new study laid out from its dictionary: it lints without errors, builds at once, and marks what is open."""

import shutil
from pathlib import Path

import pandas as pd
import pytest
import yaml
from click.testing import CliRunner

from pipeline.cli import trial
from pipeline.lint.places import ERROR, Problem
from pipeline.lint.report import lint
from pipeline.new_study.dictionary import read_dictionary, short_name
from pipeline.new_study.outputs import proposed
from pipeline.new_study.settled import settled
from pipeline.new_study.update import updated
from pipeline.study.catalogue import Shelf, entry_of, load_shells, slips
from pipeline.study.contracts import load_contracts
from pipeline.study.named import load_named

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.slow  # whole studies are laid out, or whole specs looked at, again and again
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


def test_what_lint_refuses_of_a_proposal_is_open_with_the_reason(project):
    folder = laid_out(project, EDC.replace(",kg,", ",stone,"))  # nobody can guess what a stone weighs
    assert not (folder / "mapping" / "vs_tests.csv").exists()
    (row,) = [line for line in (folder / "mapping" / "vs.csv").read_text().splitlines() if "VS.WEIGHT" in line]
    assert row.startswith(',OPEN,,,VS.WEIGHT,"proposed was test WEIGHT, but units.csv has no factor for WEIGHT in sto')
    assert [p.text() for p in lint(project, "fresh")[0] if p.kind == "error"] == []


@pytest.mark.parametrize(
    ("said", "unit"), [(",kg,", "kg"), (",lbs,", "LB"), (",,", "")], ids=["as it is", "as terminology has it", "none"]
)
def test_a_test_has_the_unit_that_the_dictionary_says_and_no_other(project, said, unit):
    folder = laid_out(project, EDC.replace(",kg,", said))
    assert f"VS,WEIGHT,WEIGHT,,{unit},number" in (folder / "mapping" / "vs_tests.csv").read_text()


@pytest.mark.parametrize(
    ("kind", "row"), [("text", ("CMDOSTXT", "assign")), ("decimal", ("CMDOSE", "assign_number")),
                      ("", ("CMDOSE", "assign_number"))])  # fmt: skip
def test_a_dose_is_a_number_or_a_description_by_its_type(project, kind, row):
    form = "CM,Concomitant Medications"
    text = EDC + f"{form},CMTRT,Medication,text,,,Y,Y,LOG,1.0\n{form},CMDOSE,Dose,{kind},,,N,Y,LOG,1.0\n"
    assert sheet(laid_out(project, text), "cm")["CM", row[0]] == (row[1], "CMDOSE", "")


def delivered(project, **files):
    for name, text in files.items():
        (project / "extract").mkdir(exist_ok=True)
        (project / "extract" / f"{name}.csv").write_text(text, encoding="utf-8")
    return "--extract", str(project / "extract")


def test_ranges_whose_records_name_no_subject_are_those_of_a_laboratory(project):
    form = "NR,Reference ranges"
    text = EDC + "".join(f"{form},{name},{label},{kind},,,Y,Y,LOG,1.0\n" for name, label, kind in (
        ("LAB", "Laboratory", "text"), ("TEST", "Test", "text"), ("LOW", "Lower limit", "decimal"),
        ("HIGH", "Upper limit", "decimal"), ("REMARK", "Remark", "text")))  # fmt: skip
    seen = delivered(project, NR="SUBJECT,LAB,TEST,LOW,HIGH,REMARK\n,City,HGB,120,160,x\n", DM="SUBJECT,SEX\n1,M\n")
    folder = laid_out(project, text, *seen)

    assert "subject: none" in (folder / "raw" / "nr.yaml").read_text().splitlines()
    assert (folder / "mapping" / "reference_ranges.csv").read_text().splitlines()[1:] == [
        "NR,,LBTESTCD,assign_ct,TEST,", "NR,,LBORNRLO,assign,LOW,", "NR,,LBORNRHI,assign,HIGH,",
        "NR,,LBNAM,assign,LAB,"]
    assert [p.text() for p in lint(project, "fresh")[0] if p.kind == "error"] == []


def test_a_unit_delivered_beside_its_result_is_read_from_there(project):
    seen = delivered(project, VS="SUBJECT,VSDAT,WEIGHT,WEIGHT_UNIT\n1,01 MAR 2025,70,kg\n2,01 MAR 2025,150,LB\n")
    folder = laid_out(project, EDC.replace(",kg,", ",kg or lb,"), *seen)
    assert "VS,WEIGHT,WEIGHT,,WEIGHT_UNIT,number" in (folder / "mapping" / "vs_tests.csv").read_text()
    assert "  WEIGHT_UNIT: {label: Unit of Weight, type: text}" in (folder / "raw" / "vs.yaml").read_text()
    assert "WEIGHT_UNIT" not in (folder / "mapping" / "vs.csv").read_text()


@pytest.mark.parametrize(
    ("visit", "folders"), [("D1", ["SCR", "D1"]), ("Tag 1", ["Aufnahme", "Tag 1"]), ("nowhere", ["SCR", "D1"])]
)
def test_a_visit_is_called_as_the_extract_calls_it(project, visit, folders):
    rows = "SE.SCR,Aufnahme,Screening,\nSE.D1,Tag 1,Day 1,1\n"
    (project / "visits.csv").write_text(f"CODE,VISIT,ENGLISH,TARGET_DAY\n{rows}")
    row = f"1,{visit},01 MAR 2025,70"
    folder = laid_out(project, EDC, *delivered(project, VS=f"SUBJECT,FOLDER,VSDAT,WEIGHT\n{row}\n"))
    visits = pd.read_csv(folder / "visits.csv", dtype="str")
    assert visits["FOLDER"].tolist() == folders
    assert visits["VISIT"].tolist() == ["SCREENING", "DAY 1"]


def test_a_form_whose_records_name_no_subject_is_open(project):
    text = EDC + "".join(f",Reference ranges,{name},{name.title()},text,,,Y,Y,,1.0\n" for name in ("LBTEST", "LOW"))
    grouped = "\n".join(f"{line},{'ITEMGROUP' if n == 0 else 'IG.NR' if line[0] == ',' else ''}"
                        for n, line in enumerate(text.splitlines())) + "\n"  # fmt: skip
    seen = delivered(project, NR="SUBJECT,LBTEST,LOW\n,ALT,5\n", VS="SUBJECT,VSDAT,WEIGHT\n1,01 MAR 2025,70\n")
    folder = laid_out(project, grouped, *seen)
    assert (folder / "raw" / "nr.yaml").read_text().startswith("form: NR\nlabel: Reference ranges\n")
    text = (folder / "mapping" / "fa.csv").read_text()
    assert 'NR.LOW,"Low: say' in text and "(its records name no subject)" in text


def test_labels_of_another_language_become_terms_by_what_they_mean_in_english(project):
    (project / "codelists.csv").write_text(
        "CODELIST,CODE,LABEL,ENGLISH\nSEX,1,Männlich,Male\nSEX,2,Weiblich,Female\nSEX,9,Divers,Whatever\n")
    terms = (laid_out(project, EDC) / "codelists.csv").read_text().splitlines()[1:]
    assert terms == ["SEX,N,Männlich,M,,", "SEX,N,Weiblich,F,,"]


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
    text = (laid_out(project, EDC.replace("LOTREG,Regimen", "LOTXYZ,Something")) / "mapping" / "cm.csv").read_text()
    assert "LOT.LOTSTDAT" in text
    assert "CM also needs CMTRT" in text


def test_the_dictionary_of_a_workbook_names_sheets_and_columns(project):
    text = (laid_out(project, BY_SHEET) / "raw" / "patients.yaml").read_text()
    assert "sheet: Patients" in text
    assert 'AGEATENTRY: {column: "Age at entry (y)"' in text
    assert "codelist: NY, companion: false" in text
    assert "death: PATIENTS.DEATHDATE" in (project / "specs" / "fresh" / "study.yaml").read_text()


def outputs(folder):
    """The outputs of the catalogue that are ready, and its text."""
    text = (folder / "catalogue.yaml").read_text(encoding="utf-8")
    return {one["output"] for one in yaml.safe_load(text) or []}, text


def test_every_output_of_the_standard_s_list_is_ready_or_open_with_the_reason(project):
    ready, text = outputs(laid_out(project, EDC))
    assert {"T-14.3.5", "L-16.2.7.1", "T-14.1.9", "F-14.3.1"} <= ready  # F-14.3.1 asks for TTCRS
    assert "# open: no field is AE.AESER\n# - {output: T-14.3.7, shell: ae_terms" in text
    assert "# open: nothing is collected for LB\n# - {output: T-14.3.5.5, shell: by_visit" in text
    listed = {entry["output"] for entry in proposed(project / "specs" / "standard")}
    assert {number for number in listed if f"output: {number}," in text or f"output: {number}}}" in text} == listed


def test_a_study_that_collects_it_has_the_output_ready(project):
    more = "".join(f"AE,Adverse Events,{name},{label},coded,NY,,N,Y,LOG,1.0\n"
                   for name, label in (("AESER", "Serious?"), ("AETOXGR", "Toxicity grade")))  # fmt: skip
    ready, _ = outputs(laid_out(project, EDC + more))
    assert {"T-14.3.7", "L-16.2.7.2"} <= ready


LABORATORY = """LB,Laboratory,SUBJECT,Subject,text,,,Y,Y,D1,1.0
LB,Laboratory,LBDAT,Date,date,,,Y,Y,D1,1.0
LB,Laboratory,NEUT,Neutrophils,decimal,,10^9/L,N,Y,D1,1.0
LB,Laboratory,PLAT,Platelets,decimal,,10^9/L,N,Y,D1,1.0
"""


def test_recovery_is_an_endpoint_where_its_count_is_collected(project):
    """Of a count nobody collects there is no ADCYT to be had, and an endpoint of it would be a slip."""
    without = laid_out(project, EDC + LABORATORY.replace("PLAT,Platelets", "GLUC,Glucose"))
    listed = yaml.safe_load((without / "study.yaml").read_text(encoding="utf-8"))["endpoints"]
    assert ("TTANCR" in listed, "TTPLTR" in listed) == (True, False)
    shutil.rmtree(without)
    assert {"T-14.3.25", "F-14.3.6", "F-14.3.7"} <= outputs(laid_out(project, EDC + LABORATORY))[0]
    assert [p.text() for p in lint(project, "fresh")[0] if p.kind == "error"] == []


def test_what_the_standard_proposes_can_be_taken_as_it_is():
    standard = ROOT / "specs" / "standard"
    shells = load_shells(standard)
    entries = proposed(standard)
    words = [{word: part for word, part in entry.items() if word != "needs"} for entry in entries]
    shelf = Shelf(shells, load_named(standard, ROOT / "specs" / "iomab_act"))
    assert [slip.what for slip in slips([entry_of(one) for one in words], {}, shelf)] == []
    assert {entry["shell"] for entry in entries} == set(shells)
    assert [entry["output"] for entry in entries if not entry.get("needs")] == []


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


OTHER_EDC = """form_name;item_name;item_prompt;data_type;choices;units;mandatory;remarks
Subject;subject_id;Subject identifier;text;;;Yes;
Subject;sex;Sex;list;Male|Female;;Yes;
Subject;consent_date;Date of informed consent;date dd.mm.yyyy;;;Yes;
Adverse Events;subject_id;Subject identifier;text;;;Yes;
Adverse Events;term;Reported term;text;;;Yes;
Adverse Events;pt;Preferred term;text;;;No;
Adverse Events;start;Start date;date dd.mm.yyyy, may be __.mm.yyyy;;;Yes;
Adverse Events;stop;Stop date;date dd.mm.yyyy;;;No;
Adverse Events;grade;CTCAE grade;list;1=Grade 1|2=Grade 2|3=Grade 3;;Yes;
Adverse Events;carry_on;Ongoing;list;Ja|Nein;;Yes;
Vital signs;subject_id;Subject identifier;text;;;Yes;
Vital signs;when;Date of assessment;date dd.mm.yyyy;;;Yes;
Vital signs;body_weight;Body weight;decimal;;kg;No;
Vital signs;ecog_score;ECOG performance status;integer;;;No;
;orphan;Orphan;text;;;No;
"""


def test_the_dictionary_of_another_edc_is_understood_by_its_labels(project):
    folder = laid_out(project, OTHER_EDC)
    ae = {target: row for (_, target), row in sheet(folder, "ae").items()}
    assert ae["AETERM"] == ("assign", "TERM", "")
    assert ae["AEDECOD"] == ("assign", "PT", "")
    assert (ae["AESTDTC"][1], ae["AEENDTC"][1]) == ("START", "STOP")
    assert ae["AETOXGR"] == ("assign_ct", "GRADE", "")
    assert ae["AEENRTPT"] == ("hardcode", "ONGOING", 'CARRY_ON == "Ja"')
    assert sheet(folder, "ds")["SUBJECT", "DSSTDTC"] == ("assign_datetime", "CONSENT_DATE", "")
    assert (folder / "mapping" / "vs_tests.csv").read_text().splitlines()[1:] == [
        "VITALSIGNS,BODY_WEIGHT,WEIGHT,,kg,number"]  # fmt: skip
    assert (folder / "mapping" / "rs_tests.csv").read_text().splitlines()[1:] == [
        "VITALSIGNS,ECOG_SCORE,ECOG101,,,number"]  # fmt: skip
    contract = next((folder / "raw").glob("adver*.yaml")).read_text()
    assert "date_format: DD/MM/YYYY" in contract
    assert "START: {column: start, label: Start date, type: date, partial: true, required: true}" in contract
    assert "subject: {column: SUBJECT_ID}" in contract


def test_codelists_are_taken_from_the_cells_of_a_dictionary(project):
    rows = (laid_out(project, OTHER_EDC) / "raw" / "_codelists.csv").read_text().splitlines()
    assert [row for row in rows if row.startswith("GRADE")] == ["GRADE,1,Grade 1", "GRADE,2,Grade 2", "GRADE,3,Grade 3"]
    assert [row for row in rows if row.startswith("SEX")] == ["SEX,Male,Male", "SEX,Female,Female"]


def told(project, dictionary, *more):
    (project / "dictionary.csv").write_text(dictionary, encoding="utf-8")
    words = ["new-study", "fresh", "--from", str(project / "dictionary.csv"), "--root", str(project), *more]
    return CliRunner().invoke(trial, words)


def test_what_was_not_read_of_a_dictionary_is_said(project):
    output = told(project, OTHER_EDC).output
    assert "not read  columns remarks" in output
    assert "not read  1 lines without form or field: line 16" in output


@pytest.mark.parametrize(
    ("columns", "code", "words"),
    [
        ("form=Blatt,field=Feld", 0, "Made"),
        ("", 2, "no column for the form"),
        ("form=Blat,field=Feld", 2, "did you mean Blatt?"),
        ("fomr=Blatt", 2, "did you mean form"),
    ],
)
def test_the_columns_of_a_dictionary_can_be_told(project, columns, code, words):
    dictionary = "Blatt,Feld,Text\nAE,AETERM,Ereignis\n"
    result = told(project, dictionary, *(["--columns", columns] if columns else []))
    assert result.exit_code == code
    assert words in result.output


def test_a_code_that_two_versions_of_a_crf_use_otherwise_stands_in_two_lists(project):
    (project / "codelists.csv").write_text("CODELIST,CODED_VALUE,DECODE\nREL,1,Related\nREL,1,Definite\nREL,2,No\n")
    rows = (laid_out(project, EDC) / "raw" / "_codelists.csv").read_text().splitlines()
    assert [row for row in rows if row.startswith("REL")] == ["REL,1,Related", "REL_2,1,Definite", "REL,2,No"]


def test_a_code_that_two_versions_use_otherwise_says_its_versions_where_the_list_tells_them(project):
    said = "CODELIST,CODED_VALUE,DECODE,CRF_VERSIONS\nREL,1,Related,1\nREL,1,Definite,\"2, 3\"\nREL,2,No,\"1, 2, 3\"\n"
    (project / "codelists.csv").write_text(said)
    rows = (laid_out(project, EDC) / "raw" / "_codelists.csv").read_text().splitlines()
    assert rows[0] == "CODELIST,CODED_VALUE,DECODE,VERSION"
    assert [row for row in rows if row.startswith("REL")] == ["REL,1,Related,1", "REL,1,Definite,2; 3", "REL,2,No,"]


@pytest.mark.parametrize(
    ("held", "proposed", "rows"),
    [
        ("A,1,Yes\n", "A,1,Yes\nA,2,No\n", ["CODELIST,CODED_VALUE,DECODE", "A,1,Yes", "A,2,No"]),
        ("A,1,Yes\n", ",VERSION|A,1,Yes,\nA,2,No,1\nA,2,Never,2\n",
         ["CODELIST,CODED_VALUE,DECODE,VERSION", "A,1,Yes,", "A,2,No,1", "A,2,Never,2"]),
    ],
)  # fmt: skip
def test_an_update_adds_what_a_code_means_in_a_newer_version(tmp_path, held, proposed, rows):
    path, head = "raw/_codelists.csv", "CODELIST,CODED_VALUE,DECODE"
    (tmp_path / "raw").mkdir()
    (tmp_path / path).write_text(f"{head}\n{held}")
    (tmp_path / "study.yaml").write_text("study: X\n")
    more, _, new = proposed.rpartition("|")
    changed, _ = updated(tmp_path, {path: f"{head}{more}\n{new}"})
    assert changed[path].splitlines() == rows


def test_a_list_without_codes_stands_for_itself(project):
    (project / "codelists.csv").write_text("List,Label\nOUT,Recovered\nOUT,Fatal\n")
    rows = (laid_out(project, EDC) / "raw" / "_codelists.csv").read_text().splitlines()
    assert [row for row in rows if row.startswith("OUT")] == ["OUT,Recovered,Recovered", "OUT,Fatal,Fatal"]


@pytest.mark.parametrize("study", ["iomab_act"])
def test_most_fields_of_a_cdash_like_dictionary_are_proposed_as_people_mapped_them(project, study):
    """The truth is the signed mapping: a field is right when a proposed row of the same domain and target reads it."""
    contracts = load_contracts(ROOT / "specs" / study / "raw").values()
    fields = [(c, f) for c in contracts for f in c.fields.values()]
    lines = ["FORM_OID,FORM_NAME,FIELD_OID,LABEL,DATA_TYPE,CODELIST,SOURCE"]
    for contract, field in fields:
        label, source = contract.label.replace('"', ""), "EDC" if contract.system else "Vendor"
        name = field.column or field.name
        lines.append(f'{contract.form},"{label}",{name},"{field.label}",{field.type},{field.codelist},{source}')
    proposed = reads(laid_out(project, "\n".join(lines) + "\n"))
    signed = reads(ROOT / "specs" / study)
    mapped = [key for contract, field in fields if (key := (contract.form, field.name)) in signed]
    right = [key for key in mapped if proposed.get(key, set()) & signed[key]]

    assert len(mapped) > 200
    assert len(right) >= 0.8 * len(mapped)


def reads(folder):
    """{(form, field): the domain and target (or test) of every row that reads it}."""
    found = {}
    for path in sorted((folder / "mapping").glob("*.csv")):
        domain, rows = path.stem.split("_")[0], pd.read_csv(path, dtype="str", keep_default_na=False)
        for row in rows[rows["form"] != ""].to_dict("records"):
            names = [row["field"]] if "field" in row else f"{row['source']} {row['where']}".replace("_STD", "").split()
            for name in names:
                said = row.get("test") or row["target"] or row["rule"]
                found.setdefault((row["form"], name), set()).add((domain, said))
    return found


VISIT_TWO = EDC.replace("Preferred term,text", "MedDRA preferred term,text") + """\
AE,Adverse Events,AETOXGR,Maximum grade,coded,GR,,Y,Y,LOG,2.0
DTH,Death,SUBJECT,Subject,text,,,Y,N,EOS,2.0
DTH,Death,DTHDAT,Date of death,date,,,Y,N,EOS,2.0
DTH,Death,DTHCAUS,Cause of death,text,,,Y,N,EOS,2.0
"""


def test_a_newer_dictionary_is_merged_into_a_folder_that_was_worked_on(project):
    folder = laid_out(project, EDC)
    ae = folder / "mapping" / "ae.csv"
    ae.write_text(ae.read_text().replace("AETERM,assign,AETERM", "AETERM,assign_upper,AETERM"))
    contract = folder / "raw" / "ae.yaml"
    contract.write_text(contract.read_text().replace("need: supportive  # OPEN", "need: essential  # read"))
    before = {path: path.read_text() for path in sorted(folder.rglob("*.*"))}
    grades = "".join(f"GR,{grade},{grade}\n" for grade in range(1, 6))
    (project / "codelists.csv").write_text(f"CODELIST,CODED_VALUE,DECODE\n{grades}")
    without = VISIT_TWO.replace("AE,Adverse Events,AEFOO,Something else,text,,,N,Y,LOG,2.0\n", "")
    output = told(project, without, "--update").output

    assert sheet(folder, "ae")["AE", "AETERM"] == ("assign_upper", "AETERM", "")
    assert sheet(folder, "ae")["AE", "AETOXGR"] == ("assign_ct", "AETOXGR", "")
    text = contract.read_text()
    assert text.startswith(before[contract].rstrip("\n").rsplit("\n", 1)[0])
    assert "AETOXGR: {label: Maximum grade, type: coded, codelist: GR, " in text.rstrip().rsplit("\n", 1)[1]
    assert (folder / "raw" / "dth.yaml").exists()
    assert sheet(folder, "dd")["DTH", "DDDTC"] == ("assign_datetime", "DTHDAT", "")
    assert "new form  DTH: 3 fields" in output
    assert "new       AE: AETOXGR" in output
    assert "gone      AE: AEFOO; left in raw/ae.yaml" in output
    assert "differs   AE.AEDECOD: label is Preferred term, the dictionary says MedDRA preferred term" in output
    assert "collected dd: taken out of not_collected" in output
    untouched = ("decisions.yaml", "tlf/t_1.yaml", "mapping/dm.csv", "mapping/cm.csv")
    assert all((folder / name).read_text() == before[folder / name] for name in untouched)
    assert [p.text() for p in lint(project, "fresh")[0] if p.kind == "error"] == []


def test_the_same_dictionary_changes_nothing(project):
    folder = laid_out(project, EDC)
    before = {path: path.read_bytes() for path in sorted(folder.rglob("*.*"))}
    assert "0 files changed" in told(project, EDC, "--update").output
    assert {path: path.read_bytes() for path in sorted(folder.rglob("*.*"))} == before


def test_there_must_be_a_study_to_bring_up_to_date(project):
    result = told(project, EDC, "--update")
    assert result.exit_code == 2
    assert "no study to bring up to date" in result.output


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("SUBJECT,SEX,SEX_LBL,AGE\n1,1,Mann,50\n", 'coded: {code: "{}", text: "{}_LBL"}'),
        ("SUBJECT,SEX,AGE\n1,Mann,50\n", 'coded: {text: "{}"}'),
        ("SUBJECT,SEX,AGE\n1,1,50\n", 'coded: {code: "{}"}'),
        ("SUBJECT,SEX,SEX_STD,AGE\n1,Mann,1,50\n", ""),
    ],
)
def test_an_extract_tells_how_coded_fields_are_delivered(project, tmp_path, rows, said):
    (tmp_path / "extract").mkdir()
    (tmp_path / "extract" / "DM.csv").write_text(rows)
    (project / "codelists.csv").write_text("CODELIST,CODED_VALUE,DECODE\nSEX,1,Mann\nSEX,2,Frau\n")
    folder = laid_out(project, EDC, "--extract", str(tmp_path / "extract"))
    told = [line for line in (folder / "raw" / "_system.yaml").read_text().splitlines() if line.startswith("coded")]
    assert told == ([said] if said else [])
    assert "companion: false" not in (folder / "raw" / "dm.yaml").read_text()


def test_a_unit_that_the_terminology_knows_by_another_name_is_called_as_it_is_submitted(project):
    lab = EDC + "LAB,Laboratory,SUBJECT,Subject,text,,,Y,Y,D1,1.0\nLAB,Laboratory,LBDAT,Date,date,,,Y,Y,D1,1.0\n"
    folder = laid_out(project, lab + "LAB,Laboratory,FERR,Ferritin,decimal,,ng/mL,N,Y,D1,1.0\n")
    assert "LAB,FERR,FERRITIN,,ug/L,limited" in (folder / "mapping" / "lb_tests.csv").read_text()
    assert "FERR: {label: Ferritin, type: result" in (folder / "raw" / "lab.yaml").read_text()  # it may be "<10"
    assert [p.text() for p in lint(project, "fresh")[0] if p.kind == "error"] == []


def test_a_visit_is_called_as_the_records_of_an_odm_file_call_it(project):
    (project / "events.csv").write_text("EVENT_OID,EVENT,PLANNED_DAY\nSE.D28,Day 28,28\n")
    assert "1,DAY 28,D28,CELLS,28,,,N,Day 28,N," in (laid_out(project, EDC) / "visits.csv").read_text()


@pytest.mark.parametrize(("row", "field"), [
    ('AE,,AEENRTPT,hardcode,ONGOING,"AEONGO == ""Yes"""', "AE.AEONGO"), ("AE,,AETERM,assign,AETXT,", "AE.AETXT")])
def test_a_refused_row_goes_open_under_the_field_that_it_reads(row, field):
    files = {"mapping/ae.csv": f"form,block,target,rule,source,where\n{row}\n"}
    refusal = Problem("specs/x/mapping/ae.csv", 2, 1, ERROR, "it cannot be", "mend it")
    (made,) = settled(files, "specs/x", [refusal]).values()
    assert made.splitlines()[1].startswith(f",OPEN,,,{field},")
