"""YAML as text: every scalar stays the text it is in the file, so `NO` is no flag and `1.10` no number.

Repeated keys, anchors and aliases are refused; an error names file, line and column.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from pipeline.ground.faults import TrialError

_Base: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


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
    """Anchors and aliases hide what a spec says (CONTRIBUTING: the border rule)."""
    if "&" not in text and "*" not in text:
        return
    for event in yaml.parse(text, Loader=_Base):
        if getattr(event, "anchor", None) is not None:
            problem = f"the anchor or alias '{event.anchor}' is not allowed; write the value out"
            raise yaml.constructor.ConstructorError(None, None, problem, event.start_mark)


def load_yaml(path: Path) -> Any:
    """The content of a YAML file, all scalars as text. Raises TrialError with file, line and column."""
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise TrialError("This YAML file is not UTF-8 text.", f"{path}, line {line}", "save it as UTF-8") from error
    try:
        _refuse_anchors(text)
        return yaml.load(text, Loader=_TextLoader)
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
