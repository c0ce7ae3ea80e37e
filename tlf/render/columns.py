"""How wide the columns of a table are: none narrower than its longest word, a table too wide for its page in parts.

Widths are added by fsum: Python's own sum of floats differs between its versions, and so would the bytes of a page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from math import fsum, inf
from typing import NamedTuple

from tlf.model import Row, Table
from tlf.render import layout
from tlf.render.growth import Texts, grown, texts
from tlf.render.metrics import pieces

Measure = Callable[[str, bool], float]
LONG = 0.2  # a word wider than this share of the page may be broken
NUMBERS = 0.35  # so wide a cell of figures is not
STUB_AIR = 0.1  # at most this share of the page is added to the first column, so that the eye finds its numbers


class Need(NamedTuple):
    """What one column asks for: its longest word and line, its share of what is left, how wide its texts are."""

    least: float
    full: float
    weight: float
    texts: Texts


def parts(
    table: Table, room: float, measure: Measure, pad: float = 0, step: float = 0
) -> list[tuple[Table, list[float]]]:
    """The table as one part, or cut by columns into parts that fit (the key columns on each), each with its widths.

    `pad` are the margins of a cell, `step` is one level of indent.
    """
    wants = needs(table, room, measure, pad, step)
    return [(_of(table, chosen), widths([wants[at] for at in chosen], room))
            for chosen in _split(wants, min(table.keys, len(wants)), room)]


def needs(table: Table, room: float, measure: Measure, pad: float = 0, step: float = 0) -> list[Need]:
    """The needs of every column, margins and indents included."""
    rows = [row for row in table.rows if not row.runs_across]
    deep = max((row.indent for row in rows), default=0)
    found = []
    for at, (column, own) in enumerate(zip(table.columns, table.told, strict=True)):
        label = [(line, True) for line in column.label.split("\n")]
        cells = Counter[tuple[str, bool]]()
        for (text, bold), count in own.items():
            for line in text.split("\n"):
                cells[line, bold] += count
        words = {(word, bold) for text, bold in (*label, *cells) for word in text.split(" ")}
        least = max(_word(word, bold, LONG * room, measure) for word, bold in words)
        wide, heads = Counter[float](), [measure(*line) for line in label]
        for text, count in cells.items():
            wide[measure(*text)] += count
        body = max(wide, default=0)
        if column.align == "center":
            body = max(body, layout.block(list(own), measure))
            least = max(least, min(body, NUMBERS * room))
        full = max(body, *heads)
        inset = pad + (step * deep if not at else 0)
        asked = texts(wide, heads, len(rows), inset)
        found.append(Need(least + inset, full + inset, column.width, asked))
    return _spanned(table, found, measure, pad)


def widths(wants: list[Need], room: float) -> list[float]:
    """Width per column, together the room: words, then what saves most lines, heads, and what is left by weight."""
    given = [need.least for need in wants]
    if fsum(given) >= room:
        return [room * width / fsum(given) for width in given]
    given = grown([need.texts for need in wants], given, room - fsum(given))
    given = _filled(wants, given, room - fsum(given))
    spare = room - fsum(given)
    shares = [need.weight / fsum(need.weight for need in wants) for need in wants]
    stub = min(spare * shares[0], STUB_AIR * room) if len(wants) > 1 else spare
    others = fsum(shares[1:])
    return [given[0] + stub, *(width + (spare - stub) * share / others
                               for width, share in zip(given[1:], shares[1:], strict=True))]


def _filled(wants: list[Need], given: list[float], spare: float) -> list[float]:
    """Columns grown towards their longest line and what heads ask for, by weight, as far as what is spare goes."""
    given, growing = list(given), [at for at, need in enumerate(wants) if need.full > given[at]]
    while growing and spare > 0:
        per = spare / fsum(wants[at].weight for at in growing)
        done = [at for at in growing if wants[at].full - given[at] <= per * wants[at].weight]
        for at in done or growing:
            more = wants[at].full - given[at] if done else per * wants[at].weight
            given[at] += more
            spare -= more
        growing = [at for at in growing if at not in done] if done else []
    return given


def _word(word: str, bold: bool, longest: float, measure: Measure) -> float:
    """The width a word asks for: its own; when that is very wide, that of its widest piece."""
    width = measure(word, bold)
    return width if width <= longest else min(longest, max(measure(piece, bold) for piece in pieces(word)))


def _spanned(table: Table, found: list[Need], measure: Measure, pad: float) -> list[Need]:
    """What a spanning head lacks is shared by the columns under it."""
    for head in layout.heads(table.columns):
        under = range(head.start, head.stop)
        short = measure(head.text, True) + 2 * pad - fsum(found[at].full for at in under)
        if head.text and short > 0:
            for at in under:
                more = short / len(under)
                found[at] = found[at]._replace(full=found[at].full + more)
    return found


def _split(wants: list[Need], keys: int, room: float) -> list[list[int]]:
    """The columns of each part: as few parts as their longest words allow, and of these parts about alike."""
    start = list(range(keys))
    while len(start) > 1 and fsum(wants[at].least for at in start) > room / 2:
        start.pop()
    others = list(range(len(start), len(wants)))
    fewest = len(_cut(wants, start, room, inf))
    runs = [others[i:j] for i in range(len(others)) for j in range(i + 1, len(others) + 1)]
    limits = sorted({fsum(wants[at].full for at in run) for run in runs}) if fewest > 1 else []
    tried = (_cut(wants, start, room, limit) for limit in [*limits, inf])
    return next(parts for parts in tried if len(parts) == fewest)


def _cut(wants: list[Need], start: list[int], room: float, limit: float) -> list[list[int]]:
    """Parts whose words fit the room and whose lines, beside those of the key columns, are no longer than the limit."""
    made = [list(start)]
    for at in range(len(start), len(wants)):
        more = [*made[-1], at]
        words, lines = fsum(wants[n].least for n in more), fsum(wants[n].full for n in more[len(start):])
        if len(made[-1]) > len(start) and (words > room or lines > limit):
            made.append(list(start))
        made[-1].append(at)
    return made


def _of(table: Table, chosen: list[int]) -> Table:
    """The table with these columns only; rows that run across stand in every part."""
    if len(chosen) == len(table.columns):
        return table
    columns = tuple(table.columns[at] for at in chosen)

    def cut(row: Row) -> Row:
        return row if len(row.cells) == 1 else replace(row, cells=tuple(row.cells[at] for at in chosen))

    return replace(table, columns=columns, rows=tuple(cut(row) for row in table.rows))
