"""Every record of exposure: whether it is a dose, its day, and the treatment period that it belongs to."""

from __future__ import annotations

import pandas as pd

from adam.derive.dates import possible_days
from adam.derive.doses import given
from adam.derive.flags import yes_no
from adam.derive.merge import derive_vars_supp
from pipeline.ground.metadata import StudySettings
from pipeline.ground.periods import in_periods, period_names
from pipeline.ground.queries import gather

NONE = "This dose belongs to no treatment period of the study; correct the form, or `periods:` of study.yaml."
SEVERAL = "This dose belongs to several treatment periods and counts in the first; correct `periods:` of study.yaml."


def dosing(ex: pd.DataFrame, suppex: pd.DataFrame, study: StudySettings) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One record per record of EX: GIVENFL, DATE and ENDDATE (first possible days), APERIOD; and findings of periods.

    The periods are those of study.yaml, each told by a clause on EX and its supplemental qualifiers. A dose of no
    period counts in none.
    """
    asked = [name for name in period_names(study.periods) if name not in ex]
    qualified = derive_vars_supp(ex, suppex, asked, "EXSEQ")
    qualified = qualified.set_index(ex.index)
    period, many = in_periods(qualified, study.periods)
    dose = given(ex)
    start, end = (possible_days(ex[date])["FIRST"] for date in ("EXSTDTC", "EXENDTC"))
    made = ex.assign(GIVENFL=yes_no(dose), DATE=start, ENDDATE=end.where(end > start, start), APERIOD=period)
    told = ((dose & period.isna(), NONE), (dose & (many > 1), SEVERAL))
    return made, gather([_findings(made[met], study.study, message) for met, message in told])


def _findings(doses: pd.DataFrame, study: str, message: str) -> pd.DataFrame:
    return pd.DataFrame({
        "check": "TRT-PERIOD", "severity": "critical", "form": "EX",
        "record": "EXSEQ=" + doses["EXSEQ"].astype("Int64").astype("str"),
        "subject": doses["USUBJID"].str.removeprefix(f"{study}-"), "field": "EXTRT", "value": doses["EXTRT"],
        "message": message,
    })
