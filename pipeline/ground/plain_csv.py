"""CSV and cells that a spreadsheet opens without computing anything: the one door for every table that people open.

A text that a spreadsheet would compute carries one apostrophe in front; parquet keeps it as it is, `as_written` takes
the apostrophe off. Numbers stay numbers, also negative ones.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
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
QUOTED = re.compile(r'[,"\r\n]')  # a lone return too, which readers take for the end of the line
EMPTY = '""'  # of a table of one column: an empty line is no record
WIDE = str.maketrans("＝＋－＠", "=+-@")


def csv_text(frame: pd.DataFrame) -> str:
    """A frame as CSV whose cells no spreadsheet takes for a formula."""
    return "\n".join([*csv_lines(frame), ""])


def csv_lines(frame: pd.DataFrame) -> list[str]:
    """The same by its header and records, without the breaks between them."""
    cells = [_cells(frame[name]) for name in frame]
    if len(cells) == 1:
        cells = [[cell or EMPTY for cell in cells[0]]]
    return [",".join(_quoted(harmless_text(name)) for name in frame), *map(",".join, zip(*cells, strict=True))]


def _cells(values: pd.Series) -> list[str]:
    """The cells of a column as they stand in the file; a text that stands many times is looked at once."""
    if pd.api.types.is_numeric_dtype(values.dtype):
        missing = values.isna().tolist()
        return ["" if gone else str(value) for value, gone in zip(values.tolist(), missing, strict=True)]
    at, texts = pd.factorize(values.astype("str"))
    told = np.array([*(_quoted(harmless_text(text)) for text in texts), ""], dtype="object")
    cells: list[str] = told[at].tolist()  # the last one is at -1, where none is
    return cells


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if QUOTED.search(text) else text


def rows_text(header: list[str], rows: list[tuple[Any, ...]]) -> str:
    """Rows as such a CSV."""
    frame = pd.DataFrame([[str(cell) for cell in row] for row in rows], columns=header, dtype="str")
    return csv_text(frame)


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
