"""The record behind each query: where it stands, as it is now, and where it was otherwise in the extract before."""

from __future__ import annotations

from typing import TYPE_CHECKING, NotRequired, TypedDict

import pandas as pd

from pipeline.intake.delivered import Form

if TYPE_CHECKING:
    from pipeline.gate.validation import Validation

SYSTEM = (
    "STUDY", "SITE", "FOLDERNAME", "FOLDERSEQ", "FORM", "RECORDPOS", "RECORDID", "ACTIVE", "CREATED", "UPDATED",
    "CREATEDBY", "UPDATEDBY",
)  # fmt: skip


def placed(queries: pd.DataFrame, validation: Validation) -> pd.DataFrame:
    """Queries with `line` (of the delivered file, '' where no record is there), `form_label`, `field_label`, `key`."""
    lines = pd.Series("", index=queries.index, dtype="str")
    labels = pd.DataFrame({"form_label": "", "field_label": ""}, index=queries.index, dtype="str")
    for name, rows in queries.groupby("form", sort=False):
        form = held_form(str(name), validation)
        if form is None:
            continue
        at = form.by_key["_LINE"].astype("str")
        lines.loc[rows.index] = rows["_key"].map(at[~at.index.duplicated()]).fillna("").astype("str")
        labels.loc[rows.index, "form_label"] = form.label
        labels.loc[rows.index, "field_label"] = rows["field"].map(form.field_label)
    return queries.assign(line=lines, key=queries["_key"], **labels)


def held_form(name: str, validation: Validation) -> Form | None:
    """The form as it is now, else as it was in the newest extract before that had it."""
    held = [s.forms[name] for s in (validation.current, *reversed(validation.earlier)) if name in s.forms]
    return held[0] if held else None


# A record: its cells in the order of the header, by position those that were otherwise before, and the extract it is
# from when this one no longer has it.
Record = TypedDict("Record", {"cells": list[str], "old": dict[int, str], "from": NotRequired[str]})


class FormRecords(TypedDict):
    """The records behind the queries of one form, by their key."""

    header: list[str]
    labels: dict[str, str]
    system: list[str]
    rows: dict[str, Record]


def records_behind(queries: pd.DataFrame, validation: Validation) -> dict[str, FormRecords]:
    """By form: header, labels, and by record key its cells, the differing cells before (by position), and where it is
    from when this extract no longer has it."""
    behind: dict[str, FormRecords] = {}
    before = validation.earlier[-1] if validation.earlier else None
    for name, rows in queries[queries["_key"] != ""].groupby("form", sort=True):
        now = validation.current.forms.get(str(name))
        past = before.forms.get(str(name)) if before else None
        keys = pd.Index(rows["_key"].unique())
        records = _cells(now, past, keys) if now else {}
        if past is not None and before is not None:
            gone = keys.difference(list(records))
            old = _cells(past, None, gone, now.header if now else past.header)
            records |= {key: {**cells, "from": before.name} for key, cells in old.items()}
        if records:
            form = now or past
            header = list(form.header) if form else []
            labels = {column: form.field_label(column) for column in header if form and form.field_label(column)}
            behind[str(name)] = {"header": header, "labels": labels, "system": list(SYSTEM), "rows": records}
    return behind


def _cells(form: Form, past: Form | None, keys: pd.Index, header: tuple[str, ...] = ()) -> dict[str, Record]:
    """Cells of the records with these keys, in the order of the header, and what they were in the past form."""
    columns = list(header or form.header)
    held = form.by_key
    rows = held[held.index.isin(keys)].reindex(columns=columns, fill_value="")
    cells = rows.to_numpy(dtype=object)
    old: dict[int, dict[int, str]] = {}
    if past is not None:
        was = past.by_key
        shared = [c for c in columns if c in was]
        earlier = was[~was.index.duplicated()].reindex(rows.index)[shared].reindex(columns=columns)
        texts = earlier.to_numpy(dtype=object)
        differs = earlier.notna().to_numpy() & (texts != cells)
        for line, column in zip(*differs.nonzero(), strict=True):
            old.setdefault(int(line), {})[int(column)] = texts[line, column]
    return {
        key: {"cells": list(row), "old": old.get(i, {})}
        for i, (key, row) in enumerate(zip(rows.index, cells.tolist(), strict=True))
    }
