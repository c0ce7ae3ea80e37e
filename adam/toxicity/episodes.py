"""Episodes of one toxicity: records that follow each other closely are one."""

from __future__ import annotations

import pandas as pd

from adam.derive.flags import present, yes_no
from adam.derive.merge import filter_extreme
from pipeline.ground.toxicities import Episodes

FAR = pd.Timestamp("2262-01-01")


def merge_episodes(records: pd.DataFrame, gap: int | None) -> pd.DataFrame:
    """Add EPISODE (1, 2, ... per subject) to records with START and END.

    A record belongs to the episode before it when its start is at most `gap` days after the latest end so far (none:
    to its own); an ongoing record (no END) has no end and takes in all that follow. The rows come sorted by subject and
    start.
    """
    ordered = records.sort_values(["USUBJID", "START", "SRCSEQ"])
    reach = ordered["END"].fillna(FAR).groupby(ordered["USUBJID"]).cummax()
    before = reach.groupby(ordered["USUBJID"]).shift()
    apart = before.isna() | (gap is None) | ((ordered["START"] - before).dt.days > (gap or 0))
    return ordered.assign(EPISODE=apart.groupby(ordered["USUBJID"]).cumsum())


def every_episode(records: pd.DataFrame, gap: int | None) -> pd.DataFrame:
    """One record per subject and EPISODE: START, STARTDTF and SRCSEQ of its first record, the highest GRADE, END and
    ENDDTF of the record that ends last (an END is missing when a part is ongoing)."""
    by = ["USUBJID", "EPISODE"]
    merged = merge_episodes(records, gap)
    merged = merged.assign(REACH=merged["END"].fillna(FAR))
    begin = merged.drop_duplicates(by)[[*by, "START", "STARTDTF", "SRCDOM", "SRCSEQ"]]
    last = filter_extreme(merged, by, ["REACH"], "last")[[*by, "END", "ENDDTF"]]
    return begin.merge(last, on=by).merge(merged.groupby(by, as_index=False)["GRADE"].max(), on=by)


def episode_asked(records: pd.DataFrame, rule: Episodes) -> pd.DataFrame:
    """One record per subject: start, end and sequence of the first merged episode, or of that with the worst grade.

    START and SRCSEQ of its first record, END (missing when a part is ongoing) of the one that ends last; STARTDTF and
    ENDDTF where a partial date leaves them unknown by the rule; FATAL (Y when a part was fatal).
    """
    merged = merge_episodes(records, rule.gap)
    parts = _parts(merged, rule.onset)
    parts = parts.assign(REACH=parts["END"].fillna(FAR))
    begin = parts.drop_duplicates("USUBJID")
    end = filter_extreme(parts, ["USUBJID"], ["REACH"], "last")
    fatal = parts[parts["FATAL"] == "Y"]
    asked = begin[["USUBJID", "START", "STARTDTF", "SRCSEQ"]].merge(end[["USUBJID", "END", "ENDDTF"]], on="USUBJID")
    scopes = {"episode": parts, "any": merged}
    for variable, scope in (("STARTDTF", rule.partial_start), ("ENDDTF", rule.partial_end)):
        if scope in scopes:
            partial = scopes[scope].dropna(subset=[variable]).groupby("USUBJID")[variable].first()
            asked[variable] = asked["USUBJID"].map(partial).astype("str")
    return asked.assign(FATAL=yes_no(present(asked, fatal)))


def _parts(merged: pd.DataFrame, onset: str) -> pd.DataFrame:
    """The records of each subject's first episode, or of the one that holds the first of the worst records."""
    if onset == "first":
        return merged[merged["EPISODE"] == 1]
    ranked = merged.assign(RANK=-merged["GRADE"].fillna(-1))
    worst = filter_extreme(ranked, ["USUBJID"], ["RANK", "START", "SRCSEQ"]).set_index("USUBJID")["EPISODE"]
    return merged[merged["EPISODE"] == merged["USUBJID"].map(worst)]
