"""What a spec author is told when a mapping sheet cannot be followed."""

import difflib
from collections.abc import Iterable


class MappingError(ValueError):
    """A mapping sheet names something that does not exist; the text is "what | cure"."""

    def __init__(self, what: str, cure: str):
        super().__init__(f"{what} | {cure}")


def near(word: str, known: Iterable[str]) -> str:
    """The cure for an unknown word: its close matches, else the first words that are known."""
    words = sorted(set(known))
    close = difflib.get_close_matches(word.upper(), words, n=3, cutoff=0.6)
    close = close or difflib.get_close_matches(word.lower(), words, n=3, cutoff=0.6)
    if close:
        return "did you mean " + " or ".join(close) + "?"
    return "known are: " + ", ".join(words[:12]) + (" ..." if len(words) > 12 else "") if words else "none is known"
