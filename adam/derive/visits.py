"""Scheduled response assessments: which window a day lies in, and how many were missed."""

from __future__ import annotations

import numpy as np
import pandas as pd


def response_windows(visits: pd.DataFrame) -> pd.DataFrame:
    """The scheduled response assessments after the first infusion, in order: AVISIT, TARGET, LOW, HIGH (days)."""
    chosen = visits[(visits["RESPFL"] == "Y") & (visits["ANCHOR"] == "CELLS")]
    windows = pd.DataFrame({
        "AVISIT": chosen["AVISIT"], "TARGET": pd.to_numeric(chosen["PLANNED_DAY"]),
        "LOW": pd.to_numeric(chosen["WINDOW_LOW"]), "HIGH": pd.to_numeric(chosen["WINDOW_HIGH"]),
    })
    return windows.sort_values("LOW")


def missed_windows(last: pd.Series, event: pd.Series, windows: pd.DataFrame) -> pd.Series:
    """How many windows lie wholly after day `last` and before day `event` (as CARTDY counts); 0 if missing.

    The window that holds the event is not missed, nor is the one that holds the last assessment.
    """
    ended = np.searchsorted(windows["HIGH"].to_numpy(), event.fillna(-np.inf).to_numpy(), side="left")
    begun = np.searchsorted(windows["LOW"].to_numpy(), last.fillna(np.inf).to_numpy(), side="right")
    return pd.Series(np.maximum(ended - begun, 0), index=event.index)


def next_window(last: pd.Series, windows: pd.DataFrame) -> pd.Series:
    """The planned day of the first window that begins after day `last`; missing where none does."""
    targets = np.append(windows["TARGET"].to_numpy(dtype="float64"), np.nan)
    begun = np.searchsorted(windows["LOW"].to_numpy(), last.fillna(np.inf).to_numpy(), side="right")
    return pd.Series(targets[begun], index=last.index)


def derive_vars_window(dataset: pd.DataFrame, windows: pd.DataFrame) -> pd.DataFrame:
    """Add AVISIT, AWTARGET, AWTDIFF and AWRANGE from CARTDY: the nearest planned day; AVISIT only within its window."""
    known = dataset["CARTDY"].notna() & bool(len(windows))
    if not known.any():
        return dataset.assign(AVISIT=pd.Series(np.nan, dataset.index, "str"), AWTARGET=np.nan, AWTDIFF=np.nan,
                              AWRANGE=pd.Series(np.nan, dataset.index, "str"))  # fmt: skip
    target = windows["TARGET"].to_numpy()
    middles = (target[1:] + target[:-1]) / 2
    days = windows["LOW"].astype("str") + " to " + windows["HIGH"].astype("str")
    places = np.searchsorted(middles, dataset["CARTDY"].fillna(0).to_numpy())
    nearest = windows.assign(RANGE=days).iloc[places].set_index(dataset.index)
    inside = known & dataset["CARTDY"].between(nearest["LOW"], nearest["HIGH"])
    return dataset.assign(
        AVISIT=nearest["AVISIT"].where(inside), AWTARGET=nearest["TARGET"].where(known),
        AWTDIFF=(dataset["CARTDY"] - nearest["TARGET"]).abs(), AWRANGE=nearest["RANGE"].where(known),
    )
