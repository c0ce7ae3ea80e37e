"""Plain text: monospaced, at most 132 columns, one continuous page."""

from __future__ import annotations

from itertools import zip_longest

from tlf.model import Column, Figure, Page, Row, Table
from tlf.render import layout
from tlf.render.metrics import FIGURE_SPACE, wrap

WIDEST, NARROWEST, WIDEST_LABEL = 132, 80, 60
GAP = "  "
INDENT = 2


def render(page: Page, body: Table | Figure) -> str:
    """The output as text; a figure prints what it says in numbers."""
    blocks = [body] if isinstance(body, Table) else layout.tables(body)
    widths = [_widths(block) for block in blocks]
    total = max(NARROWEST, *(sum(width) + len(GAP) * (len(width) - 1) for width in widths))
    parts = [_above(page, total)]
    for block, width in zip(blocks, widths, strict=True):
        width[0] += total - sum(width) - len(GAP) * (len(width) - 1)
        parts.append(["=" * total, *_table(block, width, total), "=" * total])
    parts.append([line for text in layout.foot(page) for line in wrap(text, total)])
    lines = (line.replace(FIGURE_SPACE, " ").rstrip() for part in parts for line in part)
    return "\n".join(lines) + "\n"


def _above(page: Page, width: int) -> list[str]:
    centred = [page.number, *page.titles, *filter(None, (page.population,))]
    lines = [line.center(width) for text in centred for line in wrap(text, width)]
    return [*([page.study] if page.study else []), *lines, ""]


def _widths(table: Table) -> list[int]:
    """Width per column: what its content needs, within the widest page shared by the columns' own widths."""
    rows = [row for row in layout.aligned(table) if not layout.runs_across(row)]
    needs = []
    for at, column in enumerate(table.columns):
        texts = [part for row in rows for part in (_indented(row) if not at else row.cells[at]).split("\n")]
        needs.append(max(map(len, (*texts, *column.label.split("\n")))))
    needs[0] = min(needs[0], WIDEST_LABEL)
    for head in layout.heads(table.columns):
        short = len(head.text) - sum(needs[head.start:head.stop]) - len(GAP) * (head.stop - head.start - 1)
        needs[head.stop - 1] += max(short, 0)
    return _share(needs, table.columns, WIDEST - len(GAP) * (len(needs) - 1))


def _share(needs: list[int], columns: tuple[Column, ...], room: int) -> list[int]:
    if sum(needs) <= room:
        return needs
    wide, left, shares = list(range(len(needs))), room, layout.shares(columns)
    while True:
        per = left / sum(shares[at] for at in wide)
        narrow = [at for at in wide if needs[at] <= per * shares[at]]
        if not narrow:
            break
        wide = [at for at in wide if at not in narrow]
        left -= sum(needs[at] for at in narrow)
    return [max(1, int(per * shares[at])) if at in wide else needs[at] for at in range(len(needs))]


def _table(table: Table, widths: list[int], total: int) -> list[str]:
    rows = layout.aligned(table)
    blocks = [max((len(row.cells[at]) for row in rows), default=0) for at in range(len(widths))]
    lines = [*_spans(table.columns, widths), *_labels(table.columns, widths), "-" * total]
    for row, previous in zip(rows, (None, *rows), strict=False):
        if layout.opens(row, previous):
            lines.append("")
        if layout.runs_across(row):
            lines += [" " * INDENT * row.indent + line for line in wrap(row.cells[0], total - INDENT * row.indent)]
        else:
            lines += _row(row, table.columns, widths, blocks)
    return lines if rows else [*lines, "", table.empty.center(total), ""]


def _spans(columns: tuple[Column, ...], widths: list[int]) -> list[str]:
    heads = layout.heads(columns)
    if not heads:
        return []
    sizes = [sum(widths[h.start:h.stop]) + len(GAP) * (h.stop - h.start - 1) for h in heads]
    cells = [wrap(head.text, size) for head, size in zip(heads, sizes, strict=True)]
    rules = GAP.join(("-" if head.text else " ") * size for head, size in zip(heads, sizes, strict=True))
    return [*_beside(cells, sizes, ["center"] * len(heads)), rules]


def _labels(columns: tuple[Column, ...], widths: list[int]) -> list[str]:
    cells = [wrap(column.label, width) for column, width in zip(columns, widths, strict=True)]
    deep = max(map(len, cells))
    cells = [[""] * (deep - len(lines)) + lines for lines in cells]
    return _beside(cells, widths, [column.align for column in columns])


def _row(row: Row, columns: tuple[Column, ...], widths: list[int], blocks: list[int]) -> list[str]:
    cells, margin = [], " " * INDENT * row.indent
    for at, (column, width) in enumerate(zip(columns, widths, strict=True)):
        text, room = row.cells[at], width - (len(margin) if not at else 0)
        if column.align == "center" and len(text) <= width:
            text = text.ljust(min(blocks[at], width))
        lines = wrap(text, room)
        cells.append([margin + line for line in lines] if not at else lines)
    return _beside(cells, widths, [column.align for column in columns])


def _beside(cells: list[list[str]], widths: list[int], aligns: list[str]) -> list[str]:
    place = {"left": str.ljust, "right": str.rjust, "center": str.center}
    return [
        GAP.join(place[align](text, width) for text, width, align in zip(line, widths, aligns, strict=True))
        for line in zip_longest(*cells, fillvalue="")
    ]


def _indented(row: Row) -> str:
    return " " * INDENT * row.indent + row.cells[0]
