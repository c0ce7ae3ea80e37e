"""Whose a record is: subject number and site, from the number by which the sender of the form goes."""

from __future__ import annotations

import pandas as pd

from pipeline.ground.distinct import on_distinct
from pipeline.study.contracts import Subject


def subject_and_site(records: pd.DataFrame, subject: Subject) -> tuple[pd.Series, pd.Series]:
    """Subject number and site of every record, both '' where the form has no subject.

    The site comes from the pattern, is the contract's only one, stands in the column SITE, or is in the number.
    """
    if subject.column not in records:
        nobody = pd.Series("", index=records.index, dtype="str")
        return nobody, records.get("SITE", nobody)
    cells = records[subject.column]
    told = on_distinct(cells, lambda numbers: _told(numbers, subject))
    if "site" in told:
        return told["subject"], told["site"]
    return told["subject"], records["SITE"] if "SITE" in records else site_of(cells, subject).fillna("")


def _told(cells: pd.Series, subject: Subject) -> pd.DataFrame:
    """Subject number of each cell, and the site where the pattern or the contract tells it; one row per cell."""
    parts = cells.str.extract(subject.pattern) if subject.pattern else pd.DataFrame(index=cells.index)
    told = pd.DataFrame({"subject": _number(parts, cells, subject).fillna(cells)})
    if "site" in parts:
        return told.assign(site=parts["site"])
    return told.assign(site=pd.Series(subject.site, index=cells.index, dtype="str")) if subject.site else told


def _number(parts: pd.DataFrame, cells: pd.Series, subject: Subject) -> pd.Series:
    """The study's number of each subject: as `known_as` makes it of the parts, else site and number, or the cell."""
    if subject.known_as:
        made = pd.Series(subject.known_as, index=cells.index, dtype="str")
        for name in parts:
            pieces = made.str.partition(f"{{{name}}}")
            made = (pieces[0] + parts[name] + pieces[2]).where(pieces[1] != "", made)
        return made
    return parts["site"].str.cat(parts["number"]) if {"site", "number"} <= set(parts) else parts.get("number", cells)


def site_of(numbers: pd.Series, subject: Subject) -> pd.Series:
    """The site that each subject's number names, by how the study's numbers are made; missing where it names none."""
    pattern = subject.number or subject.pattern
    if "(?P<site>" not in pattern:
        return pd.Series(subject.site or None, index=numbers.index, dtype="str")
    return on_distinct(numbers, lambda texts: texts.str.extract(f"^(?:{pattern})$")["site"])
