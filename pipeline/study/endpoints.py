"""The folder `endpoints/` of the standard and of a study: sources and situations by name, one file per endpoint.

A study's own sources, situations and endpoints win over the standard's of the same name. Of the standard's endpoints
those are made that study.yaml lists under `endpoints:`, or the usual ones where it lists none; a study's own always.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pipeline.ground import clauses
from pipeline.ground.endpoints import ASSESSMENT, ORIGIN, OTHERWISE, WORDS, Endpoints
from pipeline.ground.faults import TrialError
from pipeline.ground.metadata import DatasetSpec, Parameter, Variable
from pipeline.ground.words import did_you_mean
from pipeline.study import endpoint_shapes, shapes, situations
from pipeline.study.decisions import Choice, Decision
from pipeline.study.told import Told
from pipeline.study.yaml_text import Content, Where, place

FOLDER, SOURCES, SITUATIONS = "endpoints", "sources.yaml", "situations.yaml"
NAMED = {SOURCES: endpoint_shapes.SOURCES, SITUATIONS: endpoint_shapes.SITUATIONS}
CODE = re.compile(r"[A-Z][A-Z0-9_]{0,7}")
RECIPE, SUBJECTS = "adtte", "subjects"
DAY1 = "@TTE_DAY1"
EVENT_CAUSE = Variable(
    "EVNTCD", "Event Code", "number", core="Cond", origin="Derived",
    derivation="Cause of the event among competing ones, 0 where censored; see the endpoint.",
)  # fmt: skip


@dataclass(frozen=True)
class Passage:
    """A part of a file: its words, its file, and the path in it."""

    words: Content
    path: Path
    where: Where = ()

    def fault(self, what: str, cure: str, *where: Any) -> TrialError:
        """A slip at a path under this part."""
        return TrialError(what, place(self.path, (*self.where, *where)), cure)


@dataclass(frozen=True)
class Shelves:
    """What the two folders say by name: sources, situations, endpoints; and all their files."""

    sources: dict[str, Passage] = field(default_factory=dict)
    situations: dict[str, Passage] = field(default_factory=dict)
    endpoints: dict[str, Passage] = field(default_factory=dict)
    own: frozenset[str] = frozenset()
    files: tuple[Path, ...] = ()


def read_folder(standard: Path, folder: Path) -> Shelves:
    """The files of both folders, each of its shape. Raises TrialError with file, line and column."""
    named: dict[str, dict[str, Passage]] = {name: {} for name in NAMED}
    endpoints: dict[str, Passage] = {}
    files, own = [], set()
    for home in (standard / FOLDER, folder / FOLDER):
        for path in sorted(home.glob("*.yaml")):
            files.append(path)
            content = shapes.load(path, NAMED.get(path.name, endpoint_shapes.ENDPOINT))
            if path.name in NAMED:
                named[path.name] |= {name: Passage(words, path, (name,)) for name, words in content.items()}
                continue
            code = _code(Passage(content, path), endpoints)
            endpoints[code] = Passage(content, path)
            own |= {code} if home.parent == folder else set()
    return Shelves(named[SOURCES], named[SITUATIONS], endpoints, frozenset(own), tuple(files))


def _code(one: Passage, before: Mapping[str, Passage]) -> str:
    code = str(one.words["endpoint"])
    if not CODE.fullmatch(code):
        cure = "one to eight capitals and figures, a letter first"
        raise one.fault(f"'{code}' is no parameter code.", cure, "endpoint")
    if code in before and before[code].path.parent == one.path.parent:
        raise one.fault(f"{code} is also the code of {before[code].path.name}.", "give each its own", "endpoint")
    return code


@dataclass(frozen=True)
class Around:
    """What endpoints may name besides sources: sets (clauses on ADSL), datasets, decisions; what study.yaml lists."""

    sets: Mapping[str, Mapping[str, str]]
    datasets: Mapping[str, DatasetSpec]
    decisions: Mapping[str, Decision]
    listed: tuple[str, ...] = ()
    path: Path = Path()


def load_endpoints(standard: Path, folder: Path, study: Around) -> Told:
    """The endpoints that are made, and what they are made of. Raises TrialError with file, line and column."""
    told = read_folder(standard, folder)
    made = [_in_full(one, told, study) for one in _made(told, study)]
    sources = {name: told.sources[name].words for name in _sources_of(made, told, study)}
    beside, datasets = _datasets(made, sources, study.datasets)
    decisions = tuple(dict.fromkeys(situations.named_decisions([made, sources])))
    said = {"made": made, "sources": sources, "beside": beside}
    return Told(said, read_endpoints, told.files, {RECIPE: datasets}, {RECIPE: decisions})


def with_endpoints(datasets: Mapping[str, DatasetSpec], told: Told) -> dict[str, DatasetSpec]:
    """The dataset specs, ADTTE with the endpoints that are made as its parameters, and causes where they compete."""
    made = tuple(Parameter(one["endpoint"], one["label"], one.get("derivation", "")) for one in told.said["made"])
    whole = dict(datasets)
    if RECIPE not in whole:
        return whole
    causes = any("cause" in situation for one in told.said["made"] for situation in one["situations"])
    variables = (*whole[RECIPE].variables, *([EVENT_CAUSE] if causes else []))
    return whole | {RECIPE: replace(whole[RECIPE], parameters=made, variables=variables)}


def read_endpoints(said: Content, decisions: Mapping[str, Choice]) -> Endpoints:
    """The endpoints with the choices in force."""
    words = situations.filled(said, decisions)
    sources = {name: situations.source(name, one) for name, one in words["sources"].items()}
    made = tuple(
        situations.endpoint(one, one["clause"], tuple(situations.situation(s["name"], s) for s in one["situations"]))
        for one in words["made"]
    )
    return Endpoints(made, sources, tuple(words["beside"]))


def _made(told: Shelves, study: Around) -> list[Passage]:
    """The endpoints to be made: listed ones or the usual, and the study's own."""
    for number, code in enumerate(study.listed):
        if code not in told.endpoints:
            where = place(study.path, ("endpoints", number))
            raise TrialError(f"Unknown endpoint '{code}'.", where, did_you_mean(code, told.endpoints))
    usual = {code for code, one in told.endpoints.items() if one.words.get("usual") == "true"}
    wanted = {*(study.listed or usual), *told.own}
    return [one for code, one in told.endpoints.items() if code in wanted]


def _in_full(one: Passage, told: Shelves, study: Around) -> Content:
    """An endpoint's words with its situations written out and its population as a clause."""
    words = {"day1": DAY1} | one.words
    in_set = words["population"]
    if in_set not in study.sets:
        raise one.fault(f"Unknown set '{in_set}'.", did_you_mean(in_set, study.sets), "population")
    parts = [clause for clause in (study.sets[in_set].get("where", ""), words.get("among", "")) if clause]
    full = [_situation(one, number, told) for number in range(len(words["situations"]))]
    for situation in full:
        _checked(situation, one, told, study)
    for name in filter(None, (words.get("assessments", ""), *_origins(words["origin"], study))):
        if name not in told.sources:
            word = "assessments" if name == words.get("assessments") else "origin"
            raise one.fault(f"Unknown source '{name}'.", did_you_mean(name, told.sources), word)
    _leaves_nobody(full[-1], one)
    clause = " and ".join(f"({part})" if len(parts) > 1 else part for part in parts)
    return words | {"clause": clause, "situations": [situation.words for situation in full]}


def _situation(one: Passage, number: int, told: Shelves) -> Passage:
    """A situation of an endpoint: by its name, or as it stands there."""
    said = one.words["situations"][number]
    if isinstance(said, str):
        if said not in told.situations:
            cure = did_you_mean(said, told.situations)
            raise one.fault(f"Unknown situation '{said}'.", cure, "situations", number)
        named = told.situations[said]
        return Passage({"name": said} | named.words, named.path, named.where)
    return Passage({"name": f"{one.words['endpoint']} {number + 1}"} | said, one.path, ("situations", number))


def _leaves_nobody(last: Passage, of: Passage) -> None:
    """Raises TrialError where the last situation of an endpoint does not apply to whoever is left."""
    words = last.words
    if OTHERWISE not in (words.get("event"), words.get("censored")) or _listed(words.get("at", ""))[-1:] != [ORIGIN]:
        what = f"The last situation of {of.words['endpoint']} must apply to whoever is left."
        raise of.fault(what, "end with one that is `otherwise` and `at:` the origin", "situations")
    if "when" in words:
        raise last.fault(f"{words['name']} must apply to whoever is left.", "take `when:` away", "when")


def _checked(one: Passage, of: Passage, told: Shelves, study: Around) -> None:
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


def _origins(origin: str, study: Around) -> tuple[str, ...]:
    """The sources that may be the origin: the one named, or all choices of a decision."""
    name = origin.removeprefix("@").upper()
    return study.decisions[name].choices if origin.startswith("@") and name in study.decisions else (origin,)


def _sources_of(made: Iterable[Content], told: Shelves, study: Around) -> list[str]:
    """All sources that the endpoints name, and those that these name, in the order of their files."""
    todo = [name for one in made for name in (*_origins(one["origin"], study), one.get("assessments", ""))]
    todo += [name for one in made for situation in one["situations"] for name in situations.named_sources(situation)]
    found: set[str] = set()
    while todo:
        name = todo.pop()
        if name and name not in found:
            found.add(name)
            after = told.sources[name].words.get("after", "")
            if after and after not in told.sources:
                raise told.sources[name].fault(f"Unknown source '{after}'.", did_you_mean(after, told.sources), "after")
            todo.append(after)
    return [name for name in told.sources if name in found]


def _datasets(
    made: Iterable[Content], sources: Mapping[str, Content], datasets: Mapping[str, DatasetSpec]
) -> tuple[list[str], tuple[str, ...]]:
    """The datasets with one record per subject that clauses ask of beside SUBJECTS, and all that is needed."""
    asked = [name for one in made for clause in _clauses(one) for name in _names(clause)]
    for source in sources.values():
        own = datasets[source["of"]].names if source["of"] in datasets else ()
        told = (name for word in ("where", "meets") for name in _names(source.get(word, "")))
        asked += [name for name in told if name not in own]
    beside = list(dict.fromkeys(home for name in asked if (home := _home(name, datasets))))
    records = [source["of"] for source in sources.values() if source["of"] != SUBJECTS]
    return beside, tuple(dict.fromkeys([*beside, *records]))


def _clauses(one: Content) -> Iterator[str]:
    yield one["clause"]
    yield from (situation.get("when", "") for situation in one["situations"])


def _names(clause: str) -> list[str]:
    try:
        return clauses.names(clause)
    except TrialError:  # the linter tells it, with its place
        return []


def _home(variable: str, datasets: Mapping[str, DatasetSpec]) -> str:
    """The dataset with one record per subject that has a variable SUBJECTS has not: a set first, ADSL last; or ''."""
    if SUBJECTS not in datasets or variable in datasets[SUBJECTS].names:
        return ""
    having = [name for name, spec in datasets.items() if spec.layer == "adam" and variable in spec.names
              and spec.keys == ("STUDYID", "USUBJID")]  # fmt: skip
    return min(having, key=lambda name: (name == "adsl", not name.endswith("_set"), name), default="")
