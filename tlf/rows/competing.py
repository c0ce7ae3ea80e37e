"""Times to the first of competing events: what rows and curves of cumulative incidence share."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipeline.ground.clauses import meets
from tlf.conditions import SUBJECT, Records, beside
from tlf.results import Origin, Place
from tlf.rows import times


def causes(place: Place, origin: Origin, event: str, records: Records) -> pd.DataFrame:
    """One record per subject: `time` in days, and `cause` 1 (an event that meets the clause), 2 (another) or 0."""
    days, events = times.observations(place, origin, records)
    used = records.where(origin.dataset, origin.where, place.population)
    own = meets(beside(used, records.data.get("adsl"), event), event, origin.dataset.upper())
    return pd.DataFrame({
        SUBJECT: used[SUBJECT], "time": days, "cause": np.where(events, np.where(own, 1, 2), 0)
    })  # fmt: skip


def apart(places: list[Place], records: Records) -> list[Place]:
    """The columns to compare: none that nobody stands in, that repeats one before it, or that holds all of another.

    Of columns that share a subject all the same, none is compared with any.
    """
    who = {place: records.subjects("adsl", place.population) for place in places}
    filled = [at for number, at in enumerate(places) if who[at] and who[at] not in [who[b] for b in places[:number]]]
    kept = [at for at in filled if not any(who[other] < who[at] for other in filled)]
    one_each = sum(len(who[at]) for at in kept) == len(frozenset().union(*(who[at] for at in kept)))
    return kept if one_each else []


def of_all(places: list[Place]) -> str:
    """The clause on ADSL for the subjects of all these columns together."""
    parts = [place.population for place in places]
    return " or ".join(f"({part})" for part in parts) if all(parts) else ""
