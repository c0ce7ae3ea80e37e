"""Family `toxicity`: a table of family `categories` over several sets, which says where the numerators differ.

A safety endpoint registered on an efficacy set loses the subjects who had the toxicity and no assessment after it;
the note below the table makes that visible.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from tlf import notes
from tlf.conditions import Records
from tlf.model import Table
from tlf.results import Origin, Place, Result, entry
from tlf.shells import Shell
from tlf.templates import categories

Cell = tuple[str, str, str]  # row, level, column


def entries(shell: Shell, records: Records) -> Iterator[Result]:
    """One record per printed row, column and statistic; a count that differs between the sets says so in its NOTE."""
    made = list(categories.entries(shell, records))
    yield from _marked(shell, made)
    yield from _summary(shell, made)


def body(shell: Shell, results: pd.DataFrame) -> Table:
    """The table of the shell, filled from the results alone."""
    return categories.body(shell, results)


def _numerators(shell: Shell, entries: list[Result]) -> dict[Cell, dict[str, int]]:
    """The counts that differ: by row, level and column, the number in every set by its label."""
    labels = {one.id: one.label for one in shell.sets}
    shares = {_cell(e) for e in entries if e["STATISTIC"] == "estimate"}
    counts: dict[Cell, dict[str, int]] = {}
    for e in entries:
        if e["STATISTIC"] == "n" and _cell(e) in shares:
            counts.setdefault(_cell(e), {})[labels[e["SET"]]] = int(e["VALUE"])
    return {cell: found for cell, found in counts.items() if len(set(found.values())) > 1}


def _cell(e: Result) -> Cell:
    """What a number has in common in all sets."""
    return e["ROW"], e["LEVEL"], e["COLUMN"]


def _marked(shell: Shell, entries: list[Result]) -> Iterator[Result]:
    differing = _numerators(shell, entries)
    for e in entries:
        found = differing.get(_cell(e)) if e["STATISTIC"] == "n" else None
        yield {**e, "NOTE": f"numerators differ: {_listed(found)}"} if found else e


def _summary(shell: Shell, entries: list[Result]) -> Iterator[Result]:
    """The note on the rates with an interval, in the last column; none when the sets agree there."""
    last, opening = shell.columns[-1], f"{shell.sets[0].label} / "
    rates = {_cell(e): e["ROWID"].removeprefix(opening) for e in entries
             if e["STATISTIC"] == "lower" and e["SET"] == shell.sets[0].id and e["COLUMN"] == last.id}
    found = {rates[cell]: n for cell, n in _numerators(shell, entries).items() if cell in rates}
    if found:
        text = "; ".join(f"{row}: {_listed(n)}" for row, n in found.items())
        text = f"Numerators differ between the sets (column {last.label}). {text}."
        place = Place(shell.output, notes.PREFIX + "numerators", notes.EVERYBODY, "")
        yield entry(place, Origin("adsl", ""), "note", len(found), text=text)


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{n} ({name})" for name, n in counts.items())
