"""What changed between two extracts: first the layout, then records and cells, known by their record key.

Columns at a time, so that a million records compare in seconds. Time stamps of the database are no changes, and a
difference in writing only (case, blanks, 1.0 for 1, another way to write the same date) is marked as cosmetic.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

import numpy as np
import pandas as pd

from pipeline.ground.dates import iso_date
from pipeline.intake.delivered import Form

LAYOUT = ("form", "what", "column", "detail")
CHANGES = ("kind", "form", "site", "subject", "folder", "record", "field", "old", "new", "cosmetic")
KINDS = ("added", "changed", "inactivated", "reactivated", "removed")
STAMPS = ("CREATED", "UPDATED", "CREATEDBY", "UPDATEDBY")
PLAIN_NUMBER = r"[+-]?(?:0|[1-9]\d*)(?:\.\d+)?"
ALIKE = 0.95  # share of equal cells from which a gone and a new column are the same one renamed
QUOTES = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-"})


def compare(old: Mapping[str, Form], new: Mapping[str, Form]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Layout drift (LAYOUT, one row per form or column) and changes (CHANGES, one row per record or changed cell)."""
    layout, changes = renamed_forms(old, new), []
    moved = {row["form"]: row["column"] for row in layout if row["what"] == "form renamed"}
    for name in [*new, *(n for n in old if n not in new and n not in moved.values())]:
        before, after = old.get(moved.get(name, name)), new.get(name)
        if before is not None and after is not None:
            if before.digest and before.digest == after.digest:
                continue
            drift, names = columns_drift(before, after)
            layout += drift
            changes += form_changes(before, after, names)
            continue
        one = after if after is not None else before
        if one is not None:
            what = "form added" if after is not None else "form gone"
            layout.append(_row(name, what, "", f"{len(one.records):,} records"))
            changes.append(_records(one, one.records, "added" if after is not None else "removed"))
    whole = pd.concat(changes, ignore_index=True) if changes else pd.DataFrame(columns=list(CHANGES), dtype="str")
    return pd.DataFrame(layout, columns=list(LAYOUT), dtype="str"), sorted_changes(whole, [*old, *new])


def _row(form: str, what: str, column: str, detail: str) -> dict[str, str]:
    return {"form": form, "what": what, "column": column, "detail": detail}


def renamed_forms(old: Mapping[str, Form], new: Mapping[str, Form]) -> list[dict[str, str]]:
    """Forms that went and came under another name with the same columns; `column` holds the name before."""
    gone, found = [n for n in old if n not in new], []
    for name in [n for n in new if n not in old]:
        twin = [g for g in gone if set(old[g].header) == set(new[name].header) and len(old[g].header) > 1]
        if len(twin) == 1:
            gone.remove(twin[0])
            found.append(_row(name, "form renamed", twin[0], f"was {twin[0]}; the columns are the same"))
    return found


def columns_drift(old: Form, new: Form) -> tuple[list[dict[str, str]], dict[str, str]]:
    """Layout rows of one form, and for every new column that existed before its name then."""
    gone = [c for c in old.header if c not in new.header]
    added = [c for c in new.header if c not in old.header]
    names = {c: c for c in new.header if c in old.header}
    at = positions(old, new)
    rows = []
    for column in added:
        twin = _twin(old, new, at, column, gone)
        if twin:
            gone.remove(twin)
            names[column] = twin
            rows.append(_row(new.name, "column renamed", column, f"was {twin}; the values agree"))
        else:
            filled = int((new.records[column].str.strip() != "").sum())
            rows.append(_row(new.name, "column added", column, f"filled in {filled:,} of {len(new.records):,} records"))
    filled_before = {c: int((old.records[c].str.strip() != "").sum()) for c in gone}
    rows += [_row(new.name, "column gone", c, f"was filled in {n:,} records") for c, n in filled_before.items()]
    order = [names[c] for c in new.header if c in names]
    if order != [c for c in old.header if c in order]:
        rows.append(_row(new.name, "columns reordered", "", "the same columns in another order; read by name"))
    return rows, names


def positions(old: Form, new: Form) -> np.ndarray:
    """For every record of the new form its row in the old one, -1 where it was not there."""
    return _key(old.records).get_indexer(_key(new.records))


def _key(records: pd.DataFrame) -> pd.Index:
    """The record key, made unique by a number where a file repeats it."""
    number = records.groupby("_RECORD").cumcount() if records["_RECORD"].duplicated().any() else None
    if number is None:
        return pd.Index(records["_RECORD"])
    numbered = records["_RECORD"] + "\x1f" + number.astype("str")  # no zero byte: numpy ends a text with it
    return pd.Index(records["_RECORD"].where(number == 0, numbered))


def _twin(old: Form, new: Form, at: np.ndarray, column: str, gone: list[str]) -> str:
    """The gone column whose values the added one holds for the same records, or ''."""
    both = at >= 0
    now = new.records[column].to_numpy(dtype=object)[both]
    best, share = "", 0.0
    for name in gone:
        before = old.records[name].to_numpy(dtype=object)[at[both]]
        filled = (before != "") | (now != "")
        agreed = float((before == now)[filled].mean()) if filled.any() else 0.0
        if agreed >= ALIKE and agreed > share:
            best, share = name, agreed
    return best


def form_changes(old: Form, new: Form, names: dict[str, str]) -> list[pd.DataFrame]:
    """Changes of one form; `names` gives each column's name before."""
    at = positions(old, new)
    both = np.flatnonzero(at >= 0)
    after, before = new.records.iloc[both], old.records.iloc[at[both]]
    was, now = before["_ACTIVE"].to_numpy(), after["_ACTIVE"].to_numpy()
    left = np.ones(len(old.records), dtype=bool)
    left[at[both]] = False
    found = [
        _records(new, new.records[at < 0], "added"),
        _records(new, after[was & ~now], "inactivated"),
        _records(new, after[~was & now], "reactivated"),
        _records(old, old.records[left], "removed"),
    ]
    flag = new.contract.inactive.column if new.contract.inactive else "ACTIVE"
    for column, earlier in names.items():
        if column in STAMPS or column == flag:
            continue
        o, n = before[earlier].to_numpy(dtype=object), after[column].to_numpy(dtype=object)
        differs = (o != n) & (was | now)
        if differs.any():
            base = column.removesuffix("_STD")
            if base != column and base in names:
                o_text, n_text = before[names[base]].to_numpy(dtype=object), after[base].to_numpy(dtype=object)
                differs &= o_text == n_text  # its decode tells the change already
            found.append(_cells(new, after[differs], column, o[differs], n[differs]))
    return [part for part in found if len(part)]


def _records(form: Form, rows: pd.DataFrame, kind: str) -> pd.DataFrame:
    folder = rows.get("FOLDER", "")
    return pd.DataFrame(
        {"kind": kind, "form": form.name, "site": rows["_SITE"], "subject": rows["_SUBJECT"], "folder": folder,
         "record": rows["_RECORD"], "field": "", "old": "", "new": "", "cosmetic": ""}
    )  # fmt: skip


def _cells(form: Form, rows: pd.DataFrame, field: str, old: np.ndarray, new: np.ndarray) -> pd.DataFrame:
    before, after = pd.Series(old, index=rows.index, dtype="str"), pd.Series(new, index=rows.index, dtype="str")
    same = plain(before) == plain(after)
    cosmetic = pd.Series("", index=rows.index).mask(same, "Y")
    return _records(form, rows, "changed").assign(field=field, old=before, new=after, cosmetic=cosmetic)


def plain(cells: pd.Series) -> pd.Series:
    """What a cell says, however it is written: no case, single blanks, plain quotes, 1 for 1.0, ISO for a date."""
    distinct = pd.Series(cells.unique(), dtype="str")
    text = pd.Series([unicodedata.normalize("NFKC", t).translate(QUOTES) for t in distinct], dtype="str")
    text = text.str.split().str.join(" ").str.casefold()
    number = text.where(text.str.fullmatch(PLAIN_NUMBER)).astype("float64")
    text = text.mask(number.notna(), number.map("{:.12g}".format))
    date = iso_date(text.where(text.str.contains(r"\d{4}") & number.isna()))
    return cells.map(dict(zip(distinct, text.mask(date.notna(), date), strict=True))).astype("str")


def sorted_changes(changes: pd.DataFrame, forms: list[str]) -> pd.DataFrame:
    """By form (in the study's order), then site, subject, record and field."""
    rank = changes["form"].map({name: i for i, name in enumerate(dict.fromkeys(forms))})
    keys = ["_rank", "site", "subject", "record", "kind", "field"]
    return changes.assign(_rank=rank).sort_values(keys, kind="stable").drop(columns="_rank").reset_index(drop=True)


def counted(changes: pd.DataFrame, by: str) -> pd.DataFrame:
    """Numbers of records per kind and value of one column (form, site or subject), cosmetic cells apart."""
    real = changes[changes["cosmetic"] != "Y"].drop_duplicates(["form", "record", "kind"])
    table = (
        real.groupby([by, "kind"], sort=False).size().unstack(fill_value=0).reindex(columns=list(KINDS), fill_value=0)
    )
    cosmetic = changes[changes["cosmetic"] == "Y"].groupby(by, sort=False).size()
    names = dict.fromkeys(changes[by]) if by == "form" else sorted(set(changes[by]))
    order = [name for name in names if name]
    return table.reindex(order, fill_value=0).assign(cosmetic=cosmetic).fillna(0).astype("int64")
