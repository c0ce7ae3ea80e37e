"""What was probably meant: the cure for a word that nobody knows."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


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
