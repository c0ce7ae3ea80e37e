"""The records of a listing in their order, and the text of each of their cells, as results."""

from __future__ import annotations

from functools import reduce

import pandas as pd

from pipeline.ground.clauses import quoted
from pipeline.ground.words import value_text
from tlf import lines
from tlf.conditions import SUBJECT, Records
from tlf.ids import named
from tlf.order import in_order, partner
from tlf.results import Origin, Place, entry
from tlf.shell import cell, names_of, rounded
from tlf.shells import ListingBlock, Shell

SIGNIFICANT = 6  # digits of a number, beside which further ones tell a reader nothing
SMALL = 0.001  # a number below it stands as it is


def in_their_order(used: pd.DataFrame, shell: Shell, block: ListingBlock, records: Records) -> pd.DataFrame:
    """The records in their order, with the variables of their subject that cells and order name."""
    adsl = records.where("adsl", "").set_index(SUBJECT)
    order = [name for one in shell.sort for name in (one, partner(adsl, one))]
    wanted = dict.fromkeys([*order, *(name for said in block.cells for name in names_of(said))])
    lent = {name: used[SUBJECT].map(adsl[name]) for name in wanted if name not in used and name in adsl}
    return in_order(used.assign(**lent), shell.sort)


def shared(place: Place, origin: Origin, subjects: pd.Series) -> pd.DataFrame:
    """What the cells of a record share: its names and the clause of its subject; the index is its number."""
    number = pd.RangeIndex(1, len(subjects) + 1)
    subject = "USUBJID == " + subjects.set_axis(number).map(quoted)
    return pd.DataFrame({
        "ROWID": place.rowid + " / " + number.astype("str"), "ROW": named(place.rowid) + "." + number.astype("str"),
        "WHERE": f"({origin.where}) and " + subject if origin.where else subject,
    }, index=number)  # fmt: skip


def column(place: Place, origin: Origin, said: str, used: pd.DataFrame, beside: pd.DataFrame) -> pd.DataFrame:
    """One column of a block as results, one row per record, with what its cells share (`beside`)."""
    names = names_of(said)
    texts = _filled(said, used[names]).set_axis(beside.index)
    result = pd.DataFrame(entry(place, origin, "text"), index=beside.index)
    return result.assign(**beside, VALUEC=texts.fillna(""), VARIABLE=" ".join(names))


def _filled(said: str, values: pd.DataFrame) -> pd.Series:
    """The text of each cell: its first value, or its shell filled; nothing where a shell has none of its values."""
    if "{" not in said:
        first, *others = (_texts(values[name]) for name in values)
        return reduce(lambda told, more: told.where(told.notna(), more), others, first)
    plain = [name for name in values if f"{{{name}}}" in said]
    frame = values.assign(**{name: _texts(values[name]) for name in plain})
    texts = [lines.closed_up(cell(said, row)) for row in frame.to_dict("records")]
    return pd.Series(texts, index=values.index, dtype="str").where(values.notna().any(axis=1))


def _texts(values: pd.Series) -> pd.Series:
    """The values as printed: ISO dates, numbers to SIGNIFICANT digits without trailing zeros, text as it is."""
    if pd.api.types.is_datetime64_any_dtype(values):
        return values.dt.strftime("%Y-%m-%d").astype("str")
    if pd.api.types.is_numeric_dtype(values):
        return values.astype("float").map(_number, na_action="ignore").astype("str")
    return values


def _number(value: float) -> str:
    """A number with as many decimals as SIGNIFICANT digits leave it, and all digits before the point."""
    whole = len(f"{abs(value):.0f}") if abs(value) >= 1 else 0
    return value_text(float(rounded(value, max(SIGNIFICANT - whole, 0))) if abs(value) >= SMALL else value)
