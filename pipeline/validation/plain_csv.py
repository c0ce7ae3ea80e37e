"""CSV that a spreadsheet opens without computing anything."""

from __future__ import annotations

import pandas as pd


def csv_text(frame: pd.DataFrame) -> str:
    """A frame as CSV whose cells no spreadsheet takes for a formula."""
    text = frame.select_dtypes(include=["str", "object"]).columns
    return frame.assign(**{name: harmless(frame[name]) for name in text}).to_csv(index=False, lineterminator="\n")


def harmless(cells: pd.Series) -> pd.Series:
    """Cells that a spreadsheet would compute (= + - @, tab, return first) after an apostrophe; numbers as they are."""
    text = cells.astype("str")
    risky = text.str.match(r"[=+\-@\t\r]").fillna(False).astype(bool)
    number = text.str.fullmatch(r"[+-]?\d+(?:[.,]\d+)?").fillna(False).astype(bool)
    return text.mask(risky & ~number, "'" + text)
