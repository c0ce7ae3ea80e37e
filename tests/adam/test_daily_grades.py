"""Daily grades of CRS and ICANS from the components of the day (analysis plan 3.1, 3.2, clarifications 12, 21)."""

from dataclasses import replace

import pytest
import yaml
from recipes import decisions
from tables import STANDARD, given, shown, toxicities

from adam.toxicity.daily_grades import daily_grades
from pipeline.study.toxicities import laid_over, load_toxicities, read

NO_ICE = "USUBJID QSCAT QSTESTCD QSSTRESC QSDTC"


DECIDED = {"vasopressin_alone_grade": 3, "crs_gap": 1, "crs_antipyretics": False, "icans_no_test": "UNKNOWN",
           "icans_unable": "BY CONSCIOUSNESS", "ice_over": "NO SCORE"}  # fmt: skip


def grades(fa, qs=NO_ICE, age="40", listed=None, **decided):
    """Daily grades of subject 1 by the standard decisions but those `decided`."""
    people = given("subjects", "USUBJID\n1", AGE=age)
    return daily_grades(given("fa", fa), given("qs", qs), people, listed or toxicities(), **(DECIDED | decided))


def crs_day(day, **items):
    well = {"TMAX": "37.0", "ANTICYT": "N", "HYPOT": "N", "NPRESSOR": "0", "VASOPRES": "N", "O2MODE": "RA"}
    well |= {"O2REAS": "NA"}
    return "\n".join(f"1 | CRS ASSESSMENT | {test} | {value} | {day}" for test, value in (well | items).items())


HEADER = "USUBJID | FACAT | FATESTCD | FASTRESC | FADTC\n"


def test_the_worst_of_hypotension_and_hypoxia_is_the_grade_of_a_day_with_fever():
    fa = HEADER + "\n".join([
        crs_day("2025-01-12", TMAX="38.0", CRSGR="1"),
        crs_day("2025-01-13", TMAX="39.1", HYPOT="Y", NPRESSOR="1", O2MODE="NC", O2FLOW="2", O2REAS="CRS"),
        crs_day("2025-01-14"),
    ])  # fmt: skip
    actual, expected = shown(grades(fa), """
        USUBJID | TOXICITY | ADT        | DERGR | INVGR | SRCDOM
        1       | CRS      | 2025-01-12 | 1     | 1     | FA
        1       | CRS      | 2025-01-13 | 3     | .     | FA
        1       | CRS      | 2025-01-14 | 0     | .     | FA
    """)
    assert actual == expected


def test_oxygen_for_airway_protection_is_not_crs_hypoxia():
    fa = HEADER + crs_day("2025-01-12", TMAX="38.5", O2MODE="MV", O2REAS="AIR")
    assert grades(fa)["DERGR"].tolist() == [1]


def test_vasopressin_alone_has_the_grade_decided():
    fa = HEADER + crs_day("2025-01-12", TMAX="38.5", HYPOT="Y", VASOPRES="Y")
    assert grades(fa)["DERGR"].tolist() == [3]


def test_ice_and_the_icans_form_of_a_day_make_one_grade():
    fa = HEADER + """
        1 | ICANS ASSESSMENT | LOC     | 2 | 2025-01-14
        1 | ICANS ASSESSMENT | SEIZ    | 0 | 2025-01-14
        1 | ICANS ASSESSMENT | MOTOR   | 0 | 2025-01-14
        1 | ICANS ASSESSMENT | ICP     | 0 | 2025-01-14
        1 | ICANS ASSESSMENT | ICANSGR | 3 | 2025-01-14
    """
    qs = """
        USUBJID | QSCAT | QSTESTCD | QSSTRESC | QSDTC
        1       | ICE   | ICETOT   | 2        | 2025-01-14
        1       | ICE   | ICEUNA   | N        | 2025-01-14
        1       | ICE   | ICETOT   | 10       | 2025-01-15
        1       | ICE   | ICEUNA   | N        | 2025-01-15
        1       | ICE   | ICETOT   | 0        | 2025-01-16
        1       | ICE   | ICEUNA   | Y        | 2025-01-16
    """
    actual, expected = shown(grades(fa, qs), """
        USUBJID | TOXICITY | ADT        | DERGR | INVGR | ICE | SRCDOM
        1       | ICANS    | 2025-01-14 | 3     | 3     | 2   | FA
        1       | ICANS    | 2025-01-15 | 0     | .     | 10  | QS
        1       | ICANS    | 2025-01-16 | 4     | .     | 0   | QS
    """)
    assert actual == expected


def test_two_assessments_on_one_day_stay_apart():
    fa = HEADER + crs_day("2025-01-12", TMAX="38.5") + "\n" + crs_day("2025-01-12", TMAX="38.5", HYPOT="Y")
    assert grades(fa)["DERGR"].tolist() == [1, 2]
    assert grades(fa)["NTH"].tolist() == [0, 1]


def icans_day(day, **items):
    """The ICANS form of a day without a sign of it, but as said."""
    awake = {"LOC": "0", "SEIZ": "0", "MOTOR": "0", "ICP": "0"} | items
    return "\n".join(f"1 | ICANS ASSESSMENT | {test} | {value} | {day}" for test, value in awake.items())


def ice(*lines):
    """ICE records given as test, result and day."""
    rows = "\n".join(f"1 | ICE | {line.replace(' ', ' | ')}" for line in lines)
    return "USUBJID | QSCAT | QSTESTCD | QSSTRESC | QSDTC\n" + rows


def test_after_antipyretics_fever_is_asked_for_unless_the_decision_says_otherwise():
    fa = HEADER + "\n".join([
        crs_day("2025-01-12", TMAX="38.5", ANTIPYR="Y"), crs_day("2025-01-13", HYPOT="Y", ANTIPYR="Y")])  # fmt: skip
    for antipyretics, grade in ((False, 0), (True, 2)):
        made = grades(fa, vasopressin_alone_grade=2, crs_antipyretics=antipyretics)
        assert made["DERGR"].tolist() == [1, grade]


def test_each_sign_of_icans_has_its_grade_and_other_forms_have_none():
    for sign, code in (("LOC", 1), ("SEIZ", 3), ("MOTOR", 4), ("ICP", 3)):
        fa = HEADER + icans_day("2025-01-14", **{sign: str(code)}) + f"\n1 | OTHER | {sign} | 4 | 2025-01-15"
        found = grades(fa, ice("ICETOT 10 2025-01-14", "ICEUNA N 2025-01-14"))
        assert found[["DERGR", "TOXICITY"]].to_numpy().tolist() == [[code, "ICANS"]]


def test_a_day_without_one_of_both_forms_is_graded_by_the_other():
    without_form = ice("ICETOT 8 2025-01-14", "ICEUNA N 2025-01-14", "ICETOT . 2025-01-15", "ICEUNA Y 2025-01-15")
    made = grades(HEADER + icans_day("2025-01-16", LOC="3"), without_form)
    actual, expected = shown(made, """
        USUBJID | ADT        | DERGR | INVGR | ICE | SRCSEQ | SRCDOM
        1       | 2025-01-14 | 1     | .     | 8   | 1   | QS
        1       | 2025-01-15 | 4     | .     | .   | 3   | QS
        1       | 2025-01-16 | 3     | .     | .   | 1   | FA
    """)
    assert actual == expected


def test_a_record_names_the_first_of_its_day_and_a_day_that_nobody_knows_is_none():
    fa = HEADER + crs_day("2025-01", TMAX="38.5", CRSGR="1") + "\n" + crs_day(".", TMAX="39") \
        + "\n1 | CRS ASSESSMENT | OTHER | 5 | 2025-01-20"  # fmt: skip
    made = grades(fa, ice("OTHER 3 2025-01-14"))
    assert made[["TOXICITY", "SRCSEQ", "INVGR", "SRCDOM", "NTH"]].to_numpy().tolist() == [["CRS", 1, 1, "FA", 0]]
    assert made["ADT"].dt.strftime("%Y-%m-%d").tolist() == ["2025-01-01"]
    assert grades(HEADER, ice("ICETOT 3 2025-01-14").replace("| ICE |", "| OTHER |")).empty


@pytest.mark.parametrize(("age", "grade"), [("11", 3), ("12", 1), (".", 1)])
def test_capd_replaces_ice_in_children_below_12(age, grade):
    scores = ice("ICETOT 8 2025-01-14") + "\n1 | CAPD | CAPDTOT | 9 | 2025-01-14"
    made = grades(HEADER, scores, age)
    assert made[["DERGR", "ICE", "CAPD"]].to_numpy().tolist() == [[grade, 8, 9]]


@pytest.mark.parametrize(("decided", "grade"), [({}, 3), ({"icans_unable": "ALWAYS 4"}, 4)])
def test_who_is_unable_and_awake_has_the_grade_decided(decided, grade):
    fa = HEADER + icans_day("2025-01-14")
    assert grades(fa, ice("ICETOT 0 2025-01-14", "ICEUNA Y 2025-01-14"), **decided)["DERGR"].tolist() == [grade]


@pytest.mark.parametrize(("decided", "expected"), [({}, [None, None]), ({"ice_over": "FULL SCORE"}, [0, 10]),
                                                   ({"icans_no_test": "OTHER SIGNS"}, [0, None])])  # fmt: skip
def test_an_impossible_score_is_none_unless_decided_otherwise(decided, expected):
    row = grades(HEADER + icans_day("2025-01-14"), ice("ICETOT 12 2025-01-14"), **decided).iloc[0]
    assert [None if row[name] != row[name] else row[name] for name in ("DERGR", "ICE")] == expected


def of_list(text):
    """The toxicities of the standard with a study's own words over them, as recipes are handed them."""
    own = yaml.load(text, Loader=yaml.BaseLoader)
    listed = load_toxicities(STANDARD, STANDARD / "none")
    every = yaml.load((STANDARD / "toxicities.yaml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    words = {name: laid_over(every[name], said) for name, said in own.items()}
    return read(replace(listed, words=words), decisions())


def test_a_study_that_names_lee_2014_has_the_days_of_crs_graded_by_its_table():
    fa = HEADER + crs_day("2025-01-12", TMAX="38.5", HYPOT="Y", NPRESSOR="1", CRSGR="3")
    fa += "\n1 | CRS ASSESSMENT | PRESDOSE | LOW | 2025-01-12"
    listed = of_list("CRS: {scale: LEE 2014, days: {where: 'FACAT == \"CRS ASSESSMENT\"', grade: CRSGR, "
                     "blank: {ORGTOX: '0', TRANSTOX: '0'}}}")  # fmt: skip
    actual, expected = shown(grades(fa, listed=listed), """
        USUBJID | TOXICITY | ADT        | DERGR | INVGR | SRCDOM
        1       | CRS      | 2025-01-12 | 2     | 3     | FA
    """)
    assert actual == expected


def test_days_of_a_toxicity_are_graded_by_the_table_of_its_scale():
    fa = HEADER + """
        1 | ACUTE GVHD ASSESSMENT | GVHSKIN  | 3 | 2025-01-12
        1 | ACUTE GVHD ASSESSMENT | GVHLIVER | 0 | 2025-01-12
        1 | ACUTE GVHD ASSESSMENT | GVHUGI   | 0 | 2025-01-12
        1 | ACUTE GVHD ASSESSMENT | GVHLGI   | 0 | 2025-01-12
        1 | ACUTE GVHD ASSESSMENT | AGVHGR   | 1 | 2025-01-12
        1 | ACUTE GVHD ASSESSMENT | GVHSKIN  | 2 | 2025-01-20
    """
    actual, expected = shown(grades(fa, listed=of_list("AGVHD: {use: 'true'}")), """
        USUBJID | TOXICITY | ADT        | DERGR | INVGR | SRCDOM
        1       | AGVHD    | 2025-01-12 | 2     | 1     | FA
        1       | AGVHD    | 2025-01-20 | .     | .     | FA
    """)
    assert actual == expected
