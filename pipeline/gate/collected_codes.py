"""Codes of the study's collected lists: what a text means, and what is asked of a list of units."""

from __future__ import annotations

import pandas as pd

from pipeline.ground.queries import finding

SHOWN = 3


def once_per_value(
    rows: pd.DataFrame, values: pd.Series, check: str, severity: str, field: str, message: str
) -> list[pd.DataFrame]:
    """One finding per value (a unit nobody agreed on is one question, however many results it has)."""
    found = []
    for value, members in values.groupby(values, sort=True):
        records = rows.loc[members.index, "_RECORD"]
        where = {"form": rows["_FORM"].iloc[0], "field": field, "value": value}
        if len(records) == 1:
            where |= {"record": records.iloc[0], "subject": rows.loc[members.index[0], "_SUBJECT"]}
        many = f" ({len(records):,} records, first {', '.join(records.head(SHOWN))})" if len(records) > 1 else ""
        found.append(finding(check, severity, message.format(value=value, field=field) + many, **where))
    return found
