"""Records of a findings domain as analysis values: value, baseline, change, visit, and what is on treatment."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from adam.derive.dates import study_day
from adam.derive.flags import derive_var_extreme_flag, yes_only
from adam.derive.sources import seen
from adam.derive.visits import derive_vars_window

LIMIT = r"^[<>]=?\s*(\d+(?:\.\d+)?)$"  # a result that is known by its limit alone: "<0.1"
BASELINE = "Baseline"


def analysis_values(records: pd.DataFrame, domain: str, people: pd.DataFrame) -> pd.DataFrame:
    """One record per record of the domain (VS, LB …), those of people with what is known of them beside.

    1. AVAL is the result in standard units (AVALU, where the domain has any), a limit alone ("<0.1") counting as that
       limit; AVALC a result that is no number. A record without a result stays, and has neither.
    2. ADT is the first possible day; ADY counts from the first treatment, CARTDY from the infusion.
    3. GROUP numbers subject and parameter; EARLY the records by day, preference (PREFER, where there), time and
       sequence; LATE is the same the other way round.
    """
    found = seen(records, domain, people)
    number, text = found[f"{domain}STRESN"], found[f"{domain}STRESC"].astype("str")
    value = number.fillna(pd.to_numeric(text.where(number.isna()).str.extract(LIMIT, expand=False)))
    found = found.assign(
        PARAMCD=found[f"{domain}TESTCD"], PARAM=found[f"{domain}TEST"], AVAL=value, AVALC=text.where(value.isna()),
        AVALU=found.get(f"{domain}STRESU"), ADY=study_day(found["ADT"], found["TRTSDT"]), ASEQ=found["SRCSEQ"],
        SRCVAR=pd.Series(np.where(value.notna() | text.isna(), f"{domain}STRESN", f"{domain}STRESC"), found.index),
        GROUP=found.groupby(["USUBJID", f"{domain}TESTCD"], sort=False).ngroup(),
    )
    by = ["GROUP", "ADT", *(name for name in ("PREFER",) if name in found), f"{domain}DTC", "SRCSEQ"]
    places = np.lexsort([_rank(found[name]) for name in reversed(by)])
    order = np.empty(len(found))
    order[places] = np.arange(len(found))
    return found.assign(EARLY=order, LATE=-order)


def _rank(values: pd.Series) -> npt.NDArray[Any]:
    """Numbers that order values as they are, what is missing first."""
    if pd.api.types.is_numeric_dtype(values):
        return values.fillna(-np.inf).to_numpy()
    return pd.factorize(values, sort=True)[0]


def derive_vars_base(values: pd.DataFrame, same_day: pd.Series) -> pd.DataFrame:
    """Add ABLFL, BASE, BASEC, CHG, PCHG and AFTERFL.

    The baseline is the last result before BASEDT (each day that a partial date may be), or of that day where
    `same_day` is true; CHG and PCHG are of what came after: dated on BASEDT or later, the baseline left out (AFTERFL).
    """
    result = values["AVAL"].notna() | values["AVALC"].notna()
    day, reference = values["ADT"], values["BASEDT"]
    surely = values["ADTHI"] < reference
    before = result & (surely | ((day == reference) & same_day))
    values = derive_var_extreme_flag(values, ["GROUP"], ["LATE"], "ABLFL", before)
    values = values.assign(AFTERFL=yes_only((day >= reference) & values["ABLFL"].isna()))
    base = at_baseline(values, "AVAL")
    change = (values["AVAL"] - base).where(values["AFTERFL"].eq("Y"))
    share = 100 * change / base.where(base != 0)
    return values.assign(BASE=base, BASEC=at_baseline(values, "AVALC"), CHG=change, PCHG=share)


def at_baseline(values: pd.DataFrame, name: str) -> pd.Series:
    """What a variable is on the baseline record of the subject and parameter, beside each of its records."""
    groups, known = values["GROUP"].to_numpy("int64"), np.flatnonzero(values["ABLFL"].eq("Y"))
    place = np.full(len(values) + 1, -1)  # of each group its baseline record; -1: none, and what is of no group
    place[groups[known]] = known
    return pd.Series(values[name].array.take(place[groups], allow_fill=True), values.index)


def derive_vars_visit(values: pd.DataFrame, visits: pd.DataFrame, time_point: str = "") -> pd.DataFrame:
    """Add AVISIT and AVISITN (0: baseline), the window's target and distance, and ANL01FL.

    1. The baseline record is of the visit Baseline; what came after it of the visit counted from the infusion whose
       window (visits.csv) holds its day; all else of none.
    2. ANL01FL is Y on the record of a parameter and visit (and time point) that counts: with a result, nearest to the
       planned day, the later of two as near.
    """
    windows, after = _windows(visits), values["AFTERFL"].eq("Y")
    days = values.assign(CARTDY=values["CARTDY"].where(after))
    placed = derive_vars_window(days, windows).assign(CARTDY=values["CARTDY"])
    baseline, numbers = values["ABLFL"].eq("Y"), windows.set_index("AVISIT")["VISITNUM"]
    placed = placed.assign(AVISIT=placed["AVISIT"].mask(baseline, BASELINE),
                           AVISITN=placed["AVISIT"].map(numbers).astype("float64").mask(baseline, 0.0))  # fmt: skip
    counted = placed["AVISIT"].notna() & (placed["AVAL"].notna() | placed["AVALC"].notna())
    by = ["GROUP", "AVISITN", *([time_point] if time_point else [])]
    return derive_var_extreme_flag(placed, by, ["AWTDIFF", "LATE"], "ANL01FL", counted)


def _windows(visits: pd.DataFrame) -> pd.DataFrame:
    """The visits counted from the first infusion that have a planned day and a window, in order."""
    chosen = visits[visits["ANCHOR"].eq("CELLS") & visits["PLANNED_DAY"].notna() & visits["WINDOW_LOW"].notna()]
    names = {"TARGET": "PLANNED_DAY", "LOW": "WINDOW_LOW", "HIGH": "WINDOW_HIGH", "VISITNUM": "VISITNUM"}
    windows = chosen[["AVISIT"]].assign(**{new: pd.to_numeric(chosen[name]) for new, name in names.items()})
    return windows.drop_duplicates("AVISIT").sort_values("TARGET")


def derive_var_ontrtfl(values: pd.DataFrame) -> pd.DataFrame:
    """Add ONTRTFL: dated from ONTRTSDT to ONTRTEDT (none: without end), the baseline left out."""
    day, last = values["ADT"], values["ONTRTEDT"]
    inside = (day >= values["ONTRTSDT"]) & (last.isna() | (day <= last)) & values["ABLFL"].isna()
    return values.assign(ONTRTFL=yes_only(inside))
