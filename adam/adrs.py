"""ADRS: response at each time point, and what is made of it (analysis plan 2.7, clarifications 6, 7)."""

from __future__ import annotations

import pandas as pd

from adam.criteria.responses import ORDER
from adam.derive.dates import infusion_day, study_day
from adam.derive.flags import yes_no
from adam.derive.merge import derive_vars_merged
from adam.derive.visits import derive_vars_window, response_windows


def adrs(
    assessments: pd.DataFrame, central_points: pd.DataFrame, derived_responses: pd.DataFrame,
    response_summary: pd.DataFrame, subjects: pd.DataFrame, visits: pd.DataFrame,
) -> pd.DataFrame:
    """One record per subject per parameter per time point; the parameters are listed in its spec.

    Time points (OVR as recorded, OVRD derived, those of each independent reader) are kept for all subjects; of the
    others an infused subject has one.
    """
    others = [name for name in derived_responses.columns if name not in assessments.columns]
    both = derive_vars_merged(assessments, derived_responses, others, by_vars=["USUBJID", "RSSEQ"])
    central = _as_recorded(central_points[central_points["OVERALL"].notna()])
    points = pd.concat([_recorded(both), _derived(both[both["OVERALLD"].notna()]), central])
    points = points.assign(SRCDOM="RS", SRCVAR="RSSTRESC", SRCSEQ=points["RSSEQ"])
    records = [points, response_summary.assign(ANL01FL="Y")]
    return _finish(pd.concat(records), subjects, response_windows(visits))


def _recorded(points: pd.DataFrame) -> pd.DataFrame:
    """OVR: the overall response of each time point as the investigator recorded it."""
    recorded = points[points["OVERALL"].notna()]
    return _as_recorded(recorded.assign(PARAMCD="OVR", ANL01FL=recorded["BORFL"]))


def _as_recorded(points: pd.DataFrame) -> pd.DataFrame:
    """The overall response of a reader, with the results that he recorded beside it."""
    return points.assign(
        AVALC=points["OVERALL"], METBRESP=points["METABOL"], ANATRESP=points["ANATOMIC"], NEWLIND=points["NEWLES"],
    )


def _derived(points: pd.DataFrame) -> pd.DataFrame:
    """OVRD: the overall response of each time point as it follows from the criteria of the study."""
    return points.assign(
        PARAMCD="OVRD", AVALC=points["OVERALLD"], ANL01FL=points["BORFL"], METBRESP=points["METABOLD"],
        ANATRESP=points["ANATOMD"], NEWLIND=points["NEWLESD"], RECRESP=points["OVERALL"],
        DIFFFL=yes_no(points["OVERALLD"] != points["OVERALL"]),
    )


def _finish(records: pd.DataFrame, subjects: pd.DataFrame, windows: pd.DataFrame) -> pd.DataFrame:
    """Add what every record has: values as numbers, days, windows, sequence and source."""
    records = derive_vars_merged(records.drop(columns="CARTDY"), subjects, ["TRTSDT", "CARTSDT", "CARTSDY"])
    records = records.assign(
        AVAL=records["AVALC"].map(ORDER | {"Y": 1, "N": 0}),
        ADY=study_day(records["ADT"], records["TRTSDT"]),
        CARTDY=infusion_day(records["ADT"], records),
    )
    records = derive_vars_window(records, windows)
    ordered = records.sort_values(["USUBJID", "PARAMCD", "ADT", "SRCSEQ"])
    return records.assign(ASEQ=ordered.groupby("USUBJID").cumcount() + 1)
