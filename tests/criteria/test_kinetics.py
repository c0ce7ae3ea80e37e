"""Cellular kinetics (analysis plan 7): by hand, and against R (tests/oracles/kinetics.R)."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from adam.criteria import kinetics

ORACLES = Path(__file__).resolve().parents[1] / "oracles"
SHORT = {
    kinetics.QUANTIFIABLE: "Q", kinetics.BEFORE: "before", kinetics.BETWEEN: "between", kinetics.AFTER: "after",
    kinetics.LATER: "later",
}  # fmt: skip


def course(text: str, number: int = 0) -> pd.DataFrame:
    """A course written "day:value …"; a value of < is below the limit of 20, of ? no result."""
    cells = [cell.split(":") for cell in text.split()]
    flags = [{"<": "N", "?": np.nan}.get(value, "Y") for _, value in cells]
    values = [float(value) if value not in "<?" else np.nan for _, value in cells]
    samples = pd.DataFrame({
        "COURSE": number, "TIME": [float(day) for day, _ in cells], "VALUE": values,
        "QUANTFL": pd.Series(flags, dtype="str"), "LLOQ": 20.0,
    })  # fmt: skip
    return samples.assign(CURVE=kinetics.curve_values(samples, kinetics.course_places(samples), "MISSING", "ZERO"))


@pytest.mark.parametrize(("text", "places"), [
    ("1:< 4:50 7:< 10:80 14:< 21:< 28:<", "before Q between Q after later later"),
    ("1:< 4:<", "before before"), ("1:50", "Q"), ("4:50 7:?", "Q ."), ("4:50 7:? 10:<", "Q . after"),
])  # fmt: skip
def test_a_result_below_the_limit_has_its_place_in_the_course(text, places):
    assert kinetics.course_places(course(text)).map(SHORT).fillna(".").tolist() == places.split()


@pytest.mark.parametrize(("between", "after", "values"), [
    ("MISSING", "ZERO", [0, 50, np.nan, 80, 0, np.nan]), ("ZERO", "ZERO", [0, 50, 0, 80, 0, np.nan]),
    ("HALF", "HALF", [0, 50, 10, 80, 10, np.nan]),
])  # fmt: skip
def test_what_a_result_below_the_limit_counts_is_decided(between, after, values):
    samples = course("1:< 4:50 7:< 10:80 14:< 21:<")
    made = kinetics.curve_values(samples, kinetics.course_places(samples), between, after)
    np.testing.assert_array_equal(made, values)


LN2 = np.log(2)


@pytest.mark.parametrize(("text", "area"), [
    ("7:70 28:70", 7 * 70 / 2 + 21 * 70),  # up from (0, 0), then level
    ("14:80 28:20", 14 * 80 / 2 + 14 * (80 - 20) / np.log(4)),  # down by logarithms
    ("14:80 42:20", 14 * 80 / 2 + 14 * (80 - 40) / LN2),  # on day 28 half of the way: 40, the geometric middle
    ("14:20 42:80", 14 * 20 / 2 + 14 * (20 + 50) / 2),  # and going up: 50, the arithmetic one
    ("7:70 14:<", 7 * 70 / 2 + 7 * 70 / 2),  # straight to 0, which ends it
    ("7:70 14:< 21:< 28:<", 7 * 70 / 2 + 7 * 70 / 2),
    ("7:70 14:< 21:70 28:70", 7 * 70 / 2 + 21 * 70),  # between two values it is left out
    ("1:< 4:< 7:60 28:60", 3 * 60 / 2 + 21 * 60),  # before the first it is 0
    ("7:70 42:<", 7 * 70 / 2 + 21 * (70 + 28) / 2),  # 70 to 0 in 35 days: 28 on day 28
    ("30:60", 28 * 56 / 2), ("7:70 14:?  28:70", 7 * 70 / 2 + 21 * 70),
    ("7:70 21:70", None), ("1:< 28:<", None),
])  # fmt: skip
def test_the_area_to_day_28_by_hand(text, area):
    made = kinetics.area_under_curve(course(text), 28)["AVAL"]
    assert made.tolist() == ([pytest.approx(area, rel=1e-12)] if area else [pytest.approx(np.nan, nan_ok=True)])


@pytest.mark.parametrize(("text", "reason", "partial"), [
    ("7:70 28:70", ".", "N"), ("7:70 14:<", ".", "Y"), ("7:70 21:70", kinetics.OPEN_END, "."),
    ("1:< 28:<", kinetics.NEVER, "."), ("7:70 14:?", kinetics.OPEN_END, "."),
])  # fmt: skip
def test_an_area_says_why_it_is_missing_and_whether_it_ended_early(text, reason, partial):
    made = kinetics.area_under_curve(course(text), 28)
    assert made[["REASON", "PARTFL"]].fillna(".").to_numpy().tolist() == [[reason, partial]]


def test_an_area_rests_on_the_samples_to_the_first_at_its_end_or_after():
    points = kinetics.curve_to(course("1:< 7:70 14:< 21:60 30:50 60:40"), 28)
    assert points["TIME"].tolist() == [1, 7, 21, 30]


def test_the_first_of_equal_peaks_counts_and_the_last_quantifiable_value():
    samples = course("4:50 7:90 10:90 14:30 21:<")
    assert kinetics.peak(samples)[["VALUE", "TIME"]].to_numpy().tolist() == [[90, 7]]
    assert kinetics.last_quantifiable(samples)[["VALUE", "TIME"]].to_numpy().tolist() == [[30, 14]]


@pytest.mark.parametrize(("text", "life", "reason"), [
    ("7:800 14:400 21:200 28:100", 7, "."),  # halves each week: three points after the peak span two half-lives
    ("7:800 14:400 21:200", None, kinetics.FEW_POINTS),
    ("7:800 14:400 15:380 16:360", None, kinetics.SHORT_SPAN), ("7:800 14:100 21:200 28:400", None, kinetics.NO_FALL),
    ("7:800 14:100 21:500 28:90 35:400", None, kinetics.POOR_FIT), ("7:<", None, kinetics.NEVER),
    ("7:800 14:400 21:200 24:< 28:100 35:<", 7, "."),
])  # fmt: skip
def test_a_half_life_is_that_of_the_last_values_or_says_why_not(text, life, reason):
    made = kinetics.half_life(course(text), 3, 0.8, 1.5)
    assert made["AVAL"].tolist() == [pytest.approx(life or np.nan, nan_ok=True)]
    assert made["REASON"].fillna(".").tolist() == [reason]


@pytest.mark.parametrize(("text", "day", "cnsr"), [
    ("7:70 14:< 21:<", 14, 0), ("7:70 14:< 21:60 28:< 35:<", 28, 0), ("7:70 14:<", 7, 1), ("7:70 14:60", 14, 1),
    ("1:< 4:< 7:70 14:60", 14, 1), ("7:70 14:< 21:? 28:<", 14, 0), ("7:70 14:< 21:60 28:<", 21, 1),
])  # fmt: skip
def test_cells_persist_to_the_first_of_two_results_below_the_limit(text, day, cnsr):
    assert kinetics.persistence(course(text), 2)[["TIME", "CNSR"]].to_numpy().tolist() == [[day, cnsr]]


@pytest.fixture(scope="module")
def made_up():
    """The made-up courses as one table, and what R makes of them."""
    data = pd.read_csv(ORACLES / "kinetics_data.csv")
    samples = pd.DataFrame({
        "COURSE": data["course"], "TIME": data["day"].astype("float64"), "VALUE": data["value"].astype("float64"),
        "QUANTFL": data["value"].gt(0).map({True: "Y", False: "N"}).astype("str"), "LLOQ": 1.0,
    })  # fmt: skip
    samples = samples.assign(CURVE=samples["VALUE"])
    return samples, pd.read_csv(ORACLES / "kinetics.csv").set_index("course")


@pytest.mark.parametrize("end", [28, 60, 100])
def test_areas_are_those_that_r_integrates(made_up, end):
    samples, values = made_up
    expected = values.loc[values["end"] == end, "area"]
    made = kinetics.area_under_curve(samples, end)["AVAL"].reindex(expected.index)
    np.testing.assert_allclose(made, expected, rtol=1e-9)


def test_half_lives_are_those_of_the_best_fit_in_r(made_up):
    samples, values = made_up
    made = kinetics.half_life(samples, 3, -10, 0).reindex(values.index)
    np.testing.assert_array_equal(made["POINTS"], values["points"])
    np.testing.assert_allclose(made["AVAL"], values["life"], rtol=1e-9)


def test_half_lives_that_miss_a_criterion_in_r_are_left_out(made_up):
    samples, values = made_up
    good = values["life"].where((values["fit"] >= 0.8) & (values["span"] >= 1.5))
    made = kinetics.half_life(samples, 3, 0.8, 1.5).reindex(values.index)
    np.testing.assert_allclose(made["AVAL"], good, rtol=1e-9)
    assert 0 < good.notna().sum() < len(good)
