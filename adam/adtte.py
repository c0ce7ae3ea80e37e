"""ADTTE: the times to events that the study's endpoints say (analysis plan 5, clarifications 8 to 11)."""

from __future__ import annotations

import pandas as pd

from adam.derive.sources import beside
from adam.derive.tte import Setting, derive_param_tte
from adam.derive.visits import response_windows
from pipeline.ground.clauses import meeting
from pipeline.ground.endpoints import Endpoints


def adtte(
    subjects: pd.DataFrame, endpoints: Endpoints, visits: pd.DataFrame, month_days: float, **named: pd.DataFrame
) -> pd.DataFrame:
    """One record per subject of its population that has the origin, per endpoint of the study.

    The endpoints are files (specs/*/endpoints/); adam/derive/tte.py says what their words mean. `named` are the
    datasets that their sources and populations name.
    """
    people = beside(subjects, endpoints.beside, named)
    records = {name: frame for name, frame in named.items() if name not in endpoints.beside}
    setting = Setting(endpoints.sources, records, response_windows(visits), month_days)
    return pd.concat([
        derive_param_tte(meeting(people, endpoint.population, endpoint.code), endpoint, setting)
        for endpoint in endpoints.made
    ])  # fmt: skip
