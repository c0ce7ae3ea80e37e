"""What each CT of the investigator says by measurements of lesions, spleen and marrow (analysis plan 2.3)."""

from __future__ import annotations

import pandas as pd

from adam.criteria.lugano import anatomic_response
from adam.criteria.lugano_lesions import (
    SpleenRule,
    new_lesion,
    non_target_response,
    spleen_response,
    target_response,
)
from adam.derive.dates import possible_days
from adam.derive.flags import present, yes_no
from adam.derive.merge import derive_vars_merged, derive_vars_supp

STATUS = {
    "MEASURED": "M", "TOO SMALL TO MEASURE": "S", "ABSENT": "A", "PRESENT": "P", "UNEQUIVOCAL": "PD", "NE": "NE",
}
RESULTS = {
    "TUMSTATE": ("STATUS", "TRSTRESC"), "LDIAM": ("LDIAM", "TRSTRESN"), "LPERP": ("LPERP", "TRSTRESN"),
    "FDGAVID": ("AVID", "TRSTRESC"), "NEWCONF": ("BIOPSY", "TRSTRESC"),
}
LESION = ["STUDYID", "USUBJID", "TRGRPID", "TRLNKID", "TRLNKGRP"]
CT_GROUPS = ["TARGET", "NON-TARGET", "NEW"]
MARROW = {("Y", "N"): "CR", ("Y", "Y"): "SD", ("N", "Y"): "PD", ("N", "N"): "CR"}


def ct_points(
    assessments: pd.DataFrame, tr: pd.DataFrame, tu: pd.DataFrame, supptu: pd.DataFrame, fa: pd.DataFrame,
    mi: pd.DataFrame, subjects: pd.DataFrame, spleen_pd_from: str, spleen_new_cm: float, spleen_new_any: bool,
) -> pd.DataFrame:
    """One record per response time point: ANATOMD, the anatomic response that follows, and the parts it is made of.

    1. All lesions of a time point have its earliest CT date; baseline is the last CT on or before the baseline scan.
    2. Lesion types (nodal, extranodal) come from the identification of the lesion.
    3. The spleen is compared with its length before conditioning (or the smallest since, SPLEEN_*), the
       marrow with the last biopsy before treatment.
    """
    rule = SpleenRule(spleen_pd_from, spleen_new_cm, spleen_new_any)
    points = assessments[["STUDYID", "USUBJID", "LNKGRP", "RSSEQ", "ADT", "NEWLES"]]
    lesions = _lesions(tr, tu, supptu)
    dated = _at_baseline(lesions, subjects)
    parts = _responses(dated)
    points = derive_vars_merged(points, parts, ["TRGRESP", "NTRGRESP"], by_vars=["USUBJID", "LNKGRP"])
    points = points.assign(
        TRGRESP=_not_done(points, points["TRGRESP"], dated, "TARGET"),
        NTRGRESP=_not_done(points, points["NTRGRESP"], dated, "NON-TARGET"),
        NEWLESD=_new(points, lesions), SPLNRESP=_spleen(points, tr, fa, rule), MARRRESP=_marrow(points, mi, subjects),
    )
    return points.assign(
        ANATOMD=anatomic_response(
            points["TRGRESP"], points["NTRGRESP"], points["NEWLESD"], points["SPLNRESP"], points["MARRRESP"]
        )
    )


def _lesions(tr: pd.DataFrame, tu: pd.DataFrame, supptu: pd.DataFrame) -> pd.DataFrame:
    """One record per lesion and time point: STATUS, LDIAM, LPERP, AVID, BIOPSY, TYPE and the date of the time point.

    A target lesion that has sizes and no status was measured.
    """
    results = tr[tr["TRGRPID"].isin(CT_GROUPS) & tr["TRLNKID"].notna() & tr["TRLNKGRP"].notna()]
    results = results.assign(DATE=possible_days(results["TRDTC"])["FIRST"])
    lesions = results.drop_duplicates(LESION)[LESION]
    for testcd, (name, variable) in RESULTS.items():
        measured = results[results["TRTESTCD"] == testcd].drop_duplicates(LESION)
        lesions = derive_vars_merged(lesions, measured, {name: variable}, by_vars=LESION)
    dates = results.groupby(["USUBJID", "TRLNKGRP"], as_index=False).agg(ADT=("DATE", "min"))
    identified = derive_vars_supp(tu, supptu, ["LESTYPE"], "TUSEQ").dropna(subset=["TULNKID"])
    identified = identified.rename(columns={"TULNKID": "TRLNKID"}).drop_duplicates(["USUBJID", "TRLNKID"])
    lesions = derive_vars_merged(lesions, identified, ["LESTYPE"], by_vars=["USUBJID", "TRLNKID"])
    lesions = derive_vars_merged(lesions, dates, ["ADT"], by_vars=["USUBJID", "TRLNKGRP"])
    unsaid = lesions["STATUS"].isna() & lesions["LDIAM"].notna()
    return lesions.assign(
        STATUS=lesions["STATUS"].map(STATUS).mask(unsaid & lesions["TRGRPID"].eq("TARGET"), "M"),
        TYPE=lesions["LESTYPE"].map({"NODAL": "N", "EXTRANODAL": "E"}),
        LNKGRP=lesions["TRLNKGRP"],
    ).dropna(subset=["ADT"])


def _at_baseline(lesions: pd.DataFrame, subjects: pd.DataFrame) -> pd.DataFrame:
    """Add ABLFL: Y at the last CT on or before the baseline scan."""
    dated = derive_vars_merged(lesions, subjects, ["BASESCDT"])
    before = dated[dated["ADT"] <= dated["BASESCDT"]].groupby("USUBJID", as_index=False).agg(BASECT=("ADT", "max"))
    dated = derive_vars_merged(dated, before, ["BASECT"])
    return dated.assign(ABLFL=yes_no(dated["ADT"] == dated["BASECT"]))


def _responses(lesions: pd.DataFrame) -> pd.DataFrame:
    """Target and non-target response by subject and LNKGRP, made on the dates of the time points."""
    points = lesions.drop_duplicates(["USUBJID", "LNKGRP"])[["USUBJID", "LNKGRP", "ADT"]]
    point = ["USUBJID", "ADT"]
    target = target_response(lesions[lesions["TRGRPID"] == "TARGET"])
    other = non_target_response(lesions[lesions["TRGRPID"] == "NON-TARGET"])
    points = derive_vars_merged(points, target, ["TRGRESP"], by_vars=point)
    return derive_vars_merged(points, other, ["NTRGRESP"], by_vars=point)


def _not_done(points: pd.DataFrame, response: pd.Series, lesions: pd.DataFrame, group: str) -> pd.Series:
    """ND where the subject has such lesions at baseline and none were looked at."""
    at_baseline = lesions[(lesions["TRGRPID"] == group) & (lesions["ABLFL"] == "Y")]
    return response.mask(response.isna() & present(points, at_baseline), "ND")


def _new(points: pd.DataFrame, lesions: pd.DataFrame) -> pd.Series:
    """Whether there is a new lesion (Y, N, U): by the lesions recorded, else by the answer of the time point."""
    recorded = lesions[lesions["TRGRPID"] == "NEW"]
    recorded = recorded.assign(RANK=new_lesion(recorded).map({"Y": 0, "U": 1, "N": 2}))
    worst = recorded.groupby(["USUBJID", "LNKGRP"], as_index=False).agg(RANK=("RANK", "min"))
    rank = derive_vars_merged(points[["USUBJID", "LNKGRP"]], worst, ["RANK"], by_vars=["USUBJID", "LNKGRP"])["RANK"]
    return rank.map({0: "Y", 1: "U", 2: "N"}).set_axis(points.index).fillna(points["NEWLES"]).fillna("U")


def _spleen(points: pd.DataFrame, tr: pd.DataFrame, fa: pd.DataFrame, rule: SpleenRule) -> pd.Series:
    """Spleen response from its lengths in cm."""
    lengths = tr[(tr["TRTESTCD"] == "ORVERLN") & tr["TRLNKGRP"].notna()].drop_duplicates(["USUBJID", "TRLNKGRP"])
    lengths = lengths.rename(columns={"TRLNKGRP": "LNKGRP"})
    before = fa[(fa["FACAT"] == "DISEASE HISTORY") & (fa["FATESTCD"] == "SPLEEN")].drop_duplicates("USUBJID")
    measured = derive_vars_merged(points, lengths, {"LENGTH": "TRSTRESN"}, by_vars=["USUBJID", "LNKGRP"])
    measured = derive_vars_merged(measured, before, {"BASE": "FASTRESN"}).set_axis(points.index)
    ordered = measured.sort_values(["USUBJID", "ADT", "RSSEQ"])
    least = ordered.groupby("USUBJID")["LENGTH"].cummin().groupby(ordered["USUBJID"]).ffill()
    smallest = least.groupby(ordered["USUBJID"]).shift().reindex(points.index)
    smallest = pd.concat([smallest, measured["BASE"]], axis="columns").min(axis="columns")
    return spleen_response(measured["LENGTH"], measured["BASE"], smallest, rule)


def _marrow(points: pd.DataFrame, mi: pd.DataFrame, subjects: pd.DataFrame) -> pd.Series:
    """Marrow by morphology: the last biopsy since treatment up to the time point against the last one before."""
    biopsies = mi[mi["MISTRESC"].notna()].assign(DATE=lambda frame: possible_days(frame["MIDTC"])["FIRST"])
    biopsies = derive_vars_merged(biopsies, subjects, ["TRTSDT"])
    earlier = biopsies[biopsies["DATE"] <= biopsies["TRTSDT"]]
    later = biopsies[biopsies["DATE"] > biopsies["TRTSDT"]][["USUBJID", "DATE", "MISTRESC", "MISEQ"]]
    known = derive_vars_merged(points, earlier, {"BASE": "MISTRESC"}, order=["DATE", "MISEQ"], mode="last")
    pairs = points[["USUBJID", "RSSEQ", "ADT"]].merge(later, on="USUBJID")
    pairs = pairs[pairs["DATE"] <= pairs["ADT"]]
    key = ["USUBJID", "RSSEQ"]
    known = derive_vars_merged(known, pairs, {"NOW": "MISTRESC"}, by_vars=key, order=["DATE", "MISEQ"], mode="last")
    base, now = known["BASE"].fillna("N"), known["NOW"]
    result = (base + now.fillna("")).map({"".join(pair): value for pair, value in MARROW.items()} | {"N": "CR"})
    return result.fillna("NE").set_axis(points.index)
