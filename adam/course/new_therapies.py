"""Every subsequent anticancer therapy, and whether it is new to the treatment."""

from __future__ import annotations

import pandas as pd

from adam.derive.dates import may_be, possible_days
from adam.derive.flags import yes_no
from adam.derive.merge import derive_vars_merged

CATEGORY = "SUBSEQUENT ANTICANCER THERAPY"


def new_therapies(cm: pd.DataFrame, pr: pd.DataFrame, exposure: pd.DataFrame, hsct_newtx: bool) -> pd.DataFrame:
    """One record per subsequent anticancer therapy with a start date.

    1. Drugs come from CM, transplants and radiotherapy from PR.
    2. A partial start is the first possible day, but the day of the first cells (else of the first treatment) when
       that is possible.
    3. COUNTFL: counts as a therapy; a transplant does when HSCT_NEWTX is Y.
    4. LATERFL: starts on or after the first cells, never infused: the first treatment, never treated: any. NEWFL:
       counts, and is as late. SINCEFL: counts, and starts on or after the first treatment.
    """
    therapies = pd.concat([_therapies(cm, "CM"), _therapies(pr, "PR")], ignore_index=True)
    therapies = _dated(derive_vars_merged(therapies, exposure, ["TRTSDT", "CARTSDT"]))
    counted = therapies["HSCT"].eq("N") | hsct_newtx
    later = ~(therapies["NACTDT"] < therapies["CARTSDT"].fillna(therapies["TRTSDT"]))
    return therapies.assign(
        COUNTFL=yes_no(counted),
        LATERFL=yes_no(later),
        NEWFL=yes_no(counted & later),
        SINCEFL=yes_no(counted & ~(therapies["NACTDT"] < therapies["TRTSDT"])),
    )


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
    source = {"NACTDOM": domain, "NACTVAR": f"{domain}STDTC"}
    return pd.DataFrame({
        "STUDYID": chosen["STUDYID"], "USUBJID": chosen["USUBJID"], "DTC": chosen[f"{domain}STDTC"],
        "NACTSEQ": chosen[f"{domain}SEQ"], "HSCT": yes_no(transplant),
        **{name: pd.Series(word, index=chosen.index, dtype="str") for name, word in source.items()},
    })
