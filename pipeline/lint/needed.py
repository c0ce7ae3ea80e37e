"""What an output of each family cannot be made without, and the published figures it draws."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.lint import values
from pipeline.lint.places import ERROR, Document, Problem
from pipeline.study.csv_text import load_table
from pipeline.study.specs import Specs

ROWS = "rows"
NEEDS = {
    "categories": ("columns", ROWS), "toxicity": ("columns", "sets", ROWS), "survival": ("columns", ROWS),
    "published": (ROWS,), "forest": (ROWS,), "listing": ("columns", "blocks"),
    "kaplan_meier": ("columns", "where", "ticks", "x_label", "y_label"),
    "cumulative_incidence": ("columns", "of", "panels", "ticks", "x_label", "y_label"),
    "flow": ("columns", ROWS), "heat_map": ("columns", "of", "x", "colour"),
    "stacked": ("columns", "of", "x", "colour", "ticks", "x_label", "y_label"),
    "scatter": ("columns", "across", "upward", "x_label", "y_label"),
    "profiles": ("columns", "of", "x", "ticks", "x_label", "y_label"),
    "waterfall": ("columns", "of", "colour", "y_label"),
    "swimmer": ("columns", "of", "colour", "marks", "ticks", "x_label"),
}  # fmt: skip


def check_needed(document: Document, specs: Specs) -> Iterator[Problem]:
    """Words that the family asks for; rows may stand in every set instead of the output."""
    output = document.content
    family, sets = output.get("family", ""), output.get("sets", [])
    for word in NEEDS.get(family, ()):
        in_sets = word == ROWS and sets and all(one.get(ROWS) for one in sets)
        if not output.get(word) and not in_sets:
            what = f"an output of family {family} needs `{word}:`"
            yield document.problem((), ERROR, what, "add it; see a neighbouring file")
    yield from _published(document, specs)


def _published(document: Document, specs: Specs) -> Iterator[Problem]:
    """The table of published figures is listed, and the clause on it can be read and names its columns."""
    output = document.content
    table, where = (output.get("published", {}).get(word, "") for word in ("table", "where"))
    if table and table not in output.get("tables", []):
        what = f"the table {table} is not under `tables:`"
        yield document.problem(("published", "table"), ERROR, what, "list it there")
    elif where and table in specs.tables:
        fields = values.of_table(load_table(specs.tables[table]))
        for what, cure in values.slips(where, fields, specs.decisions, f"The table {table}"):
            yield document.problem(("published", "where"), ERROR, what, cure)
