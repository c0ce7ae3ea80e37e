"""Words for people: what was probably meant by one nobody knows, a choice as the plan writes it, a number in full."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from typing import Any


def choice_text(value: Any) -> str:
    """The value of a decision as its sheet writes it: a flag is Y or N, no value is none, several stand in a row."""
    if value is None:
        return "none"
    if isinstance(value, tuple):
        return ", ".join(str(one) for one in value)
    return {True: "Y", False: "N"}[value] if isinstance(value, bool) else str(value)


def value_text(value: object) -> str:
    """A value as people write it: a number in full, to 12 significant digits (further ones are floating noise)."""
    if not isinstance(value, float):
        return str(value)
    text = f"{value:.12g}"
    return f"{value:.0f}" if "e+" in text else text


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A cure for an unknown word: its close matches, else all that is known (at most twelve)."""
    names = sorted(set(known))
    folded = {name.casefold(): name for name in reversed(names)}
    close = difflib.get_close_matches(word, names, n=3, cutoff=0.6)
    close = close or [folded[near] for near in difflib.get_close_matches(word.casefold(), folded, n=3, cutoff=0.6)]
    if close:
        return "did you mean " + " or ".join(close) + "?"
    shown = ", ".join(names[:12]) + (" ..." if len(names) > 12 else "")
    return f"known are: {shown}" if names else "none is known"


def some_of(words: Sequence[str], most: int) -> str:
    """The words one after the other, and how many more there are than `most`."""
    more = f" and {len(words) - most} more" if len(words) > most else ""
    return ", ".join(words[:most]) + more
