"""The dose levels that subjects were assigned and given."""

from __future__ import annotations

import pandas as pd

from adam.derive.doses import doses_given
from adam.derive.merge import derive_vars_supp
from pipeline.ground.levels import by_dose, level_of_dose, level_told, whole_dose
from pipeline.ground.metadata import StudySettings
from pipeline.ground.periods import in_periods, period_names

QUALIFIER, CELLS = "DOSELVL", "CELLS"


def dose_levels(
    dm: pd.DataFrame, suppdm: pd.DataFrame, ex: pd.DataFrame, suppex: pd.DataFrame, study: StudySettings
) -> pd.DataFrame:
    """One record per subject of DM: DOSELVLP (assigned), DOSELVLA (given), their labels, and both as told.

    1. Assigned: SUPPDM.DOSELVL. 2. Given: SUPPEX.DOSELVL of the first cells; where none is told, the level within whose
    bounds their dose (its portions within the treatment period added) lies, if the study gives its levels bounds. 3. A
    subject without cells, and one of whose level nothing is told where nothing else tells it, counts at the level
    assigned. 4. What is no level of the study is none, and a finding (ID-LEVEL).
    """
    people = dm[["STUDYID", "USUBJID"]].reset_index(drop=True)
    told = derive_vars_supp(people, suppdm, [QUALIFIER])[QUALIFIER]
    asked = [name for name in dict.fromkeys((QUALIFIER, *period_names(study.periods))) if name not in ex]
    doses = derive_vars_supp(doses_given(ex), suppex, asked, "EXSEQ")
    cells = doses[doses["EXCAT"] == CELLS]
    cells = cells.assign(APERIOD=in_periods(cells, study.periods)[0])
    cells = cells.assign(EXDOSE=whole_dose(cells, ["USUBJID", "APERIOD"]))
    cells = cells.sort_values(["USUBJID", "EXSTDTC", "EXSEQ"]).drop_duplicates("USUBJID")
    first = people[["USUBJID"]].merge(cells, on="USUBJID", how="left")
    planned = level_told(told, study.levels)
    given = level_told(first[QUALIFIER], study.levels)
    given = given.fillna(level_of_dose(first["EXDOSE"], first["EXDOSU"], study.levels).where(first[QUALIFIER].isna()))
    infused = people["USUBJID"].isin(cells["USUBJID"])
    untold = first[QUALIFIER].isna() & ~(infused & by_dose(study.levels))
    actual = given.fillna(planned.where(untold))
    names = {float(name): level.label for name, level in study.levels.items()}
    return people.assign(
        DOSELVLP=planned, DOSELVLA=actual, DOSLVLPC=_named(planned, names), DOSLVLAC=_named(actual, names),
        TOLDP=told, TOLDA=first[QUALIFIER].mask(first[QUALIFIER].isna() & infused & ~untold, _shown(first)),
    )


def _named(levels: pd.Series, names: dict[float, str]) -> pd.Series:
    return levels.map(names).astype("str")


def _shown(doses: pd.DataFrame) -> pd.Series:
    """A dose as people read it."""
    return doses["EXDOSE"].astype("str") + " " + doses["EXDOSU"].astype("str")
