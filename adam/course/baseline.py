"""What each subject was like before the first treatment."""

from __future__ import annotations

import pandas as pd

from adam.derive.dates import possible_days
from adam.derive.flags import present, yes_no
from adam.derive.merge import derive_vars_merged, derive_vars_supp, filter_extreme

DISEASE_TEXT = {n: n for n in ("STAGE", "COO", "DXSUB", "DBLHIT", "RELREF")} | {"BULKY": "BULKYFL"}
DISEASE_NUMBER = {"IPI": "IPI", "EXNOD": "EXNOD"}
TRANSPLANT = "HIGH-DOSE THERAPY AND TRANSPLANT"


def baseline(
    dm: pd.DataFrame, fa: pd.DataFrame, rs: pd.DataFrame, vs: pd.DataFrame, cm: pd.DataFrame, suppcm: pd.DataFrame,
    pr: pd.DataFrame, exposure: pd.DataFrame, age_cut: int,
) -> pd.DataFrame:
    """One record per subject of DM: age group, disease history, performance status, body size and prior therapy.

    ECOG, weight and height are the last ones before the first treatment date; never treated: the last ones.
    """
    people = dm[["STUDYID", "USUBJID", "AGE"]].merge(exposure[["USUBJID", "TRTSDT"]], on="USUBJID", how="left")
    old = (people["AGE"] >= age_cut).map({True: f">={age_cut}", False: f"<{age_cut}"})
    people = people.assign(AGEGR1=old.where(people["AGE"].notna()))
    people = _disease(people, fa[fa["FACAT"] == "DISEASE HISTORY"])
    ecog = rs[rs["RSTESTCD"] == "ECOG101"]
    ecog = ecog.assign(VALUE=pd.to_numeric(ecog["RSSTRESC"], errors="coerce"))
    people = _last_before(people, ecog, "RSDTC", "RSSEQ", "ECOGBL")
    for testcd, name in (("WEIGHT", "WEIGHTBL"), ("HEIGHT", "HEIGHTBL")):
        size = vs[vs["VSTESTCD"] == testcd]
        people = _last_before(people, size.assign(VALUE=size["VSSTRESN"]), "VSDTC", "VSSEQ", name)
    people = people.assign(BMIBL=people["WEIGHTBL"] / (people["HEIGHTBL"] / 100) ** 2)
    return _therapy(people, cm, suppcm, pr)


def _disease(people: pd.DataFrame, history: pd.DataFrame) -> pd.DataFrame:
    """Disease history as columns: text results as they are, scores as numbers."""
    names = {testcd: (name, "FASTRESC") for testcd, name in DISEASE_TEXT.items()}
    names |= {testcd: (name, "FASTRESC") for testcd, name in DISEASE_NUMBER.items()}
    for testcd, (name, variable) in names.items():
        found = filter_extreme(history[history["FATESTCD"] == testcd], ["USUBJID"], ["FASEQ"])
        people = derive_vars_merged(people, found, {name: variable})
    return people.assign(**{name: pd.to_numeric(people[name], errors="coerce") for name in DISEASE_NUMBER.values()})


def _last_before(people: pd.DataFrame, records: pd.DataFrame, dtc: str, seq: str, name: str) -> pd.DataFrame:
    """Add the last VALUE before the first treatment."""
    dated = records.assign(DATE=possible_days(records[dtc])["FIRST"]).dropna(subset=["VALUE"])
    dated = derive_vars_merged(dated, people, ["TRTSDT"])
    before = dated[dated["TRTSDT"].isna() | (dated["DATE"] < dated["TRTSDT"])]
    return derive_vars_merged(people, before, {name: "VALUE"}, order=["DATE", seq], mode="last")


def _therapy(people: pd.DataFrame, cm: pd.DataFrame, suppcm: pd.DataFrame, pr: pd.DataFrame) -> pd.DataFrame:
    """Add the number of prior lines, what they contained, and bridging (drugs in CM, radiotherapy in PR or CM)."""
    lines = derive_vars_supp(cm[cm["CMCAT"] == "PRIOR ANTICANCER THERAPY"], suppcm, ["BISPFL", "SCTTYPE"], "CMSEQ")
    lines = lines.assign(LINE=lines["CMGRPID"].fillna(lines["CMTRT"]))
    count = lines.groupby("USUBJID", as_index=False).agg(NPRIORLN=("LINE", "nunique"))
    bispecific = lines[lines["BISPFL"].eq("Y") | lines["CMSCAT"].eq("BISPECIFIC ANTIBODY")]
    transplant = lines[lines["SCTTYPE"].isin(["AUTOLOGOUS", "ALLOGENEIC"]) | lines["CMSCAT"].eq(TRANSPLANT)]
    bridged = [cm[cm["CMCAT"] == "BRIDGING"], pr[pr["PRCAT"] == "BRIDGING"]]
    return derive_vars_merged(people, count, ["NPRIORLN"]).assign(
        PRIBSFL=yes_no(present(people, bispecific)), PRISCTFL=yes_no(present(people, transplant)),
        BRIDGFL=yes_no(present(people, bridged[0]) | present(people, bridged[1])),
    )
