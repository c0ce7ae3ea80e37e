"""Codes of the study's collected lists: what a text means, and what is asked of a list of units."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd

from pipeline.ground.queries import finding

SHOWN = 3


def once_per_value(
    rows: pd.DataFrame, values: pd.Series, check: str, severity: str, field: str, message: str
) -> list[pd.DataFrame]:
    """One finding per value (a unit nobody agreed on is one question, however many results it has)."""
    form = str(rows["_FORM"].iloc[0]) if len(rows) else ""
    return asked_once(met_in(rows, values), form, check, severity, field, message)


class Met(NamedTuple):
    """How many records have a value, the first few of them, and the subject of the first."""

    often: int
    records: tuple[str, ...]
    subject: str


def met_in(rows: pd.DataFrame, values: pd.Series) -> dict[str, Met]:
    """The records of each value."""
    return {str(value): Met(len(members), tuple(rows.loc[members.index[:SHOWN], "_RECORD"]),
                            rows.loc[members.index[0], "_SUBJECT"])
            for value, members in values.groupby(values, sort=True)}  # fmt: skip


def met_in_both(one: Mapping[str, Met], more: Mapping[str, Met]) -> dict[str, Met]:
    """The records of each value in two pieces, in the order of these."""
    both = {value: Met(one[value].often + met.often, (one[value].records + met.records)[:SHOWN], one[value].subject)
            for value, met in more.items() if value in one}  # fmt: skip
    return {**one, **more, **both}


def asked_once(
    met: Mapping[str, Met], form: str, check: str, severity: str, field: str, message: str
) -> list[pd.DataFrame]:
    """One finding per value, in the order of these."""
    found = []
    for value, (often, records, subject) in sorted(met.items()):
        where = {"form": form, "field": field, "value": value}
        where |= {"record": records[0], "subject": subject} if often == 1 else {}
        many = f" ({often:,} records, first {', '.join(records)})" if often > 1 else ""
        found.append(finding(check, severity, message.format(value=value, field=field) + many, **where))
    return found
