"""The first subsequent anticancer therapy and the first transplant of each subject."""

from __future__ import annotations

import pandas as pd

from adam.derive.merge import derive_vars_merged, filter_extreme

SUBJECT = ["STUDYID", "USUBJID"]


def new_therapy(new_therapies: pd.DataFrame, exposure: pd.DataFrame) -> pd.DataFrame:
    """One record per subject with a subsequent therapy.

    1. NACTDT is the first that is new to the treatment (NEWFL); on one start day a transplant is named before another
       therapy.
    2. FIRSTTX is the first on or after the first treatment (SINCEFL): it ends the observation of the DLT period.
    3. HSCTDT is the first transplant as late, whether or not it counts; an earlier one stands in the wrong log.
    4. A subject never treated has none of them: nothing is new to nothing.
    """
    treated = exposure.loc[exposure[["TRTSDT", "CARTSDT"]].notna().any(axis="columns"), "USUBJID"]
    ordered = new_therapies.assign(RANK=new_therapies["HSCT"].ne("Y"))
    new = ordered[ordered["USUBJID"].isin(treated)]
    first = filter_extreme(new[new["NEWFL"] == "Y"], ["USUBJID"], ["NACTDT", "RANK", "NACTSEQ"])
    earliest = new[new["SINCEFL"] == "Y"].groupby("USUBJID", as_index=False).agg(FIRSTTX=("NACTDT", "min"))
    transplants = new[(new["HSCT"] == "Y") & (new["LATERFL"] == "Y")]
    hsct = transplants.groupby("USUBJID", as_index=False).agg(HSCTDT=("NACTDT", "min"))
    names = {"NACTDT": "NACTDT", "NACTDTF": "NACTDTF", "NACTHSCT": "HSCT", "NACTDOM": "NACTDOM", "NACTSEQ": "NACTSEQ"}
    with_first = derive_vars_merged(new_therapies[SUBJECT].drop_duplicates(), first, names)
    return derive_vars_merged(derive_vars_merged(with_first, earliest, ["FIRSTTX"]), hsct, ["HSCTDT"])
