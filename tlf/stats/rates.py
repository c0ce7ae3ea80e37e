"""Exact inference for a rate of events."""

from __future__ import annotations

import numpy as np

from tlf.stats import NOT_ESTIMABLE, Statistic


def exact_rate(events: int, exposure: float, level: float = 0.95) -> dict[str, Statistic]:
    """estimate, lower, upper of the rate events/exposure (per unit of exposure) with exact Poisson limits.

    Lower = chi2(alpha/2; 2x)/2, 0 for x = 0; upper = chi2(1-alpha/2; 2x+2)/2, both over the exposure (Garwood 1936);
    fit for the few events of a small site, where normal limits are not. Raises ValueError unless events >= 0 and
    exposure >= 0.
    """
    if events < 0 or not exposure >= 0:
        raise ValueError(f"{events} events in {exposure}: a rate needs counts and exposure from 0 on")
    if exposure == 0:
        nothing = Statistic(np.nan, f"{NOT_ESTIMABLE}, no exposure")
        return {"estimate": nothing, "lower": nothing, "upper": nothing}
    from scipy.special import gammaincinv  # chi2(p; 2x)/2 is the gamma quantile; scipy.stats takes seconds to import

    alpha = 1 - level
    lower = 0.0 if events == 0 else float(gammaincinv(events, alpha / 2))
    upper = float(gammaincinv(events + 1, 1 - alpha / 2))
    return {
        "estimate": Statistic(events / exposure),
        "lower": Statistic(lower / exposure),
        "upper": Statistic(upper / exposure),
    }
