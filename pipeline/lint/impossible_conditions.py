"""Conditions of mapping sheets that no record can meet: every value that a clause could tell apart is tried."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from math import prod

import pandas as pd

from pipeline.ground import clauses
from pipeline.ground.grammar import Name
from pipeline.lint.places import ERROR, Grid, Problem
from pipeline.lint.values import Lists
from pipeline.study.contracts import NUMBERS, Field
from sdtm.mapping.chosen import meets
from sdtm.mapping.sheet import EVERY

MOST = 50_000  # combinations of values that are tried; a clause that tells more apart is not judged
CODE = "_STD"
CURE = "correct the condition, or take the row out"
Values = list[tuple[str | None, ...]]
Fields = Mapping[str, Field]


def check_possible(grid: Grid, columns: Mapping[str, Fields], lists: Lists) -> Iterator[Problem]:
    """Rows whose condition no record meets, alone or among the records that their block chooses."""
    for line, row in grid.rows:
        fields = columns.get(row["form"])
        if not fields or not row["where"] or not _readable(row["where"], fields):
            continue
        if not can_hold(row["where"], fields, lists):
            yield grid.problem(line, "where", ERROR, f"no record can meet {row['where']}", CURE)
            continue
        blocks = (row["block"], EVERY)
        choosing = [(n, other["where"]) for n, other in grid.rows if n != line and not other["target"]
                    and other["form"] == row["form"] and other["block"] in blocks]  # fmt: skip
        for at, where in choosing if row["target"] else ():
            both = f"({row['where']}) and ({where})"
            if _readable(where, fields) and not can_hold(both, fields, lists):
                what = f"no record that line {at} chooses can meet {row['where']}"
                yield grid.problem(line, "where", ERROR, what, CURE)
                break


def can_hold(where: str, fields: Fields, lists: Lists) -> bool:
    """Whether any record can meet a clause; True where too much would have to be tried."""
    named = dict.fromkeys(name.removesuffix(CODE) if name.removesuffix(CODE) in fields else name
                          for name in clauses.names(where))  # fmt: skip
    groups = [_values(name, fields, lists, where) for name in named]
    if prod(len(tried) for _, tried in groups) > MOST:
        return True
    header = [name for names, _ in groups for name in names]
    rows = [[value for part in parts for value in part] for parts in product(*(tried for _, tried in groups))]
    frame = pd.DataFrame(rows, columns=header, dtype="str")
    numbers = {name for name in header if name in fields and fields[name].type in NUMBERS}
    return bool(meets(frame, where, "", numbers).any())


def _readable(where: str, fields: Fields) -> bool:
    """True for a clause that is there and names what is known; any other is told elsewhere."""
    named = clauses.named_in(where)
    return bool(named) and all(name in fields for name in named)


def _values(name: str, fields: Fields, lists: Lists, where: str) -> tuple[tuple[str, ...], Values]:
    """The columns of a field (text, and code where it has one) and what they are tried with, missing among it."""
    entry, code = fields[name], f"{name}{CODE}"
    names = (name, code) if code in fields else (name,)
    listed = lists.get(entry.codelist) if entry.codelist else None
    if listed:
        pairs = dict.fromkeys([(None, None), *((text, code) for code, text in listed),
                               *((one, None) for pair in listed for one in pair), *((c, c) for c, _ in listed)])
        return names, list(dict.fromkeys(pair[: len(names)] for pair in pairs))
    texts = _texts(where, entry.type in NUMBERS)
    return names, [(text, other) for text in texts for other in texts] if len(names) > 1 else [(t,) for t in texts]


def _texts(where: str, number: bool) -> list[str | None]:
    """Missing, every literal of the clause, and what lies below, between and above them."""
    found: dict[str | None, None] = {None: None, "": None}
    for one in clauses.read(where).comparisons:
        for literal in one.right if isinstance(one.right, tuple) else (one.right,):
            if isinstance(literal, str):
                found |= dict.fromkeys((literal, f"{literal}~", "!"))
            elif not isinstance(literal, Name):
                found |= dict.fromkeys(f"{literal + step:.12g}" for step in (-1, -1e-6, 0, 1e-6, 1))
    more = ("1", "2") if number else ("another",)
    return list(found | dict.fromkeys(more))
