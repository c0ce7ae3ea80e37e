"""What is wrong with a situation: it cannot be read, or names what nobody gave; each slip with its place and cure."""

from __future__ import annotations

from typing import Any

from pipeline.ground.endpoints import ASSESSMENT, ORIGIN, OTHERWISE, WORDS
from pipeline.ground.words import did_you_mean
from pipeline.study import situations
from pipeline.study.endpoint_folder import EndpointFolder, SpecPart
from pipeline.study.yaml_text import Content, Where


def leaves_nobody(last: SpecPart, of: SpecPart) -> None:
    """Raises TrialError where the last situation of an endpoint does not apply to whoever is left."""
    words = last.words
    if OTHERWISE not in (words.get("event"), words.get("censored")) or _listed(words.get("at", ""))[-1:] != [ORIGIN]:
        what = f"The last situation of {of.words['endpoint']} must apply to whoever is left."
        raise of.fault(what, "end with one that is `otherwise` and `at:` the origin", "situations")
    if "when" in words:
        raise last.fault(f"{words['name']} must apply to whoever is left.", "take `when:` away", "when")


def checked(one: SpecPart, of: SpecPart, told: EndpointFolder) -> None:
    """Raises TrialError for a situation that cannot be read, or that names what nobody gave."""
    words = one.words
    if ("event" in words) == ("censored" in words):
        raise one.fault("A situation is `event:` or `censored:`, one of them.", "say what of, or otherwise")
    if "censored" in words and words.get("cnsr", "0") == "0":
        raise one.fault("A censored situation needs its code of CNSR.", "say cnsr: 1, or a higher one")
    if "event" in words and "cnsr" in words:
        raise one.fault("An event has the code 0 of CNSR.", "leave `cnsr:` out", "cnsr")
    if ("no" in words) != ("by" in words):
        raise one.fault("`no:` and `by:` stand together: no such record by that day.", "say both")
    for number, text in enumerate(_listed(words.get("at", []))):
        if situations.at(text) is None:
            cure = did_you_mean(text, (*WORDS, "last assessment before it", "last assessment", "ALIVE"))
            raise one.fault(f"The date `at: {text}` cannot be read.", cure, "at", *_nth(words["at"], number))
    for name in situations.named_sources(words):
        if name not in told.sources:
            raise one.fault(f"Unknown source '{name}'.", did_you_mean(name, told.sources), *_named_at(words, name))
    counts = any(at and at.source == ASSESSMENT for at in map(situations.at, _listed(words.get("at", []))))
    if (counts or "missed" in words) and not of.words.get("assessments"):
        what = f"{words['name']} asks for assessments, and {of.words['endpoint']} says none that count."
        raise of.fault(what, "say assessments: and a source")


def _listed(said: Any) -> list[str]:
    return [said] if isinstance(said, str) else list(said)


def _nth(said: Any, number: int) -> tuple[int, ...]:
    return () if isinstance(said, str) else (number,)


def _named_at(words: Content, name: str) -> Where:
    """Where a situation names a source."""
    for word in ("event", "censored", "no", "at"):
        for number, text in enumerate(_listed(words.get(word, []))):
            if name in text.split():
                return (word, *_nth(words[word], number))
    return ()
