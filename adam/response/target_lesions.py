"""The target lesions as each reader measured them at each time point."""

from __future__ import annotations

import pandas as pd

from adam.derive.dates import possible_days
from adam.derive.merge import derive_vars_merged

READER = ["STUDYID", "USUBJID", "TREVAL", "TREVALID"]
LESION = [*READER, "TRLNKID"]
POINT = [*READER, "LNKGRP"]
RECORD = [*LESION, "TRLNKGRP"]
STATUS = {"MEASURED": "M", "TOO SMALL TO MEASURE": "S", "ABSENT": "A"}
RESULTS = {"TUMSTATE": ("STATUS", "TRSTRESC"), "LDIAM": ("LDIAM", "TRSTRESN"), "LPERP": ("LPERP", "TRSTRESN")}


def target_results(tr: pd.DataFrame) -> pd.DataFrame:
    """The records of TR of target lesions that say which lesion and time point they are of."""
    return tr[tr["TRGRPID"].eq("TARGET") & tr["TRLNKID"].notna() & tr["TRLNKGRP"].notna()]


def target_lesions(tr: pd.DataFrame) -> pd.DataFrame:
    """One record per subject, reader, target lesion and time point: STATUS, LDIAM, LPERP (mm), ADT, VISIT, source.

    A lesion that has sizes and no status was measured. The source is the record of the longest diameter, else of the
    status. ADT is the earliest date of the reader's time point; without any there is no record.
    """
    results = target_results(tr)
    rank = results["TRTESTCD"].map({"LDIAM": 0, "TUMSTATE": 1}).fillna(2)
    results = results.assign(DATE=possible_days(results["TRDTC"])["FIRST"], RANK=rank)
    ordered = results[results["TRTESTCD"].isin(list(RESULTS))].sort_values(["RANK", "TRSEQ"], kind="stable")
    lesions = ordered.drop_duplicates(RECORD)[[*RECORD, "VISIT", "TRSEQ", "RANK"]].rename(columns={"TRSEQ": "SRCSEQ"})
    for testcd, (name, variable) in RESULTS.items():
        found = ordered[ordered["TRTESTCD"].eq(testcd)].drop_duplicates(RECORD)
        lesions = derive_vars_merged(lesions, found, {name: variable}, by_vars=RECORD)
    dates = results.groupby([*READER, "TRLNKGRP"], dropna=False, as_index=False).agg(ADT=("DATE", "min"))
    lesions = derive_vars_merged(lesions, dates, ["ADT"], by_vars=[*READER, "TRLNKGRP"])
    status = lesions["STATUS"].map(STATUS).where(lesions["STATUS"].notna(), "M")
    source = lesions["RANK"].map({1: "TRSTRESC"}).fillna("TRSTRESN")
    return lesions.assign(STATUS=status, SRCVAR=source, LNKGRP=lesions["TRLNKGRP"]).dropna(subset=["ADT"])
