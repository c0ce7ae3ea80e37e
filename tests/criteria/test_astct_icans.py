"""ICANS grades by the ASTCT table of 2019 (analysis plan 3.2 and 3.3)."""

import itertools
from functools import partial

import numpy as np
import pandas as pd
import pytest

from adam.criteria.astct_icans import NeuroTestRule, capd_grade, icans_grade, ice_total

DOMAINS = ["consciousness", "seizure", "motor", "icp"]


def graded(cases: pd.DataFrame, grade=icans_grade, score: str = "ice") -> list:
    return grade(cases[score], cases["unable"], *(cases[name] for name in DOMAINS)).replace({np.nan: None}).tolist()


def expected(cases: pd.DataFrame) -> list:
    return cases["grade"].replace({np.nan: None}).tolist()


def test_ice_boundaries(table):
    cases = table("""
        ice|unable|consciousness|seizure|motor|icp|grade
        10 |N     |0            |0      |0    |0  |0
        9  |N     |0            |0      |0    |0  |1
        7  |N     |0            |0      |0    |0  |1
        6  |N     |0            |0      |0    |0  |2
        3  |N     |0            |0      |0    |0  |2
        2  |N     |0            |0      |0    |0  |3
        0  |N     |0            |0      |0    |0  |3
        0  |Y     |4            |0      |0    |0  |4
           |Y     |4            |0      |0    |0  |4
        """, numbers=("grade",))  # fmt: skip
    assert graded(cases) == expected(cases)


def test_the_other_domains_row_by_row(table):
    cases = table("""
        sign                       |ice|unable|consciousness|seizure|motor|icp|grade
        awakens spontaneously      |10 |N     |1            |0      |0    |0  |1
        awakens to voice           |10 |N     |2            |0      |0    |0  |2
        awakens only to touch      |10 |N     |3            |0      |0    |0  |3
        unarousable                |10 |N     |4            |0      |0    |0  |4
        seizure resolving rapidly  |10 |N     |0            |3      |0    |0  |3
        seizure over five minutes  |10 |N     |0            |4      |0    |0  |4
        deep focal weakness        |10 |N     |0            |0      |4    |0  |4
        focal oedema on imaging    |10 |N     |0            |0      |0    |3  |3
        diffuse oedema             |10 |N     |0            |0      |0    |4  |4
        """, numbers=("grade",))  # fmt: skip
    assert graded(cases) == expected(cases)


def test_ice_0_and_awake_is_grade_3_and_unarousable_grade_4(table):
    cases = table("""
        case                                  |ice|unable|consciousness|seizure|motor|icp|grade
        global aphasia, awake                 |0  |N     |0            |0      |0    |0  |3
        nobody said unable, awake             |0  |      |0            |0      |0    |0  |3
        unable, yet awake                     |0  |Y     |0            |0      |0    |0  |3
        unable, yet awakens to voice          |0  |Y     |2            |0      |0    |0  |3
        unable, yet awakens to touch          |0  |Y     |3            |0      |0    |0  |3
        not done, unable, yet awake           |   |Y     |0            |0      |0    |0  |3
        unable, consciousness not recorded    |0  |Y     |             |0      |0    |0  |4
        not done, unable, not recorded        |   |Y     |             |0      |0    |0  |4
        nobody said unable, unarousable       |0  |      |4            |0      |0    |0  |4
        a score contradicts unable and counts |5  |Y     |0            |0      |0    |0  |2
        """, numbers=("grade",))  # fmt: skip
    assert graded(cases) == expected(cases)


def test_what_is_missing_matters_only_where_it_could_change_the_grade(table):
    cases = table("""
        missing                       |ice|unable|consciousness|seizure|motor|icp|grade
        ice, nothing else             |   |N     |0            |0      |0    |0  |
        ice, awakens only to touch    |   |N     |3            |0      |0    |0  |3
        ice, unarousable              |   |      |4            |0      |0    |0  |4
        seizure                       |10 |N     |0            |       |0    |0  |
        seizure, but motor weakness   |10 |N     |0            |       |4    |0  |4
        consciousness, ice 0          |0  |N     |             |0      |0    |0  |
        ice out of range              |11 |N     |0            |0      |0    |0  |
        negative ice                  |-1 |N     |0            |0      |0    |0  |
        negative ice, unable          |-1 |Y     |             |0      |0    |0  |4
        unknown code of motor         |10 |N     |0            |0      |2    |0  |
        """, numbers=("grade",))  # fmt: skip
    assert graded(cases) == expected(cases)


def test_the_grade_is_the_worst_domain():
    points = {10: 0, 8: 1, 5: 2, 1: 3}
    combinations = itertools.product(points, ["N"], [0, 1, 2, 3, 4], [0, 3, 4], [0, 4], [0, 3, 4])
    cases = pd.DataFrame(combinations, columns=["ice", "unable", *DOMAINS])
    worst = cases.assign(ice=cases["ice"].map(points))[["ice", *DOMAINS]].max(axis=1)
    assert graded(cases) == worst.tolist()


def test_ice_total_sums_eight_items_and_is_missing_with_one_of_them(table):
    items = table("""
        ICE01|ICE02|ICE03|ICE04|ICE05|ICE06|ICE07|ICE08|total
        1    |1    |1    |1    |3    |1    |1    |1    |10
        0    |0    |0    |0    |0    |0    |0    |0    |0
        1    |0    |1    |0    |2    |1    |0    |1    |6
        1    |1    |1    |1    |     |1    |1    |1    |
        1    |1    |1    |2    |3    |1    |1    |1    |
        1    |1    |1    |1    |4    |1    |1    |1    |
        """, numbers=("total",))  # fmt: skip
    assert ice_total(items).fillna(-1).tolist() == items["total"].fillna(-1).tolist()


def test_plans_may_read_the_test_otherwise(table):
    cases = table("""
        ice|unable|consciousness|seizure|motor|icp|published|always_4|signs|full
        0  |Y     |1            |0      |0    |0  |3        |4       |3    |3
        5  |Y     |0            |0      |0    |0  |2        |4       |2    |2
           |N     |1            |0      |0    |0  |         |        |1    |
           |N     |0            |3      |0    |0  |3        |3       |3    |3
        11 |N     |0            |0      |0    |0  |         |        |0    |0
        """, numbers=("published", "always_4", "signs", "full"))  # fmt: skip
    rules = {"published": NeuroTestRule(), "always_4": NeuroTestRule(unable_always_4=True),
             "signs": NeuroTestRule(without_score=True), "full": NeuroTestRule(over_is_full=True)}  # fmt: skip
    for name, rule in rules.items():
        assert graded(cases, partial(icans_grade, rule=rule)) == cases[name].replace({np.nan: None}).tolist(), name


def test_a_day_without_a_capd_score_may_be_graded_by_the_other_signs():
    nothing, signs = pd.Series([None]), [pd.Series([sign]) for sign in ("2", "0", "0", "0")]
    for rule, grade in ((NeuroTestRule(), None), (NeuroTestRule(without_score=True), 2)):
        assert capd_grade(nothing, nothing, *signs, rule=rule).replace({np.nan: None}).tolist() == [grade]


def test_capd_boundaries(table):
    cases = table("""
        case                             |capd|unable|consciousness|seizure|motor|icp|grade
        no delirium                      |0   |N     |0            |0      |0    |0  |0
        lowest score                     |1   |N     |0            |0      |0    |0  |1
        highest of grade 1               |8   |N     |1            |0      |0    |0  |1
        the same, awakens to voice       |8   |N     |2            |0      |0    |0  |2
        lowest of grade 3                |9   |N     |0            |0      |0    |0  |3
        unable to perform                |    |Y     |0            |0      |0    |0  |4
        awakens only to touch            |4   |N     |3            |0      |0    |0  |3
        unarousable                      |4   |N     |4            |0      |0    |0  |4
        seizure                          |4   |N     |0            |3      |0    |0  |3
        not scored                       |    |N     |0            |0      |0    |0  |
        """, numbers=("grade",))  # fmt: skip
    assert graded(cases, capd_grade, "capd") == expected(cases)


@pytest.mark.parametrize(("item", "most"), [(f"ICE0{n}", 3 if n == 5 else 1) for n in range(1, 9)])
def test_each_item_of_ice_counts_from_0_to_its_most(item, most):
    for points, valid in ((0, True), (most, True), (most + 1, False), (-1, False)):
        total = ice_total(pd.DataFrame([dict.fromkeys([f"ICE0{n}" for n in range(1, 9)], 0) | {item: points}]))[0]
        assert total == points if valid else np.isnan(total)


@pytest.mark.parametrize(("code", "grade"), [(0, 0), (1, None), (2, None), (3, 3), (4, 4), (5, None), (-1, None)])
def test_seizure_and_oedema_have_the_codes_0_3_and_4(code, grade):
    for name in ("seizure", "icp"):
        case = {"ice": 10, "unable": "N", "consciousness": 0, "seizure": 0, "motor": 0, "icp": 0} | {name: code}
        assert graded(pd.DataFrame([case])) == [grade]


@pytest.mark.parametrize(
    ("capd", "unable", "grade"),
    [(32, "N", 3), (33, "N", None), (-1, "N", None), (0.5, "N", None), (5, "Y", 4), (None, None, None)],
)
def test_capd_is_a_score_from_0_to_32(capd, unable, grade):
    case = {"capd": capd, "unable": unable, "consciousness": 0, "seizure": 0, "motor": 0, "icp": 0}
    assert graded(pd.DataFrame([case]), capd_grade, "capd") == [grade]
