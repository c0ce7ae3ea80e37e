"""The second derivation in SQL: the plan's numbers worked out by hand, and every planted error found."""

import course_by_hand
import numpy as np
import pandas as pd
import pytest
from read_once import specs_of
from tables import table as rows

from pipeline.against.accepted import Register, read_accepted
from pipeline.verify.comparison import compare, endpoints
from pipeline.verify.derivation import derived, insert, table, text_of
from pipeline.verify.plan import given
from pipeline.verify.printed import count_again
from pipeline.verify.withheld import of_whom, withheld

ALL = [endpoint.id for endpoint in endpoints()]


@pytest.fixture(scope="module")
def database():
    return derived(course_by_hand.sdtm(), given(specs_of("iomab_act"), {}, "2025-12-31"))


@pytest.fixture(scope="module")
def second(database):
    return table(database, "second")


def verdicts(second, adam, register=None, domains=tuple(course_by_hand.SDTM)):
    told = compare(second, adam.get, domains, {}, {}, register or Register())
    return {one.endpoint.id: one for one in told}


def test_the_sql_makes_of_the_course_what_the_plan_makes_of_it_by_hand(second):
    told = verdicts(second, course_by_hand.adam())

    assert not [one.endpoint.id for one in told.values() if one.not_derived]
    found = pd.concat([one.found for one in told.values()])
    assert not found[["ENDPOINT", "USUBJID", "ADAM", "SECOND"]].values.tolist()
    assert all(one.compared for one in told.values())


def test_a_response_without_a_category_shows_alive_and_is_told_as_it_is_spelt(second):
    sdtm = course_by_hand.sdtm()
    sdtm["RS"] = sdtm["RS"].assign(RSCAT=None, RSSTRESC=sdtm["RS"]["RSSTRESC"].replace("CR", "CRi"))
    made = table(derived(sdtm, given(specs_of("iomab_act"), {}, "2025-12-31")), "second")

    def told(frame, endpoint):
        return frame[frame["ENDPOINT"].eq(endpoint)].set_index("USUBJID")["VALUE"].to_dict()

    assert told(made, "BOR") == {who: best.replace("CR", "CRi") for who, best in told(second, "BOR").items()}
    assert told(made, "DOR.AVAL") == told(second, "DOR.AVAL")
    assert told(made, "LSTALVDT") == told(second, "LSTALVDT")


def test_one_value_changed_in_adam_is_found_where_it_stands(second):
    adam, changed = course_by_hand.adam(), {}
    for endpoint in endpoints():
        data, variable = adam[endpoint.dataset], endpoint.variable.split()[0]
        place = first_record(endpoint, data[data[variable].notna()])
        data[variable] = data[variable].where(data.index != place, other(data[variable], data.at[place, variable]))
        changed[endpoint.id] = [data.at[place, "USUBJID"]]

    assert {name: one.found["USUBJID"].tolist() for name, one in verdicts(second, adam).items()} == changed


def first_record(endpoint, data):
    """The place of the first record of an endpoint."""
    within = {"PARAMCD": endpoint.parameter} if endpoint.parameter else {"ONTRTFL": "Y"}
    asked = [data[name].eq(value) for name, value in within.items() if name in data]
    return data.index[asked[0] if asked else data.index >= 0][0]


def other(values, value):
    """Another value of the kind."""
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        return value + pd.Timedelta(days=1)
    if pd.api.types.is_numeric_dtype(values.dtype):
        return value + 1
    return {"Y": "N", "N": "Y", "0": "1"}.get(value, "0")


def test_a_record_that_adam_lacks_or_has_twice_is_found(second):
    asked = {one.id: one for one in endpoints() if one.id in ("BOR", "PFS.AVAL", "CRS.WORST", "TRTEMFL", "SAFFL")}
    less, more = course_by_hand.adam(), course_by_hand.adam()
    for endpoint in asked.values():
        data = less[endpoint.dataset]
        place = first_record(endpoint, data)
        less[endpoint.dataset] = data.drop(index=place)
        more[endpoint.dataset] = pd.concat([data, data.loc[[place]]], ignore_index=True)

    for adam in (less, more):
        assert [one.differed for name, one in verdicts(second, adam).items() if name in asked] == [1] * len(asked)


def test_what_the_run_lacks_is_said_and_not_called_equal(second):
    adam = course_by_hand.adam() | {"ADCRS": None}
    adam["ADTTE"] = adam["ADTTE"][adam["ADTTE"]["PARAMCD"].ne("DOR")]
    told = verdicts(second, adam, domains=[name for name in course_by_hand.SDTM if name != "LB"])

    assert {name: told[name].not_derived for name in ("WORSTGR", "CRS.WORST", "DOR.AVAL")} == {
        "WORSTGR": "the SDTM has no LB", "CRS.WORST": "the run has no ADCRS", "DOR.AVAL": "ADTTE has no DOR",
    }  # fmt: skip


def test_a_difference_is_accepted_by_the_register_with_its_reason(second, tmp_path):
    path = tmp_path / "accepted_differences.csv"
    path.write_text('what,why,who,until\nADTTE.AVAL USUBJID=A1 PARAMCD=PFS,read by hand,JD,\n', encoding="utf-8")
    register = read_accepted(path, {"ADTTE": ("USUBJID", "PARAMCD", "AVAL")}, (), "2025-12-31")
    adam = course_by_hand.adam()
    adam["ADTTE"]["AVAL"] += adam["ADTTE"]["PARAMCD"].eq("PFS") * 1.0
    told = verdicts(second, adam, register)["PFS.AVAL"]

    assert (told.differed, told.accepted, told.open) == (7, 1, 6)
    assert told.found.set_index("USUBJID").at["A1", "WHY"] == "read by hand (JD)"


@pytest.mark.parametrize(
    ("study", "endpoint", "reason"),
    [
        ("hem101", "PFS.AVAL", "the study defines it otherwise than the plan (pfs.yaml: situations)"),
        ("hem101", "BOR", "the study defines it otherwise than the plan (bor.yaml: assessments, without)"),
        ("cd38", "DLTFL", ""),
        ("iomab_act", "PFS.AVAL", ""),
        ("cd38", "BOR", ""),
    ],
)
def test_what_a_study_defines_otherwise_than_the_plan_is_not_derived(study, endpoint, reason):
    assert withheld(specs_of(study), {}).get(endpoint, "") == reason


def test_a_decision_that_the_sql_does_not_have_withholds_its_endpoints():
    told = withheld(specs_of("iomab_act"), {"CONFIRM": "True", "CTCAE": "v6"})

    assert told["BOR"] == "CONFIRM is Y, and the second derivation has N alone"
    assert told["WORSTGR"] == "CTCAE is v6, and the second derivation has v5 alone"
    assert "OS.AVAL" not in told


def test_of_a_set_that_a_study_defines_the_subjects_whom_adam_has_are_compared():
    assert of_whom(specs_of("cd38"))["BOR"] == "of the subjects whom ADaM has; EFFEVL is the study's own set"
    assert of_whom(specs_of("iomab_act")) == {}


PUBLISHED = """
    ID PFS  PFSEV OS   OSEV
    1  2.9  0     5.3  0
    2  3.0  1     5.8  1
    3  3.5  1     9.2  1
    4  4.0  1     11.0 1
    5  4.5  1     6.5  0
    6  5.0  1     7.0  0
    7  7.5  0     7.5  0
    8  8.5  0     8.5  0
    9  9.3  0     9.3  0
    10 10.0 0     10.0 0
    11 12.5 0     12.5 0
    12 14.0 0     14.0 0"""  # analysis plan 1.4: PFS 54.55 % (22.9-78.0), OS 50.51 % (7.9-83.2), two at risk


def results(*rows):
    """Result rows: address by ROW, with population, condition, level and value."""
    named = ["ROW", "DATASET", "POPULATION", "WHERE", "LEVEL", "STATISTIC", "VALUE"]
    return pd.DataFrame(rows, columns=named).assign(OUTPUT="T", SET="INF", COLUMN="A")


def test_kaplan_meier_gives_the_estimates_of_the_plans_check_vector():
    database = derived(course_by_hand.sdtm(), given(specs_of("bsab12"), {}, ""))
    course = rows(PUBLISHED).astype("float64")
    survival = [(name, f"S{row['ID']:.0f}", 1 - row[f"{name}EV"], None, row[name])
                for row in course.to_dict("records") for name in ("PFS", "OS")]  # fmt: skip
    database.execute("CREATE OR REPLACE TABLE survival (ENDPOINT TEXT, USUBJID TEXT, CNSR INT, ADT DATE, AVAL DOUBLE)")
    insert(database, "survival", survival)
    database.execute("CREATE TABLE member AS SELECT DISTINCT 'all' AS POPULATION, USUBJID FROM survival")
    database.execute("CREATE TABLE landmark AS SELECT DISTINCT ENDPOINT, 12.0::DOUBLE AS LANDMARK FROM survival")
    database.execute(text_of("kaplan_meier"))
    told = table(database, "estimate").set_index("ENDPOINT")
    limits = {name: [row.SURVIVAL ** np.exp(z * row.SPREAD) for z in (1.959964, -1.959964)]
              for name, row in told.iterrows()}  # fmt: skip

    assert told["AT_RISK"].to_dict() == {"PFS": 2, "OS": 2}
    assert told["SURVIVAL"].round(4).to_dict() == {"PFS": 0.5455, "OS": 0.5051}
    assert {name: [round(100 * one, 1) for one in pair] for name, pair in limits.items()} == {
        "PFS": [22.9, 78.0], "OS": [7.9, 83.2],
    }  # fmt: skip


def test_printed_counts_and_estimates_are_counted_again(database):
    infused, at_200 = 'INFFL == "Y"', '(PARAMCD == "PFSEMA") and (AVAL >= 200)'
    right = [
        ("a", "adsl", 'SAFFL == "Y"', "", "", "N", 8.0),
        ("b", "adrs", 'INFFL == "Y" and COHORT == "B"', 'PARAMCD == "CRBEST" and AVALC == "Y"', "", "n", 1.0),
        ("c", "adae", 'SAFFL == "Y"', 'TRTEMFL == "Y" and AEDECOD == "Nausea"', "Nausea", "n", 1.0),
        ("d", "adtte", infused, 'PARAMCD == "PFSEMA"', "200", "estimate", 1 / 2),  # 3/4, then 2/3 of it
        ("e", "adtte", infused, at_200, "200", "at_risk", 2.0),
        ("f", "adsl", 'AGE >= 65', "", "", "N", 99.0),  # of a variable that was not derived: not compared
    ]  # fmt: skip
    wrong = [(*row[:-1], row[-1] + 1) for row in right]

    agreed, differed = (count_again(database, results(*rows), ALL, Register()) for rows in (right, wrong))

    assert agreed.compared == {"counts of subjects": 3, "Kaplan-Meier estimates": 2}
    assert (agreed.open, differed.open) == (0, 5)
    assert differed.found["ROW"].tolist() == ["a", "b", "c", "d", "e"]


GRADES = """
    ID  LBTESTCD LBSTRESN LBSTNRLO LBSTNRHI BASE GRADE
    G01 NEUT     0.5      1.5      7        .    3
    G02 NEUT     0.49     1.5      7        .    4
    G03 NEUT     1.0      .        7        .    2
    G04 NEUT     1.6      .        7        .    .
    G05 PLAT     75       150      400      .    1
    G06 HGB      79.9     120      160      .    3
    G07 ALT      120      .        40       .    1
    G08 ALT      120.1    .        40       .    2
    G09 ALT      89       .        40       60   0
    G10 ALT      90       .        40       60   1
    G11 ALT      1201     .        40       60   4
    G12 AST      3.3      .        1.1      .    1
    G13 BILI     31       .        20       30   1
    G14 BILI     30       .        20       30   0
    G15 CREAT    100      .        110      60   2
    G16 CREAT    661      .        110      .    4"""
UNITS = {"HGB": "g/L", "ALT": "U/L", "AST": "U/L", "BILI": "umol/L", "CREAT": "umol/L"}


def test_grades_change_at_the_bounds_of_the_published_table():
    told = rows(GRADES).rename(columns={"ID": "USUBJID"})
    told = told.assign(LBSTRESU=told["LBTESTCD"].map(UNITS).fillna("10^9/L"), LBSEQ="2", LBDTC="2025-01-25")
    base = told[told["BASE"].notna()].assign(LBSTRESN=told["BASE"], LBSEQ="1", LBDTC="2025-01-08")
    ex = told[["USUBJID"]].assign(EXCAT="CELLS", EXDOSE="90", EXSTDTC="2025-01-20")
    sdtm = {"DM": told[["USUBJID"]], "EX": ex, "LB": pd.concat([base, told])}
    database = derived(sdtm, given(specs_of("iomab_act"), {}, ""))
    found = table(database, "worst_grade").set_index("USUBJID")["GRADE"]

    assert told.set_index("USUBJID")["GRADE"].dropna().astype("int").to_dict() == found.sort_index().to_dict()


RULED = """
USUBJID PARTCD     EXDOSE AEDECOD             GR AECTREL          AESTDTC    AEMXDTC    AEDNDTC    SEEN       DLTEVLRS
R1      ESCALATION 50     Rash                3  RELATED          2025-03-12 .          .          2025-05-01 DLT
R2      ESCALATION 50     CRS                 3  RELATED          2025-03-11 2025-03-12 2025-03-15 2025-05-01 COMPLETE
R3      ESCALATION 50     CRS                 3  RELATED          2025-03-11 2025-03-12 2025-03-16 2025-05-01 DLT
R4      ESCALATION 39     Rash                2  RELATED          2025-03-12 .          .          2025-05-01 BELOW
R5      ESCALATION 50     Rash                2  RELATED          2025-03-12 .          .          2025-04-06 SHORT
R6      EXPANSION  50     Rash                3  RELATED          2025-03-12 .          .          2025-05-01 NOT
R7      ESCALATION 50     Febrile_neutropenia 4  RELATED          2025-03-12 2025-03-12 2025-03-13 2025-05-01 DLT
R8      ESCALATION 50     Rash                3  RELATED          2025-04-08 .          .          2025-05-01 COMPLETE
R9      ESCALATION 40     Rash                3  UNLIKELY_RELATED 2025-03-12 .          .          2025-05-01 COMPLETE
R10     ESCALATION 50     CRS                 3  POSSIBLY_RELATED 2025-03-11 2025-03-12 2025-03    2025-05-01 DLT"""
WORDS = {"CRS": "Cytokine release syndrome", "Febrile_neutropenia": "Febrile neutropenia", "BELOW": "DOSE BELOW 80 %",
         "SHORT": "<100 % NO DLT", "NOT": "NOT ESCALATION", "UNLIKELY_RELATED": "UNLIKELY RELATED",
         "POSSIBLY_RELATED": "POSSIBLY RELATED"}  # fmt: skip


def test_dose_limiting_toxicity_by_the_rule_of_a_dose_escalation():
    """Day 0 is 10 March, Day 28 the 7th of April; the level asks for 10^6 cells per kilogram, everybody weighs 50."""
    told = rows(RULED).replace(WORDS)
    who = told[["USUBJID"]]
    supp = [who.assign(IDVARVAL="1", QNAM=name, QVAL=told[name]) for name in ("AECTREL", "AEMXDTC", "AEDNDTC")]
    vs = who.assign(VSSEQ="1", VSTESTCD="WEIGHT", VSSTRESN="50", VSDTC="2025-03-10")
    seen = who.assign(VSSEQ="2", VSTESTCD="TEMP", VSSTRESN="37", VSDTC=told["SEEN"])
    sdtm = {
        "DM": who, "DS": who.assign(DSDECOD="ENTERED INTO TRIAL"), "VS": pd.concat([vs, seen]),
        "SUPPDM": who.assign(QNAM="PARTCD", QVAL=told["PARTCD"]), "SUPPEX": who.assign(QNAM="DOSELVL", QVAL="1"),
        "EX": told[["USUBJID", "EXDOSE"]].assign(EXCAT="CELLS", EXSTDTC="2025-03-10"),
        "AE": told[["USUBJID", "AEDECOD", "AESTDTC"]].assign(AESEQ="1", AETOXGR=told["GR"]),
        "SUPPAE": pd.concat(supp).dropna(),
    }  # fmt: skip
    found = table(derived(sdtm, given(specs_of("cd38"), {}, "")), "dlt").set_index("USUBJID")["DLTEVLRS"]

    assert found[told["USUBJID"]].tolist() == told["DLTEVLRS"].tolist()
