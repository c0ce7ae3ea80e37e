"""Agreement of two readers of the same subjects."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import NormalDist

import numpy as np
import pandas as pd

from tlf.stats import NOT_ESTIMABLE, Statistic

NAMES = ("estimate", "se", "lower", "upper")
WEIGHTS = ("NONE", "LINEAR", "QUADRATIC")
ROUNDING = 1e-12  # a variance that is so small a share of its terms is 0


def kappa(
    first: Sequence[str] | pd.Series, second: Sequence[str] | pd.Series, categories: Sequence[str], *,
    weights: str = "NONE", level: float = 0.95,
) -> dict[str, Statistic]:
    """n subjects with both readings, agreement (0 to 1), and estimate, se, lower, upper of Cohen's kappa (-1 to 1).

    1. `categories` in order. Weights of two readings k steps apart: NONE 0, LINEAR 1 - k / (all - 1) (Cicchetti and
       Allison 1971), QUADRATIC 1 - k^2 / (all - 1)^2 (Fleiss and Cohen 1973).
    2. se for a kappa that is not 0 (Fleiss, Cohen and Everitt 1969); limits are normal and not cut, as SAS prints them.
    Raises ValueError for a reading that is no category and for unknown weights.
    """
    if weights not in WEIGHTS:
        raise ValueError(f"weights are {weights!r}; they must be one of {', '.join(WEIGHTS)}")
    pairs = pd.DataFrame({"first": pd.Series(first).to_numpy(), "second": pd.Series(second).to_numpy()}).dropna()
    unknown = sorted(set(pairs.to_numpy().ravel()) - set(categories))
    if unknown:
        raise ValueError(f"{unknown[0]!r} is no category; they are {', '.join(categories)}")
    n = Statistic(float(len(pairs)))
    if pairs.empty:
        nothing = Statistic(np.nan, f"{NOT_ESTIMABLE}, no subject has both")
        return dict.fromkeys(("agreement", *NAMES), nothing) | {"n": n}
    shares = pd.crosstab(pairs["first"], pairs["second"], normalize=True)
    table = shares.reindex(index=categories, columns=categories, fill_value=0.0).to_numpy()
    agreement = {"agreement": Statistic(float(np.trace(table))), "n": n}
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    weight = _weights(len(categories), weights)
    observed, expected = (weight * table).sum(), rows @ weight @ columns
    if np.isclose(expected, 1.0):
        return agreement | dict.fromkeys(NAMES, Statistic(np.nan, f"{NOT_ESTIMABLE}, all readings are the same"))
    estimate = (observed - expected) / (1 - expected)
    mean = (weight @ columns)[:, None] + (rows @ weight)[None, :]
    whole = (table * (weight - mean * (1 - estimate)) ** 2).sum()
    spread = whole - (estimate - expected * (1 - estimate)) ** 2
    se = float(np.sqrt(spread * (spread > ROUNDING * whole) / len(pairs)) / (1 - expected))
    half = NormalDist().inv_cdf((1 + level) / 2) * se
    values = (float(estimate), se, float(estimate - half), float(estimate + half))
    return agreement | {name: Statistic(value) for name, value in zip(NAMES, values, strict=True)}


def _weights(categories: int, weights: str) -> np.ndarray:
    place = np.arange(categories)
    apart = np.abs(place[:, None] - place[None, :])
    if weights == "NONE":
        return (apart == 0).astype(float)
    return 1 - (apart / (categories - 1)) ** (1 if weights == "LINEAR" else 2)
