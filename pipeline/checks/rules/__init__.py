"""The rules that a check may name: functions of the parsed records of its form and of all forms.

A rule returns the records that are wrong: rows of one or more parsed frames (`_FORM` tells which), with further
columns for the words in braces of the message, and `_FIELD` where the field is not the one of the check.
"""

from __future__ import annotations

import pandas as pd

Field = str
Fields = list[str]
Form = str
Codes = list[str]
Number = str
Text = str
Table = dict[str, str]


def flagged(parts: list[pd.DataFrame], records: pd.DataFrame) -> pd.DataFrame:
    """The wrong records of several looks, one below the other."""
    found = [part for part in parts if len(part)]
    return pd.concat(found) if found else records.iloc[:0]


def iso(days: pd.Series) -> pd.Series:
    """Days as ISO text for messages."""
    return days.dt.strftime("%Y-%m-%d").fillna("unknown").astype("str")


def number_text(values: pd.Series) -> pd.Series:
    """Numbers as people write them."""
    return values.map("{:g}".format, na_action="ignore").fillna("").astype("str")
