"""ADPC: the samples of cellular kinetics, timed from the infusion, and what each counts (analysis plan 7)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from adam.criteria.kinetics import course_places, curve_values
from adam.derive.courses import courses
from adam.derive.dates import date_of_day, days_from, infusion_day, possible_days, study_day
from adam.derive.flags import yes_no
from adam.derive.merge import derive_vars_merged
from pipeline.ground.metadata import StudySettings
from pipeline.ground.queries import gather

BELOW, DAYS = "BLQ", "DAYS"
UNTIMED = "The sample has no complete date: it is in no kinetic parameter. Please complete the date of collection."


def adpc(
    pc: pd.DataFrame, subjects: pd.DataFrame, visits: pd.DataFrame, study: StudySettings, blq_between: str,
    blq_after: str,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One record per record of PC, of one treatment period.

    1. Times are elapsed days: the date less that of the first infusion, whose own day is 0; clock times are not used.
    2. Below the limit of quantification is "<…", a number below PCLLOQ, and 0; AVAL is then 0.
    3. ANL01FL: a result dated after the day of the infusion; the samples of that day are taken before it.
    4. AUCVAL: what a result counts in the curve of its course (BLQ_BETWEEN, BLQ_AFTER).
    Findings: results of infused subjects without a complete date.
    """
    samples = derive_vars_merged(pc, subjects, ["TRTSDT", "CARTSDT", "CARTSDY"])
    samples = _measured(_timed(samples.assign(PARAMCD=samples["PCTESTCD"], PARAM=samples["PCTEST"]), visits))
    counted = samples["QUANTFL"].notna() & (samples["AFRLT"] > 0)
    samples = _in_the_course(samples.assign(ANL01FL=yes_no(counted)), blq_between, blq_after)
    samples = samples.assign(
        ASEQ=samples["PCSEQ"], SRCDOM="PC", SRCSEQ=samples["PCSEQ"],
        SRCVAR=np.where(samples["QUANTFL"].eq("Y"), "PCSTRESN", "PCSTRESC"),
    )
    return samples, _untimed(samples, study.study)


def _timed(samples: pd.DataFrame, visits: pd.DataFrame) -> pd.DataFrame:
    """Add date, study days and the elapsed days, actual and planned; a partial date has no elapsed days."""
    days = possible_days(samples["PCDTC"])
    planned = visits.assign(NUMBER=pd.to_numeric(visits["VISITNUM"]), DAY=pd.to_numeric(visits["PLANNED_DAY"]))
    planned = planned[planned["NUMBER"].notna()].drop_duplicates("NUMBER").set_index("NUMBER")
    from_cells = samples["VISITNUM"].map(planned["DAY"].where(planned["ANCHOR"] == "CELLS"))
    day = date_of_day(samples["CARTSDT"], from_cells, samples)
    return samples.assign(
        ADT=days["FIRST"], ADTF=days["DTF"], ADY=study_day(days["FIRST"], samples["TRTSDT"]),
        CARTDY=infusion_day(days["FIRST"], samples), AVISIT=samples["VISITNUM"].map(planned["AVISIT"]).astype("str"),
        AFRLT=days_from(days["FIRST"], samples["CARTSDT"]).where(days["DTF"].isna()),
        NFRLT=days_from(day, samples["CARTSDT"]), FRLTU=DAYS,
    )  # fmt: skip


def _measured(samples: pd.DataFrame) -> pd.DataFrame:
    """Add the value, its limit of quantification, and whether it is quantifiable (blank without a result)."""
    value, limit, text = samples["PCSTRESN"], samples["PCLLOQ"], samples["PCSTRESC"].astype("str")
    below = (value < limit) | (value <= 0) | (value.isna() & (text.str.startswith("<") | text.eq(BELOW)))
    quantifiable = yes_no(~below).where(below | value.notna())
    return samples.assign(
        AVAL=value.mask(below, 0.0), AVALC=samples["PCSTRESC"], AVALU=samples["PCSTRESU"], ALLOQ=limit,
        ALLOQH=limit / 2, QUANTFL=quantifiable,
    )


def _in_the_course(samples: pd.DataFrame, between: str, after: str) -> pd.DataFrame:
    """Add AVALCAT1 and AUCVAL by the place of each result in its course; others are quantifiable or BLQ."""
    counted = courses(samples)
    places = course_places(counted)
    plain = samples["QUANTFL"].map({"Y": "QUANTIFIABLE", "N": BELOW}).astype("str")
    values = curve_values(counted, places, between, after)
    return samples.assign(AVALCAT1=places.reindex(samples.index).fillna(plain), AUCVAL=values.reindex(samples.index))


def _untimed(samples: pd.DataFrame, study: str) -> pd.DataFrame:
    """Findings of results that have no complete date."""
    lost = samples[samples["QUANTFL"].notna() & samples["CARTSDT"].notna() & samples["AFRLT"].isna()]
    return gather([pd.DataFrame({
        "check": "KIN-DATE", "severity": "minor", "form": "PC", "field": "PCDTC", "message": UNTIMED,
        "record": "PCSEQ=" + lost["PCSEQ"].astype("int64").astype("str"), "value": lost["PCDTC"],
        "subject": lost["USUBJID"].str.removeprefix(f"{study}-"),
    })])  # fmt: skip
