"""Response parameters that a study may write: each from its file, its value by hand.

Cells on 1 January 2025 (day 0). Visits: W4 days 21 to 35 around 28, W24 days 154 to 182 around 168.
"""

import pandas as pd
import pytest
from endpoint_files import responses
from tables import given, table

from adam.response.assessments import assessments
from adam.response.response_summary import response_summary

VISITS = table("""
    ANCHOR | PLANNED_DAY | WINDOW_LOW | WINDOW_HIGH | RESPFL | AVISIT
    CELLS  | 28          | 21         | 35          | Y      | W4
    CELLS  | 168         | 154        | 182         | Y      | W24
""")
SOURCES = """
POST: {of: assessments, where: 'POSTFL == "Y"', says: Assessment}
ELIGIBLE: {of: POST, where: 'BORFL == "Y"', says: Eligible assessment}
REMISSION: {of: ELIGIBLE, where: 'OVERALL in ["CR", "CRH", "CRI"] or COHORT == "NHL" and OVERALL == "PR"',
  says: Remission}
DERIVED: {of: derived_responses, where: 'BORFL == "Y"', says: Derived response}
MRD: {of: fa, where: 'FATESTCD == "MRD"', says: MRD}
"""
FILES = {
    "STAT24": "assessments: POST\nwindow: W24\ntake: nearest\nwhere: 'BORFL == \"Y\"'\nmissing: none",
    "ORR24": "assessments: POST\nwindow: W24\ntake: nearest\nwhere: 'BORFL == \"Y\"'\nyes: [CR, CRH, CRI, PR]",
    "RSD28": "assessments: POST\nwindow: W4\ntake: nearest\nrecode: {NR: SD, REL: PD}",
    "BOR24": "assessments: ELIGIBLE\nto: 182\nbest: [CR, CRH, CRI, PR, MLFS, SD, PD, NE]\nrecode: {NR: SD, REL: PD}",
    "ORBEST": "assessments: REMISSION\nyes: any",
    "ORD28": "assessments: POST\nwindow: W4\ntake: nearest\nyes: [CR, CRI, PR]\n"
             "where: 'COHORT == \"NHL\" or OVERALL != \"PR\"'",
    "BOR24D": "assessments: DERIVED\nvalue: OVERALLD\nto: 182\nbest: [CR, PR, SD, PD, NE]",
    "MRDNEG": "assessments: MRD\nvalue: FASTRESC\nto: 182\nyes: NEGATIVE",
}  # fmt: skip
HEAD = "response: {0}\nlabel: As labelled\npopulation: ALL\n{1}\n"
MADE = responses({"sources.yaml": SOURCES} | {f"{c.lower()}.yaml": HEAD.format(c, said) for c, said in FILES.items()})


def value(code, assessed="", cohort="ALL", **datasets):
    """AVALC and the day of one parameter of one subject by assessments "day response (x: not eligible), ..."."""
    points = [point.split() for point in assessed.split(", ") if point]
    rows = "\n".join(f"1 2025-01-01 {day} {worth} {n} {'N' if rest else 'Y'}"
                     for n, (day, worth, *rest) in enumerate(points, 1))  # fmt: skip
    frame = given("assessments", f"USUBJID ADT CARTDY OVERALL RSSEQ BORFL\n{rows}", POSTFL="Y")
    frame["ADT"] += pd.to_timedelta(frame["CARTDY"], unit="D")
    people = given("subjects", f"USUBJID CARTSDT COHORT\n1 2025-01-01 {cohort}")
    needed = ("counted_responses", "derived_responses", "fa", "infused_set")
    named = {name: given(name, "USUBJID") for name in needed} | {"assessments": frame} | datasets
    made = response_summary(people, MADE, VISITS, **named)
    return dict(zip(made["PARAMCD"], made["AVALC"], strict=True)).get(code)


@pytest.mark.parametrize(("code", "assessed", "cohort", "expected"), [
    # the one nearest to day 168, at equal distance the later; its status, if eligible, else no record
    ("STAT24", "160 CR, 170 PR", "ALL", "PR"),
    ("STAT24", "163 CR, 173 PR", "ALL", "PR"),
    ("STAT24", "160 CR, 170 PR x", "ALL", None),
    ("STAT24", "153 CR, 183 CR", "ALL", None),
    ("ORR24", "160 CR, 170 PR", "ALL", "Y"),
    ("ORR24", "160 CR, 170 SD", "ALL", "N"),
    ("ORR24", "160 CR, 170 PR x", "ALL", "N"),
    ("ORR24", "", "ALL", "N"),
    # the response itself, not evaluable ones included, recoded; MISSING without any
    ("RSD28", "25 CR, 28 NE", "ALL", "NE"),
    ("RSD28", "21 NR", "ALL", "SD"),
    ("RSD28", "20 CR", "ALL", "MISSING"),
    # the best to day 182: MLFS after PR here, relapse as progression
    ("BOR24", "30 MLFS, 60 PR, 183 CR", "ALL", "PR"),
    ("BOR24", "30 NR, 60 REL", "ALL", "SD"),
    ("BOR24", "30 CR x, 60 REL", "ALL", "PD"),
    ("BOR24", "", "ALL", "MISSING"),
    # what remission is depends on the disease
    ("ORBEST", "30 PR", "NHL", "Y"),
    ("ORBEST", "30 PR", "ALL", "N"),
    ("ORBEST", "30 CRI", "ALL", "Y"),
    ("ORD28", "28 PR", "NHL", "Y"),
    ("ORD28", "28 PR", "ALL", "N"),
    ("ORD28", "28 CRI", "ALL", "Y"),
])  # fmt: skip
def test_each_parameter_is_as_its_file_says(code, assessed, cohort, expected):
    assert value(code, assessed, cohort) == expected


def test_derived_responses_and_other_findings_are_assessments_too():
    derived = given("derived_responses", "USUBJID ADT CARTDY OVERALLD RSSEQ BORFL\n1 2025-02-01 31 PR 1 Y")
    mrd = given("fa", "USUBJID FATESTCD FASTRESC FADTC\n1 MRD NEGATIVE 2025-02-01\n1 OTHER POSITIVE 2025-02-02")
    assert value("BOR24D", derived_responses=derived) == "PR"
    assert (value("MRDNEG", fa=mrd), value("MRDNEG")) == ("Y", "N")


def test_the_earliest_image_of_a_time_point_is_that_of_its_lesions_and_pet_else_its_own_date():
    rs = given("rs", "USUBJID|RSTESTCD|RSSTRESC|VISIT|RSLNKGRP|RSDTC\n1|OVRLRESP|PR|D30|A|2025-02-05\n"
                     "1|OVRLRESP|PR|D100|B|2025-04-05", RSCAT="LUGANO", RSEVAL="INVESTIGATOR")  # fmt: skip
    tr = given("tr", "USUBJID TRLNKGRP TRDTC\n1 A 2025-02-03\n1 A 2025-02-01\n1 C 2025-01-20")
    made = assessments(rs, tr, given("subjects", "USUBJID CARTSDT\n1 2025-01-01"), "BEFORE")
    assert made["IMGDT"].dt.strftime("%m-%d").tolist() == ["02-01", "04-05"]
