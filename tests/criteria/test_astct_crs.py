"""CRS grades by the ASTCT table of 2019 (analysis plan 3.1, clarifications 12 and 21)."""

import itertools

import numpy as np
import pandas as pd
import pytest

from adam.criteria.astct_crs import crs_grade, daily_crs_grade, fever

SIGNS = ["HYPOT", "NPRESSOR", "VASOPRES", "O2MODE", "O2FLOW", "O2REAS"]


def graded(cases: pd.DataFrame, alone: int = 3) -> list:
    grades = crs_grade(cases["fever"], cases["treated"], cases[SIGNS], vasopressin_alone_grade=alone)
    return grades.replace({np.nan: None}).tolist()


def expected(cases: pd.DataFrame) -> list:
    return cases["grade"].replace({np.nan: None}).tolist()


def test_fever_is_38_degrees_or_more():
    assert fever(pd.Series(["37.9", "38.0", "41", None])).fillna("?").tolist() == ["N", "Y", "Y", "?"]


def test_the_published_table_row_by_row(table):
    cases = table("""
        fever|treated|HYPOT|NPRESSOR|VASOPRES|O2MODE|O2FLOW|O2REAS|grade
        Y    |N      |N    |0       |N       |RA    |      |NA    |1
        Y    |N      |Y    |0       |N       |RA    |      |NA    |2
        Y    |N      |N    |0       |N       |NC    |6     |CRS   |2
        Y    |N      |N    |0       |N       |BB    |      |CRS   |2
        Y    |N      |Y    |1       |N       |RA    |      |NA    |3
        Y    |N      |Y    |1       |Y       |RA    |      |NA    |3
        Y    |N      |N    |0       |N       |NC    |6.5   |CRS   |3
        Y    |N      |N    |0       |N       |HFNC  |30    |CRS   |3
        Y    |N      |N    |0       |N       |FM    |      |CRS   |3
        Y    |N      |N    |0       |N       |NRB   |      |CRS   |3
        Y    |N      |N    |0       |N       |VM    |      |CRS   |3
        Y    |N      |Y    |2       |N       |RA    |      |NA    |4
        Y    |N      |Y    |3       |Y       |RA    |      |NA    |4
        Y    |N      |N    |0       |N       |CPAP  |      |CRS   |4
        Y    |N      |N    |0       |N       |BIPAP |      |CRS   |4
        Y    |N      |N    |0       |N       |MV    |      |CRS   |4
        """, numbers=("grade",))  # fmt: skip
    assert graded(cases) == expected(cases)


def test_edge_cases_of_the_plan(table):
    cases = table("""
        case                                        |fever|treated|HYPOT|NPRESSOR|VASOPRES|O2MODE|O2FLOW|O2REAS|grade
        one pressor and low flow is 3               |Y    |N      |Y    |1       |N       |NC    |2     |CRS   |3
        no fever and not treated is no CRS          |N    |N      |Y    |2       |N       |MV    |      |CRS   |0
        no fever after treatment: signs drive       |N    |Y      |Y    |1       |N       |RA    |      |NA    |3
        none of the three signs is 0                |N    |Y      |N    |0       |N       |RA    |      |NA    |0
        intubated for airway protection             |Y    |N      |N    |0       |N       |MV    |      |AIR   |1
        the same without fever, after treatment     |N    |Y      |N    |0       |N       |MV    |      |AIR   |0
        oxygen for another cause                    |Y    |N      |N    |0       |N       |FM    |      |OTH   |1
        vasopressin alone                           |Y    |N      |Y    |0       |Y       |RA    |      |NA    |3
        a pressor although hypotension is denied    |Y    |N      |N    |1       |N       |RA    |      |NA    |3
        vasopressin is not counted as a second one  |Y    |N      |Y    |1       |Y       |RA    |      |NA    |3
        """, numbers=("grade",))  # fmt: skip
    assert graded(cases) == expected(cases)


def test_vasopressin_alone_is_graded_as_the_decision_says(table):
    case = table("""
        fever|treated|HYPOT|NPRESSOR|VASOPRES|O2MODE|O2FLOW|O2REAS
        Y    |N      |Y    |0       |Y       |RA    |      |NA
        """)
    assert graded(case, alone=2) == [2]


def test_vasopressin_alone_must_be_grade_2_or_3(table):
    case = table("""
        fever|treated|HYPOT|NPRESSOR|VASOPRES|O2MODE|O2FLOW|O2REAS
        Y    |N      |Y    |0       |Y       |RA    |      |NA
        """)
    with pytest.raises(ValueError, match="VASOPRESSIN_ALONE_GRADE"):
        graded(case, alone=4)


def test_what_is_missing_matters_only_where_it_could_change_the_grade(table):
    cases = table("""
        missing                             |fever|treated|HYPOT|NPRESSOR|VASOPRES|O2MODE|O2FLOW|O2REAS|grade
        fever, nothing else present         |     |N      |N    |0       |N       |RA    |      |NA    |
        fever, after treatment, on a pressor|     |Y      |Y    |1       |N       |RA    |      |NA    |3
        treatment, febrile                  |Y    |       |Y    |0       |N       |RA    |      |NA    |2
        treatment, no fever, no sign        |N    |       |N    |0       |N       |RA    |      |NA    |0
        treatment, no fever, hypotension    |N    |       |Y    |0       |N       |RA    |      |NA    |
        pressor count with hypotension      |Y    |N      |Y    |        |N       |RA    |      |NA    |
        pressor count, ventilated           |Y    |N      |Y    |        |N       |MV    |      |CRS   |4
        pressor fields without hypotension  |Y    |N      |N    |        |        |RA    |      |NA    |1
        vasopressin beside a pressor        |Y    |N      |Y    |1       |        |RA    |      |NA    |3
        hypotension, on a pressor           |Y    |N      |     |1       |N       |RA    |      |NA    |3
        flow of a nasal cannula             |Y    |N      |N    |0       |N       |NC    |      |CRS   |
        flow, but one pressor               |Y    |N      |Y    |1       |N       |NC    |      |CRS   |3
        oxygen mode                         |Y    |N      |N    |0       |N       |      |      |CRS   |
        oxygen mode, two pressors           |Y    |N      |Y    |2       |N       |      |      |      |4
        reason for oxygen                   |Y    |N      |N    |0       |N       |NC    |2     |      |
        reason, room air                    |Y    |N      |N    |0       |N       |RA    |      |      |1
        an unknown oxygen code              |Y    |N      |N    |0       |N       |XX    |      |CRS   |
        """, numbers=("grade",))  # fmt: skip
    assert graded(cases) == expected(cases)


def every_combination() -> pd.DataFrame:
    values = {
        "fever": ["Y", "N"], "treated": ["Y", "N"], "HYPOT": ["Y", "N"], "NPRESSOR": ["0", "1", "2"],
        "VASOPRES": ["Y", "N"], "O2MODE": ["RA", "NC", "BB", "HFNC", "FM", "NRB", "VM", "CPAP", "BIPAP", "MV"],
        "O2FLOW": ["6", "7"], "O2REAS": ["CRS", "AIR", "OTH"],
    }  # fmt: skip
    return pd.DataFrame(itertools.product(*values.values()), columns=list(values))


def test_with_fever_the_grade_is_the_worst_of_the_two_columns_alone_and_at_least_1():
    cases = every_combination().query('fever == "Y"').reset_index(drop=True)
    only_pressure = graded(cases.assign(O2MODE="RA"))
    only_oxygen = graded(cases.assign(HYPOT="N", NPRESSOR="0", VASOPRES="N"))
    worst = [max(1, a, b) for a, b in zip(only_pressure, only_oxygen, strict=True)]
    assert graded(cases) == worst


def test_an_unknown_never_settles_on_a_grade_that_some_value_would_contradict():
    cases = every_combination()
    grades = pd.Series(graded(cases))
    for column in cases.columns:
        blank = pd.Series(graded(cases.assign(**{column: None})))
        denied = cases["HYPOT"].eq("N") & (column in ("NPRESSOR", "VASOPRES"))  # blank then means none was given
        settled = blank.notna() & ~denied
        assert settled.any()
        assert (blank[settled] == grades[settled]).all(), column


def daily(table, text: str, gap: int = 1, antipyretics: bool = False) -> tuple[list, list]:
    days = table(text, numbers=("grade",))
    days["ADT"] = pd.to_datetime(days["ADT"])
    grades = daily_crs_grade(days, vasopressin_alone_grade=3, crs_gap=gap, antipyretics=antipyretics)
    return expected(days), grades.replace({np.nan: None}).tolist()


def test_after_tocilizumab_or_steroids_fever_is_no_longer_required_in_the_episode(table):
    given, found = daily(table, """
        USUBJID|ADT       |TMAX|ANTIPYR|ANTICYT|HYPOT|NPRESSOR|VASOPRES|O2MODE|O2FLOW|O2REAS|grade
        1      |2025-01-01|39.0|Y      |N      |N    |0       |N       |RA    |      |NA    |1
        1      |2025-01-02|38.5|Y      |Y      |Y    |0       |N       |RA    |      |NA    |2
        1      |2025-01-03|36.9|Y      |Y      |Y    |1       |N       |RA    |      |NA    |3
        1      |2025-01-04|36.8|Y      |Y      |N    |0       |N       |NC    |2     |CRS   |2
        1      |2025-01-05|36.7|Y      |Y      |N    |0       |N       |RA    |      |NA    |0
        """)  # fmt: skip
    assert found == given


def test_antipyretics_alone_do_not_lift_the_need_of_fever(table):
    given, found = daily(table, """
        USUBJID|ADT       |TMAX|ANTIPYR|ANTICYT|HYPOT|NPRESSOR|VASOPRES|O2MODE|O2FLOW|O2REAS|grade
        1      |2025-01-01|39.0|Y      |N      |N    |0       |N       |RA    |      |NA    |1
        1      |2025-01-02|37.0|Y      |N      |Y    |0       |N       |RA    |      |NA    |0
        1      |2025-01-03|37.0|Y      |Y      |Y    |0       |N       |RA    |      |NA    |2
        """)  # fmt: skip
    assert found == given


def test_antipyretics_lift_the_need_of_fever_where_it_is_decided_so(table):
    given, found = daily(table, """
        USUBJID|ADT       |TMAX|ANTIPYR|ANTICYT|HYPOT|NPRESSOR|VASOPRES|O2MODE|O2FLOW|O2REAS|grade
        1      |2025-01-01|39.0|Y      |N      |N    |0       |N       |RA    |      |NA    |1
        1      |2025-01-02|37.0|N      |N      |Y    |0       |N       |RA    |      |NA    |2
        2      |2025-01-01|39.0|N      |N      |N    |0       |N       |RA    |      |NA    |1
        2      |2025-01-02|37.0|N      |N      |Y    |0       |N       |RA    |      |NA    |0
        3      |2025-01-01|37.0|Y      |N      |Y    |0       |N       |RA    |      |NA    |0
        """, antipyretics=True)  # fmt: skip
    assert found == given


def test_an_episode_begins_with_fever_and_ends_with_a_day_without_signs(table):
    given, found = daily(table, """
        USUBJID|ADT       |TMAX|ANTICYT|HYPOT|NPRESSOR|VASOPRES|O2MODE|O2FLOW|O2REAS|grade
        1      |2025-01-01|36.5|Y      |Y    |1       |N       |RA    |      |NA    |0
        1      |2025-01-02|38.0|Y      |Y    |1       |N       |RA    |      |NA    |3
        1      |2025-01-03|36.5|Y      |N    |0       |N       |RA    |      |NA    |0
        1      |2025-01-04|36.5|Y      |Y    |1       |N       |RA    |      |NA    |0
        2      |2025-01-03|36.5|Y      |Y    |1       |N       |RA    |      |NA    |0
        """)  # fmt: skip
    assert found == given


def test_a_wider_gap_joins_what_a_day_without_signs_parted(table):
    given, found = daily(table, """
        USUBJID|ADT       |TMAX|ANTICYT|HYPOT|NPRESSOR|VASOPRES|O2MODE|O2FLOW|O2REAS|grade
        1      |2025-01-02|38.0|Y      |N    |0       |N       |RA    |      |NA    |1
        1      |2025-01-03|36.5|Y      |N    |0       |N       |RA    |      |NA    |0
        1      |2025-01-04|36.5|Y      |Y    |1       |N       |RA    |      |NA    |3
        """, gap=2)  # fmt: skip
    assert found == given


def test_oxygen_for_airway_protection_neither_grades_nor_prolongs_an_episode(table):
    given, found = daily(table, """
        USUBJID|ADT       |TMAX|ANTICYT|HYPOT|NPRESSOR|VASOPRES|O2MODE|O2FLOW|O2REAS|grade
        1      |2025-01-01|39.5|Y      |N    |0       |N       |RA    |      |NA    |1
        1      |2025-01-02|37.0|Y      |N    |0       |N       |MV    |      |AIR   |0
        1      |2025-01-03|37.0|Y      |Y    |0       |N       |RA    |      |NA    |0
        """)  # fmt: skip
    assert found == given


def test_an_unmeasured_temperature_leaves_open_only_what_hangs_on_it(table):
    given, found = daily(table, """
        USUBJID|ADT       |TMAX|ANTICYT|HYPOT|NPRESSOR|VASOPRES|O2MODE|O2FLOW|O2REAS|grade
        1      |2025-01-01|    |N      |N    |0       |N       |RA    |      |NA    |
        1      |2025-01-02|37.0|Y      |Y    |0       |N       |RA    |      |NA    |
        1      |2025-01-03|38.2|Y      |Y    |0       |N       |RA    |      |NA    |2
        1      |2025-01-04|    |Y      |Y    |0       |N       |RA    |      |NA    |2
        """)  # fmt: skip
    assert found == given


def test_the_order_of_the_records_and_their_index_do_not_matter(table):
    days = table("""
        USUBJID|ADT       |TMAX|ANTICYT|HYPOT|NPRESSOR|VASOPRES|O2MODE|O2FLOW|O2REAS
        2      |2025-01-02|36.5|Y      |Y    |0       |N       |RA    |      |NA
        1      |2025-01-02|36.5|Y      |Y    |0       |N       |RA    |      |NA
        1      |2025-01-01|38.5|N      |N    |0       |N       |RA    |      |NA
        """)
    days = days.assign(ADT=pd.to_datetime(days["ADT"])).set_axis([7, 7, 3])
    grades = daily_crs_grade(days, vasopressin_alone_grade=3, crs_gap=1)
    assert (grades.tolist(), grades.index.tolist()) == ([0, 2, 1], [7, 7, 3])


def test_no_days_give_no_grades():
    columns = ["USUBJID", "ADT", "TMAX", "ANTICYT", *SIGNS]
    days = pd.DataFrame(columns=columns, dtype="str").assign(ADT=pd.to_datetime([]))
    assert daily_crs_grade(days, vasopressin_alone_grade=3, crs_gap=1).empty
