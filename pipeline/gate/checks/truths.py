"""Conditions over raw fields, put together from parts of which some are always or never true."""

from __future__ import annotations

from typing import Any

from pipeline.ground import clauses

Truth = str | bool


def among(field: str, codes: list[Any], inside: bool) -> Truth:
    """That a field has one of these codes, or none of them."""
    if not codes:
        return not inside
    if len(codes) == 1:
        return f"{field} {'==' if inside else '!='} {clauses.quoted(codes[0])}"
    return f"{field} {'in' if inside else 'not in'} {clauses.quoted(codes)}"


def joined(by: str, parts: list[Truth]) -> Truth:
    """Parts joined, with those left away that are always or never true."""
    if by == "not":
        return not parts[0] if isinstance(parts[0], bool) else f"not ({parts[0]})"
    decides = by == "or"
    if decides in [part for part in parts if isinstance(part, bool)]:
        return decides
    said = list(dict.fromkeys(part for part in parts if not isinstance(part, bool)))
    return not decides if not said else said[0] if len(said) == 1 else f" {by} ".join(f"({part})" for part in said)
