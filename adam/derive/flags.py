"""Flags and reasons from conditions."""

from __future__ import annotations

import numpy as np
import pandas as pd


def yes_no(condition: pd.Series) -> pd.Series:
    """Y where the condition holds, N elsewhere."""
    return pd.Series(np.where(condition, "Y", "N"), index=condition.index, dtype="str")


def yes_only(condition: pd.Series) -> pd.Series:
    """Y where the condition holds, missing elsewhere."""
    return yes_no(condition).where(condition)


def first_reason(index: pd.Index, reasons: dict[str, pd.Series]) -> pd.Series:
    """The first reason whose condition holds, missing where none does. The order of the reasons matters."""
    chosen = np.select([condition.to_numpy(bool) for condition in reasons.values()], list(reasons), "")
    text = pd.Series(chosen, index=index, dtype="str")
    return text.where(text != "")


def present(subjects: pd.DataFrame, records: pd.DataFrame) -> pd.Series:
    """True for a subject (one row each) with any of the records."""
    return subjects["USUBJID"].isin(records["USUBJID"])


def members(analysis_set: pd.DataFrame, flag: str) -> pd.DataFrame:
    """One record (STUDYID, USUBJID) per member of an analysis set: the subjects whose flag is Y."""
    return analysis_set.loc[analysis_set[flag] == "Y", ["STUDYID", "USUBJID"]]


def derive_var_extreme_flag(
    dataset: pd.DataFrame, by_vars: list[str], order: list[str], new_var: str, condition: pd.Series
) -> pd.DataFrame:
    """Flag with Y the first record of each by group, in the order given, among those where the condition holds."""
    chosen = dataset.loc[condition, [*by_vars, *order]].sort_values([*by_vars, *order]).drop_duplicates(by_vars)
    return dataset.assign(**{new_var: yes_only(pd.Series(dataset.index.isin(chosen.index), index=dataset.index))})
