"""Laboratory grades by CTCAE v5.0 (analysis plan 4.1, clarification 16) and v6.0, expected as the tables print them."""

from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from adam.criteria.ctcae import ctcae_grade

V5, V6 = (
    pd.read_csv(
        Path(__file__).parents[2] / "specs" / "standard" / "criteria" / f"ctcae_{version}.csv",
        dtype="str", keep_default_na=False, na_values=[""],
    ) for version in ("v5", "v6")
)  # fmt: skip
NUMBERS = ("AVAL", "ANRLO", "ANRHI", "BASE", "grade")


def graded(
    lab: pd.DataFrame, direction: str, baseline_clause: bool = True, lab_worst: bool = False, criteria=V5
) -> list:
    columns = {name: np.nan for name in ("ANRLO", "ANRHI", "BASE", "BNRIND", "LBSTRESU") if name not in lab}
    found = ctcae_grade(
        lab.assign(**columns), criteria, direction, baseline_clause=baseline_clause, lab_worst=lab_worst
    )
    return found["GRADE"].replace({np.nan: None}).tolist()


def grades_at(
    code: str, direction: str, values: list[float], criteria=V5, lab_worst: bool = False, **columns
) -> list:
    """Grades of one test at several values."""
    lab = pd.DataFrame({"AVAL": values}).assign(LBTESTCD=code, **columns)
    return graded(lab, direction, lab_worst=lab_worst, criteria=criteria)


@pytest.mark.parametrize(
    ("code", "unit", "low_limit", "values", "expected"),
    [
        ("NEUT", "10^9/L", 1.8, [1.8, 1.79, 1.5, 1.49, 1.0, 0.99, 0.5, 0.49], [0, 1, 1, 2, 2, 3, 3, 4]),
        ("LYM", "10^9/L", 1.0, [1.0, 0.99, 0.8, 0.79, 0.5, 0.49, 0.2, 0.19], [0, 1, 1, 2, 2, 3, 3, 4]),
        ("CD4", "10^9/L", 0.6, [0.6, 0.59, 0.5, 0.49, 0.2, 0.19, 0.05, 0.049], [0, 1, 1, 2, 2, 3, 3, 4]),
        ("WBC", "10^9/L", 4.0, [4.0, 3.9, 3.0, 2.9, 2.0, 1.9, 1.0, 0.9], [0, 1, 1, 2, 2, 3, 3, 4]),
        ("PLAT", "10^9/L", 150, [150, 149, 75, 74, 50, 49, 25, 24], [0, 1, 1, 2, 2, 3, 3, 4]),
        ("HGB", "g/L", 120, [120, 119, 100, 99, 80, 79, 30], [0, 1, 1, 2, 2, 3, 3]),
        ("K", "mmol/L", 3.5, [3.5, 3.4, 3.0, 2.9, 2.5, 2.4], [0, 1, 1, 3, 3, 4]),
        ("SODIUM", "mmol/L", 135, [135, 134, 130, 129, 125, 124, 120, 119], [0, 1, 1, 2, 2, 3, 3, 4]),
        ("CA", "mmol/L", 2.1, [2.1, 2.09, 2.0, 1.99, 1.75, 1.74, 1.5, 1.49], [0, 1, 1, 2, 2, 3, 3, 4]),
        ("MG", "mmol/L", 0.7, [0.7, 0.69, 0.5, 0.49, 0.4, 0.39, 0.3, 0.29], [0, 1, 1, 2, 2, 3, 3, 4]),
        ("ALB", "g/L", 35, [35, 34, 30, 29, 20, 19], [0, 1, 1, 2, 2, 3]),
        ("GLUC", "mmol/L", 3.9, [3.9, 3.8, 3.0, 2.9, 2.2, 2.1, 1.7, 1.6], [0, 1, 1, 2, 2, 3, 3, 4]),
        ("FIBRINO", "g/L", 4.0, [4.0, 3.9, 3.0, 2.9, 2.0, 1.9, 1.0, 0.9], [0, 1, 1, 2, 2, 3, 3, 4]),
        ("FIBRINO", "g/L", 1.6, [0.5, 0.49], [3, 4]),
        ("CAION", "mmol/L", 1.15, [1.15, 1.14, 1.0, 0.99, 0.9, 0.89, 0.8, 0.79], [0, 1, 1, 2, 2, 3, 3, 4]),
        ("HAPTOG", "g/L", 0.3, [0.3, 0.29, 0.01], [0, 1, 1]),
    ],
)
def test_low_values_a_limit_itself_belongs_to_the_milder_grade(code, unit, low_limit, values, expected):
    assert grades_at(code, "L", values, LBSTRESU=unit, ANRLO=low_limit) == expected


@pytest.mark.parametrize(
    ("code", "unit", "upper", "values", "expected"),
    [
        ("ALT", "U/L", 40, [40, 41, 120, 121, 200, 201, 800, 801], [0, 1, 1, 2, 2, 3, 3, 4]),
        ("AST", "U/L", 40, [40, 41, 120, 121, 200, 201, 800, 801], [0, 1, 1, 2, 2, 3, 3, 4]),
        ("ALP", "U/L", 40, [40, 41, 100, 101, 200, 201, 800, 801], [0, 1, 1, 2, 2, 3, 3, 4]),
        ("GGT", "U/L", 40, [40, 41, 100, 101, 200, 201, 800, 801], [0, 1, 1, 2, 2, 3, 3, 4]),
        ("BILI", "umol/L", 40, [40, 41, 60, 61, 120, 121, 400, 401], [0, 1, 1, 2, 2, 3, 3, 4]),
        ("CREAT", "umol/L", 40, [40, 41, 60, 61, 120, 121, 240, 241], [0, 1, 1, 2, 2, 3, 3, 4]),
        ("LDH", "U/L", 40, [40, 41, 4000], [0, 1, 1]),
        ("APTT", "s", 40, [40, 41, 60, 61, 100, 101], [0, 1, 1, 2, 2, 3]),
        ("HGB", "g/L", 40, [40, 41, 60, 61, 80, 81], [0, 1, 1, 2, 2, 3]),
        ("INR", None, 40, [1.2, 1.21, 1.5, 1.51, 2.5, 2.51], [0, 1, 1, 2, 2, 3]),
        ("LYM", "10^9/L", 40, [4, 4.1, 20, 20.1], [0, 2, 2, 3]),
        ("WBC", "10^9/L", 40, [100, 100.1], [0, 3]),
        ("K", "mmol/L", 5.5, [5.5, 5.6, 6.0, 6.1, 7.0, 7.1], [0, 2, 2, 3, 3, 4]),
        ("CA", "mmol/L", 2.6, [2.6, 2.61, 2.9, 2.91, 3.1, 3.11, 3.4, 3.41], [0, 1, 1, 2, 2, 3, 3, 4]),
        ("MG", "mmol/L", 1.1, [1.1, 1.11, 1.23, 1.24, 3.3, 3.31], [0, 1, 1, 3, 3, 4]),
        ("CHOL", "mmol/L", 5.2, [5.2, 5.3, 7.75, 7.76, 10.34, 10.35, 12.92, 12.93], [0, 1, 1, 2, 2, 3, 3, 4]),
        ("TRIG", "mmol/L", 1.7, [1.7, 1.71, 3.42, 3.43, 5.7, 5.71, 11.4, 11.41], [0, 1, 1, 2, 2, 3, 3, 4]),
        ("CAION", "mmol/L", 1.35, [1.35, 1.36, 1.5, 1.51, 1.6, 1.61, 1.8, 1.81], [0, 1, 1, 2, 2, 3, 3, 4]),
        ("URATE", "umol/L", 400, [400, 401, 4000], [0, 1, 1]),
        ("CK", "U/L", 100, [100, 101, 250, 251, 500, 501, 1000, 1001], [0, 1, 1, 2, 2, 3, 3, 4]),
        ("LIPASET", "U/L", 100, [100, 101, 150, 151, 500, 501], [0, 1, 1, 2, 2, 3]),
        ("AMYLASE", "U/L", 100, [100, 101, 150, 151, 500, 501], [0, 1, 1, 2, 2, 3]),
        ("TROPONI", "ng/L", 40, [40, 41, 4000], [0, 1, 1]),
        ("TROPONT", "ng/L", 14, [14, 15, 4000], [0, 1, 1]),
        ("SODIUM", "mmol/L", 145, [150, 151, 155, 156, 160, 161], [1, 2, 2, 3, 3, 4]),
    ],
)
def test_high_values_a_limit_itself_belongs_to_the_milder_grade(code, unit, upper, values, expected):
    assert grades_at(code, "H", values, LBSTRESU=unit, ANRHI=float(upper)) == expected


@pytest.mark.parametrize(
    ("code", "values", "expected"),
    [
        ("ALT", [100, 149, 150, 300, 301, 500, 501, 2000, 2001], [0, 0, 1, 1, 2, 2, 3, 3, 4]),
        ("AST", [100, 149, 150, 300, 301, 500, 501, 2000, 2001], [0, 0, 1, 1, 2, 2, 3, 3, 4]),
        ("ALP", [100, 199, 200, 250, 251, 500, 501, 2000, 2001], [0, 0, 1, 1, 2, 2, 3, 3, 4]),
        ("GGT", [100, 199, 200, 250, 251, 500, 501, 2000, 2001], [0, 0, 1, 1, 2, 2, 3, 3, 4]),
        ("BILI", [100, 101, 150, 151, 300, 301, 1000, 1001], [0, 1, 1, 2, 2, 3, 3, 4]),
    ],
)
def test_an_abnormal_baseline_of_100_is_graded_by_multiples_of_it(code, values, expected):
    assert grades_at(code, "H", values, ANRHI=40.0, BASE=100.0, BNRIND="HIGH") == expected


def test_fibrinogen_with_an_abnormal_baseline_is_graded_by_its_fall():
    values = [4.0, 3.9, 3.1, 3.0, 2.1, 2.0, 1.1, 1.0]
    found = grades_at("FIBRINO", "L", values, LBSTRESU="g/L", ANRLO=5.0, BASE=4.0, BNRIND="LOW")
    assert found == [0, 1, 1, 2, 2, 3, 3, 4]


def test_creatinine_takes_the_worse_of_baseline_and_upper_limit():
    found = grades_at("CREAT", "H", [75, 76, 150, 151], LBSTRESU="umol/L", ANRHI=100.0, BASE=50.0, BNRIND="NORMAL")
    assert found == [0, 2, 2, 3]


def test_the_grade_of_the_baseline_itself_uses_no_baseline_clause(table):
    lab = table("""
        LBTESTCD|AVAL|ANRHI|BASE|BNRIND|grade
        ALT     |150 |40   |150 |HIGH  |2
        CREAT   |90  |100  |50  |NORMAL|0
        """, numbers=NUMBERS[:1] + NUMBERS[2:])  # fmt: skip
    assert graded(lab, "H", baseline_clause=False) == lab["grade"].tolist()
    assert graded(lab, "H") == [0, 2]


def test_a_missing_limit_leaves_grade_1_open_and_absolute_grades_as_they_are(table):
    lab = table("""
        case                              |LBTESTCD|LBSTRESU|AVAL|ANRLO|BASE|BNRIND|grade
        no lower limit, no absolute grade |NEUT    |10^9/L  |3.0 |     |    |      |
        no lower limit, exactly 1.0       |NEUT    |10^9/L  |1.0 |     |    |      |2
        no lower limit, below 0.5         |NEUT    |10^9/L  |0.4 |     |    |      |4
        fibrinogen below 0.5 g/L          |FIBRINO |g/L     |0.4 |     |    |      |4
        fibrinogen, nothing to compare    |FIBRINO |g/L     |1.0 |     |    |      |
        no value                          |NEUT    |10^9/L  |    |1.8  |    |      |
        no rule for this test             |CRP     |mg/L    |5   |1    |    |      |
        """, numbers=("AVAL", "ANRLO", "BASE", "grade"))  # fmt: skip
    assert graded(lab, "L") == lab["grade"].replace({np.nan: None}).tolist()


def test_a_missing_upper_limit_leaves_multiples_of_it_open(table):
    lab = table("""
        case                              |LBTESTCD|AVAL|ANRHI|BASE|BNRIND|grade
        no upper limit                    |ALT     |900 |     |    |      |
        creatinine over 3 x baseline      |CREAT   |160 |     |50  |      |3
        creatinine, nothing to compare    |CREAT   |60  |     |50  |      |
        """, numbers=("AVAL", "ANRHI", "BASE", "grade"))  # fmt: skip
    assert graded(lab, "H") == lab["grade"].replace({np.nan: None}).tolist()


def test_a_missing_baseline_counts_as_normal(table):
    lab = table("""
        LBTESTCD|AVAL|ANRHI|BASE|BNRIND|grade
        ALT     |121 |40   |    |      |2
        ALT     |121 |40   |    |HIGH  |2
        CREAT   |60  |100  |    |      |0
        """, numbers=("AVAL", "ANRHI", "BASE", "grade"))  # fmt: skip
    assert graded(lab, "H") == lab["grade"].tolist()


def test_a_value_in_another_unit_is_not_graded():
    assert grades_at("HGB", "L", [7.0, 70.0], LBSTRESU="g/dL", ANRLO=12.0) == [None, None]
    assert grades_at("HGB", "L", [7.0], ANRLO=12.0, LBSTRESU=None) == [None]


@pytest.mark.parametrize(
    ("code", "unit", "collected", "standard", "factor", "low_limit", "expected"),
    [  # analysis plan 4.1 and CTCAE v5.0 print both bounds; molar masses give the factors
        ("HGB", "mmol/L", ["6.2", "6.1", "4.9", "4.8", "<4.9"], "g/L", 16.114, 7.4, [1, 2, 2, 3, 2]),
        ("HGB", "g/dL", ["10.0", "9.9", "8.0", "7.9"], "g/L", 10, 12.0, [1, 2, 2, 3]),
        ("CA", "mg/dL", ["8.0", "7.9", "7.0", "6.9", "6.0", "5.9"], "mmol/L", 0.2495, 8.6, [1, 2, 2, 3, 3, 4]),
        ("MG", "mg/dL", ["1.2", "1.1", "0.9", "0.8", "0.7", "0.6"], "mmol/L", 0.4114, 1.7, [1, 2, 2, 3, 3, 4]),
        ("GLUC", "mg/dL", ["55", "54", "40", "39", "30", "29"], "mmol/L", 0.0555, 70, [1, 2, 2, 3, 3, 4]),
        ("ALB", "g/dL", ["3", "2.9", "2", "1.9"], "g/L", 10, 3.5, [1, 2, 2, 3]),
    ],
)
def test_a_bound_published_in_two_units_holds_in_the_unit_collected(
    code, unit, collected, standard, factor, low_limit, expected
):
    numbers = pd.Series(collected).str.lstrip("<").astype(float)
    known = {"LBORRES": collected, "LBORRESU": unit, "LBSTRESU": standard}
    assert grades_at(code, "L", list(numbers * factor), **known, ANRLO=low_limit * factor) == expected
    if unit in set(V5.loc[V5["lbtestcd"].eq(code), "unit"]):
        assert grades_at(code, "L", list(numbers), LBSTRESU=unit, ANRLO=low_limit) == expected


@pytest.mark.parametrize(
    ("code", "collected", "factor", "upper", "expected"),
    [
        ("CA", ["11.5", "11.6", "12.5", "12.6", "13.5", "13.6"], 0.2495, 10.4, [1, 2, 2, 3, 3, 4]),
        ("MG", ["3.0", "3.1", "8.0", "8.1"], 0.4114, 2.6, [1, 3, 3, 4]),
        ("CHOL", ["300", "301", "400", "401", "500", "501"], 0.02586, 200, [1, 2, 2, 3, 3, 4]),
        ("TRIG", ["149", "150", "300", "301", "500", "501", "1000", "1001"], 0.01129, 140, [0, 1, 1, 2, 2, 3, 3, 4]),
    ],
)
def test_an_upper_bound_published_in_two_units_holds_in_the_unit_collected(code, collected, factor, upper, expected):
    known = {"LBORRES": collected, "LBORRESU": "mg/dL", "LBSTRESU": "mmol/L", "ANRHI": upper * factor}
    assert grades_at(code, "H", list(pd.Series(collected).astype(float) * factor), **known) == expected


def test_no_cell_at_all_is_the_worst_grade():
    assert grades_at("NEUT", "L", [0.0], LBSTRESU="10^9/L", ANRLO=1.8) == [4]


def test_binary_fractions_do_not_move_a_limit():
    assert 1.1 * 3 != 3.3
    assert grades_at("ALT", "H", [3.3], ANRHI=1.1) == [1]
    assert grades_at("BILI", "H", [0.1 + 0.2], ANRHI=0.3) == [0]


def test_clinical_conditions_are_assumed_only_when_the_worst_is_asked_for(table):
    low = table("""
        LBTESTCD|LBSTRESU|AVAL|ANRLO|numeric|worst
        K       |mmol/L  |3.2 |3.5  |1      |2
        SODIUM  |mmol/L  |127 |135  |2      |3
        SODIUM  |mmol/L  |132 |135  |1      |1
        """, numbers=("AVAL", "ANRLO", "numeric", "worst"))  # fmt: skip
    assert graded(low, "L") == low["numeric"].tolist()
    assert graded(low, "L", lab_worst=True) == low["worst"].tolist()
    high = table("LBTESTCD|AVAL|BASE\nINR|1.1|1.0", numbers=("AVAL", "BASE"))
    assert (graded(high, "H"), graded(high, "H", lab_worst=True)) == ([0], [1])


@pytest.mark.parametrize(
    ("criteria", "code", "values", "expected"),
    [
        (V5, "LIPASET", [150, 151, 200, 201, 500, 501], [1, 2, 2, 3, 3, 4]),
        (V5, "AMYLASE", [150, 151, 200, 201, 500, 501], [1, 2, 2, 3, 3, 4]),
        (V5, "URATE", [100, 101], [0, 3]),
        (V6, "LIPASET", [150, 151, 300, 301, 500, 501], [1, 2, 2, 3, 3, 4]),
        (V6, "AMYLASE", [150, 151, 200, 201, 500, 501], [1, 2, 2, 3, 3, 4]),
        (V6, "URATE", [100, 101], [0, 3]),
    ],
)
def test_multiples_of_a_limit_of_100_weigh_more_where_symptoms_are_assumed(criteria, code, values, expected):
    assert grades_at(code, "H", values, criteria, lab_worst=True, ANRHI=100.0) == expected


@pytest.mark.parametrize(
    ("code", "direction", "unit", "limit", "values", "expected"),
    [
        ("NEUT", "L", "10^9/L", 1.8, [1.5, 1.49, 1.0, 0.99, 0.5, 0.49, 0.1, 0.09], [0, 1, 1, 2, 2, 3, 3, 4]),
        ("PLAT", "L", "10^9/L", 150, [150, 149, 75, 74, 50, 49, 10, 9.9], [0, 1, 1, 2, 2, 3, 3, 4]),
        ("LYM", "L", "10^9/L", 1.0, [0.1], [None]),  # v6.0 has no term for few lymphocytes
        ("HGB", "L", "g/L", 120, [120, 119, 100, 99, 80, 79], [0, 1, 1, 2, 2, 3]),
        ("SODIUM", "L", "mmol/L", 135, [135, 134, 130, 129.9, 125, 124.9, 120, 119], [0, 1, 1, 2, 2, 3, 3, 4]),
        ("CREATCLR", "L", "mL/min", 90, [90, 50, 49, 26, 25, 10], [0, 0, 2, 2, 3, 3]),
        ("HDL", "L", "mmol/L", 1.0, [1.0, 0.99], [0, 1]),
        ("LDL", "H", "mmol/L", 3.4, [3.4, 3.5, 34], [0, 1, 1]),
        ("GLUC", "H", "mmol/L", 6.1, [7, 13.9, 14, 27.8, 27.9], [0, 0, 3, 3, 4]),
        ("CAION", "H", "mmol/L", 1.35, [1.35, 1.36, 1.5, 1.51, 1.6, 1.61, 1.8, 1.81], [0, 1, 1, 2, 2, 3, 3, 4]),
        ("CAION", "L", "mmol/L", 1.15, [1.15, 1.14, 1.0, 0.99, 0.9, 0.89, 0.8, 0.79], [0, 1, 1, 2, 2, 3, 3, 4]),
        ("ALT", "H", "U/L", 40, [40, 41, 120, 121, 200, 201, 800, 801], [0, 1, 1, 2, 2, 3, 3, 4]),
        ("GGT", "H", "U/L", 40, [40, 41, 100, 101, 200, 201, 800, 801], [0, 1, 1, 2, 2, 3, 3, 4]),
        ("BILI", "H", "umol/L", 40, [40, 41, 60, 61, 120, 121, 400, 401], [0, 1, 1, 2, 2, 3, 3, 4]),
        ("ALP", "H", "U/L", 40, [40, 41, 4000], [0, 1, 1]),
        ("CREAT", "H", "umol/L", 40, [40, 41, 60, 61, 120, 121, 240, 241], [0, 1, 1, 2, 2, 3, 3, 4]),
        ("LIPASET", "H", "U/L", 100, [100, 101, 150, 151, 500, 501], [0, 1, 1, 2, 2, 3]),
        ("AMYLASE", "H", "U/L", 100, [100, 101, 150, 151, 500, 501], [0, 1, 1, 2, 2, 3]),
    ],
)
def test_version_6_has_bounds_of_its_own(code, direction, unit, limit, values, expected):
    limits = {"ANRLO" if direction == "L" else "ANRHI": float(limit)}
    assert grades_at(code, direction, values, V6, LBSTRESU=unit, **limits) == expected


@pytest.mark.parametrize(
    ("code", "values", "expected"),
    [
        ("ALT", [99, 100, 150, 151, 200, 201, 400, 401], [0, 1, 1, 2, 2, 3, 3, 4]),
        ("AST", [99, 100, 150, 151, 200, 201, 400, 401], [0, 1, 1, 2, 2, 3, 3, 4]),
        ("GGT", [99, 100, 150, 151, 300, 301, 1000, 1001], [0, 1, 1, 2, 2, 3, 3, 4]),
        ("BILI", [99, 100, 150, 151, 250, 251, 1000, 1001], [0, 1, 1, 2, 2, 3, 3, 4]),
        ("ALP", [100, 101, 4000], [0, 1, 1]),
    ],
)
def test_version_6_grades_a_baseline_of_100_above_the_limit_by_multiples_of_it(code, values, expected):
    assert grades_at(code, "H", values, V6, ANRHI=40.0, BASE=100.0, BNRIND="HIGH") == expected


def test_version_6_holds_creatinine_against_the_baseline_only_where_that_is_below_the_range():
    values = [60, 61, 120, 121, 300, 301]
    low = grades_at("CREAT", "H", values, V6, LBSTRESU="umol/L", ANRLO=60.0, ANRHI=100.0, BASE=40.0, BNRIND="LOW")
    normal = grades_at("CREAT", "H", values, V6, LBSTRESU="umol/L", ANRLO=30.0, ANRHI=100.0, BASE=40.0, BNRIND="NORMAL")
    assert (low, normal) == ([0, 2, 2, 3, 3, 3], [0, 0, 1, 1, 2, 3])


def test_version_6_grades_a_glucose_as_a_fasting_one_only_where_that_is_assumed():
    values = [6.1, 6.2, 8.9, 9.0, 13.9, 14.0]
    assert grades_at("GLUC", "H", values, V6, LBSTRESU="mmol/L", ANRHI=6.1) == [0, 0, 0, 0, 0, 3]
    assert grades_at("GLUC", "H", values, V6, True, LBSTRESU="mmol/L", ANRHI=6.1) == [0, 1, 1, 2, 2, 3]


def test_where_version_6_says_what_version_5_says_the_bounds_are_the_same():
    changed = [
        "NEUT", "LYM", "PLAT", "ALT", "AST", "GGT", "BILI", "ALP", "CREAT", "LIPASET", "AMYLASE",
        "CK", "TROPONI", "TROPONT", "HDL", "LDL", "CREATCLR",
    ]  # fmt: skip
    bounds = [name for name in V5 if name != "text"]
    old, new = (one[~one["lbtestcd"].isin(changed)][bounds] for one in (V5, V6))
    new = new[~(new["lbtestcd"].eq("GLUC") & new["direction"].eq("H"))]
    both = old.merge(new, how="outer", indicator=True)
    assert both["_merge"].eq("both").all()
    assert {*V5["lbtestcd"]} - {*V6["lbtestcd"]} == {"CK", "TROPONI", "TROPONT"}  # LYM: high values only


def test_the_rule_that_fired_is_told():
    lab = pd.DataFrame({
        "LBTESTCD": "FIBRINO", "LBSTRESU": "g/L", "AVAL": [0.9, 0.9, 0.4, 5.0], "ANRLO": 2.0, "ANRHI": 4.0,
        "BASE": [2.5, 1.8, 2.5, 2.5], "BNRIND": ["NORMAL", "LOW", "NORMAL", "NORMAL"],
    })  # fmt: skip
    found = ctcae_grade(lab, V5, "L", baseline_clause=True, lab_worst=False)
    assert found["CRITERION"].fillna("").tolist() == [
        "<0.5 - 0.25 x LLN", "fall 50 - <75 % from abnormal baseline", "<0.25 x LLN", "",
    ]  # fmt: skip


TESTS = [
    (criteria, *test)
    for criteria in (V5, V6)
    for test in criteria[["lbtestcd", "direction"]].drop_duplicates().to_records(index=False).tolist()
]
BASELINES = [(45.0, "NORMAL"), (20.0, "LOW"), (90.0, "HIGH")]


@pytest.mark.parametrize(("criteria", "code", "direction"), TESTS)
def test_a_worse_value_never_has_a_milder_grade(criteria, code, direction):
    unit = criteria.loc[criteria["lbtestcd"].eq(code), "unit"].dropna().unique()
    values = np.geomspace(0.01, 2000, 400)
    known = {"LBSTRESU": unit[0] if len(unit) else None, "ANRLO": 30.0, "ANRHI": 60.0}
    for base, state in BASELINES:
        grades = pd.Series(grades_at(code, direction, list(values), criteria, **known, BASE=base, BNRIND=state))
        assert grades.is_monotonic_increasing if direction == "H" else grades.is_monotonic_decreasing
        assert grades.notna().all()


def test_the_index_of_the_records_is_kept_and_may_repeat():
    lab = pd.DataFrame({
        "LBTESTCD": ["NEUT", "CRP", "PLAT"], "LBSTRESU": "10^9/L", "AVAL": [0.7, 1.0, 60], "ANRLO": 1.8, "ANRHI": 9.0,
        "BASE": np.nan, "BNRIND": None,
    }, index=[5, 5, 2])  # fmt: skip
    found = ctcae_grade(lab, V5, "L", baseline_clause=True, lab_worst=False)
    assert (found.index.tolist(), found["GRADE"].replace({np.nan: None}).tolist()) == ([5, 5, 2], [3, None, 2])


def test_a_direction_is_high_or_low():
    with pytest.raises(ValueError, match="H or L"):
        grades_at("NEUT", "low", [1.0])


@pytest.mark.parametrize("code", ["ALT", "BILI", "ALP", "CREAT"])
def test_multiples_of_the_upper_limit_are_graded_as_exact_decimals_have_it(code):
    """Values at, a hundredth below and a hundredth above each multiple of limits with one decimal."""
    bounds = V5.query("lbtestcd == @code and direction == 'H' and reference == 'ULN'")
    steps = [(Decimal(factor), int(grade)) for factor, grade in zip(bounds["factor"], bounds["grade"], strict=True)]
    limits = [Decimal(tenths) / 10 for tenths in range(3, 600, 7)]
    cases = [(limit, limit * factor + near) for limit in limits for factor, _ in steps
             for near in (Decimal("-0.01"), 0, Decimal("0.01"))]  # fmt: skip
    expected = [max((grade for factor, grade in steps if value > limit * factor), default=0) for limit, value in cases]
    found = grades_at(code, "H", [float(value) for _, value in cases], ANRHI=[float(limit) for limit, _ in cases],
                      LBSTRESU="umol/L")  # fmt: skip
    assert found == expected
