"""Numbers with a decimal comma, in the number fields of a form: one way of writing before anything is computed."""

from __future__ import annotations

import pandas as pd

from pipeline.ground.queries import finding
from pipeline.study.contracts import Contract

NUMBERS = ("integer", "decimal", "result")  # a result may be a number, "<0.1" or words
COMMA = r"\s*[<>=≤≥]{0,2}\s*[+-]?\d+,\d+\s*"
POINT = r"\s*[<>=≤≥]{0,2}\s*[+-]?\d+\.\d+\s*"
THOUSANDS = r".*,\d{3}\s*"


def decimal_points(
    records: pd.DataFrame, contract: Contract, separator: str, declared: str
) -> tuple[pd.DataFrame, pd.DataFrame | None]:
    """Records whose number fields have decimal points; the finding says so where nobody had declared the comma.

    Undeclared, the comma is a decimal sign only in a file that another sign separates, where no number has a point
    and not every comma could be one of thousands.
    """
    names = [n for n, entry in contract.fields.items() if entry.type in NUMBERS]
    commas = {n: records[n].str.fullmatch(COMMA).fillna(False).astype(bool) for n in names if n in records}
    commas = {name: found for name, found in commas.items() if found.any()}
    if not commas or declared == ".":
        return records, None
    points = [n for n in names if n in records and records[n].str.fullmatch(POINT).fillna(False).any()]
    if declared and points:
        message = (
            f"The decimal sign is declared as a comma, but {points[0]} has numbers with a point; none was changed. "
            "Declare the sign of this file."
        )
        return records, finding("RAW-LAYOUT", "major", message, form=contract.form, field=points[0])
    if not declared and (points or not _certain(records, commas, separator)):
        return records, None
    records = records.assign(
        **{n: records[n].mask(found, records[n].str.replace(",", ".", regex=False)) for n, found in commas.items()}
    )
    if declared:
        return records, None
    count = sum(int(found.sum()) for found in commas.values())
    message = (
        f"{count} numbers have a decimal comma ({', '.join(list(commas)[:5])}); they are read as decimals. "
        "Declare it: written: {decimal: ','}."
    )
    return records, finding("RAW-LAYOUT", "minor", message, form=contract.form, value=str(count))


def _certain(records: pd.DataFrame, commas: dict[str, pd.Series], separator: str) -> bool:
    if separator == ",":
        return False
    return any((~records[n][found].str.fullmatch(THOUSANDS)).any() for n, found in commas.items())
