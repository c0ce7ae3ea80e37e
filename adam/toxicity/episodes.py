"""Episodes of one toxicity: records that follow each other closely are one."""

from __future__ import annotations

import pandas as pd

from adam.derive.flags import present, yes_no
from adam.derive.merge import filter_extreme

FAR = pd.Timestamp("2262-01-01")


def merge_episodes(records: pd.DataFrame, gap: int) -> pd.DataFrame:
    """Add EPISODE (1, 2, ... per subject) to records with ASTDT and AENDT.

    A record belongs to the episode before it when its start is at most `gap` days after the latest end so far; an
    ongoing record (no AENDT) has no end and takes in all that follow. The rows come sorted by subject and start.
    """
    ordered = records.sort_values(["USUBJID", "ASTDT", "AESEQ"])
    reach = ordered["AENDT"].fillna(FAR).groupby(ordered["USUBJID"]).cummax()
    before = reach.groupby(ordered["USUBJID"]).shift()
    apart = before.isna() | ((ordered["ASTDT"] - before).dt.days > gap)
    return ordered.assign(EPISODE=apart.groupby(ordered["USUBJID"]).cumsum())


def first_episodes(records: pd.DataFrame, gap: int) -> pd.DataFrame:
    """One record per subject: start, end and sequence of the first merged episode.

    Columns ASTDT, ASTDTF and AESEQ of its first record, AENDT (missing when a part is ongoing) and AENDTF of the one
    that ends last, FATAL (Y when a part was fatal).
    """
    merged = merge_episodes(records, gap)
    parts = merged[merged["EPISODE"] == 1]
    parts = parts.assign(REACH=parts["AENDT"].fillna(FAR))
    begin = parts.drop_duplicates("USUBJID")
    end = filter_extreme(parts, ["USUBJID"], ["REACH"], "last")
    fatal = parts[parts["FATAL"] == "Y"]
    merged = begin[["USUBJID", "ASTDT", "ASTDTF", "AESEQ"]].merge(end[["USUBJID", "AENDT", "AENDTF"]], on="USUBJID")
    return merged.assign(FATAL=yes_no(present(merged, fatal)))
