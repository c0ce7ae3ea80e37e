"""Response parameters that a study may write: each from its file, its value by hand.

Cells on 1 January 2025 (day 0). Visits: W4 days 21 to 35 around 28, W24 days 154 to 182 around 168.
"""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from endpoint_files import datasets, responses, told
from tables import given, table

from adam.response.assessments import assessments
from adam.response.derived_responses import derived_responses
from adam.response.response_summary import response_summary
from pipeline.ground.endpoints import Criterion
from pipeline.ground.metadata import StudySettings
from pipeline.study.derivation import load_derivation, read_derivation, with_beside, with_derived
from pipeline.study.endpoint_folder import EndpointContext, EndpointFolder, SpecPart
from pipeline.study.responses import load_responses

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
    made = assessments(rs, tr, given("subjects", "USUBJID CARTSDT\n1 2025-01-01"),
                       table("codelist collected submission"), "BEFORE")
    assert made["IMGDT"].dt.strftime("%m-%d").tolist() == ["02-01", "04-05"]


@pytest.mark.parametrize(("listed", "made"), [
    ((), {"BOR", "CRD30", "CRD100"}),  # none is listed: the usual ones
    (("PFS",), {"BOR", "CRD30", "CRD100"}),  # a time to event says nothing of responses
    (("PFS", "ORR"), {"ORR"}),  # listed are all of the standard's that are made
])  # fmt: skip
def test_of_the_standard_s_responses_the_listed_or_the_usual_are_made_a_study_s_own_always(listed, made):
    files = {"sources.yaml": SOURCES, "stat24.yaml": HEAD.format("STAT24", FILES["STAT24"])}
    said = told(files, listed, load_responses).said["made"]
    assert {one["response"] for one in said} == made | {"STAT24"}


BESIDE = """
ANC: {label: Neutrophils, nearest: NEUTROPHILS, value: LBSTRESN, days: 7}
BLAST: {label: Marrow Blasts (%), nearest: BLASTS, value: FASTRESN, days: 0}
BLASTCHG: {label: Points Above Baseline, nearest: BLASTS, value: CHG, base: WEIGHT, days: 0}
MRDV: {label: MRD (%), nearest: MRD, value: FASTRESN, days: 0}
SPD: {label: Sum of Products (mm2), nearest: SUMS, value: AVAL}
MRDCAT: {label: MRD Category, cases: {POS: 'MRDV >= 0.01', NEG: 'MRDV < 0.01 and OVERALL == "CR"'}, otherwise: ND}
"""
ITEMS = """
NEUTROPHILS: {of: lb, where: 'LBTESTCD == "NEUT"', says: Neutrophils}
BLASTS: {of: fa, where: 'FATESTCD == "BLAST"', says: Marrow blasts}
MRD: {of: fa, where: 'FATESTCD == "MRD"', says: MRD}
SUMS: {of: adtr, where: 'PARAMCD == "SPD"', says: Sum of the lesions}
"""


def beside_points(lb="", fa="", adtr="", criterion=None):
    """What stands beside a CR of day 28 (29 January) and an SD of day 60, of one subject with baseline 40."""
    said = told({"beside.yaml": BESIDE, "sources.yaml": ITEMS}, load=derivation_of).said
    derivation = replace(read_derivation(said, {}), criterion=criterion, subjects=())
    points = given("assessments", "USUBJID ADT CARTDY OVERALL RSSEQ\n1 2025-01-29 28 CR 1\n1 2025-03-02 60 SD 2",
                   POSTFL="Y", AVIDNEW="N").assign(LNKGRP=["W4", None])  # fmt: skip
    people = given("subjects", "USUBJID CARTSDT\n1 2025-01-01").assign(WEIGHT=40.0)
    named = {"lb": given("lb", "USUBJID LBTESTCD LBSTRESN LBDTC\n" + lb),
             "fa": given("fa", "USUBJID FATESTCD FASTRESN FADTC\n" + fa),
             "adtr": given("adtr", "USUBJID PARAMCD AVAL ADT TRLNKGRP\n" + adtr)}  # fmt: skip
    none = given("pet_points", "USUBJID LNKGRP METABOLD"), given("ct_points", "USUBJID RSSEQ ANATOMD NEWLESD TRGRESP")
    return derived_responses(points, *none, people, derivation, "NE", True, **named)


def derivation_of(folder, study):
    return load_derivation(folder, replace(study, datasets=with_beside(study.datasets, folder)))


@pytest.mark.parametrize(("records", "expected"), [
    ("1 NEUT 0.4 2025-01-20", None),  # nine days away
    ("1 NEUT 0.5 2025-01-22", 0.5),  # seven
    ("1 NEUT 0.5 2025-01-27\n1 NEUT 0.6 2025-01-30", 0.6),  # the nearest
    ("1 NEUT 0.5 2025-01-28\n1 NEUT 0.7 2025-01-30", 0.7),  # at equal distance the later
    ("1 NEUT 0.5 2025-01-27\n1 NEUT . 2025-01-29", 0.5),  # one without a value says nothing
    ("1 PLAT 90 2025-01-29", None),
])  # fmt: skip
def test_the_nearest_record_of_a_source_within_so_many_days_stands_beside_an_assessment(records, expected):
    value = beside_points(lb=records)["ANC"].iloc[0]
    assert value == expected or (expected is None and pd.isna(value))


def test_without_days_a_value_is_of_the_records_of_the_same_link_group_however_far_their_dates():
    lesions = "1 SPD 700 2025-01-15 W4\n1 SPD 300 2025-01-29 LD\n1 SPD 300 2025-03-02 ."
    assert beside_points(adtr=lesions)["SPD"].fillna(-1).tolist() == [700, -1]


def test_values_stand_beside_their_assessment_compared_with_a_number_of_the_subject_and_sorted_into_cases():
    made = beside_points(fa="1 BLAST 3 2025-01-29\n1 MRD 0.005 2025-01-29\n1 BLAST 60 2025-03-02\n1 MRD 2 2025-03-02")
    columns = ["BLAST", "BLASTCHG", "MRDV", "MRDCAT"]
    assert made[columns].values.tolist() == [[3, -37, 0.005, "NEG"], [60, 20, 2, "POS"]]
    assert beside_points()["MRDCAT"].tolist() == ["ND", "ND"]


def test_the_derived_response_is_the_first_case_of_the_criteria_and_its_first_progression_is_dated():
    table = Criterion("Own", cases={"PD": "BLAST >= 25", "CR": 'BLAST < 5 and WEIGHT == 40'}, remission=("CR",))
    made = beside_points(fa="1 BLAST 3 2025-01-29\n1 BLAST 60 2025-03-02", criterion=table)
    assert made["OVERALLD"].tolist() == ["CR", "PD"]
    assert made["PDDTD"].dt.strftime("%m-%d").tolist() == ["03-02", "03-02"]


@pytest.mark.parametrize(("criteria", "listed", "others", "made"), [
    ("Lugano 2014", (), (), True),
    ("Lugano 2014", (), ("tr",), False),  # no lesions are collected
    ("Lugano 2014", ("OVRD",), ("tr",), True),  # it is asked for all the same
    ("IMWG 2016", (), (), False),  # nothing known follows from these criteria
])  # fmt: skip
def test_a_derived_response_is_made_where_criteria_and_inputs_are_there_or_it_is_listed(criteria, listed, others, made):
    settings = StudySettings(criteria={"response": criteria}, endpoints=listed, not_collected=others)
    context = EndpointContext({}, datasets(), {}, settings)
    assert ("OVRD" in with_derived(datasets(), EndpointFolder(), context)["adrs"].parameter_labels) == made


def test_a_derived_response_that_the_study_leaves_out_is_not_brought_back_by_its_criteria():
    table = SpecPart({"criterion": "Own", "label": "Derived", "cases": {"CR": ""}}, Path())
    context = EndpointContext({}, datasets(), {}, StudySettings(criteria={"response": "Own"}))
    adrs = datasets()["adrs"]
    without = replace(adrs, parameters=(), without=("OVRD",))
    for spec, made in ((adrs, True), (without, False)):
        whole = with_derived({"adrs": spec} | {n: s for n, s in datasets().items() if n != "adrs"},
                             EndpointFolder(criteria={"Own": table}), context)  # fmt: skip
        assert ("OVRD" in whole["adrs"].parameter_labels) == made
