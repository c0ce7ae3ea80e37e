"""Time to event: the product-limit curve and what is read from it, as R's survfit gives it."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import NormalDist

import numpy as np
import pandas as pd

from pipeline.ground.bounds import at_least, at_most
from tlf.stats import NOT_ESTIMABLE, NOT_REACHED, Statistic

TRANSFORMS = ("log-log", "log", "plain")
STEPS = ["time", "at_risk", "events", "censored", "survival", "se", "lower", "upper"]
TOLERANCE = np.sqrt(np.finfo(float).eps)  # survfit's own: a curve this close to p equals p, times this close are tied
LONGEST = f"{NOT_ESTIMABLE}, later than the longest follow-up"
NO_SUBJECTS = f"{NOT_ESTIMABLE}, no subjects"


def event_flag(cnsr: pd.Series) -> pd.Series:
    """True where ADTTE.CNSR is 0, the event; every other value is a reason for censoring.

    The only place that turns CNSR into events. Raises ValueError on a missing or negative CNSR.
    """
    if cnsr.isna().any() or (cnsr < 0).any():
        raise ValueError("CNSR is missing or negative; it must be 0 (event) or a positive reason for censoring")
    return cnsr.eq(0)


def kaplan_meier(
    time: Sequence[float] | pd.Series, event: Sequence[bool] | pd.Series, *, transform: str = "log-log",
    level: float = 0.95,
) -> pd.DataFrame:
    """One row per distinct time: STEPS, with the probability of no event yet and its pointwise limits (0 to 1).

    1. At a tie, events come before censorings: at_risk counts time >= t. Times within rounding are tied, as in R.
    2. survival = product of 1 - events / at_risk; se by Greenwood.
    3. Limits on the scale of `transform`; NaN where the scale has none (survival 0; for log-log also 1).
    Raises ValueError for missing or negative times, missing events and an unknown transform.
    """
    times, events = observations(time, event)
    distinct, position = np.unique(times, return_inverse=True)
    total = np.bincount(position, minlength=distinct.size)
    died = np.bincount(position, weights=events, minlength=distinct.size)
    at_risk = total[::-1].cumsum()[::-1]
    survival = np.cumprod((at_risk - died) / at_risk)
    with np.errstate(divide="ignore", invalid="ignore"):
        greenwood = np.sqrt(np.cumsum(died / (at_risk * (at_risk - died))))
        se = survival * greenwood
        lower, upper = _limits(survival, greenwood, transform, level)
    values = (distinct, at_risk, died.astype("int64"), total - died.astype("int64"), survival, se, lower, upper)
    return pd.DataFrame(dict(zip(STEPS, values, strict=True)))


def tied(times: np.ndarray) -> np.ndarray:
    """The times, those that follow each other within rounding made one (the earliest), as R's aeqSurv does.

    Within rounding: not more than TOLERANCE apart, outright or relative to the mean of the distinct times.
    """
    if not times.size:
        return times
    distinct = np.unique(times)
    apart = np.diff(distinct) > TOLERANCE * max(1.0, float(np.mean(distinct)))
    cuts = distinct[np.concatenate(([True], apart))]
    return cuts[np.searchsorted(cuts, times, side="right") - 1]


def quantile(km: pd.DataFrame, p: float = 0.5) -> dict[str, Statistic]:
    """estimate, lower, upper of the time by which the share p has had the event (unit of `time`).

    The limits are where the curves of the limits cross 1 - p (Brookmeyer and Crowley 1982). A curve that equals 1 - p
    over an interval gives its midpoint, as in R and SAS.
    """
    if km.empty:
        return dict.fromkeys(("estimate", "lower", "upper"), Statistic(np.nan, NO_SUBJECTS))
    curves = {"estimate": "survival", "lower": "lower", "upper": "upper"}
    found = {name: _crossing(km["time"].to_numpy(), km[curve].to_numpy(), 1 - p) for name, curve in curves.items()}
    notes = dict.fromkeys(found, f"{NOT_ESTIMABLE}, the limit does not cross {1 - p:g}") | {"estimate": NOT_REACHED}
    return {name: Statistic(value, notes[name] if np.isnan(value) else "") for name, value in found.items()}


def rate_at(km: pd.DataFrame, time: float, *, beyond: str = "NE", at_1: str = "BEFORE") -> dict[str, Statistic]:
    """estimate, se, lower, upper (0 to 1) of no event by `time`; at_risk counts subjects observed until `time`.

    1. Before the first observation the rate is 1 and so are its limits (`at_1` NONE: it has none).
    2. Past the last one nothing is known unless all have had the event (`beyond` LAST: the curve keeps its last value).
    3. A rate of 1 after a censored observation has no limits (`at_1` ONE: they are 1).
    """
    columns = {"estimate": "survival", "se": "se", "lower": "lower", "upper": "upper"}
    later = km.loc[at_least(km["time"], time), "at_risk"]
    at_risk = {"at_risk": Statistic(float(later.iloc[0]) if len(later) else 0.0)}
    if km.empty or (later.empty and km["survival"].iloc[-1] > 0 and beyond == "NE"):
        return dict.fromkeys(columns, Statistic(np.nan, NO_SUBJECTS if km.empty else LONGEST)) | at_risk
    past = km[at_most(km["time"], time)]
    values = {name: float(past[column].iloc[-1]) if len(past) else 1.0 for name, column in columns.items()}
    if past.empty or values["estimate"] == 1:
        limit = 1.0 if at_1 == "ONE" or (past.empty and at_1 == "BEFORE") else values["lower"]
        limit = np.nan if at_1 == "NONE" else limit
        values |= {"se": 0.0, "lower": limit, "upper": limit if np.isnan(limit) else 1.0}
    reason = f"{NOT_ESTIMABLE}, no limits where the estimate is {values['estimate']:g}"
    return {name: Statistic(value, reason if np.isnan(value) else "") for name, value in values.items()} | at_risk


def restricted_mean(km: pd.DataFrame, until: float, *, level: float = 0.95) -> dict[str, Statistic]:
    """estimate, se, lower, upper of the mean time without event to `until` (unit of `time`): the area under the curve.

    se by Greenwood: the areas to the right of each event, squared, times events / (at_risk (at_risk - events)); normal
    limits. Past the last observation nothing is known unless all have had the event. Source: Klein and Moeschberger
    2003, 4.5.
    """
    if km.empty or (until > km["time"].iloc[-1] and km["survival"].iloc[-1] > 0):
        names = ("estimate", "se", "lower", "upper")
        return dict.fromkeys(names, Statistic(np.nan, NO_SUBJECTS if km.empty else LONGEST))
    steps = km[km["time"] < until]
    times = np.concatenate(([0.0], steps["time"], [until]))
    areas = np.concatenate(([1.0], steps["survival"])) * np.diff(times)
    right = areas[::-1].cumsum()[::-1]
    died, at_risk = steps["events"].to_numpy(float), steps["at_risk"].to_numpy(float)
    alive = at_risk > died  # where none is left the area to the right is 0
    spread = np.divide(died, at_risk * (at_risk - died), out=np.zeros_like(died), where=alive)
    mean, se = float(right[0]), float(np.sqrt((right[1:] ** 2 * spread).sum()))
    half = NormalDist().inv_cdf((1 + level) / 2) * se
    values = {"estimate": mean, "se": se, "lower": mean - half, "upper": mean + half}
    return {name: Statistic(value) for name, value in values.items()}


def follow_up(
    time: Sequence[float] | pd.Series, event: Sequence[bool] | pd.Series, *, transform: str = "log-log",
    level: float = 0.95,
) -> dict[str, Statistic]:
    """estimate, lower, upper of the median follow-up by reverse Kaplan-Meier, and the observed min and max.

    Censorings are the events of interest and events censor (Schemper and Smith 1996).
    """
    times, events = observations(time, event)
    reverse = quantile(kaplan_meier(times, ~events, transform=transform, level=level))
    if not times.size:
        return reverse | dict.fromkeys(("min", "max"), Statistic(np.nan, NO_SUBJECTS))
    return reverse | {"min": Statistic(float(times.min())), "max": Statistic(float(times.max()))}


def observations(time, event) -> tuple[np.ndarray, np.ndarray]:
    """Times, tied ones made one, and event flags; ValueError where one is missing, or a time is negative."""
    times, events = pd.Series(time, dtype="float64"), pd.Series(event)
    if times.isna().any() or (times < 0).any() or events.isna().any() or len(times) != len(events):
        raise ValueError("every subject needs a time of 0 or more and an event flag; one is missing or negative")
    return tied(times.to_numpy()), events.astype(bool).to_numpy()


def _limits(survival, greenwood, transform: str, level: float) -> tuple[np.ndarray, np.ndarray]:
    """Pointwise limits; `greenwood` is the standard error of log survival."""
    half = NormalDist().inv_cdf((1 + level) / 2) * greenwood
    if transform == "log-log":
        inside = np.where((survival > 0) & (survival < 1), survival, np.nan)
        width = half / np.log(inside)
        return inside ** np.exp(-width), inside ** np.exp(width)
    if transform == "log":
        inside = np.where(survival > 0, survival, np.nan)
        return inside * np.exp(-half), np.minimum(inside * np.exp(half), 1)
    if transform == "plain":
        return np.maximum(survival * (1 - half), 0), np.minimum(survival * (1 + half), 1)
    raise ValueError(f"transform is {transform!r}; it must be one of {', '.join(TRANSFORMS)}")


def _crossing(time: np.ndarray, curve: np.ndarray, height: float) -> float:
    """Time at which the curve falls to `height`: the middle between reaching it and passing below it.

    A curve that ends at `height` passes below at the last observation. The limits of a curve may rise again late;
    survfit then reads the value closest to `height`, hence the sorting.
    """
    order = np.argsort(-curve, kind="stable")
    order = order[~np.isnan(curve[order])]
    reached = order[curve[order] <= height + TOLERANCE]
    below = order[curve[order] < height - TOLERANCE]
    if not reached.size:
        return np.nan
    last = time[below[0]] if below.size else (time[-1] if not np.isnan(curve[-1]) else np.nan)
    return float((time[reached[0]] + last) / 2)
