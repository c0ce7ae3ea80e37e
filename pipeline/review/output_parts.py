"""A long output in several files, none larger than a data file may be: its rows, cells and selections in order."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from pipeline.engine.store import Json
from pipeline.review.script import MOST, file_of, registered, script

AROUND = 200  # bytes for the name of a part


def files_of(name: str, shown: str, behind: str) -> dict[str, bytes]:
    """The files of an output, of its page and of what stands behind it as JSON."""
    told = f'{shown[:-1]},"behind":{behind}}}'
    whole = registered(name, told)
    return {file_of(name): whole} if len(whole) <= MOST else in_parts(name, json.loads(told), MOST)


def in_parts(name: str, body: Any, most: int = MOST) -> dict[str, bytes]:
    """The files of an output: one; of a long one the head, which says how many `parts` follow, and these."""
    whole = script(name, body)
    if len(whole) <= most:
        return {file_of(name): whole}
    tables = [{**table, "rows": []} for table in body["tables"]]
    parts = [part for one in _lists(body) for part in _cut(*one, most)]
    head = {**body, "tables": tables, "cells": [], "behind": [], "parts": len(parts)}
    told = {name: head, **{f"{name}/{number}": part for number, part in enumerate(parts, start=1)}}
    return {file_of(at): script(at, one) for at, one in told.items()}


def _lists(body: Any) -> Iterator[tuple[str, int, list[Json]]]:
    """What may be long: the word, the number of the table (of rows), the list."""
    yield from (("rows", at, list(table["rows"])) for at, table in enumerate(body["tables"]))
    yield from ((word, -1, list(body[word])) for word in ("cells", "behind"))


def _cut(word: str, table: int, items: list[Json], most: int) -> Iterator[dict[str, Json]]:
    """A list in slices, each of which fits into a file (with the words around it)."""
    if not items:
        return
    told: dict[str, Json] = {word: [[table, items]] if word == "rows" else items}
    if len(items) == 1 or len(script("", told)) <= most - AROUND:
        yield told
        return
    half = len(items) // 2
    yield from _cut(word, table, items[:half], most)
    yield from _cut(word, table, items[half:], most)
