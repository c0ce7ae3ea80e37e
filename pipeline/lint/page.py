"""The page of an output: columns that rows name, cells of a listing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pipeline.ground.words import did_you_mean
from pipeline.lint.places import ERROR, Document, Problem
from pipeline.study.specs import Specs
from pipeline.study.yaml_text import Content, Where
from tlf.ids import named


def check_page(document: Document, specs: Specs) -> list[Problem]:
    """A row for a column that is not there would print nowhere; a cell for a variable that is not there, nothing."""
    output = document.content
    ids = {column.get("id") or named(column["label"]) for column in output.get("columns", [])}
    found = list(_columns_named(document, output, (), ids))
    for number, panel in enumerate(output.get("panels", [])):
        found += _unknown(document, ("panels", number, "columns"), panel.get("columns", []), ids, "column")
    for number, block in enumerate(output.get("blocks", [])):
        found += _block(document, output, ("blocks", number), block, specs)
    return found


def _columns_named(document: Document, content: Content, where: Where, columns: set[str]) -> Iterator[Problem]:
    """Rows and sets that name columns the output does not have."""
    for word in ("rows", "sets"):
        for number, item in enumerate(content.get(word, [])):
            at = (*where, word, number)
            yield from _unknown(document, (*at, "columns"), item.get("columns", []), columns, "column")
            yield from _columns_named(document, item, at, columns)


def _block(
    document: Document, output: dict[str, Any], where: Where, block: dict[str, Any], specs: Specs
) -> Iterator[Problem]:
    """A block of a listing has a cell for each column, of variables its dataset has; so has the order of records."""
    cells, heads = block.get("cells", []), output.get("columns", [])
    if len(cells) != len(heads):
        what = f"the block has {len(cells)} cells for {len(heads)} columns"
        yield document.problem((*where, "cells"), ERROR, what, "one cell for each column")
    spec = specs.datasets.get(block.get("of", "adsl"))
    if spec:
        named = [name for cell in cells for name in cell.split()]
        yield from _unknown(document, (*where, "cells"), named, set(spec.names), "variable")
        yield from _unknown(document, ("sort",), output.get("sort", []), set(spec.names), "variable")


def _unknown(document: Document, where: Where, words: list[str], known: set[str], thing: str) -> Iterator[Problem]:
    for word in [word for word in words if word not in known]:
        yield document.problem(where, ERROR, f"unknown {thing} '{word}'", did_you_mean(word, known))
