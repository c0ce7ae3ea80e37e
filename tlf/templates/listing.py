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
from typing import Any

import pandas as pd

from pipeline.ground.faults import told_of
from tlf import notes
from tlf.conditions import Data, Records
from tlf.decided import worded
from tlf.listed import column, in_their_order, shared
from tlf.listing_rows import rows_of, words_of
from tlf.model import Column, Table
from tlf.results import Found, Origin, Place, conformed, entry
from tlf.shells import ListingBlock, Shell


def results(shell: Shell, data: Data) -> pd.DataFrame:
    """One record per printed cell, its text in VALUEC, and the number of subjects of every block."""
    return conformed(pd.concat(_parts(shell, Records(data)), ignore_index=True))


def body(shell: Shell, results: pd.DataFrame) -> Table:
    """The listing, block after block."""
    columns = tuple(Column(c.label, c.width or 1) for c in shell.columns)
    known = results[results["ROWID"].str.startswith(notes.DECISION)]
    decisions = worded(shell, notes.in_force(Found(known)))
    rows = [row for block in shell.blocks for row in rows_of(block, words_of(shell, block, decisions), results)]
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
    used = in_their_order(records.where(origin.dataset, origin.where, population), shell, block, records)
    if len(used):
        places = (place._replace(group=column.label, column=column.id) for column in shell.columns)
        beside = shared(place, origin, used["USUBJID"])
        cells = [column(at, origin, said, used, beside) for at, said in zip(places, block.cells, strict=True)]
        yield pd.concat(cells).sort_index(kind="stable")
