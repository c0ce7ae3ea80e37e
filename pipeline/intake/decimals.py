"""Numbers with a decimal comma, in the number fields of a form: one way of writing before anything is computed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import pandas as pd

from pipeline.ground.distinct import matching
from pipeline.ground.queries import finding
from pipeline.study.contracts import NUMBERS, Contract

COMMA = r"\s*[<>=≤≥]{0,2}\s*[+-]?\d+,\d+\s*"
POINT = r"\s*[<>=≤≥]{0,2}\s*[+-]?\d+\.\d+\s*"
GROUPED = r"\s*[<>=≤≥]{0,2}\s*[+-]?\d{1,3}(?:\.\d{3})+\s*"
THOUSANDS = r".*,\d{3}\s*"


class Signs(NamedTuple):
    """How many numbers of a field have a comma, and a point, which is the first of those with a point, and two doubts.

    `grouped`: a point may be one of thousands. `decimal`: a comma can be none of thousands.
    """

    commas: int = 0
    points: int = 0
    first: str = ""
    grouped: bool = False
    decimal: bool = False


def in_doubt(separator: str, declared: str) -> bool:
    """True where commas may be decimal signs: they are declared, or another sign separates and none is declared."""
    return declared != "." and bool(declared or separator != ",")


def signs_of(pieces: Iterable[pd.DataFrame]) -> dict[str, Signs]:
    """The signs in each column of these, which are the number fields of a form, some records at a time."""
    found: dict[str, Signs] = {}
    for records in pieces:
        for name in records.columns:
            found[name] = _added(found.get(name, Signs()), _signs(records[name]))
    return found


def _signs(cells: pd.Series) -> Signs:
    commas, points = matching(cells, COMMA), matching(cells, POINT)
    pointed = cells[points]
    first = str(pointed.iloc[0]) if len(pointed) else ""
    decimal = bool((~cells[commas].str.fullmatch(THOUSANDS)).any())
    return Signs(int(commas.sum()), len(pointed), first, bool(pointed.str.fullmatch(GROUPED).any()), decimal)


def _added(one: Signs, two: Signs) -> Signs:
    grouped, decimal = one.grouped or two.grouped, one.decimal or two.decimal
    return Signs(one.commas + two.commas, one.points + two.points, one.first or two.first, grouped, decimal)


def number_fields(contract: Contract) -> list[str]:
    """The fields of a form that hold numbers."""
    return [name for name, entry in contract.fields.items() if entry.type in NUMBERS]


def decimal_commas(
    signs: Mapping[str, Signs], contract: Contract, declared: str
) -> tuple[list[str], pd.DataFrame | None]:
    """The fields whose commas are decimal signs; the finding says so where nobody had declared the comma.

    Undeclared, the comma is a decimal sign only in a file that another sign separates, where no number has a point
    and not every comma could be one of thousands.
    """
    with_comma = [name for name, one in signs.items() if one.commas]
    points = [name for name, one in signs.items() if one.points]
    grouped = [name for name in points if signs[name].grouped]
    if not with_comma:
        return [], None
    if declared and grouped:
        message = (
            f"The decimal sign is declared as a comma, but {grouped[0]} has numbers with a point that may be one of "
            "thousands; none was changed. Declare the sign of this file."
        )
        return [], finding("RAW-LAYOUT", "major", message, form=contract.form, field=grouped[0])
    if declared:
        return with_comma, _pointed(signs, points, contract) if points else None
    if points or not any(one.decimal for one in signs.values()):
        return [], None
    count = sum(one.commas for one in signs.values())
    message = (
        f"{count} numbers have a decimal comma ({', '.join(with_comma[:5])}); they are read as decimals. "
        "Declare it: written: {decimal: ','}."
    )
    return with_comma, finding("RAW-LAYOUT", "minor", message, form=contract.form, value=str(count))


def _pointed(signs: Mapping[str, Signs], points: list[str], contract: Contract) -> pd.DataFrame:
    """Numbers with a point in a file of commas: read as they stand, for the point can be no sign of thousands."""
    count, name, value = sum(signs[name].points for name in points), points[0], signs[points[0]].first
    message = (
        f"The decimal sign is declared as a comma, but {count} numbers have a point (the first: '{value}' of {name}); "
        "it is read as a decimal point. Please correct them."
    )
    return finding("RAW-LAYOUT", "minor", message, form=contract.form, field=name, value=value)


def with_points(records: pd.DataFrame, commas: Iterable[str]) -> pd.DataFrame:
    """Records whose numbers have decimal points, in the fields whose commas are decimal signs."""
    told = {n: records[n].mask(matching(records[n], COMMA), records[n].str.replace(",", ".", regex=False))
            for n in commas if n in records}  # fmt: skip
    return records.assign(**told) if told else records
