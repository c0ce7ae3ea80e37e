"""CSV and cells that a spreadsheet opens without computing anything: the one door for every table that people open.

A text that a spreadsheet would compute carries one apostrophe in front; parquet keeps it as it is, `as_written` takes
the apostrophe off. Numbers stay numbers, also negative ones.
"""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

STARTS = "=+\\-@\t\r\n＝＋－＠"  # the wide ones too: spreadsheets of East Asian locales compute them
RISKY = rf"'*\s*[{STARTS}]"
BEGINS = re.compile(RISKY)
NUMBER = r"[+-]?(?:\d+(?:[.,]\d+)?|\.\d+)(?:[eE][+-]?\d+)?"
# What a spreadsheet would compute, told from text that only begins alike ("- none", "+ 2 lymph nodes", "-5").
_OPERAND = r"(?:\d+(?:\.\d+)?%?|\$?[A-Z]{1,3}\$?\d+|\"[^\"]*\")"
_REACHES_OUT = "HYPERLINK|WEBSERVICE|IMPORT[A-Z]+|IMAGE|DDE|CALL|EXEC|REGISTER|RTD|INDIRECT|SUM|CONCATENATE"
FORMULA = re.compile(
    r"[=@]\s?[A-Za-z_][\w.]*\(.*"  # a function: =HYPERLINK(...), @SUM(1+1)
    rf"|[+-]\s?(?i:{_REACHES_OUT})\(.*"
    r"|[+-][A-Z][A-Z0-9.]*\([^)]*[\d\"';:].*"  # another function of numbers, texts or cells, not +CMV(PCR)
    r"|[=+\-@].*\|.*!.*"  # DDE: +cmd|' /C calc'!A0
    rf"|[=@][=+\-@\s]*{_OPERAND}(?:\s*[-+*/^&<>]\s*[-+]?{_OPERAND})+"  # =A1&B1
    rf"|[+-][=+\-@(]*{_OPERAND}(?:\s*[-/]\s*{_OPERAND})*(?:\s*[-/+*^&]\s*\(?{_OPERAND}\)*)*\s*[+*^&]\s*\(?{_OPERAND}\)*"
    r"|=[=+\-@]*[\w\"'({$\\#].*"  # anything at all right after the sign of equality
    r"|@\$?[A-Z]{1,3}\$?\d+",
    re.DOTALL,
)
RANGE = re.compile(r"[+-]?\d+(?:\.\d+)?\s*-\s*[+-]?\d+(?:\.\d+)?")
RETURN = "\n\ue000"  # the writer puts no quotes around a lone return, which readers take for the end of the line
WIDE = str.maketrans("＝＋－＠", "=+-@")


def csv_text(frame: pd.DataFrame) -> str:
    """A frame as CSV whose cells no spreadsheet takes for a formula."""
    texts = [name for name in frame if not pd.api.types.is_numeric_dtype(frame[name].dtype)]
    plain = frame.assign(**{name: harmless(frame[name]).str.replace("\r", RETURN, regex=False) for name in texts})
    return plain.rename(columns=harmless_text).to_csv(index=False, lineterminator="\n").replace(RETURN, "\r")


def rows_text(header: list[str], rows: list[tuple[Any, ...]]) -> str:
    """Rows as such a CSV."""
    frame = pd.DataFrame([[str(cell) for cell in row] for row in rows], columns=header, dtype="str")
    return csv_text(frame)


def harmless(cells: pd.Series) -> pd.Series:
    """Cells that a spreadsheet would compute (= + - @, tab, return first) after an apostrophe; numbers as they are."""
    text = cells.astype("str")
    said = {cell: told for cell in text.dropna().unique() if (told := harmless_text(cell)) != cell}
    return text.map(said).astype("str").fillna(text) if said else text


def harmless_text(text: str) -> str:
    """One cell that a spreadsheet takes as text, or as the number it is."""
    return f"'{text}" if BEGINS.match(text) and not re.fullmatch(NUMBER, text) else text


def as_written(text: str) -> str:
    """The text of a cell before `harmless_text`."""
    return text[1:] if text.startswith("'") and re.match(RISKY, text[1:]) else text


def is_formula(text: str) -> bool:
    """True for a text that a spreadsheet would compute, not for one that only begins with one of its signs."""
    told = text.strip(" \t\r\n\ufeff\u200b").translate(WIDE)
    return bool(FORMULA.fullmatch(told)) and not re.fullmatch(NUMBER, told) and not RANGE.fullmatch(told)
