"""ADAE as the recipes make it of adverse events written by hand, with the standard decisions but those changed."""

from __future__ import annotations

import pandas as pd
from recipes import decisions
from tables import STANDARD, given, toxicities

from adam.adae import adae
from adam.course.dosing import dosing
from adam.toxicity.emergence import emergence
from adam.toxicity.event_dates import event_dates
from pipeline.ground.metadata import StudySettings

CUTOFF = "2026-06-30"
STANDARDS = decisions()
TERMINOLOGY = pd.read_csv(STANDARD / "terminology" / "codelists.csv", dtype="str")


def analysed(
    ae: pd.DataFrame, suppae: pd.DataFrame, people: pd.DataFrame, ex: str = "USUBJID", **changed: object
) -> pd.DataFrame:
    """ADAE of these events; `changed` are decisions in lower case, and the list of toxicities."""
    known = STANDARDS | {"toxicities": toxicities(), "ct": TERMINOLOGY} | changed
    dates = event_dates(ae, suppae, doses(ex), people, known["teae_from"], known["onset_time"], CUTOFF, 1)
    asked = ("end_day", "to", "newtx", "no_start", "worsened", "worse_grade", "no_max")
    emergent = emergence(dates, people, **{f"teae_{name}": known[f"teae_{name}"] for name in asked})
    rules = {name: known[name] for name in ("toxicities", "fatal_grade", "related_to", "related_terms", "ct")}
    return adae(ae, suppae, people, dates, emergent, **rules)


def doses(ex: str) -> pd.DataFrame:
    """The doses of a table of EX, all of one period."""
    return dosing(given("ex", ex), given("suppex", "USUBJID"), StudySettings())[0]
