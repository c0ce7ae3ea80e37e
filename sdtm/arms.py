"""Arms: what a subject was assigned to and what was given (SDTMIG 3.4, 5.2 DM assumptions on ARM and ACTARM)."""

import numpy as np
import pandas as pd

from pipeline.ground.dates import earliest, latest
from pipeline.ground.levels import arm_of, by_dose, level_of_dose, level_told, told_apart, whole_dose
from pipeline.ground.metadata import StudySettings
from pipeline.ground.periods import in_periods, period_names

PLANNED, LEVEL = "PLARMCD", "DOSELVL"  # qualifiers of the enrolment record and of a dose
UNPLANNED = "UNPLANNED TREATMENT"
CELLS = "cells"  # the role whose first dose an arm ends in


def planned_arm(subjects: pd.DataFrame, ds_mapped: pd.DataFrame, study: StudySettings) -> pd.Series:
    """The code of the arm assigned: as collected, else that of the level assigned, else the one arm there is."""
    told = _first(ds_mapped, PLANNED, subjects)
    known = told.where(told.isin([arm.code for arm in study.all_arms]))
    level = level_told(_first(ds_mapped, LEVEL, subjects), study.levels)
    return known.fillna(arm_of(level, None, study.all_arms).where(told.isna()))


def actual_arm(
    subjects: pd.DataFrame, planned: pd.Series, ds_mapped: pd.DataFrame, ex_mapped: pd.DataFrame, study: StudySettings
) -> pd.DataFrame:
    """ARMCD as given, and UNPLANNED: in words, what was given that is of no arm.

    1. Arms are told apart by the level and the product of the first cells; a subject without cells, or a study whose
    arms say neither, has the arm assigned. 2. Cells without the study treatment that the arm plans before them are of
    no arm.
    """
    given = first_cells(subjects, ex_mapped, study)
    dosed = level_of_dose(given["EXDOSE"], given["EXDOSU"], study.levels)
    assigned = level_told(_first(ds_mapped, LEVEL, subjects), study.levels)
    level = level_told(given[LEVEL], study.levels)
    level = level.fillna((dosed if by_dose(study.levels) else assigned).where(given[LEVEL].isna()))
    found = arm_of(level, given["EXTRT"], study.all_arms)
    apart = told_apart(study.all_arms)
    other = given["EXTRT"].notna() & found.isna() & apart
    shown = "level " + given[LEVEL].fillna(level.astype("Int64").astype("str")).fillna("not known")
    words = ((given["EXTRT"] + ", " + shown) if study.levels else given["EXTRT"]).where(other)
    lacking = _lacking(given, ex_mapped, study)
    words = words.mask(lacking.notna(), words.fillna(given["EXTRT"]) + " without " + lacking)
    arm = found.where(given["EXTRT"].notna() & apart, planned)
    return pd.DataFrame({"ARMCD": arm.mask(words.notna()), "UNPLANNED": words}, index=subjects.index)


def _lacking(given: pd.DataFrame, ex_mapped: pd.DataFrame, study: StudySettings) -> pd.Series:
    """The label of the first study treatment planned before the cells that a subject with cells was not given.

    A dose counts unless it certainly is later than the first cells. A role whose products study.yaml does not name is
    no part of the arm.
    """
    lacking = pd.Series(np.nan, index=given.index, dtype="str")
    before = study.study_treatment[: study.study_treatment.index(CELLS)] if CELLS in study.study_treatment else ()
    for role in (role for role in before if role in study.treatments):
        doses = ex_mapped[ex_mapped["EXCAT"].eq(role.upper()) & ~(pd.to_numeric(ex_mapped["EXDOSE"]) <= 0)]
        first = earliest(doses["EXSTDTC"]).groupby(doses["USUBJID"]).min()
        day, had = first.reindex(given["USUBJID"]).set_axis(given.index), given["USUBJID"].isin(doses["USUBJID"])
        without = given["EXTRT"].notna() & (~had | (day > latest(given["EXSTDTC"])))
        lacking = lacking.mask(without & lacking.isna(), study.treatments[role].label)
    return lacking


def first_cells(subjects: pd.DataFrame, ex_mapped: pd.DataFrame, study: StudySettings) -> pd.DataFrame:
    """One record per subject: the first dose of cells given (above 0, or without an amount), missing without one.

    EXDOSE is the whole dose: its portions within the treatment period are added.
    """
    names = ["EXTRT", "EXDOSE", "EXDOSU", "EXSTDTC", LEVEL]
    told = [name for name in period_names(study.periods) if name not in names and name not in ("EXCAT", "EXSEQ")]
    doses = ex_mapped.reindex(columns=["USUBJID", "EXCAT", "EXSEQ", *names, *told])
    amount = pd.to_numeric(doses["EXDOSE"], errors="coerce")
    doses = doses.assign(EXDOSE=amount)[doses["EXCAT"].eq(CELLS.upper()) & ~(amount <= 0)]
    doses = doses.assign(PERIOD=in_periods(doses, study.periods)[0])
    doses = doses.assign(EXDOSE=whole_dose(doses, ["USUBJID", "PERIOD"]))
    first = doses.sort_values(["EXSTDTC", "EXSEQ"]).drop_duplicates("USUBJID").set_index("USUBJID")
    return first[names].reindex(subjects["USUBJID"]).reset_index().set_axis(subjects.index)


def _first(ds_mapped: pd.DataFrame, name: str, subjects: pd.DataFrame) -> pd.Series:
    """The first value of a qualifier of the disposition records, by subject; missing where nothing is mapped to it."""
    if name not in ds_mapped:
        return pd.Series(np.nan, index=subjects.index, dtype="str")
    told = ds_mapped[ds_mapped[name].notna()].drop_duplicates("USUBJID").set_index("USUBJID")[name]
    return subjects["USUBJID"].map(told).astype("str")
