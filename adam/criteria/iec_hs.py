"""IEC-HS by its laboratory criteria (ASTCT: Hines et al., Transplant Cell Ther 2023;29:438), beside the recorded one.

The table (`criteria/iechs_2023.csv`) has the bounds of each criterion as those of CTCAE stand (`ctcae.py`); `needed` is
Y for the criterion without which there is none.
"""

from __future__ import annotations

import pandas as pd

from adam.criteria.ctcae import COLUMNS, ctcae_grade

DAY = ["STUDYID", "USUBJID", "ADT"]


def iec_hs(results: pd.DataFrame, table: pd.DataFrame, common: int, days: int) -> pd.DataFrame:
    """One record per subject and day with a result of the criterion needed: MET (1 or 0) and its source record.

    MET is 1 where it holds and at least `common` other criteria do within a stretch of `days` days that holds its day.
    """
    rules = table.assign(worst="", grade="1", plus="", text=table["criterion"])
    lab = results.rename(columns={"PARAMCD": "LBTESTCD", "AVALU": "LBSTRESU"}).reindex(columns=COLUMNS)
    sides = [ctcae_grade(lab, rules, way, baseline_clause=True, lab_worst=False)["GRADE"] for way in ("H", "L")]
    of = dict(zip(table["lbtestcd"], table["criterion"], strict=True))
    needed = table.loc[table["needed"].eq("Y"), "criterion"]
    results = results.assign(MET=pd.concat(sides, axis=1).eq(1).any(axis=1), CRITERION=results["PARAMCD"].map(of))
    asked, holding = results[results["CRITERION"].isin(needed)], results[results["MET"]]
    others = holding.loc[~holding["CRITERION"].isin(needed), ["USUBJID", "CRITERION", "ADT"]]
    pairs = asked.loc[asked["MET"], DAY].drop_duplicates().merge(others.rename(columns={"ADT": "OTHER"}), on="USUBJID")
    stretches = pd.concat([pairs.assign(BACK=back) for back in range(days + 1)])
    apart = (stretches["OTHER"] - stretches["ADT"]).dt.days + stretches["BACK"]
    found = stretches[apart.between(0, days)].groupby([*DAY, "BACK"])["CRITERION"].nunique()
    met = pd.MultiIndex.from_frame(found[found >= common].reset_index()[DAY])
    asked = asked.sort_values(["MET", "SRCSEQ"], ascending=[False, True], kind="stable").drop_duplicates(DAY)
    holds = pd.MultiIndex.from_frame(asked[DAY]).isin(met)
    return asked.assign(MET=holds.astype("float64"))[[*DAY, "MET", "SRCDOM", "SRCVAR", "SRCSEQ"]]
