"""The value of a parameter at baseline: which of a subject's records before a treatment date gives it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from adam.derive.clock import dosing_days, earlier_that_day
from adam.derive.sources import seen
from pipeline.ground.clauses import meeting
from pipeline.ground.course import BaselineSource, BaselineValue

ROLE = {"CARTSDT": "CELLS", "CARTEDT": "CELLS", "CONDSDT": "CONDITIONING"}  # whose dose is given on a reference day
ORDER = {"first": ("ADT", "SRCSEQ"), "highest": ("RANK", "ADT", "SRCSEQ"), "lowest": ("RANK", "ADT", "SRCSEQ")}


def baseline_value(
    one: BaselineValue, people: pd.DataFrame, datasets: Mapping[str, pd.DataFrame], dosing: pd.DataFrame, period: int
) -> pd.Series:
    """One value per subject of `people` (dates of treatment beside), on its index: of the first source that has one.

    1. Records count that meet the clause (over records as seen) and have a value, before the reference date by their
       first possible day; those of that day as `day` says: out, in, or by time (before the clock of the day's dose).
    2. A subject without the reference date has the last ones, unless `untreated` is none.
    3. Of several the last, first, highest or lowest; ties by date, then by sequence. Rounded half away from zero.
    """
    found = pd.Series(np.nan, people.index, "float64" if one.type == "number" else "str")
    for source in one.sources:
        days = dosing_days(dosing, period, ROLE.get(source.before, ""))
        values = _values(source, one.type, seen(datasets[source.of], source.of, people), days)
        found = found.fillna(people["USUBJID"].map(values).astype(found.dtype))
    return _rounded(found, int(one.decimals)) if one.decimals else found


def _values(source: BaselineSource, kind: str, records: pd.DataFrame, days: pd.DataFrame) -> pd.Series:
    """The value of one source by subject."""
    chosen = meeting(records, source.where, "baseline.yaml")
    value = chosen[source.value]
    chosen = chosen.assign(VALUE=pd.to_numeric(value, errors="coerce") if kind == "number" else value)
    chosen = chosen.dropna(subset=["VALUE"])
    chosen = chosen[_before(source, chosen, days)]
    if source.take in ("highest", "lowest"):
        chosen = chosen.assign(RANK=chosen["VALUE"] if source.take == "lowest" else -chosen["VALUE"])
    order = ["USUBJID", *ORDER.get(source.take, ORDER["first"])]
    ordered = chosen.sort_values(order, na_position="first" if source.take == "last" else "last")
    return ordered.drop_duplicates("USUBJID", keep="last" if source.take == "last" else "first").set_index("USUBJID")[
        "VALUE"
    ]


def _before(source: BaselineSource, records: pd.DataFrame, days: pd.DataFrame) -> pd.Series:
    """True for the records that lie before the reference."""
    day, reference = records["ADT"], records[source.before]
    before = day < reference
    if source.day == "in":
        before = day <= reference
    elif source.day == "time":
        clocks = records[["USUBJID"]].assign(DATE=reference).merge(days, on=["USUBJID", "DATE"], how="left")["CLOCK"]
        before = before | earlier_that_day(_text(records), reference, clocks.set_axis(records.index))
    return before | (reference.isna() & (source.untreated == "kept"))


def _text(records: pd.DataFrame) -> pd.Series:
    """The ISO 8601 text that dates the records, which may have a time."""
    names = [name for name in records["SRCVAR"].dropna().unique() if name in records.columns]
    return records[names[0]] if names else pd.Series(np.nan, records.index, "str")


def _rounded(values: pd.Series, decimals: int) -> pd.Series:
    """Rounded half away from zero; what lies within a billionth of a half is one."""
    scaled = (values.abs() * 10**decimals + 0.5 + 1e-9).apply(np.floor)
    return np.sign(values) * scaled / 10**decimals
