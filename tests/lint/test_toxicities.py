"""toxicities.yaml: a study says what differs, and each slip is told where it stands with the word probably meant."""

import pytest

from pipeline.engine.graph import build_graph, downstream
from pipeline.ground.faults import TrialError
from pipeline.lint.report import lint
from pipeline.study.specs import load_specs
from pipeline.study.toxicities import load_toxicities

FILE = "specs/small/toxicities.yaml"
GVHD = """GVHD:
  name: aGVHD
  label: Acute graft-versus-host disease
  title: Acute GVHD
  scale: GLUCKSBERG 1974
  events: {of: fa, where: 'FATESTCD == "CRSGR"', grade: FASTRESC, grades: {I: '1', II: '2'}}
  window: {from: '0', to: '168', before: [HSCTDT]}
  parameters:
    maximum: {code: AGVHDMAX, label: Acute GVHD Maximum Grade, what: maximum, among: 'AGE >= 18'}
    given: {code: GVHDSTER, label: Steroid Given, what: given, of: cm, where: 'CMINDC == "GVHD"'}
    worst: {code: GVHDDAY, label: Worst Day, what: highest, of: fa, value: FASTRESC}
CRS:
  window: {to: '168'}
  parameters: {tocilizumab: "", onset: {label: CRS Onset (day)}}
"""
# what is written for what; line and column; what is told; the cure
SLIPS = {
    "a word": ("  title: Acute GVHD", "  titel: Acute GVHD", "4:3", "unknown word 'titel'", "did you mean title"),
    "a lost word": ("  scale: GLUCKSBERG 1974\n", "", "1:1", "the toxicity GVHD lacks `scale:`", "add it"),
    "a misspelt toxicity": ("CRS:", "CSR:", "12:1", "the toxicity CSR lacks `name:`", "did you mean CRS"),
    "a scale": ("GLUCKSBERG 1974", "GLUCKSBERG 1947", "5:3", "nobody knows the scale 'GLUCKSBERG 1947'",
                "did you mean GLUCKSBERG 1974"),
    "a dataset": ("of: fa, where", "of: faa, where", "6:12", "unknown dataset 'faa'", "did you mean fa"),
    "its own dataset": ("of: cm", "of: adcrs", "10:64", "unknown dataset 'adcrs'", "did you mean"),
    "a variable of the clause": ("FATESTCD ==", "FATSTCD ==", "6:20", "FA has no variable FATSTCD", "FATESTCD"),
    "a value nobody has": ('"CRSGR"', '"CRSGRD"', "6:20", 'FATESTCD never is "CRSGRD"', "did you mean CRSGR"),
    "a clause that computes": ("'AGE >= 18'", "'AGE * 2 >= 18'", "9:79", "cannot be read", ""),
    "a grade variable": ("grade: FASTRESC", "grade: FASTRSC", "6:50", "FA has no variable FASTRSC", "FASTRESC"),
    "a value variable": ("value: FASTRESC", "value: FASTRSC", "11:69", "FA has no variable FASTRSC", "FASTRESC"),
    "a grade that is no number": ("I: '1'", "I: one", "6:76", "`I` must be a number", ""),
    "a window that is no number": ("to: '168', before", "to: ever, before", "7:23", "`to` must be a number of days",
                                   "such as 100"),
    "a window that ends before": ("from: '0'", "from: '200'", "7:25", "the window ends on day 168, before it begins",
                                  "days after the infusion"),
    "a date": ("[HSCTDT]", "[HSCDT]", "7:43", "the subject has no date HSCDT", "did you mean HSCTDT"),
    "a decision": ("to: '168', before", "to: '@CRS_WINDOW_HI', before", "7:23", "unknown decision 'CRS_WINDOW_HI'",
                   "did you mean CRS_WINDOW_HIGH"),
    "a long code": ("AGVHDMAX", "AGVHDMAXGR", "9:15", "'AGVHDMAXGR' is no name of a parameter", "8 capitals"),
    "a code twice": ("GVHDSTER", "CRSSTER", "10:13", "CRSSTER stands in CRS too", "a name of its own"),
    "a kind": ("what: maximum", "what: maximun", "9:64", "must be the word", "did you mean maximum"),
    "a flag of other records": ("  events: {of: fa", "  flag: GVHDFL\n  events: {of: fa", "6:3",
                                "GVHDFL is to flag records of fa", "only events of adae have a flag"),
    "a flag that is there": ("CRS:\n", "CRS:\n  flag: TRTEMFL\n", "13:3", "ADAE has the variable TRTEMFL already", ""),
    "terms of findings": ("grade: FASTRESC", "terms: [GVHD], grade: FASTRESC", "6:50", "FA has no AEDECOD", "where:"),
    "what is given of nothing": ("of: cm, ", "", "10:5", "what is given and lacks `of:`", "add it"),
    "a dataset of the events": ("what: maximum,", "what: maximum, of: lb,", "9:79", "`of:` says nothing of what is "
                                "maximum", "take it away"),
    "a word without order": ("what: maximum,", "what: word, value: FASTRESC,", "9:5",
                             "the parameter maximum asks for a word and lacks `order:`", "add it"),
    "a subject's variable": ("'AGE >= 18'", "'AGEE >= 18'", "9:79", "The subject has no variable AGEE", "AGE"),
}  # fmt: skip


@pytest.fixture
def listed(small):
    """The small study with a toxicity of its own, and with words of its own about CRS."""
    (small / FILE).write_text(GVHD, encoding="utf-8")
    return small


def test_a_study_says_what_differs_and_the_rest_is_the_standards(listed):
    assert [p.text() for p in lint(listed, "small")[0]] == []
    specs = load_specs(listed, "small")
    crs, icans, gvhd = specs.inputs["toxicities"].value(specs.decisions)
    assert (crs.window.low, crs.window.high, crs.events.terms) == (0, 168, ("Cytokine release syndrome",))
    assert "CRSTOCI" not in [asked.code for asked in crs.parameters]
    assert {asked.code: asked.label for asked in crs.parameters}["CRSONS"] == "CRS Onset (day)"
    assert (icans.window.high, gvhd.window.before, gvhd.grade.words) == (100, ("HSCTDT",), {"I": 1, "II": 2})


def test_its_parameters_and_flags_are_those_of_the_datasets(listed):
    specs = load_specs(listed, "small")
    labels = specs.datasets["adcrs"].parameter_labels
    assert (labels["AGVHDMAX"], labels["ICANSONS"]) == (
        "Acute GVHD Maximum Grade", "ICANS Onset Day (infusion day = 1)")  # fmt: skip
    assert [name for name in specs.datasets["adae"].names if name in ("CRSFL", "ICANSFL")] == ["CRSFL", "ICANSFL"]
    assert specs.datasets["adae"].by_name["CRSFL"].source == "AE.AEDECOD, SUPPAE.QVAL[QNAM=AESICAT]"


def test_what_the_list_names_is_what_adcrs_rests_on(listed):
    graph = build_graph(load_specs(listed, "small"))
    assert set(graph["adcrs"].named) == {"adae", "cm", "daily_grades", "fa"}
    for decision in ("crs_gap", "crs_window_high"):
        assert {"adae", "adcrs"} <= set(downstream(graph, {decision}))


def test_a_condition_on_the_subject_may_be_asked_by_name(listed):
    asked = GVHD.replace("'AGE >= 18'", "'PRALLOFL == \"Y\"'").replace("  cited", "  capd") + (
        "ICANS: {capd: 'AGE <= @CAPD_MAX_AGE or DELAYFL == \"Y\"'}\n")  # fmt: skip
    (listed / FILE).write_text(asked, encoding="utf-8")
    (listed / "specs/small/conditions.yaml").write_text(
        "PRALLOFL: {label: Prior Allogeneic HSCT, of: adsl, from: pr, where: 'PRCAT == \"PRIOR\"'}\n"
        "DELAYFL: {label: Developmental Delay, of: adsl, from: fa, where: 'FACAT == \"DELAY\"'}\n", encoding="utf-8")
    assert [p.text() for p in lint(listed, "small")[0]] == []
    graph = build_graph(load_specs(listed, "small"))
    assert "adsl_prallofl" in graph["adcrs"].named
    assert graph["daily_grades"].named == ("adsl_delayfl",)


def test_a_toxicity_that_is_not_used_is_there_to_be_taken(tmp_path):
    for folder, text in (("standard", GVHD.replace("  name:", "  use: false\n  name:", 1)), ("study", "")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "toxicities.yaml").write_text(text.partition("CRS:")[0])
    assert load_toxicities(tmp_path / "standard", tmp_path / "study").words == {}
    (tmp_path / "study" / "toxicities.yaml").write_text("GVHD: {use: true, title: GVHD}")
    (words,) = load_toxicities(tmp_path / "standard", tmp_path / "study").words.values()
    assert (words["title"], words["scale"]) == ("GVHD", "GLUCKSBERG 1974")


@pytest.mark.parametrize("case", SLIPS)
def test_a_slip_is_told_with_file_line_column_and_cure(listed, case):
    right, wrong, at, told, cure = SLIPS[case]
    assert GVHD.count(right) >= 1
    (listed / FILE).write_text(GVHD.replace(right, wrong, 1), encoding="utf-8")
    said = [(f"{p.file}:{p.line}:{p.column}", p.what, p.cure) for p in lint(listed, "small")[0]]
    assert any(place == f"{FILE}:{at}" and told in what and cure in mended for place, what, mended in said), said


def test_a_slip_of_words_stops_the_reading_too(listed):
    (listed / FILE).write_text(GVHD.replace("AGVHDMAX", "AGVHDMAXGR"), encoding="utf-8")
    with pytest.raises(TrialError) as caught:
        load_specs(listed, "small")
    assert caught.value.where == f"{listed / FILE}, line 9, column 15"
