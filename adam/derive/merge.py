"""Joining datasets: variables of another dataset, supplemental qualifiers, first and last records."""

from __future__ import annotations

import pandas as pd

from pipeline.ground.clauses import meeting

SUBJECT = ["STUDYID", "USUBJID"]


def filter_extreme(dataset: pd.DataFrame, by_vars: list[str], order: list[str], mode: str = "first") -> pd.DataFrame:
    """One record per by group: the first or last in the order given."""
    ordered = dataset.sort_values([*by_vars, *order], na_position="last" if mode == "first" else "first")
    return ordered.drop_duplicates(by_vars, keep="first" if mode == "first" else "last")


def derive_vars_merged(
    dataset: pd.DataFrame,
    dataset_add: pd.DataFrame,
    new_vars: dict[str, str] | list[str],
    by_vars: list[str] | None = None,
    order: list[str] | None = None,
    mode: str = "first",
    filter_add: str = "",
) -> pd.DataFrame:
    """Add variables of the first or last matching record of another dataset; same rows as `dataset`.

    `new_vars` is {new name: name in dataset_add}. Without `order`, dataset_add must hold one record per by group.
    Raises ValueError when it holds more.
    """
    by_vars = by_vars or ["USUBJID"]
    names = {name: name for name in new_vars} if isinstance(new_vars, list) else new_vars
    chosen = meeting(dataset_add, filter_add)
    if order:
        chosen = filter_extreme(chosen, by_vars, order, mode)
    if chosen.duplicated(by_vars).any():
        raise ValueError(f"More than one record per {', '.join(by_vars)}: give an order and a mode.")
    columns = {new: chosen[old] for new, old in names.items()}
    added = pd.DataFrame({**{by: chosen[by] for by in by_vars}, **columns})
    return dataset.merge(added, on=by_vars, how="left")


def derive_vars_supp(dataset: pd.DataFrame, supp: pd.DataFrame, qnams: list[str], idvar: str = "") -> pd.DataFrame:
    """Add supplemental qualifiers as columns named by QNAM; same rows as `dataset`.

    `idvar` is the sequence variable the qualifiers point to; without it they belong to the subject.
    """
    chosen = supp[supp["QNAM"].isin(qnams)]
    keys = ["USUBJID", "IDVARVAL"] if idvar else ["USUBJID"]
    wide = chosen.drop_duplicates([*keys, "QNAM"]).pivot(index=keys, columns="QNAM", values="QVAL")
    wide = wide.reindex(columns=qnams).astype("str").reset_index()
    wide.columns.name = None
    if not idvar:
        return dataset.merge(wide, on="USUBJID", how="left")
    wide = wide.assign(IDVARVAL=pd.to_numeric(wide["IDVARVAL"], errors="coerce")).rename(columns={"IDVARVAL": idvar})
    return dataset.merge(wide, on=["USUBJID", idvar], how="left")
