"""Slips in treatment periods: each is told where it stands, with the word that was probably meant."""

import pytest

from pipeline.lint.report import lint

STUDY = """periods:
  - {label: First, where: 'EXCAT == "CELLS" and PART == "1"'}
  - {label: Again, where: 'PART == "2"'}
"""
EX = """form,block,target,rule,source,where
FU,,EXTRT,hardcode,CAR,
FU,,EXCAT,hardcode,CELLS,
FU,,EXSTDTC,assign_datetime,DTHDT,
FU,,SUPP.PART,assign,CAUSE,
"""
VISITS = "VISITNUM,VISIT,FOLDER,ANCHOR,PLANNED_DAY,WINDOW_LOW,WINDOW_HIGH,RESPFL,AVISIT,PREFL,ALIAS,PERIOD\n"


def told(small, study=STUDY, period="2", header=VISITS):
    """What lint says of study.yaml and visits.csv."""
    folder = small / "specs" / "small"
    text = (folder / "study.yaml").read_text().replace(" ex,", "")
    (folder / "study.yaml").write_text(text + study)
    (folder / "mapping" / "ex.csv").write_text(EX)
    terms = (folder / "codelists.csv").read_text() + "SUPPEX,N,,PART,,Part\nEXTRT,Y,,CAR,,\n"
    (folder / "codelists.csv").write_text(terms)
    (folder / "visits.csv").write_text(header + f"1,DAY 30,D30,CELLS,30,25,35,Y,Day 30,N,,{period}\n")
    problems = lint(small, "small")[0]
    texts = [problem.text().removeprefix("specs/small/") for problem in problems]
    return [text for text in texts if text.startswith(("study.yaml", "visits.csv"))]


def test_periods_in_order_have_no_problem(small):
    assert told(small) == []


@pytest.mark.parametrize(("written", "instead", "said"), [
    ('EXCAT == "CELLS"', 'EXCTA == "CELLS"', "study.yaml:8:20 error: EX has no variable EXCTA; did you mean EXCAT"),
    ('EXCAT == "CELLS"', 'EXCAT == "CELS"', 'EXCAT never is "CELS": mapping/ex.csv does not have it'),
    ('EXCAT == "CELLS"', 'EXTRT == "CAT"', "mapping/ex.csv does not have it; did you mean CAR?"),
    ('PART == "2"', 'EXDOSE == "x"', "study.yaml:9:20 error: EXDOSE holds a number, "),
    ("label: Again", "label: First", "study.yaml:9:6 error: periods 1 and 2 have the same label; tell them apart"),
    ("label: Again", "lable: Again", "`periods[2]` has the unknown word 'lable'; did you mean label?"),
    ("where: 'PART == \"2\"'", "where: 'EXCAT == \"CELLS\" and PART == \"1\"'",
     "study.yaml:9:20 error: periods 1 and 2 have the same where; tell them apart"),
    ("where: 'PART == \"2\"'", "where: ''", "study.yaml:9:5 error: `periods[2]` lacks `where:`; add it"),
])  # fmt: skip
def test_a_period_asks_ex_for_what_it_has(small, written, instead, said):
    assert written in STUDY
    found = told(small, STUDY.replace(written, instead))
    assert found and said in found[0], found


def test_a_visit_is_of_a_period_that_the_study_has(small):
    assert told(small, period="3") == [
        "visits.csv:2:41 error: DAY 30 is of the period '3', which study.yaml does not have; one of 1, 2"]


def test_a_study_without_periods_has_no_visits_of_one(small):
    assert told(small, study="", period="2") == [
        "visits.csv:2:41 error: DAY 30 is of the period '2', which study.yaml does not have; "
        "name `periods:` in study.yaml, or leave it empty"]


def test_a_column_of_visits_that_nobody_reads_is_told(small):
    assert told(small, header=VISITS.replace("PERIOD", "PEROID")) == [
        "visits.csv:1:91 error: visits.csv has the unknown column PEROID; did you mean PERIOD?"]
