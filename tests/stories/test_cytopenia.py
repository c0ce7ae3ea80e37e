"""Cytopenia by laboratory values: prolonged, ICAHT, T-ICAHT, recovery, CAR-HEMATOTOX (analysis plan 4.2 to 4.4).

A is infused on 2025-03-10, progresses on day 60 and has a new therapy on day 80; B has no result after the infusion; C
was never infused. By hand from the published tables.
"""

import pandas as pd
import pytest
from recipes import criteria_table
from tables import as_text, conformed, given

from adam.adcyt import adcyt, adcyt_sources
from adam.adlb import adlb

DAY_0 = pd.Timestamp("2025-03-10")
SUBJECTS = given("subjects", """
    USUBJID | TRTSDT     | CARTSDT    | CARTSDY | NACTDT
    A       | 2025-03-04 | 2025-03-10 | 0       | 2025-05-29
    B       | 2025-03-10 | 2025-03-10 | 0       | .
    C       | .          | .          | .       | .
""")
DATES = {"BASEDT": "TRTSDT", "ONTRTSDT": "TRTSDT", "ONTRTEDT": "NACTDT"}
WINDOW = conformed("on_treatment", SUBJECTS.assign(**{name: SUBJECTS[of] for name, of in DATES.items()}))
RESPONSES = given("assessments", "USUBJID | RSSEQ | ADT | PDDT\nA | 1 | 2025-04-01 | 2025-05-09\n"
                                 "A | 2 | 2025-05-09 | 2025-05-09\nB | 1 | 2025-05-09 | .")  # fmt: skip
V5, ICAHT, HEMATOTOX = (criteria_table(name) for name in ("ctcae_v5", "icaht_2023", "hematotox_2021"))
VISITS = pd.DataFrame(columns=["AVISIT", "VISITNUM", "ANCHOR", "PLANNED_DAY", "WINDOW_LOW", "WINDOW_HIGH"])
UNIT = {"NEUT": "10^9/L", "PLAT": "10^9/L", "HGB": "g/L", "CRP": "mg/L", "FERRITIN": "ug/L"}
BASELINE = {"NEUT": {-7: 1.2}, "PLAT": {-7: 175}, "HGB": {-7: 91}, "CRP": {-7: 30}, "FERRITIN": {-7: 649}}


def results(values: dict[str, dict[int, float]]) -> pd.DataFrame:
    """LB of subject A: values of tests by the day from the infusion."""
    rows = [f"A | {test} | {value} | {value} | {UNIT[test]} | {DAY_0 + pd.Timedelta(days=day):%Y-%m-%d}"
            for test, days in values.items() for day, value in days.items()]  # fmt: skip
    head = "USUBJID | LBTESTCD | LBSTRESC | LBSTRESN | LBSTRESU | LBDTC"
    return given("lb", "\n".join([head, *rows]), LBTEST="Test", LBSTNRLO="1.8")


def cytopenia(
    values: dict[str, dict[int, float]], days: tuple[int, ...] = (30,), late: int = 7, grade: int = 3,
    run: str = "CONSECUTIVE",
) -> pd.DataFrame:  # fmt: skip
    """ADCYT of these results, graded by CTCAE v5.0."""
    graded = conformed("adlb", adlb(results(values), WINDOW, VISITS, V5, False, "LATEST"))
    made = adcyt(graded, SUBJECTS, RESPONSES, days, late, grade, ICAHT, run, 7, HEMATOTOX)
    return made.sort_values(["USUBJID", "PARAMCD"])


def of_subject(found: pd.DataFrame, subject: str = "A") -> dict[str, tuple[str, str]]:
    own = found[found["USUBJID"] == subject]
    return dict(zip(own["PARAMCD"], zip(as_text(own["AVAL"]), as_text(own["AVALC"]), strict=True), strict=True))


def test_each_infused_subject_has_each_parameter_blank_where_nothing_was_measured():
    made = cytopenia(BASELINE)
    assert made["USUBJID"].unique().tolist() == ["A", "B"]
    assert set(of_subject(made, "B").values()) == {(".", ".")}
    assert len(of_subject(made, "B")) == 14


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        # the last result of days 30 to 37 decides; day 29 and day 38 do not
        ({"NEUT": {29: 3.0, 30: 2.0, 37: 0.9, 38: 2.0}}, "Y . . Y"),
        ({"NEUT": {29: 0.1, 30: 0.4, 36: 1.0, 38: 0.1}}, "N . . N"),
        ({"PLAT": {33: 49}, "HGB": {33: 80}}, ". Y N Y"),
        ({"PLAT": {33: 50}, "HGB": {33: 79}}, ". N Y Y"),
        ({"NEUT": {20: 0.1, 40: 0.1}}, ". . . ."),
    ],
)
def test_a_cytopenia_is_prolonged_by_the_last_result_of_the_window(values, expected):
    found = of_subject(cytopenia(values))
    assert " ".join(found[code][1] for code in ("PRLNEUT", "PRLPLAT", "PRLHGB", "PRLCYT")) == expected


def test_days_and_grade_of_a_prolonged_cytopenia_are_decisions():
    found = of_subject(cytopenia({"NEUT": {28: 1.4}}, days=(28,), late=0, grade=2))
    assert found["PRLNEUT"] == ("1", "Y")


def test_the_record_behind_a_prolonged_cytopenia_is_named():
    made = cytopenia({"NEUT": {30: 2.0, 35: 0.9}}).query("USUBJID == 'A' and PARAMCD == 'PRLCYT'")
    shown = [as_text(made[name]).iloc[0] for name in ("ADT", "CARTDY", "SRCDOM", "SRCVAR", "SRCSEQ")]
    assert shown == ["2025-04-14", "35", "LB", "LBSTRESN", "2"]


def test_a_cytopenia_is_asked_about_on_each_day_decided():
    made = cytopenia({"NEUT": {33: 0.9, 60: 0.4, 67: 1.5}, "PLAT": {97: 20}}, days=(30, 60, 90))
    own = made[made["USUBJID"].eq("A") & made["PARAMCD"].isin(["PRLNEUT", "PRLPLAT", "PRLCYT"])]
    told = own.pivot(index="AVISIT", columns="PARAMCD", values="AVALC")[["PRLNEUT", "PRLPLAT", "PRLCYT"]].fillna(".")
    assert told.T.to_dict("list") == {"Day 30": ["Y", ".", "Y"], "Day 60": ["N", ".", "N"], "Day 90": [".", "Y", "Y"]}


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ({0: 2.0, 4: 0.4, 10: 0.3, 11: 0.6, 12: 0.7, 13: 0.8}, "11 11 2025-03-21 4"),  # LBSEQ 4 is day 11
        ({4: 0.4, 8: 0.8, 9: 0.9}, "6 6 2025-03-16 2"),  # 0.6 on day 6 by the line, which day 8 shows
        ({4: 0.4, 11: 0.5, 12: 0.9}, ". NOT RECOVERED 2025-03-22 3"),  # one day above is no three; the last count
        ({4: 0.6, 11: 0.7}, ". NOT LOW 2025-03-21 2"),
        ({-5: 0.1}, ". . . ."),
        ({4: 0.4, 61: 0.8, 62: 0.8, 63: 0.8}, ". NOT RECOVERED 2025-03-14 1"),  # after progression nothing counts
    ],
)
def test_a_recovery_has_its_date_and_the_count_that_shows_it(counts, expected):
    made = cytopenia({"NEUT": counts}).query("USUBJID == 'A' and PARAMCD == 'ANCREC'")
    assert " ".join(as_text(made[name]).iloc[0] for name in ("AVAL", "AVALC", "ADT", "SRCSEQ")) == expected


def test_icaht_t_icaht_and_recovery_by_hand():
    """Neutrophils 0.4 on days 4 to 10 (7 days: grade 2), then 2.0; platelets 30 on days 4 to 6 (3 days: grade 1)."""
    neutrophils = {day: 0.4 if 4 <= day <= 10 else 2.0 for day in range(31)}
    platelets = {day: 30 if 4 <= day <= 6 else 120 for day in range(31)}
    late = {40: 0.9, 50: 1.4, 61: 0.05, 81: 0.05}  # after progression, and after the new therapy, nothing counts
    found = of_subject(cytopenia({"NEUT": neutrophils | late, "PLAT": platelets | {40: 99, 60: 120}}))
    assert {code: found[code][0] for code in ("ICAHTE", "ANC500D", "ANC100D", "ANCREC", "ICAHTL")} == {
        "ICAHTE": "2", "ANC500D": "7", "ANC100D": "0", "ANCREC": "11", "ICAHTL": "2"}  # fmt: skip
    assert {code: found[code] for code in ("TICAHTE", "TICAHTL", "PLTREC")} == {
        "TICAHTE": ("1", "1"), "TICAHTL": ("1", "1"), "PLTREC": ("7", "7")}  # fmt: skip


@pytest.mark.parametrize(("run", "grade"), [("CONSECUTIVE", "1"), ("CUMULATIVE", "2")])
def test_the_days_of_icaht_are_a_run_or_a_sum_as_decided(run, grade):
    neutrophils = {day: 0.4 if day in range(4, 8) or day in range(20, 24) else 2.0 for day in range(31)}
    assert of_subject(cytopenia({"NEUT": neutrophils}, run=run))["ICAHTE"] == (grade, grade)


@pytest.mark.parametrize(
    ("changed", "score", "risk"),
    [
        ({}, "3", "HIGH"),  # 1 for platelets of 175, 1 for neutrophils of 1.2, 1 for CRP of 30 mg/L
        ({"NEUT": {-7: 1.3}, "CRP": {-7: 29}}, "1", "LOW"),
        ({"FERRITIN": {}}, ".", "HIGH"),
        ({"NEUT": {-7: 1.3}, "CRP": {-7: 29}, "FERRITIN": {}}, ".", "."),
        ({"NEUT": {-7: 1.3, -6: 0.1}}, "2", "HIGH"),  # the day of conditioning is no baseline
    ],
)
def test_car_hematotox_is_of_the_values_before_conditioning(changed, score, risk):
    found = of_subject(cytopenia(BASELINE | changed))
    assert (found["HTSCORE"][0], found["HTRISK"][1]) == (score, risk)


def test_a_value_names_the_counts_looked_at_up_to_progression_where_the_rule_looks_no_further():
    values = BASELINE | {"NEUT": {-7: 1.2, 0: 0.4, 10: 0.3, 30: 0.6, 35: 0.9, 61: 0.2}, "PLAT": {-7: 175, 35: 30}}
    lb = results(values).assign(LBSEQ=range(1, 12))
    graded = conformed("adlb", adlb(lb, WINDOW, VISITS, V5, False, "LATEST"))
    made = adcyt(graded, SUBJECTS, RESPONSES, (30, 60), 7, 3, ICAHT, "CONSECUTIVE", 7, HEMATOTOX)
    sources = adcyt_sources(made, graded, SUBJECTS, RESPONSES, ICAHT, HEMATOTOX)
    late = sources[sources["AVISITN"] == 60]
    assert late[["PARAMCD", "SRCSEQ"]].to_numpy().tolist() == [["PRLCYT", 6]]
    first = sources[sources["AVISITN"] != 60]
    told = first.groupby("PARAMCD")["SRCSEQ"].agg(lambda numbers: tuple(sorted(int(one) for one in numbers)))
    assert told.to_dict() == {
        "ICAHTE": (2, 3, 4), "ANC500D": (2, 3, 4), "ANC100D": (2, 3, 4), "ICAHTL": (5,), "TICAHTL": (8,),
        "ANCREC": (2, 3, 4, 5), "PLTREC": (8,), "PRLCYT": (5, 8),
        "HTSCORE": (1, 7, 9, 10, 11), "HTRISK": (1, 7, 9, 10, 11),
    }  # fmt: skip
