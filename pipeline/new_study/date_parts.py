"""Dates that a form collects in three fields, day, month and year: read as one date, mapped by date_of_parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.new_study.dictionary import DictionaryField
from pipeline.new_study.meanings import spoken
from pipeline.new_study.proposed import ProposedRow

PARTS = ("year", "month", "day")  # in the order of the rule
KINDS = ("text", "integer", "decimal", "coded")
WHOLE, OF_PARTS = "assign_datetime", "date_of_parts"


def joined(fields: Sequence[DictionaryField]) -> list[DictionaryField]:
    """The fields of a form, in the place of each year that has its month and day one date named as its three fields."""
    parts: dict[str, dict[str, DictionaryField]] = {}
    for one in fields:
        words = spoken(one.label).split()
        said = [word for word in words if word in PARTS]
        if len(said) == 1 and one.type in KINDS:
            parts.setdefault(" ".join(word for word in words if word != said[0]), {}).setdefault(said[0], one)
    made = {}
    for label, of in parts.items():
        if len(of) == len(PARTS):
            names = " ".join(of[part].name for part in PARTS)
            whole = label if "date" in label.split() else f"{label} date".strip()
            made[of["year"].name] = replace(of["year"], name=names, label=whole, type="date", codelist="", column="")
    gone = {name for one in made.values() for name in one.name.split()}
    return [made.get(one.name, one) for one in fields if one.name not in gone or one.name in made]


def parted(rows: Sequence[ProposedRow]) -> list[ProposedRow]:
    """Rows that give a date of three fields, by the rule that joins them."""
    return [row._replace(rule=OF_PARTS) if row.rule == WHOLE and len(row.source.split()) > len(PARTS) - 1 else row
            for row in rows]
