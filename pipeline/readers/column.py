"""Columns of binary files (SAS, Parquet) as the text an EDC would have written: ISO dates, numbers without .0."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

DIGITS = 15  # significant digits that a double keeps
SAS_EPOCH = pd.Timestamp("1960-01-01")
DATES = (
    "DATE",
    "DDMMYY",
    "MMDDYY",
    "YYMMDD",
    "E8601DA",
    "B8601DA",
    "IS8601DA",
    "JULIAN",
    "MONYY",
    "WORDDATE",
    "NLDATE",
    "DAY",
)
DATETIMES = ("DATETIME", "E8601DT", "B8601DT", "IS8601DT", "DATEAMPM", "NLDATM", "MDYAMPM")
TIMES = ("TIME", "TOD", "HHMM", "E8601TM", "B8601TM", "IS8601TM")


def texts(column: pd.Series) -> list[str]:
    """One column's values as text, '' where missing."""
    if pd.api.types.is_bool_dtype(column.dtype):
        return column.map({True: "TRUE", False: "FALSE"}).fillna("").astype("str").tolist()
    if pd.api.types.is_numeric_dtype(column.dtype):
        return numbers(column)
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        return _moments(column)
    return ["" if _is_missing(value) else str(value) for value in column]


def numbers(column: pd.Series) -> list[str]:
    """Numbers as typed: no exponent where digits will do, no .0."""
    values = column.astype("float64").to_numpy(na_value=np.nan)
    return ["" if np.isnan(v) else number(v) for v in values.tolist()]


def number(value: float) -> str:
    """One number with at most 15 significant digits."""
    if value.is_integer() and abs(value) < 10.0**DIGITS:
        return str(int(value))
    text = f"{value:.{DIGITS}g}"
    return text if "e" not in text else np.format_float_positional(float(text), trim="-")


def sas_texts(column: pd.Series, sas_format: str) -> list[str]:
    """A SAS column as text: what its format calls a date, time or date-time becomes ISO."""
    if not pd.api.types.is_numeric_dtype(column.dtype):
        return texts(column)
    name = sas_format.upper().rstrip("0123456789.")
    for starts, unit in ((DATETIMES, "s"), (DATES, "D")):
        if name.startswith(starts):
            days = pd.to_timedelta(column.astype("float64").round(), unit=unit)
            return _moments(SAS_EPOCH + days)
    if name.startswith(TIMES):
        return _clock(column.astype("float64"))
    return numbers(column)


def _clock(seconds: pd.Series) -> list[str]:
    whole = seconds.fillna(0).astype("int64")
    hours, minutes, rest = whole // 3600, whole % 3600 // 60, whole % 60
    text = hours.astype("str").str.zfill(2) + ":" + minutes.astype("str").str.zfill(2)
    text = text.where(rest == 0, text + ":" + rest.astype("str").str.zfill(2))
    return text.where(seconds.notna(), "").tolist()


def _moments(column: pd.Series) -> list[str]:
    """Dates as 2025-03-12, with the time where any value of the column has one."""
    if column.dt.tz is not None:
        column = column.dt.tz_convert("UTC").dt.tz_localize(None)
    plain = column.dt.normalize().eq(column) | column.isna()
    text = column.dt.strftime("%Y-%m-%d" if plain.all() else "%Y-%m-%dT%H:%M:%S")
    return text.fillna("").astype("str").tolist()


def _is_missing(value: Any) -> bool:
    return value is None or (isinstance(value, float) and value != value) or value is pd.NaT or value is pd.NA
