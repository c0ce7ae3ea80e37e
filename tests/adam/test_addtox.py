"""ADDTOX: the grade of each day of CRS and ICANS, of several assessments of a day the highest."""

import pandas as pd
from tables import as_text, given, table

from adam.addtox import addtox

PEOPLE = "USUBJID | CARTSDT\n1 | 2025-01-10\nnever | ."
DAYS = """
    USUBJID | TOXICITY | ADT        | NTH | DERGR | INVGR | SRCDOM | SRCVAR   | SRCSEQ
    1       | CRS      | 2025-01-12 | 0   | 1     | 2     | FA     | FASTRESC | 4
    1       | CRS      | 2025-01-12 | 1   | 3     | 1     | FA     | FASTRESC | 9
    1       | CRS      | 2025-01-13 | 0   | .     | .     | FA     | FASTRESC | 12
    1       | ICANS    | 2025-01-12 | 0   | 0     | .     | QS     | QSSTRESC | 2
    never   | CRS      | 2025-01-12 | 0   | 1     | 1     | FA     | FASTRESC | 3
"""


def test_a_day_has_its_highest_grade_with_the_assessment_that_shows_it_and_what_the_investigator_gave():
    made = addtox(given("daily_grades", DAYS), given("subjects", PEOPLE))
    expected = table("""
        USUBJID | PARAMCD | ADT        | CARTDY | AVAL | INVGR | SRCDOM | SRCSEQ
        1       | CRS     | 2025-01-12 | 2      | 3    | 2     | FA     | 9
        1       | CRS     | 2025-01-13 | 3      | .    | .     | FA     | 12
        1       | ICANS   | 2025-01-12 | 2      | 0    | .     | QS     | 2
    """).fillna(".")
    actual = pd.DataFrame({name: as_text(made[name]) for name in expected})
    assert actual.to_numpy().tolist() == expected.to_numpy().tolist()


def test_a_parameter_is_called_by_its_toxicity():
    found = addtox(given("daily_grades", DAYS), given("subjects", PEOPLE))
    assert set(found["PARAM"]) == {"CRS Grade of the Day", "ICANS Grade of the Day"}


def test_a_day_that_no_grade_follows_from_has_none_and_is_no_day_of_grade_0():
    found = addtox(given("daily_grades", DAYS), given("subjects", PEOPLE)).set_index(["PARAMCD", "ADT"])["AVAL"]
    assert pd.isna(found.loc["CRS", "2025-01-13"])
    assert found.dropna().tolist() == [3, 0]


def test_without_assessments_there_is_no_record():
    none = given("daily_grades", "USUBJID")
    assert addtox(none.head(0), given("subjects", PEOPLE)).empty
