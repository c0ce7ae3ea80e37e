"""Two proportions x1/n1 and x2/n2: difference, odds ratio, exact test."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np

from tlf.stats import NOT_ESTIMABLE, Statistic
from tlf.stats.binomial import wilson_interval

NO_SUBJECTS = f"{NOT_ESTIMABLE}, no subjects in a group"
NAMES = ("estimate", "lower", "upper")
AS_LIKELY = 1e-7  # tables this close to the observed one's probability are as likely, as in R's fisher.test


def newcombe_difference(x1: int, n1: int, x2: int, n2: int, level: float = 0.95) -> dict[str, Statistic]:
    """estimate, lower, upper of x1/n1 - x2/n2 (-1 to 1), limits from the two Wilson intervals.

    Source: Newcombe 1998, Statistics in Medicine 17:873-890, method 10 (no continuity correction).
    """
    if not _checked(x1, n1, x2, n2):
        return dict.fromkeys(NAMES, Statistic(np.nan, NO_SUBJECTS))
    (p1, l1, u1), (p2, l2, u2) = (
        [wilson_interval(x, n, level)[name].value for name in NAMES] for x, n in ((x1, n1), (x2, n2))
    )
    return {
        "estimate": Statistic(p1 - p2),
        "lower": Statistic(float(p1 - p2 - np.hypot(p1 - l1, u2 - p2))),
        "upper": Statistic(float(p1 - p2 + np.hypot(u1 - p1, p2 - l2))),
    }


def miettinen_nurminen_difference(x1: int, n1: int, x2: int, n2: int, level: float = 0.95) -> dict[str, Statistic]:
    """estimate, lower, upper of x1/n1 - x2/n2 (-1 to 1), limits by inverting the score test.

    The variance is that of the proportions that are likeliest under the difference tested, times N / (N - 1).
    Source: Miettinen and Nurminen 1985, Statistics in Medicine 4:213-226.
    """
    if not _checked(x1, n1, x2, n2):
        return dict.fromkeys(NAMES, Statistic(np.nan, NO_SUBJECTS))
    from scipy.optimize import brentq

    estimate = x1 / n1 - x2 / n2
    z = NormalDist().inv_cdf((1 + level) / 2)

    def beyond(difference: float, side: int) -> float:
        return side * (difference - estimate) - z * _score_error(difference, x1, n1, x2, n2)

    limits = {}
    for name, side in (("lower", -1), ("upper", 1)):
        reached = abs(side - estimate) < 1e-12 or beyond(side, side) <= 0
        limits[name] = float(side) if reached else float(brentq(beyond, estimate, side, args=(side,), xtol=1e-13))
    return {"estimate": Statistic(estimate)} | {name: Statistic(value) for name, value in limits.items()}


def odds_ratio(x1: int, n1: int, x2: int, n2: int, level: float = 0.95) -> dict[str, Statistic]:
    """estimate, lower, upper of the odds ratio of group 1 to group 2, limits on the log scale (Woolf 1955).

    Not estimable where a cell of the table is empty: no half is added to it.
    """
    cells = [x1, n1 - x1, x2, n2 - x2]
    if not _checked(x1, n1, x2, n2) or 0 in cells:
        return dict.fromkeys(NAMES, Statistic(np.nan, f"{NOT_ESTIMABLE}, a cell of the table is empty"))
    half = NormalDist().inv_cdf((1 + level) / 2) * np.sqrt(sum(1 / cell for cell in cells))
    ratio = cells[0] * cells[3] / (cells[1] * cells[2])
    values = (ratio, ratio * np.exp(-half), ratio * np.exp(half))
    return {name: Statistic(float(value)) for name, value in zip(NAMES, values, strict=True)}


def fisher_test(x1: int, n1: int, x2: int, n2: int) -> dict[str, Statistic]:
    """p_value, two-sided: the share of tables with these margins that are not likelier than this (Fisher 1935)."""
    if not _checked(x1, n1, x2, n2):
        return {"p_value": Statistic(np.nan, NO_SUBJECTS)}
    from scipy.special import gammaln

    def choose(n: int, k: np.ndarray) -> np.ndarray:
        return gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)

    total = x1 + x2
    possible = np.arange(max(0, total - n2), min(n1, total) + 1)
    likely = choose(n1, possible) + choose(n2, total - possible)
    likely = np.exp(likely - likely.max())
    chosen = likely <= likely[x1 - possible[0]] * (1 + AS_LIKELY)
    return {"p_value": Statistic(float(min(1.0, likely[chosen].sum() / likely.sum())))}


def _checked(x1: int, n1: int, x2: int, n2: int) -> bool:
    for x, n in ((x1, n1), (x2, n2)):
        if not 0 <= x <= n:
            raise ValueError(f"{x} of {n}: a proportion needs 0 <= x <= n")
    return n1 > 0 and n2 > 0


def _score_error(difference: float, x1: int, n1: int, x2: int, n2: int) -> float:
    """Standard error of p1 - p2 if that is the difference; the likeliest p2 is the root of a cubic, in closed form."""
    n, x = n1 + n2, x1 + x2
    b = (n1 + 2 * n2) * difference - n - x
    c = (n2 * difference - n - 2 * x2) * difference + x
    d = x2 * difference * (1 - difference)
    q = b**3 / (27 * n**3) - b * c / (6 * n**2) + d / (2 * n)
    r = np.copysign(np.sqrt(max(b**2 / (9 * n**2) - c / (3 * n), 0.0)), q)
    angle = (np.pi + np.arccos(np.clip(q / r**3 if r else 0.0, -1, 1))) / 3
    p2 = np.clip(2 * r * np.cos(angle) - b / (3 * n), max(0.0, -difference), min(1.0, 1 - difference))
    p1 = np.clip(p2 + difference, 0.0, 1.0)
    return float(np.sqrt((p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2) * n / (n - 1)))
