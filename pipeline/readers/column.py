"""Columns of binary files (SAS, Parquet) as the text an EDC would have written: ISO dates, numbers without .0."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

DIGITS = 15  # significant digits that a double keeps


def texts(column: pd.Series, timed: bool = False) -> list[str]:
    """One column's values as text, '' where missing; `timed` moments have a time, as any others of the column have."""
    if pd.api.types.is_bool_dtype(column.dtype):
        return column.map({True: "TRUE", False: "FALSE"}).fillna("").astype("str").tolist()
    if pd.api.types.is_numeric_dtype(column.dtype):
        return numbers(column)
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        return _moments(column, timed or has_time(column))
    if isinstance(column.dtype, pd.StringDtype):
        return column.fillna("").tolist()
    return ["" if _is_missing(value) else _text(value) for value in column]


def numbers(column: pd.Series) -> list[str]:
    """Numbers as typed: no exponent where digits will do, no .0."""
    if pd.api.types.is_integer_dtype(column.dtype):  # beyond 15 digits a double would lose some
        return ["" if value is pd.NA else str(value) for value in column.astype("object")]
    places, values = pd.factorize(column.astype("float64").to_numpy(na_value=np.nan))
    texts = [*(number(value) for value in values.tolist()), ""]  # a missing value has the place -1
    return [texts[place] for place in places.tolist()]


def number(value: float) -> str:
    """One number with at most 15 significant digits."""
    if value.is_integer() and abs(value) < 10.0**DIGITS:
        return str(int(value))
    text = f"{value:.{DIGITS}g}"
    return text if "e" not in text else np.format_float_positional(float(text), trim="-")


def has_time(column: pd.Series) -> bool:
    """True where any moment of a column is not the beginning of its day (in UTC, where it says its zone)."""
    moments = _in_utc(column)
    return not (moments.dt.normalize().eq(moments) | moments.isna()).all()


def _moments(column: pd.Series, timed: bool) -> list[str]:
    """Dates as 2025-03-12, with the time where any value of the column has one."""
    text = _in_utc(column).dt.strftime("%Y-%m-%dT%H:%M:%S" if timed else "%Y-%m-%d")
    return text.fillna("").astype("str").tolist()


def _in_utc(column: pd.Series) -> pd.Series:
    return column if column.dt.tz is None else column.dt.tz_convert("UTC").dt.tz_localize(None)


def _text(value: Any) -> str:
    """One value as text; a decimal as it is typed, 0.0000001 and not 1E-7."""
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _is_missing(value: Any) -> bool:
    return value is None or (isinstance(value, float) and value != value) or value is pd.NaT or value is pd.NA
