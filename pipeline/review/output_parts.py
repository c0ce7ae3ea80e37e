"""A long output in several files, none larger than a data file may be: its rows, cells and selections in order."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Any

from pipeline.review.script import MOST, file_of, plain, registered

AROUND = 200  # bytes for the name of a part


def files_of(name: str, shown: str, behind: Sequence[str]) -> dict[str, bytes]:
    """The files of an output, of its page and of each selection that stands behind it as JSON."""
    whole = registered(name, f'{shown[:-1]},"behind":[{",".join(behind)}]}}')
    return {file_of(name): whole} if len(whole) <= MOST else _in_parts(name, json.loads(shown), behind, MOST)


def in_parts(name: str, body: Any, most: int = MOST) -> dict[str, bytes]:
    """The files of an output: one; of a long one the head, which says how many `parts` follow, and these."""
    whole = registered(name, plain(body))
    return {file_of(name): whole} if len(whole) <= most else _in_parts(name, body, _each(body["behind"]), most)


def _in_parts(name: str, body: Any, behind: Sequence[str], most: int) -> dict[str, bytes]:
    """The head and the parts of a long output; each of its items is put into words once."""
    lists = [*((f'"rows":[[{at},[', "]]]", _each(table["rows"])) for at, table in enumerate(body["tables"])),
             ('"cells":[', "]", _each(body["cells"])), ('"behind":[', "]", behind)]  # fmt: skip
    parts = [part for one in lists for part in _cut(*one, most)]
    tables = [{**table, "rows": []} for table in body["tables"]]
    head = plain({**body, "tables": tables, "cells": [], "behind": [], "parts": len(parts)})
    told = {name: head, **{f"{name}/{number}": part for number, part in enumerate(parts, start=1)}}
    return {file_of(at): registered(at, one) for at, one in told.items()}


def _each(items: Sequence[Any]) -> list[str]:
    return [plain(one) for one in items]


def _cut(before: str, after: str, items: Sequence[str], most: int) -> Iterator[str]:
    """A list in slices, each of which fits into a file (with the words around it), as JSON."""
    ends = [0, *accumulate(len(one) + 1 for one in items)]  # with a comma behind each
    around = len(registered("", f"{{{before}{after}}}")) - 1
    todo = [(0, len(items))] if items else []
    while todo:
        begin, end = todo.pop()
        if end - begin == 1 or around + ends[end] - ends[begin] <= most - AROUND:
            yield f"{{{before}{','.join(items[begin:end])}{after}}}"
            continue
        half = begin + (end - begin) // 2
        todo += [(half, end), (begin, half)]
