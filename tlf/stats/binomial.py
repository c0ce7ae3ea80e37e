"""Exact inference for a proportion."""

from __future__ import annotations

import numpy as np

from tlf.stats import NOT_ESTIMABLE, Statistic


def exact_interval(x: int, n: int, level: float = 0.95) -> dict[str, Statistic]:
    """estimate, lower, upper of the proportion x/n (0 to 1) with Clopper-Pearson limits.

    Lower = beta(alpha/2; x, n-x+1), 0 for x = 0; upper = beta(1-alpha/2; x+1, n-x), 1 for x = n
    (Clopper and Pearson 1934). Raises ValueError unless 0 <= x <= n.
    """
    if not 0 <= x <= n:
        raise ValueError(f"{x} of {n}: a proportion needs 0 <= x <= n")
    if n == 0:
        nothing = Statistic(np.nan, f"{NOT_ESTIMABLE}, no subjects")
        return {"estimate": nothing, "lower": nothing, "upper": nothing}
    from scipy.special import betaincinv  # the beta quantile; scipy.stats takes seconds to import

    alpha = 1 - level
    lower = 0.0 if x == 0 else float(betaincinv(x, n - x + 1, alpha / 2))
    upper = 1.0 if x == n else float(betaincinv(x + 1, n - x, 1 - alpha / 2))
    return {"estimate": Statistic(x / n), "lower": Statistic(lower), "upper": Statistic(upper)}
