"""Family `listing`: one printed line per record, in blocks; every cell is a row of the results.

A block has a `label`, a `where` on the dataset it is `of`, and the variables of its `cells` in the order of the
columns; the `sort` of the output orders the records. A cell may name several variables: the first that has a value is
printed. Or it is a shell of variables: "{DOSE:x.x} of {PLANNED:x.x} ({DOSE/PLANNED%:x.x} %)". Variables are those of
the dataset, and of the subject (ADSL) where the dataset has them not.
`words` of the block or the output gives the words to print for the values of a variable; the results keep the values.
Records that follow each other with the same first cell (a subject) stay on one page. `keys` is the number of columns
that stand on every part of a listing too wide for its page.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pandas as pd

from pipeline.ground.clauses import quoted
from pipeline.ground.faults import told_of
from pipeline.ground.words import value_text
from tlf import lines, notes
from tlf.conditions import SUBJECT, Data, Decisions, Records, with_decisions
from tlf.ids import named
from tlf.model import Column, Row, Table
from tlf.order import in_order, partner
from tlf.results import Found, Origin, Place, conformed, entry
from tlf.shell import cell, hear_all, names_of, rounded
from tlf.shells import ListingBlock, Shell, Words

NO_RECORDS = "None"
SIGNIFICANT = 6  # digits of a number, beside which further ones tell a reader nothing
SMALL = 0.001  # a number below it stands as it is


def results(shell: Shell, data: Data) -> pd.DataFrame:
    """One record per printed cell, its text in VALUEC, and the number of subjects of every block."""
    return conformed(pd.concat(_parts(shell, Records(data)), ignore_index=True))


def body(shell: Shell, results: pd.DataFrame) -> Table:
    """The listing, block after block."""
    columns = tuple(Column(c.label, c.width or 1) for c in shell.columns)
    known = results[results["ROWID"].str.startswith(notes.DECISION)]
    decisions = notes.worded(shell, notes.in_force(Found(known)))
    rows = [row for block in shell.blocks for row in _rows(block, _words(shell, block, decisions), results)]
    return _without_empty_keys(Table(columns, tuple(rows), keys=shell.keys))


def _without_empty_keys(table: Table) -> Table:
    """The listing without key columns in which no record has a value (the part, in a study of one)."""
    lines = [row.cells for row in table.rows if len(row.cells) > 1]
    empty = {at for at in range(1, table.keys) if lines and not any(cells[at] for cells in lines)}
    if not empty:
        return table

    def left(cells: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(cell for at, cell in enumerate(cells) if at not in empty)

    rows = tuple(replace(row, cells=left(row.cells)) for row in table.rows)
    return replace(table, columns=left(table.columns), rows=rows, keys=table.keys - len(empty))


def _parts(shell: Shell, records: Records) -> Iterator[pd.DataFrame]:
    if shell.decisions:
        yield pd.DataFrame(notes.decisions(shell, records))
    for number, block in enumerate(shell.blocks):
        with told_of(("blocks", number), block.label):
            yield from _block(shell, block, records)


def _block(shell: Shell, block: ListingBlock, records: Records) -> Iterator[pd.DataFrame]:
    origin, population = Origin(block.of, records.resolved(block.where)), shell.population.where
    place = Place(shell.output, block.label, "", population)
    size = records.count(origin.dataset, origin.where, population)
    yield pd.DataFrame([entry(place, origin, "n", size)])
    used = _beside(records.where(origin.dataset, origin.where, population), shell, block, records)
    if len(used):
        places = (place._replace(group=column.label, column=column.id) for column in shell.columns)
        cells = [_column(at, origin, said, used) for at, said in zip(places, block.cells, strict=True)]
        yield pd.concat(cells).sort_index(kind="stable")


def _beside(used: pd.DataFrame, shell: Shell, block: ListingBlock, records: Records) -> pd.DataFrame:
    """The records in their order, with the variables of their subject that cells and order name."""
    adsl = records.where("adsl", "").set_index(SUBJECT)
    order = [name for one in shell.sort for name in (one, partner(adsl, one))]
    wanted = dict.fromkeys([*order, *(name for said in block.cells for name in names_of(said))])
    lent = {name: used[SUBJECT].map(adsl[name]) for name in wanted if name not in used and name in adsl}
    return in_order(used.assign(**lent), shell.sort)


def _column(place: Place, origin: Origin, said: str, used: pd.DataFrame) -> pd.DataFrame:
    """One column of a block as results, one row per record; the index is the number of the record."""
    number, names = pd.RangeIndex(1, len(used) + 1), names_of(said)
    texts = _filled(said, used[names]).set_axis(number)
    result = pd.DataFrame(entry(place, origin, "text"), index=number)
    subject = "USUBJID == " + used["USUBJID"].set_axis(number).map(quoted)
    return result.assign(
        ROWID=place.rowid + " / " + number.astype("str"), ROW=named(place.rowid) + "." + number.astype("str"),
        VALUEC=texts.fillna(""), VARIABLE=" ".join(names),
        WHERE=f"({origin.where}) and " + subject if origin.where else subject,
    )


def _filled(said: str, values: pd.DataFrame) -> pd.Series:
    """The text of each cell: its first value, or its shell filled; nothing where a shell has none of its values."""
    if "{" not in said:
        return values.apply(_texts).bfill(axis=1).iloc[:, 0]
    plain = [name for name in values if f"{{{name}}}" in said]
    frame = values.assign(**{name: _texts(values[name]) for name in plain})
    texts = [lines.closed_up(cell(said, row)) for row in frame.to_dict("records")]
    return pd.Series(texts, index=values.index, dtype="str").where(values.notna().any(axis=1))


def _texts(values: pd.Series) -> pd.Series:
    """The values as printed: ISO dates, numbers to SIGNIFICANT digits without trailing zeros, text as it is."""
    if pd.api.types.is_datetime64_any_dtype(values):
        return values.dt.strftime("%Y-%m-%d").astype("str")
    if pd.api.types.is_numeric_dtype(values):
        return values.astype("float").map(_number, na_action="ignore").astype("str")
    return values


def _number(value: float) -> str:
    """A number with as many decimals as SIGNIFICANT digits leave it, and all digits before the point."""
    whole = len(f"{abs(value):.0f}") if abs(value) >= 1 else 0
    return value_text(float(rounded(value, max(SIGNIFICANT - whole, 0))) if abs(value) >= SMALL else value)


def _words(shell: Shell, block: ListingBlock, decisions: Decisions) -> Words:
    """The words of each variable's values in a block, with the decisions that they name."""
    words = {**shell.words, **block.words}
    return {name: {with_decisions(value, decisions): with_decisions(word, decisions) for value, word in known.items()}
            for name, known in words.items() if name not in shell.decisions}


def _rows(block: ListingBlock, words: Words, results: pd.DataFrame) -> list[Row]:
    total = results.loc[results["ROWID"].eq(block.label), "VALUE"].iloc[0]
    own = results[results["ROWID"].str.startswith(f"{block.label} / ", na=False)]
    head = Row((f"{block.label} (n={total:.0f})",), header=True, keep_with_next=True, key=block.label)
    names, texts = own["ROWID"].to_numpy(), _worded(own, words).to_numpy()
    hear_all(own, texts)
    width = len(block.cells)
    cells = [tuple(texts[at : at + width]) for at in range(0, len(own), width)]
    follows = [one[0] == next_[0] for one, next_ in pairwise(cells)]
    rows = [Row(texts, 1, keep_with_next=stays, key=key)
            for texts, stays, key in zip(cells, [*follows, False], names[::width], strict=False)]
    return [head, *rows] if rows else [head, Row((NO_RECORDS,), 1, key=block.label)]


def _worded(own: pd.DataFrame, words: Words) -> pd.Series:
    """The texts to print: the words of a cell's variables for its value, else the value itself."""
    texts = own["VALUEC"].fillna("")
    for names in own["VARIABLE"].unique():
        known = {value: word for name in names.split() for value, word in words.get(name, {}).items()}
        if known:
            texts = texts.mask(own["VARIABLE"].eq(names), texts.map(lambda text, known=known: known.get(text, text)))
    return texts
