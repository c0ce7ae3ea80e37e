"""A kind of YAML file as a JSON schema (draft 2020-12), from the same shape that the linter reads.

Editors complete and check by it while somebody types. What stands without quotes may be a number or a flag to an
editor, where the project reads every scalar as text; so a text may be those too. Of alternatives the one that fits the
kind of content is looked at alone, so that a slip is marked where it stands.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from pipeline.manual.kinds import KINDS, Kind
from pipeline.manual.words import FAMILIES, choices, default_of, meaning
from pipeline.study.patterns import LONGEST
from pipeline.study.shape import PATTERNS, Kinds, Shape

Schema = Any  # what a JSON schema says: objects, lists, texts
DRAFT = "https://json-schema.org/draft/2020-12/schema"
LONG = 300  # signs of a part from which it is said once
NAMES, LISTS = ("properties",), ("anyOf", "allOf")  # where schemas stand in a schema, by name, in a list, alone
WITHIN = ("items", "if", "then", "else", "additionalProperties")
TEXT: Schema = {"type": ["string", "number", "boolean", "null"]}
NUMBERS: Schema = {
    "number": {"type": ["number", "string"]}, "size": {"type": ["number", "string"], "exclusiveMinimum": 0},
    "count": {"type": ["integer", "string"], "minimum": 0, "maximum": 99},
    "days": {"type": ["integer", "string"], "minimum": 0, "maximum": 365}, "least": {"type": ["integer", "string"]},
    "decided": {"type": ["number", "string"]},
}  # fmt: skip
SCALARS: Schema = {
    "any": {}, "label": TEXT | {"maxLength": LONGEST},
    "": {"enum": [None, ""]}, "text": TEXT, "flag": {"enum": [True, False, "true", "false"]},
    "0 or 1": {"enum": [0, 1, "0", "1"]},
    **{word: one | {"pattern": f"^({PATTERNS[word].pattern})$"} for word, one in NUMBERS.items()},
}  # fmt: skip


def schema_text(kind: Kind) -> str:
    """The schema file of a kind, and of those in the same place that begin with another word."""
    files = [*(f"specs/standard/{one}" for one in kind.standard), *(f"specs/<study>/{one}" for one in kind.study)]
    head = {"$schema": DRAFT, "title": " and ".join(files)}
    here = (kind.standard, kind.study)
    others = [one for one in KINDS if one.begins and (one.standard, one.study) == here and one != kind]
    schema = _schema(kind, kind.shape, "")
    for one in [] if kind.begins else others:
        schema = {"if": {"required": [one.begins]}, "then": _schema(one, one.shape, ""), "else": schema}
    return json.dumps(head | _shared(schema), indent=1, ensure_ascii=False) + "\n"


def _shared(schema: Schema) -> Schema:
    """The schema with each part of some length that stands in it more than once said once, under `$defs`."""
    times, shared = Counter(map(json.dumps, _parts(schema))), dict[str, Schema]()

    def once(part: Schema) -> Schema:
        text = json.dumps(part)
        if times[text] == 1 or len(text) < LONG:
            return _each(part, once)
        if text not in shared:
            shared[text] = _each(part, once)
        return {"$ref": f"#/$defs/{list(shared).index(text) + 1}"}

    whole = once(schema)
    return whole | ({"$defs": {str(n): one for n, one in enumerate(shared.values(), 1)}} if shared else {})


def _each(schema: Schema, made: Callable[[Schema], Schema]) -> Schema:
    """A schema with something made of each schema that stands in it (not of the names of properties, nor of values)."""
    if not isinstance(schema, dict):
        return schema
    of_names = {word: {name: made(one) for name, one in schema[word].items()} for word in NAMES if word in schema}
    of_lists = {word: [made(one) for one in schema[word]] for word in LISTS if word in schema}
    return schema | of_names | of_lists | {word: made(schema[word]) for word in WITHIN if word in schema}


def _parts(schema: Schema) -> Iterator[Schema]:
    """A schema and every one that stands in it."""
    within: list[Schema] = []

    def seen(one: Schema) -> Schema:
        within.append(one)
        return one

    _each(schema, seen)
    yield schema
    for one in within:
        yield from _parts(one)


def _schema(kind: Kind, shape: Shape, at: str) -> Schema:
    """The schema of what stands at a path."""
    if isinstance(shape, tuple):
        return _one_of(kind, shape, at)
    if callable(shape):
        return _by_family(kind, shape, at)
    if isinstance(shape, frozenset):
        return {"enum": sorted(shape)}
    if isinstance(shape, list):
        return {"type": "array", "items": _schema(kind, shape[0], f"{at}[]" if at else "")}
    if isinstance(shape, Kinds):
        return _rows(kind, shape, at)
    if isinstance(shape, dict):
        return _pairs(kind, shape, at)
    known = choices(kind.name, at)
    return {"enum": list(known)} if known else SCALARS[shape]


def _one_of(kind: Kind, shapes: tuple[Shape, ...], at: str) -> Schema:
    """One of several: of lists, of pairs and of all else, that which the content is."""
    of: dict[str, list[Schema]] = {}
    for one in shapes:
        is_list, is_pairs = isinstance(one, list), isinstance(one, dict | Kinds)
        of.setdefault("array" if is_list else "object" if is_pairs else "", []).append(_schema(kind, one, at))
    told = {word: one[0] if len(one) == 1 else {"anyOf": one} for word, one in of.items()}
    other = told.pop("", False)
    for word, one in reversed(told.items()):
        other = {"if": {"type": word}, "then": one, "else": other}
    return other


def _pairs(kind: Kind, shape: dict[str, Shape], at: str) -> Schema:
    words = {word.rstrip("!"): under for word, under in shape.items() if word != "*"}
    told = {word: _told(kind, under, f"{at}.{word}".lstrip(".")) for word, under in words.items()}
    other = _schema(kind, shape["*"], f"{at}.*".lstrip(".")) if "*" in shape else False
    must = [word.rstrip("!") for word in shape if word.endswith("!")]
    required = {"required": must} if must else {}
    return {"type": "object"} | ({"properties": told} if told else {}) | {"additionalProperties": other} | required


def _told(kind: Kind, shape: Shape, at: str) -> Schema:
    """What stands at a word, with its meaning and default."""
    said, default = meaning(kind.name, at), default_of(kind.value, at)
    head = {"description": said.meaning} if said else {}
    return head | ({"default": default} if default else {}) | _schema(kind, shape, at)


def _rows(kind: Kind, shape: Kinds, at: str) -> Schema:
    """A row: the words of the kind that it begins with; nothing where a family knows no rows."""
    if not shape.known:
        return False
    of = [{"if": {"required": [one]}, "then": _row(kind, shape, one, at)} for one in shape.known]
    return {"type": "object", "anyOf": [{"required": [one]} for one in shape.known], "allOf": of}


def _row(kind: Kind, shape: Kinds, name: str, at: str) -> Schema:
    """A row of one kind; which of two words must stand is an `anyOf` of its own."""
    written = shape.known[name]
    words = {word + "!" * (word in written.must): under for word, under in written.words.items()}
    either = {"anyOf": [{"required": [word]} for word in written.either]} if written.either else {}
    return _pairs(kind, words, f"{at}.{name}") | either


def _by_family(kind: Kind, shape: Any, at: str) -> Schema:
    """An output: the words that every family has alike, and those that differ where the family is known."""
    of = {family: _schema(kind, shape({"family": family}), at) for family in FAMILIES}
    first = next(iter(of.values()))
    said = {word: {json.dumps(one["properties"][word]) for one in of.values()} for word in first["properties"]}
    alike = {word for word, different in said.items() if len(different) == 1}
    common = first | {"properties": {word: one if word in alike else {} for word, one in first["properties"].items()}}
    return common | {
        "allOf": [
            {
                "if": {"properties": {"family": {"const": family}}, "required": ["family"]},
                "then": {"properties": {word: part for word, part in one["properties"].items() if word not in alike}},
            }
            for family, one in of.items()
        ]
    }
