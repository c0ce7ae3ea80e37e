"""Dose escalation: what the counts of each level say by a declared rule, and which dose is the maximum tolerated."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

ELIMINATED, LEAST_TO_ELIMINATE = 0.95, 3
NOT_TESTED, EXCEEDED, PASSED, ELIMINATE = "NOT TESTED", "EXCEEDED", "PASSED", "ELIMINATE"


class AtLevel(NamedTuple):
    """One level: subjects treated at it, those evaluable for dose-limiting toxicity, and those of them with one."""

    treated: int
    evaluable: int
    toxic: int


def three_plus_three(levels: Sequence[AtLevel]) -> list[str]:
    """The status of each level by the rule of 3 + 3 (Storer 1989).

    EXCEEDED: two or more with a DLT; NOT TESTED: nobody treated; PASSED: at most one of six or more; of three to five
    ESCALATE without one, EXPAND TO 6 with one; INCOMPLETE: fewer evaluable.
    """
    return [_three_plus_three(one) for one in levels]


def _three_plus_three(level: AtLevel) -> str:
    if level.toxic >= 2:
        return EXCEEDED
    if not level.treated:
        return NOT_TESTED
    if level.evaluable >= 6:
        return PASSED
    if level.evaluable >= 3:
        return "EXPAND TO 6" if level.toxic else "ESCALATE"
    return "INCOMPLETE"


def highest_passed(statuses: Sequence[str]) -> int | None:
    """The highest level PASSED below every level EXCEEDED, by its place; None where there is none."""
    below = statuses[: statuses.index(EXCEEDED)] if EXCEEDED in statuses else statuses
    return max((place for place, status in enumerate(below) if status == PASSED), default=None)


def boin_boundaries(target: float, low: float | None = None, high: float | None = None) -> tuple[float, float]:
    """The shares of toxic subjects at or below which to escalate, and at or above which to de-escalate.

    `low` and `high` are the rates that are too low and too high, 0.6 and 1.4 of the target where not said. Raises
    ValueError unless 0 < low < target < high < 1. Source: Liu and Yuan, Appl. Statist. 2015, 64, 507-523.
    """
    low, high = 0.6 * target if low is None else low, 1.4 * target if high is None else high
    if not 0 < low < target < high < 1:
        raise ValueError(f"{low:g}, {target:g}, {high:g}: rates ascend between 0 and 1")
    escalate = math.log((1 - low) / (1 - target)) / math.log(target * (1 - low) / (low * (1 - target)))
    lower = math.log((1 - target) / (1 - high)) / math.log(high * (1 - target) / (target * (1 - high)))
    return escalate, lower


def boin(levels: Sequence[AtLevel], target: float) -> list[str]:
    """What each level says by the BOIN design: ESCALATE, STAY, DE-ESCALATE, ELIMINATE; NOT TESTED, INCOMPLETE.

    ELIMINATE: of three or more, the probability that the rate exceeds the target is above 0.95 (uniform prior).
    INCOMPLETE: treated, but nobody is evaluable.
    """
    escalate, lower = boin_boundaries(target)
    return [_boin(one, target, escalate, lower) for one in levels]


def _boin(level: AtLevel, target: float, escalate: float, lower: float) -> str:
    if not level.evaluable:
        return "INCOMPLETE" if level.treated else NOT_TESTED
    if eliminated(level, target):
        return ELIMINATE
    share = level.toxic / level.evaluable
    return "ESCALATE" if share <= escalate else "DE-ESCALATE" if share >= lower else "STAY"


def eliminated(level: AtLevel, target: float) -> bool:
    """True when the level is too toxic to be given again: P(rate > target) above 0.95 under a uniform prior."""
    from scipy.special import betainc

    toxic, others = level.toxic + 1, level.evaluable - level.toxic + 1
    return level.evaluable >= LEAST_TO_ELIMINATE and 1 - float(betainc(toxic, others, target)) > ELIMINATED


def isotonic(values: Sequence[float], weights: Sequence[float]) -> list[float]:
    """The ascending sequence that is nearest to the values (weighted least squares; pool adjacent violators)."""
    pools: list[tuple[float, float, int]] = []
    for value, weight in zip(values, weights, strict=True):
        pools.append((value, weight, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (left, of_left, several), (right, of_right, more) = pools[-2:]
            whole = of_left + of_right
            pools[-2:] = [((left * of_left + right * of_right) / whole, whole, several + more)]
    return [value for value, _, several in pools for _ in range(several)]


def nearest_to_target(levels: Sequence[AtLevel], target: float) -> int | None:
    """The level whose isotonic estimate is nearest to the target, by its place; None where none can be chosen.

    1. Levels with evaluable subjects below the first that is eliminated. 2. Their rates (beta prior 0.05, 0.05) are
    made ascending, weighted by the inverse of their variance. 3. Of equal estimates the highest level at or below the
    target, the lowest above it. Source: Liu and Yuan 2015, section 3.3; as select.mtd of the R package BOIN.
    """
    stop = next((place for place, one in enumerate(levels) if eliminated(one, target)), len(levels))
    places = [place for place, one in enumerate(levels[:stop]) if one.evaluable]
    if not places:
        return None
    rates, weights = [], []
    for one in (levels[place] for place in places):
        toxic, others = one.toxic + 0.05, one.evaluable - one.toxic + 0.05
        whole = toxic + others
        rates.append(toxic / whole)
        weights.append(whole**2 * (whole + 1) / (toxic * others))
    tied = [estimate + 1e-10 * (order + 1) for order, estimate in enumerate(isotonic(rates, weights))]
    distances = [abs(estimate - target) for estimate in tied]
    return places[distances.index(min(distances))]
