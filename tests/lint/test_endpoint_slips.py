"""Slips of the pen in files of endpoints: each is told with file, line, column and the nearest right word."""

import re

import pandas as pd
import pytest
from endpoint_files import datasets, told

from pipeline.ground.faults import TrialError
from pipeline.ground.metadata import StudySettings
from pipeline.lint.endpoints import check_endpoints
from pipeline.study.derivation import load_derivation, with_beside
from pipeline.study.endpoint_folder import EndpointContext, EndpointFolder, SpecPart
from pipeline.study.responses import load_responses
from pipeline.study.specs import load_specs

RIGHT = {
    "sources.yaml": """
RELAPSE: {of: assessments, where: 'OVERALL == "REL"', says: Relapse}
LATE: {of: assessments, after: RELAPSE, says: Late}
""",
    "situations.yaml": """
relapse_or_death:
  event: [RELAPSE, DEATH]
left:
  censored: otherwise
  at: [last assessment, origin]
  cnsr: 1
  says: Alive in remission
""",
    "rfs.yaml": """
endpoint: RFSX
label: Relapse-Free Survival
population: RESP
origin: COMPLETE
assessments: ADEQUATE
situations:
  - relapse_or_death
  - {censored: LATE, at: last LATE before it, cnsr: 2}
  - left
""",
}
# file, what is written for what, what is told, the line and column, the cure
SLIPS = {
    "an unknown source": ("situations.yaml", "[RELAPSE, DEATH]", "[RELAPSE, DEATHH]", "Unknown source 'DEATHH'", 3, 20,
                          "DEATH"),
    "an unknown situation": ("rfs.yaml", "- left", "- lft", "Unknown situation 'lft'", 10, 5, "left"),
    "an unknown set": ("rfs.yaml", "population: RESP", "population: RSP", "Unknown set 'RSP'", 4, 1, "RESP"),
    "an unknown origin": ("rfs.yaml", "origin: COMPLETE", "origin: COMPLET", "Unknown source 'COMPLET'", 5, 1,
                          "COMPLETE"),
    "unknown assessments": ("rfs.yaml", "ADEQUATE", "ADEQUAT", "Unknown source 'ADEQUAT'", 6, 1, "ADEQUATE"),
    "an unknown word": ("rfs.yaml", "population:", "populaton:", "unknown word 'populaton'", 4, 1, "population"),
    "a date nobody reads": ("rfs.yaml", "last LATE before it", "latest LATE", "cannot be read", 9, 22, "last"),
    "a date of an unknown source": ("rfs.yaml", "last LATE before", "last LAT before", "Unknown source 'LAT'", 9, 22,
                                    "LATE"),
    "a source after an unknown one": ("sources.yaml", "after: RELAPSE", "after: RELAPS", "Unknown source 'RELAPS'",
                                      3, 25, "RELAPSE"),
    "a code too long": ("rfs.yaml", "endpoint: RFSX", "endpoint: RELAPSEFREE", "'RELAPSEFREE' is no parameter code",
                        2, 1, "one to eight"),
    "a censoring without its code": ("rfs.yaml", ", cnsr: 2", "", "needs its code of CNSR", 9, 5, "cnsr: 1"),
    "an event with one": ("situations.yaml", "[RELAPSE, DEATH]", "[RELAPSE, DEATH]\n  cnsr: 1", "has the code 0", 4, 3,
                          "leave"),
    "neither event nor censored": ("situations.yaml", "  censored: otherwise\n", "", "`event:` or `censored:`", 4, 1,
                                   "say what of"),
    "a missing day": ("rfs.yaml", "cnsr: 2", "cnsr: 2, no: DEATH", "stand together", 9, 5, "say both"),
    "nobody left": ("rfs.yaml", "  - left\n", "", "must apply to whoever is left", 7, 1, "otherwise"),
    "some left": ("situations.yaml", "  cnsr: 1\n", "  cnsr: 1\n  when: AGE > 1\n", "must apply to whoever is left",
                  8, 3, "`when:`"),
    "no assessments said": ("rfs.yaml", "assessments: ADEQUATE\n", "", "asks for assessments", 2, 1, "assessments:"),
    "a word nobody reads": ("sources.yaml", "after:", "aftr:", "has the unknown word 'aftr'", 3, 25, "after"),
    "a unit nobody has": ("rfs.yaml", "label:", "unit: weeks\nlabel:", "`unit` must be", 3, 1, "months"),
    "an endpoint twice": ("rfs.yaml", "endpoint: RFSX", "endpoint: RFSX", "", 0, 0, ""),
}  # fmt: skip


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_is_told_where_it_stands(name):
    file, right, wrong, what, line, column, cure = SLIPS[name]
    assert right in RIGHT[file]
    files = RIGHT | {file: RIGHT[file].replace(right, wrong, 1)}
    files |= {"z.yaml": RIGHT["rfs.yaml"]} if not what else {}
    with pytest.raises(TrialError) as slip:
        told(files)
    assert what in slip.value.what and cure in slip.value.cure, slip.value
    place = re.search(rf"endpoints/{file}, line (\d+), column (\d+)", slip.value.where)
    if what:
        assert place and (int(place[1]), int(place[2])) == (line, column), slip.value.where
    else:
        assert "RFSX is also the code of rfs.yaml" in slip.value.what


def test_what_is_right_is_made_beside_the_usual_ones():
    made = [one["endpoint"] for one in told(RIGHT).said["made"]]
    assert made == ["DOR", "OS", "PFS", "PFSEMA", "RELNRM", "RFSX"]


def test_a_study_lists_which_of_the_standards_endpoints_it_makes_and_its_own_are_always_made():
    assert [one["endpoint"] for one in told(RIGHT, ("OS",)).said["made"]] == ["OS", "RFSX"]
    with pytest.raises(TrialError, match="Unknown endpoint 'OSS'"):
        told({}, ("OSS",))


def test_a_studys_own_file_wins_over_the_standards_of_the_same_code():
    own = RIGHT["rfs.yaml"].replace("endpoint: RFSX", "endpoint: OS")
    made = {one["endpoint"]: one["label"] for one in told(RIGHT | {"rfs.yaml": own}).said["made"]}
    assert made["OS"] == "Relapse-Free Survival"


def test_only_datasets_and_decisions_that_are_named_are_needed():
    assert told({}, ("OS",)).datasets["adtte"] == ("infused_set",)
    assert told({}, ("OS",)).decisions["adtte"] == ("TTE_DAY1", "TTE_ORIGIN")


# file, what is written for what, what lint tells where
ASKED = {
    "an unknown dataset": ("sources.yaml", "of: assessments, where", "of: assessment, where",
                           "sources.yaml:2:11 error: unknown dataset 'assessment'; did you mean assessments?"),
    "an unknown variable": ("sources.yaml", "OVERALL ==", "OVERAL ==",
                            "sources.yaml:2:28 error: ASSESSMENTS has no variable OVERAL; did you mean OVERALL"),
    "a number as a text": ("sources.yaml", "OVERALL ==", "CARTDY ==",
                           "sources.yaml:2:28 error: CARTDY holds a number, \"REL\" is a text; text stands in quotes"),
    "an unknown date": ("sources.yaml", "says: Late", "date: ADTT, says: Late",
                        "sources.yaml:3:41 error: ASSESSMENTS has no date ADTT; did you mean ADT"),
    "no date at all": ("sources.yaml", "of: assessments, after", "of: subjects, after",
                       "sources.yaml:3:8 error: the records of SUBJECTS have no date of their own; say date:"),
    "a sequence nobody has": ("sources.yaml", "says: Late", "record: [RS, RSDTC, RSEQ], says: Late",
                              "sources.yaml:3:61 error: ASSESSMENTS has no variable RSEQ; did you mean RSSEQ"),
    "an unknown variable of the subject": (
        "situations.yaml", "  event: [RELAPSE, DEATH]", "  event: [RELAPSE, DEATH]\n  when: SEXX == \"F\"",
        "situations.yaml:4:3 error: The subject has no variable SEXX; did you mean SEX"),
    "an unknown visit": ("crw.yaml", "window: Day 30", "window: Day 300",
                         "crw.yaml:6:1 error: no response visit is called 'Day 300'; did you mean Day 30?"),
    "an unknown clause on the one taken": ("crw.yaml", "BORFL ==", "BORF ==",
                                           "crw.yaml:8:1 error: ASSESSMENTS has no variable BORF; did you mean BORFL"),
}  # fmt: skip
RESPONSE = """
response: CRW
label: Complete response by its own window
population: INF
assessments: ADEQUATE
window: Day 30
take: nearest
where: 'BORFL == "Y"'
yes: CR
"""


@pytest.mark.parametrize("name", ASKED)
def test_what_files_ask_of_datasets_is_linted(small, name):
    file, right, wrong, said = ASKED[name]
    files = RIGHT | {"crw.yaml": RESPONSE}
    assert right in files[file]
    folder = small / "specs" / "small" / "endpoints"
    folder.mkdir()
    for one, text in files.items():
        (folder / one).write_text(text.replace(right, wrong, 1) if one == file else text, encoding="utf-8")
    specs = load_specs(small, "small")
    ct = pd.DataFrame({"codelist": [], "extensible": [], "submission": []}, dtype="str")
    (told,) = [problem.text() for problem in check_endpoints(small, specs, ct)]
    assert f"specs/small/endpoints/{said}" in told


@pytest.mark.parametrize(("right", "wrong", "what", "place"), [
    ("yes: CR", "yes: CR\nbest: [CR]", "asks `yes:` or `best:`, not both", "line 10, column 1"),
    ("window: Day 30\n", "", "nearest is sought by the planned day", "line 6, column 1"),
    ("take: nearest\n", "take: nearst\n", "`take` must be", "line 7, column 1"),
    ("yes: CR", "value: OVERAL\nyes: CR", "has no variable OVERAL", "line 9, column 1"),
    ("ADEQUATE", "ADEQUATES", "Unknown source 'ADEQUATES'", "line 5, column 1"),
    ("yes: CR", 'from: "@CRD30_LOWW"\nyes: CR', "Unknown decision 'CRD30_LOWW'", "line 9, column 1"),
])  # fmt: skip
def test_a_slip_of_a_response_is_told_where_it_stands(right, wrong, what, place):
    with pytest.raises(TrialError) as slip:
        told({"crw.yaml": RESPONSE.replace(right, wrong)}, load=load_responses)
    assert what in slip.value.what and place in slip.value.where, slip.value


BESIDE = "ANC: {label: Neutrophils, nearest: COUNTS, value: LBSTRESN, days: 7}"
COUNTS = """COUNTS: {of: lb, where: 'LBTESTCD == "NEUT"', says: Counts}"""
TABLE = {"criterion": "NCCN ALL", "label": "Derived", "cases": {"CR": "ANC >= 1"}}


@pytest.mark.parametrize(("right", "wrong", "what", "place"), [
    ("COUNTS", "COUNT", "Unknown source 'COUNT'", "line 1, column 27"),
    ("LBSTRESN", "LBSTRSN", "LB has no variable LBSTRSN", "line 1, column 44"),
    (", days: 7", "", "LB has no link group: which of its records is meant by ANC is not said", "line 1, column 1"),
    (", value: LBSTRESN", "", "does not say the value of the nearest record", "line 1, column 1"),
    ("nearest: COUNTS, ", "", "the value of the `nearest:` record, or of `cases:`", "line 1, column 1"),
    ("ANC", "OVERALL", "Response assessments have OVERALL already", "line 1, column 1"),
    ("ANC", "neutrophils", "'neutrophils' cannot be the name of a variable", "line 1, column 1"),
    ("days", "day", "unknown word 'day'", "line 1, column 61"),
])  # fmt: skip
def test_a_slip_of_what_stands_beside_assessments_is_told_where_it_stands(right, wrong, what, place):
    with pytest.raises(TrialError) as slip:
        told({"sources.yaml": COUNTS, "beside.yaml": BESIDE.replace(right, wrong, 1)},
             load=lambda folder, study: with_beside(study.datasets, folder))  # fmt: skip
    assert what in slip.value.what and f"beside.yaml, {place}" in slip.value.where, slip.value


def test_criteria_that_ask_what_no_assessment_has_are_told_with_the_file_that_should_say_it(tmp_path):
    table = SpecPart(TABLE, tmp_path / "own.yaml")
    (tmp_path / "own.yaml").write_text("criterion: NCCN ALL\nlabel: Derived\ncases:\n  CR: 'ANC >= 1'\n")
    study = EndpointContext({}, datasets(), {}, StudySettings(criteria={"response": "nccn all"}))
    with pytest.raises(TrialError) as slip:
        load_derivation(EndpointFolder(criteria={"NCCN ALL": table}), study)
    assert "NCCN ALL asks ANC" in slip.value.what and "line 4, column 3" in slip.value.where, slip.value
    assert "endpoints/beside.yaml" in slip.value.cure


@pytest.mark.parametrize(("sources", "what", "place"), [
    ("A: {of: B, says: A}\nB: {of: A, says: B}", "A of B of A: a source of its own records", "line 2, column 5"),
    ("A: {of: B, says: A}\nB: {of: lb, where: LBSEQ > 0, meets: LBSTRESN < 1, consecutive: 2, says: B}",
     "B begins a row of records; no source can be of it", "line 1, column 5"),
])  # fmt: skip
def test_a_source_of_a_source_is_a_part_of_it(sources, what, place):
    with pytest.raises(TrialError) as slip:
        told({"sources.yaml": sources})
    assert what in slip.value.what and place in slip.value.where, slip.value


def test_a_source_of_a_source_has_both_clauses_its_date_and_its_dataset():
    text = RESPONSE.replace("ADEQUATE", "NOW")
    own = "NOW: {of: COUNTED, where: 'OVERALL == \"CR\" or ADTF == \"\"', says: N}"
    text = told({"crw.yaml": text, "sources.yaml": own}, load=load_responses).said["sources"]["NOW"]
    assert (text["of"], text["where"]) == ("counted_responses", 'OVERALL == "CR" or ADTF == ""')
    made = told({"sources.yaml": "ADEQUATE: {of: LATER, where: CARTDY > 9, says: N}\n"
                                 "LATER: {of: assessments, date: IMGDT, where: ADT < IMGDT, says: L}"})  # fmt: skip
    adequate = made.said["sources"]["ADEQUATE"]
    assert (adequate["where"], adequate["date"]) == ("(ADT < IMGDT) and (CARTDY > 9)", "IMGDT")


def test_what_the_one_taken_must_meet_may_ask_of_the_subject_what_another_dataset_has():
    asked = RESPONSE.replace("BORFL ==", "SAFFL ==")
    files = {"crw.yaml": asked}
    assert "safety_set" in told(files, load=load_responses).datasets["response_summary"]
