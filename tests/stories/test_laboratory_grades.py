"""Laboratory results with CTCAE grades, baseline, shift and worst values (analysis plan 4.1, clarification 16).

Limits: NEUT 1.8 to 7.5 x 10^9/L, ALT up to 40 U/L. Grades by hand from the published tables: NEUT below 0.5 is grade 4
in v5.0 and grade 3 in v6.0, below 0.1 grade 4; ALT of an abnormal baseline is graded by multiples of it.
"""

from dataclasses import replace

import pandas as pd
import pytest
from built import example, made
from tables import as_text, given, table

from pipeline.study.specs import Specs

PEOPLE = {
    "dm": given("dm", "USUBJID | RFICDTC\nA | 2025-01-02\nB | 2025-01-02"),
    "ex": given("ex", """
        USUBJID | EXCAT        | EXTRT | EXDOSE | EXDOSU | EXSTDTC
        A       | CONDITIONING | FLU   | 50     | mg     | 2025-03-04
        A       | CELLS        | CAR   | 100    | 10^6   | 2025-03-10
        B       | CELLS        | CAR   | 100    | 10^6   | 2025-03-10
    """),
    "cm": given("cm", "USUBJID | CMCAT | CMSTDTC\nA | SUBSEQUENT ANTICANCER THERAPY | 2025-05-01"),
}
HEAD = "USUBJID | LBTESTCD | LBSTRESC | LBSTRESN | LBNAM | LBNRIND | LBDTC"
NEUTROPHILS = f"""
    {HEAD}
    A | NEUT | 2.0  | 2.0 | CENTRAL LABORATORY | NORMAL | 2025-03-03T08:00
    A | NEUT | 1.4  | 1.4 | LOCAL LABORATORY   | LOW    | 2025-03-03T12:00
    A | NEUT | 0.9  | 0.9 | CENTRAL LABORATORY | LOW    | 2025-03-04T06:00
    A | NEUT | <0.1 | .   | LOCAL LABORATORY   | LOW    | 2025-03-17
    A | NEUT | 0.3  | 0.3 | LOCAL LABORATORY   | LOW    | 2025-03-20
    A | NEUT | 0.05 | 0.05 | LOCAL LABORATORY  | LOW    | 2025-05-01
    A | NEUT | .    | .   | LOCAL LABORATORY   | .      | 2025-03-21
    B | NEUT | 8.0  | 8.0 | LOCAL LABORATORY   | HIGH   | 2025-03-12
"""


def decided(specs: Specs, **choices: object) -> Specs:
    """The specs of a study that decides otherwise."""
    changed = {name: replace(specs.decisions[name], value=value) for name, value in choices.items()}
    return replace(specs, decisions=specs.decisions | changed)


def graded(rows: str, limits: tuple[float, float], unit: str, **choices: object) -> pd.DataFrame:
    lab = given("lb", rows).assign(LBSTNRLO=limits[0], LBSTNRHI=limits[1], LBSTRESU=unit, LBTEST="Test")
    return made(decided(example(), **choices), PEOPLE | {"lb": lab}, ["adlb"])[0]["adlb"]


def as_shown(dataset: pd.DataFrame, expected: str) -> tuple[list, list]:
    """The records of a dataset in its order, and those expected, in the columns of the table."""
    asked = table(expected).fillna(".")
    found = pd.DataFrame({name: as_text(dataset[name]) for name in asked})
    return found.to_numpy().tolist(), asked.to_numpy().tolist()


def test_low_counts_have_grade_shift_and_worst_value():
    """The result of the day of the first dose is no baseline; the new therapy of 1 May ends the time on treatment."""
    found, expected = as_shown(graded(NEUTROPHILS, (1.8, 7.5), "10^9/L"), """
        USUBJID|ASEQ|AVAL|ABLFL|BASE|BNRIND|ATOXGRLN|ATOXGRL|BTOXGRLN|BTOXGRL|ONTRTFL|WGRADLFL|SHIFT1|SHIFT2
        A|1|2   |.|1.4|LOW|0|0|2|2|.|.|.              |.
        A|2|1.4 |Y|1.4|LOW|2|2|2|2|.|.|.              |.
        A|3|0.9 |.|1.4|LOW|3|3|2|2|Y|.|LOW to LOW     |2 to 3
        A|4|0.1 |.|1.4|LOW|4|4|2|2|Y|Y|LOW to LOW     |2 to 4
        A|5|0.3 |.|1.4|LOW|4|4|2|2|Y|.|LOW to LOW     |2 to 4
        A|7|.   |.|1.4|LOW|.|.|2|2|Y|.|.              |.
        A|6|0.05|.|1.4|LOW|4|4|2|2|.|.|LOW to LOW     |2 to 4
        B|1|8   |.|.  |.  |0|0|.|.|Y|Y|MISSING to HIGH|MISSING to 0
    """)
    assert found == expected


def test_the_version_of_ctcae_is_a_decision():
    made_of = graded(NEUTROPHILS, (1.8, 7.5), "10^9/L", CTCAE="v6")
    found, expected = as_shown(made_of[made_of["USUBJID"] == "A"], """
        AVAL|ATOXGRLN|BTOXGRLN|WGRADLFL|ATOXCRIT
        2   |0       |1       |.       |.
        1.4 |1       |1       |.       |<1.5 - 1.0 10^9/L
        0.9 |2       |1       |.       |<1.0 - 0.5 10^9/L
        0.1 |3       |1       |Y       |<0.5 - 0.1 10^9/L
        0.3 |3       |1       |.       |<0.5 - 0.1 10^9/L
        .   |.       |1       |.       |.
        0.05|4       |1       |.       |<0.1 10^9/L
    """)
    assert found == expected


@pytest.mark.parametrize(("choice", "base"), [("LATEST", 1.4), ("LOCAL", 1.4), ("CENTRAL", 2.0)])
def test_of_two_laboratories_on_one_day_the_one_decided_gives_the_baseline(choice, base):
    made_of = graded(NEUTROPHILS, (1.8, 7.5), "10^9/L", LAB_SAME_DAY=choice)
    assert made_of.query("USUBJID == 'A'")["BASE"].unique().tolist() == [base]


def test_high_values_after_an_abnormal_baseline_are_graded_by_its_multiples_the_baseline_itself_by_the_limit():
    """150 is 3.75 x ULN (grade 2) as baseline; 225 is 1.5 x baseline (1), 451 above 3 x (2), 224 below 1.5 x (0)."""
    found, expected = as_shown(graded(f"""
        {HEAD}
        A | ALT | 150 | 150 | . | HIGH   | 2025-03-01
        A | ALT | 225 | 225 | . | HIGH   | 2025-03-12
        A | ALT | 451 | 451 | . | HIGH   | 2025-03-14
        A | ALT | 224 | 224 | . | HIGH   | 2025-03-16
        B | ALT | 201 | 201 | . | HIGH   | 2025-03-16
    """, (5.0, 40.0), "U/L"), """
        USUBJID|AVAL|ATOXGRHN|ATOXGRH|BTOXGRHN|BTOXGRH|WGRADHFL|SHIFT3      |ATOXGRLN|ATOXCRIT
        A      |150 |2       |2      |2       |2      |.       |.           |.       |>3 - 5 x ULN
        A      |225 |1       |1      |2       |2      |.       |2 to 1      |.       |1.5 - 3 x abnormal baseline
        A      |451 |2       |2      |2       |2      |Y       |2 to 2      |.       |>3 - 5 x abnormal baseline
        A      |224 |0       |0      |2       |2      |.       |2 to 0      |.       |.
        B      |201 |3       |3      |.       |.      |Y       |MISSING to 3|.       |>5 - 20 x ULN
    """)
    assert found == expected


def test_a_laboratory_result_has_its_day_visit_change_and_source():
    """Day 7 is 6 to 8, Day 14 12 to 16, Day 21 19 to 23; -1.3 from 1.4 is -92.857 %; no day: the first."""
    rows = NEUTROPHILS + "    A | NEUT | CLOTTED | . | LOCAL LABORATORY | . | 2025-04\n"
    made_of = graded(rows, (1.8, 7.5), "10^9/L").query("USUBJID == 'A' and ASEQ in [2, 4, 5, 8]")
    found, expected = as_shown(made_of.assign(PCHG=made_of["PCHG"].round(3), CHG=made_of["CHG"].round(9)), """
        ASEQ|AVALC  |BASEC|CHG |PCHG   |ADT       |ADTF|ADY|CARTDY|AVISIT  |AVISITN|AWTARGET|AWTDIFF|ANL01FL
        2   |.      |.    |.   |.      |2025-03-03|.   |-1 |-7    |Baseline|0      |.       |.      |Y
        4   |.      |.    |-1.3|-92.857|2025-03-17|.   |14 |7     |Day 7   |7      |7       |0      |Y
        5   |.      |.    |-1.1|-78.571|2025-03-20|.   |17 |10    |.       |.      |7       |3      |.
        8   |CLOTTED|.    |.   |.      |2025-04-01|D   |29 |22    |Day 21  |9      |21      |1      |Y
    """)
    assert found == expected
    one = made_of.iloc[-1]
    assert one[["SRCDOM", "SRCVAR", "SRCSEQ", "PARAMCD"]].tolist() == ["LB", "LBSTRESC", 8, "NEUT"]


def test_without_a_lower_limit_grade_1_is_open_and_the_worst_is_taken_over_what_is_graded():
    rows = f"{HEAD}\nA | NEUT | 1.7 | 1.7 | . | . | 2025-03-12\nA | NEUT | 1.2 | 1.2 | . | . | 2025-03-14"
    found, expected = as_shown(graded(rows, (float("nan"), float("nan")), "10^9/L"), """
        AVAL|ATOXGRLN|WGRADLFL
        1.7 |.       |.
        1.2 |2       |Y
    """)
    assert found == expected


def test_a_result_is_a_multiple_of_its_upper_limit_of_normal_also_where_floats_fall_short_of_it():
    """0.3 divided by 0.1 is 2.9999999999999996 in floating point."""
    rows = f"{HEAD}\nA | BILI | 0.3 | 0.3 | LOCAL LABORATORY | HIGH | 2025-03-12\nA | BILI | . | . | . | . | 2025-03-13"
    assert graded(rows, (0.0, 0.1), "mg/dL")["R2ANRHI"].dropna().tolist() == [3.0]
    assert graded(rows, (0.0, 0.0), "mg/dL")["R2ANRHI"].isna().all()
