"""Cellular kinetics: peak, area under the curve, last quantifiable value, half-life and persistence (analysis plan 7).

A course is the series of results of one subject, analyte, specimen and assay. Columns of `samples`: COURSE (its
number), TIME in elapsed days, VALUE, QUANTFL (Y, N below the limit of quantification, missing without a result), LLOQ
and CURVE, what it counts in the curve; they stand in the order of their time within each course.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

QUANTIFIABLE = "QUANTIFIABLE"
BEFORE, BETWEEN = "BLQ BEFORE FIRST QUANTIFIABLE", "BLQ BETWEEN QUANTIFIABLE"
AFTER, LATER = "BLQ AFTER LAST QUANTIFIABLE", "LATER BLQ AFTER LAST QUANTIFIABLE"
NEVER = "NO QUANTIFIABLE VALUE"
OPEN_END = "LAST QUANTIFIABLE VALUE BEFORE THE END AND NO BLQ AFTER IT"
FEW_POINTS, NO_FALL = "TOO FEW QUANTIFIABLE VALUES AFTER THE PEAK", "NO FALL AFTER THE PEAK"
POOR_FIT, SHORT_SPAN = "ADJUSTED R-SQUARED BELOW THE CRITERION", "SPAN OF THE FIT TOO SHORT"
SAME_FIT = 1e-4  # fits whose adjusted R-squared differ by less are alike: the one of more points is taken


def course_places(samples: pd.DataFrame) -> pd.Series:
    """Where each result stands in its course: quantifiable, or below the limit before, between or after such values.

    In a course without any quantifiable value all stand before the first.
    """
    quantifiable, below = samples["QUANTFL"].eq("Y"), samples["QUANTFL"].eq("N")
    seen = quantifiable.groupby(samples["COURSE"]).cumsum()
    ahead = seen.groupby(samples["COURSE"]).transform("last") - seen
    trailing = below & (seen > 0) & (ahead == 0)
    nth = trailing.groupby(samples["COURSE"]).cumsum()
    conditions = [quantifiable, below & (seen == 0), below & (ahead > 0), trailing & (nth == 1), trailing]
    places = np.select(conditions, [QUANTIFIABLE, BEFORE, BETWEEN, AFTER, LATER], "")
    told = pd.Series(places, samples.index, "str")
    return told.where(told != "")


def curve_values(samples: pd.DataFrame, places: pd.Series, between: str, after: str) -> pd.Series:
    """What each result counts in the curve: 0 before the first quantifiable value, missing where it is not used.

    `between`: MISSING, ZERO or HALF (of the limit of quantification) between two quantifiable values; `after`: ZERO or
    HALF for the first after the last one, which ends the curve; later ones are not used.
    """
    amounts = {"MISSING": pd.Series(np.nan, samples.index), "ZERO": pd.Series(0.0, samples.index),
               "HALF": samples["LLOQ"] / 2}  # fmt: skip
    values = samples["VALUE"].where(places.eq(QUANTIFIABLE)).mask(places.eq(BEFORE), 0.0)
    return values.mask(places.eq(BETWEEN), amounts[between]).mask(places.eq(AFTER), amounts[after])


def peak(samples: pd.DataFrame) -> pd.DataFrame:
    """One record per course with a quantifiable value: VALUE and TIME of the highest, the first of equal ones."""
    ranked = _quantifiable(samples).sort_values("VALUE", ascending=False, kind="stable")
    return ranked.drop_duplicates("COURSE").sort_values("COURSE")


def last_quantifiable(samples: pd.DataFrame) -> pd.DataFrame:
    """One record per course with a quantifiable value: VALUE and TIME of the last."""
    return _quantifiable(samples).drop_duplicates("COURSE", keep="last")


def _quantifiable(samples: pd.DataFrame) -> pd.DataFrame:
    return samples[samples["QUANTFL"].eq("Y")]


def curve_to(samples: pd.DataFrame, end: float) -> pd.DataFrame:
    """The points (CURVE not missing) that an area to day `end` rests on: those before it, and the first at or after."""
    points = samples[samples["CURVE"].notna()]
    earlier = points["TIME"].groupby(points["COURSE"]).shift()
    return points[~(earlier >= end)]


def area_under_curve(samples: pd.DataFrame, end: float) -> pd.DataFrame:
    """One record per course (index): AVAL, the area from (0, 0) to day `end` in unit x days; REASON where none.

    1. Linear up and logarithmic down; linear where a value is 0 or both are equal.
    2. At `end` the curve is interpolated by the rule of its stretch; it is never extrapolated.
    3. Missing when no value is quantifiable, or the last is before `end` and no result below the limit follows.
    4. PARTFL is Y when the curve ended below the limit before `end`.
    """
    points = curve_to(samples, end)
    seen = samples["QUANTFL"].eq("Y").groupby(samples["COURSE"]).any()
    last = points.drop_duplicates("COURSE", keep="last").set_index("COURSE").reindex(seen.index)
    short = last["TIME"] < end
    reason = pd.Series(np.select([~seen, short & last["QUANTFL"].eq("Y")], [NEVER, OPEN_END], ""), seen.index, "str")
    area = _stretches(points, end).groupby(points["COURSE"]).sum().reindex(seen.index).where(reason == "")
    partial = pd.Series(np.where(short, "Y", "N"), seen.index, "str").where(area.notna())
    return pd.DataFrame({"AVAL": area, "REASON": reason.where(reason != ""), "PARTFL": partial})


def _stretches(points: pd.DataFrame, end: float) -> pd.Series:
    """The area of the stretch that ends in each point, up to day `end`; the first begins in (0, 0)."""
    before = points[["TIME", "CURVE"]].groupby(points["COURSE"]).shift(fill_value=0.0)
    width = points["TIME"] - before["TIME"]
    to = np.minimum(points["TIME"], end) - before["TIME"]
    share = (to / width).where(width > 0, 0.0)
    high, low = before["CURVE"], points["CURVE"]
    falls = (low > 0) & (low < high)
    fall = np.log((high / low).where(falls, np.e))  # of the whole stretch
    reached = (high + share * (low - high)).mask(falls, high * np.exp(-share * fall))
    straight = to * (high + reached) / 2
    return straight.mask(falls & (share > 0), (high - reached) * width / fall)


def half_life(samples: pd.DataFrame, points: int, r_squared: float, span: float) -> pd.DataFrame:
    """One record per course (index): AVAL, ln 2 / slope in days of the last values; REASON where there is none.

    1. Quantifiable values after the peak; of all fits of ln(value) on time over the last 3 (`points`) or more, falling,
       that of the highest adjusted R-squared, of alike ones that of the most points.
    2. Its adjusted R-squared is at least `r_squared`, and its points span at least `span` half-lives.
    """
    known = pd.DataFrame(index=pd.Index(samples["COURSE"].unique(), name="COURSE"))
    after = _quantifiable(samples).merge(peak(samples)[["COURSE", "TIME"]], on="COURSE", suffixes=("", "_PEAK"))
    fits = _fits(after[after["TIME"] > after["TIME_PEAK"]])
    fits = fits[fits["N"] >= points]
    falling = fits[fits["SLOPE"] < 0]
    best = falling["FIT"].groupby(falling["COURSE"]).transform("max")
    alike = falling[falling["FIT"] > best - SAME_FIT].sort_values(["COURSE", "N"])
    chosen = alike.drop_duplicates("COURSE", keep="last").set_index("COURSE").reindex(known.index)
    life = np.log(2) / -chosen["SLOPE"]
    conditions = [~known.index.isin(peak(samples)["COURSE"]), ~known.index.isin(fits["COURSE"]), life.isna(),
                  chosen["FIT"] < r_squared, chosen["SPAN"] / life < span]  # fmt: skip
    reasons = np.select(conditions, [NEVER, FEW_POINTS, NO_FALL, POOR_FIT, SHORT_SPAN], "")
    reason = pd.Series(reasons, known.index, "str")
    return pd.DataFrame({"AVAL": life.where(reason == ""), "REASON": reason.where(reason != ""),
                         "POINTS": chosen["N"].where(reason == "")})  # fmt: skip


def _fits(values: pd.DataFrame) -> pd.DataFrame:
    """Per value the straight line through it and all later ones of its course: N, SLOPE, FIT (adjusted R²), SPAN.

    Time and ln(value) are counted from the last value, so that running sums lose no digits.
    """
    back = values[::-1]
    by = back["COURSE"]
    x = back["TIME"] - back["TIME"].groupby(by).transform("first")
    log = np.log(back["VALUE"])
    y = log - log.groupby(by).transform("first")
    n = by.groupby(by).cumcount() + 1.0
    sums = pd.DataFrame({"X": x, "Y": y, "XX": x * x, "XY": x * y, "YY": y * y}).groupby(by).cumsum()
    xx, yy = sums["XX"] - sums["X"] ** 2 / n, sums["YY"] - sums["Y"] ** 2 / n
    xy = sums["XY"] - sums["X"] * sums["Y"] / n
    squared = (xy**2 / (xx * yy)).where((xx > 0) & (yy > 0))
    fit = 1 - (1 - squared) * (n - 1) / (n - 2).where(n > 2)
    return pd.DataFrame({"COURSE": by, "N": n, "SLOPE": (xy / xx).where(xx > 0), "FIT": fit, "SPAN": -x})


def persistence(samples: pd.DataFrame, consecutive: int) -> pd.DataFrame:
    """One record per course with a quantifiable value: the sample (its columns) that ends persistence, and CNSR.

    1. CNSR 0: the first of so many consecutive results below the limit after a quantifiable one.
    2. CNSR 1: without them, the last quantifiable one.
    """
    results = samples[samples["QUANTFL"].notna()]
    below, by = results["QUANTFL"].eq("N"), results["COURSE"]
    seen = results["QUANTFL"].eq("Y").groupby(by).cumsum() > 0
    turns = (below != below.groupby(by).shift()).groupby(by).cumsum()
    run = [by, turns]
    lost = below & seen & (below.groupby(run).cumcount() == 0) & (below.groupby(run).transform("size") >= consecutive)
    ends = results[lost].drop_duplicates("COURSE").assign(CNSR=0.0)
    others = last_quantifiable(samples)
    others = others[~others["COURSE"].isin(ends["COURSE"])].assign(CNSR=1.0)
    return pd.concat([ends, others]).sort_values("COURSE")
