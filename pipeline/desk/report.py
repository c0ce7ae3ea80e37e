"""The validation as one HTML file that opens without a network: nothing in it is loaded from elsewhere.

The rows travel as JSON in the page and are written as text by a hundred lines of plain JavaScript, so that a cell of
the extract is never read as HTML, and ten thousand queries stay quick (a hundred rows are drawn at a time).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

import pandas as pd

from pipeline.desk.context import FormRecords, records_behind
from pipeline.desk.site_picture import picture
from pipeline.gate.causes import counted
from pipeline.gate.changes import KINDS
from pipeline.gate.changes import counted as counted_by
from pipeline.gate.query_history import OPEN
from pipeline.gate.snapshot import not_run
from pipeline.ground.queries import SEVERITIES

if TYPE_CHECKING:
    from pipeline.gate.validation import Validation

PAGE = Path(__file__).parent / "page"
ASKED = SEVERITIES[:-1]
SHOWN_CHANGES = 5_000
NAMES = ("severity", "status", "site", "subject", "form", "folder", "field", "value", "was", "message", "record",
         "check", "responsible", "first_seen", "note", "key", "query", "cause")  # fmt: skip
COLUMNS = (
    {"name": "severity", "head": "Severity"}, {"name": "status", "head": "Status"},
    {"name": "site", "head": "Site", "kind": "short"},
    {"name": "subject", "head": "Subject", "kind": "short"}, {"name": "form", "head": "Form", "kind": "short"},
    {"name": "folder", "head": "Visit", "kind": "short"}, {"name": "field", "head": "Field", "kind": "short"},
    {"name": "value", "head": "Value", "kind": "value", "old": "was"}, {"name": "message", "head": "Query"},
)  # fmt: skip
CHANGED = ("kind", "form", "site", "subject", "folder", "record", "field", "old", "new", "cosmetic")
FILTERS = ["severity", "status", "responsible", "site", "form", "check"]


def report(validation: Validation) -> str:
    """The page as text; the same validation gives the same text."""
    from jinja2 import Environment
    from markupsafe import Markup

    page = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(_part("report.html"))
    raw = {"css": _part("report.css"), "js": _part("report.js"), "data": _json(_data(validation))}
    raw["picture"] = picture(validation.sites)
    return page.render(**{name: Markup(text) for name, text in raw.items()}, **_words(validation))


def _part(name: str) -> str:
    return (PAGE / name).read_text(encoding="utf-8")


def _json(content: Any) -> str:
    """JSON that no HTML parser takes for markup."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


class PageGrid(TypedDict):
    """A table of the page: the names of its cells, the columns that are drawn, and its rows."""

    names: Sequence[str]
    columns: Sequence[Mapping[str, str]]
    filters: list[str]
    detail: bool
    rows: list[list[str]]


class PageData(TypedDict):
    """What the page's tables hold: the rows of each, the records behind them, and why each check matters."""

    grids: dict[str, PageGrid]
    records: dict[str, FormRecords]
    why: dict[str, str]


def _data(validation: Validation) -> PageData:
    queries = validation.queries.assign(key=validation.queries["_key"])
    parts = {name: queries[queries["status"] == name] for name in ("accepted", "resolved")}
    parts["queries"] = queries[queries["status"].isin(OPEN)]
    noted = {"name": "note", "head": "How"}
    grids: dict[str, PageGrid] = {
        name: {"names": NAMES, "columns": [*COLUMNS, *([] if name == "queries" else [noted])],
               "filters": FILTERS, "detail": True, "rows": rows[list(NAMES)].to_numpy().tolist()}
        for name, rows in parts.items()
    }  # fmt: skip
    if validation.earlier:
        columns = [{"name": n, "head": n.capitalize()} for n in CHANGED if n not in ("old", "new")]
        columns[-1:-1] = [{"name": "old", "head": "Old"}, {"name": "new", "head": "New"}]
        rows = validation.changes.head(SHOWN_CHANGES)[list(CHANGED)].to_numpy().tolist()
        grids["changes"] = {"names": CHANGED, "columns": columns, "rows": rows,
                            "filters": ["kind", "form", "site", "field", "cosmetic"], "detail": False}  # fmt: skip
    coverage = validation.current.coverage
    why = dict(zip(coverage["check"], coverage["why"], strict=True))
    return {"grids": grids, "records": records_behind(queries, validation), "why": why}


def _words(validation: Validation) -> dict[str, Any]:
    """What the page's own sentences and small tables say."""
    current, queries, changes = validation.current, validation.queries, validation.changes
    still, coverage = counted(queries), current.coverage
    missed = not_run(coverage)
    by_form = counted_by(changes, "form")
    idle = (
        validation.register[validation.register["state"] != "in force"]
        if len(validation.register)
        else validation.register
    )
    sites = validation.sites
    return {
        "study": validation.study, "extract": current.name, "extracted": current.extracted, "cutoff": current.cutoff,
        "earlier": [s.name for s in validation.earlier], "chosen": validation.chosen, "problems": validation.problems,
        "open": len(still), "follow": int((queries["cause"] != "").sum()),
        "accepted": int((queries["status"] == "accepted").sum()),
        "resolved": int((queries["status"] == "resolved").sum()), "changed": len(changes), "severities": ASKED,
        "cards": _cards(queries), "blocks": _blocks(still, validation), "notes": [*validation.notes["message"]],
        "not_checked": int(still["note"].str.startswith("not checked again").sum()),
        "idle": ["line {line}: {check} {form} {record} {field}: {state}".format(**r) for r in idle.to_dict("records")],
        "layout": validation.layout.to_dict("records"), "kinds": [*KINDS, "cosmetic cells"],
        "by_form": [{"form": f, "counts": by_form.loc[f].tolist()} for f in by_form.index],
        "cut_changes": len(changes) > SHOWN_CHANGES, "shown_changes": SHOWN_CHANGES,
        "ran": int((coverage["ran"] == "Y").sum()),
        "missed": missed.to_dict("records"), "foreign": int((coverage["ran"] != "Y").sum()) - len(missed),
        "coverage": coverage[coverage["ran"] == "Y"].to_dict("records"),
        "measures": sites.drop_duplicates("measure").to_dict("records"), "site_rows": _site_rows(sites),
        **_chance(sites),
    }  # fmt: skip


class Card(TypedDict):
    """Queries of one severity that are open, new, and resolved."""

    severity: str
    open: int
    new: int
    resolved: int


class OpenCount(TypedDict):
    """Open queries of one form, site, party or check, by severity and in all."""

    level: str
    label: str
    counts: list[int]
    all: int


class Block(TypedDict):
    """Open queries by one column; `scale` is the per cent of the widest bar that one query takes."""

    title: str
    column: str
    rows: list[OpenCount]
    scale: float


class SiteRow(TypedDict):
    """The measures of one site, each with value, limits, and whether it stands apart."""

    site: str
    cells: list[dict[str, str]]


def _cards(queries: pd.DataFrame) -> list[Card]:
    kept = queries[queries["cause"] == ""]
    counts = pd.crosstab(kept["severity"], kept["status"])
    counts = counts.reindex(index=list(ASKED), columns=[*OPEN, "resolved"], fill_value=0)
    return [
        {"severity": s, "open": int(counts.loc[s, list(OPEN)].sum()), "new": int(counts.loc[s, "new"]),
         "resolved": int(counts.loc[s, "resolved"])}
        for s in ASKED
    ]  # fmt: skip


def _blocks(still: pd.DataFrame, validation: Validation) -> list[Block]:
    """Open queries by form, site, who answers and check, with bars."""
    blocks: list[Block] = []
    labels = {name: form.label for name, form in validation.current.forms.items() if form.label != name}
    for title, column in (
        ("By form", "form"),
        ("By site", "site"),
        ("By who answers", "responsible"),
        ("By check", "check"),
    ):
        counts = pd.crosstab(still[column], still["severity"]).reindex(columns=list(ASKED), fill_value=0)
        counts = counts.assign(_all=-counts.sum(axis=1)).sort_values("_all", kind="stable").drop(columns="_all")
        rows: list[OpenCount] = [
            {"level": level, "label": labels.get(level, "") if column == "form" else "", "counts": row, "all": sum(row)}
            for level, row in zip(counts.index, counts.to_numpy().tolist(), strict=True)
        ]
        scale = 100 / max([row["all"] for row in rows], default=1)
        blocks.append({"title": title, "column": column, "rows": rows, "scale": scale})
    return blocks


def _site_rows(sites: pd.DataFrame) -> list[SiteRow]:
    """The site view as a table: a row per site, a cell per measure with its limits."""
    measures = list(dict.fromkeys(sites["measure"]))
    found: list[SiteRow] = []
    for site, rows in sites.groupby("site", sort=True):
        of = rows.set_index("measure")
        found.append({"site": str(site), "cells": [_site_cell(of.loc[m]) for m in measures if m in of.index]})
    return found


def _site_cell(row: pd.Series) -> dict[str, str]:
    if pd.isna(row["value"]):
        return {"value": "none", "limits": "", "apart": ""}
    over = "" if pd.isna(row["over"]) else f" ({row['count']:,}/{row['over']:,.0f})"
    note = f", {row['note']}" if row["note"] else ""
    return {
        "value": f"{row['value']:.3g}{over}",
        "limits": f"{row['lower']:.3g} to {row['upper']:.3g}{note}",
        "apart": row["apart"],
    }


def _chance(sites: pd.DataFrame) -> dict[str, int]:
    compared = int(sites["limits"].str.startswith("95").sum())
    return {"compared": compared, "chance": round(compared * 0.05)}
