"""YAML as text: every scalar stays the text it is in the file, so `NO` is no flag and `1.10` no number.

Repeated keys, anchors and aliases are refused; an error names file, line and column.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeAlias

import yaml

from pipeline.ground.faults import TrialError
from pipeline.study.csv_text import load_text

_Base: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
DEEPEST, KEPT = 40, 512
Where = tuple[Any, ...]
Content = Any  # as a file says it: texts, lists and `name: value` pairs
Tree: TypeAlias = "str | list[Tree] | dict[str, Tree]"  # what a file says: texts, lists of it, `name: value` pairs


class _TextLoader(_Base):
    """The base loader (all scalars are text) that refuses repeated keys."""

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.constructor.ConstructorError(None, None, "a key must be a word", key.start_mark)
            if key.value in seen:
                problem = f"the key '{key.value}' is repeated"
                raise yaml.constructor.ConstructorError(None, None, problem, key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def _refuse_anchors(text: str) -> None:
    """Anchors and aliases hide what a spec says (CONTRIBUTING: the border rule); so does a nest nobody can read."""
    if not any(sign in text for sign in "&*[{") and len(text) < 100_000:
        return
    depth = 0
    for event in yaml.parse(text, Loader=_Base):
        if getattr(event, "anchor", None) is not None:
            problem = f"the anchor or alias '{event.anchor}' is not allowed; write the value out"
            raise yaml.constructor.ConstructorError(None, None, problem, event.start_mark)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            problem = f"it is nested more than {DEEPEST} deep"
            raise yaml.constructor.ConstructorError(None, None, problem, event.start_mark)


def load_yaml(path: Path) -> Any:
    """The content of a YAML file, all scalars as text. Raises TrialError with file, line and column."""
    try:
        return json.loads(_parsed(load_text(path)))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{path}, line {mark.line + 1}, column {mark.column + 1}" if mark else str(path)
        problem = getattr(error, "problem", None) or "it cannot be read as YAML"
        raise TrialError(f"Malformed YAML: {problem}.", where, "mend the line, or the one above it") from error


@lru_cache(KEPT)
def _parsed(text: str) -> str:
    """The content as JSON: a text is parsed once, and every reader gets a copy of its own."""
    _refuse_anchors(text)
    return json.dumps(yaml.load(text, Loader=_TextLoader))


def places(path: Path) -> Mapping[Where, tuple[int, int]]:
    """Line and column of every key and list item of a readable YAML file, by path."""
    return _places(load_text(path))


@lru_cache(KEPT)
def _places(text: str) -> Mapping[Where, tuple[int, int]]:
    found: dict[Where, tuple[int, int]] = {}
    node = yaml.compose(text, Loader=_Base)
    if node is not None:
        _walk(node, (), found)
    return MappingProxyType(found)


def place(path: Path, where: Where) -> str:
    """File, line and column of a path in a YAML file, or of the nearest parent that is there."""
    known = places(path)
    while where and where not in known:
        where = where[:-1]
    line, column = known.get(where, (1, 1))
    return f"{path}, line {line}, column {column}"


def _walk(node: Any, where: Where, found: dict[Where, tuple[int, int]]) -> None:
    found.setdefault(where, (node.start_mark.line + 1, node.start_mark.column + 1))
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            found[(*where, key.value)] = (key.start_mark.line + 1, key.start_mark.column + 1)
            _walk(value, (*where, key.value), found)
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            _walk(value, (*where, number), found)
