"""Inference for one proportion."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np

from pipeline.ground.bounds import at_most
from tlf.stats import NOT_ESTIMABLE, Statistic

NOTHING = Statistic(np.nan, f"{NOT_ESTIMABLE}, no subjects")


def exact_interval(x: int, n: int, level: float = 0.95) -> dict[str, Statistic]:
    """estimate, lower, upper of the proportion x/n (0 to 1) with Clopper-Pearson limits.

    Lower = beta(alpha/2; x, n-x+1), 0 for x = 0; upper = beta(1-alpha/2; x+1, n-x), 1 for x = n
    (Clopper and Pearson 1934). Raises ValueError unless 0 <= x <= n.
    """
    return _with_limits(x, n, level, _clopper_pearson)


def wilson_interval(x: int, n: int, level: float = 0.95) -> dict[str, Statistic]:
    """estimate, lower, upper of x/n (0 to 1) with the limits of the uncorrected score test (Wilson 1927)."""
    return _with_limits(x, n, level, _wilson)


def agresti_coull_interval(x: int, n: int, level: float = 0.95) -> dict[str, Statistic]:
    """estimate, lower, upper of x/n (0 to 1) with Agresti-Coull limits, cut at 0 and 1.

    Wald limits around the middle of Wilson's interval (Agresti and Coull 1998; Brown, Cai and DasGupta 2001).
    """
    return _with_limits(x, n, level, _agresti_coull)


def jeffreys_interval(x: int, n: int, level: float = 0.95) -> dict[str, Statistic]:
    """estimate, lower, upper of x/n (0 to 1) with the equal-tailed limits of the posterior Beta(x + 1/2, n - x + 1/2).

    Lower is 0 for x = 0 and upper is 1 for x = n (Brown, Cai and DasGupta 2001).
    """
    return _with_limits(x, n, level, _jeffreys)


INTERVALS = {
    "CLOPPER-PEARSON": exact_interval, "WILSON": wilson_interval, "JEFFREYS": jeffreys_interval,
    "AGRESTI-COULL": agresti_coull_interval,
}  # fmt: skip


def exact_test(x: int, n: int, p0: float) -> dict[str, Statistic]:
    """p_value = P(X >= x | n, p0), the exact one-sided test of a proportion of at most p0 (0 to 1).

    Raises ValueError unless 0 <= x <= n and 0 < p0 < 1.
    """
    _checked(x, n)
    return {"p_value": Statistic(float(upper_tail(x, n, p0))) if n else NOTHING}


def smallest_deciding(n: int, p0: float, alpha: float = 0.05) -> dict[str, Statistic]:
    """x, the smallest count with P(X >= x | n, p0) <= alpha, and that p_value; x is missing where not even n decides.

    Source: analysis plan 8.5.
    """
    counts = np.arange(n + 1)
    tails = upper_tail(counts, n, p0)
    deciding = counts[at_most(tails, alpha)]
    if not deciding.size:
        reason = Statistic(np.nan, f"{NOT_ESTIMABLE}, not even {n} of {n} decide")
        return {"x": reason, "p_value": reason}
    return {"x": Statistic(float(deciding[0])), "p_value": Statistic(float(tails[deciding[0]]))}


def upper_tail(x: np.ndarray | int, n: int, p: float) -> np.ndarray:
    """P(X >= x) of a binomial X of n and p (0 < p < 1): 1 for x <= 0, else the regularised incomplete beta function."""
    if not 0 < p < 1:
        raise ValueError(f"a probability of {p}: it must lie between 0 and 1")
    from scipy.special import betainc

    counts = np.asarray(x, dtype=float)
    inside = np.clip(counts, 1, n or 1)
    return np.where(counts <= 0, 1.0, np.where(counts > n, 0.0, betainc(inside, n - inside + 1, p)))


def _checked(x: int, n: int) -> None:
    if not 0 <= x <= n:
        raise ValueError(f"{x} of {n}: a proportion needs 0 <= x <= n")


def _with_limits(x: int, n: int, level: float, limits) -> dict[str, Statistic]:
    _checked(x, n)
    if n == 0:
        return {"estimate": NOTHING, "lower": NOTHING, "upper": NOTHING}
    lower, upper = limits(x, n, level)
    return {"estimate": Statistic(x / n), "lower": Statistic(float(lower)), "upper": Statistic(float(upper))}


def _clopper_pearson(x: int, n: int, level: float) -> tuple[float, float]:
    from scipy.special import betaincinv  # the beta quantile; scipy.stats takes seconds to import

    alpha = 1 - level
    return (0.0 if x == 0 else betaincinv(x, n - x + 1, alpha / 2),
            1.0 if x == n else betaincinv(x + 1, n - x, 1 - alpha / 2))


def _jeffreys(x: int, n: int, level: float) -> tuple[float, float]:
    from scipy.special import betaincinv

    alpha = 1 - level
    return (0.0 if x == 0 else betaincinv(x + 0.5, n - x + 0.5, alpha / 2),
            1.0 if x == n else betaincinv(x + 0.5, n - x + 0.5, 1 - alpha / 2))


def _wilson(x: int, n: int, level: float) -> tuple[float, float]:
    z = NormalDist().inv_cdf((1 + level) / 2)
    middle = (x + z**2 / 2) / (n + z**2)
    half = z / (n + z**2) * np.sqrt(x * (n - x) / n + z**2 / 4)
    return (0.0 if x == 0 else middle - half, 1.0 if x == n else middle + half)


def _agresti_coull(x: int, n: int, level: float) -> tuple[float, float]:
    z = NormalDist().inv_cdf((1 + level) / 2)
    middle = (x + z**2 / 2) / (n + z**2)
    half = z * np.sqrt(middle * (1 - middle) / (n + z**2))
    return max(0.0, middle - half), min(1.0, middle + half)
