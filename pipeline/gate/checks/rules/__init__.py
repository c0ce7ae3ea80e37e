"""The rules that a check may name: functions of the parsed records of its form and of all forms.

A rule returns the records that are wrong: rows of one or more parsed frames (`_FORM` tells which), with further
columns for the words in braces of the message, and `_FIELD` where the field is not the one of the check.
"""

from __future__ import annotations

import pandas as pd

from pipeline.gate.checks.places import field_of

# What an argument of a rule is: the catalogue holds names of fields and forms to the contracts by these words.
Field = str  # FIELD of the check's form, or FORM.FIELD; written out by meaning also Places of another domain
Fields = list[str]
Dates = list[str]  # FORM.FIELD of dates; by meaning domains and variables, or all `but:` those
Form = str
Clause = str  # of the records of the form, or of the FORM.FIELD, beside it
Codes = list[str]
Number = str
Table = dict[str, str]
FieldTable = dict[str, str]  # word: FIELD or FORM.FIELD
DateTable = dict[str, str]  # FORM.FIELD: condition
Factors = dict[str, str]  # of a test: factors to its standard unit by collected unit; "" is the unit, or its field
Source = dict[str, str]  # form: FORM, and word: FIELD of that form (`code` is a value)


def flagged(parts: list[pd.DataFrame], records: pd.DataFrame) -> pd.DataFrame:
    """The wrong records of several looks, one below the other."""
    found = [part for part in parts if len(part)]
    return pd.concat(found) if found else records.iloc[:0]


def iso(days: pd.Series) -> pd.Series:
    """Days as ISO text for messages."""
    return days.dt.strftime("%Y-%m-%d").fillna("unknown").astype("str")


def in_standard_unit(values: pd.Series, records: pd.DataFrame, factors: Factors) -> pd.Series:
    """Numbers turned to the standard unit; missing in a unit that nobody can turn, as they are where none is said."""
    said = factors.get("", "")
    units = records[said].astype("object") if said in records else pd.Series(said, index=records.index, dtype="object")
    known = {unit: float(factor) for unit, factor in factors.items() if unit}
    return values * units.map(known).mask(units.isna() | units.eq(""), 1.0).astype("float64") if said else values


def numbers(records: pd.DataFrame, name: Field) -> pd.Series:
    """A field as numbers, whatever type its contract gives it: as text "118" would stand below "72"."""
    return pd.to_numeric(records[name], errors="coerce")


def number_text(values: pd.Series) -> pd.Series:
    """Numbers as people write them."""
    return values.map("{:g}".format, na_action="ignore").astype("object").fillna("").astype("str")


def of_subject(records: pd.DataFrame, number: str) -> pd.DataFrame:
    """Records with `_OWN`, their sample or scan: a number that two subjects share is two samples."""
    return records.assign(_OWN=(records["_SUBJECT"] + "/" + records[number]).astype("object"))


plain = field_of
