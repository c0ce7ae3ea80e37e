"""The page of an output: columns that rows name, cells of a listing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pipeline.ground.words import did_you_mean
from pipeline.lint.places import ERROR, Document, Problem
from pipeline.study.specs import Specs
from pipeline.study.yaml_text import Content, Where
from tlf.ids import named
from tlf.shell import FIELD, names_of

CURE = "write {DOSE:x.x} or {DOSE/PLANNED%:x.x}"


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
    spec, subject = specs.datasets.get(block.get("of", "adsl")), specs.datasets.get("adsl")
    if spec:
        known = {*spec.names, *(subject.names if subject else ())}
        for number, cell in enumerate(cells):
            if "{" in cell and re.search(r"[{}]", FIELD.sub("", cell)):
                what = f"the cell {cell!r} cannot be read"
                yield document.problem((*where, "cells", number), ERROR, what, CURE)
            yield from _unknown(document, (*where, "cells", number), names_of(cell), known, "variable")
        for number, name in enumerate(output.get("sort", [])):
            yield from _unknown(document, ("sort", number), [name], known, "variable")


def _unknown(document: Document, where: Where, words: list[str], known: set[str], thing: str) -> Iterator[Problem]:
    for word in [word for word in words if word not in known]:
        yield document.problem(where, ERROR, f"unknown {thing} '{word}'", did_you_mean(word, known))
