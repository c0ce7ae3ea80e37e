"""The promise of the results file, walked: every count can be made again from DATASET, POPULATION and WHERE."""

from __future__ import annotations

import pandas as pd

COUNTS = ("n", "N", "nmiss", "at_risk")


def queried(frame: pd.DataFrame, where: str) -> pd.DataFrame:
    """The records that meet a clause; the empty clause asks for nothing."""
    return frame.query(where) if where else frame


def counted_again(results: pd.DataFrame, data: dict[str, pd.DataFrame]) -> list[str]:
    """One sentence per count that is not the number of distinct subjects its row names; none when all hold."""
    wrong = []
    counts = results[results["STATISTIC"].isin(COUNTS) & results["VALUE"].notna()]
    for row in counts.to_dict("records"):
        population = queried(data["adsl"], row["POPULATION"])["USUBJID"]
        records = queried(data[row["DATASET"].lower()], row["WHERE"])
        n = records.loc[records["USUBJID"].isin(population), "USUBJID"].nunique()
        if n != row["VALUE"]:
            wrong.append(f"{row['ROWID']} ({row['GROUP']}), {row['STATISTIC']}: {row['VALUE']:g}, again {n}")
    return wrong


def parts_of_wholes(results: pd.DataFrame) -> list[str]:
    """One sentence per row in which n exceeds its N."""
    wide = results[results["STATISTIC"].isin(["n", "N"])].pivot_table(
        index=["ROWID", "GROUP"], columns="STATISTIC", values="VALUE", sort=False
    ).dropna()
    if not {"n", "N"} <= set(wide):
        return []
    return [f"{rowid} ({group})" for rowid, group in wide.index[wide["n"] > wide["N"]]]
