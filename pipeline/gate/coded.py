"""Codes of the study's collected lists: what a text means, and what is asked of a list of units."""

from __future__ import annotations

import pandas as pd

from pipeline.ground.queries import finding
from pipeline.ground.units import known_as, look_up

SHOWN = 3


def meant_code(text: pd.Series, terms: pd.DataFrame) -> pd.Series:
    """The code that each text means, as a decode or as a code of the list; case counts where it must (g/L, G/L)."""
    name = str(terms["CODELIST"].iloc[0]) if len(terms) else ""
    codes = terms["CODED_VALUE"]
    known = known_as([*zip(terms["DECODE"], codes, strict=True), *zip(codes, codes, strict=True)], name)
    return text.map({said: look_up(said, known, name) for said in text.dropna().unique()}).astype("str")


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
