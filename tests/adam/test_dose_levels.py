"""Dose levels: the one assigned at enrolment, and the one given with the first cells."""

from tables import given, shown, supp

from adam.course.dose_levels import dose_levels
from adam.identities import every_level_is_the_study_s
from pipeline.ground.metadata import DoseLevel, Period, StudySettings

LEVELS = {"1": DoseLevel("DL1", 1.0, "U"), "2": DoseLevel("DL2", 2.5, "U")}
BOUNDED = {"1": DoseLevel("DL1", 1.0, "U", 0.8, 1.2), "2": DoseLevel("DL2", 2.5, "U", 2.0, 3.0)}
ASSIGNED = """
    USUBJID QNAM    QVAL
    same    DOSELVL 1
    other   DOSELVL 1
    never   DOSELVL 2
    untold  DOSELVL 1
    wrong   DOSELVL 3
"""


def levels(known):
    people = given("dm", "USUBJID\nsame\nother\nnever\nuntold\nwrong")
    doses = given("ex", """
        USUBJID EXSEQ EXCAT        EXDOSE EXDOSU EXSTDTC
        same    1     CONDITIONING 50     mg     2025-03-01
        same    2     CELLS        1.1    U      2025-03-04
        other   2     CELLS        0      U      2025-03-01
        other   1     CELLS        2.0    U      2025-03-04
        other   3     CELLS        1.0    U      2025-04-04
        untold  1     CELLS        1.5    U      2025-03-04
        wrong   1     CELLS        2.5    U      2025-03-04
    """)
    given_level = supp("EX", "EXSEQ", """
        USUBJID SEQ QNAM    QVAL
        same    2   DOSELVL 1
        other   1   DOSELVL 2
        other   3   DOSELVL 1
        wrong   1   DOSELVL X
    """)
    told = supp("DM", "", "\n".join(line.replace("DOSELVL", ". DOSELVL").replace("QNAM", "SEQ QNAM")
                                    for line in ASSIGNED.splitlines()))  # fmt: skip
    return dose_levels(people, told, doses, given_level, StudySettings(levels=known))


def test_the_level_given_is_that_of_the_first_cells_and_of_a_subject_without_cells_the_one_assigned():
    actual, expected = shown(levels(LEVELS), """
        USUBJID | DOSELVLP | DOSELVLA | DOSLVLPC | DOSLVLAC
        same    | 1        | 1        | DL1      | DL1
        other   | 1        | 2        | DL1      | DL2
        never   | 2        | 2        | DL2      | DL2
        untold  | 1        | 1        | DL1      | DL1
        wrong   | .        | .        | .        | .
    """)
    assert expected == actual


def test_where_levels_have_bounds_the_dose_tells_the_level_that_nobody_recorded():
    doses = {"at_low": "0.8", "between": "1.6", "at_high": "3.0"}
    people = given("dm", "USUBJID\n" + "\n".join(doses))
    ex = given("ex", "USUBJID EXSEQ EXCAT EXDOSE EXDOSU EXSTDTC\n"
               + "\n".join(f"{name} 1 CELLS {dose} U 2025-03-04" for name, dose in doses.items()))  # fmt: skip
    none = supp("EX", "EXSEQ", "USUBJID SEQ QNAM QVAL"), supp("DM", "", "USUBJID SEQ QNAM QVAL")
    made = dose_levels(people, none[1], ex, none[0], StudySettings(levels=BOUNDED))
    assert made.set_index("USUBJID")["DOSELVLA"].fillna(-9).to_dict() == {"at_low": 1, "between": -9, "at_high": 2}
    found = every_level_is_the_study_s(made.assign(STUDYID="S"))
    assert found[["check", "field", "value"]].values.tolist() == [["ID-LEVEL", "DOSELVLA", "1.6 U"]]


def test_portions_of_a_split_dose_are_added_to_tell_its_level_those_of_a_further_period_are_not():
    ex = given("ex", """
        USUBJID EXSEQ EXCAT EXLOT  EXTRT EXDOSE EXDOSU EXSTDTC
        split   1     CELLS FIRST  P     0.75   U      2025-03-04
        split   2     CELLS FIRST  P     1.75   U      2025-03-06
        again   1     CELLS FIRST  P     1.0    U      2025-03-04
        again   2     CELLS AGAIN  P     1.0    U      2025-07-04
    """)
    none = supp("EX", "EXSEQ", "USUBJID SEQ QNAM QVAL"), supp("DM", "", "USUBJID SEQ QNAM QVAL")
    periods = (Period("First", 'EXLOT == "FIRST"'), Period("Again", 'EXLOT == "AGAIN"'))
    study = StudySettings(levels=BOUNDED, periods=periods)
    made = dose_levels(given("dm", "USUBJID\nsplit\nagain"), none[1], ex, none[0], study)
    assert made.set_index("USUBJID")["DOSELVLA"].to_dict() == {"split": 2, "again": 1}


def test_a_level_that_the_study_does_not_have_is_a_finding():
    found = every_level_is_the_study_s(levels(LEVELS).assign(STUDYID="S"))
    said = found[["subject", "field", "value"]].values.tolist()
    assert said == [["wrong", "DOSELVLP", "3"], ["wrong", "DOSELVLA", "X"]]
