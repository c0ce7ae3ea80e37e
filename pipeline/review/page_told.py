"""What the page of an output tells the site: made where the page is made, and kept until the page is another."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

from pipeline.engine.runner import Build
from pipeline.engine.store import Entry, Json, Stream, digest_of
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
    shown = Stream(partial(_write, told, tables, cells), 0)
    files = {LISTED: plain(listed(build.specs, name, page, tables)), SHOWN: shown}
    return build.cache.write(page_node(name), _digest(build, name, status), files)


def _digest(build: Build, name: str, status: Open) -> str:
    """What it depends on: the page, and the code that tells it."""
    return digest_of([pages_digest(build, name, status), source.code_hash(__name__)])


def _write(told: Facts, tables: list[Table], cells: Cells, path: Path) -> None:
    """The page as JSON: rows and cells of a long listing are hundreds of thousands, which are not held as text."""
    with path.open("w", encoding="ascii") as file:
        file.write(f'{plain(told)[:-1]},"tables":[')
        for number, table in enumerate(tables):
            file.write("," if number else "")
            file.writelines(_table(layout.tidy(table), cells))
        file.write('],"cells":[')
        file.writelines(_apart(one.as_json for one in cells.told))
        file.write("]}")


def _apart(items: Iterable[str]) -> Iterator[str]:
    """Items of a list of JSON."""
    return (f",{item}" if number else item for number, item in enumerate(items))


def _table(table: Table, cells: Cells) -> Iterator[str]:
    """A table as JSON, in pieces."""
    labels = [column.label.split("\n")[0] for column in table.columns]
    heads = [cells.number.get((SUBJECTS, label), -1) for label in labels]
    columns: list[Facts] = [
        {"label": one.label, "align": one.align, "width": one.width, "n": head}
        for one, head in zip(table.columns, heads, strict=True)
    ]
    spans: list[Json] = [[head.text, head.stop - head.start] for head in layout.heads(table.columns)]
    yield f'{{"columns":{plain(columns)},"spans":{plain(spans)},"rows":['
    yield from _apart(_rows(table, labels, cells))
    yield f'],"empty":{plain(table.empty)}}}'


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
