"""YAML as text: every scalar stays the text it is in the file, so `NO` is no flag and `1.10` no number.

Repeated keys, anchors and aliases are refused; an error names file, line and column.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple, TypeAlias

import yaml

from pipeline.ground.faults import TrialError
from pipeline.study.csv_text import load_text

_Base: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
DEEPEST, KEPT = 40, 1024
Where = tuple[Any, ...]
Content = Any  # as a file says it: texts, lists and `name: value` pairs
Tree: TypeAlias = "str | list[Tree] | dict[str, Tree]"  # what a file says: texts, lists of it, `name: value` pairs


def load_yaml(path: Path) -> Any:
    """The content of a YAML file, all scalars as text. Raises TrialError with file, line and column."""
    try:
        return parsed(load_text(path))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{path}, line {mark.line + 1}, column {mark.column + 1}" if mark else str(path)
        problem = getattr(error, "problem", None) or "it cannot be read as YAML"
        raise TrialError(f"Malformed YAML: {problem}.", where, "mend the line, or the one above it") from error


def parsed(text: str) -> Any:
    """The content of a text, a copy of one's own. Raises YAMLError."""
    return json.loads(_read(text).content)


def places(path: Path) -> Mapping[Where, tuple[int, int]]:
    """Line and column of every key and list item of a readable YAML file, by path."""
    return _read(load_text(path)).places


class _Read(NamedTuple):
    """A text as read: its content as JSON, so that every reader gets a copy of its own, and where each part stands."""

    content: str
    places: Mapping[Where, tuple[int, int]]


@lru_cache(KEPT)
def _read(text: str) -> _Read:
    """A text is parsed once. Raises YAMLError for what cannot be read, a repeated key, an anchor, too deep a nest."""
    _refuse_anchors(text)
    found: dict[Where, tuple[int, int]] = {}
    node = yaml.compose(text, Loader=_Base)
    content = None if node is None else _walk(node, (), found)
    return _Read(json.dumps(content), MappingProxyType(found))


def _refuse_anchors(text: str) -> None:
    """Anchors and aliases hide what a spec says (CONTRIBUTING: the border rule); so does a nest nobody can read."""
    if not any(sign in text for sign in "&*[{") and len(text) < 100_000:
        return
    depth = 0
    for event in yaml.parse(text, Loader=_Base):
        if getattr(event, "anchor", None) is not None:
            raise _fault(f"the anchor or alias '{event.anchor}' is not allowed; write the value out", event)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise _fault(f"it is nested more than {DEEPEST} deep", event)


def _walk(node: Any, where: Where, found: dict[Where, tuple[int, int]]) -> Tree:
    """The content of a node; `found` gets the place of all in it. Raises YAMLError for a key that is repeated."""
    found.setdefault(where, _place(node))
    if isinstance(node, yaml.SequenceNode):
        return [_walk(value, (*where, number), found) for number, value in enumerate(node.value)]
    if isinstance(node, yaml.ScalarNode):
        return str(node.value)
    content: dict[str, Tree] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise _fault("a key must be a word", key)
        if key.value in content:
            raise _fault(f"the key '{key.value}' is repeated", key)
        found[(*where, key.value)] = _place(key)
        content[key.value] = _walk(value, (*where, key.value), found)
    return content


def _place(node: Any) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1


def _fault(problem: str, at: Any) -> yaml.MarkedYAMLError:
    return yaml.constructor.ConstructorError(None, None, problem, at.start_mark)


def place(path: Path, where: Where) -> str:
    """File, line and column of a path in a YAML file, or of the nearest parent that is there."""
    known = places(path)
    while where and where not in known:
        where = where[:-1]
    line, column = known.get(where, (1, 1))
    return f"{path}, line {line}, column {column}"
