"""How a time to event is made, in a sentence, from the words of its file: what its dataset says of the parameter."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.ground.endpoints import IN_ORDER, OTHERWISE, RECORD
from pipeline.study.frozen import texts
from pipeline.study.yaml_text import Content

EVENT, CENSORED = "event", "censored"


def sentence(endpoint: Content, sources: Mapping[str, Content]) -> str:
    """From what to which events the time runs, and what else ends it; `endpoint` has its situations written out."""
    origin = endpoint["origin"]
    start = f"the origin ({origin.removeprefix('@')})" if origin.startswith("@") else _said(origin, sources)
    told = {word: [_told(one, word, sources) for one in endpoint["situations"] if word in one]
            for word in (EVENT, CENSORED)}  # fmt: skip
    which = "the first that applies of" if endpoint.get("compete") == IN_ORDER else "the earliest of"
    unit = endpoint.get("unit", "days").capitalize()
    whom = f" where {' '.join(endpoint['among'].split())}" if endpoint.get("among") else ""
    censored = f" Censored: {'; '.join(told[CENSORED])}." if told[CENSORED] else ""
    return f"{unit} of {endpoint['population']}{whom} from {start} to {which}: {'; '.join(told[EVENT])}.{censored}"


def _told(situation: Content, word: str, sources: Mapping[str, Content]) -> str:
    """A situation: what happened, to whom, and the date that counts where it is another."""
    of = " or ".join(_said(name, sources) for name in texts(situation[word]) if name != OTHERWISE)
    said = _lower(situation["says"]).replace("<event>", of) if "says" in situation else of
    dates = [date for date in texts(situation.get("at", RECORD)) if date != RECORD]
    at = [" ".join(_said(word, sources) if word in sources else word for word in date.split()) for date in dates]
    when = f" where {' '.join(situation['when'].split())}" if "when" in situation else ""
    return said + when + (f" (at {', else '.join(at)})" if at else "")


def _said(name: str, sources: Mapping[str, Content]) -> str:
    return _lower(sources[name]["says"]) if name in sources else name.lower()


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
