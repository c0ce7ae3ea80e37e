"""One self-contained HTML file: a semantic table that reads aloud, prints on landscape pages and carries its keys."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from tlf.model import Figure, Page, Row, Table
from tlf.render import layout

STYLE = """
:root { --ink: #1a1a1a; --soft: #55595e; --rule: #1a1a1a; --hair: #b9bdc2; }
* { box-sizing: border-box; }
body { margin: 0; background: #f4f4f2; color: var(--ink);
  font: 14px/1.45 Arial, "Liberation Sans", Helvetica, sans-serif; }
main { max-width: 70rem; margin: 2rem auto; padding: 2rem 2.5rem; background: #fff; box-shadow: 0 1px 4px #0002; }
header { text-align: center; margin-bottom: 1.25rem; }
.study { text-align: left; margin: 0 0 .75rem; color: var(--soft); }
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
.center > span { display: inline-block; text-align: left; }
td { white-space: pre-line; }
tbody tr:first-child > * { padding-top: .4rem; }
tbody tr:last-child > * { padding-bottom: .4rem; }
tbody tr.opens > * { padding-top: .8rem; }
tbody tr.header > * { font-weight: bold; }
tbody tr:not(.header):hover { background: #eef3f8; }
th.stub { padding-left: calc(.6rem + var(--indent, 0) * 1.25rem); }
footer { margin-top: .6rem; font-size: .86rem; }
footer p { margin: .15rem 0; white-space: pre-wrap; }
footer .origin { color: var(--soft); }
footer .status { font-weight: bold; }
figure { margin: 0; }
figure svg { display: block; width: 100%; height: auto; }
details { margin-top: 1rem; }
summary { cursor: pointer; color: var(--soft); }
@media print {
  @page { size: 11in 8.5in; margin: .75in; }
  body { background: none; font-size: 9pt; }
  main { max-width: none; margin: 0; padding: 0; box-shadow: none; }
  .wide { overflow: visible; }
  details { display: none; }
  thead { display: table-header-group; }
  tr { break-inside: avoid; }
  tr.header, tr.keep { break-after: avoid; }
}
""".strip()


def render(page: Page, body: Table | Figure, pictures: dict[str, bytes] | None = None) -> str:
    """The output as an HTML document; the SVG of a figure is embedded, with its numbers in a table that unfolds."""
    name = " ".join(page.titles)
    content = _table(body, name) if isinstance(body, Table) else _figure(page, body, pictures)
    title = escape(" ".join((page.number, *page.titles)))
    study = f'<p class="study">{escape(page.study)}</p>\n' if page.study else ""
    heading = "".join(f"<span>{escape(text)}</span>" for text in (page.number, *page.titles))
    population = f'<p class="population">{escape(page.population)}</p>\n' if page.population else ""
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{title}</title>\n'
        f"<style>\n{STYLE}\n</style>\n</head>\n<body>\n"
        f'<main id="{escape(page.number)}" data-output="{escape(page.number)}" data-cutoff="{escape(page.cutoff)}">\n'
        f"<header>\n{study}<h1>{heading}</h1>\n{population}</header>\n{content}{_foot(page)}</main>\n</body>\n</html>\n"
    )


def _foot(page: Page) -> str:
    texts = layout.foot(page)
    notes = len(page.footnotes)
    kinds = [*["note"] * notes, *["origin"] * (len(texts) - notes - bool(page.status)), *["status"] * bool(page.status)]
    lines = "".join(f'<p class="{kind}">{escape(text)}</p>\n' for kind, text in zip(kinds, texts, strict=True))
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
    rows = layout.aligned(table)
    blocks = [max((len(row.cells[at]) for row in rows if not layout.runs_across(row)), default=0)
              for at in range(len(table.columns))]
    body = "".join(_row(row, previous, table, blocks) for row, previous in zip(rows, (None, *rows), strict=False))
    empty = f'<tr><td class="center" colspan="{len(table.columns)}">{escape(table.empty)}</td></tr>\n'
    return (f'<div class="wide">\n<table aria-label="{escape(name)}">\n<colgroup>{_widths(table)}</colgroup>\n'
            f"<thead>\n{_spans(table)}{_labels(table)}</thead>\n<tbody>\n{body or empty}</tbody>\n</table>\n</div>\n")


def _widths(table: Table) -> str:
    return "".join(f'<col style="width:{int(1000 * share) / 10:g}%">' for share in layout.shares(table.columns))


def _spans(table: Table) -> str:
    cells = [
        f'<th class="span" scope="colgroup" colspan="{head.stop - head.start}"><span>{escape(head.text)}</span></th>'
        if head.text else f'<td colspan="{head.stop - head.start}"></td>' for head in layout.heads(table.columns)
    ]
    return f"<tr>{''.join(cells)}</tr>\n" if cells else ""


def _labels(table: Table) -> str:
    cells = (f'<th scope="col" class="{column.align}">{escape(column.label)}</th>' if column.label else "<td></td>"
             for column in table.columns)
    return f"<tr>{''.join(cells)}</tr>\n"


def _row(row: Row, previous: Row | None, table: Table, blocks: list[int]) -> str:
    marks = {"header": row.header, "opens": layout.opens(row, previous), "keep": row.keep_with_next}
    named = [name for name, given in marks.items() if given]
    kind = f' class="{" ".join(named)}"' if named else ""
    key = f' data-key="{escape(row.key)}"' if row.key else ""
    across = layout.runs_across(row)
    scope = f'scope="{"rowgroup" if row.header else "row"}"' + (f' colspan="{len(table.columns)}"' if across else "")
    indent = f' style="--indent:{row.indent}"' if row.indent else ""
    stub = f'<th class="stub" {scope}{indent}>{escape(row.cells[0])}</th>'
    return f"<tr{kind}{key}>{stub}{'' if across else ''.join(_cells(row, table, blocks))}</tr>\n"


def _cells(row: Row, table: Table, blocks: list[int]) -> Iterator[str]:
    for column, text, block in list(zip(table.columns, row.cells, blocks, strict=True))[1:]:
        inner = escape(text)
        if column.align == "center":
            inner = f'<span style="min-width:min({block}ch,100%)">{inner}</span>'
        yield f'<td class="{column.align}" data-column="{escape(" ".join(column.label.split()))}">{inner}</td>'
