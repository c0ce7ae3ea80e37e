"""What the page of an output tells the site: made where the page is made, and kept until the page is another."""

from __future__ import annotations

import json
from collections.abc import Iterator

from pipeline.engine.runner import Build
from pipeline.engine.store import Entry, Json, digest_of
from pipeline.ground import source
from pipeline.publish.document import section
from pipeline.publish.open_findings import Open
from pipeline.publish.pages import body_of, page_around, pages_digest
from pipeline.publish.review_step import page_node
from pipeline.review.cells import Cells, cells_of, group_of
from pipeline.review.script import Facts, plain
from pipeline.study.specs import Specs
from tlf.lines import SUBJECTS
from tlf.model import Figure, Page, Table
from tlf.render import layout

LISTED, SHOWN = "listed.json", "shown.json"


def page_told(build: Build, name: str, status: Open) -> tuple[Facts, str]:
    """How an output is listed, and its page as JSON, without what stands `behind` it: of the store, else made now."""
    entry = build.cache.entry(page_node(name), _digest(build, name, status))
    if entry is None:
        with build.specs.outputs[name].telling():
            body = body_of(build, name)
            entry = keep(build, name, status, page_around(build, name, body, status), body)
    listed, shown = (build.cache.read(page_node(name), entry, file) for file in (LISTED, SHOWN))
    return json.loads(listed), shown.decode("ascii")


def keep(build: Build, name: str, status: Open, page: Page, body: Table | Figure) -> Entry:
    """Note what the page of an output tells the site."""
    tables = [body] if isinstance(body, Table) else layout.tables(body)
    cells = cells_of(build.frame(name))
    told: Facts = {
        "number": page.number, "titles": list(page.titles), "population": page.population,
        "head": [list(line) for line in layout.head(page)], "foot": layout.foot(page),
        "picture": f"../tlf/{name}.svg" if isinstance(body, Figure) else "",
        "description": body.description if isinstance(body, Figure) else "",
        "files": [f"../tlf/{name}.{suffix}" for suffix in ("html", "pdf", "rtf")],
    }  # fmt: skip
    shown = {"tables": (_table(layout.tidy(table), cells) for table in tables), "cells": _cells(cells)}
    said = "".join(f',"{word}":[{",".join(items)}]' for word, items in shown.items())
    files = {LISTED: plain(listed(build.specs, name, page, tables)), SHOWN: f"{plain(told)[:-1]}{said}}}"}
    return build.cache.write(page_node(name), _digest(build, name, status), files)


def _digest(build: Build, name: str, status: Open) -> str:
    """What it depends on: the page, and the code that tells it."""
    return digest_of([pages_digest(build, name, status), source.code_hash(__name__)])


def _cells(cells: Cells) -> Iterator[str]:
    """Each cell as JSON: those of a long listing are millions, which nobody holds as facts."""
    return (one.as_json for one in cells.told)


def _table(table: Table, cells: Cells) -> str:
    """A table as JSON."""
    labels = [column.label.split("\n")[0] for column in table.columns]
    heads = [cells.number.get((SUBJECTS, label), -1) for label in labels]
    columns: list[Facts] = [
        {"label": one.label, "align": one.align, "width": one.width, "n": head}
        for one, head in zip(table.columns, heads, strict=True)
    ]
    spans: list[Json] = [[head.text, head.stop - head.start] for head in layout.heads(table.columns)]
    rows = ",".join(_rows(table, labels, cells))
    return f'{{"columns":{plain(columns)},"spans":{plain(spans)},"rows":[{rows}],"empty":{plain(table.empty)}}}'


def _rows(table: Table, labels: list[str], cells: Cells) -> Iterator[str]:
    before, heading = None, ""
    for row in table.rows:
        heading = row.cells[0] if row.header else heading
        numbers = cells.row(row, labels, group_of(heading or row.cells[0]))
        told: Facts = {"c": list(row.cells), "i": row.indent, "n": numbers}
        marks = {"h": row.header, "o": layout.opens(row, before), "x": row.runs_across}
        yield plain({**told, **{name: 1 for name, given in marks.items() if given}})
        before = row


def listed(specs: Specs, name: str, page: Page, tables: list[Table]) -> Facts:
    """An output in the list of all: number, title, section, and what its rows and columns are called."""
    kind = specs.outputs[name].shell.kind
    heads = (text for one in tables for column in one.columns for text in column.label.split("\n"))
    stubs = (row.cells[0] for one in tables for row in one.rows)
    texts = (text.strip() for text in (*heads, *stubs) if kind != "listing" and any(map(str.isalpha, text)))
    return {
        "name": name,
        "number": page.number,
        "title": " - ".join(page.titles),
        "kind": kind,
        "population": page.population,
        "section": section(page.number),
        "words": [*dict.fromkeys(texts)],
    }
