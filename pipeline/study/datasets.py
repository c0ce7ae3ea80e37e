"""Dataset specs: the standard's, with what the study says differently laid over them, and the study's own.

A file of a study that bears the name of a standard dataset says only what differs: variables by name are added or
their words replaced, parameters by code likewise, `without: [NAME]` takes one away; any other word stands for the
standard's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from pipeline.ground.faults import TrialError
from pipeline.ground.metadata import DatasetSpec, Parameter, StudySettings, Variable
from pipeline.ground.words import did_you_mean
from pipeline.study import shapes
from pipeline.study.csv_text import load_text
from pipeline.study.frozen import frozen
from pipeline.study.guide import COLLECTED, in_place, load_guide
from pipeline.study.yaml_text import KEPT, Content, Where, place

LAYERS = ("sdtm", "adam")
EACH = "--"  # any domain, in names of a spec that holds for several
TYPES = ("text", "number", "integer", "date", "datetime")
LISTS = {"variables": "name", "parameters": "code"}  # lists of a dataset spec, and the word that names their entries


def study_datasets(standard: Path, folder: Path, version: str = "") -> dict[str, DatasetSpec]:
    """All datasets of a study by name, what it adds to SDTM where the guide of that version puts it.

    Raises TrialError with file, line and column.
    """
    found: dict[str, DatasetSpec] = {}
    for layer in LAYERS:
        specs = {s.name: s for path in sorted((standard / layer).glob("*.yaml")) for s in load_datasets(layer, path)}
        before, own = dict(specs), sorted((folder / layer).glob("*.yaml"))
        for path in own:
            specs |= _of_study(path, layer, specs)
        guide = load_guide(standard, version) if own and layer == COLLECTED else {}
        placed = {name: in_place(specs[name], spec.names, guide) for name, spec in before.items() if guide}
        found |= dict(sorted((specs | placed).items()))
    return found


def with_what_is_asked(datasets: dict[str, DatasetSpec], study: StudySettings) -> dict[str, DatasetSpec]:
    """The datasets of what is collected, without variables that only a study with other words has (`only: levels`)."""
    kept = {"": True, "levels": bool(study.levels)}
    return {name: replace(spec, variables=tuple(v for v in spec.variables if kept[v.only]))
            for name, spec in datasets.items() if _is_collected(spec, datasets, study)}  # fmt: skip


def _is_collected(spec: DatasetSpec, datasets: Mapping[str, DatasetSpec], study: StudySettings) -> bool:
    """Whether the study has records for a dataset: what it is `of:` is collected, and what that is of."""
    if not spec.of:
        return True
    here = spec.of not in [name.lower() for name in study.not_collected]
    return here and (spec.of not in datasets or _is_collected(datasets[spec.of], datasets, study))


def _of_study(path: Path, layer: str, standard: Mapping[str, DatasetSpec]) -> dict[str, DatasetSpec]:
    """What one file of the study makes of the standard's datasets, or adds to them."""
    names = differing(path, standard)
    if not names:
        return {spec.name: spec for spec in load_datasets(layer, path)}
    own = shapes.load(path, shapes.OVERLAY)
    return {name: laid_over(standard[name], _of_domain(own, _domain(standard[name])), path) for name in names}


def differing(path: Path, standard: Mapping[str, DatasetSpec]) -> list[str]:
    """The standard datasets (without the study's additions) of which a study's file says what differs."""
    domains = [spec.name for spec in standard.values() if spec.path.stem == path.stem and spec.path != path]
    return domains or [name for name in standard if name == path.stem and standard[name].path != path]


def _domain(spec: DatasetSpec) -> str:
    """The domain for which a spec that holds for several was read, '' where it holds for one."""
    return spec.name.removeprefix(spec.path.stem.removesuffix(EACH)).upper() if EACH in spec.path.stem else ""


def load_datasets(layer: str, path: Path) -> Iterator[DatasetSpec]:
    """The dataset of a spec file, or one for each of its domains. Raises TrialError with file, line and column."""
    yield from _datasets(layer, path, load_text(path))


@lru_cache(KEPT)
def _datasets(layer: str, path: Path, text: str) -> tuple[DatasetSpec, ...]:
    """The datasets of a spec file that holds this text: they are frozen, and made once."""
    content = shapes.load(path, shapes.DATASET)
    return tuple(_dataset(path.stem.replace(EACH, domain.lower()), layer, path, _of_domain(content, domain))
                 for domain in content.get("domains", [""]))  # fmt: skip


def _of_domain(content: Any, domain: str) -> Any:
    """A spec that holds for several domains, read for one of them: -- stands for its name, as in the SDTMIG."""
    if not domain:
        return content
    if isinstance(content, dict):
        return {word: _of_domain(part, domain) for word, part in content.items() if word != "domains"}
    if isinstance(content, list):
        return [_of_domain(part, domain) for part in content]
    return content.replace(EACH, domain) if isinstance(content, str) else content


def dataset_spec(content: Content, **known: Any) -> DatasetSpec:
    """A dataset's contract from its words; `known` is what its place says: name, layer, path."""
    return frozen(
        DatasetSpec,
        content,
        variables=tuple(frozen(Variable, words) for words in _variables(content)),
        parameters=tuple(frozen(Parameter, words) for words in content.get("parameters", [])),
        observation_class=content.get("class", ""),
        by_subject=content.get("made_by") == "subject",
        said=content,
        **known,
    )


def _variables(content: Content) -> list[dict[str, str]]:
    """The words of each variable; of an intermediate, which nobody is handed, type alone may be said: `ADT: date`."""
    said = content["variables"]
    if isinstance(said, list):
        return said
    required = {key: {"core": "Req"} for key in content["keys"]}
    full = {name: {"type": words} if isinstance(words, str) else words for name, words in said.items()}
    return [{"name": name} | required.get(name, {}) | words for name, words in full.items()]


def _dataset(name: str, layer: str, path: Path, content: Content) -> DatasetSpec:
    spec = dataset_spec(content, name=name, layer=layer, path=path)
    short = isinstance(content["variables"], dict)
    if short and not spec.intermediate:
        what = f"{spec.dataset} is handed out: of its variables more must be said than their type."
        cure = "list them with label, core, origin: - {name: ADT, label: Analysis Date, type: date, ...}"
        raise TrialError(what, place(path, ("variables",)), cure)
    for number, variable in enumerate(spec.variables):
        where = ("variables", variable.name if short else number)
        _typed(variable, path, where)
        if variable.name in spec.names[:number]:
            raise TrialError(f"The variable {variable.name} stands twice.", place(path, where), "keep one of them")
    _keyed(spec, path)
    return spec


def _typed(variable: Variable, path: Path, where: Where) -> None:
    if variable.type not in TYPES:
        cure = did_you_mean(variable.type, TYPES)
        raise TrialError(f"Unknown type '{variable.type}' of {variable.name}.", place(path, (*where, "type")), cure)


def _keyed(spec: DatasetSpec, path: Path) -> None:
    for number, key in enumerate(spec.keys):
        if key not in spec.names:
            what = f"The key {key} is no variable of {spec.dataset}."
            raise TrialError(what, place(path, ("keys", number)), did_you_mean(key, spec.names))


def laid_over(standard: DatasetSpec, own: Content, path: Path) -> DatasetSpec:
    """The standard's dataset with what a file of the study says differently. Raises TrialError with its place."""
    for slip in collisions(standard, own):
        raise TrialError(f"{slip.what}.", place(path, slip.where), slip.cure)
    gone = set(own.get("without", []))
    said = dict(standard.said) | {"variables": _variables(standard.said)}
    content = said | {word: part for word, part in own.items() if word not in (*LISTS, "without")}
    for word, key in LISTS.items():
        if word in said or word in own:
            content[word] = [one for one in _joined(said.get(word, []), own.get(word, []), key) if one[key] not in gone]
    kept = {"name": standard.name, "layer": standard.layer, "path": standard.path}
    left_out = tuple(sorted(gone & set(standard.parameter_labels)))
    return dataset_spec(content, **kept, without=left_out, additions=(path,))


def _joined(standard: list[dict[str, str]], own: list[dict[str, str]], key: str) -> list[dict[str, str]]:
    """The entries of the standard in their order, with the study's words over theirs; then those it adds."""
    by_name = {one[key]: one for one in own}
    known = {one[key] for one in standard}
    return [one | by_name.get(one[key], {}) for one in standard] + [one for one in own if one[key] not in known]


def collisions(standard: DatasetSpec, own: Content) -> Iterator[shapes.Slip]:
    """What a study cannot say of a standard dataset: its recipe makes these keys, these types and these variables."""
    known = [*standard.names, *standard.parameter_labels]
    for number, name in enumerate(own.get("without", [])):
        where: Where = ("without", number)
        if name in standard.keys:
            yield shapes.Slip(where, f"{name} is a key of {standard.dataset}", "a record is known by it; leave it")
        elif name not in known:
            cure = did_you_mean(name, known)
            yield shapes.Slip(where, f"{standard.dataset} has no variable or parameter {name} to leave out", cure)
    for word, key in LISTS.items():
        yield from _entries(standard, own, word, key)


def _entries(standard: DatasetSpec, own: Content, word: str, key: str) -> Iterator[shapes.Slip]:
    """Slips of the variables or of the parameters that a study says."""
    seen: set[str] = set()
    needed = ("label", "derivation") if word == "parameters" else ("label",)
    before = {one.name if isinstance(one, Variable) else one.code: one for one in getattr(standard, word)}
    for number, entry in enumerate(own.get(word, [])):
        where, name = (word, number), entry[key]
        known = before.get(name)
        if name in seen or name in own.get("without", []):
            yield shapes.Slip(where, f"{name} stands twice", "keep one of them")
        elif known is None and [w for w in needed if not entry.get(w)]:
            lacking = " and ".join(f"`{w}:`" for w in needed if not entry.get(w))
            cure = f"{did_you_mean(name, before)} A {word[:-1]} of your own needs {lacking}"
            yield shapes.Slip(where, f"{standard.dataset} of the standard has no {word[:-1]} {name}", cure)
        elif isinstance(known, Variable) and entry.get("type", known.type) != known.type:
            what = f"{name} is of type {known.type}: its recipe makes it so"
            yield shapes.Slip((*where, "type"), what, "leave the type away, or give your variable another name")
        elif entry.get("type", "text") not in TYPES:
            what = f"unknown type '{entry['type']}' of {name}"
            yield shapes.Slip((*where, "type"), what, did_you_mean(entry["type"], TYPES))
        seen.add(name)


def repeated(standard: DatasetSpec, own: Content) -> Iterator[shapes.Slip]:
    """What a study says just as the standard does: it is said once."""
    for word, part in own.items():
        if word not in (*LISTS, "without") and standard.said.get(word) == part:
            yield shapes.Slip((word,), f"the standard says `{word}:` just so", "take it away")
    for word, key in LISTS.items():
        said = _variables(standard.said) if word == "variables" else standard.said.get(word, [])
        before = {one[key]: one for one in said}
        for number, entry in enumerate(own.get(word, [])):
            if entry.items() <= before.get(entry[key], {}).items():
                what = f"the standard says {entry[key]} just so"
                yield shapes.Slip((word, number), what, "take it away: a study says only what differs")
