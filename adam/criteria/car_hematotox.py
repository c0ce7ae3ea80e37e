"""CAR-HEMATOTOX: risk of haematotoxicity before lymphodepletion, from five values (Rejeski, Blood 2021;138:2499).

The table (`criteria/hematotox_2021.csv`) has per marker the bounds, in its unit, and the points beyond each; the row
HTRISK has the points from which the risk is HIGH.
"""

from __future__ import annotations

import pandas as pd

from pipeline.ground.bounds import BY_SIGN

RISK = "HTRISK"


def car_hematotox(markers: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Score (HTSCORE) and risk LOW or HIGH (HTRISK), one record per record of `markers`, a column per marker.

    Of a marker the most points whose bound is passed, 0 without. The score is missing without one of the markers; the
    risk is HIGH as soon as the known values make it, missing where the unknown ones could. Source: analysis plan 4.4.
    """
    rules = table.assign(bound=pd.to_numeric(table["bound"]), points=pd.to_numeric(table["points"]))
    points, most = pd.DataFrame(index=markers.index), pd.DataFrame(index=markers.index)
    for marker, own in rules[rules["marker"] != RISK].groupby("marker", sort=False):
        passed = [pd.Series(BY_SIGN[rule.compare](markers[marker], rule.bound), markers.index) * float(rule.points)
                  for rule in own.itertuples()]  # fmt: skip
        points[marker] = pd.concat(passed, axis=1).max(axis=1).where(markers[marker].notna())
        most[marker] = points[marker].fillna(own["points"].max())
    high = rules[rules["marker"] == RISK].iloc[0]
    surely, maybe = (BY_SIGN[high["compare"]](known.sum(axis=1), high["bound"]) for known in (points, most))
    risk = pd.Series(surely, markers.index).map({True: "HIGH", False: "LOW"})
    score = points.sum(axis=1, min_count=len(points.columns))
    return pd.DataFrame({"HTSCORE": score, "HTRISK": risk.where(surely == maybe)})
