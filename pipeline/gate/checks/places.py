"""Where records of something stand: forms, a field of each, and the condition under which the records count."""

from __future__ import annotations

from typing import NamedTuple


class RecordPlace(NamedTuple):
    """A field of a form (none: its records), of the records that meet a condition (all without one)."""

    form: str
    field: str
    where: str = ""


Places = tuple[RecordPlace, ...]


def places(named: str | Places) -> Places:
    """The places that `FORM.FIELD` (or `FORM`) names, or that a check by SDTM meaning was written out for."""
    if not isinstance(named, str):
        return named
    form, _, field = named.partition(".")
    return (RecordPlace(form, field),)


def said(found: Places) -> str | Places:
    """Places as short as a study's own check says them: `FORM.FIELD` where there is one, of all records."""
    (first, *more) = found
    return found if more or first.where else f"{first.form}.{first.field}".rstrip(".")


def field_of(named: str | Places) -> str:
    """The field of `FORM.FIELD` (or of `FIELD`), or of the first place."""
    return named.rpartition(".")[2] if isinstance(named, str) else named[0].field
