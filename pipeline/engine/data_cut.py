"""What the data cut did (clarification 25): what was left out and undone, and proof that nothing later is left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from pipeline.engine.days_told import DATE, DTC, QUALIFIED, QUALIFIER, tells_days
from pipeline.ground.dates import earliest
from pipeline.ground.metadata import DatasetSpec

COLUMNS = ("DATASET", "RECORDS", "LEFT_OUT", "UNDONE", "VARIABLES", "LATEST", "OF", "LATER")
LEFT_OUT, UNDONE = "SDTM-CUT", "SDTM-CUTVALUE"


def data_cut(
    datasets: Iterable[tuple[DatasetSpec, pd.DataFrame]], findings: Mapping[str, pd.DataFrame], cutoff: str
) -> pd.DataFrame:
    """One record per dataset of SDTM and ADaM, in their order (COLUMNS).

    LEFT_OUT: lines of the extract that start after the cut; UNDONE: records with a value that could not be known at it,
    and VARIABLES, which; LATEST: the latest day that a date of the dataset can have at the earliest, and OF which
    variable; LATER: dates that lie after the cut, of which there must be none. A study without a cut has no LATER.
    """
    cut = pd.to_datetime(cutoff, errors="coerce")
    rows = [_row(spec, frame, findings.get(spec.dataset.lower()), cut) for spec, frame in datasets]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"LATER": "Int64"})


def _row(spec: DatasetSpec, frame: pd.DataFrame, found: pd.DataFrame | None, cut: pd.Timestamp) -> tuple[object, ...]:
    told = found if found is not None else pd.DataFrame({"check": [], "value": []}, dtype="str")
    left, undone = (told.loc[told["check"] == check, "value"] for check in (LEFT_OUT, UNDONE))
    lines = int(pd.to_numeric(left).sum()) if len(left) else 0
    named = sorted({name for value in undone for name in value.split()})
    days = {variable.name: _days(variable.type, frame[variable.name]) for variable in spec.variables
            if variable.name in frame and tells_days(variable)}  # fmt: skip
    if QUALIFIER in frame:
        days[QUALIFIED] = earliest(frame[QUALIFIED].where(frame[QUALIFIER].str.endswith(DTC)))
    last = {name: day.max() for name, day in days.items() if day.notna().any()}
    of = max(last, key=lambda name: last[name], default="")
    later = sum(int((day > cut).sum()) for day in days.values()) if pd.notna(cut) else pd.NA
    latest = last[of].strftime("%Y-%m-%d") if of else ""
    return (spec.dataset, len(frame), lines, len(undone), " ".join(named), latest, of, later)


def _days(kind: str, dates: pd.Series) -> pd.Series:
    return dates if kind == DATE else earliest(dates)


def in_short(found: pd.DataFrame) -> str:
    """What the table comes to, in one line."""
    later = found["LATER"].fillna(0)
    told = f"{found['LEFT_OUT'].sum():,} lines left out, {found['UNDONE'].sum():,} records with a value undone"
    if found["LATER"].isna().all():
        return f"{told}; this study has no data cut"
    kept = ", ".join(f"{name} {count}" for name, count in zip(found["DATASET"], later, strict=True) if count)
    return f"{told}; " + (f"later than the cut all the same: {kept}" if kept else "nothing later is left")
