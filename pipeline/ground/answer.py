"""What a command answers to a machine beside its words: facts by name, kept only while somebody asked for them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeAlias

Fact: TypeAlias = Any  # a value, or a table as a DataFrame: this floor knows no pandas
_asked: ContextVar[dict[str, Fact] | None] = ContextVar("asked", default=None)


def tell_facts(**facts: Fact) -> None:
    """Facts beside the words a command prints: values, or tables (DataFrames, told as a list of records)."""
    told = _asked.get()
    if told is not None:
        told.update(facts)


@contextmanager
def facts_asked() -> Iterator[dict[str, Fact]]:
    """The facts told within, by name."""
    told: dict[str, Fact] = {}
    token = _asked.set(told)
    try:
        yield told
    finally:
        _asked.reset(token)


def json_text(content: Any) -> str:
    """JSON for machines: tables as lists of records, dates as ISO text, what is missing as null."""
    return json.dumps(content, indent=1, ensure_ascii=False, default=_plain)


def _plain(value: Any) -> Any:
    if hasattr(value, "to_json"):  # a DataFrame; pandas is not imported for this
        return json.loads(value.to_json(orient="records", date_format="iso"))
    return value.item() if hasattr(value, "item") else str(value)
