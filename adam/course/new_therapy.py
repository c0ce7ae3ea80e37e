"""The first subsequent anticancer therapy and the first transplant of each subject."""

from __future__ import annotations

import pandas as pd

from adam.derive.dates import may_be, possible_days
from adam.derive.flags import yes_no
from adam.derive.merge import derive_vars_merged, filter_extreme

CATEGORY = "SUBSEQUENT ANTICANCER THERAPY"
SUBJECT = ["STUDYID", "USUBJID"]


def new_therapy(cm: pd.DataFrame, pr: pd.DataFrame, exposure: pd.DataFrame, hsct_newtx: bool) -> pd.DataFrame:
    """One record per subject with a subsequent therapy.

    1. Drugs come from CM, transplants and radiotherapy from PR.
    2. A partial start is the first possible day, but the day of the first cells (else of the first treatment) when
       that is possible.
    3. NACTDT is new to the treatment: on or after the first cells, never infused: the first treatment, never treated:
       any. FIRSTTX is the first on or after the first treatment: it ends the observation of the DLT period.
    4. On one start day a transplant is named before another therapy; it counts when HSCT_NEWTX is Y.
    """
    therapies = pd.concat([_therapies(cm, "CM"), _therapies(pr, "PR")])
    therapies = _dated(derive_vars_merged(therapies, exposure, ["TRTSDT", "CARTSDT"]))
    counted = therapies if hsct_newtx else therapies[therapies["HSCT"] == "N"]
    ordered = counted.assign(RANK=counted["HSCT"].ne("Y"))
    reference = ordered["CARTSDT"].fillna(ordered["TRTSDT"])
    after_cells = ordered[~(ordered["NACTDT"] < reference)]
    first = filter_extreme(after_cells, ["USUBJID"], ["NACTDT", "RANK", "NACTSEQ"])
    since_treatment = ordered[~(ordered["NACTDT"] < ordered["TRTSDT"])]
    earliest = since_treatment.groupby("USUBJID", as_index=False).agg(FIRSTTX=("NACTDT", "min"))
    transplants = therapies[therapies["HSCT"] == "Y"]
    hsct = transplants.groupby("USUBJID", as_index=False).agg(HSCTDT=("NACTDT", "min"))
    subjects = therapies[SUBJECT].drop_duplicates()
    names = {"NACTDT": "NACTDT", "NACTDTF": "NACTDTF", "NACTHSCT": "HSCT", "NACTDOM": "NACTDOM", "NACTSEQ": "NACTSEQ"}
    with_first = derive_vars_merged(subjects, first, names)
    return derive_vars_merged(derive_vars_merged(with_first, earliest, ["FIRSTTX"]), hsct, ["HSCTDT"])


def _dated(therapies: pd.DataFrame) -> pd.DataFrame:
    """Add NACTDT and NACTDTF; therapies without any start date are left out."""
    days = possible_days(therapies["DTC"])
    start = days["FIRST"]
    for anchor in ("TRTSDT", "CARTSDT"):
        start = start.mask(may_be(days, therapies[anchor]), therapies[anchor])
    return therapies.assign(NACTDT=start, NACTDTF=days["DTF"]).dropna(subset=["NACTDT"])


def _therapies(records: pd.DataFrame, domain: str) -> pd.DataFrame:
    """The subsequent anticancer therapies of CM or PR under common names."""
    chosen = records[records[f"{domain}CAT"] == CATEGORY]
    transplant = chosen["PRSCAT"].eq("HSCT") if domain == "PR" else pd.Series(False, index=chosen.index)
    return pd.DataFrame({
        "STUDYID": chosen["STUDYID"], "USUBJID": chosen["USUBJID"], "DTC": chosen[f"{domain}STDTC"],
        "NACTSEQ": chosen[f"{domain}SEQ"], "NACTDOM": pd.Series(domain, index=chosen.index, dtype="str"),
        "HSCT": yes_no(transplant),
    })
