"""The folder `endpoints/` of the standard and of a study: sources and situations by name, one file per parameter.

A study's own sources and situations win over the standard's of the same name; of a parameter of the standard it says
only what differs (parameter_overlay.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pipeline.ground.clauses import named_in
from pipeline.ground.faults import TrialError
from pipeline.ground.metadata import DatasetSpec, StudySettings
from pipeline.ground.words import did_you_mean
from pipeline.study import endpoint_shapes, shapes
from pipeline.study.decisions import Decision
from pipeline.study.declared import NOTHING, Declared
from pipeline.study.parameter_overlay import collisions, laid_over
from pipeline.study.situations import named_decisions
from pipeline.study.yaml_text import Content, Where, place

FOLDER, SOURCES, SITUATIONS, BESIDE = "endpoints", "sources.yaml", "situations.yaml", "beside.yaml"
NAMED = {SOURCES: endpoint_shapes.SOURCES, SITUATIONS: endpoint_shapes.SITUATIONS, BESIDE: endpoint_shapes.BESIDE}
CRITERIA, SCALE = "criteria", "scale"
ENDPOINT, RESPONSE = "endpoint", "response"
CODE = re.compile(r"[A-Z][A-Z0-9_]{0,7}")
SUBJECTS = "subjects"


@dataclass(frozen=True)
class SpecPart:
    """A part of a file: its words, its file, and the path in it; of a parameter laid over the standard's, that one."""

    words: Content
    path: Path
    where: Where = ()
    standard: SpecPart | None = None
    own: Content = field(default_factory=dict)

    def file(self, *where: Any) -> Path:
        """The file that says what stands at a path under this part."""
        of_standard = self.standard and where and where[0] not in self.own and where[0] in self.standard.words
        return self.standard.path if self.standard and of_standard else self.path

    def fault(self, what: str, cure: str, *where: Any) -> TrialError:
        """A slip at a path under this part."""
        return TrialError(what, place(self.file(*where), (*self.where, *where)), cure)


@dataclass(frozen=True)
class EndpointFolder:
    """What the two folders say by name: sources, situations, endpoints, responses, what stands beside assessments, the
    criteria of response; which are the study's; the files."""

    sources: dict[str, SpecPart] = field(default_factory=dict)
    situations: dict[str, SpecPart] = field(default_factory=dict)
    endpoints: dict[str, SpecPart] = field(default_factory=dict)
    responses: dict[str, SpecPart] = field(default_factory=dict)
    beside: dict[str, SpecPart] = field(default_factory=dict)
    criteria: dict[str, SpecPart] = field(default_factory=dict)
    own: frozenset[str] = frozenset()
    files: tuple[Path, ...] = ()


@dataclass(frozen=True)
class EndpointContext:
    """What endpoints may name besides sources: sets (clauses on ADSL), datasets, decisions; what study.yaml lists."""

    sets: Mapping[str, Mapping[str, str]]
    datasets: Mapping[str, DatasetSpec]
    decisions: Mapping[str, Decision]
    study: StudySettings = field(default_factory=StudySettings)
    path: Path = Path()

    @property
    def listed(self) -> tuple[str, ...]:
        """The parameters of the standard that study.yaml lists."""
        return self.study.endpoints

    @property
    def criterion(self) -> str:
        """The criteria of response that study.yaml names."""
        return self.study.criteria.get("response", "")


def read_folder(
    standard: Path, folder: Path, decisions: Mapping[str, Decision], declared: Declared = NOTHING
) -> EndpointFolder:
    """The files of both folders, each of its shape. Raises TrialError with file, line and column."""
    named: dict[str, dict[str, SpecPart]] = {name: {} for name in (*NAMED, ENDPOINT, RESPONSE)}
    files, own = tuple[Path, ...](), set()
    parameter = {standard: endpoint_shapes.of_parameter, folder: endpoint_shapes.of_own_parameter}
    for home in (standard / FOLDER, folder / FOLDER):
        for path in sorted(home.glob("*.yaml")):
            content = shapes.load(path, NAMED.get(path.name, parameter[home.parent]))
            content, files = declared.in_full(content, (*files, path))
            whole = SpecPart(content, path)
            for where, name in named_decisions(content):
                if name.upper() not in decisions:
                    raise whole.fault(f"Unknown decision '{name}'.", did_you_mean(name.upper(), decisions), *where)
            if path.name in NAMED:
                named[path.name] |= {name: SpecPart(words, path, (name,)) for name, words in (content or {}).items()}
                continue
            word = RESPONSE if RESPONSE in content else ENDPOINT
            code = _code(whole, word, named)
            named[word][code] = _of_study(whole, word, named[word].get(code)) if home.parent == folder else whole
            own |= {code} if home.parent == folder else set()
    sources, situations, beside, endpoints, responses = named.values()
    sources = {name: _in_full(one, sources, (name,)) for name, one in sources.items()}
    criteria, tables = _criteria(standard, folder, declared)
    parts = (sources, situations, endpoints, responses, beside, criteria)
    return EndpointFolder(*parts, frozenset(own), tuple(dict.fromkeys([*files, *tables])))


def _criteria(standard: Path, folder: Path, declared: Declared) -> tuple[dict[str, SpecPart], tuple[Path, ...]]:
    """The criteria of response that are tables, by name, and their files."""
    paths = [path for home in (standard, folder) for path in sorted((home / CRITERIA).glob("*.yaml"))]
    read = {path: shapes.load(path, endpoint_shapes.of_criteria) for path in paths}
    paths = [path for path, content in read.items() if SCALE not in content]
    said, files = declared.in_full([read[path] for path in paths], tuple(paths))
    return {one["criterion"]: SpecPart(one, path) for one, path in zip(said, paths, strict=True)}, files


def _in_full(one: SpecPart, sources: Mapping[str, SpecPart], seen: tuple[str, ...]) -> SpecPart:
    """A source of the records of another: its dataset and date, its clause beside the own. Raises TrialError."""
    of = one.words["of"]
    if of not in sources:
        return one
    if of in seen:
        raise one.fault(f"{' of '.join((*seen, of))}: a source of its own records.", "name a dataset", "of")
    within = _in_full(sources[of], sources, (*seen, of)).words
    if "meets" in within:
        raise one.fault(f"{of} begins a row of records; no source can be of it.", "name the dataset, or `after:`", "of")
    parts = [clause for clause in (within.get("where", ""), one.words.get("where", "")) if clause]
    where = " and ".join(f"({part})" if len(parts) > 1 else part for part in parts)
    return SpecPart(within | one.words | {"of": within["of"], "where": where}, one.path, one.where)


def _of_study(one: SpecPart, word: str, standard: SpecPart | None) -> SpecPart:
    """A study's parameter: over the standard's of its code, or said in full. Raises TrialError with its place."""
    full = endpoint_shapes.of_parameter(one.words)
    required = {name.rstrip("!") for name in full if name.endswith("!")}
    slips = (collisions(standard.words, one.words, word, required) if standard else
             shapes.slips(one.words, full))  # fmt: skip
    for slip in slips:
        raise one.fault(f"{slip.what}.", slip.cure, *slip.where)
    if not standard:
        return one
    return replace(one, words=laid_over(standard.words, one.words, word), standard=standard, own=one.words)


def _code(one: SpecPart, word: str, named: Mapping[str, Mapping[str, SpecPart]]) -> str:
    code, before = str(one.words[word]), named[word]
    if not CODE.fullmatch(code):
        raise one.fault(f"'{code}' is no parameter code.", "one to eight capitals and figures, a letter first", word)
    if code in before and before[code].path.parent == one.path.parent:
        raise one.fault(f"{code} is also the code of {before[code].path.name}.", "give each its own", word)
    other = ENDPOINT if word == RESPONSE else RESPONSE
    if code in named[other]:
        what = f"{code} is a code of `{other}:`, in {named[other][code].path.name}"
        raise one.fault(f"{what}.", f"say {other}: {code}, or give yours its own", word)
    return code


def asked(parts: Mapping[str, SpecPart], told: EndpointFolder, study: EndpointContext) -> list[SpecPart]:
    """Those of one kind that are made: of it the listed ones, the usual where none is listed; a study's own always.

    Raises TrialError for a listed one of no kind.
    """
    of_recipes = [code for spec in study.datasets.values() for code in spec.parameter_labels]
    known = {*told.endpoints, *told.responses, *of_recipes}
    for number, code in enumerate(study.listed):
        if code not in known:
            where = place(study.path, ("endpoints", number))
            raise TrialError(f"Unknown endpoint '{code}'.", where, did_you_mean(code, known))
    listed = [code for code in study.listed if code in parts]
    usual = [code for code, one in parts.items() if one.words.get("usual") == "true"]
    return [one for code, one in parts.items() if code in {*(listed or usual), *told.own}]


def population(one: SpecPart, study: EndpointContext) -> str:
    """Whom a parameter is for, as one clause on the subject: its set, and `among:`. Raises TrialError."""
    in_set = one.words["population"]
    if in_set not in study.sets:
        raise one.fault(f"Unknown set '{in_set}'.", did_you_mean(in_set, study.sets), "population")
    parts = [clause for clause in (study.sets[in_set].get("where", ""), one.words.get("among", "")) if clause]
    return " and ".join(f"({part})" if len(parts) > 1 else part for part in parts)


def datasets_of(
    asked: Iterable[str], sources: Mapping[str, Content], datasets: Mapping[str, DatasetSpec]
) -> tuple[list[str], tuple[str, ...]]:
    """The datasets with one record per subject that have what is asked beside SUBJECTS, and all that is needed."""
    wanted = [*asked]
    for source in sources.values():
        own = datasets[source["of"]].names if source["of"] in datasets else ()
        told = (name for word in ("where", "meets") for name in named_in(source.get(word, "")))
        wanted += [name for name in told if name not in own]
    beside = list(dict.fromkeys(home for name in wanted if (home := _home(name, datasets))))
    records = [source["of"] for source in sources.values() if source["of"] != SUBJECTS]
    return beside, tuple(dict.fromkeys([*beside, *records]))


def _home(variable: str, datasets: Mapping[str, DatasetSpec]) -> str:
    """The dataset with one record per subject that has a variable SUBJECTS has not: a set first, ADSL last; or ''."""
    if SUBJECTS not in datasets or variable in datasets[SUBJECTS].names:
        return ""
    having = [name for name, spec in datasets.items() if spec.layer == "adam" and variable in spec.names
              and spec.keys == ("STUDYID", "USUBJID")]  # fmt: skip
    return min(having, key=lambda name: (name == "adsl", not name.endswith("_set"), name), default="")
