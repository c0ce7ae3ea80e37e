"""Clauses by name: where a clause names another one, that one is written out, so that it can be read alone.

A name is Y where its clause holds, else N (outside `among` blank); of `cases` the text of the first that holds. It is
compared with texts as a variable is; nothing of it is stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from pipeline.ground.grammar import Comparison, Joined, Name, NotReadError, parsed, quoted

Node = Comparison | Joined
ALWAYS = Comparison(Name("USUBJID"), "!=", "")  # holds for every record there is
IN_CLAUSES = ("where", "without", "quantifiable", "event", "evaluable", "toxic", "meets", "when", "among", "capd",
              "events", "worsened", "blank", "population")  # fmt: skip
IN_PAIRS = ("reasons", "cases")  # words under which each text has its clause
NOT_OF_RECORDS = ("published",)  # a table of printed figures


class NamedClause(NamedTuple):
    """A name that clauses may use: its values, each with what holds then, in order, the first that holds counts; or
    the variable for which it stands. `names` are the fields that must be there where it is used."""

    name: str
    cases: tuple[tuple[str, Node], ...] = ()
    variable: str = ""
    told_in: str = "conditions.yaml"

    @property
    def names(self) -> frozenset[str]:
        """The fields that it asks for."""
        own = frozenset({self.variable} if self.variable else ())
        return own.union(*(fields(node) for _, node in self.cases if node != ALWAYS))

    @property
    def values(self) -> frozenset[str]:
        """The texts that it may be, without the blank."""
        return frozenset(value for value, _ in self.cases) - {""}


Known = Mapping[str, NamedClause]


def flag(name: str, where: str, among: str, known: Known) -> NamedClause:
    """Y where the clause holds, else N; blank outside `among`. Of clauses that cannot be read nothing is made."""
    outside = [("", Joined("not", (_read(among, known),)))] if among else []
    return NamedClause(name, (*outside, ("Y", _read(where, known)), ("N", ALWAYS)))


def of_cases(name: str, cases: Mapping[str, str], otherwise: str, among: str, known: Known) -> NamedClause:
    """The text of the first case that holds, else what stands otherwise; blank outside `among`."""
    outside = [("", Joined("not", (_read(among, known),)))] if among else []
    told = [(text, _read(clause, known)) for text, clause in cases.items()]
    return NamedClause(name, (*outside, *told, (otherwise, ALWAYS)))


def in_full(text: str, known: Known) -> str:
    """The clause with the clauses that it names written out; as it stands where it names none, or cannot be read."""
    try:
        clause = parsed(text) if text.strip() else None
    except NotReadError:
        return text
    if clause is None or known.keys().isdisjoint(clause.names):
        return text
    return written(_told(clause.node, known))


def all_in_full(content: Any, known: Known, word: str = "") -> Any:
    """What a spec file says, the clauses in it written out."""
    if not known or word in NOT_OF_RECORDS:
        return content
    if isinstance(content, list):
        return [all_in_full(part, known) for part in content]
    if isinstance(content, dict):
        pairs = word in IN_PAIRS
        return {key: in_full(part, known) if isinstance(part, str) and (pairs or key in IN_CLAUSES)
                else all_in_full(part, known, key) for key, part in content.items()}  # fmt: skip
    return content


def written(node: Node) -> str:
    """A clause as text."""
    if isinstance(node, Comparison):
        return f"{node.left.id} {node.how} {_side(node.right)}"
    if node.by == "not":
        return f"not ({written(node.parts[0])})"
    return f" {node.by} ".join(f"({written(one)})" if _bound(one) else written(one) for one in node.parts)


def _bound(node: Node) -> bool:
    """True for a part that brackets must hold together."""
    return isinstance(node, Joined) and node.by != "not"


def fields(node: Node) -> frozenset[str]:
    """The fields that a clause names."""
    if isinstance(node, Joined):
        return frozenset[str]().union(*(fields(part) for part in node.parts))
    return frozenset(side.id for side in (node.left, node.right) if isinstance(side, Name) and not side.decision)


def _side(right: Any) -> str:
    if isinstance(right, Name):
        return f"@{right.id}" if right.decision else right.id
    return "[" + ", ".join(map(_side, right)) + "]" if isinstance(right, tuple) else quoted(right)


def _read(text: str, known: Known) -> Node:
    try:
        return _told(parsed(text).node, known) if text.strip() else ALWAYS
    except NotReadError:
        return ALWAYS  # told where it stands


def _told(node: Node, known: Known) -> Node:
    """A clause without names of others."""
    if isinstance(node, Joined):
        return Joined(node.by, tuple(_told(part, known) for part in node.parts))
    named = known.get(node.left.id)
    if named is None:
        return node
    if named.variable:
        return Comparison(Name(named.variable), node.how, node.right)
    asked = node.right if isinstance(node.right, tuple) else (node.right,)
    if node.how not in ("==", "!=", "in", "not in") or not all(isinstance(one, str) for one in asked):
        return node  # told by lint: it holds texts
    met = {value for value, _ in named.cases} & {*asked} if node.how in ("==", "in") else {
        value for value, _ in named.cases} - {*asked}  # fmt: skip
    return _one_of(named, met)


def _one_of(named: NamedClause, values: set[str]) -> Node:
    """Holds where the first case that holds has one of the values."""
    ways, before = [], list[Node]()
    for value, node in named.cases:
        parts = [*before, *([node] if node != ALWAYS else [])]
        if value in values:
            ways.append(Joined("and", tuple(parts)) if len(parts) > 1 else parts[0] if parts else ALWAYS)
        before.append(Joined("not", (node,)))
    if not ways:
        return Joined("not", (ALWAYS,))
    return Joined("or", tuple(ways)) if len(ways) > 1 else ways[0]
