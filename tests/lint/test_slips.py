"""Slips of the pen in tables, shells, checks and places: each is told where it stands, with the nearest right word."""

import shutil
from pathlib import Path

import pandas as pd
import pytest

from pipeline.gate.checks.catalogue import Check
from pipeline.ground.faults import TrialError
from pipeline.lint import checks, mapping, raw, study
from pipeline.lint.places import Document, read_document, read_grid
from pipeline.lint.shown import check_shell, check_shown
from pipeline.lint.strays import check_sites, check_strays
from pipeline.lint.tables import check_tables
from pipeline.study import shapes
from pipeline.study.contracts import Field
from pipeline.study.datasets import dataset_spec
from pipeline.study.decisions import load_decisions
from pipeline.study.yaml_text import load_yaml

ROOT = Path(__file__).parents[2]
CT = pd.DataFrame({"codelist": [], "extensible": [], "submission": []}, dtype="str")
VISITS = "VISITNUM,VISIT,FOLDER,ANCHOR,PLANNED_DAY,WINDOW_LOW,WINDOW_HIGH,RESPFL,AVISIT,PREFL,ALIAS\n"


@pytest.fixture
def home(tmp_path):
    """A project whose standard tables are in order, and an empty study."""
    shutil.copytree(ROOT / "specs" / "standard", tmp_path / "specs" / "standard")
    (tmp_path / "specs" / "small").mkdir()
    return tmp_path


def _document(tmp_path, text, name="x.yaml"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    document = read_document(path, name)
    assert isinstance(document, Document)
    return document


def _texts(problems):
    return [problem.text() for problem in problems]


def test_the_standard_tables_are_in_order(home):
    assert _texts(check_tables(home, home / "specs" / "small")) == []


SHEET = "form,block,target,rule,source,where\n"


TEXT = {"AE.AETERM": Field("AETERM")}
DATES = {f"AE.{name}": Field(name, type="date") for name in ("AESTDAT", "AEENDAT")} | TEXT
TERM = "AE,,AETERM,assign,AETERM,\n"
START, END = "AE,,AESTDTC,assign_datetime,AESTDAT,\n", "AE,,AEENDTC,assign_datetime,AEENDAT,\n"
OPEN = ",OPEN,,,AE.AESTDAT,say target and rule\n"
OTHER = {("AE", "AESTDAT"), ("AE", "AEENDAT")}  # another sheet uses both dates


@pytest.mark.parametrize(
    ("rows", "fields", "used", "said"),
    [
        (TERM + START + END, DATES, set(), []),
        (TERM + END, DATES, set(), [
            "error: AE makes records of AE without AESTDTC, a date that is expected; AE.AESTDAT is mapped to nothing; "
            "add a row: AE,,AESTDTC,assign_datetime,AESTDAT,"]),
        (TERM + START, DATES, set(), [
            "error: AE makes records of AE without AEENDTC, a date that is expected; AE.AEENDAT is mapped to nothing; "
            "add a row: AE,,AEENDTC,assign_datetime,AEENDAT,"]),
        (TERM, DATES, OTHER, ["error: AE makes records of AE without AESTDTC, a date that is expected; "
                              "add a row: AE,,AESTDTC,assign_datetime,FIELD,"]),
        (TERM, TEXT, set(), ["warning: AE makes records of AE without AESTDTC"]),
        (TERM + OPEN, DATES, set(), []),
    ],
)  # fmt: skip
def test_a_domain_without_an_expected_date_is_told(tmp_path, rows, fields, used, said):
    path = tmp_path / "ae.csv"
    path.write_text(SHEET + rows)
    spec = dataset_spec(load_yaml(ROOT / "specs" / "standard" / "sdtm" / "ae.yaml"))
    mapped = {("AE", row.split(",")[4]) for row in rows.splitlines() if row.startswith("AE")}
    told = _texts(mapping.check_dates([read_grid(path, "ae.csv")], "ae", spec, fields, used | mapped))
    assert len(told) == len(said) and all(text in line for text, line in zip(said, told, strict=True)), told


# table, what is written for what, the message
CELLS = {
    "a factor of nothing": ("units.csv", "g/dL,g/L,10", "g/dL,g/L,0", "factor must be above 0"),
    "a factor below nothing": ("units.csv", "g/dL,g/L,10", "g/dL,g/L,-10", "factor must be above 0"),
    "a unit twice": ("units.csv", "HGB,g/dL,g/L,10", "HGB,g/L,g/L,10", "LB HGB g/L stands on line 2 too"),
    "a dose per weight as an amount": ("units.csv", "10^8/kg,10^6/kg", "10^8/kg,mg", "10^8/kg cannot be turned to mg"),
    "a unit turned to itself": ("units.csv", "LB,HGB,g/L,g/L,1,", "LB,HGB,g/L,g/L,2,", "g/L is turned to itself by"),
    "two standard units": ("units.csv", "g/dL,g/L,10", "g/dL,mmol/L,10", "the standard unit of HGB is g/L and mmol/L"),
    "an unknown comparison": ("criteria/ctcae_v5.csv", ",1,<,1,LLN", ",1,=<,1,LLN", "cannot be '=<'"),
    "a grade nobody has": ("criteria/ctcae_v5.csv", ",4,<,0.5", ",7,<,0.5", "grade cannot be '7'"),
    "an unknown reference": ("criteria/ctcae_v5.csv", "1,LLN,", "1,LNN,", "reference cannot be 'LNN'"),
    "a baseline of a later version": ("criteria/ctcae_v6.csv", ",LOW,,3", ",LOWER,,3", "baseline cannot be 'LOWER'"),
    "an unknown direction": ("criteria/ctcae_v5.csv", "decreased,L,NEUT", "decreased,X,NEUT", "cannot be 'X'"),
    "an unknown action at the cut": ("cut.csv", "AE,reopen", "AE,repen", "cannot be 'repen'; did you mean"),
}  # fmt: skip


@pytest.mark.parametrize("name", CELLS)
def test_a_table_says_only_words_that_code_knows(home, name):
    file, right, wrong, message = CELLS[name]
    path = home / "specs" / "standard" / file
    text = path.read_text(encoding="utf-8")
    assert right in text
    path.write_text(text.replace(right, wrong, 1), encoding="utf-8")

    (first, *_) = _texts(check_tables(home, home / "specs" / "small"))
    assert message in first and first.startswith(f"specs/standard/{file}:")


@pytest.mark.parametrize("name", ["cut.csv", "units.csv", "terminology/codelists.csv", "results.yaml"])
def test_a_table_that_every_study_rests_on_is_missed(home, name):
    (home / "specs" / "standard" / name).unlink()
    assert f"specs/standard/{name}:1:1 error: {name} is missing; every study rests on it; restore it" in _texts(
        check_tables(home, home / "specs" / "small")
    )


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("1,A,F1,,,,,Yes,A,N,\n", "RESPFL cannot be 'Yes'; known are: N, Y"),
        ("1,A,F1,,,,,Y,A,y,\n", "PREFL cannot be 'y'"),
        ("1,A,F1,,,,,Y,A,N,\n2,A,F2,,,,,Y,A,N,\n", "A stands on line 2 too"),
        ("1,A,F1,,,,,Y,A,N,\n2,B,F1,,,,,Y,A,N,\n", "F1 stands on line 2 too"),
        (",A,F1,,,,,Y,A,N,\n", "VISITNUM is empty"),
    ],
)
def test_a_visit_has_a_number_a_name_and_flags_that_are_read(home, rows, message):
    folder = home / "specs" / "small"
    (folder / "visits.csv").write_text(VISITS + rows, encoding="utf-8")
    assert message in _texts(check_tables(home, folder))[0]


@pytest.mark.parametrize(
    ("file", "right", "wrong"),
    [("units.csv", "g/dL,g/L,10", "g/dL,g/L,ten"), ("units.csv", "factor", "faktor"), ("cut.csv", "action", "aktion")],
)
def test_a_damaged_table_is_left_to_the_check_of_its_shape(home, file, right, wrong):
    path = home / "specs" / "standard" / file
    path.write_text(path.read_text(encoding="utf-8").replace(right, wrong, 1), encoding="utf-8")
    assert _texts(check_tables(home, home / "specs" / "small")) == []


def test_a_rule_of_the_cut_names_variables_of_its_domain(home):
    from pipeline.study.specs import load_specs

    (home / "specs" / "small" / "study.yaml").write_text("study: S\nprimary: true\n", encoding="utf-8")
    path = home / "specs" / "standard" / "cut.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("AE,reopen,AEENDTC", "AE,reopen,AEENDT", 1), "utf-8")
    found = _texts(checks.check_cut(load_specs(home, "small"), CT, ["AECUTFL", "AEMXDTC", "LSTCTDTC"], home))
    (only,) = found
    assert only.startswith("specs/standard/cut.csv:3:11 error: AE has no variable AEENDT; did you mean AEENDTC")


@pytest.mark.parametrize(
    ("shell", "told"),
    [
        ("{n:xx} ({pct:xx.x})|{n:xx}", []),
        ("{estimate%:x.x} ({lower%:x.x}, {upper%:x.x})", []),
        ("{medain:x.x}", ["unknown statistic 'medain'"]),
        ("{n:x/{N:x}", ["the shell '{n:x/{N:x}' cannot be read"]),
        ("{n:d}", ["the shell '{n:d}' cannot be read"]),
    ],
)
def test_a_shell_prints_statistics_that_are_made(shell, told):
    assert [what for what, _ in check_shell(shell)] == told


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("columns: [{label: A}]\nrows: [{label: R, show: '{medain:x}'}]\n", "x.yaml:2:19 error: unknown statistic"),
        ("columns: [{label: A}]\nrows: [{count: R, per: record, show: '{pct:x}'}]\n",
         "x.yaml:2:32 error: unknown statistic"),
        ("columns: [{label: A}]\nrows: [{levels: R, variable: X, values: [Y], take: nearest}]\n",
         "x.yaml:2:46 error: `take: nearest` and `at:` DAY belong together"),
        ("columns: [{label: A}, {label: A}]\n", "x.yaml:1:11 error: two columns are called A"),
        ("columns: []\n", "x.yaml:1:1 error: the output has no column"),
        ("columns: [{label: A}]\nrows: [{label: R, where: 'PARAMCD == \"PFSEMAX\"'}]\n",
         "x.yaml:2:19 error: PARAMCD never is \"PFSEMAX\": no dataset makes it; did you mean PFSEMA"),
    ],
)  # fmt: skip
def test_an_output_prints_what_somebody_makes(tmp_path, text, message):
    assert _texts(check_shown(_document(tmp_path, text), frozenset({"PFSEMA"})))[0].startswith(message)


@pytest.mark.parametrize(
    ("text", "shape", "message"),
    [
        ("form: A\nfields: {X: {required: ture}}\n", shapes.CONTRACT, "`fields.X.required` must be true or false"),
        ("form: A\nsystem: no\nfields: {X: }\n", shapes.CONTRACT, "`system` must be true or false"),
        (
            "form: A\nheader_row: zero\nfields: {X: }\n",
            shapes.CONTRACT,
            "`header_row` must be a whole number",
        ),
        ("form: A\nfields: {X: {range: [zero, 1]}}\n", shapes.CONTRACT, "`fields.X.range[1]` must be a number"),
        ("study: S\nprimary: yes\n", shapes.STUDY, "`primary` must be true or false"),
        ("study: S\ntreatments: {cells: {planned: {dose: fifty}}}\n", shapes.STUDY, "planned.dose` must be a number"),
        ("DLT_DAYS: {vlaue: 20}\n", shapes.OWN_DECISIONS, "`DLT_DAYS` has the unknown word 'vlaue'"),
        ("adverse_event: AE\n", shapes.SITES, "The file has the unknown word 'adverse_event'"),
    ],
)
def test_a_word_holds_what_it_is_for(tmp_path, text, shape, message):
    (first, *_) = shapes.slips(_document(tmp_path, text).content, shape)
    assert message in first.what


def test_a_width_is_above_nothing():
    output = {"output": "T-1", "family": "x", "kind": "table", "title": ["T"]}
    for width in ("0", "-4", "0.0"):
        (slip,) = shapes.slips({**output, "stub_width": width}, shapes.OUTPUT)
        assert slip.what == "`stub_width` must be a number above 0, not a text"
    assert not list(shapes.slips({**output, "stub_width": "0.5"}, shapes.OUTPUT))


def test_a_decision_is_made_once(tmp_path):
    (tmp_path / "decisions.yaml").write_text("- {id: DLT_MED, value: COND}\n- {id: DLT_MED, value: ANY}\n")
    with pytest.raises(TrialError, match="The decision DLT_MED stands twice"):
        load_decisions(ROOT / "specs" / "standard", tmp_path)


@pytest.mark.parametrize("name", ["decisions.yml", "mapping/ae.CSV", "tlf/t_1.YAML", "decision.yaml"])
def test_a_file_that_nobody_reads_is_told(home, name):
    folder = home / "specs" / "small"
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text("x", encoding="utf-8")
    (problem,) = check_strays(home, folder)
    assert problem.what.startswith("nobody reads ") and problem.file == f"specs/small/{name}"


def test_the_site_view_names_forms_fields_and_checks(tmp_path):
    document = _document(tmp_path, "adverse_events: AEE\nserious: AE.AESR\nmissing_forms: [VISIT-MISING]\n")
    assert _texts(check_sites(document, ["AE", "AE.AESER"], ["VISIT-MISSING"])) == [
        "x.yaml:1:1 error: adverse_events names AEE, which no raw contract has; did you mean AE?",
        "x.yaml:2:1 error: serious names AE.AESR, which no raw contract has; did you mean AE.AESER?",
        "x.yaml:3:17 error: unknown check 'VISIT-MISING'; did you mean VISIT-MISSING?",
    ]


@pytest.mark.parametrize(
    ("message", "party", "told"),
    [
        ("{AETERM} began {expected}.", "site", []),
        ("{AETER} began.", "site", ["C-1: the message names the unknown field AETER"]),
        ("{AETERM.__class__} began.", "site", ["C-1: the message names '{AETERM.__class__}'"]),
        ("{AETERM began.", "site", ["C-1: the message '{AETERM began.' cannot be read"]),
        ("{AETERM} began.", "sitee", ["C-1: nobody else answers as 'sitee'"]),
    ],
)
def test_a_check_asks_in_words_that_are_there(tmp_path, message, party, told):
    (tmp_path / "c.yaml").write_text("- id: C-1\n", encoding="utf-8")
    others = [Check(f"O-{n}", "major", "site", "", "", tmp_path / "c.yaml") for n in (1, 2)]
    check = Check("C-1", "major", party, message, "why", tmp_path / "c.yaml", ("AE",), "AETERM")
    specs = type("Specs", (), {"decisions": {}})()
    fields = {"AE": raw_fields("AETERM")}
    assert [p.what for p in checks.check_clauses([*others, check], specs, fields, tmp_path)] == told


def raw_fields(*names):
    """Fields of text."""
    from pipeline.lint.values import ClauseField

    return {name: ClauseField() for name in names}


def test_patterns_and_ways_of_writing_can_be_read(tmp_path):
    text = 'columns: {SUBJECT: {type: text, pattern: "(\\\\d{7}"}}\nwritten: {encoding: utf-88}\n'
    found = _texts(raw.check_system(_document(tmp_path, text), set()))
    assert found[0].startswith("x.yaml:1:33 error: the pattern of SUBJECT cannot be read")
    assert found[1].startswith("x.yaml:2:1 error: ") and "utf-88" in found[1]


@pytest.mark.parametrize("number", ["(?P<site>[0-9]{3}", "[0-9]{7}"])
def test_a_number_of_subjects_that_names_no_site_is_an_error(tmp_path, number):
    found = _texts(raw.check_system(_document(tmp_path, f"subject: {{number: '{number}'}}\ncolumns: {{}}\n"), set()))
    assert found[0].startswith("x.yaml:1:11 error: the number of a subject cannot be read, or has no site in it; write")


FIELDS = {"DM": None, "DTH": None, "DTH.DTHDT": Field("DTHDT", type="date"), "DTH.CAUSE": Field("CAUSE")}
STUDY = "study: S\nsubjects: DM\ndeath: DTH.DTHDT\narm: {code: A, label: A}\n"


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ("subjects: DM", "subjects: DTH.DTHDT", "subjects cannot be DTH.DTHDT; subjects: FORM"),
        ("death: DTH.DTHDT", "death: DTH", "death cannot be DTH; death: FORM.FIELD"),
        ("death: DTH.DTHDT", "death: DTH.CAUSE", "death names DTH.CAUSE, which is no date but text"),
        ("study: S", "study: S\ncutoff: soon", "cutoff cannot be 'soon'; none, or a day such as 2026-06-30"),
    ],
)
def test_a_study_names_a_form_of_subjects_and_fields_of_dates(tmp_path, right, wrong, message):
    assert _texts(study.check_study(_document(tmp_path, STUDY), FIELDS, {})) == []
    (first, *_) = _texts(study.check_study(_document(tmp_path, STUDY.replace(right, wrong)), FIELDS, {}))
    assert message in first


def test_a_product_is_a_treatment_that_records_can_have(tmp_path):
    document = _document(tmp_path, "treatments: {cells: {products: [AXICABTAGEN]}}\n")
    found = _texts(study.check_products(document, {"AXICABTAGENE"}, {"AXICABTAGENE"}))
    assert any("no record of EX has the treatment 'AXICABTAGEN'; did you mean AXICABTAGENE" in one for one in found)
    assert any("gives the treatment 'AXICABTAGENE', which is nobody's product" in one for one in found)
    assert study.check_products(_document(tmp_path, "treatments: {}\n"), set(), {"TOCILIZUMAB"}) == []
