"""What changed between two extracts, told on the terminal, as CSV and as one HTML file."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from pathlib import Path

import pandas as pd

from pipeline.gate.changes import counted
from pipeline.ground.plain_csv import csv_text

SHOWN = 30  # changed cells on the terminal
IN_PAGE = 20_000  # rows in the page


def report(old: str, new: str, layout: pd.DataFrame, changes: pd.DataFrame) -> Iterator[str]:
    """Lines for the terminal: layout, records by form, site and subject, and the first changed cells."""
    yield f"{old} -> {new}"
    yield from ("", "Layout")
    rows = layout.to_dict("records")
    yield from (f"  {r['form']:<12} {r['what']:<18} {r['column']:<14} {r['detail']}".rstrip() for r in rows)
    if not rows:
        yield "  forms and columns are the same"
    for by in ("form", "site", "subject"):
        yield from _counts(by, changes)
    cells = changes[(changes["kind"] == "changed") & (changes["cosmetic"] == "")]
    if len(cells):
        yield from (
            "",
            "Changed cells"
            + (f" (the first {SHOWN} of {len(cells):,}; --out writes all)" if len(cells) > SHOWN else ""),
        )
    for r in cells.head(SHOWN).to_dict("records"):
        moved = f"{r['old'] or '(empty)'} -> {r['new'] or '(empty)'}"
        yield f"  {r['form']:<6} {r['subject']:<9} {r['record']:<18} {r['field']:<10} {moved}"
    if changes.empty and not rows:
        yield "Nothing has changed."


def _counts(by: str, changes: pd.DataFrame) -> Iterator[str]:
    table = counted(changes, by)
    if table.empty:
        return
    yield from ("", f"Records by {by}".ljust(16) + "".join(f"{name:>13}" for name in table.columns))
    shown = (
        table
        if by != "subject"
        else table.assign(_n=-table.sum(axis=1)).sort_values("_n", kind="stable").drop(columns="_n").head(10)
    )
    for name, row in zip(shown.index, shown.to_numpy().tolist(), strict=True):
        yield f"  {name:<14}" + "".join(f"{n or '':>13}" for n in row)
    if len(shown) < len(table):
        yield f"  ... and {len(table) - len(shown)} more subjects"


def files(old: str, new: str, layout: pd.DataFrame, changes: pd.DataFrame) -> dict[str, str]:
    """The files of --out by name."""
    return {
        "layout.csv": csv_text(layout),
        "changes.csv": csv_text(changes),
        "difference.html": page(old, new, layout, changes),
    }


def page(old: str, new: str, layout: pd.DataFrame, changes: pd.DataFrame) -> str:
    """The difference as one HTML file that loads nothing and runs nothing."""
    css = (Path(__file__).parent / "page" / "report.css").read_text(encoding="utf-8")
    parts = ["<h2>Layout</h2>", _table(layout) if len(layout) else "<p>Forms and columns are the same.</p>"]
    for by in ("form", "site", "subject"):
        table = counted(changes, by)
        parts += [f"<h2>Records by {by}</h2>", _table(table.reset_index().astype("str").replace("0", ""))]
    cut = (
        f"<p class='lead'>The first {IN_PAGE:,} of {len(changes):,}; all are in changes.csv.</p>"
        if len(changes) > IN_PAGE
        else ""
    )
    parts += ["<h2>Records and cells</h2>", cut, _table(changes.head(IN_PAGE))]
    title = f"{escape(old)} &rarr; {escape(new)}"
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n<title>What changed: {title}</title>\n'
        f"<style>\n{css}</style>\n</head>\n<body>\n<header><h1>What changed <span>{title}</span></h1></header>\n"
        f"<main>\n{''.join(parts)}\n</main>\n</body>\n</html>\n"
    )


def _table(frame: pd.DataFrame) -> str:
    head = "".join(f"<th>{escape(str(name))}</th>" for name in frame.columns)
    rows = "\n".join(
        "<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>" for row in frame.to_numpy().tolist()
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>\n{rows}\n</tbody></table>\n"
