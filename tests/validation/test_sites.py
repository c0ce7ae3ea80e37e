"""The view by site: counts by hand, limits from R's poisson.test and binom.test."""

import numpy as np
import pytest
from mini_study import STAMP, extract, files, project, vital

from pipeline.desk.site_picture import picture
from pipeline.gate.validation import validate

DAY = "2026-01-31"
PEOPLE = tuple((f"101{n:04d}", "44") for n in range(1, 4)) + tuple((f"102{n:04d}", "44") for n in range(1, 11))


def view(tmp_path, rows):
    specs = project(tmp_path)
    return validate(specs, extract(tmp_path, DAY, files(rows, people=PEOPLE)), DAY).sites


def measure(sites, name, site):
    return sites[(sites["measure"] == name) & (sites["site"] == site)].iloc[0]


def test_queries_per_subject_have_exact_poisson_limits(tmp_path):
    rows = [*(vital(str(n), "99", "1010001") for n in range(5)), vital("9", "99", "1020001")]
    sites = view(tmp_path, rows)
    one, two = (measure(sites, "Open queries", s) for s in ("101", "102"))

    # poisson.test(5, 3): 0.541162, 3.889444; poisson.test(1, 10): 0.002531781, 0.557164339
    np.testing.assert_allclose([one["value"], one["lower"], one["upper"]], [5 / 3, 0.541162, 3.889444], rtol=1e-4)
    np.testing.assert_allclose([two["value"], two["lower"], two["upper"]], [0.1, 0.002531781, 0.557164339], rtol=1e-4)
    assert (one["others"], one["apart"], two["apart"]) == (0.1, "above", "below")


def test_age_and_lag_are_days_from_entry(tmp_path):
    sites = view(tmp_path, [vital("1", "99")])

    # created on 10 January, taken on 31 January; measured on 8 January
    assert measure(sites, "Age of open queries", "101")["value"] == 21
    assert measure(sites, "Entry lag", "101")["value"] == 2
    assert measure(sites, "Age of open queries", "102")["note"] == "none"


def test_records_changed_after_entry_are_a_share_with_binomial_limits(tmp_path):
    later = vital("2", "37.1")
    later[7] = "2026-01-12 09:00:00"
    row = measure(view(tmp_path, [vital("1", "36.6"), later]), "Records changed after entry", "101")

    assert later[7] > STAMP
    assert (row["count"], row["over"]) == (1, 5)
    # binom.test(1, 5): 0.005050763, 0.716417936
    np.testing.assert_allclose([row["value"], row["lower"], row["upper"]], [0.2, 0.005050763, 0.716417936], rtol=1e-6)


@pytest.mark.filterwarnings("error")
def test_a_measure_no_site_has_a_value_of_is_an_empty_panel(tmp_path):
    sites = view(tmp_path, [vital("1", "99")])
    name = sites["measure"].iloc[0]
    numbers = ["value", "lower", "upper", "others"]
    nothing = sites.assign(**{c: sites[c].mask(sites["measure"] == name) for c in numbers})

    assert name in picture(nothing)


def test_the_picture_is_one_svg_with_a_panel_per_measure(tmp_path):
    sites = view(tmp_path, [vital("1", "99")])
    svg = picture(sites)

    assert svg.startswith("<svg") and svg.endswith("</svg>\n")
    assert all(name in svg for name in sites["measure"])
    assert svg == picture(sites)
    assert picture(sites[:0]) == ""
