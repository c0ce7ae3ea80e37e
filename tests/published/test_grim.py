"""Counts behind a percentage, and values of a product-limit estimate (plan 1.4, by enumeration)."""

from fractions import Fraction

import pytest

from tlf.stats.grim import (
    LARGEST_ENUMERATED,
    counts_that_print,
    denominators_that_print,
    possible_counts,
    product_limit_values,
    product_limits_that_print,
)


@pytest.mark.parametrize(
    ("printed", "n", "expected"),
    [
        ("36", 42, [15]), ("36", 17, []), ("28", 267, [74, 75, 76]), ("28", 127, [35, 36]), ("46", 13, [6]),
        ("44", 57, [25]), ("35", 51, [18]), ("35", 52, [18]), ("54", 61, [33]), ("34", 61, [21]), ("34.9", 129, [45]),
        ("19.4", 129, [25]), ("37", 19, [7]), ("26", 19, [5]), ("35.7", 12, []), ("35.7", 14, [5]), ("14.3", 14, [2]),
        ("0", 5, [0]), ("100", 5, [5]),
    ],
)
def test_the_counts_that_print_a_percentage(printed, n, expected):
    assert possible_counts(printed, n) == expected


def test_a_tie_prints_differently_by_the_way_of_rounding():
    assert counts_that_print("63", 80) == {"half-up": [50], "half-even": []}


def test_the_sizes_of_which_two_percentages_can_be():
    assert denominators_that_print(["35.7", "14.3"], 1, 24) == [14]


def test_all_values_of_a_product_limit_estimate_of_twelve():
    assert len(product_limit_values(12)) == 681


@pytest.mark.parametrize(
    ("printed", "n", "expected"),
    [("54.5", 12, [Fraction(6, 11)]), ("50.5", 12, [Fraction(50, 99)]), ("80.8", 11, [Fraction(80, 99)])],
)
def test_the_product_limit_values_behind_a_printed_rate(printed, n, expected):
    assert product_limits_that_print(printed, n) == expected


def every_value(at_risk):
    """By trying it out: at each time some have the event, then some are censored, until nobody is left."""
    values = {Fraction(1)}
    for events in range(at_risk + 1):
        for censored in range(at_risk - events + 1):
            if events + censored:
                factor = Fraction(at_risk - events, at_risk)
                values |= {factor * later for later in every_value(at_risk - events - censored)}
    return values


@pytest.mark.parametrize("n", range(7))
def test_the_values_of_a_product_limit_estimate_are_those_of_every_course(n):
    assert product_limit_values(n) == every_value(n)


def test_more_subjects_than_can_be_enumerated_are_refused():
    assert Fraction(1, LARGEST_ENUMERATED) in product_limit_values(LARGEST_ENUMERATED)
    with pytest.raises(ValueError, match="too many to list"):
        product_limit_values(LARGEST_ENUMERATED + 1)
