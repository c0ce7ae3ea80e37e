"""YAML as text: every scalar stays the text it is in the file, so `NO` is no flag and `1.10` no number.

Repeated keys, anchors and aliases are refused; an error names file, line and column.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from pipeline.errors import TrialError

_Base: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class _TextLoader(_Base):
    """The base loader (all scalars are text) that refuses repeated keys and aliases."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        node = super().compose_node(parent, index)
        if isinstance(node, yaml.MappingNode):
            _refuse_repeated_keys(node)
        return node


def _refuse_repeated_keys(node: yaml.MappingNode) -> None:
    seen: set[str] = set()
    for key, _ in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise yaml.constructor.ConstructorError(None, None, "a key must be a word", key.start_mark)
        if key.value in seen:
            raise yaml.constructor.ConstructorError(None, None, f"the key '{key.value}' is repeated", key.start_mark)
        seen.add(key.value)


def load_yaml(path: Path) -> Any:
    """The content of a YAML file, all scalars as text. Raises TrialError with file, line and column."""
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise TrialError("This YAML file is not UTF-8 text.", f"{path}, line {line}", "save it as UTF-8") from error
    try:
        return yaml.load(text, Loader=_TextLoader)  # noqa: S506 - the loader makes text, lists and mappings only
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{path}, line {mark.line + 1}, column {mark.column + 1}" if mark else str(path)
        problem = getattr(error, "problem", None) or "it cannot be read as YAML"
        raise TrialError(f"Malformed YAML: {problem}.", place, "mend the line, or the one above it") from error


def load_mapping(path: Path) -> dict[str, Any]:
    """As load_yaml, for a file that must hold `name: value` pairs. Raises TrialError otherwise."""
    content = load_yaml(path)
    if not isinstance(content, dict):
        raise TrialError("This YAML file must hold `name: value` pairs.", str(path), "see a neighbouring file")
    return content
