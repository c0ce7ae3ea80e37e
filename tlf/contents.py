"""The list of all outputs: what an index page searches, and the list as a table of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from tlf.model import Column, Figure, Page, Row, Table
from tlf.render import layout

SIZE = re.compile(r"\([Nn]=\d+\)")  # of a column or a block
TITLE = "List of Tables, Listings and Figures"


class Listed(NamedTuple):
    """An output in the list: its page, what it has numbers of, the name of its files, its section of the report.

    A very long one is in several volumes.
    """

    page: Page
    labels: tuple[str, ...]
    name: str
    section: str
    volumes: int = 1


def table(listed: Sequence[Listed]) -> Table:
    """Number, title and population of every output, below the sections of the report."""
    rows = []
    for section, outputs in groupby(listed, key=lambda one: one.section):
        rows.append(Row((section, "", ""), header=True, keep_with_next=True, key=section))
        rows += [Row((one.page.number, title(one.page) + bound(one), one.page.population), 1, key=one.page.number)
                 for one in outputs]  # fmt: skip
    return Table((Column("Number", 1), Column("Title", 5), Column("Population", 3)), tuple(rows),
                 empty="No output is made.")  # fmt: skip


def bound(one: Listed) -> str:
    """In how many volumes an output is, said behind its title; nothing of one."""
    return f" ({one.volumes} volumes)" if one.volumes > 1 else ""


def title(page: Page) -> str:
    """The titles of an output as one line."""
    return " - ".join(page.titles)


def labels(body: Table | Figure) -> tuple[str, ...]:
    """What an output has numbers of: its heads and the labels of its rows that have words, each once."""
    tables = [body] if isinstance(body, Table) else layout.tables(body)
    heads = (text for one in tables for column in one.columns for text in (column.span, *column.label.split("\n")))
    stubs = (row.cells[0] for one in tables for row in one.rows)
    return tuple(dict.fromkeys(text.strip() for text in (*heads, *stubs) if any(map(str.isalpha, SIZE.sub("", text)))))
