"""CAR-HEMATOTOX: risk of haematotoxicity before lymphodepletion, from five values (Rejeski, Blood 2021;138:2499)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipeline.ground.bounds import above, at_least, at_most, below

HIGH_FROM = 2


def car_hematotox(markers: pd.DataFrame) -> pd.DataFrame:
    """Score 0 to 7 (HTSCORE) and risk LOW or HIGH (HTRISK), one record per record of `markers`.

    Platelets over 175 x 10^9/L 0, 75 to 175 1, below 75 2; neutrophils over 1.2 x 10^9/L 0, else 1; haemoglobin over
    90 g/L 0, else 1; CRP below 30 mg/L 0, else 1; ferritin below 650 ug/L 0, to 2000 1, above 2. HIGH from 2 points.
    The score is missing without one of the five; the risk is HIGH as soon as the known values make it, missing where
    the unknown ones could. Columns in these units: PLAT, NEUT, HGB, CRP, FERRITIN. Source: analysis plan 4.4.
    """
    points = pd.DataFrame({
        "PLAT": np.select([above(markers["PLAT"], 175), at_least(markers["PLAT"], 75)], [0.0, 1.0], 2.0),
        "NEUT": np.where(above(markers["NEUT"], 1.2), 0.0, 1.0),
        "HGB": np.where(above(markers["HGB"], 90), 0.0, 1.0),
        "CRP": np.where(below(markers["CRP"], 30), 0.0, 1.0),
        "FERRITIN": np.select(
            [below(markers["FERRITIN"], 650), at_most(markers["FERRITIN"], 2000)], [0.0, 1.0], 2.0
        ),
    }, index=markers.index)  # fmt: skip
    points = points.where(markers[points.columns].notna())
    most = points.fillna({"PLAT": 2, "NEUT": 1, "HGB": 1, "CRP": 1, "FERRITIN": 2}).sum(axis=1)
    risk = pd.Series(np.where(points.sum(axis=1) >= HIGH_FROM, "HIGH", "LOW"), index=markers.index)
    return pd.DataFrame({
        "HTSCORE": points.sum(axis=1, min_count=len(points.columns)),
        "HTRISK": risk.where(risk.eq("HIGH") | (most < HIGH_FROM)),
    })  # fmt: skip
