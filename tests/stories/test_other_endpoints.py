"""Endpoints that a study may list or write: each from its file, its times by hand calculation.

Cells on 1 January 2025: 2 March is day 60, 5 March 63, 26 March 84, 31 May 150. A time counts the day of the cells.
"""

import pandas as pd
import pytest
from endpoint_files import endpoints, times
from tables import STANDARD as STANDARD_FOLDER
from tables import given, shown, table

from adam.adtte import adtte, adttecr
from adam.derive.visits import response_windows

VISITS = table("""
    ANCHOR | PLANNED_DAY | WINDOW_LOW | WINDOW_HIGH | RESPFL | AVISIT
    CELLS  | 30          | 30         | 37          | Y      | Day 30
    CELLS  | 100         | 93         | 107         | Y      | Day 100
    CELLS  | 183         | 169        | 197         | Y      | Month 6
""")
STANDARD = ("DOCR", "RFS", "TTR", "TTNT", "EFS150", "EFSW9", "EFSW12", "EFSF0", "EFSFD", "PFSDISC", "CMPR",
            "RELNRM", "PFSITT", "OSITT")  # fmt: skip
MADE = endpoints(listed=STANDARD)
RESPONDING = ("CR", "CRi", "PR")


def ended(code, assessed="", therapies="", made=MADE, **known):
    """AVAL, CNSR (or cause) and EVNTDESC of one subject by assessments "2025-02-01 PR, ..." and therapies alike."""
    points = [point.split() for point in assessed.split(", ") if point]
    rows = "\n".join(f"1 {day} {worth} {n} Y {_day(day)}" for n, (day, worth) in enumerate(points, 1))
    counted = "\n".join(f"1 {day} {worth} {n}" for n, (day, worth) in enumerate(points, 1) if worth in RESPONDING)
    drugs = [one.split() for one in therapies.split(", ") if one]
    hsct = {"HSCT": "Y", "DRUG": "N"}
    taken = "\n".join(f"1 {day} {hsct[kind]} Y CM CMSTDTC {n}" for n, (day, kind) in enumerate(drugs))
    people = given("subjects", "USUBJID CARTSDT CARTSEQ DTHSEQ LALVDOM LALVVAR LALVSEQ EOSSEQ\n"
                               "1 2025-01-01 1 1 SS SSDTC 1 1", **known)  # fmt: skip
    row = times(
        code, made, people, response_windows(VISITS),
        assessments=given("assessments", f"USUBJID ADT OVERALL RSSEQ ADEQFL CARTDY\n{rows}"),
        counted_responses=given("counted_responses", f"USUBJID ADT QUALRSP RSSEQ\n{counted}"),
        new_therapies=given("new_therapies", f"USUBJID NACTDT HSCT NEWFL NACTDOM NACTVAR NACTSEQ\n{taken}"),
    )  # fmt: skip
    if not len(row):
        return None
    (one,) = row.to_dict("records")
    return one["AVAL"], one["CNSR"] if pd.isna(one["EVNTCD"]) else f"cause {one['EVNTCD']:g}", one["EVNTDESC"]


def _day(date):
    return (pd.Timestamp(date) - pd.Timestamp("2025-01-01")).days


DEAD = {"DTHDT": "2025-04-10"}
LEUKAPHERESIS = {"LEUKDT": "2024-12-03", "LEUKSEQ": 1}  # 29 days before the cells
STORIES = [  # endpoint, assessments, therapies, what else is known, what is expected
    # intent to treat: from leukapheresis, and a new therapy ends nothing
    ("PFSITT", "2025-02-01 SD, 2025-03-10 PD", "2025-02-15 DRUG", LEUKAPHERESIS, (98, 0, "Disease progression")),
    ("PFSITT", "", "", LEUKAPHERESIS, (1, 5, "No adequate assessment")),
    ("OSITT", "", "2025-02-15 DRUG", LEUKAPHERESIS | DEAD, (129, 0, "Death")),
    # no response by day 150: the assessment at or after it, day 155, is the event (156 days with both ends)
    ("EFS150", "2025-02-01 SD, 2025-06-05 SD", "", {}, (156, 0, "No response by day 150")),
    ("EFS150", "2025-02-01 SD, 2025-05-30 PR, 2025-06-05 PR", "", {}, (156, 4, "Alive without progression")),
    ("EFS150", "2025-02-01 SD, 2025-06-01 PR", "", {}, (152, 0, "No response by day 150")),  # a response too late
    ("EFS150", "2025-02-01 SD, 2025-05-30 SD", "", {}, (150, 4, "Alive without progression")),  # not yet day 150
    ("EFS150", "2025-02-01 SD, 2025-06-05 SD", "2025-03-01 DRUG", {}, (60, 0, "New anticancer therapy")),
    ("EFS150", "2025-02-01 SD, 2025-03-10 PD, 2025-06-05 PD", "", {}, (69, 0, "Disease progression")),
    ("EFS150", "2025-02-01 SD", "", DEAD, (100, 0, "Death")),
    ("EFSW9", "2025-02-01 SD, 2025-03-10 SD", "", {}, (69, 0, "No response by week 9")),
    ("EFSW9", "2025-02-01 PR, 2025-03-10 SD", "", {}, (69, 4, "Alive without progression")),
    # stable disease or progression from week 12 on; before it neither is an event, death always is
    ("EFSW12", "2025-02-01 PD, 2025-03-26 SD", "", {}, (85, 0, "No response at or after week 12")),
    ("EFSW12", "2025-02-01 PD, 2025-03-25 SD", "", {}, (84, 4, "Alive without progression")),
    ("EFSW12", "2025-02-01 SD", "", DEAD, (100, 0, "Death")),
    ("EFSW12", "2025-02-01 SD, 2025-03-26 CR", "2025-03-01 DRUG", {}, (85, 4, "Alive without progression")),
    # no remission by the landmark: failed at the origin, or on that day; partial remission is none
    ("EFSF0", "2025-02-01 PR, 2025-03-10 PR", "", {}, (1, 0, "Treatment failure")),
    ("EFSF0", "2025-02-01 CRi, 2025-04-10 REL", "", {}, (100, 0, "Disease progression")),
    ("EFSF0", "2025-02-01 PR", "", {"DTHDT": "2025-02-10"}, (41, 0, "Death")),
    ("EFSF0", "2025-02-01 PR", "", {"LSTALVDT": "2025-03-02"}, (1, 0, "Treatment failure")),
    ("EFSF0", "2025-02-01 PR", "", {"LSTALVDT": "2025-03-01"}, (32, 4, "Alive without progression")),
    ("EFSFD", "2025-02-01 PR, 2025-03-10 PR", "", {}, (61, 0, "Treatment failure")),
    # from the first complete response
    ("DOCR", "2025-02-01 PR, 2025-03-02 CR, 2025-04-10 PD", "", {}, (40, 0, "Disease progression")),
    ("DOCR", "2025-02-01 PR, 2025-04-10 PD", "", {}, None),
    ("RFS", "2025-02-01 CRi, 2025-04-10 REL", "", {}, (69, 0, "Disease progression")),
    ("RFS", "2025-02-01 CRi, 2025-04-10 CR", "2025-03-01 HSCT", {}, (1, 3, "Stem-cell transplant")),
    ("TTR", "2025-02-01 SD, 2025-03-02 PR, 2025-04-01 CR", "", {}, (61, 0, "Response")),
    ("TTNT", "2025-02-01 PD", "2025-03-02 DRUG, 2025-02-20 HSCT", {}, (51, 0, "Stem-cell transplant")),
    ("TTNT", "", "", DEAD, (100, 0, "Death")),
    ("TTNT", "", "", {"LSTALVDT": "2025-03-02"}, (61, 1, "Alive")),
    ("PFSDISC", "2025-02-01 PR", "", {"EOSDT": "2025-03-02", "EOSDECOD": "WITHDRAWAL"}, (61, 0, "Discontinuation")),
    ("PFSDISC", "2025-02-01 PR", "", {"EOSDT": "2025-03-02", "EOSDECOD": "COMPLETED"},
     (32, 4, "Alive without progression")),
    # causes of competing events; a drug before any of them censors at the last assessment on or before it
    ("CMPR", "2025-02-01 PR, 2025-04-10 PD", "", {}, (100, "cause 1", "Disease progression")),
    ("CMPR", "2025-02-01 PR", "", DEAD, (100, "cause 2", "Death")),
    ("CMPR", "2025-02-01 PR, 2025-04-10 PD", "", DEAD, (100, "cause 1", "Disease progression")),  # of one day: PD
    ("CMPR", "2025-02-01 PR, 2025-04-10 PD", "2025-03-02 HSCT", {}, (61, "cause 3", "Stem-cell transplant")),
    ("CMPR", "2025-02-01 PR, 2025-04-10 PD", "2025-04-10 HSCT", {}, (100, "cause 1", "Disease progression")),
    ("CMPR", "2025-02-01 PR, 2025-04-10 PD", "2025-03-02 DRUG", {}, (32, "cause 0", "New anticancer therapy")),
    ("CMPR", "2025-02-01 PR, 2025-09-10 PD", "", {}, (253, "cause 1", "Disease progression")),  # gaps are ignored
    ("CMPR", "", "", {}, (1, "cause 0", "No adequate assessment")),
    # relapse and death without it compete, whatever else is given
    ("RELNRM", "2025-02-01 PR, 2025-04-10 PD", "2025-03-02 HSCT", {}, (100, "cause 1", "Relapse or progression")),
    ("RELNRM", "2025-02-01 PR, 2025-03-02 PD", "", DEAD, (61, "cause 1", "Relapse or progression")),
    ("RELNRM", "2025-02-01 PR", "2025-03-02 DRUG", DEAD, (100, "cause 2", "Non-relapse mortality")),
    ("RELNRM", "2025-02-01 PR", "2025-03-02 DRUG", {}, (32, "cause 0", "Alive without progression")),
    ("RELNRM", "", "", {}, (1, "cause 0", "No adequate assessment")),
]


@pytest.mark.parametrize(("code", "assessed", "therapies", "known", "expected"), STORIES)
def test_each_endpoint_ends_as_its_file_says(code, assessed, therapies, known, expected):
    assert ended(code, assessed, therapies, **known) == expected


def test_what_competes_stands_apart_with_its_cause_and_all_else_that_a_time_has():
    people = given("subjects", "USUBJID CARTSDT CARTSEQ DTHDT DTHSEQ\n1 2025-01-01 4 2025-03-02 7")
    empty = {"assessments": given("assessments", "USUBJID ADT"), "new_therapies": given("new_therapies", "USUBJID"),
             "counted_responses": given("counted_responses", "USUBJID"),
             "infused_set": people[["STUDYID", "USUBJID"]].assign(INFFL="Y"),
             "itt_set": people[["STUDYID", "USUBJID"]].assign(ITTFL="N"),
             "responder_set": people[["STUDYID", "USUBJID"]].assign(RESPFL="N")}  # fmt: skip
    asked = {"subjects": people, "endpoints": MADE, "visits": VISITS, "month_days": 30.4375, **empty}
    actual, expected = shown(adttecr(**asked).drop(columns="PARAM").rename(columns={"EVNTDESC": "PARAM"}), """
        USUBJID | PARAMCD | STARTDT    | ADT        | AVAL | AVALU | CNSR | EVNTCD | CNSDTDSC | SRCDOM | SRCVAR | SRCSEQ
        1       | RELNRM  | 2025-01-01 | 2025-03-02 | 61   | DAYS  | 0    | 2      | .        | DD     | DDDTC  | 7
    """)
    assert actual == expected
    (row,) = adttecr(**asked).to_dict("records")
    assert row["PARAM"] == "Time to Relapse or Non-Relapse Mortality (days)"
    assert row["EVNTDESC"] == "Non-relapse mortality"
    assert "RELNRM" not in set(adtte(**asked)["PARAMCD"])


LEUKAEMIA = {
    "sources.yaml": """
TRANSPLANTED: {of: new_therapies, date: NACTDT, where: 'HSCT == "Y"', record: [NACTDOM, NACTVAR, NACTSEQ], says: HSCT}
""",
    "pfsown.yaml": """
endpoint: PFSOWN
label: PFS with a transplant ignored in one disease
population: ALL
origin: CELLS
assessments: ADEQUATE
situations:
  - missed_assessments
  - progression_or_death
  - new_therapy
  - {censored: TRANSPLANTED, when: 'COHORT == "NHL"', at: [last assessment on or before it, origin], cnsr: 3}
  - event_free
  - never_assessed
""",
}


@pytest.mark.parametrize(("cohort", "therapies", "expected"), [
    ("ALL", "2025-03-02 HSCT", (69, 4, "Alive without progression")),
    ("NHL", "2025-03-02 HSCT", (32, 3, "HSCT")),
    ("ALL", "2025-03-02 HSCT, 2025-03-05 DRUG", (32, 2, "New anticancer therapy")),  # a later drug still censors
    ("NHL", "2025-03-02 HSCT, 2025-03-02 DRUG", (32, 2, "New anticancer therapy")),  # on one day the first named
])  # fmt: skip
def test_a_situation_may_be_for_some_subjects_only(cohort, therapies, expected):
    made = endpoints(LEUKAEMIA)
    assert ended("PFSOWN", "2025-02-01 PR, 2025-03-10 PR", therapies, made, COHORT=cohort) == expected


ORDERED = """
endpoint: X
label: The first named decides
population: ALL
origin: CELLS
compete: {}
assessments: ADEQUATE
situations: [death, progression_or_death, event_free, never_assessed]
"""


@pytest.mark.parametrize(("compete", "expected"), [("first in order", (100, 0, "Death")),
                                                   ("earliest date", (32, 0, "Disease progression"))])  # fmt: skip
def test_the_earliest_situation_decides_or_the_first_named(compete, expected):
    assert ended("X", "2025-02-01 PD", "", endpoints({"x.yaml": ORDERED.format(compete)}), **DEAD) == expected


MISSED = """
endpoint: X
label: Censored at the first missed visit
population: ALL
origin: CELLS
assessments: ADEQUATE
situations:
  - {censored: [PROGRESSION, DEATH], missed: 2, at: first missed visit, cnsr: 1}
  - progression_or_death
  - event_free
  - never_assessed
"""


def test_an_event_after_missed_visits_may_be_censored_at_the_planned_day_of_the_first():
    made = endpoints({"x.yaml": MISSED})  # day 100 and month 6 were missed: day 100 is 101 days
    assert ended("X", "2025-02-01 PR", "", made, DTHDT="2025-09-01") == (101, 1, "Death")


LOSS = {
    "sources.yaml": """
SAMPLE: {of: lb, where: 'LBTESTCD == "CD19" and CARTDY > 0 and (NACTDT == "" or ADT < NACTDT)', says: B-cell sample}
APLASIA: {of: lb, where: 'LBTESTCD == "CD19" and CARTDY > 0 and LBSTRESN < 10', says: B-cell aplasia}
RECOVERY: {of: lb, where: 'LBTESTCD == "CD19" and LBSTRESN >= 10 and (NACTDT == "" or ADT < NACTDT)', after: APLASIA,
  says: B-cell recovery}
QUANTIFIABLE: {of: lb, where: 'LBTESTCD == "CAR" and LBSTRESN >= 50', says: Quantifiable}
LOST: {of: lb, where: 'LBTESTCD == "CAR"', meets: LBSTRESN < 50, consecutive: 2, after: QUANTIFIABLE, says: Loss}
""",
    "bcaloss.yaml": """
endpoint: BCALOSS
label: Duration of B-Cell Aplasia (days)
population: ALL
among: 'CARTSDT != ""'
origin: CELLS
situations: [{event: RECOVERY}, {censored: otherwise, at: [last SAMPLE, origin], cnsr: 1, says: Still aplastic}]
""",
    "tgloss.yaml": """
endpoint: TGLOSS
label: Time to Loss of the Transgene (days)
population: ALL
origin: CELLS
situations: [{event: LOST}, {censored: otherwise, at: [last QUANTIFIABLE, origin], cnsr: 1, says: Still there}]
""",
}


@pytest.mark.parametrize(("code", "samples", "therapy", "expected"), [
    # the first value of 10 or more after the first one below 10
    ("BCALOSS", "2025-01-05 30, 2025-01-15 2, 2025-02-01 5, 2025-03-02 12", ".", (61, 0, "B-cell recovery")),
    ("BCALOSS", "2025-01-15 2, 2025-02-01 5", ".", (32, 1, "Still aplastic")),
    ("BCALOSS", "2025-01-15 2, 2025-02-01 5, 2025-03-02 12", "2025-03-02", (32, 1, "Still aplastic")),
    # the first of two results in a row below the limit, after a quantifiable one
    ("TGLOSS", "2025-01-05 9, 2025-01-06 9, 2025-01-15 900, 2025-02-01 20, 2025-02-10 60, 2025-03-02 1, 2025-03-10 1",
     ".", (61, 0, "Loss")),
    ("TGLOSS", "2025-01-15 900, 2025-02-01 20, 2025-02-10 60, 2025-03-02 1", ".", (41, 1, "Still there")),
])  # fmt: skip
def test_the_first_of_several_records_in_a_row_may_be_an_event(code, samples, therapy, expected):
    made = endpoints(LOSS)
    test = "CD19" if code == "BCALOSS" else "CAR"
    rows = "\n".join(f"1 {test} {one.split()[0]} {one.split()[1]}" for one in samples.split(", "))
    people = given("subjects", f"USUBJID CARTSDT CARTSEQ NACTDT\n1 2025-01-01 1 {therapy}")
    found = times(code, made, people, pd.DataFrame(), lb=given("lb", f"USUBJID LBTESTCD LBDTC LBSTRESN\n{rows}"))
    assert tuple(found[["AVAL", "CNSR", "EVNTDESC"]].iloc[0]) == expected


@pytest.mark.parametrize(("visits", "expected"), [
    ("", (1, 1, "Disease progression after missed assessments")),  # Day 30, Day 100 and Month 6 were missed
    ("visits: [Day 30, Month 6]\n", (1, 1, "Disease progression after missed assessments")),
    ("visits: [Day 30]\n", (213, 0, "Disease progression")),  # of its own visits one was missed
])  # fmt: skip
def test_an_endpoint_may_say_at_which_visits_an_assessment_can_be_missed(visits, expected):
    file = (STANDARD_FOLDER / "endpoints" / "pfs.yaml").read_text("utf-8").replace("origin:", f"{visits}origin:")
    made = endpoints({"pfs.yaml": file})
    assert ended("PFS", "2025-08-01 PD", made=made) == expected


@pytest.mark.parametrize(
    ("code", "day", "text", "expected"),
    [  # of the recovery in ADCYT: day, what AVALC says
        ("TTANCR", 14, "14", (14, 0, "Neutrophil recovery")),
        ("TTANCR", ".", "NOT RECOVERED", (60, 1, "Not recovered")),  # the last count, of 2 March
        ("TTANCR", ".", "NOT LOW", None),
        ("TTANCR", ".", ".", None),
        ("TTPLTR", 14, "14", (14, 0, "Platelet recovery")),
    ],
)
def test_a_recovery_of_counts_is_timed_from_the_infusion_where_they_were_low(code, day, text, expected):
    parameter = {"TTANCR": "ANCREC", "TTPLTR": "PLTREC"}[code]
    date = "2025-01-15" if day != "." else "2025-03-02"
    counted = given("adcyt", f"""USUBJID | PARAMCD | AVAL | AVALC | ADT | SRCDOM | SRCVAR | SRCSEQ
                                 1 | {parameter} | {day} | {text} | {date} | LB | LBSTRESN | 9""")
    people = given("subjects", "USUBJID CARTSDT CARTSEQ\n1 2025-01-01 1")
    found = times(code, endpoints(listed=(code,)), people, response_windows(VISITS), adcyt=counted)
    rows = [(row["AVAL"], row["CNSR"], row["EVNTDESC"]) for row in found.to_dict("records")]
    assert rows == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("code", "onset", "grade", "known", "expected"),
    [  # onset in ADCRS, maximum grade, what else is known
        ("TTCRS", "2025-01-04", 2, {}, (4, 0, 1, "Onset of CRS")),
        ("TTCRS", "2025-01-01", 1, DEAD, (1, 0, 1, "Onset of CRS")),
        ("TTCRS", ".", 2, DEAD, (1, 2, 0, "CRS of unknown onset")),
        ("TTCRS", ".", 0, DEAD, (100, 0, 2, "Death without CRS")),
        ("TTCRS", ".", 0, {"LSTALVDT": "2025-03-02"}, (61, 1, 0, "Alive")),
        ("TTICANS", "2025-01-04", 2, {}, (4, 0, 1, "Onset of ICANS")),
    ],
)
def test_a_toxicity_is_timed_to_its_onset_with_which_death_competes(code, onset, grade, known, expected):
    name = code.removeprefix("TT")
    most = {"CRS": "CRSMAXGR", "ICANS": "ICANSMAX"}[name]
    day = "." if onset == "." else _day(onset) + 1
    records = f"1 {name}ONS {day} {onset} AE AESTDTC 3\n1 {most} {grade} . . . ."
    toxic = f"USUBJID PARAMCD AVAL ADT SRCDOM SRCVAR SRCSEQ\n{records}"
    people = given("subjects", "USUBJID CARTSDT CARTSEQ DTHSEQ LALVDOM LALVVAR LALVSEQ\n"
                               "1 2025-01-01 1 1 SS SSDTC 1", **known)  # fmt: skip
    (row,) = times(code, endpoints(listed=(code,)), people, response_windows(VISITS),
                   adcrs=given("adcrs", toxic)).to_dict("records")  # fmt: skip
    assert (row["AVAL"], row["CNSR"], row["EVNTCD"], row["EVNTDESC"]) == expected
