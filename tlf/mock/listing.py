"""The shell of a listing: its blocks, each with a few records of what its cells will hold."""

from __future__ import annotations

from tlf.mock.foreseen import Foreseen
from tlf.model import Column, Row, Table
from tlf.shell import names_of
from tlf.shells import ListingBlock, Shell, Words

RECORDS, MOST = 2, 2  # records shown of a block; words of a variable told one by one


def body(shell: Shell, known: Foreseen) -> Table:
    """The listing with its heads and sample records."""
    columns = tuple(Column(one.label, one.width or 1) for one in shell.columns)
    rows = []
    for block in shell.blocks:
        rows.append(Row((f"{block.label} (n=xx)",), header=True, keep_with_next=True, key=block.label))
        cells = tuple(_cell(said, block, shell, known) for said in block.cells)
        rows += [Row(cells, 1, key=f"{block.label} / {number}") for number in range(1, RECORDS + 1)]
    return Table(columns, tuple(rows), keys=shell.keys)


def _cell(said: str, block: ListingBlock, shell: Shell, known: Foreseen) -> str:
    """What a cell will hold: the words of its variable, else what the specs say of it."""
    words: Words = {**shell.words, **block.words}
    told = [word for name in names_of(said) for word in dict.fromkeys(words.get(name, {}).values())]
    if told and "{" not in said and not any("@" in word for word in told):
        return " / ".join(told[:MOST]) + (" / ..." if len(told) > MOST else "")
    return known.filled(said, block.of)
