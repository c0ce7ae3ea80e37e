"""Records of any dataset as situations, conditions and toxicities see them: dated, sourced, beside their subject."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from adam.derive.dates import days_from, possible_days

DATED = ("ADT", "ASTDT")  # the date of an analysis dataset's records
NUMBERED = re.compile(r"[A-Z]{2}SEQ")


def seen(dataset: pd.DataFrame, domain: str, subjects: pd.DataFrame, date: str = "") -> pd.DataFrame:
    """The records of an SDTM or ADaM dataset, one each and under their index, with what a clause may ask beside them.

    1. ADT: the first possible day of `date`, else of ADT, ASTDT, --STDTC or --DTC, the first that the dataset has;
       ADTF: D or M where day or month are unknown; ADTHI: the last possible day. Without such a variable: missing.
    2. CARTDY: days from the subject's first infusion (0 on its day).
    3. SRCDOM, SRCVAR, SRCSEQ: the SDTM record, as the dataset says itself, else by its --SEQ.
    4. Every variable of `subjects` (one record per subject) that the dataset has not itself.
    """
    date = date or _date_variable(dataset, domain.upper())
    records = dataset.assign(**_source(dataset, domain.upper(), date), **_days(dataset, date))
    others = [name for name in subjects.columns if name not in records.columns]
    beside = subjects.set_index("USUBJID")[others].reindex(records["USUBJID"]).set_axis(records.index)
    records = pd.concat([records, beside], axis="columns")
    return records.assign(CARTDY=days_from(records["ADT"], records["CARTSDT"]))


def _date_variable(dataset: pd.DataFrame, domain: str) -> str:
    """The variable that dates a dataset's records; '' where it has none (one record per subject)."""
    names = (*DATED, f"{domain}STDTC", f"{domain}DTC")
    return next((name for name in names if name in dataset.columns), "")


def _days(dataset: pd.DataFrame, date: str) -> dict[str, pd.Series]:
    """ADT, ADTF and ADTHI: of ISO text its possible days; of a date those that its imputation flag leaves open."""
    if not date:
        none = pd.Series(pd.NaT, dataset.index, "datetime64[s]")
        return {"ADT": none, "ADTF": pd.Series(np.nan, dataset.index, "str"), "ADTHI": none}
    if not pd.api.types.is_datetime64_any_dtype(dataset[date]):
        days = possible_days(dataset[date])
        return {"ADT": days["FIRST"], "ADTF": days["DTF"], "ADTHI": days["LAST"]}
    first, unknown = dataset[date], pd.Series(np.nan, dataset.index, "str")
    flag = dataset[f"{date}F"] if f"{date}F" in dataset.columns else unknown
    month, year = (first.dt.to_period(length).dt.end_time.dt.floor("D").astype(first.dtype) for length in "MY")
    return {"ADT": first, "ADTF": flag, "ADTHI": first.mask(flag.eq("D"), month).mask(flag.eq("M"), year)}


def _source(dataset: pd.DataFrame, domain: str, date: str) -> dict[str, pd.Series]:
    """SRCDOM, SRCVAR and SRCSEQ: the dataset's own, else by the one --SEQ that it carries."""
    if {"SRCDOM", "SRCVAR", "SRCSEQ"} <= set(dataset.columns):
        return {}
    numbers = [name for name in dataset.columns if NUMBERED.fullmatch(name)]
    number = f"{domain}SEQ" if f"{domain}SEQ" in numbers else numbers[0] if len(numbers) == 1 else ""
    prefix = number.removesuffix("SEQ") or domain
    names = (f"{prefix}STDTC", f"{prefix}DTC")
    kept = date if date.startswith(prefix) else next((name for name in names if name in dataset.columns), names[1])
    text = {"SRCDOM": prefix, "SRCVAR": kept if number else date}
    source = {name: pd.Series(value or np.nan, dataset.index, "str") for name, value in text.items()}
    return source | {"SRCSEQ": dataset[number].astype("float64") if number else pd.Series(np.nan, dataset.index)}
