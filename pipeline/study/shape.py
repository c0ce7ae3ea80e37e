"""What a shape is, and all that is not of it.

A shape is "text", "number", "count" (a small whole number), "size" (a number above 0), "days" (0 to 365), "0 or 1",
"flag" (true or false), "" (nothing), [shape] for a list, {word: shape} for `name: value` pairs ("*": any other word;
"word!": must be there), a tuple of shapes that may stand for one another, a frozenset of words of which one stands,
Kinds (rows of a shell), or a function from the content to its shape.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.ground.faults import TrialError
from pipeline.ground.words import did_you_mean
from pipeline.study.csv_text import load_text
from pipeline.study.patterns import PATTERN_WORDS, PATTERNS
from pipeline.study.yaml_text import KEPT, load_yaml, parsed, place
from tlf.rows import written

Shape = Any


@dataclass(frozen=True)
class Kinds:
    """Rows that begin with their kind: what each kind may say."""

    known: dict[str, written.KindWords]


class Slip(NamedTuple):
    """Something that is not of the shape: its path in the document, what it is, and the cure."""

    where: tuple[Any, ...]
    what: str
    cure: str


class _Held:
    """A shape as it stands: it is itself, whatever is in it."""

    def __init__(self, shape: Shape):
        self.shape = shape

    def __hash__(self) -> int:
        return id(self.shape)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held) and other.shape is self.shape


def load(path: Path, shape: Shape) -> Any:
    """The content of a YAML file of this shape. Raises TrialError with file, line and column of the first slip."""
    content = load_yaml(path)
    for slip in slips_of(path, shape):
        raise TrialError(f"{slip.what}.", place(path, slip.where), slip.cure)
    return content


def slips_of(path: Path, shape: Shape) -> tuple[Slip, ...]:
    """All that is not of the shape in a YAML file that can be read; a text is held to a shape once."""
    return _slips_of(load_text(path), _Held(shape))


@lru_cache(KEPT)
def _slips_of(text: str, held: _Held) -> tuple[Slip, ...]:
    return tuple(slips(parsed(text), held.shape))


def slips(content: Any, shape: Shape, where: tuple[Any, ...] = ()) -> Iterator[Slip]:
    """All that is not of the shape, in the order of the document."""
    if callable(shape):
        yield from slips(content, shape(content), where)
    elif isinstance(shape, tuple):
        fitting = [one for one in shape if _fits(content, one)]
        yield from slips(content, fitting[0] if fitting else shape[0], where)
    elif shape != "any" and not _fits(content, shape):
        one_of = isinstance(shape, frozenset) and isinstance(content, str)
        what = (
            f"{_name(where)} must be {_words(shape)}, not {content!r}"
            if one_of
            else f"{_name(where)} must be {_words(shape)}, not {_words_of(content, shape)}"
        )
        cure = "shorten it" if shape == "label" and isinstance(content, str) else "see a neighbouring file"
        yield Slip(where, what, did_you_mean(content, shape) if one_of else cure)
    elif isinstance(shape, list):
        for number, item in enumerate(content):
            yield from slips(item, shape[0], (*where, number))
    elif isinstance(shape, dict):
        yield from _pairs(content, shape, where)
    elif isinstance(shape, Kinds):
        yield from _of_kind(content, shape, where)


def _of_kind(content: Mapping[str, Any], shape: Kinds, where: tuple[Any, ...]) -> Iterator[Slip]:
    """A row says its kind first; then words of that kind alone, those that must be among them."""
    first = next(iter(content), "")
    if first not in shape.known:
        meant = next((word for word in content if word in shape.known), "")
        cure = f"begin with `{meant}:`" if meant else did_you_mean(first, shape.known)
        yield Slip((*where, first), f"{_name(where)} begins with '{first}', which is no kind of row here", cure)
        return
    written = shape.known[first]
    words = {word + "!" * (word in written.must): under for word, under in written.words.items()}
    yield from _pairs(content, words, where)
    if written.either and not any(content.get(word) for word in written.either):
        told = " or ".join(f"`{word}:`" for word in written.either)
        yield Slip(where, f"{_name(where)} lacks {told}", "add one of them")


def _pairs(content: Mapping[str, Any], shape: dict[str, Shape], where: tuple[Any, ...]) -> Iterator[Slip]:
    known = {word.rstrip("!"): under for word, under in shape.items()}
    strange = [word for word in content if word not in known and "*" not in known]
    for word in [w.rstrip("!") for w in shape if w.endswith("!")]:
        if content.get(word, "") in ("", [], {}) and not get_close_matches(word, strange, n=1):
            yield Slip(where, f"{_name(where)} lacks `{word}:`", "add it")
    for word, value in content.items():
        if word in known or "*" in known:
            yield from slips(value, known.get(word, known.get("*")), (*where, word))
        else:
            cure = did_you_mean(word, [name for name in known if name != "*"])
            yield Slip((*where, word), f"{_name(where)} has the unknown word '{word}'", cure)


def _fits(content: Any, shape: Shape) -> bool:
    if isinstance(shape, frozenset | Kinds):
        return isinstance(content, dict) if isinstance(shape, Kinds) else isinstance(content, str) and content in shape
    if isinstance(shape, str) and shape in PATTERNS:
        return isinstance(content, str) and PATTERNS[shape].fullmatch(content) is not None
    if isinstance(shape, str):
        return shape == "any" or (isinstance(content, str) if shape else content in ("", None))
    return isinstance(content, type(shape))


def _name(where: tuple[Any, ...]) -> str:
    words = [f"{word}" if isinstance(word, str) else f"[{word + 1}]" for word in where]
    return "`" + ".".join(words).replace(".[", "[") + "`" if words else "The file"


def _words(shape: Shape) -> str:
    if isinstance(shape, str) and shape in PATTERNS:
        return PATTERN_WORDS[shape]
    if isinstance(shape, frozenset):
        return "the word " + " or ".join(sorted(shape))
    pairs = isinstance(shape, dict | Kinds)
    return "a list" if isinstance(shape, list) else "`name: value` pairs" if pairs else "a text"


def _words_of(content: Any, shape: Shape) -> str:
    if shape == "label" and isinstance(content, str):
        return f"of {len(content)}: {content!r}"
    return "empty" if content in ("", None) else _words(content)
