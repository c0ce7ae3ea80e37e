"""A mapping sheet read and checked: which forms and blocks make records of a domain, and by which rows.

Columns: form, block, target, rule, source, where. Rows of block `*` hold for every block of their form. A row without
a target chooses the records of its block. The same target may stand twice in a block: the later row fills what the
earlier one, by its `where`, left empty.
"""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from sdtm.conditions import check_condition
from sdtm.errors import MappingError, near
from sdtm.records import RECORD_RULES
from sdtm.rules import RULES, Rule

COLUMNS = ("form", "block", "target", "rule", "source", "where")
EVERY = "*"


@dataclass(frozen=True)
class Row:
    """One row of a sheet: what is made, by which rule, from which words, for which records."""

    form: str
    block: str
    target: str
    rule: str
    words: list[str]
    where: str
    line: int


@dataclass(frozen=True)
class Known:
    """The words a sheet may use: the fields of each form, the target variables, and the codelists."""

    fields: dict[str, list[str]]
    variables: dict[str, dict[str, Any]]
    codelists: frozenset[str]


def read_sheet(sheet: pd.DataFrame, known: Known) -> list[Row]:
    """The rows of a sheet in its order. Raises MappingError naming line, unknown word and its close matches."""
    missing = [name for name in COLUMNS if name not in sheet]
    if missing:
        raise MappingError(f"Line 1: the sheet lacks the column {missing[0]}", "the header is " + ",".join(COLUMNS))
    text = sheet[list(COLUMNS)].fillna("")
    cells = zip(*(text[name] for name in COLUMNS), strict=True)
    rows = [Row(form, block, target, rule, source.split(), where, line)
            for line, (form, block, target, rule, source, where) in enumerate(cells, start=2) if form]
    for row in rows:
        _check(row, known)
    return rows


def blocks(rows: list[Row], form: str) -> list[tuple[list[Row], list[Row]]]:
    """Of one form: the choosing and the making rows of each block, without those of block `*`."""
    own = [row for row in rows if row.form == form and row.block != EVERY]
    names = dict.fromkeys(row.block for row in own) or {"": None}
    return [([r for r in own if r.block == name and not r.target], [r for r in own if r.block == name and r.target])
            for name in names]


def shared(rows: list[Row], form: str) -> tuple[list[Row], list[Row]]:
    """Of one form: the choosing and the making rows that hold for every block."""
    every = [row for row in rows if row.form == form and row.block == EVERY]
    return [row for row in every if not row.target], [row for row in every if row.target]


def _check(row: Row, known: Known) -> None:
    place = f"Line {row.line} ({row.form} {row.target or 'records'})"
    if row.form not in known.fields:
        raise MappingError(f"{place}: unknown form {row.form}", near(row.form, known.fields))
    if row.target and row.target not in known.variables:
        what = f"{place}: the target {row.target} is not in the domain's spec"
        raise MappingError(what, near(row.target, known.variables))
    rules: dict[str, Rule] = RULES if row.target else RECORD_RULES
    if row.rule not in rules:
        raise MappingError(f"{place}: unknown rule {row.rule}", near(row.rule, rules))
    _check_words(row, rules[row.rule].words, known, place)
    if row.rule == "assign_ct" and not known.variables[row.target].get("codelist"):
        raise MappingError(f"{place}: {row.target} has no codelist", "use assign, or lookup and name the codelist")
    if row.where:
        check_condition(row.where, known.fields[row.form], place)


def _check_words(row: Row, kinds: tuple[str, ...], known: Known, place: str) -> None:
    least = sum(not kind.endswith(("?", "*")) for kind in kinds)
    most = len(row.words) if kinds and kinds[-1].endswith("*") else len(kinds)
    if not least <= len(row.words) <= most:
        raise MappingError(f"{place}: {row.rule} takes {' '.join(kinds) or 'nothing'} as source, not {row.words}",
                           "see the rule's description in sdtm/rules.py")
    for number, word in enumerate(row.words):
        kind = kinds[min(number, len(kinds) - 1)].rstrip("?*")
        if kind == "field" and word not in known.fields[row.form]:
            raise MappingError(f"{place}: {row.form} has no field {word}", near(word, known.fields[row.form]))
        if kind == "list" and word not in known.codelists:
            raise MappingError(f"{place}: unknown codelist {word}", near(word, known.codelists))
