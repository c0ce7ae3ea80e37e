"""Episodes of one toxicity: records that follow each other closely are one."""

from __future__ import annotations

import pandas as pd

FAR = pd.Timestamp("2262-01-01")


def merge_episodes(records: pd.DataFrame, gap: int) -> pd.DataFrame:
    """Add EPISODE (1, 2, ... per subject) to records with ASTDT and AENDT.

    A record belongs to the episode before it when its start is at most `gap` days after the latest end so far; an
    ongoing record (no AENDT) has no end and takes in all that follow. The rows come sorted by subject and start.
    """
    ordered = records.sort_values(["USUBJID", "ASTDT", "AESEQ"], kind="stable")
    reach = ordered["AENDT"].fillna(FAR).groupby(ordered["USUBJID"]).cummax()
    before = reach.groupby(ordered["USUBJID"]).shift()
    apart = before.isna() | ((ordered["ASTDT"] - before).dt.days > gap)
    return ordered.assign(EPISODE=apart.groupby(ordered["USUBJID"]).cumsum())


def first_episodes(records: pd.DataFrame, gap: int) -> pd.DataFrame:
    """One record per subject: start, end and sequence of the first merged episode.

    Columns ASTDT, AENDT (missing when any part is ongoing), AESEQ of its first record, STARTDTF and ENDDTF (first
    imputation flag met), FATAL (Y when a part was fatal).
    """
    first = merge_episodes(records, gap).query("EPISODE == 1")
    ongoing = first["AENDT"].isna().groupby(first["USUBJID"]).any()
    last = first.sort_values("AENDT", kind="stable").groupby("USUBJID")[["AENDTF"]].last()
    merged = first.groupby("USUBJID").agg(
        ASTDT=("ASTDT", "min"), AENDT=("AENDT", "max"), AESEQ=("AESEQ", "first"), FATAL=("FATAL", "max")
    )
    starts = first.drop_duplicates("USUBJID").set_index("USUBJID")["ASTDTF"]
    merged = merged.assign(AENDT=merged["AENDT"].mask(ongoing), ASTDTF=starts, AENDTF=last["AENDTF"])
    return merged.reset_index()
