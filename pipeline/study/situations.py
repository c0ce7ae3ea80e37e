"""Sources, situations and endpoints as frozen values, from the words of their files with decisions filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pipeline.ground import clauses
from pipeline.ground.endpoints import ASSESSMENT, OTHERWISE, RECORD, WORDS, At, Endpoint, Situation, Source
from pipeline.ground.words import choice_text
from pipeline.study.decisions import Choice
from pipeline.study.frozen import frozen, texts
from pipeline.study.yaml_text import Content, Where

DECISION = re.compile(r"@([A-Za-z]\w*)")
AT = re.compile(
    r"(?:(?P<take>first|last) )?(?P<source>[A-Z][A-Z0-9_]*|assessment)"
    r"(?: (?P<limit>before|on or before|on or after|after) it)?"
)


def filled(content: Any, decisions: Mapping[str, Choice]) -> Any:
    """The words with the choices in force: a word that is a decision is its choice, one in a clause its literal."""
    if isinstance(content, dict):
        return {word: filled(part, decisions) for word, part in content.items()}
    if isinstance(content, list):
        return [filled(part, decisions) for part in content]
    if not isinstance(content, str) or "@" not in content:
        return content
    alone = DECISION.fullmatch(content)
    return choice_text(decisions[alone[1].lower()]) if alone else clauses.filled(content, decisions)


def named_decisions(content: Any, where: Where = ()) -> Iterator[tuple[Where, str]]:
    """The decisions that the words name, in order, each with its path."""
    if isinstance(content, dict | list):
        for key, part in content.items() if isinstance(content, dict) else enumerate(content):
            yield from named_decisions(part, (*where, key))
    elif isinstance(content, str):
        yield from ((where, name) for name in DECISION.findall(content))


def source(name: str, words: Content) -> Source:
    """A source from its words."""
    return frozen(Source, words, name=name)


def at(text: str) -> At | None:
    """The date that a text chooses; None for one that cannot be read."""
    if text in WORDS:
        return At(text)
    said = AT.fullmatch(text)
    return At("", said["take"] or "", said["source"], said["limit"] or "") if said else None


def named_sources(words: Content) -> list[str]:
    """The sources that a situation names, `assessment` left out."""
    said = [*_of(words), *texts(words.get("no", []))]
    chosen = [one for one in map(at, texts(words.get("at", []))) if one is not None and one.source]
    return [*said, *(one.source for one in chosen if one.source != ASSESSMENT)]


def _of(words: Content) -> tuple[str, ...]:
    return tuple(name for name in texts(words.get("event", words.get("censored", ""))) if name != OTHERWISE)


def situation(name: str, words: Content) -> Situation:
    """A situation from its words."""
    dates = tuple(one for one in map(at, texts(words.get("at", RECORD))) if one is not None)
    cause = int(words["cause"]) if "cause" in words else None
    return frozen(Situation, words, name=name, event="event" in words, of=_of(words), at=dates, cause=cause)


def endpoint(words: Content, population: str, situations: tuple[Situation, ...]) -> Endpoint:
    """An endpoint from its words; `population` is the clause of its set and of `among:`."""
    first_day = int(words.get("day1", "Y") == "Y")
    known = {"code": words["endpoint"], "population": population, "situations": situations, "first_day": first_day}
    return frozen(Endpoint, words, **known)
