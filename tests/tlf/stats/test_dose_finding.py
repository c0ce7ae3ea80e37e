"""Dose finding: the 3 + 3 course of levels, BOIN as published and as in R, and the maximum tolerated dose."""

from pathlib import Path

import pandas as pd
import pytest

from tlf.stats.dose_finding import (
    AtLevel,
    boin,
    boin_boundaries,
    eliminated,
    highest_passed,
    isotonic,
    nearest_to_target,
    three_plus_three,
)

ORACLES = Path(__file__).parents[2] / "oracles"


@pytest.mark.parametrize(("treated", "evaluable", "toxic", "status"), [
    (0, 0, 0, "NOT TESTED"), (3, 2, 0, "INCOMPLETE"), (2, 0, 0, "INCOMPLETE"), (3, 2, 1, "INCOMPLETE"),
    (3, 3, 0, "ESCALATE"), (4, 3, 1, "EXPAND TO 6"), (5, 5, 1, "EXPAND TO 6"), (5, 5, 0, "ESCALATE"),
    (6, 6, 1, "PASSED"), (7, 6, 0, "PASSED"), (3, 3, 2, "EXCEEDED"), (2, 2, 2, "EXCEEDED"), (6, 6, 2, "EXCEEDED"),
])  # fmt: skip
def test_a_level_of_3_plus_3_has_the_status_of_its_counts(treated, evaluable, toxic, status):
    assert three_plus_three([AtLevel(treated, evaluable, toxic)]) == [status]


@pytest.mark.parametrize(("statuses", "mtd"), [
    (["PASSED", "PASSED", "EXCEEDED"], 1), (["PASSED", "ESCALATE", "EXCEEDED"], 0), (["EXCEEDED", "PASSED"], None),
    (["PASSED", "EXCEEDED", "PASSED"], 0),       # passed above a level exceeded is no MTD
    (["PASSED", "PASSED", "PASSED"], 2),         # none was exceeded: the highest that passed
    (["ESCALATE", "INCOMPLETE", "NOT TESTED"], None), ([], None),
])  # fmt: skip
def test_the_mtd_is_the_highest_level_passed_below_every_level_exceeded(statuses, mtd):
    assert highest_passed(statuses) == mtd


# Liu and Yuan 2015, table 1; Yuan et al., Clin. Cancer Res. 2016, table 1.
@pytest.mark.parametrize(("target", "escalate", "lower"), [
    (0.15, 0.118, 0.179), (0.2, 0.157, 0.238), (0.25, 0.197, 0.298), (0.3, 0.236, 0.359), (0.35, 0.276, 0.419),
    (0.4, 0.316, 0.480),
])  # fmt: skip
def test_the_boundaries_of_boin_are_as_published(target, escalate, lower):
    found = boin_boundaries(target)
    assert [abs(found[0] - escalate) < 0.001, abs(found[1] - lower) < 0.001] == [True, True]


@pytest.mark.parametrize("rates", [(0.3, 0.4, 0.5), (0.3, 0.1, 0.2), (0.3, 0, 0.5), (0.3, 0.1, 1)])
def test_rates_that_do_not_ascend_between_0_and_1_are_refused(rates):
    with pytest.raises(ValueError, match="ascend between 0 and 1"):
        boin_boundaries(*rates)


# The table of decisions for a target of 0.30: n, escalate at or below, de-escalate and eliminate at or above.
@pytest.mark.parametrize(("n", "escalate", "lower", "out"), [(3, 0, 2, 3), (6, 1, 3, 4), (9, 2, 4, 5), (12, 2, 5, 7)])
def test_the_decisions_of_boin_are_those_of_the_published_table(n, escalate, lower, out):
    expected = ["ESCALATE" if y <= escalate else "ELIMINATE" if y >= out else "DE-ESCALATE" if y >= lower else "STAY"
                for y in range(n + 1)]  # fmt: skip
    assert boin([AtLevel(n, n, y) for y in range(n + 1)], 0.3) == expected


def test_decisions_agree_with_r_for_every_number_of_subjects_up_to_18():
    for row in pd.read_csv(ORACLES / "boin.csv").itertuples():
        made = boin([AtLevel(row.n, row.n, y) for y in range(row.n + 1)], row.target)
        told = {word: [y for y, decision in enumerate(made) if decision == word] for word in set(made)}
        assert max(told.get("ESCALATE", [-1])) == row.escalate
        assert min(told.get("ELIMINATE", [99])) == (99 if pd.isna(row.eliminate) else row.eliminate)
        assert min([*told.get("DE-ESCALATE", []), *told.get("ELIMINATE", [99])]) == row.deescalate


def test_who_is_not_evaluable_decides_nothing():
    assert boin([AtLevel(0, 0, 0), AtLevel(3, 0, 0)], 0.3) == ["NOT TESTED", "INCOMPLETE"]
    assert not eliminated(AtLevel(2, 2, 2), 0.3)  # two subjects eliminate no level


@pytest.mark.parametrize(("values", "weights", "expected"), [
    ([0.1, 0.3, 0.2], [3, 3, 6], [0.1, 0.7 / 3, 0.7 / 3]),   # (0.3 x 3 + 0.2 x 6) / 9
    ([0.5, 0.2, 0.2], [1, 1, 1], [0.3, 0.3, 0.3]), ([0.1, 0.2], [1, 1], [0.1, 0.2]), ([], [], []),
])  # fmt: skip
def test_rates_that_fall_are_pooled_by_their_weights(values, weights, expected):
    assert isotonic(values, weights) == pytest.approx(expected)


def test_the_dose_nearest_to_the_target_agrees_with_r():
    courses = pd.read_csv(ORACLES / "boin_mtd.csv", dtype={"n": str, "y": str})
    for row in courses.itertuples():
        pairs = zip(map(int, row.n.split()), map(int, row.y.split()), strict=True)
        place = nearest_to_target([AtLevel(n, n, y) for n, y in pairs], row.target)
        assert (place is None, place) == ((True, None) if pd.isna(row.selected) else (False, int(row.selected) - 1))
    assert len(courses) == 200


@pytest.mark.parametrize(("levels", "mtd"), [
    ([(3, 0), (6, 1), (6, 4)], 1),               # the third is eliminated
    ([(3, 3), (0, 0)], None),                    # the lowest is eliminated
    ([(6, 1), (6, 1)], 1),                       # equal estimates below the target: the higher
    ([(6, 3), (6, 3)], 0),                       # equal estimates above it: the lower
])  # fmt: skip
def test_of_equal_estimates_the_target_decides(levels, mtd):
    assert nearest_to_target([AtLevel(n, n, y) for n, y in levels], 0.3) == mtd
