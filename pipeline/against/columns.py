"""Two columns as values of one kind: blank is missing, and neither type nor time zone makes a difference.

A difference is of what is said, not of how it is stored: a date that SAS counts from 1960, one that Parquet stores and
one in ISO 8601 are one date; text is without the blanks behind it, which SAS pads. Partial dates are never dates.
"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

TEXT, NUMBER, DATE = "text", "number", "date"
EPOCH = pd.Timestamp("1960-01-01")  # of SAS
SECONDS = 10_000_000  # a number of SAS above it counts seconds: as days it lies beyond the year 29000
TINY = 1e-15  # what is left where numbers that should be 0 were summed
TOLERANCE = 1e-9
ZONED = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})")
WHOLE = r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}.*)?"


def kind_of(column: pd.Series) -> str:
    """What a column holds: text, number or date (with or without a time)."""
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        return DATE
    return NUMBER if pd.api.types.is_numeric_dtype(column.dtype) else TEXT


def alike(old: pd.Series, new: pd.Series) -> tuple[pd.Series, pd.Series, str]:
    """Two columns in the kind in which they are compared, and that kind; what cannot be read in it is missing there."""
    kinds = {kind_of(old), kind_of(new)}
    kind = next((one for one in (DATE, NUMBER) if one in kinds), TEXT)
    read = {DATE: dates, NUMBER: numbers, TEXT: texts}[kind]
    return read(old), read(new), kind


def texts(column: pd.Series) -> pd.Series:
    """Text without blanks at its end, '' where there is none."""
    if pd.api.types.is_numeric_dtype(column.dtype) or kind_of(column) == DATE:
        from pipeline.readers.column import texts as written

        return pd.Series(written(column), index=column.index, dtype="str")
    return column.astype("str").where(column.notna(), "").str.rstrip().astype("str")


def numbers(column: pd.Series) -> pd.Series:
    """Numbers; a text that is none is missing. Whole numbers without gaps stay whole: a double loses digits."""
    if pd.api.types.is_integer_dtype(column.dtype) and not column.isna().any():
        return column.astype("int64") if column.dtype != "uint64" else column
    if pd.api.types.is_numeric_dtype(column.dtype):
        return column.astype("float64")
    return pd.to_numeric(texts(column), errors="coerce").astype("float64")


def dates(column: pd.Series) -> pd.Series:
    """Moments without a zone (those that name one in UTC); a text that is no whole date is missing."""
    if kind_of(column) == DATE:
        moments = column if column.dt.tz is None else column.dt.tz_convert("UTC").dt.tz_localize(None)
    elif kind_of(column) == NUMBER:
        count = column.astype("float64")
        unit = "s" if bool((count.abs() > SECONDS).any()) else "D"
        moments = EPOCH + pd.to_timedelta(count, unit=unit)
    else:
        moments = _read(texts(column))
    return moments.astype("datetime64[ms]")


def _read(text: pd.Series) -> pd.Series:
    """The moments that texts say, in ISO 8601 or as SAS prints a date (12MAR2026)."""
    said = text.drop_duplicates()
    whole = said.where(said.str.fullmatch(WHOLE))
    moments = pd.to_datetime(whole, format="ISO8601", errors="coerce", utc=True).dt.tz_localize(None)
    printed = pd.to_datetime(said.where(whole.isna()), format="%d%b%Y", errors="coerce")
    known = moments.fillna(printed).astype("datetime64[ms]")
    return text.map(dict(zip(said, known, strict=True))).astype("datetime64[ms]")


def differ(old: pd.Series, new: pd.Series, tolerance: float = TOLERANCE, untyped: bool = False) -> np.ndarray:
    """Which values of two columns differ, place by place.

    Numbers differ by more than `tolerance` of the larger (and by more than TINY). `untyped`: both come from files that
    know no types, where a text that reads as a number is one.
    """
    was, now, kind = alike(old, new)
    if kind == TEXT:
        return _texts_differ(was, now, tolerance, untyped)
    apart = _apart(was.to_numpy(), now.to_numpy(), tolerance) if kind == NUMBER else was.ne(now).to_numpy()
    gone, lost = was.isna().to_numpy(), now.isna().to_numpy()
    found = np.where(gone | lost, gone != lost, apart)
    for column, missing in ((old, gone), (new, lost)):
        if kind_of(column) == TEXT and missing.any():  # text that is no number or date is a value all the same
            said = np.zeros(len(missing), dtype=bool)
            said[missing] = texts(column[missing]).ne("").to_numpy()
            found = np.where(said, texts(old).ne(texts(new)).to_numpy(), found) if said.any() else found
    return found


def _apart(was: np.ndarray, now: np.ndarray, tolerance: float) -> np.ndarray:
    with np.errstate(invalid="ignore"):
        unequal = was != now
        if not unequal.any() or (was.dtype.kind in "iu" and now.dtype.kind in "iu"):
            return unequal
        far, size = np.abs(was - now), np.maximum(np.abs(was), np.abs(now))
        within = (far <= tolerance * size) & np.isfinite(size) | (far <= TINY)
    return unequal & ~within


def _texts_differ(was: pd.Series, now: pd.Series, tolerance: float, untyped: bool) -> np.ndarray:
    """Which texts differ, not counting how a moment with its zone is written."""
    found = was.ne(now).to_numpy(dtype=bool, copy=True)
    places = np.flatnonzero(found)
    if len(places) == 0:
        return found
    old, new = was.iloc[places], now.iloc[places]
    if untyped:
        numeric = [pd.to_numeric(side, errors="coerce") for side in (old, new)]
        both = numeric[0].notna().to_numpy() & numeric[1].notna().to_numpy()
        found[places] = ~both | _apart(numeric[0].to_numpy(), numeric[1].to_numpy(), tolerance)
    zoned = old.str.fullmatch(ZONED.pattern).to_numpy() & new.str.fullmatch(ZONED.pattern).to_numpy()
    if zoned.any():
        found[places[zoned]] = dates(old[zoned]).ne(dates(new[zoned]).to_numpy()).to_numpy()
    return found
