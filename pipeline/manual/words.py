"""Every word that a kind of spec file may say: type and default from its shape and frozen value, meaning from a table.

A table of meanings (`pipeline/study/words/<kind>.csv`) has a line per word: its path, one sentence, an example of what
may stand there, a default where no frozen value holds one, and under `see` another table that has the words below the
path (of each item or name there; the empty path: of the whole file). Paths are written `arm.code`,
`treatments.*.label` (any name), `headline[].row` (any item of a list) and `rows[].count.where` (a row of that kind;
`*.where`: of every kind).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import MISSING, dataclass, fields, is_dataclass
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple, get_args, get_type_hints

from pipeline.manual.kinds import FEW, KINDS, TABLES, Kind
from pipeline.study.shape import PATTERN_WORDS, Kinds, Shape
from tlf.rows import kinds as rows

COLUMNS = ("path", "meaning", "example", "default", "see")
FAMILIES = tuple(rows.OF_FAMILY)


@dataclass(frozen=True)
class Meaning:
    """A line of a table of meanings."""

    table: str
    path: str
    meaning: str
    example: str
    default: str
    see: str


@dataclass(frozen=True)
class Word:
    """A word of a kind of file; `meaning` is None where no table says one."""

    path: str
    type: str
    must: bool
    default: str
    said: Meaning | None


class PathWords(NamedTuple):
    """What a shape says of one path: what may stand there, and whether it must."""

    shapes: list[Shape]
    must: bool


@cache
def table(name: str) -> dict[str, Meaning]:
    """The meanings of a table by path; none where there is no such table."""
    path = files("pipeline.study") / "words" / f"{name}.csv"
    if not path.is_file():
        return {}
    lines = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8")))
    return {line["path"]: Meaning(name, *(line[column] or "" for column in COLUMNS)) for line in lines}


def meaning(name: str, path: str) -> Meaning | None:
    """The meaning of a path: of its own line, or of the table that the nearest line above it sends to."""
    lines = table(name)
    for one in (path, _of_every(path)):
        if one in lines and lines[one].meaning:
            return lines[one]
    above = [at for at in range(len(path) - 1, 0, -1) if path[at] in ".[" and path[:at] in lines]
    for at in [at for at in above if lines[path[:at]].see]:
        return meaning(lines[path[:at]].see, path[at:].removeprefix("[]").removeprefix(".*").lstrip("."))
    return meaning(lines[""].see, path.removeprefix("*.")) if "" in lines and lines[""].see else None


def _of_every(path: str) -> str:
    """A row's word as a word of every kind of row."""
    kind, dot, word = path.partition(".")
    return f"*.{word}" if dot and kind in rows.KINDS else path


def words(kind: Kind) -> list[Word]:
    """Every word of a kind of YAML file in the order of its shape."""
    return [
        Word(path, _type(kind, path, told), told.must, default_of(kind.value, path), meaning(kind.name, path))
        for path, told in told_by(kind.shape).items()
    ]


def _type(kind: Kind, path: str, told: PathWords) -> str:
    few = choices(kind.name, path)
    return type_of(frozenset(few)) if few else " or ".join(dict.fromkeys(map(type_of, told.shapes)))


def choices(name: str, path: str) -> tuple[str, ...]:
    """The few words of which one stands at a path, where the linter knows them and not the shape; else none."""
    return FEW.get((name, path), ())


def columns(name: str) -> list[Word]:
    """Every column of a kind of CSV file."""
    return [Word(column, "", False, "", meaning(name, column)) for column in TABLES[name][1]]


def told_by(shape: Shape) -> dict[str, PathWords]:
    """What a shape says of every path, alternatives side by side."""
    found: dict[str, PathWords] = {}
    for path, under, must in _walk(shape, ""):
        known = found.setdefault(path, PathWords([], must))
        known.shapes.append(under)
    return found


def _walk(shape: Shape, at: str) -> Iterator[tuple[str, Shape, bool]]:
    for one in alternatives(shape):
        if isinstance(one, list):
            yield from _walk(one[0], f"{at}[]" if at else "")
        elif isinstance(one, Kinds):
            for kind, written in one.known.items():
                must = {word + "!" * (word in written.must): under for word, under in written.words.items()}
                yield from _pairs(must, f"{at}.{kind}")
        elif isinstance(one, dict):
            yield from _pairs(one, at)


def _pairs(shape: dict[str, Shape], at: str) -> Iterator[tuple[str, Shape, bool]]:
    for word, under in shape.items():
        path = f"{at}.{word.rstrip('!')}".lstrip(".")
        if len(shape) > 1 or word != "*":  # a name that the writer gives has its meaning from what it stands under
            yield from ((path, one, word.endswith("!")) for one in alternatives(under))
        yield from _walk(under, path)


def alternatives(shape: Shape) -> list[Shape]:
    """The shapes of which one holds: of a tuple each, of a function what it says of every family of outputs."""
    if isinstance(shape, tuple):
        return [one for part in shape for one in alternatives(part)]
    if callable(shape):
        return [shape({"family": family}) for family in FAMILIES]
    return [shape]


def type_of(shape: Shape) -> str:
    """A shape in words, for a table."""
    if isinstance(shape, str):
        return PATTERN_WORDS.get(shape, {"": "nothing", "any": "anything"}.get(shape, "text")).removeprefix("a ")
    if isinstance(shape, frozenset):
        return " or ".join(f"`{word}`" for word in sorted(shape))
    if isinstance(shape, list):
        items = list(dict.fromkeys(map(type_of, alternatives(shape[0]))))
        return "list of " + " or ".join(f"{item}s" if item == "text" else item for item in items)
    if isinstance(shape, Kinds):
        return "rows"
    if list(shape) == ["*"]:
        return "`name: ...` pairs, each " + " or ".join(map(type_of, alternatives(shape["*"])))
    return "words below"


def default_of(value: type | None, path: str) -> str:
    """What holds where a word is not said, from the frozen value that the file becomes; "" where it holds none."""
    if value is None:
        return ""
    word, _, rest = path.partition(".")
    name = word.removesuffix("[]")
    known = {field.name: field for field in fields(value)}
    if name not in known:
        return ""
    if not rest:
        return _shown(known[name])
    inner = _inner(_hints(value)[name])
    rest = rest.removeprefix("*.")
    if inner is rows.ShellRow:
        kind, _, rest = rest.partition(".")
        return default_of(rows.KINDS.get(kind), rest)
    return default_of(inner, rest)


_hints = cache(get_type_hints)


def _inner(hint: Any) -> type | None:
    """The class of the values that a field holds: itself, or those of its tuple or mapping."""
    held = [one for one in (hint, *get_args(hint)) if isinstance(one, type) and is_dataclass(one)]
    return held[0] if held else None


def _shown(field: Any) -> str:
    held = field.default if field.default is not MISSING else ()
    if isinstance(held, bool):
        return "true" if held else "false"
    if isinstance(held, tuple):
        return ", ".join(map(str, held)) if all(isinstance(one, str) for one in held) else ""
    return "" if held is None or is_dataclass(held) else str(held)


def unsaid() -> list[str]:
    """The words and columns without a meaning, each as the line that its table lacks."""
    told = [(kind.name, word) for kind in KINDS for word in words(kind)]
    told += [(name, word) for name in TABLES for word in columns(name)]
    return [f"{name}.csv: {word.path}" for name, word in told if word.said is None]


def unread() -> list[str]:
    """The meanings of words that no kind of file has, as the line to strike."""
    used = {word.said for kind in KINDS for word in words(kind)} | {w.said for name in TABLES for w in columns(name)}
    names = sorted(one.name.removesuffix(".csv") for one in (files("pipeline.study") / "words").iterdir())
    lines = [line for name in names for line in table(name).values()]
    return [f"{line.table}.csv: {line.path}" for line in lines if line.meaning and line not in used]
