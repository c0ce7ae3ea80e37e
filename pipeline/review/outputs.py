"""Each output as on its page, and for every printed number whose records it counts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd

from pipeline.engine.runner import Build
from pipeline.engine.store import Json
from pipeline.publish.document import section
from pipeline.publish.pages import body_of, page_around
from pipeline.review.behind import Behind, runs, shown_as
from pipeline.review.script import Facts
from pipeline.study.declared import ADSL
from pipeline.study.specs import Specs
from pipeline.why.cells import SELECTION, telling
from pipeline.why.lineage import decisions_near
from tlf.lines import SUBJECTS
from tlf.model import Figure, Page, Row, Table
from tlf.notes import DECISION
from tlf.render import layout

TEXT = "text"
SIZE = re.compile(r"\s*\([Nn]=[^)]*\)$")
KEY = ["ROWID", "GROUP"]


@dataclass
class PrintedCell:
    """One printed cell: its ids, the labels of its row and column, its statistics, the selections behind it."""

    address: tuple[str, str, str]
    labels: tuple[str, str]
    statistics: list[list[str]] = field(default_factory=list)
    behind: list[int] = field(default_factory=list)

    @property
    def facts(self) -> Facts:
        """The cell as the site reads it."""
        return {"a": self.address, "l": self.labels, "s": self.statistics, "b": self.behind}


@dataclass
class Cells:
    """The printed cells of one output by row and column, and what selects the records behind each."""

    results: pd.DataFrame
    kept: set[Any]  # the rows that tell whose records stand behind them
    number: dict[tuple[str, str], int] = field(default_factory=dict)
    of_row: dict[str, list[int]] = field(default_factory=dict)
    told: list[PrintedCell] = field(default_factory=list)
    selections: list[tuple[str, str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        known: dict[tuple[str, str, str], int] = {}
        names = [*KEY, "SET", "ROW", "COLUMN", "LEVEL", "STATISTIC", "VALUE", "VALUEC", "NOTE", *SELECTION]
        columns = (self.results[name].tolist() for name in names)
        for index, row in zip(self.results.index, zip(*columns, strict=True), strict=True):
            rowid, group, set_, id_, column, level, statistic, value, text, note, *selects = row
            number = self.number.get((rowid, group), -1)
            cell = self.told[number] if number >= 0 else self._cell(rowid, group, (set_, id_, column))
            if statistic != TEXT:
                cell.statistics.append([statistic, level, text or ("" if value != value else f"{value:g}"), note])
            if index in self.kept:
                at = known.setdefault((selects[0], selects[1], selects[2]), len(known))
                if at not in cell.behind:
                    cell.behind.append(at)
        self.selections = list(known)

    def _cell(self, rowid: str, group: str, address: tuple[str, str, str]) -> PrintedCell:
        """A cell of which nothing was told yet."""
        self.number[rowid, group] = len(self.told)
        self.of_row.setdefault(rowid, []).append(len(self.told))
        self.told.append(PrintedCell(address, (rowid, group)))
        return self.told[-1]

    def row(self, row: Row, labels: list[str], group: str) -> list[int]:
        """The number of the cell behind each printed cell of a row, -1 where there is none.

        A row of a figure's numbers is told by its key and `group` (its first cell, or the last heading), by its
        subject, or by what its column and its table are called.
        """
        own = [self.number.get((row.key, label), -1) if text.strip() else -1
               for label, text in zip(labels, row.cells, strict=False)]  # fmt: skip
        if max(own, default=-1) >= 0 or len(row.cells) == 1:
            return own
        one = self._of_group(row.key, group)
        named = [self._called(f"{label} / {labels[0]}") for label in labels[1:]]
        told = [one] * len(named) if one >= 0 else named if max(named) >= 0 else self._of_subject(row.key, len(named))
        return [-1, *(at if text.strip() else -1 for at, text in zip(told, row.cells[1:], strict=True))]

    def _of_group(self, key: str, group: str) -> int:
        """The cell of a key in a group, else that of the subjects of the group whose lines stand below the key."""
        known = self.number.get((key, group), self._called(key))
        return known if known >= 0 or key not in self.under else self.number.get((SUBJECTS, group), -1)

    def _of_subject(self, key: str, columns: int) -> list[int]:
        """The cells of the rows of a subject, by whose number the key ends: one for each column, or one for all."""
        subject = key.rpartition(" / ")[2]
        named = [self._called(one) for one in self.of_row if subject and " / " in one and one.endswith(subject)]
        return named if len(named) == columns else named * columns if len(named) == 1 else [-1] * columns

    def _called(self, rowid: str) -> int:
        """The cell of a row that stands in one column alone."""
        found = self.of_row.get(rowid, [])
        return found[0] if len(found) == 1 else -1

    @cached_property
    def under(self) -> set[str]:
        """What the labels of rows begin with, where further ones stand below."""
        return {rowid.partition(" / ")[0] for rowid in self.of_row if " / " in rowid}


def outputs(build: Build, status: str, results: pd.DataFrame, behind: Behind) -> Iterator[tuple[Facts, Facts]]:
    """Each output that was made: how it is listed; its page, tables with their cells, and what stands behind these."""
    whole = results[~results["ROWID"].str.startswith(DECISION)]
    kept = set(telling(whole).index)
    by_output = dict(iter(whole.groupby("OUTPUT", sort=False)))
    for name, output in build.specs.outputs.items():
        if name not in build.entries:
            continue
        own = by_output.get(output.shell.output, results.iloc[:0])
        with output.telling():
            body = body_of(build, name)
            page = page_around(build, name, body, status)
        cells = Cells(own, kept)
        tables = [body] if isinstance(body, Table) else layout.tables(body)
        told = [_table(layout.tidy(table), cells) for table in tables]
        near = {one: decisions_near(build, name, one)[0] for one in own["DATASET"].unique()}
        selections = [{**_selection(behind, *one), "q": near[one[0]]} for one in cells.selections]
        yield listed(build.specs, name, page, tables), {
            "number": page.number, "titles": list(page.titles), "population": page.population,
            "head": [list(line) for line in layout.head(page)], "foot": layout.foot(page),
            "picture": f"../tlf/{name}.svg" if isinstance(body, Figure) else "",
            "description": body.description if isinstance(body, Figure) else "",
            "files": [f"../tlf/{name}.{suffix}" for suffix in ("html", "pdf", "rtf")],
            "tables": told, "cells": [one.facts for one in cells.told], "behind": selections,
        }  # fmt: skip


def group_of(text: str) -> str:
    """The label of a group without its size: "DL1 (N=3 of 4)" is DL1."""
    return SIZE.sub("", text).strip()


def _table(table: Table, cells: Cells) -> Facts:
    labels = [column.label.split("\n")[0] for column in table.columns]
    heads = [cells.number.get((SUBJECTS, label), -1) for label in labels]
    rows: list[Facts] = []
    before, heading = None, ""
    for row in table.rows:
        heading = row.cells[0] if row.header else heading
        numbers = cells.row(row, labels, group_of(heading or row.cells[0]))
        told: Facts = {"c": list(row.cells), "i": row.indent, "n": numbers}
        marks = {"h": row.header, "o": layout.opens(row, before), "x": layout.runs_across(row)}
        rows.append({**told, **{name: 1 for name, given in marks.items() if given}})
        before = row
    columns: list[Facts] = [
        {"label": one.label, "align": one.align, "width": one.width, "n": head}
        for one, head in zip(table.columns, heads, strict=True)
    ]
    spans: list[Json] = [[head.text, head.stop - head.start] for head in layout.heads(table.columns)]
    return {"columns": columns, "spans": spans, "rows": rows, "empty": table.empty}


def _selection(behind: Behind, dataset: str, population: str, where: str) -> Facts:
    """What stands behind a condition: the places of records of a dataset, their subjects, and how that was asked."""
    name = dataset or ADSL
    places = behind.places(name, where, population)
    condition = f"{where} {population if name == ADSL else ''}"
    named = behind.named(name, condition)
    return {
        "d": shown_as(behind.library, name), "w": where, "p": population, "v": list(named),
        "t": behind.in_words(where, name), "r": runs(places),
        "u": behind.in_words(population, ADSL),
        "n": behind.subjects(name, places), "of": behind.size(population),
        "b": behind.standing(name, places, named),
    }  # fmt: skip


def listed(specs: Specs, name: str, page: Page, tables: list[Table]) -> Facts:
    """An output in the list of all: number, title, section, and what its rows and columns are called."""
    kind = specs.outputs[name].shell.kind
    heads = (text for one in tables for column in one.columns for text in column.label.split("\n"))
    stubs = (row.cells[0] for one in tables for row in one.rows)
    texts = (text.strip() for text in (*heads, *stubs) if kind != "listing" and any(map(str.isalpha, text)))
    return {
        "name": name,
        "number": page.number,
        "title": " - ".join(page.titles),
        "kind": kind,
        "population": page.population,
        "section": section(page.number),
        "words": [*dict.fromkeys(texts)],
    }
