"""When each subject was treated in each treatment period."""

from __future__ import annotations

import pandas as pd

from adam.derive.merge import derive_vars_merged, derive_vars_supp, filter_extreme
from pipeline.ground.levels import arm_of, level_of_dose, level_told, whole_dose
from pipeline.ground.metadata import StudySettings
from pipeline.ground.queries import gather

CELLS, LEVEL = "CELLS", "DOSELVL"
ORDER = "This period begins before an earlier one has ended; what belongs to which cannot be told by dates."


def treatment_periods(
    dosing: pd.DataFrame, suppex: pd.DataFrame, study: StudySettings
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One record per subject and treatment period with a dose: its first and last dose, and the start of the next.

    NEXTDT is the first dose of any later period of the subject; a period that begins on or before the last dose of an
    earlier one is a finding. APERTRT is the arm of the level and product of the period's first cells.
    """
    doses = dosing[(dosing["GIVENFL"] == "Y") & dosing["APERIOD"].notna() & dosing["DATE"].notna()]
    by = ["STUDYID", "USUBJID", "APERIOD"]
    made = doses.groupby(by, as_index=False).agg(APERSDT=("DATE", "min"), APEREDT=("DATE", "max"))
    later = made[["USUBJID", "APERIOD", "APERSDT"]].rename(columns={"APERIOD": "LATER", "APERSDT": "NEXTDT"})
    pairs = made[["USUBJID", "APERIOD"]].merge(later, on="USUBJID")
    pairs = pairs[pairs["LATER"] > pairs["APERIOD"]]
    following = pairs.groupby(["USUBJID", "APERIOD"], as_index=False).agg(NEXTDT=("NEXTDT", "min"))
    made = derive_vars_merged(made, following, ["NEXTDT"], by_vars=["USUBJID", "APERIOD"])
    given = _arms(doses[doses["EXCAT"] == CELLS], suppex, study)
    made = derive_vars_merged(made, given, ["APERTRT"], by_vars=["USUBJID", "APERIOD"])
    early = made[made["NEXTDT"] <= made["APEREDT"]]
    return made, gather([pd.DataFrame({
        "check": "TRT-PERIOD", "severity": "critical", "form": "EX", "record": "", "field": "EXSTDTC",
        "subject": early["USUBJID"].str.removeprefix(f"{study.study}-"),
        "value": early["NEXTDT"].dt.strftime("%Y-%m-%d"), "message": ORDER,
    })])


def _arms(cells: pd.DataFrame, suppex: pd.DataFrame, study: StudySettings) -> pd.DataFrame:
    """One record per subject and period with cells: USUBJID, APERIOD and APERTRT, the text of the arm given."""
    cells = cells.assign(EXDOSE=whole_dose(cells, ["USUBJID", "APERIOD"]))
    first = filter_extreme(cells, ["USUBJID", "APERIOD"], ["DATE", "EXSEQ"])
    first = derive_vars_supp(first, suppex, [LEVEL], "EXSEQ")
    dosed = level_of_dose(first["EXDOSE"], first["EXDOSU"], study.levels).where(first[LEVEL].isna())
    arm = arm_of(level_told(first[LEVEL], study.levels).fillna(dosed), first["EXTRT"], study.all_arms)
    label = {one.code: one.label for one in study.all_arms}
    return first[["USUBJID", "APERIOD"]].assign(APERTRT=arm.map(label).astype("str"))
