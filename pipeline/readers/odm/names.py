"""The names that OIDs go by in sheets: the shortest ones that tell items, forms, groups and events apart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

VERSION = re.compile(r"[vV]\d+")
OPENCLINICA = re.compile(r"(?:F|FORM)_(.+?)(_V\d+(?:_\d+)*)?", re.IGNORECASE)
MOST_PARTS = 8
UNNAMED = "UNNAMED"
Token = tuple[Any, str]  # a metadata version and an OID


def endings(oid: str) -> tuple[str, ...]:
    """The names an OID such as IT.VS.SYSBP.ORRES may go by: ORRES, SYSBP_ORRES … and at last the whole OID."""
    parts = [part for part in oid.split(".") if part][-MOST_PARTS:] or [UNNAMED]
    shorter = ("_".join(parts[-n:]) for n in range(1, len(parts) + 1))
    return tuple(dict.fromkeys([*shorter, oid or f"{UNNAMED} "]))


def versionless(oid: str) -> str:
    """The OID of a form without its version: F.AE.V2 is F.AE, F_AE_V10 (OpenClinica) is AE."""
    parts = oid.split(".")
    while len(parts) > 1 and VERSION.fullmatch(parts[-1]):
        parts.pop()
    found = OPENCLINICA.fullmatch(parts[-1])
    return ".".join([*parts[:-1], found[1] if found else parts[-1]])


def unambiguous(
    candidates: Mapping[Token, tuple[str, ...]],
    together: Iterable[Iterable[Token]],
    reserved: frozenset[str] = frozenset(),
    companions: Mapping[Token, tuple[str, ...]] | None = None,
) -> dict[Token, str]:
    """For each OID the first of its names that nothing it stands together with has; one OID goes by one name.

    `companions` are the endings of columns beside an item's own (_STD, _UNIT): an item that is called so gives way.
    """
    beside, level = companions or {}, {oid: 0 for _, oid in candidates}
    sets = [[(token, candidates[token]) for token in dict.fromkeys(s)] for s in together]
    alone = [[(token, own)] for token, own in candidates.items()]
    while clash := {
        oid
        for held in (*sets, *alone)
        for oid in _giving_way(
            [(t, _name(own, level[t[1]]), level[t[1]] + 1 < len(own)) for t, own in held], reserved, beside
        )
    }:
        level |= {oid: level[oid] + 1 for oid in clash}
    return {token: _name(own, level[token[1]]) for token, own in candidates.items()}


def _name(own: tuple[str, ...], level: int) -> str:
    over = level - len(own)
    return own[level] if over < 0 else f"{own[-1]}_ITEM{over + 1 if over else ''}"


def _giving_way(
    named: list[tuple[Token, str, bool]], reserved: frozenset[str], beside: Mapping[Token, tuple[str, ...]]
) -> set[str]:
    """Who of those that go by one name takes another: who has another to take, else all."""
    held: dict[str, dict[str, bool]] = {}
    for (_, oid), name, more in named:
        held.setdefault(name, {})[oid] = more
    taken = {f"{name}{ending}": token[1] for token, name, _ in named for ending in beside.get(token, ())}
    giving_way = {token[1] for token, name, _ in named if name in reserved or taken.get(name, token[1]) != token[1]}
    for oids in held.values():
        if len(oids) > 1:
            giving_way |= {oid for oid, more in oids.items() if more} or set(oids)
    return giving_way
