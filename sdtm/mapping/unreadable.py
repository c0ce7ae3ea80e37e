"""Columns that a domain rests on and that cannot be read: the domain is not made of what is left of them."""

from collections.abc import Container, Mapping

import pandas as pd

from pipeline.ground.metadata import StudySettings
from pipeline.ground.readable import column_fault
from sdtm.mapping.sheet import MappingRow

# Per rule: what it reads its fields as, and how many of its first words are such fields.
READS = {
    "assign_datetime": ("date", 1), "day_of_date": ("date", 1), "days_between": ("date", 2),
    "months_between": ("date", 2), "assign_number": ("number", 1), "assign_result": ("result", 1),
}  # fmt: skip
DATES_OF_STUDY = ("entered", "death", "anchor")


def columns_read(
    rows: list[MappingRow], raw: Mapping[str, Container[str]], study: StudySettings
) -> list[tuple[str, str, str]]:
    """Form, field and what it is read as, of every column that a domain rests on; `raw` has each form's columns."""
    read = [(row.form, word, READS[row.rule][0]) for row in rows if row.rule in READS
            for word in row.words[:READS[row.rule][1]]]
    for name in DATES_OF_STUDY:
        places = [place.partition(".") for place in study.places[name]]
        read += [(form, field, "date") for form, _, field in places if field in raw.get(form, ())]
    return list(dict.fromkeys(read))


def refuse_unreadable(rows: list[MappingRow], raw: dict[str, pd.DataFrame], study: StudySettings) -> None:
    """Raises ColumnError for the first column of dates or numbers of which most cannot be read."""
    for form, field, kind in columns_read(rows, raw, study):
        fault = column_fault(raw[form], field, kind)
        if fault:
            raise fault
