"""One self-contained HTML file: a semantic table that reads aloud, prints on landscape pages and carries its keys."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from html import escape
from math import fsum
from urllib.parse import quote

from tlf.model import Column, Figure, Page, Row, Table
from tlf.render import columns, layout
from tlf.render.metrics import arial

ROOM, PAD, STEP = 74.0, 1.4, 1.45  # width of the text, of a cell's margins and of one level of indent, in em
NARROW = 52.0  # a table that needs more is not squeezed below this many em on a narrow screen, but can be pushed aside
JOINED = re.compile(r"[^\s<>&;]{1,20}[-/][^\s<>&;]{1,20}")  # a date, CAR-T: browsers would break them
STYLE = """
:root { --ink: #1a1a1a; --soft: #55595e; --rule: #1a1a1a; --hair: #b9bdc2; }
* { box-sizing: border-box; }
body { margin: 0; background: #f4f4f2; color: var(--ink);
  font: 14px/1.45 Arial, "Liberation Sans", Helvetica, sans-serif; }
main { max-width: 70rem; margin: 2rem auto; padding: 2rem 2.5rem; background: #fff; box-shadow: 0 1px 4px #0002; }
header { text-align: center; margin-bottom: 1.25rem; }
.head { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 2rem; text-align: left; margin: 0;
  color: var(--soft); white-space: pre-wrap; }
h1 { padding-top: .75rem; }
h1 { font-size: 1.22em; line-height: 1.4; margin: 0; }
h1 span { display: block; }
.population { margin: .15rem 0 0; }
.wide { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; border-top: 2px solid var(--rule); border-bottom: 2px solid var(--rule);
  font-variant-numeric: tabular-nums; }
th, td { padding: .12rem .6rem; vertical-align: top; text-align: left; font-weight: normal; }
thead th { font-weight: bold; vertical-align: bottom; padding: .35rem .6rem; white-space: pre-line; }
thead tr:last-child > * { border-bottom: 1px solid var(--rule); }
thead th.span { text-align: center; }
thead th.span > span { display: block; border-bottom: 1px solid var(--rule); padding-bottom: .2rem; }
.center { text-align: center; }
.right { text-align: right; }
.center > span { display: inline-block; text-align: left; white-space: nowrap; }
td { white-space: pre-line; }
.whole { white-space: nowrap; }
tbody tr:first-child > * { padding-top: .4rem; }
tbody tr:last-child > * { padding-bottom: .4rem; }
tbody tr.opens > * { padding-top: .8rem; }
tbody tr.header > * { font-weight: bold; }
tbody tr:not(.header):hover { background: #eef3f8; }
th.stub { padding-left: calc(.6rem + var(--indent, 0) * 1.25rem); }
footer { margin-top: .6rem; font-size: .9em; }
footer p { margin: .15rem 0; white-space: pre-wrap; }
footer .origin { color: var(--soft); }
footer .status { font-weight: bold; }
figure { margin: 0; overflow-x: auto; }
figure svg { display: block; width: 100%; min-width: 40rem; height: auto; }
details { margin-top: 1rem; }
summary { cursor: pointer; color: var(--soft); }
@media (max-width: 40rem) {
  main { margin: 0; padding: 1rem; }
  table { font-size: .86rem; }
}
@media print {
  @page { size: PAPER landscape; margin: .75in; @bottom-right { content: "Page " counter(page) " of " counter(pages);
    font: 9pt Arial, "Liberation Sans", Helvetica, sans-serif; } }
  body { background: none; font-size: 8.5pt; line-height: 1.25; }
  th, td { padding-top: 0; padding-bottom: 0; }
  table { min-width: 0 !important; }
  main { max-width: none; margin: 0; padding: 0; box-shadow: none; }
  .wide, figure { overflow: visible; }
  figure svg { min-width: 0; max-height: 4.4in; }
  details { display: none; }
  thead { display: table-header-group; }
  tr { break-inside: avoid; }
  tr.header, tr.keep { break-after: avoid; }
}
""".strip()


def render(
    page: Page, body: Table | Figure, pictures: dict[str, bytes] | None = None, beside: Sequence[str] = ()
) -> str:  # fmt: skip
    """The output as an HTML document; the SVG of a figure is embedded, with its numbers in a table that unfolds.

    Of a volume of it, with links to all, whose files are `beside` it.
    """
    name = " ".join(page.titles)
    content = _table(body, name) if isinstance(body, Table) else _figure(page, body, pictures)
    title = escape(" ".join((page.number, *page.titles)))
    head = "".join(f'<p class="head"><span>{escape(left)}</span><span>{escape(right)}</span></p>\n'
                   for left, right in layout.head(page))
    heading = "".join(f"<span>{escape(text)}</span>" for text in (page.number, *page.titles))
    population = f'<p class="population">{escape(page.population)}</p>\n' if page.population else ""
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{title}</title>\n'
        f"<style>\n{STYLE.replace('PAPER', page.paper)}\n</style>\n</head>\n<body>\n"
        f'<main id="{escape(page.number)}" data-output="{escape(page.number)}" data-cutoff="{escape(page.cutoff)}">\n'
        f"<header>\n{head}<h1>{heading}</h1>\n{population}{_volumes(beside)}</header>\n{content}{_foot(page)}</main>\n</body>\n</html>\n"
    )


def _volumes(beside: Sequence[str]) -> str:
    """Links to the files of all volumes of an output."""
    links = " ".join(f'<a href="{quote(file)}">{number}</a>' for number, file in enumerate(beside, start=1))
    return f'<nav aria-label="Volumes">Volumes: {links}</nav>\n' if beside else ""


def _foot(page: Page) -> str:
    texts = layout.foot(page)
    kinds = {page.status: "status"} | dict.fromkeys(page.footnotes, "note")
    lines = "".join(f'<p class="{kinds.get(text, "origin")}">{escape(text)}</p>\n' for text in texts)
    return f"<footer>\n{lines}</footer>\n"


def _figure(page: Page, figure: Figure, pictures: dict[str, bytes] | None) -> str:
    from tlf.render import figures

    picture = (pictures or figures.render(page, figure))["svg"].decode("utf-8")
    picture = picture[picture.index("<svg"):].rstrip()
    label = escape(figure.description or " ".join(page.titles))
    picture = picture.replace("<svg", f'<svg role="img" aria-label="{label}"', 1)
    numbers = "".join(_table(table, " ".join(page.titles)) for table in layout.tables(figure))
    return (f"<figure>\n{picture}\n</figure>\n<details>\n<summary>The numbers of this figure</summary>\n"
            f"{numbers}</details>\n")


def _table(table: Table, name: str) -> str:
    table = layout.tidy(table)
    places, cells = _places(table), [_cells_of(column) for column in table.columns[1:]]
    around = zip((None, *table.rows), table.rows, (*table.rows[1:], Row(("",), -1)), places, strict=False)
    body = "".join(_row(row, (before, after), cells, place) for before, row, after, place in around)
    empty = f'<tr><td class="center" colspan="{len(table.columns)}">{escape(table.empty)}</td></tr>\n'
    needs = columns.needs(table, ROOM, _measure, PAD, STEP)
    least = min(NARROW, fsum(need.full for need in needs))
    return (f'<div class="wide">\n<table aria-label="{escape(name)}" style="min-width:{least:.1f}em">\n'
            f"<colgroup>{_widths(needs)}</colgroup>\n"
            f"<thead>\n{_spans(table)}{_labels(table)}</thead>\n<tbody>\n{body or empty}</tbody>\n</table>\n</div>\n")


def _measure(text: str, bold: bool = False) -> float:
    """Width of a text in em."""
    return arial(text, 1, bold)


def _places(table: Table) -> list[dict[int, str]]:
    """Per row the style of its cells in centred columns: how far in it stands in a block that is centred, in em."""
    found: list[dict[int, str]] = [{} for _ in table.rows]
    rows = [(number, row) for number, row in enumerate(table.rows) if not row.runs_across]
    for at, column in enumerate(table.columns):
        if column.align != "center" or not rows:
            continue
        cells = [(row.cells[at], row.header) for _, row in rows]
        room = 2 * layout.block(cells, _measure)
        lefts = layout.offsets(cells, room, _measure)
        reach = max(max(room / 2 - left, left + _measure(*cell) - room / 2)
                    for cell, left in zip(cells, lefts, strict=True))  # fmt: skip
        for (number, _), left in zip(rows, lefts, strict=True):
            found[number][at] = f"width:{2 * reach:.2f}em;padding-left:{left - room / 2 + reach:.2f}em"
    return found


def _widths(needs: list[columns.Need]) -> str:
    """The columns' shares of the width, as a page of ROOM em would have them."""
    wide = columns.widths(needs, ROOM)
    return "".join(f'<col style="width:{int(1000 * width / ROOM) / 10:g}%">' for width in wide)


def _spans(table: Table) -> str:
    cells = [
        f'<th class="span" scope="colgroup" colspan="{head.stop - head.start}"><span>{escape(head.text)}</span></th>'
        if head.text else f'<td colspan="{head.stop - head.start}"></td>' for head in layout.heads(table.columns)
    ]
    return f"<tr>{''.join(cells)}</tr>\n" if cells else ""


def _labels(table: Table) -> str:
    cells = (f'<th scope="col" class="{column.align}">{_whole(column.label)}</th>' if column.label else "<td></td>"
             for column in table.columns)
    return f"<tr>{''.join(cells)}</tr>\n"


def _row(row: Row, around: tuple[Row | None, Row], cells: list[Callable[..., str]], places: dict[int, str]) -> str:
    keep = row.keep_with_next or around[1].indent > row.indent
    marks = {"header": row.header, "opens": layout.opens(row, around[0]), "keep": keep}
    named = [name for name, given in marks.items() if given]
    kind = f' class="{" ".join(named)}"' if named else ""
    key = f' data-key="{escape(row.key)}"' if row.key else ""
    across = row.runs_across
    scope = f'scope="{"rowgroup" if row.header else "row"}"' + (f' colspan="{len(cells) + 1}"' if across else "")
    indent = f' style="--indent:{row.indent}"' if row.indent else ""
    stub = f'<th class="stub" {scope}{indent}>{_whole(row.cells[0])}</th>'
    texts = () if across else zip(cells, row.cells[1:], strict=True)
    told = "".join([cell(text, places.get(at, "")) for at, (cell, text) in enumerate(texts, start=1)])
    return f"<tr{kind}{key}>{stub}{told}</tr>\n"


def _cells_of(column: Column) -> Callable[..., str]:
    """The cells of a column by their text and their place in a centred column: those that are alike are made once."""
    name = column.label.split("\n")[0]
    start = f'<td class="{column.align}" data-column="{escape(name)}">'

    @cache
    def cell(text: str, place: str = "") -> str:
        inner = f'<span style="{place}">{escape(text)}</span>' if place else _whole(text)
        return f"{start}{inner}</td>"

    return cell


@lru_cache(maxsize=65536)  # cells repeat themselves
def _whole(text: str) -> str:
    """Text with its joined words kept whole."""
    return JOINED.sub(lambda word: f'<span class="whole">{word[0]}</span>', escape(text))
