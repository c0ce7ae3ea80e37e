"""Comparison of hazards: the log-rank test and Cox regression, as R's survdiff and coxph give them."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import NormalDist

import numpy as np
import pandas as pd

from tlf.stats import NOT_ESTIMABLE, Statistic
from tlf.stats.competing_risks import chi_squared
from tlf.stats.survival import observations

ITERATIONS, CONVERGED = 30, 1e-12
INFINITE = 15.0  # a hazard ratio past e^15 per standard deviation grows without end: the likelihood is monotone
LONGEST_STEP = 5.0  # at once: from a flat place Newton's step may leave all numbers behind
MOVING = 1e-3  # a coefficient that the last step still moved by more has no end either
UNKNOWN, PART = 1e-5, 0.03  # information this small beside that at 0 is none; a direction's part of a covariate
UNVARIED = "the covariate does not vary among those at risk, or others tell it"
MONOTONE = "the likelihood has no maximum: all events, or none, are on one side"
TESTS = ("chisq", "df", "p_value")


def log_rank(
    time: Sequence[float] | pd.Series, event: Sequence[bool] | pd.Series, group: Sequence[str] | pd.Series,
    strata: Sequence[str] | pd.Series | None = None,
) -> dict[str, Statistic]:
    """chisq, df, p_value of equal hazards in all groups; within strata, whose scores and variances are added.

    Variance by the hypergeometric distribution of the events at each time (Mantel 1966; Peto and Peto 1972).
    """
    times, events = observations(time, event)
    names, codes = np.unique(np.asarray(group, dtype=object), return_inverse=True)
    if len(names) < 2:
        return dict.fromkeys(TESTS, Statistic(np.nan, f"{NOT_ESTIMABLE}, fewer than two groups"))
    stratum = np.zeros(len(times)) if strata is None else np.asarray(strata)
    score, variance = np.zeros(len(names)), np.zeros((len(names), len(names)))
    for one in pd.unique(stratum):
        inside = stratum == one
        for at_risk, died in _by_time(times[inside], events[inside], codes[inside], len(names)):
            n, d = at_risk.sum(), died.sum()
            share = at_risk / n
            score += died - d * share
            variance += d * (n - d) / max(n - 1, 1) * (np.diag(share) - np.outer(share, share))
    return chi_squared(score, variance)


def cox(
    time: Sequence[float] | pd.Series, event: Sequence[bool] | pd.Series, covariates: pd.DataFrame,
    strata: Sequence[str] | pd.Series | None = None, *, level: float = 0.95,
) -> tuple[pd.DataFrame, dict[str, Statistic]]:
    """Hazard ratios, one row per covariate (numbers), and the score test of all: chisq, df, p_value.

    1. Rows: estimate, lower, upper (hazard ratio and Wald limits), coefficient, se, p_value (Wald), note.
    2. Ties by Efron 1977; Newton-Raphson from 0 with halved steps. Strata have baseline hazards of their own.
    3. No events, a covariate without spread among those at risk, or a likelihood without a maximum (all events in one
       group): the estimate is missing and `note` says so; the score test stands where there are events.
    """
    times, events = observations(time, event)
    values = covariates.to_numpy(float)
    scale = np.where(values.std(axis=0) > 0, values.std(axis=0), 1.0)
    scaled = (values - values.mean(axis=0)) / scale
    stratum = np.zeros(len(times)) if strata is None else np.asarray(strata)
    risk_sets = [_risk_sets(times[inside], events[inside], scaled[inside])
                 for inside in (stratum == one for one in pd.unique(stratum))]
    start = _efron(np.zeros(values.shape[1]), risk_sets)
    test = chi_squared(start[1], start[2])
    coefficients, information, note = _maximum(risk_sets, start)
    found = np.where(note == "", coefficients, np.nan) / scale
    spread = np.sqrt(np.maximum(np.diag(np.linalg.pinv(information, hermitian=True)), 0)) / scale
    half = NormalDist().inv_cdf((1 + level) / 2) * spread
    rows = pd.DataFrame(
        {"estimate": np.exp(found), "lower": np.exp(found - half), "upper": np.exp(found + half), "coefficient": found,
         "se": np.where(note == "", spread, np.nan), "p_value": _two_sided(found, spread), "note": note},
        index=covariates.columns)  # fmt: skip
    return rows, test


def _two_sided(coefficients: np.ndarray, spread: np.ndarray) -> list[float]:
    """p-values of Wald's test."""
    return [2 * NormalDist().cdf(-abs(b / s)) if s > 0 else np.nan for b, s in zip(coefficients, spread, strict=True)]


def _by_time(times: np.ndarray, events: np.ndarray, codes: np.ndarray, groups: int):
    """Per event time: subjects at risk and events by group."""
    distinct, position = np.unique(times, return_inverse=True)
    everyone = np.zeros((len(distinct), groups))
    np.add.at(everyone, (position, codes), 1.0)
    died = np.zeros_like(everyone)
    np.add.at(died, (position[events], codes[events]), 1.0)
    at_risk = everyone[::-1].cumsum(axis=0)[::-1]
    kept = died.sum(axis=1) > 0
    return zip(at_risk[kept], died[kept], strict=True)


def _risk_sets(times: np.ndarray, events: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, list]:
    """Covariates by falling time, and per event time how many are at risk and which positions have the event."""
    order = np.argsort(-times, kind="stable")
    times, events, values = times[order], events[order], values[order]
    at_risk = np.searchsorted(-times, -np.unique(times[events]), side="right")
    died = [np.flatnonzero(events & (times == time)) for time in np.unique(times[events])]
    return values, list(zip(at_risk.tolist(), died, strict=True))


def _efron(coefficients: np.ndarray, strata: list) -> tuple[float, np.ndarray, np.ndarray]:
    """Log partial likelihood, its score and information at the coefficients, summed over strata."""
    k = len(coefficients)
    likelihood, score, information = 0.0, np.zeros(k), np.zeros((k, k))
    for values, events in strata:
        linear = values @ coefficients
        weight = np.exp(linear)
        first = weight[:, None] * values
        s0, s1 = weight.cumsum(), first.cumsum(axis=0)
        s2 = (first[:, :, None] * values[:, None, :]).cumsum(axis=0)
        for at_risk, died in events:
            last = at_risk - 1
            part = np.arange(len(died)) / len(died)
            d0, d1 = weight[died].sum(), first[died].sum(axis=0)
            d2 = (first[died][:, :, None] * values[died][:, None, :]).sum(axis=0)
            e0 = s0[last] - part * d0
            mean = (s1[last] - part[:, None] * d1) / e0[:, None]
            square = (s2[last] - part[:, None, None] * d2) / e0[:, None, None]
            likelihood += linear[died].sum() - np.log(e0).sum()
            score += values[died].sum(axis=0) - mean.sum(axis=0)
            information += (square - mean[:, :, None] * mean[:, None, :]).sum(axis=0)
    return likelihood, score, information


def _maximum(strata: list, start: tuple) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Coefficients, information and note of each covariate at the maximum of the likelihood."""
    likelihood, score, information = start
    coefficients = step = np.zeros(len(score))
    for _ in range(ITERATIONS):
        step = np.linalg.pinv(information, hermitian=True) @ score
        step = step / max(1.0, np.abs(step).max(initial=0) / LONGEST_STEP)
        found = _efron(coefficients + step, strata)
        while not found[0] >= likelihood - 1e-9 and np.abs(step).max() > CONVERGED:
            step = step / 2
            found = _efron(coefficients + step, strata)
        coefficients = coefficients + step
        likelihood, score, information = found
        if np.abs(step).max(initial=0) < CONVERGED or np.abs(coefficients).max(initial=0) > INFINITE:
            break
    flat = _undetermined(start[2], start[2])
    endless = (np.abs(coefficients) > INFINITE) | (np.abs(step) > MOVING) | _undetermined(information, start[2])
    reason = UNVARIED if any(events for _, events in strata) else "no events"
    note = np.select([flat, endless], [f"{NOT_ESTIMABLE}, {reason}", f"{NOT_ESTIMABLE}, {MONOTONE}"], "")
    return coefficients, information, note


def _undetermined(information: np.ndarray, start: np.ndarray) -> np.ndarray:
    """True for each covariate with a part in a direction of which nothing is known, beside the information at 0."""
    scale = np.sqrt(np.maximum(np.diag(start), 0))
    known = scale > 1e-6
    sides = np.where(known, scale, 1.0)
    size, direction = np.linalg.eigh(information / np.outer(sides, sides))
    return ~known | (np.abs(direction[:, size < UNKNOWN]).max(axis=1, initial=0) > PART)
