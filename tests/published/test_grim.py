"""Counts behind a percentage, and values of a product-limit estimate (analysis plan 1.4, by enumeration)."""

from fractions import Fraction

import pytest

from tlf.stats.grim import (
    LARGEST_ENUMERATED,
    counts_that_print,
    decimals,
    denominators_that_print,
    possible_counts,
    printed_percent,
    product_limit_values,
    product_limits_that_print,
)


@pytest.mark.parametrize(
    ("printed", "n", "expected"),
    [
        ("36", 42, [15]), ("36", 17, []), ("28", 267, [74, 75, 76]), ("28", 127, [35, 36]), ("46", 13, [6]),
        ("44", 57, [25]), ("35", 51, [18]), ("35", 52, [18]), ("54", 61, [33]), ("34", 61, [21]), ("34.9", 129, [45]),
        ("19.4", 129, [25]), ("37", 19, [7]), ("26", 19, [5]), ("35.7", 12, []), ("35.7", 14, [5]), ("14.3", 14, [2]),
        ("0", 5, [0]), ("100", 5, [5]), ("0.0", 2000, [0, 1]), ("0", 400, [0, 1, 2]), ("100", 400, [398, 399, 400]),
        ("50", 1000, [*range(495, 506)]), ("+50", 2, [1]), ("50.0", 1, []),
    ],
)
def test_the_counts_that_print_a_percentage(printed, n, expected):
    assert possible_counts(printed, n) == expected


def test_a_tie_prints_differently_by_the_way_of_rounding():
    assert counts_that_print("63", 80) == {"half-up": [50], "half-even": []}


@pytest.mark.parametrize(("printed", "digits"), [("5", 0), ("5.0", 1), ("-0.25", 2), ("+12.345", 3)])
def test_decimals_are_the_digits_after_the_point(printed, digits):
    assert decimals(printed) == digits


@pytest.mark.parametrize("printed", ["", ".", "5.", ".5", "5%", "1e3", "5 ", "--5"])
def test_what_is_no_number_is_refused(printed):
    with pytest.raises(ValueError, match="is no number"):
        decimals(printed)


@pytest.mark.parametrize(
    ("share", "places", "rounding", "printed"),
    [(Fraction(5, 8), 0, "half-up", "63"), (Fraction(5, 8), 0, "half-even", "62"),
     (Fraction(1, 3), 2, "half-up", "33.33"),
     (Fraction(1, 16), 1, "half-up", "6.3"), (Fraction(1, 16), 1, "half-even", "6.2")],
)  # fmt: skip
def test_a_share_prints_as_a_percentage(share, places, rounding, printed):
    assert str(printed_percent(share, places, rounding)) == printed


def test_a_share_is_rounded_half_up_unless_said_otherwise():
    assert printed_percent(Fraction(5, 8), 0) == 63


@pytest.mark.parametrize(
    ("low", "high", "sizes"),
    [(1, 4, [2, 4]), (2, 3, [2]), (4, 4, [4]), (0, 2, [2]), (-3, 1, [])],  # a half of 2 and of 4
)
def test_sizes_are_sought_between_both_ends_from_1_on(low, high, sizes):
    assert denominators_that_print(["50"], low, high) == sizes


def test_a_single_subject_can_be_all_or_nobody():
    assert [denominators_that_print([printed], 0, 1) for printed in ("0", "100", "50")] == [[1], [1], []]


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
    assert LARGEST_ENUMERATED == 16  # a second of work; one subject more doubles it
    assert Fraction(1, LARGEST_ENUMERATED) in product_limit_values(LARGEST_ENUMERATED)
    with pytest.raises(ValueError, match="too many to list"):
        product_limit_values(LARGEST_ENUMERATED + 1)
