"""A column that cannot be read: the delivery is written otherwise than agreed, and no single record is to blame."""

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


def examples(texts: pd.Series) -> str:
    """The first few distinct texts, quoted."""
    return ", ".join(f"'{text}'" for text in texts.drop_duplicates().head(SHOWN))


def column_fault(records: pd.DataFrame, field: str, kind: str) -> ColumnError | None:
    """What is wrong with a column of which most cannot be read, else None."""
    told = records[field].dropna()
    wrong = told[unreadable(told, kind)]
    if not most(len(wrong), len(told)):
        return None
    named = "date" if kind == "date" else "number"
    form, file = (str(records[name].iloc[0]) for name in ("_FORM", "_FILE"))
    in_words = named == "number" and not wrong.str.strip().str.fullmatch(IN_FIGURES).mean() > HALF
    what = f"{len(wrong):,} of {len(told):,} values of {form}.{field} cannot be read as {named}s: {examples(wrong)}."
    return ColumnError(what, f"{file}, column {field}", CURES["words" if in_words else named])
