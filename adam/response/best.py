"""Best overall response: qualifying, confirming, choosing (analysis plan 2.7)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from adam.criteria.responses import ORDER, REMISSIONS
from adam.derive.dates import add_days


def qualifying_response(
    counted: pd.DataFrame, confirm: bool, conf_days: int, max_ne: int, sd_min_days: int, cr_min_dur: int | None
) -> pd.Series:
    """What each counted assessment (OVERALL) is worth for the best response, on the index of `counted`.

    1. Where CONFIRM is Y an unconfirmed CR or PR is worth SD.
    2. A complete remission that is not known to be held for CR_MIN_DUR days is worth SD.
    3. SD earlier than SD_MIN_DAYS after the infusion is worth NE.
    """
    worth = counted["OVERALL"]
    if cr_min_dur is not None:
        worth = worth.mask(worth.isin(REMISSIONS) & ~_held(counted, cr_min_dur), "SD")
    if confirm:
        confirmed = _confirmed(counted, conf_days, max_ne)
        worth = worth.mask(worth.isin(["CR", "PR"]) & ~confirmed, "SD")
    early = counted["ADT"] < add_days(counted["CARTSDT"], sd_min_days)
    return worth.mask(worth.eq("SD") & early, "NE")


def best_response(counted: pd.DataFrame) -> pd.DataFrame:
    """One record per subject: the best QUALRSP (CR > PR > SD > PD > NE) and the first assessment that shows it."""
    ranked = counted.assign(RANK=counted["QUALRSP"].map(ORDER))
    return ranked.sort_values(["USUBJID", "RANK", "ADT", "RSSEQ"]).drop_duplicates("USUBJID")


def _confirmed(counted: pd.DataFrame, conf_days: int, max_ne: int) -> pd.Series:
    """True for a CR or PR with its confirmation, found among all pairs of assessments of a subject.

    A CR needs a later CR with only CR or NE between; a PR a later CR or PR with only CR, PR or NE between and no PR
    after a CR; at least CONF_DAYS apart, at most MAX_NE not evaluable between. Source: admiralonco, response_sources.R.
    """
    rows = _running_counts(counted.reset_index(names="ROW").sort_values(["USUBJID", "ADT", "RSSEQ"]))
    first = rows[rows["OVERALL"].isin(["CR", "PR"])]
    pairs = first.merge(rows[rows["OVERALL"].isin(["CR", "PR"])], on="USUBJID", suffixes=("", "_2"))
    pairs = pairs[pairs["ADT_2"] >= add_days(pairs["ADT"], conf_days)]
    between = {name: pairs[f"{name}_2"] - pairs[name] for name in ("NE", "WORSE", "PR", "FALL")}
    complete = pairs["OVERALL"].eq("CR") & pairs["OVERALL_2"].eq("CR") & between["PR"].eq(0)
    partial = pairs["OVERALL"].eq("PR") & between["FALL"].eq(0)
    good = pairs[(complete | partial) & between["NE"].le(max_ne) & between["WORSE"].eq(0)]
    return pd.Series(counted.index.isin(good["ROW"]), index=counted.index)


def _held(counted: pd.DataFrame, days: int) -> pd.Series:
    """True for a complete remission after which one at least so many days later follows, and none but those between."""
    rows = counted.reset_index(names="ROW").sort_values(["USUBJID", "ADT", "RSSEQ"])
    other = ~rows["OVERALL"].isin([*REMISSIONS, "NE"])
    rows = rows.assign(OTHER=other.astype(np.int64).groupby(rows["USUBJID"]).cumsum())
    remissions = rows.loc[rows["OVERALL"].isin(REMISSIONS), ["USUBJID", "ROW", "ADT", "OTHER"]]
    last = remissions.groupby(["USUBJID", "OTHER"])["ADT"].transform("max")
    held = remissions.loc[last >= add_days(remissions["ADT"], days), "ROW"]
    return pd.Series(counted.index.isin(held), counted.index)


def _running_counts(rows: pd.DataFrame) -> pd.DataFrame:
    """Add per subject the running numbers of NE, WORSE (SD, PD), PR and FALL (PR after a CR)."""
    evaluable = rows["OVERALL"].where(rows["OVERALL"].ne("NE"))
    previous = evaluable.groupby(rows["USUBJID"]).ffill().groupby(rows["USUBJID"]).shift()
    marks = pd.DataFrame({
        "NE": rows["OVERALL"].eq("NE"), "WORSE": rows["OVERALL"].isin(["SD", "PD"]), "PR": rows["OVERALL"].eq("PR"),
        "FALL": rows["OVERALL"].eq("PR") & previous.eq("CR"),
    }).astype(np.int64)
    return rows.assign(**{name: marks[name].groupby(rows["USUBJID"]).cumsum() for name in marks})
