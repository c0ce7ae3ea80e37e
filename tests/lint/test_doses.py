"""Slips in doses.yaml: each is told where it stands, with the word that was probably meant."""

import pytest

from pipeline.lint.report import lint

EX = """form,block,target,rule,source,where
FU,,EXTRT,hardcode,CAR,
FU,,EXCAT,hardcode,CELLS,
FU,,EXSTDTC,assign_datetime,DTHDT,
FU,,SUPP.PLANDOSE,assign,CAUSE,
"""
DOSES = """DOSE1: {label: First, role: cells, measure: dose, infusion: 1, where: 'EXTRT == "CAR"'}
PCT: {label: Percent, role: cells, measure: percent_of_planned, planned: PLANDOSE, weight: WEIGHTBL}
INFDUR:
"""


def told(small, text):
    """What lint says of doses.yaml."""
    folder = small / "specs" / "small"
    (folder / "study.yaml").write_text((folder / "study.yaml").read_text().replace(" ex,", ""))
    (folder / "mapping" / "ex.csv").write_text(EX)
    terms = (folder / "codelists.csv").read_text() + "SUPPEX,N,,PLANDOSE,,Planned\n"
    (folder / "codelists.csv").write_text(terms)
    (folder / "doses.yaml").write_text(text)
    texts = [problem.text() for problem in lint(small, "small")[0]]
    return [text.removeprefix("specs/small/") for text in texts if "doses.yaml" in text]


@pytest.mark.parametrize(("written", "instead", "said"), [
    ("", "", ""),
    ("measure: dose,", "measure: doses,", "doses.yaml:1:36 error: `DOSE1.measure` must be the word"),
    ("role: cells, measure: dose", "role: cell, measure: dose", "doses.yaml:1:23 error: `DOSE1.role` must be the word"),
    ("DOSE1:", "DOSE_OF_1:", "doses.yaml:1:1 error: 'DOSE_OF_1' is no parameter code; one to eight capitals"),
    ('== "CAR"', '== "CAT"', "doses.yaml:1:64 error: EXTRT never is \"CAT\""),
    ("EXTRT", "EXTRD", "doses.yaml:1:64 error: EX has no variable EXTRD; did you mean EXTRT"),
    ("planned: PLANDOSE", "planned: PLANDOES", "doses.yaml:2:65 error: neither EX nor SUBJECTS has"),
    ("planned: PLANDOSE", "planned: role", "doses.yaml:2:65 error: study.yaml plans no dose for the role cells"),
    ("planned: PLANDOSE", "planned: level", "doses.yaml:2:65 error: the study has no dose levels; say levels"),
    ("planned: PLANDOSE, ", "", "doses.yaml:2:36 error: this percent_of_planned needs `planned:`"),
    ("WEIGHTBL", "WEIGTBL", "doses.yaml:2:84 error: no weight is called WEIGTBL; did you mean WEIGHTBL"),
    ("infusion: 1", "infusion: first", "doses.yaml:1:51 error: `DOSE1.infusion` must be a whole number below 100"),
    ("label: First, ", "", "doses.yaml:1:1 error: `DOSE1` lacks `label:`"),
])  # fmt: skip
def test_a_slip_is_told_where_it_stands(small, written, instead, said):
    assert written in DOSES
    found = told(small, DOSES.replace(written, instead, 1) if written else DOSES)
    assert [said in text for text in found] == ([True] if said else []), found


@pytest.mark.parametrize(("unit", "dose", "weight", "said"), [
    ("10^6/kg", ", dose: 2", "weight: WEIGHTBL", ""), ("10^6", ", dose: 2", "where: ''", ""),
    ("10^6/kg", ", dose: 2", "where: ''", "the levels are planned per kg; say `weight:`"),
    ("10^6", ", dose: 2", "weight: WEIGHTBL", "the levels are not planned per kg; take `weight:` away"),
    ("10^6", "", "where: ''", "level 1 has no planned dose"),
])  # fmt: skip
def test_what_levels_plan_is_there_and_by_weight_as_they_are(small, unit, dose, weight, said):
    with (small / "specs" / "small" / "study.yaml").open("a") as study:
        study.write(f'levels: {{1: {{label: DL1, unit: "{unit}"{dose}}}}}\n')
    words = f"label: Percent, role: cells, measure: percent_of_planned, planned: level, {weight}"
    found = told(small, f"PCT: {{{words}}}\n")
    assert [said in text for text in found] == ([True] if said else []), found
