"""The names that OIDs go by in sheets: the shortest ones that tell items, forms, groups and events apart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

VERSION = re.compile(r"[vV]\d+")
OPENCLINICA = re.compile(r"(?:F|FORM)_(.+?)(_V\d+(?:_\d+)*)?", re.IGNORECASE)
Token = tuple[Any, str]  # a metadata version and an OID


def endings(oid: str) -> tuple[str, ...]:
    """The names an OID such as IT.VS.SYSBP.ORRES may go by: ORRES, SYSBP_ORRES … and at last the whole OID."""
    parts = [part for part in oid.split(".") if part] or ["UNNAMED"]
    return tuple(dict.fromkeys([*("_".join(parts[-n:]) for n in range(1, len(parts) + 1)), oid or "UNNAMED"]))


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
    while clash := {oid for s in sets for oid in _clashing([(t, _name(own, level[t[1]])) for t, own in s], beside)} | {
        oid for (_, oid), own in ((t, candidates[t]) for t in candidates) if _name(own, level[oid]) in reserved
    }:
        level |= {oid: level[oid] + 1 for oid in clash}
    return {token: _name(own, level[token[1]]) for token, own in candidates.items()}


def _name(own: tuple[str, ...], level: int) -> str:
    over = level - len(own)
    return own[level] if over < 0 else f"{own[-1]}_ITEM{over + 1 if over else ''}"


def _clashing(named: list[tuple[Token, str]], beside: Mapping[Token, tuple[str, ...]]) -> set[str]:
    held: dict[str, set[str]] = {}
    for (_, oid), name in named:
        held.setdefault(name, set()).add(oid)
    alike = {oid for oids in held.values() if len(oids) > 1 for oid in oids}
    taken = {f"{name}{ending}": token[1] for token, name in named for ending in beside.get(token, ())}
    return alike | {token[1] for token, name in named if taken.get(name, token[1]) != token[1]}
