"""Days at risk of all lines of a row of kind `terms` at once: those of nobody with an event, changed by who has one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from tlf.conditions import Records
from tlf.results import Place
from tlf.rows.at_risk import began, days_at_risk, time_at_risk
from tlf.rows.kinds import Terms
from tlf.rows.term_counts import TermCounts
from tlf.rows.term_lines import TermLines
from tlf.rows.term_numbers import many, pairs

Kind = tuple[int, int]  # of lines: as CountedTerm has it
Days = tuple[np.ndarray, np.ndarray]


def days_of_lines(row: Terms, told: TermLines, places: Sequence[Place], records: Records) -> dict[Kind, list[Days]]:
    """Days at risk of the subjects of each place, and how many have no known time: by term, for each kind of line."""
    at_risk = [time_at_risk(row.time_at_risk, place, records) for place in places]
    kinds = {(at, kind): one for at, kinds in enumerate(told.counted) for kind, one in enumerate(kinds)}
    return {kind: [_days(told, counted, one) for one in at_risk] for kind, counted in kinds.items()}


def _days(told: TermLines, counted: TermCounts, at_risk: pd.DataFrame) -> Days:
    """Days are whole numbers, so that sums of them are exact in whatever order they are made.
    """
    free = days_at_risk(pd.Series(pd.NaT, index=at_risk.index, dtype=at_risk["end"].dtype), at_risk)
    size, behind = many(told.people.number), counted.behind
    both = pairs(counted.of, told.people.number)[behind]
    first = began(told.used[behind]).groupby(both).min()
    term, who = np.divmod(first.index.to_numpy(), size)
    names = told.people.names[who]
    inside = pd.Index(names).isin(at_risk.index)
    term, names, first = term[inside], names[inside], first[inside]
    ended = days_at_risk(first.set_axis(names), at_risk.loc[names])
    before = free.loc[names]
    lines = len(counted.n)
    more = ended.fillna(0).to_numpy() - before.fillna(0).to_numpy()
    lost = ended.isna().to_numpy().astype(float) - before.isna().to_numpy()
    days, unknown = (np.bincount(term, weights=one, minlength=lines) for one in (more, lost))
    return free.sum() + days, free.isna().sum() + unknown
