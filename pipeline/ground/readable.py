"""A column that cannot be read: the delivery is written otherwise than agreed, and no single record is to blame."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.ground.dates import fault_of_date
from pipeline.ground.distinct import matching
from pipeline.ground.faults import ColumnError

ENOUGH = 10
HALF = 0.5
SHOWN = 3
NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)"
MEASURED = rf"{NUMBER}(?:[eE][+-]?\d{{1,2}})?"  # of a result a laboratory may write 5.09E+03
IN_FIGURES = r"[+-]?[\d., '’\u00a0\u202f]+"  # a number with other signs than the agreed ones
DECIMAL_COMMA = r"[<>]?=?\s*[+-]?\d+,\d+"
CURES = {
    "date": "declare their order (raw/_system.yaml: `written: {dates: DMY}`, or MDY), or ask for the file again",
    "number": 'declare the decimal sign (raw/_system.yaml: `written: {decimal: ","}`), or ask for the file again',
    "words": "map it as text (rule assign, to a variable that holds text), or ask for the file again",
}  # fmt: skip


@dataclass(frozen=True)
class WrongValues:
    """How many values of a column are wrong, of how many: with the first few distinct ones, and how many in figures."""

    wrong: int = 0
    filled: int = 0
    first: tuple[str, ...] = ()
    figures: int = 0

    def __add__(self, more: WrongValues) -> WrongValues:
        """Those of both, these first."""
        first = tuple(dict.fromkeys((*self.first, *more.first)))[:SHOWN]
        return WrongValues(self.wrong + more.wrong, self.filled + more.filled, first, self.figures + more.figures)

    @property
    def most(self) -> bool:
        """True where more than half of at least ENOUGH values are wrong."""
        return most(self.wrong, self.filled)

    @property
    def examples(self) -> str:
        """The first few distinct ones, quoted."""
        return ", ".join(f"'{text}'" for text in self.first)


def distinct(column: pd.Series) -> tuple[pd.Series, np.ndarray]:
    """The distinct values of a column in the order of the records, and how often each stands; a missing one is none."""
    codes, texts = pd.factorize(column)
    return pd.Series(texts, dtype=column.dtype, name=column.name), np.bincount(codes[codes >= 0], minlength=len(texts))


def counted(texts: pd.Series, counts: np.ndarray, wrong: pd.Series) -> WrongValues:
    """What is counted of `distinct` values, True for each that is wrong."""
    there, often = texts[wrong], counts[wrong.to_numpy()]
    figures = int(often[matching(there.str.strip(), IN_FIGURES).to_numpy()].sum())
    return WrongValues(int(often.sum()), int(counts.sum()), tuple(there.head(SHOWN)), figures)


def unreadable(texts: pd.Series, kind: str) -> pd.Series:
    """True where a text is no date, no number (kind `number`), or no result but for its decimal comma (`result`)."""
    if kind == "date":
        return fault_of_date(texts).notna()
    told = texts.str.strip()
    if kind == "result":
        return told.str.fullmatch(DECIMAL_COMMA).eq(True)
    return told.notna() & ~matching(told, NUMBER)


def most(wrong: int, filled: int) -> bool:
    """True where more than half of at least ENOUGH values are wrong."""
    return filled >= ENOUGH and 2 * wrong > filled


def column_fault(records: pd.DataFrame, field: str, kind: str) -> ColumnError | None:
    """What is wrong with a column of which most cannot be read, else None."""
    texts, counts = distinct(records[field])
    found = counted(texts, counts, unreadable(texts, kind))
    if not found.most:
        return None
    form, file = (str(records[name].iloc[0]) for name in ("_FORM", "_FILE"))
    return fault_of(found, form, field, file, kind)


def fault_of(found: WrongValues, form: str, field: str, file: str, kind: str) -> ColumnError:
    """That most of a column cannot be read."""
    named = "date" if kind == "date" else "number"
    in_words = named == "number" and not found.figures > HALF * found.wrong
    counted = f"{found.wrong:,} of {found.filled:,} values of {form}.{field}"
    what = f"{counted} cannot be read as {named}s: {found.examples}."
    return ColumnError(what, f"{file}, column {field}", CURES["words" if in_words else named])
