"""toxicities.yaml: the toxicities of interest, the standard's and over them the words of a study's own file.

A study says of a toxicity only what differs. Its words win one by one, those of `window:`, `episodes:`, `days:` and of
each of `parameters:` (an empty one is left out); `events:`, how its events are told, is said anew as a whole. A
toxicity with `use: false` is there to be taken: a study's `INFECTION: {use: true}` makes it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.ground.clauses import filled
from pipeline.ground.faults import TrialError
from pipeline.ground.grammar import NotReadError, parsed
from pipeline.ground.toxicities import AskedParameter, Days, Episodes, Graded, ToldBy, Toxicity, ToxicityWindow
from pipeline.ground.words import choice_text, did_you_mean
from pipeline.study import endpoint_shapes, shapes
from pipeline.study.decisions import Choice
from pipeline.study.shape import Slip
from pipeline.study.yaml_text import Content, Where, place, places

FILE, DATASET, EVENTS_OF, DAYS = "toxicities.yaml", "adcrs", "adae", "daily_grades"
BY_WORD, CLAUSES = ("window", "episodes", "days"), ("where", "among", "capd")
NEEDED = ("name", "label", "title", "scale", "events", "window", "parameters")
ASKED = ("code", "label", "what")
OF_RECORDS = ("given", "highest", "lowest", "first", "last")  # kinds of parameters that look at records of their own
OF_VALUE, WORD = OF_RECORDS[1:], "word"
COUNTED = ("maximum", "episodes")  # 0 without any event
CODE = re.compile(r"[A-Z][A-Z0-9]{0,7}")
NUMBER = re.compile(r"-?[0-9]{1,4}")
DECISION = re.compile(r"@([A-Za-z]\w*)")
NONE, FINDINGS_ABOUT = "none", "fa"


@dataclass(frozen=True)
class ListedToxicities:
    """The toxicities in use as the files say them together, and the files: the standard's, the study's own.

    scales: the tables of criteria by which days are graded, by the name of their scale; tables: their files.
    """

    words: Mapping[str, Content] = field(default_factory=dict)
    files: tuple[Path, ...] = ()
    scales: Mapping[str, Content] = field(default_factory=dict)
    tables: tuple[Path, ...] = ()

    @property
    def shell_words(self) -> dict[str, dict[str, str]]:
        """What a shell may ask of each: `<toxicity.name>`, `<toxicity.onset>` (the code of that parameter) …"""
        told = ("name", "label", "title", "scale")
        return {
            name: {word: said.get(word, "") for word in told} | {"of": DATASET}
            | {"window_to": said.get("window", {}).get("to", NONE), "gap": said.get("episodes", {}).get("gap", "1")}
            | {asked: words.get("code", "") for asked, words in said.get("parameters", {}).items()}
            for name, said in self.words.items()
        }  # fmt: skip

    def origin(self, where: Where) -> tuple[Path, Where]:
        """The file that says a word, and the word or its nearest parent there: the study's own first."""
        for path in reversed(self.files):
            known = places(path)
            if where in known:
                return path, where
        return self.origin(where[:-1]) if where else (self.files[-1], ())


def load_toxicities(standard: Path, folder: Path) -> ListedToxicities:
    """The toxicities in use. Raises TrialError with file, line and column of what is not of its shape."""
    files = tuple(home / FILE for home in (standard, folder) if (home / FILE).exists())
    said: dict[str, Content] = {}
    for path in files:
        for name, words in (shapes.load(path, shapes.TOXICITIES) or {}).items():
            said[name] = laid_over(said.get(name, {}), words)
    used = {name: words for name, words in said.items() if words.get("use", "true") == "true"}
    return ListedToxicities(used, files, *_scales(standard, folder))


def _scales(standard: Path, folder: Path) -> tuple[dict[str, Content], tuple[Path, ...]]:
    """The tables of grades by scale, a study's over the standard's, and their files."""
    paths = [path for home in (standard, folder) for path in sorted((home / "criteria").glob("*.yaml"))]
    read = {path: shapes.load(path, endpoint_shapes.of_criteria) for path in paths}
    tables = {path: content for path, content in read.items() if "scale" in content}
    return {content["scale"]: content["cases"] for content in tables.values()}, tuple(tables)


def laid_over(words: Content, own: Content) -> Content:
    """A toxicity's words with the study's own over them."""
    both = {**words, **own}
    for word in (word for word in BY_WORD if word in words and word in own):
        both[word] = {**words[word], **own[word]}
    asked = dict(words.get("parameters", {}))
    for name, said in own.get("parameters", {}).items():
        before = asked.get(name, {})
        asked[name] = {**before, **said} if said else ""
    return both | {"parameters": {name: said for name, said in asked.items() if said}}


def checked(listed: ListedToxicities, decisions: Collection[str]) -> ListedToxicities:
    """The toxicities, none of whose words is at fault. Raises TrialError with the place of the first that is."""
    for slip in slips(listed, decisions):
        raise TrialError(f"{slip.what[:1].upper()}{slip.what[1:]}.", place(*listed.origin(slip.where)), slip.cure)
    return listed


def slips(listed: ListedToxicities, decisions: Collection[str]) -> Iterator[Slip]:
    """What is wrong with the words by themselves: lost ones, numbers, decisions, codes of parameters and flags."""
    seen: dict[str, str] = {}
    for name, said in listed.words.items():
        for word in [word for word in NEEDED if not said.get(word)]:
            known = [other for other in listed.words if other != name]
            cure = "add it" if word != NEEDED[0] else f"add it; of a standard toxicity: {did_you_mean(name, known)}"
            yield Slip((name,), f"the toxicity {name} lacks `{word}:`", cure)
        yield from _code(said.get("flag", ""), (name, "flag"), seen, name)
        yield from _window(said.get("window", {}), (name, "window"))
        yield from _number(said.get("episodes", {}).get("gap", "0"), (name, "episodes", "gap"))
        for grade, number in said.get("events", {}).get("grades", {}).items():
            yield from _number(number, (name, "events", "grades", grade))
        for asked, words in said["parameters"].items():
            yield from _asked(words, (name, "parameters", asked), seen, name)
        for where, text in _texts(said, (name,)):
            yield from _clause(text, where)
            for word in [word for word in DECISION.findall(text) if word.upper() not in decisions]:
                yield Slip(where, f"unknown decision '{word}'", did_you_mean(word.upper(), decisions))


def _asked(words: Content, where: Where, seen: dict[str, str], name: str) -> Iterator[Slip]:
    for word in [word for word in ASKED if not words.get(word)]:
        yield Slip(where, f"the parameter {where[-1]} lacks `{word}:`", "add it")
    yield from _code(words.get("code", ""), (*where, "code"), seen, name)
    yield from _window(words.get("window", {}), (*where, "window"))
    what = words.get("what", "")
    for word in ("of", *(["value"] if what in OF_VALUE else [])):
        if what in OF_RECORDS and not words.get(word):
            yield Slip(where, f"the parameter {where[-1]} asks for what is {what} and lacks `{word}:`", "add it")
    for word in [word for word in ("value", "order") if what == WORD and not words.get(word)]:
        yield Slip(where, f"the parameter {where[-1]} asks for a word and lacks `{word}:`", "add it")
    without = {WORD: ("of",)}.get(what, ("of", "value", "order")) if what not in OF_RECORDS else ("order",)
    for word in [word for word in without if words.get(word)]:
        yield Slip((*where, word), f"`{word}:` says nothing of what is {what}", "take it away")


def _code(code: str, where: Where, seen: dict[str, str], name: str) -> Iterator[Slip]:
    """A code or flag is of up to 8 capitals and digits, and stands once."""
    if code and not CODE.fullmatch(code):
        what = f"'{code}' is no name of a parameter or variable"
        yield Slip(where, what, "1 to 8 capitals and digits, a letter first")
    if code in seen:
        yield Slip(where, f"{code} stands in {seen[code]} too", "give each parameter and flag a name of its own")
    if code:
        seen[code] = name


def _clause(text: str, where: Where) -> Iterator[Slip]:
    """A clause can be read."""
    if where[-1] in CLAUSES and text.strip():
        try:
            parsed(text)
        except NotReadError as error:
            yield Slip(where, f"the condition {text!r} cannot be read: {error.what}", error.cure)


def _window(words: Content, where: Where) -> Iterator[Slip]:
    for word in [word for word in ("from", "to") if word in words]:
        yield from _number(words[word], (*where, word))
    low, high = (words.get(word, "") for word in ("from", "to"))
    alike = words.get("from_infusion", "first") == words.get("to_infusion", "first")
    if alike and NUMBER.fullmatch(low) and NUMBER.fullmatch(high) and int(low) > int(high):
        what = f"the window ends on day {high}, before it begins ({low})"
        yield Slip((*where, "to"), what, "days after the infusion")


def _number(text: str, where: Where) -> Iterator[Slip]:
    if text != NONE and not NUMBER.fullmatch(text) and not DECISION.fullmatch(text):
        cure = "such as 100, @CRS_WINDOW_HIGH or none"
        yield Slip(where, f"`{where[-1]}` must be a number of days, a decision or none, not '{text}'", cure)


def _texts(content: Content, where: Where) -> Iterator[tuple[Where, str]]:
    if isinstance(content, str):
        yield where, content
    items = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    for key, part in items:
        yield from _texts(part, (*where, key))


def scale_of(said: Content, decisions: Mapping[str, Choice]) -> str:
    """The scale of a toxicity, with the decision that it quotes."""
    return _told(said.get("scale", ""), decisions)


def decisions_named(listed: ListedToxicities, recipe: str = DATASET) -> tuple[str, ...]:
    """The decisions that the toxicities quote for a recipe."""
    texts = [text for name, said in listed.words.items() for _, text in _texts(said, (name,))]
    if recipe == DAYS:
        daily = [said for said in listed.words.values() if said.get("days")]
        told = [text for said in daily for text in (said.get("scale", ""), said["days"].get("where", ""))]
        texts = [*subject_clauses(listed, DAYS), *told]
    return tuple(dict.fromkeys(word.upper() for text in texts for word in DECISION.findall(text)))


def datasets_named(listed: ListedToxicities) -> tuple[str, ...]:
    """The datasets whose records the toxicities look at."""
    asked = [words.get("of", "") for said in listed.words.values() for words in said["parameters"].values()]
    events = [said["events"].get("of", EVENTS_OF) for said in listed.words.values()]
    return tuple(dict.fromkeys(filter(None, [*events, *asked])))


def days_named(listed: ListedToxicities) -> tuple[str, ...]:
    """The domains of what is recorded of toxicities day by day."""
    daily = [said["days"] for said in listed.words.values() if said.get("days")]
    return tuple(dict.fromkeys(days.get("of", FINDINGS_ABOUT) for days in daily))


def clauses_of(listed: ListedToxicities) -> Iterator[tuple[str, str]]:
    """Each clause with the dataset that it looks at."""
    for said in listed.words.values():
        events = said["events"].get("of", EVENTS_OF)
        yield events, said["events"].get("where", "")
        yield from ((words.get("of", events), words.get("where", "")) for words in said["parameters"].values())


def subject_clauses(listed: ListedToxicities, recipe: str) -> list[str]:
    """The clauses on the subject that a recipe looks at."""
    if recipe == DAYS:
        return [said.get("capd", "") for said in listed.words.values()]
    return [words.get("among", "") for said in listed.words.values() for words in said["parameters"].values()]


def read(listed: ListedToxicities, decisions: Mapping[str, Choice]) -> tuple[Toxicity, ...]:
    """The toxicities as recipes are handed them, with the choices in force."""
    return tuple(_toxicity(name, said, decisions, listed.scales) for name, said in listed.words.items())


def _toxicity(name: str, said: Content, decisions: Mapping[str, Choice], scales: Mapping[str, Content]) -> Toxicity:
    events = said["events"]
    words = {word: float(_told(number, decisions)) for word, number in events.get("grades", {}).items()}
    grade = events.get("grade", "ATOXGRN" if events.get("of", EVENTS_OF) == EVENTS_OF else "")
    window = _read_window(said["window"], decisions)
    episodes = {word: part for word, part in said.get("episodes", {}).items() if word != "gap"}
    return Toxicity(
        name=name, scale=_told(said["scale"], decisions), events=_read_told(events, decisions, EVENTS_OF),
        grade=Graded(grade, words), window=window, flag=said.get("flag", ""), cited=tuple(said.get("cited", ())),
        capd=filled(said.get("capd", ""), decisions),
        days=_read_days(said["days"], scales.get(scale_of(said, decisions), {}), decisions) if "days" in said else None,
        episodes=Episodes(gap=_days(said.get("episodes", {}).get("gap", "1"), decisions), **episodes),
        parameters=tuple(_read_asked(asked, words, said, decisions) for asked, words in said["parameters"].items()),
    )  # fmt: skip


def _read_days(words: Content, grades: Content, decisions: Mapping[str, Choice]) -> Days:
    cases = {grade: filled(clause, decisions) for grade, clause in grades.items()}
    return Days(
        words.get("of", FINDINGS_ABOUT), filled(words.get("where", ""), decisions), words.get("grade", ""),
        dict(words.get("blank", {})), cases,
    )  # fmt: skip


def _read_asked(name: str, words: Content, said: Content, decisions: Mapping[str, Choice]) -> AskedParameter:
    told = None
    if words.get("of") or words.get("where"):
        told = _read_told(words, decisions, words.get("of") or said["events"].get("of", EVENTS_OF))
    own = {**said["window"], **words["window"]} if "window" in words else None
    return AskedParameter(
        name=name, code=words["code"], label=_told(words["label"], decisions), what=words["what"], told=told,
        value=words.get("value", ""), none=words.get("none", "0" if words["what"] in COUNTED else ""),
        window=_read_window(own, decisions) if own else None, with_event=words.get("with_event") == "true",
        begun_before=int(words["begun_before"]) if words.get("begun_before") else None,
        among=filled(words.get("among", ""), decisions), source=words.get("source", ""),
        order=tuple(words.get("order", ())),
    )  # fmt: skip


def _read_told(words: Content, decisions: Mapping[str, Choice], of: str) -> ToldBy:
    return ToldBy(words.get("of", of), filled(words.get("where", ""), decisions), tuple(words.get("terms", ())))


def _read_window(words: Content, decisions: Mapping[str, Choice]) -> ToxicityWindow:
    return ToxicityWindow(
        low=_days(words.get("from", NONE), decisions), high=_days(words.get("to", NONE), decisions),
        low_from=words.get("from_infusion", "first"), high_from=words.get("to_infusion", "first"),
        before=tuple(words.get("before", ())), partial=words.get("partial", "may"),
    )  # fmt: skip


def _days(text: str, decisions: Mapping[str, Choice]) -> int | None:
    told = _told(text, decisions)
    return None if told == NONE else int(told)


def _told(text: str, decisions: Mapping[str, Choice]) -> str:
    """A text with the values of the decisions that it quotes."""
    return DECISION.sub(lambda found: choice_text(decisions[found[1].lower()]), text)
