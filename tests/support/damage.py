"""Spec files damaged as hands and tools damage them, by a seed: the same seed, the same damage."""

import random
import re
from collections.abc import Iterator

WORDS = (
    *("", "x", "0", "-1", "nan", "none", "Y", "true", "Infinity", "1e400", "9" * 400, "a" * 5000, "\0", "\t", "\u00e9"),
    *("[]", "{}", "[1, 2]", "{a: b}", "~", '"', "'", ",", ":", "#", "- ", "(", "%", "&a", "*a", "@X", "../../x"),
    "!!python/object:os.system x",
)


def _lines(text: str, chance: random.Random) -> tuple[list[str], int]:
    lines = text.splitlines(keepends=True)
    return lines, chance.randrange(len(lines)) if lines else 0


def without_line(text: str, chance: random.Random) -> str:
    """One line is lost."""
    lines, at = _lines(text, chance)
    return "".join(lines[:at] + lines[at + 1 :])


def doubled_line(text: str, chance: random.Random) -> str:
    """One line stands twice."""
    lines, at = _lines(text, chance)
    return "".join(lines[: at + 1] + lines[at:])


def cut_short(text: str, chance: random.Random) -> str:
    """The file ends in the middle."""
    return text[: chance.randrange(len(text) + 1)]


def other_word(text: str, chance: random.Random) -> str:
    """One word is another, or nothing."""
    words = list(re.finditer(r"[\w@./-]+", text))
    if not words:
        return text
    word = chance.choice(words)
    return text[: word.start()] + chance.choice(WORDS) + text[word.end() :]


def misspelt(text: str, chance: random.Random) -> str:
    """One sign is lost, doubled or another."""
    at = chance.randrange(len(text) + 1)
    return text[:at] + chance.choice(("", text[at : at + 1] * 2, chance.choice(WORDS))) + text[at + 1 :]


def other_value(text: str, chance: random.Random) -> str:
    """What stands after a colon or a comma is of another kind."""
    places = list(re.finditer(r"(?<=[:,]) *[^,:\n\]}]+", text))
    if not places:
        return text
    place = chance.choice(places)
    return text[: place.start()] + " " + chance.choice(WORDS) + text[place.end() :]


def indented(text: str, chance: random.Random) -> str:
    """One line stands further right or left."""
    lines, at = _lines(text, chance)
    if lines:
        lines[at] = chance.choice(("  " + lines[at], lines[at].lstrip(" "), " " + lines[at]))
    return "".join(lines)


def swapped(text: str, chance: random.Random) -> str:
    """Two lines have changed places."""
    lines, at = _lines(text, chance)
    if len(lines) > 1:
        other = chance.randrange(len(lines))
        lines[at], lines[other] = lines[other], lines[at]
    return "".join(lines)


WAYS = (without_line, doubled_line, cut_short, other_word, misspelt, other_value, indented, swapped)


def damages(texts: dict[str, str], count: int, seed: int) -> Iterator[tuple[str, str, str]]:
    """(file, way, damaged text), `count` of them; every way in turn, files by chance."""
    chance = random.Random(seed)
    for number in range(count):
        file = chance.choice(sorted(texts))
        way = WAYS[number % len(WAYS)]
        yield file, way.__name__, way(texts[file], chance)
