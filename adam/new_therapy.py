"""The first subsequent anticancer therapy and the first transplant of each subject."""

from __future__ import annotations

import pandas as pd

from adam.derive.dates import possible_days
from adam.derive.flags import yes_no
from adam.derive.merge import derive_vars_merged, filter_extreme

CATEGORY = "SUBSEQUENT ANTICANCER THERAPY"


def new_therapy(cm: pd.DataFrame, pr: pd.DataFrame, exposure: pd.DataFrame, hsct_newtx: bool) -> pd.DataFrame:
    """One record per subject with a subsequent therapy.

    1. Drugs come from CM, transplants and radiotherapy from PR.
    2. A partial start date is the first of the possible days, but the first treatment date when that is one of them.
    3. On one start day a transplant is named before another therapy; it counts when HSCT_NEWTX is Y.
    """
    therapies = pd.concat([_therapies(cm, "CM"), _therapies(pr, "PR")], ignore_index=True)
    days = possible_days(therapies["DTC"])
    therapies = derive_vars_merged(therapies, exposure, ["TRTSDT"])
    treated = therapies["TRTSDT"]
    within = days["DTF"].notna() & (treated >= days["FIRST"]) & (treated <= days["LAST"])
    therapies = therapies.assign(NACTDT=days["FIRST"].mask(within, treated), NACTDTF=days["DTF"])
    therapies = therapies.dropna(subset=["NACTDT"])
    transplants = therapies[therapies["HSCT"] == "Y"]
    counted = therapies if hsct_newtx else therapies[therapies["HSCT"] == "N"]
    ordered = counted.assign(RANK=counted["HSCT"].map({"Y": 0, "N": 1}))
    first = filter_extreme(ordered, ["USUBJID"], ["NACTDT", "RANK", "NACTSEQ"])
    hsct = transplants.groupby(["STUDYID", "USUBJID"], as_index=False).agg(HSCTDT=("NACTDT", "min"))
    columns = ["STUDYID", "USUBJID", "NACTDT", "NACTDTF", "HSCT", "NACTDOM", "NACTSEQ"]
    return first[columns].rename(columns={"HSCT": "NACTHSCT"}).merge(hsct, on=["STUDYID", "USUBJID"], how="outer")


def _therapies(records: pd.DataFrame, domain: str) -> pd.DataFrame:
    """The subsequent anticancer therapies of CM or PR under common names."""
    chosen = records[records[f"{domain}CAT"] == CATEGORY]
    transplant = chosen["PRSCAT"].eq("HSCT") if domain == "PR" else pd.Series(False, index=chosen.index)
    return pd.DataFrame({
        "STUDYID": chosen["STUDYID"], "USUBJID": chosen["USUBJID"], "DTC": chosen[f"{domain}STDTC"],
        "NACTSEQ": chosen[f"{domain}SEQ"], "NACTDOM": pd.Series(domain, index=chosen.index, dtype="str"),
        "HSCT": yes_no(transplant),
    })
