"""Records of an events or interventions domain on the calendar of the analysis: start, end, days, number."""

from __future__ import annotations

import pandas as pd

from adam.derive.dates import days_from, earliest, infusion_day, possible_days, study_day

TOPICS = ("TERM", "TRT")  # what a record of events or of interventions is called


def derive_vars_period(records: pd.DataFrame, domain: str, cutoff: pd.Timestamp) -> pd.DataFrame:
    """Add ASTDT, ASTDTF, AENDT, AENDTF, ASTDY, AENDY, CARTDY, ADURN and ASEQ; the subject's dates stand beside them.

    1. ASTDT is the first possible day, AENDT the last one: a partial date of end not after death or data cut.
    2. ASTDY and AENDY count from the first treatment, CARTDY is the start day counted from the first infusion.
    3. ADURN is the days of a record whose two dates are whole and in order, both counted.
    4. ASEQ numbers the records of a subject by ASTDT (unknown ones first), then --SEQ.
    """
    start, end = (possible_days(_dtc(records, f"{domain}{name}DTC")) for name in ("ST", "EN"))
    limit = records["DTHDT"].fillna(cutoff).clip(upper=cutoff)
    partial = end["DTF"].notna() & (end["FIRST"] <= limit)
    dated = records.assign(
        ASTDT=start["FIRST"], ASTDTF=start["DTF"], AENDTF=end["DTF"],
        AENDT=end["LAST"].mask(partial, earliest(end["LAST"], limit)),
    )  # fmt: skip
    ordered = dated.sort_values(["USUBJID", "ASTDT", f"{domain}SEQ"], na_position="first", kind="stable")
    return dated.assign(
        ASTDY=study_day(dated["ASTDT"], dated["TRTSDT"]), AENDY=study_day(dated["AENDT"], dated["TRTSDT"]),
        CARTDY=infusion_day(dated["ASTDT"], dated), ADURN=duration(dated),
        ASEQ=ordered.groupby("USUBJID").cumcount() + 1,
    )  # fmt: skip


def duration(records: pd.DataFrame) -> pd.Series:
    """Days from ASTDT to AENDT, both counted, of the records of which neither is imputed, and the end not before."""
    whole = records["ASTDTF"].isna() & records["AENDTF"].isna() & (records["AENDT"] >= records["ASTDT"])
    return (days_from(records["AENDT"], records["ASTDT"]) + 1).where(whole)


def _dtc(records: pd.DataFrame, name: str) -> pd.Series:
    """A date of the domain; missing throughout where the domain has none (deviations have no end)."""
    return records[name] if name in records.columns else pd.Series(None, records.index, "str")


def named_by_topic(records: pd.DataFrame, domain: str) -> str:
    """The variable by which a record of the domain is called, else its start date."""
    return next((f"{domain}{one}" for one in TOPICS if f"{domain}{one}" in records.columns), f"{domain}STDTC")
