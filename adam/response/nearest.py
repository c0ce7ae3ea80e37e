"""What stands beside a response assessment: the value of a source's nearest record, or the first case that holds."""

from __future__ import annotations

import pandas as pd

from adam.derive.conditions import changed
from adam.derive.flags import first_reason
from adam.derive.merge import filter_extreme
from adam.derive.sources import BY_DATE, source_rows
from pipeline.ground.clauses import meets
from pipeline.ground.endpoints import Beside, Derivation

POINT = ["USUBJID", "RSSEQ"]


def with_beside(
    points: pd.DataFrame, people: pd.DataFrame, derivation: Derivation, named: dict[str, pd.DataFrame]
) -> pd.DataFrame:
    """The assessments with each variable that the study puts beside them, in order; a later case may ask an earlier."""
    theirs = [name for name in people.columns if name not in points.columns]
    known = points.merge(people[["USUBJID", *theirs]], on="USUBJID", how="left").set_axis(points.index)
    for one in derivation.beside:
        value = _nearest(known, one, people, derivation, named) if one.nearest else _case(known, one)
        known, points = (frame.assign(**{one.name: value}) for frame in (known, points))
    return points


def _case(points: pd.DataFrame, one: Beside) -> pd.Series:
    found = first_reason(points.index, {text: meets(points, where) for text, where in one.cases.items()})
    return found.fillna(one.otherwise) if one.otherwise else found


def _nearest(
    points: pd.DataFrame, one: Beside, people: pd.DataFrame, derivation: Derivation, named: dict[str, pd.DataFrame]
) -> pd.Series:
    """The value of the source's record nearest to each assessment, on the index of `points`."""
    source = derivation.sources[one.nearest]
    asked = [one.base] if one.base else []
    records = changed(source_rows(source, people, derivation.sources, named, asked), one.base)
    alike = ["USUBJID", "LNKGRP"] if one.days is None else ["USUBJID"]
    if one.days is None:
        records = records.assign(LNKGRP=records.filter(like="LNKGRP").iloc[:, 0])
        records = records[records["LNKGRP"].notna()]
    records = records.loc[records[one.value].notna(), [*alike, *BY_DATE, one.value]]
    pairs = points[[*POINT, *alike[1:], "ADT"]].rename(columns={"ADT": "DAY"}).merge(records, on=alike)
    pairs = pairs.assign(CLOSE=-(pairs["ADT"] - pairs["DAY"]).dt.days.abs())
    within = pairs if one.days is None else pairs[pairs["CLOSE"] >= -one.days]
    chosen = filter_extreme(within, POINT, ["CLOSE", *BY_DATE], "last")
    values = chosen.set_index(POINT)[one.value].reindex(pd.MultiIndex.from_frame(points[POINT]))
    value = pd.Series(values.array, points.index)
    if not one.otherwise:
        return value
    return value.fillna(pd.to_numeric(one.otherwise) if pd.api.types.is_numeric_dtype(value) else one.otherwise)
