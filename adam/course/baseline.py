"""What each subject was like before the first treatment."""

from __future__ import annotations

import pandas as pd

from adam.derive.baseline_values import baseline_value
from adam.derive.flags import present, yes_no
from adam.derive.merge import derive_vars_merged, filter_extreme
from pipeline.ground.course import BaselineValue

DISEASE_TEXT = {n: n for n in ("STAGE", "COO", "DXSUB", "DBLHIT", "RELREF")} | {"BULKY": "BULKYFL"}
DISEASE_NUMBER = {"IPI": "IPI", "EXNOD": "EXNOD"}
TRANSPLANT = "HIGH-DOSE THERAPY AND TRANSPLANT"


def baseline(
    dm: pd.DataFrame, fa: pd.DataFrame, cm: pd.DataFrame, pr: pd.DataFrame, prior_lines: pd.DataFrame,
    exposure: pd.DataFrame, dosing: pd.DataFrame, baselines: tuple[BaselineValue, ...], age_cut: int, period: int,
    **named: pd.DataFrame,
) -> pd.DataFrame:
    """One record per subject of DM: age group, disease history, the values of baseline.yaml and prior therapy."""
    people = dm[["STUDYID", "USUBJID", "AGE"]]
    old = (people["AGE"] >= age_cut).map({True: f">={age_cut}", False: f"<{age_cut}"})
    number = (people["AGE"] >= age_cut) + 1.0
    people = people.assign(AGEGR1=old.where(people["AGE"].notna()), AGEGR1N=number.where(people["AGE"].notna()))
    people = _disease(people, fa[fa["FACAT"] == "DISEASE HISTORY"])
    treated = dm[["STUDYID", "USUBJID"]].merge(exposure.drop(columns="STUDYID"), on="USUBJID", how="left")
    datasets = {"dm": dm, "fa": fa, "cm": cm, "pr": pr} | named
    values = {one.name: baseline_value(one, treated, datasets, dosing, period) for one in baselines}
    people = people.assign(**{name: found.set_axis(people.index) for name, found in values.items()})
    people = people.assign(BMIBL=people["WEIGHTBL"] / (people["HEIGHTBL"] / 100) ** 2)
    return _therapy(people, prior_lines, cm, pr)


def _disease(people: pd.DataFrame, history: pd.DataFrame) -> pd.DataFrame:
    """Disease history as columns: text results as they are, scores as numbers."""
    names = {testcd: (name, "FASTRESC") for testcd, name in DISEASE_TEXT.items()}
    names |= {testcd: (name, "FASTRESC") for testcd, name in DISEASE_NUMBER.items()}
    for testcd, (name, variable) in names.items():
        found = filter_extreme(history[history["FATESTCD"] == testcd], ["USUBJID"], ["FASEQ"])
        people = derive_vars_merged(people, found, {name: variable})
    return people.assign(**{name: pd.to_numeric(people[name], errors="coerce") for name in DISEASE_NUMBER.values()})


def _therapy(people: pd.DataFrame, lines: pd.DataFrame, cm: pd.DataFrame, pr: pd.DataFrame) -> pd.DataFrame:
    """Add the number of prior lines, what they contained, and bridging (drugs in CM, radiotherapy in PR)."""
    count = lines.groupby("USUBJID", as_index=False).agg(NPRIORLN=("LINE", "nunique"))
    bispecific = lines[lines["BISPFL"].eq("Y") | lines["KIND"].eq("BISPECIFIC ANTIBODY")]
    transplant = lines[lines["SCTTYPE"].isin(["AUTOLOGOUS", "ALLOGENEIC"]) | lines["KIND"].eq(TRANSPLANT)]
    bridged = [cm[cm["CMCAT"] == "BRIDGING"], pr[pr["PRCAT"] == "BRIDGING"]]
    return derive_vars_merged(people, count, ["NPRIORLN"]).assign(
        PRIBSFL=yes_no(present(people, bispecific)), PRISCTFL=yes_no(present(people, transplant)),
        BRIDGFL=yes_no(present(people, bridged[0]) | present(people, bridged[1])),
    )
