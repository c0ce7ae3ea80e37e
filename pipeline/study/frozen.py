"""From the words of a spec to a frozen value: each word under the field of its name, as the field's type says.

What is read here is of its shape already (`shapes.load`), so nothing is validated twice; words that a class has no
field for are words that only people read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    Value = TypeVar("Value", bound=DataclassInstance)


def texts(said: str | list[str]) -> tuple[str, ...]:
    """A text, or several, as several; an empty one is none."""
    return tuple(filter(None, [said] if isinstance(said, str) else said))


READ: dict[str, Callable[[Any], Any]] = {
    "str": str, "bool": "true".__eq__, "int": int, "tuple[str, ...]": texts, "Mapping[str, str]": dict,
    "float | None": float, "int | None": int, "tuple[float, ...]": lambda said: tuple(map(float, said)),
}  # fmt: skip


def frozen(kind: type[Value], words: Mapping[str, Any] | None, **parts: Any) -> Value:
    """A value of the class from the words of a spec; `parts` are fields that are values of their own, read before."""
    said = words or {}
    own = {f.name: READ[str(f.type)](said[f.name]) for f in fields(kind) if f.name in said and f.name not in parts}
    return kind(**own, **parts)
