"""Grades by the published tables: CRS by Lee 2014, acute GVHD by MAGIC 2016, Keystone 1995 and Glucksberg 1974.

Sources: Lee et al., Blood 2014;124:188, table 3; Harris et al., Biol Blood Marrow Transplant 2016;22:4, table 2;
Przepiorka et al., Bone Marrow Transplant 1995;15:825, table 2; Glucksberg et al., Transplantation 1974;18:295.
"""

import pandas as pd
import pytest
import yaml
from tables import STANDARD

from adam.criteria.grade_table import grade_by
from pipeline.ground.clauses import compared_with_numbers, names

READ = {path.stem: yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
        for path in sorted((STANDARD / "criteria").glob("*.yaml"))}  # fmt: skip
TABLES = {name: content["cases"] for name, content in READ.items() if "scale" in content}
WELL = {"TMAX": 37.0, "SYMPTOM": "N", "HYPOT": "N", "NPRESSOR": 0, "O2MODE": "RA", "ORGTOX": 0, "TRANSTOX": 0}


def grade(table, **tests):
    asked = dict.fromkeys(name for clause in TABLES[table].values() for name in (names(clause) if clause else ()))
    numbers = {name for clause in TABLES[table].values() for name in (compared_with_numbers(clause) if clause else ())}
    day = pd.DataFrame({name: [tests.get(name)] for name in asked})
    day = day.assign(**{name: pd.to_numeric(day[name]).astype("float64") for name in numbers})
    found = grade_by(day, TABLES[table]).iloc[0]
    return None if pd.isna(found) else int(found)


@pytest.mark.parametrize(
    ("signs", "expected"),
    [
        ({}, 0),
        ({"SYMPTOM": "Y"}, 1),  # symptoms that are not life-threatening, and are treated as such
        ({"TMAX": 38.0}, 1),
        ({"TMAX": 37.9}, 0),
        ({"O2MODE": "NC", "FIO2": 39, "O2REAS": "CRS"}, 2),  # oxygen below 40 %
        ({"HYPOT": "Y", "PRESDOSE": "NONE"}, 2),  # hypotension responsive to fluids
        ({"HYPOT": "Y", "NPRESSOR": 1, "PRESDOSE": "LOW"}, 2),  # or low dose of one vasopressor
        ({"ORGTOX": 2}, 2),
        ({"O2MODE": "HFNC", "FIO2": 40, "O2REAS": "CRS"}, 3),  # oxygen from 40 % on
        ({"HYPOT": "Y", "NPRESSOR": 1, "PRESDOSE": "HIGH"}, 3),  # high dose
        ({"HYPOT": "Y", "NPRESSOR": 2, "PRESDOSE": "LOW"}, 3),  # or several
        ({"ORGTOX": 3}, 3),
        ({"TRANSTOX": 4}, 3),  # transaminitis of grade 4 is 3
        ({"O2MODE": "MV", "FIO2": 30, "O2REAS": "CRS"}, 4),  # ventilator
        ({"ORGTOX": 4}, 4),
        ({"O2MODE": "MV", "FIO2": 60, "O2REAS": "AIR", "TMAX": 39.0}, 1),  # for the airway: no hypoxia of CRS
    ],
)
def test_crs_by_lee_2014(signs, expected):
    assert grade("lee_2014", **(WELL | signs)) == expected


@pytest.mark.parametrize(
    ("signs", "expected"),
    [
        ({"ORGTOX": None}, None),  # it may be of any grade
        ({"ORGTOX": None, "O2MODE": "MV", "O2REAS": "CRS"}, 4),  # nothing could be worse
        ({"HYPOT": "Y", "PRESDOSE": None, "NPRESSOR": 2}, 3),  # the dose no longer matters
        ({"HYPOT": "Y", "PRESDOSE": None, "NPRESSOR": 1}, None),
        ({"TMAX": None, "HYPOT": "Y", "PRESDOSE": "LOW"}, 2),
        ({"O2MODE": "NC", "O2REAS": None, "FIO2": 30}, None),  # oxygen of an unknown reason may be none of CRS
    ],
)
def test_what_is_not_known_leaves_the_grade_missing_only_where_it_could_change_it(signs, expected):
    assert grade("lee_2014", **(WELL | signs)) == expected


@pytest.mark.parametrize(
    ("skin", "liver", "upper", "lower", "expected"),
    [
        (0, 0, 0, 0, 0), (1, 0, 0, 0, 1), (2, 0, 0, 0, 1), (3, 0, 0, 0, 2), (0, 1, 0, 0, 2), (0, 0, 1, 0, 2),
        (0, 0, 0, 1, 2), (3, 1, 1, 1, 2), (0, 2, 0, 0, 3), (0, 3, 0, 0, 3), (0, 0, 0, 2, 3), (3, 0, 1, 3, 3),
        (4, 0, 0, 0, 4), (0, 4, 0, 0, 4), (0, 0, 0, 4, 4), (1, 0, None, 0, None), (4, None, None, None, 4),
        (None, 3, 0, 0, None), (None, 0, 0, 0, None),
    ],
)  # fmt: skip
def test_acute_gvhd_by_magic(skin, liver, upper, lower, expected):
    assert grade("magic_2016", GVHSKIN=skin, GVHLIVER=liver, GVHUGI=upper, GVHLGI=lower) == expected


@pytest.mark.parametrize(
    ("skin", "liver", "gut", "expected"),
    [
        (0, 0, 0, 0), (1, 0, 0, 1), (2, 0, 0, 1), (3, 0, 0, 2), (0, 1, 0, 2), (0, 0, 1, 2), (2, 1, 1, 2), (0, 2, 0, 3),
        (0, 3, 0, 3), (0, 0, 2, 3), (3, 0, 4, 3), (4, 0, 0, 4), (0, 4, 0, 4),
    ],
)  # fmt: skip
def test_acute_gvhd_by_the_consensus_of_keystone(skin, liver, gut, expected):
    assert grade("keystone_1995", GVHSKIN=skin, GVHLIVER=liver, GVHGUT=gut) == expected


@pytest.mark.parametrize(
    ("skin", "liver", "gut", "performance", "expected"),
    [
        (0, 0, 0, 0, 0), (2, 0, 0, 0, 1), (3, 1, 1, 1, 2), (3, 3, 3, 2, 3), (2, 2, 0, 3, 4), (4, 0, 0, 0, 4),
        (0, 0, 4, 2, 4), (2, 0, 0, None, 1), (2, 2, 0, None, None),
    ],
)  # fmt: skip
def test_acute_gvhd_by_glucksberg_asks_the_performance_for_grade_4(skin, liver, gut, performance, expected):
    assert grade("glucksberg_1974", GVHSKIN=skin, GVHLIVER=liver, GVHGUT=gut, GVHPERF=performance) == expected


def test_no_table_of_grades_is_without_rows_here():
    assert set(TABLES) == {"lee_2014", "magic_2016", "keystone_1995", "glucksberg_1974"}
