"""Cellular kinetics (ADPC, ADPP): which samples count, when they were taken, and what is made of each course."""

import pandas as pd
import pytest
from tables import conformed, given, shown

from adam.adpc import adpc
from adam.adpp import adpp, adpp_sources
from pipeline.ground.course import KineticParameter
from pipeline.ground.metadata import StudySettings

# A: positive before the infusion; one sample after it without a day; marrow beside blood. B: never quantifiable.
# C: results in two units. N: never infused.
PC = """
    USUBJID | PCSEQ | PCSPEC      | PCSTRESC | PCSTRESN | PCSTRESU | PCDTC            | VISITNUM
    A       | 1     | BLOOD       | 60       | 60       | c/ug     | 2025-03-10T17:00 | 1
    A       | 2     | BLOOD       | <25      | .        | c/ug     | 2025-03-14       | .
    A       | 3     | BLOOD       | 800      | 800      | c/ug     | 2025-03-17       | 2
    A       | 4     | BLOOD       | 24       | 24       | c/ug     | 2025-03-20       | .
    A       | 5     | BLOOD       | 400      | 400      | c/ug     | 2025-03-24       | .
    A       | 6     | BLOOD       | 100      | 100      | c/ug     | 2025-04          | .
    A       | 7     | BLOOD       | 100      | 100      | c/ug     | 2025-04-07       | 3
    A       | 8     | BLOOD       | BLQ      | .        | c/ug     | 2025-06-10       | .
    A       | 9     | BLOOD       | 0        | 0        | c/ug     | 2025-09-10       | .
    A       | 10    | BLOOD       | .        | .        | c/ug     | 2025-09-11       | .
    A       | 11    | BONE MARROW | 90       | 90       | c/ug     | 2025-04-07       | 3
    B       | 1     | BLOOD       | <25      | .        | c/ug     | 2025-03-17       | 2
    C       | 1     | BLOOD       | 70       | 70       | c/ug     | 2025-03-17       | 2
    C       | 2     | BLOOD       | 70       | 70       | c/mL     | 2025-03-24       | .
    N       | 1     | BLOOD       | 70       | 70       | c/ug     | 2025-03-17       | 2
"""
SUBJECTS = """
    USUBJID | TRTSDT     | CARTSDT    | CARTSDY
    A       | 2025-03-05 | 2025-03-10 | 0
    B       | 2025-03-05 | 2025-03-10 | 0
    C       | 2025-03-05 | 2025-03-10 | 0
    N       | .          | .          | .
"""
VISITS = pd.DataFrame({
    "VISITNUM": ["1", "2", "3"], "AVISIT": ["Day 0", "Day 7", "Day 28"], "ANCHOR": "CELLS",
    "PLANNED_DAY": ["0", "7", "28"],
})  # fmt: skip
ALL = tuple(KineticParameter(code, code.title(), measure, to=28 * (measure == "area")) for code, measure in (
    ("CMAX", "peak"), ("TMAX", "peak_time"), ("AUC028", "area"), ("CLST", "last"), ("TLST", "last_time"),
    ("LAMZHL", "half_life"), ("PERSIST", "persistence"), ("DETLAST", "detectable"),
))  # fmt: skip


def samples(subjects=SUBJECTS, between="MISSING"):
    """ADPC as the next recipe sees it, and its findings."""
    pc = given("pc", PC, PCTESTCD="CARTTG", PCTEST="CAR Transgene", PCLLOQ="25", PCMETHOD="PCR")
    made, findings = adpc(pc, given("subjects", subjects), VISITS, StudySettings(study="S"), between, "ZERO")
    return conformed("adpc", made), findings


def parameters(asked=ALL, subjects=SUBJECTS):
    return adpp(samples(subjects)[0], given("subjects", subjects), asked, 3, 0.8, 1.5, 2)


def test_each_sample_has_its_time_its_place_and_what_it_counts():
    actual, expected = shown(samples()[0].rename(columns={"ASEQ": "AESEQ"}), """
        USUBJID | AESEQ | ADT        | ADTF | AFRLT | NFRLT | CARTDY | ADY | AVISIT | AVAL | QUANTFL | AUCVAL | ANL01FL
        A       | 1     | 2025-03-10 | .    | 0     | 0     | 0      | 6   | Day 0  | 60   | Y       | .      | N
        A       | 2     | 2025-03-14 | .    | 4     | .     | 4      | 10  | .      | 0    | N       | 0      | Y
        A       | 3     | 2025-03-17 | .    | 7     | 7     | 7      | 13  | Day 7  | 800  | Y       | 800    | Y
        A       | 4     | 2025-03-20 | .    | 10    | .     | 10     | 16  | .      | 0    | N       | .      | Y
        A       | 6     | 2025-04-01 | D    | .     | .     | 22     | 28  | .      | 100  | Y       | .      | N
        A       | 7     | 2025-04-07 | .    | 28    | 28    | 28     | 34  | Day 28 | 100  | Y       | 100    | Y
        A       | 8     | 2025-06-10 | .    | 92    | .     | 92     | 98  | .      | 0    | N       | 0      | Y
        A       | 9     | 2025-09-10 | .    | 184   | .     | 184    | 190 | .      | 0    | N       | .      | Y
        A       | 10    | 2025-09-11 | .    | 185   | .     | 185    | 191 | .      | .    | .       | .      | N
        N       | 1     | 2025-03-17 | .    | .     | .     | .      | .   | Day 7  | 70   | Y       | .      | N
    """)
    assert actual == expected


def test_what_lies_below_the_limit_is_drawn_at_half_of_it():
    assert set(samples()[0]["ALLOQH"]) == {12.5}  # of a limit of 25


def test_each_result_says_where_it_stands_and_whence_it_comes():
    made = samples()[0]
    told = made.loc[made["USUBJID"] == "A", ["AVALCAT1", "SRCDOM", "SRCVAR", "SRCSEQ"]].fillna(".").to_numpy().tolist()
    assert told[:5] == [
        ["QUANTIFIABLE", "PC", "PCSTRESN", 1], ["BLQ BEFORE FIRST QUANTIFIABLE", "PC", "PCSTRESC", 2],
        ["QUANTIFIABLE", "PC", "PCSTRESN", 3], ["BLQ BETWEEN QUANTIFIABLE", "PC", "PCSTRESC", 4],
        ["QUANTIFIABLE", "PC", "PCSTRESN", 5],
    ]  # fmt: skip
    assert [row[0] for row in told[7:10]] == ["BLQ AFTER LAST QUANTIFIABLE", "LATER BLQ AFTER LAST QUANTIFIABLE", "."]


def test_a_sample_without_a_complete_date_is_asked_about():
    found = samples()[1][["check", "record", "subject", "value"]]
    assert found.to_numpy().tolist() == [["KIN-DATE", "PCSEQ=6", "A", "2025-04"]]


def test_elapsed_days_begin_with_0_where_the_day_of_the_infusion_is_day_1():
    made = samples(SUBJECTS.replace("2025-03-10 | 0", "2025-03-10 | 1"))[0]
    row = made[(made["USUBJID"] == "A") & (made["ASEQ"] == 3)].iloc[0]
    assert (row["AFRLT"], row["CARTDY"], row["NFRLT"]) == (7, 8, 6)


def test_each_course_has_its_parameters():
    made = parameters()
    blood = made[made["PPSPEC"] == "BLOOD"]
    # 3 days from 0 to 800; 7 days down to 400; 14 days down to 100
    area = 3 * 800 / 2 + 7 * 400 / 0.6931471805599453 + 14 * 300 / 1.3862943611198906
    actual, expected = shown(blood.assign(AVAL=blood["AVAL"].round(6)), f"""
        USUBJID | PARAMCD | AVAL         | AVALC | AVALU    | CNSR | PARTFL | ADT        | CARTDY | SRCVAR   | SRCSEQ
        A       | CMAX    | 800          | .     | c/ug     | .    | .      | 2025-03-17 | 7      | PCSTRESN | 3
        A       | TMAX    | 7            | .     | DAYS     | .    | .      | 2025-03-17 | 7      | PCDTC    | 3
        A       | AUC028  | {area:g}     | .     | day*c/ug | .    | N      | .          | .      | .        | .
        A       | CLST    | 100          | .     | c/ug     | .    | .      | 2025-04-07 | 28     | PCSTRESN | 7
        A       | TLST    | 28           | .     | DAYS     | .    | .      | 2025-04-07 | 28     | PCDTC    | 7
        A       | PERSIST | 92           | .     | DAYS     | 0    | .      | 2025-06-10 | 92     | PCDTC    | 8
        A       | DETLAST | 0            | N     | .        | .    | .      | 2025-09-10 | 184    | PCSTRESC | 9
        B       | DETLAST | 0            | N     | .        | .    | .      | 2025-03-17 | 7      | PCSTRESC | 1
        B       | CMAX    | .            | .     | c/ug     | .    | .      | .          | .      | .        | .
    """)
    assert actual == expected
    assert set(made["SRCDOM"]) == {"PC"} and set(made["USUBJID"]) == {"A", "B", "C"}
    areas = made.loc[made["PARAMCD"] == "AUC028", ["PPSTINT", "PPENINT"]].drop_duplicates()
    assert areas.to_numpy().tolist() == [["P0D", "P28D"]]
    assert set(made["PPRFTDTC"]) == {"2025-03-10"}  # the infusion


@pytest.mark.parametrize(("subject", "specimen", "code", "reason"), [
    ("A", "BLOOD", "LAMZHL", "TOO FEW QUANTIFIABLE VALUES AFTER THE PEAK"), ("A", "BLOOD", "AUC028", "."),
    ("A", "BONE MARROW", "AUC028", "."), ("A", "BONE MARROW", "CMAX", "."),
    *(("B", "BLOOD", code, "NO QUANTIFIABLE VALUE")
      for code in ("CMAX", "TMAX", "AUC028", "TLST", "PERSIST", "LAMZHL")),
    *(("C", "BLOOD", code, "RESULTS IN SEVERAL UNITS") for code in ("CMAX", "AUC028", "DETLAST")),
])  # fmt: skip
def test_a_parameter_that_cannot_be_had_says_why(subject, specimen, code, reason):
    made = parameters()
    row = made[(made["USUBJID"] == subject) & (made["PPSPEC"] == specimen) & (made["PARAMCD"] == code)].iloc[0]
    assert ("." if pd.isna(row["PPREASND"]) else row["PPREASND"]) == reason
    assert pd.isna(row["AVAL"]) == (reason != ".")


def test_a_study_chooses_the_samples_of_a_parameter():
    made = parameters((KineticParameter("CMAXBM", "Peak in Marrow", "peak", 'PCSPEC == "BONE MARROW"'),))
    told = made[["USUBJID", "PARAM", "PPSPEC", "AVAL"]].to_numpy().tolist()
    assert told == [["A", "Peak in Marrow", "BONE MARROW", 90]]


def test_a_value_that_rests_on_several_samples_names_them():
    behind = adpp_sources(samples()[0], ALL)
    of_blood = behind[(behind["USUBJID"] == "A") & (behind["PPSPEC"] == "BLOOD")]
    numbers = of_blood.groupby("PARAMCD")["SRCSEQ"].agg(tuple)
    assert numbers["AUC028"] == (2, 3, 5, 7)
    assert set(numbers.drop("AUC028")) == {(2, 3, 4, 5, 7, 8, 9)}


def test_a_study_that_asks_for_no_parameter_has_an_empty_adpp():
    assert conformed("adpp", parameters(asked=())).empty
