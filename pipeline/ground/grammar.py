"""The grammar of a `where`: what a condition may say, and nothing else; a text in, a tree of comparisons out.

Nothing is handed to Python's own parser: there are no calls, attributes, arithmetic or subscripts to forbid.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

LONGEST, DEEPEST, DIGITS = 20_000, 40, 30
LISTED = re.compile(r'"(?:[^"\\]|\\.)*",\s*')  # not counted: a result may leave thousands of subjects out of its clause
HOW = ("==", "!=", "<", "<=", ">", ">=")
TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
JOINING = ("and", "or", "not", "in")
PYTHON = {"True": 'a flag is written as "Y" or "N"', "None": 'a missing value is written as ""'}
PYTHON["False"] = PYTHON["True"]
CURE = 'write it as FIELD == "VALUE", joined by and, or, not; what needs more is a function'
FLAT = r"""(?:[^()"'\\]|"[^"\\]*")"""  # what holds no parenthesis, but in a text
PART = re.compile(rf"\((?:{FLAT}|\({FLAT}*\))*\)|[^\W\d]\w* == \"[^\"\\]*\"")
BESIDE = re.compile(rf"(?:{PART.pattern})(?: and (?:{PART.pattern}))+")
TOKEN = re.compile(
    r"""\s*(?:(?P<text>"(?:[^"\\]|\\["'\\])*"|'(?:[^'\\]|\\["'\\])*')
    |(?P<number>-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?(?![\w.]))
    |(?P<how>==|!=|<=|>=|<|>)
    |@(?P<decision>[^\W\d]\w*)
    |(?P<word>[^\W\d]\w*(?:\.[^\W\d]\w*)?)
    |(?P<mark>[()\[\],]))""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Name:
    """A field, or (`decision`) an open point of the plan."""

    id: str
    decision: bool = False


@dataclass(frozen=True)
class Comparison:
    """A field on the left; a literal, a list of literals, a field or a decision on the right."""

    left: Name
    how: str
    right: Any


@dataclass(frozen=True)
class Joined:
    """Parts joined by `and` or `or`; `not` has one part."""

    by: str
    parts: tuple[Any, ...]


@dataclass(frozen=True)
class Clause:
    """A clause that was read: its text, its fields and decisions in the order named, its comparisons."""

    text: str
    node: Comparison | Joined
    names: tuple[str, ...]
    decisions: tuple[str, ...]
    comparisons: tuple[Comparison, ...]


class NotReadError(Exception):
    """What is not understood, and the cure."""

    def __init__(self, what: str, cure: str = CURE):
        self.what, self.cure = what, cure
        super().__init__(what)


def cut(text: str) -> list[re.Match[str]]:
    """The words, signs and literals of a clause. Raises NotReadError."""
    length = len(text) if len(text) <= LONGEST else len(LISTED.sub("", text))
    if length > LONGEST:
        raise NotReadError(f"it has {length:,} characters, more than {LONGEST:,}", "write a function, and name it")
    tokens, at, end = [], 0, len(text.rstrip())
    while at < end:
        token = TOKEN.match(text, at)
        if token is None:
            rest = text[at:].lstrip()
            raise NotReadError(
                f"character {len(text) - len(rest) + 1}, {rest[:1]!r}, " + _trouble(rest), _cure_of(rest)
            )
        tokens.append(token)
        at = token.end()
    return tokens


def _trouble(rest: str) -> str:
    if rest[:1] in "\"'":
        return "opens a text that does not end (or has a backslash before another sign than a quote)"
    return "is not part of a condition"


def _cure_of(rest: str) -> str:
    signs = {"&": "write and", "|": "write or", "~": "write not", "=": "write == to compare"}
    return signs.get(rest[:1], CURE)


@dataclass
class _Reader:
    """One pass over the tokens of a clause, from left to right (or, and, not, comparison)."""

    tokens: list[re.Match[str]]
    at: int = 0
    depth: int = 0
    comparisons: list[Comparison] = field(default_factory=list)

    def ahead(self) -> str:
        """The next word or sign, '' at the end; a literal is never mistaken for one."""
        token = self.tokens[self.at] if self.at < len(self.tokens) else None
        return (token["word"] or token["how"] or token["mark"] or "") if token else ""

    def takes(self, *words: str) -> str:
        """The next word when it is one of these, and then it is behind us; else ''."""
        word = self.ahead()
        if not word or word not in words:
            return ""
        self.at += 1
        return word

    def stuck(self, expected: str) -> NotReadError:
        """What stands where something else is expected."""
        if self.at >= len(self.tokens):
            return NotReadError(f"it ends where {expected} is expected")
        token = self.tokens[self.at]
        shown = token.group().strip()
        return NotReadError(f"{shown} stands at character {token.end() - len(shown) + 1} where {expected} is expected")

    def whole(self) -> Comparison | Joined:
        """Everything, to the end."""
        node = self.joined("or")
        if self.at < len(self.tokens):
            raise self.stuck("and, or, or the end")
        return node

    def joined(self, by: str) -> Comparison | Joined:
        """Parts joined by `or`, each of parts joined by `and`."""
        parts = [self.joined("and") if by == "or" else self.part()]
        while self.takes(by):
            parts.append(self.joined("and") if by == "or" else self.part())
        return parts[0] if len(parts) == 1 else Joined(by, tuple(parts))

    def part(self) -> Comparison | Joined:
        """A negated part, one in parentheses, or a comparison."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise NotReadError(f"it is nested more than {DEEPEST} deep", "write a function, and name it")
        node: Comparison | Joined
        if self.takes("not"):
            node = Joined("not", (self.part(),))
        elif self.takes("("):
            node = self.joined("or")
            if not self.takes(")"):
                raise self.stuck("a closing parenthesis")
        else:
            node = self.compared()
        self.depth -= 1
        return node

    def compared(self) -> Comparison | Joined:
        """One comparison, or a chain of them (0 < AGE <= 65)."""
        left, links = self.value(), []
        while True:
            how = self.takes(*HOW, "in")
            if not how and self.ahead() == "not":
                self.at += 1
                how = "not in" if self.takes("in") else ""
                if not how:
                    raise self.stuck("in")
            if not how:
                break
            right = self.listed() if how.endswith("in") else self.value()
            links.append(_comparison(left, how, right))
            left = right
        if not links:
            raise self.stuck("a comparison (== != < <= > >= in)")
        self.comparisons += links
        return links[0] if len(links) == 1 else Joined("and", tuple(links))

    def value(self) -> Any:
        """A field, a decision, a text or a number."""
        token = self.tokens[self.at] if self.at < len(self.tokens) else None
        if token is None or token.lastgroup in ("how", "mark") or token["word"] in JOINING:
            cure = "a list follows `in`" if token and token["mark"] == "[" else CURE
            raise NotReadError(self.stuck("a field or a value").what, cure)
        self.at += 1
        if token["decision"]:
            return Name(token["decision"], decision=True)
        if token["word"] in PYTHON:
            raise NotReadError(f"{token['word']} is no value here", PYTHON[token["word"]])
        if token["word"]:
            return Name(token["word"])
        return _literal(token)

    def listed(self) -> tuple[Any, ...] | Name:
        """The literals after `in`; a decision may stand for the list."""
        closing = {"[": "]", "(": ")"}.get(self.takes("[", "("))
        if closing is None:
            if self.at < len(self.tokens) and self.tokens[self.at]["decision"]:
                return self.value()
            raise NotReadError(self.stuck("a list").what, 'write in ["A", "B"]')
        items: list[Any] = []
        while not self.takes(closing):
            if items and not self.takes(","):
                raise self.stuck("a comma or the end of the list")
            if items and self.takes(closing):
                break
            items.append(self.value())
        if not items or any(isinstance(value, Name) and not value.decision for value in items):
            raise NotReadError("a list holds one or more literals", 'write in ["A", "B"]')
        if len({type(value) for value in items if not isinstance(value, Name)}) > 1:
            raise NotReadError("a list holds texts or numbers, not both", 'write in ["A", "B"]')
        return tuple(items)


def _literal(token: re.Match[str]) -> str | float:
    if token["text"] is not None:
        return re.sub(r"\\(.)", r"\1", token["text"][1:-1])
    if len(token["number"]) > DIGITS:
        raise NotReadError(f"a number has more than {DIGITS} digits")
    return float(token["number"])


def _comparison(left: Any, how: str, right: Any) -> Comparison:
    """A comparison with its field on the left."""
    if isinstance(left, Name) and not left.decision:
        return Comparison(left, how, right)
    if isinstance(right, Name) and not right.decision:
        return Comparison(right, TURNED.get(how, how), left)
    raise NotReadError("a comparison names no field", 'put a field on the left: FIELD == "VALUE"')


@lru_cache(maxsize=20_000)
def parsed(text: str) -> Clause:
    """The clause of a text; of one whose parts in parentheses all must hold, each distinct part is read once.

    Raises NotReadError.
    """
    if BESIDE.fullmatch(text) and len(text) <= LONGEST:
        with suppress(NotReadError):  # the whole is read then, which tells the character
            return _beside(text, [parsed(one[0]) for one in PART.finditer(text)])
    reader = _Reader(cut(text))
    node = reader.whole()
    sides = [side for one in reader.comparisons for side in (one.left, *_parts(one.right)) if isinstance(side, Name)]
    fields = dict.fromkeys(side.id for side in sides if not side.decision)
    open_points = dict.fromkeys(side.id for side in sides if side.decision)
    return Clause(text, node, tuple(fields), tuple(open_points), tuple(reader.comparisons))


def _beside(text: str, read: list[Clause]) -> Clause:
    """Clauses that all must hold as the one that they stand in, in parentheses."""
    fields = dict.fromkeys(name for one in read for name in one.names)
    open_points = dict.fromkeys(name for one in read for name in one.decisions)
    comparisons = tuple(one for part in read for one in part.comparisons)
    return Clause(text, Joined("and", tuple(one.node for one in read)), tuple(fields), tuple(open_points), comparisons)


def _parts(right: Any) -> tuple[Any, ...]:
    return right if isinstance(right, tuple) else (right,)


def quoted(value: Any) -> str:
    """A value as the literal of a clause: text in quotes, a number as it is, a list in brackets."""
    if isinstance(value, list | tuple):
        return "[" + ", ".join(quoted(part) for part in value) + "]"
    if isinstance(value, bool):
        return quoted("Y" if value else "N")
    if value is None:
        return '""'
    if isinstance(value, int | float):
        return repr(int(value)) if float(value).is_integer() else repr(float(value))
    text = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'
