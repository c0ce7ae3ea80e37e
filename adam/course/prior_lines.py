"""Lines of therapy before the study: drugs are records of CM, procedures such as radiotherapy of PR."""

from __future__ import annotations

import pandas as pd

from adam.derive.merge import derive_vars_supp

PRIOR = "PRIOR ANTICANCER THERAPY"
QUALIFIERS = ["BISPFL", "SCTTYPE"]


def prior_lines(
    cm: pd.DataFrame, suppcm: pd.DataFrame, pr: pd.DataFrame, supppr: pd.DataFrame
) -> pd.DataFrame:  # fmt: skip
    """One record per therapy of a prior line: its line (number, else name), kind, and what it contained."""
    return pd.concat([_of_domain(cm, suppcm, "CM"), _of_domain(pr, supppr, "PR")], ignore_index=True)


def _of_domain(records: pd.DataFrame, qualifiers: pd.DataFrame, domain: str) -> pd.DataFrame:
    own = records[records[f"{domain}CAT"] == PRIOR]
    own = derive_vars_supp(own, qualifiers, QUALIFIERS, f"{domain}SEQ")
    return own[["STUDYID", "USUBJID", *QUALIFIERS]].assign(
        LINE=own[f"{domain}GRPID"].fillna(own[f"{domain}TRT"]), KIND=own[f"{domain}SCAT"],
        SRCDOM=pd.Series(domain, index=own.index, dtype="str"), SRCSEQ=own[f"{domain}SEQ"])  # fmt: skip
