"""Time to the first of several causes: cumulative incidence, its limits, and Gray's test between groups."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import NormalDist

import numpy as np
import pandas as pd

from pipeline.ground.bounds import at_least, at_most
from tlf.stats import NOT_ESTIMABLE, Statistic
from tlf.stats.survival import NO_SUBJECTS, kaplan_meier, tied

COLUMNS = ["time", "cause", "at_risk", "events", "incidence", "se", "lower", "upper"]
ERRORS = ("AALEN", "DELTA")
ROUNDING = 1e-12  # what is left of a variance, or lacks to an incidence of 1, by the rounding of its terms alone


def cumulative_incidence(
    time: Sequence[float] | pd.Series, cause: Sequence[int] | pd.Series, *, error: str = "AALEN", level: float = 0.95
) -> pd.DataFrame:
    """One row per distinct time and cause (1, 2, ...; 0 censors): COLUMNS, with incidence and limits from 0 to 1.

    1. Aalen-Johansen: incidence sums overall survival just before t times events / at_risk, so that survival and the
       incidences of all causes add up to 1 at every time.
    2. se by Aalen 1978 as SAS has it by default (R's cmprsk differs where times are tied), or by the delta method (as
       in R's survival).
    3. Limits on the scale of log(-log(incidence)); NaN where it is 0 or 1. Raises ValueError for an unknown error.
    """
    if error not in ERRORS:
        raise ValueError(f"error is {error!r}; it must be one of {', '.join(ERRORS)}")
    causes = np.asarray(cause)
    overall = kaplan_meier(time, causes > 0)
    before = np.concatenate(([1.0], overall["survival"].to_numpy()))[:-1]
    parts = []
    for one in np.unique(causes[causes > 0]):
        steps = kaplan_meier(time, causes == one)[["time", "at_risk", "events"]]
        incidence = np.cumsum(before * steps["events"] / steps["at_risk"])
        se = np.sqrt(_variance(overall, steps["events"].to_numpy(float), before, incidence.to_numpy(), error))
        lower, upper = _limits(incidence.to_numpy(), se, level)
        parts.append(steps.assign(cause=one, incidence=incidence, se=se, lower=lower, upper=upper))
    return pd.concat(parts, ignore_index=True)[COLUMNS] if parts else pd.DataFrame(columns=COLUMNS)


def incidence_at(incidence: pd.DataFrame, time: Sequence[float] | pd.Series, day: float) -> dict[str, Statistic]:
    """estimate, se, lower, upper (0 to 1) of cause 1 by `day`, and at_risk; the curve keeps its last value."""
    columns = {"estimate": "incidence", "se": "se", "lower": "lower", "upper": "upper"}
    times = pd.Series(time, dtype="float64")
    at_risk = {"at_risk": Statistic(float(at_least(times, day).sum()))}
    if times.empty:
        return dict.fromkeys(columns, Statistic(np.nan, NO_SUBJECTS)) | at_risk
    past = incidence[(incidence["cause"] == 1) & at_most(incidence["time"], day)]
    values = {name: float(past[column].iloc[-1]) if len(past) else np.nan for name, column in columns.items()}
    values |= {} if len(past) else {"estimate": 0.0, "se": 0.0}
    reason = f"{NOT_ESTIMABLE}, no limits where the estimate is {values['estimate']:g}"
    return {name: Statistic(value, reason if np.isnan(value) else "") for name, value in values.items()} | at_risk


def gray_test(
    time: Sequence[float] | pd.Series, cause: Sequence[int] | pd.Series, group: Sequence[str] | pd.Series,
    strata: Sequence[str] | pd.Series | None = None,
) -> dict[str, Statistic]:
    """chisq, df, p_value of equal cumulative incidence of cause 1 in all groups (2, 3, ... compete; 0 censors).

    Source: Gray 1988, Annals of Statistics 16:1141-1154, with weight 1 (rho 0); strata add their scores and variances.
    """
    data = pd.DataFrame({"time": tied(np.asarray(time, dtype=float)), "cause": np.minimum(np.asarray(cause), 2),
                         "group": pd.Series(group).to_numpy(), "stratum": 0 if strata is None else np.asarray(strata)})
    groups = sorted(data["group"].unique())
    if len(groups) < 2:
        return dict.fromkeys(("chisq", "df", "p_value"), Statistic(np.nan, f"{NOT_ESTIMABLE}, fewer than two groups"))
    parts = [_gray_score(one, groups) for _, one in data.groupby("stratum")]
    return chi_squared(sum(score for score, _ in parts), sum(variance for _, variance in parts))


def chi_squared(score: np.ndarray, variance: np.ndarray) -> dict[str, Statistic]:
    """chisq, df, p_value of scores (one per group, adding up to 0) with their variance; df is the variance's rank."""
    from scipy.special import gammaincc

    df = int(np.linalg.matrix_rank(variance, hermitian=True))
    if df == 0:
        return dict.fromkeys(("chisq", "df", "p_value"), Statistic(np.nan, f"{NOT_ESTIMABLE}, no events to compare"))
    value = float(score @ np.linalg.pinv(variance, hermitian=True) @ score)
    p_value = float(gammaincc(df / 2, value / 2))
    return {"chisq": Statistic(value), "df": Statistic(float(df)), "p_value": Statistic(p_value)}


def _variance(
    overall: pd.DataFrame, own: np.ndarray, before: np.ndarray, incidence: np.ndarray, error: str
) -> np.ndarray:
    """At each time t the sum over earlier ones of (F(t) - F)^2 a + b - 2 (F(t) - F) c, by running sums."""
    at_risk, died = overall["at_risk"].to_numpy(float), overall["events"].to_numpy(float)
    left, spared = at_risk - died, at_risk - own
    if error == "AALEN":
        a, a_by = died, (at_risk - 1) * left
        b, b_by = before**2 * own * spared, (at_risk - 1) * at_risk**2
        c, c_by = before * own * spared, at_risk * left * (at_risk - 1)
    else:
        a, a_by = died, at_risk * left
        b, b_by = before**2 * own * spared, at_risk**3
        c, c_by = before * own, at_risk**2
    a, b, c = (np.divide(x, y, out=np.zeros_like(at_risk), where=y > 0) for x, y in ((a, a_by), (b, b_by), (c, c_by)))
    square = incidence**2 * a.cumsum() - 2 * incidence * (a * incidence).cumsum() + (a * incidence**2).cumsum()
    cross = incidence * c.cumsum() - (c * incidence).cumsum()
    variance = square + b.cumsum() - 2 * cross
    return np.where(variance > ROUNDING * (square + b.cumsum()), variance, 0.0)


def _limits(incidence: np.ndarray, se: np.ndarray, level: float) -> tuple[np.ndarray, np.ndarray]:
    inside = np.where((incidence > 0) & (incidence < 1 - ROUNDING), incidence, np.nan)
    width = NormalDist().inv_cdf((1 + level) / 2) * se / (inside * np.log(inside))
    return inside ** np.exp(-width), inside ** np.exp(width)


def _gray_score(data: pd.DataFrame, groups: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Scores of the groups (observed less expected events of cause 1) and their variance within one stratum.

    Notation of the paper: h is at_risk / S- of a group, `common` the incidence under the hypothesis; the variance
    collects what the failures of each group add to all later terms (`carried`).
    """
    k = len(groups)
    counts = data.groupby(["time", "group", "cause"]).size().unstack(["group", "cause"], fill_value=0)
    every = pd.MultiIndex.from_product([groups, (0, 1, 2)])
    by_time = counts.reindex(columns=every, fill_value=0).to_numpy(float).reshape(-1, k, 3)
    at_risk = by_time.sum(axis=2)[::-1].cumsum(axis=0)[::-1]
    survival, incidence, common = np.ones(k), np.zeros(k), 0.0
    score, carried, inner, outer, last = np.zeros(k), *np.zeros((3, k, k)), np.zeros(k)
    for (_, failed, other), n in zip(by_time.transpose(0, 2, 1), at_risk, strict=True):
        h = _ratio(n, survival)
        step, free = failed.sum() / h.sum(), h * (1 - incidence)
        score += failed - failed.sum() * free / free.sum()
        weights = np.diag(h) - np.outer(h, h) / h.sum()
        carried += weights * step / (1 - common)
        incidence = incidence + _ratio(survival * failed, n)
        after, common = survival * (1 - _ratio(failed + other, n)), common + step
        kept = _ratio(1 - common, after)
        for spread, factor, change in (
            (_own_spread(failed.sum(), h, n, survival), 1 - kept, weights - carried * (1 - kept)),
            (_ratio(_ties(other, n) * survival**2 * other, n**2) * (after > 0), -kept, carried * kept),
        ):
            inner += (change * spread) @ change.T
            outer += change * (factor * spread)
            last += factor**2 * spread
        survival = after
    mixed = carried @ outer.T
    return score, inner + (carried * last) @ carried.T + mixed + mixed.T


def _ratio(above: np.ndarray | float, below: np.ndarray) -> np.ndarray:
    """above / below, and 0 where below is 0: a group of which nobody is left."""
    return np.divide(above, below, out=np.zeros(len(below)), where=below != 0)


def _ties(failed: np.ndarray | float, n: np.ndarray) -> np.ndarray:
    """Correction of a variance for failures at one time, as in the hypergeometric distribution."""
    return np.where(np.asarray(failed) > 1, 1 - _ratio(np.asarray(failed) - 1, n - 1), 1.0)


def _own_spread(failed: float, h: np.ndarray, n: np.ndarray, survival: np.ndarray) -> np.ndarray:
    return _ratio(_ties(failed, h.sum() * survival) * survival * failed / h.sum(), n)
