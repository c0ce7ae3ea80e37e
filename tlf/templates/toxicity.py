"""Family `toxicity`: a table of family `categories` over several sets, which says where the numerators differ.

A safety endpoint registered on an efficacy set loses the subjects who had the toxicity and no assessment after it;
the note below the table makes that visible.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from tlf.model import Table
from tlf.templates import categories, layout, notes
from tlf.templates.conditions import Records
from tlf.templates.rows import Origin, Place, as_results, entry


def results(output: dict[str, Any], data: dict[str, Any]) -> pd.DataFrame:
    """One record per printed row, column and statistic; a count that differs between the sets says so in its NOTE."""
    entries = list(categories.entries(output, Records(data), categories.KINDS))
    return as_results([*_marked(output, entries), *_summary(output, entries)])


def body(output: dict[str, Any], results: pd.DataFrame) -> Table:
    """The table of the shell, filled from the results alone."""
    return categories.body(output, results)


def _numerators(output: dict[str, Any], entries: list[dict[str, Any]]) -> dict[tuple[str, str], dict[str, int]]:
    """The counts that differ: by row (without its set) and column, the number in every set."""
    shares = {(e["ROWID"], e["GROUP"]) for e in entries if e["STATISTIC"] == "estimate"}
    counts: dict[tuple[str, str], dict[str, int]] = {}
    for e in entries:
        if e["STATISTIC"] == "n" and (e["ROWID"], e["GROUP"]) in shares:
            name, tail = _split(output, e["ROWID"])
            counts.setdefault((tail, e["GROUP"]), {})[name] = int(e["VALUE"])
    return {key: found for key, found in counts.items() if len(set(found.values())) > 1}


def _split(output: dict[str, Any], rowid: str) -> tuple[str, str]:
    name = next(one["label"] for one in layout.sets(output) if rowid.startswith(one["label"] + " / "))
    return name, rowid.removeprefix(name + " / ")


def _marked(output: dict[str, Any], entries: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    differing = _numerators(output, entries)
    for e in entries:
        if e["STATISTIC"] == "n" and " / " in e["ROWID"] and not e["ROWID"].startswith(notes.PREFIX):
            found = differing.get((_split(output, e["ROWID"])[1], e["GROUP"]))
            yield e | {"NOTE": f"numerators differ: {_listed(found)}"} if found else e
        else:
            yield e


def _summary(output: dict[str, Any], entries: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The note on the rates with an interval, in the last column; none when the sets agree there."""
    group = layout.groups(output)[-1]
    rates = {_split(output, e["ROWID"])[1] for e in entries if e["STATISTIC"] == "lower"}
    found = {tail: n for (tail, g), n in _numerators(output, entries).items() if g == group and tail in rates}
    if found:
        text = "; ".join(f"{tail}: {_listed(n)}" for tail, n in found.items())
        text = f"Numerators differ between the sets (column {group}). {text}."
        place = Place(output["output"], notes.PREFIX + "numerators", notes.EVERYBODY, "")
        yield entry(place, Origin("adsl", ""), "note", len(found), text=text)


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{n} ({name})" for name, n in counts.items())
