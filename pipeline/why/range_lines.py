"""The lines of files of no subject behind results: the reference ranges whose limits they were given."""

from __future__ import annotations

import pandas as pd

from pipeline.engine.node import DATA
from pipeline.engine.runner import Build
from pipeline.why.made import made
from sdtm.reference_ranges import OF_RESULT, ranges_held

LABORATORY, MAPPED, PEOPLE, RANGES = "LB", "lb_mapped", "dm_mapped", "reference_ranges_mapped"
PLACE = {"_FORM": "FORM", "_FILE": "FILE", "_LINE": "LINE", "_RECORD": "RECORD"}


def range_lines(build: Build, records: pd.DataFrame) -> pd.DataFrame:
    """USUBJID, DOMAIN, SEQ and place of the range of each of these results of LB that has no limits of its own."""
    asked = records[records["DOMAIN"] == LABORATORY].dropna(subset="SEQ")
    if asked.empty or not {RANGES, MAPPED, PEOPLE} <= set(build.graph):
        return asked.iloc[:0]
    made(build, MAPPED, PEOPLE, RANGES)
    ranges = build.frame(RANGES)
    if ranges.empty:
        return asked.iloc[:0]
    numbers = asked[["USUBJID", "SEQ"]].drop_duplicates().rename(columns={"SEQ": "LBSEQ"}).astype({"LBSEQ": "float64"})
    results = build.read(MAPPED, DATA, ["LBSEQ", "LBSTNRLO", "LBSTNRHI", *OF_RESULT])
    results = results[results["LBSTNRLO"].isna() & results["LBSTNRHI"].isna() & results["LBSTRESU"].notna()]
    own = results.astype({"LBSEQ": "float64"}).merge(numbers, on=["USUBJID", "LBSEQ"])
    if own.empty:
        return asked.iloc[:0]
    held = ranges_held(own, build.frame(PEOPLE), ranges, build.table("units"))["RANGE"]
    places = ranges.loc[held, list(PLACE)].rename(columns=PLACE).set_index(held.index)
    told = own.loc[held.index, ["USUBJID", "LBSEQ"]].rename(columns={"LBSEQ": "SEQ"})
    return told.assign(DOMAIN=LABORATORY, **places)
