"""Numbers with a decimal comma, in the number fields of a form: one way of writing before anything is computed."""

from __future__ import annotations

import pandas as pd

from pipeline.ground.distinct import matching
from pipeline.ground.queries import finding
from pipeline.study.contracts import NUMBERS, Contract

COMMA = r"\s*[<>=≤≥]{0,2}\s*[+-]?\d+,\d+\s*"
POINT = r"\s*[<>=≤≥]{0,2}\s*[+-]?\d+\.\d+\s*"
GROUPED = r"\s*[<>=≤≥]{0,2}\s*[+-]?\d{1,3}(?:\.\d{3})+\s*"
THOUSANDS = r".*,\d{3}\s*"


def decimal_points(
    records: pd.DataFrame, contract: Contract, separator: str, declared: str
) -> tuple[pd.DataFrame, pd.DataFrame | None]:
    """Records whose number fields have decimal points; the finding says so where nobody had declared the comma.

    Undeclared, the comma is a decimal sign only in a file that another sign separates, where no number has a point
    and not every comma could be one of thousands.
    """
    names = [n for n, entry in contract.fields.items() if entry.type in NUMBERS]
    commas = {n: matching(records[n], COMMA) for n in names if n in records}
    commas = {name: found for name, found in commas.items() if found.any()}
    if not commas or declared == ".":
        return records, None
    with_point = {n: matching(records[n], POINT) for n in names if n in records}
    points = [name for name, found in with_point.items() if found.any()]
    grouped = [name for name in points if records[name][with_point[name]].str.fullmatch(GROUPED).any()]
    if declared and grouped:
        message = (
            f"The decimal sign is declared as a comma, but {grouped[0]} has numbers with a point that may be one of "
            "thousands; none was changed. Declare the sign of this file."
        )
        return records, finding("RAW-LAYOUT", "major", message, form=contract.form, field=grouped[0])
    if not declared and (points or not _certain(records, commas, separator)):
        return records, None
    records = records.assign(
        **{n: records[n].mask(found, records[n].str.replace(",", ".", regex=False)) for n, found in commas.items()}
    )
    if declared:
        return records, _pointed(records, with_point, contract) if points else None
    count = sum(int(found.sum()) for found in commas.values())
    message = (
        f"{count} numbers have a decimal comma ({', '.join(list(commas)[:5])}); they are read as decimals. "
        "Declare it: written: {decimal: ','}."
    )
    return records, finding("RAW-LAYOUT", "minor", message, form=contract.form, value=str(count))


def _pointed(records: pd.DataFrame, with_point: dict[str, pd.Series], contract: Contract) -> pd.DataFrame:
    """Numbers with a point in a file of commas: read as they stand, for the point can be no sign of thousands."""
    count = sum(int(found.sum()) for found in with_point.values())
    name, found = next((name, found) for name, found in with_point.items() if found.any())
    value = str(records.loc[found, name].iloc[0])
    message = (
        f"The decimal sign is declared as a comma, but {count} numbers have a point (the first: '{value}' of {name}); "
        "it is read as a decimal point. Please correct them."
    )
    return finding("RAW-LAYOUT", "minor", message, form=contract.form, field=name, value=value)


def _certain(records: pd.DataFrame, commas: dict[str, pd.Series], separator: str) -> bool:
    if separator == ",":
        return False
    return any((~records[n][found].str.fullmatch(THOUSANDS)).any() for n, found in commas.items())
