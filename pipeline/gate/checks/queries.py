"""The queries of a check: one per record that its rule or its clause found wrong."""

from __future__ import annotations

import re
import string
from typing import Any

import pandas as pd

from pipeline.gate.checks.catalogue import Check
from pipeline.gate.checks.parsed import Forms
from pipeline.gate.checks.related_queries import RELATIONS, only, relations

COLUMNS = (
    "check",
    "severity",
    "responsible",
    "form",
    "record",
    "site",
    "subject",
    "folder",
    "field",
    "value",
    "message",
)
FOLDERS = ("FOLDER", "VISIT", "TIMEPOINT")
TOLD = ("_SUBJECT", "_RECORD", "_FORM", "_SITE", "_LINE", "_VALUE", "_TOGETHER", "_FROM")  # of a wrong record
UNKNOWN_PARTY = "data management"
Cells = dict[str, str | float]  # of one record by field: text, NaN where it is empty, and the line


class _Words(string.Formatter):
    """Fills {WORDS} of a message; a word nobody knows is left empty."""

    def get_value(self, key: Any, args: Any, kwargs: Any) -> Any:
        value = kwargs.get(key, "")
        return "(empty)" if value is None or value == "" or value != value else value


def queries_of(check: Check, rows: pd.DataFrame, forms: Forms) -> pd.DataFrame:
    """One query per wrong record: values as they stand in the extract, the message filled with them."""
    fields = rows["_FIELD"] if "_FIELD" in rows else pd.Series(check.field, index=rows.index)
    told = [*TOLD, *FOLDERS, *_words_of(check.message), *fields.dropna().unique()]
    rows = rows[[name for name in dict.fromkeys(told) if name in rows]]
    related = {form: relations(check, form, forms) for form in rows["_FORM"].unique()}
    records = []
    for row, cells, name in zip(rows.to_dict("records"), _as_collected(rows, forms, told), fields, strict=True):
        words = row | cells
        words |= {
            "subject": row["_SUBJECT"],
            "record": row["_RECORD"],
            "form": row["_FORM"],
            "site": row.get("_SITE", ""),
        }
        words |= {
            "field": name,
            "value": row.get("_VALUE", words.get(name, "")),
            "label": _label(row["_FORM"], name, forms),
        }
        records.append({
            "check": check.id, "severity": check.severity, "responsible": addressee(check, row["_FORM"], forms),
            "form": row["_FORM"],
            "record": row["_RECORD"], "site": row.get("_SITE", ""), "subject": row["_SUBJECT"], "folder": _folder(row),
            "field": name, "value": words["value"], "message": _Words().vformat(check.message, (), words),
            "_together": row.get("_TOGETHER", ""), "_from": row.get("_FROM", ""),
            "_only": only(row["_FORM"], row["_SUBJECT"], forms), **related[row["_FORM"]],
        })  # fmt: skip
    queries = pd.DataFrame(records, columns=[*COLUMNS, *RELATIONS])
    return queries.astype("str").where(queries.notna(), "").astype("str")


def addressee(check: Check, form: str, forms: Forms) -> str:
    """Who can mend it: a sender's own file is the sender's, whatever form the check began with."""
    vendor = forms.contracts[form].vendor if form in forms.contracts else ""
    if vendor and form not in check.forms:
        return vendor
    return UNKNOWN_PARTY if check.responsible == "sender" else check.responsible


def _words_of(message: str) -> list[str]:
    """The names in braces of a message."""
    return [re.split(r"[.\[]", name)[0] for _, name, _, _ in string.Formatter().parse(message) if name]


def _as_collected(rows: pd.DataFrame, forms: Forms, told: list[str]) -> list[Cells]:
    """The raw cells that are told of parsed rows, by form and line (none for a record that is not there)."""
    cells: dict[tuple[str, int], Cells] = {}
    for form in rows["_FORM"].unique():
        if form in forms.raw and "_LINE" in rows:
            raw = forms.raw[form]
            lines = raw["_LINE"].isin(rows.loc[rows["_FORM"] == form, "_LINE"])
            own = raw[[name for name in dict.fromkeys(told) if name in raw]].loc[lines]
            cells |= {(form, row["_LINE"]): row for row in own.to_dict("records")}
    lines = rows["_LINE"] if "_LINE" in rows else [None] * len(rows)
    return [cells.get(key, {}) for key in zip(rows["_FORM"], lines, strict=True)]


def _label(form: str, name: str, forms: Forms) -> str:
    entry = forms.contracts[form].fields.get(name) if form in forms.contracts else None
    return entry.spoken if entry else name


def _folder(row: Cells) -> str:
    return next((str(row[name]) for name in FOLDERS if isinstance(row.get(name), str)), "")
