"""Summary statistics of one variable."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from tlf.stats import NOT_ESTIMABLE, Statistic


def describe(values: Sequence[float] | pd.Series) -> dict[str, Statistic]:
    """n, nmiss, mean, sd, median, q1, q3, min, max of the non-missing values.

    Quantiles are SAS definition 5 (PCTLDEF=5: averages at a jump of the empirical distribution); sd has n - 1.
    """
    numbers = pd.Series(values, dtype="float64")
    present = numbers.dropna().to_numpy()
    counts = {"n": Statistic(float(present.size)), "nmiss": Statistic(float(numbers.size - present.size))}
    if not present.size:
        nothing = Statistic(np.nan, f"{NOT_ESTIMABLE}, no values")
        return counts | dict.fromkeys(("mean", "sd", "median", "q1", "q3", "min", "max"), nothing)
    q1, median, q3 = np.quantile(present, (0.25, 0.5, 0.75), method="averaged_inverted_cdf")
    one = Statistic(np.nan, f"{NOT_ESTIMABLE}, one value")
    spread = Statistic(present.std(ddof=1)) if present.size > 1 else one
    return counts | {
        "mean": Statistic(present.mean()), "sd": spread, "median": Statistic(median), "q1": Statistic(q1),
        "q3": Statistic(q3), "min": Statistic(present.min()), "max": Statistic(present.max()),
    }


def geometric(values: Sequence[float] | pd.Series) -> dict[str, Statistic]:
    """gmean, and gcv in percent: 100 sqrt(exp(s^2) - 1), s the standard deviation (n - 1) of the natural logarithms.

    Neither can be had with a value of 0 or below; gcv asks for two values (Kirkwood 1979).
    """
    present = pd.Series(values, dtype="float64").dropna().to_numpy()
    if not present.size or (present <= 0).any():
        reason = "no values" if not present.size else "a value is not above 0"
        return dict.fromkeys(("gmean", "gcv"), Statistic(np.nan, f"{NOT_ESTIMABLE}, {reason}"))
    logs = np.log(present)
    one = Statistic(np.nan, f"{NOT_ESTIMABLE}, one value")
    spread = Statistic(float(100 * np.sqrt(np.expm1(logs.var(ddof=1))))) if logs.size > 1 else one
    return {"gmean": Statistic(float(np.exp(logs.mean()))), "gcv": spread}


def spread_around(values: Sequence[float] | pd.Series) -> dict[str, Statistic]:
    """gmean, and below and above it by one geometric standard deviation (n - 1); see geometric."""
    found = geometric(values)
    present = pd.Series(values, dtype="float64").dropna()
    one = Statistic(np.nan, found["gcv"].note)
    if np.isnan(found["gcv"].value):
        return {"gmean": found["gmean"], "below": one, "above": one}
    ratio = float(np.exp(np.log(present).std(ddof=1)))
    middle = found["gmean"].value
    return {"gmean": found["gmean"], "below": Statistic(middle / ratio), "above": Statistic(middle * ratio)}
