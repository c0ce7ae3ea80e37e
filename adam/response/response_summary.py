"""What is made of the response time points of each infused subject (analysis plan 2.7, clarification 7)."""

from __future__ import annotations

import pandas as pd

from adam.criteria.responses import RESPONSES
from adam.derive.flags import members, yes_no
from adam.derive.merge import derive_vars_merged
from adam.response.best import best_response

SHOWN = ["ADT", "ADTF", "VISIT", "RSSEQ"]


def response_summary(
    counted_responses: pd.DataFrame, assessments: pd.DataFrame, infused_set: pd.DataFrame, crbest_day: int,
    crd30_low: int | None, crd30_high: int | None, crd100_low: int | None, crd100_high: int | None,
    complete_responses: str,
) -> pd.DataFrame:
    """One record per infused subject per parameter: the best response, and when a response was shown first (or last).

    1. BOR, ORR, RSP and CRBEST come from what the counted assessments are worth; BOR is MISSING where there is none.
    2. CRD30 and CRD100 ask for a complete response (COMPLETE_RESPONSES says what is one) at a time point within the
       window of Day 30 and Day 100; where the study plans no such visit the parameter is not made.
    3. ORRBEST and CRBEST ask for one through CRBEST_DAY. PD and LSTA look at all adequate assessments.
    """
    infused = members(infused_set, "INFFL")
    responses = counted_responses[counted_responses["QUALRSP"].isin(RESPONSES)]
    asked = complete_responses.split(", ")
    complete = counted_responses[counted_responses["QUALRSP"].isin(asked)]
    at_visit = counted_responses[counted_responses["OVERALL"].isin(asked)]
    adequate = assessments[assessments["ADEQFL"] == "Y"]
    windows = {"CRD30": (crd30_low, crd30_high), "CRD100": (crd100_low, crd100_high)}
    planned = {paramcd: days for paramcd, days in windows.items() if None not in days}
    shown = {
        "ORR": responses, "ORRBEST": responses[responses["CARTDY"] <= crbest_day],
        **{paramcd: at_visit[at_visit["CARTDY"].between(*days)] for paramcd, days in planned.items()},
        "CRBEST": complete[complete["CARTDY"] <= crbest_day], "RSP": responses,
        "PD": adequate[adequate["OVERALL"] == "PD"],
    }
    parameters = [_yes_no(paramcd, infused, records, "first") for paramcd, records in shown.items()]
    parameters += [_bor(infused, best_response(counted_responses)), _yes_no("LSTA", infused, adequate, "last")]
    return pd.concat(parameters)


def _bor(infused: pd.DataFrame, best: pd.DataFrame) -> pd.DataFrame:
    """BOR of each infused subject; MISSING without any assessment that counts."""
    found = derive_vars_merged(infused, best, {"AVALC": "QUALRSP"} | {name: name for name in SHOWN})
    return found.assign(PARAMCD="BOR", AVALC=found["AVALC"].fillna("MISSING"))


def _yes_no(paramcd: str, infused: pd.DataFrame, shown: pd.DataFrame, mode: str) -> pd.DataFrame:
    """Y with the date of the first (or last) of the assessments that show it, N for the other infused subjects."""
    found = derive_vars_merged(infused, shown, SHOWN, order=["ADT", "RSSEQ"], mode=mode)
    return found.assign(PARAMCD=paramcd, AVALC=yes_no(found["RSSEQ"].notna()))
