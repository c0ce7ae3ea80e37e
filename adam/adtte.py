"""ADTTE and ADTTECR: times to events and to the first of competing ones, as the study's endpoints say them.

Source: analysis plan 5, clarifications 8 to 11. The endpoints are files (specs/*/endpoints/); adam/derive/tte.py says
what their words mean.
"""

from __future__ import annotations

from collections.abc import Mapping

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

    `named` are the datasets that sources and populations of the endpoints name.
    """
    return _times("adtte", subjects, endpoints, visits, month_days, named)


def adttecr(
    subjects: pd.DataFrame, endpoints: Endpoints, visits: pd.DataFrame, month_days: float, **named: pd.DataFrame
) -> pd.DataFrame:
    """One record per subject of its population that has the origin, per endpoint whose events compete (EVNTCD)."""
    return _times("adttecr", subjects, endpoints, visits, month_days, named)


def _times(
    dataset: str, subjects: pd.DataFrame, endpoints: Endpoints, visits: pd.DataFrame, month_days: float,
    named: Mapping[str, pd.DataFrame],
) -> pd.DataFrame:  # fmt: skip
    """The times of the endpoints that are parameters of one dataset."""
    people = beside(subjects, endpoints.beside, named)
    records = {name: frame for name, frame in named.items() if name not in endpoints.beside}
    setting = Setting(endpoints.sources, records, response_windows(visits), month_days, people)
    return pd.concat([
        derive_param_tte(meeting(people, endpoint.population, endpoint.code), endpoint, setting)
        for endpoint in endpoints.made if endpoint.dataset == dataset
    ])  # fmt: skip
