"""What is named once and used by many outputs: analysis sets, columns, and toxicities (sets.yaml, columns.yaml, …).

Every dose level of study.yaml is a column under its label. An output says `columns: [A, B]`, `population: {set: SAF}`
and `sets: [{set: EAS, label: …}]`; words of its own win over those of the name, and the name is the id in the results.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.ground.faults import TrialError
from pipeline.ground.words import did_you_mean
from pipeline.study import shapes
from pipeline.study.declared import NOTHING, Declared, load_declared
from pipeline.study.settings import load_settings
from pipeline.study.toxicities import load_toxicities
from pipeline.study.yaml_text import Content, Where, load_yaml

At = Callable[[Where], str]  # file, line and column of a path in an output
OF_ROWS = ("population", "denominator")  # words of a row that may name a set
SHAPES = {"columns": shapes.NAMES}


@dataclass(frozen=True)
class Named:
    """Sets, columns and toxicities by name, the standard's and the study's own, which win; the files that say them.

    `footnotes` are the sentences of the endpoints on their censoring, by code; `groups` several columns by one name.
    """

    sets: dict[str, dict[str, str]] = field(default_factory=dict)
    columns: dict[str, dict[str, str]] = field(default_factory=dict)
    toxicities: dict[str, dict[str, str]] = field(default_factory=dict)
    footnotes: dict[str, str] = field(default_factory=dict)
    groups: dict[str, tuple[str, ...]] = field(default_factory=dict)
    files: tuple[Path, ...] = ()
    declared: Declared = NOTHING


def load_named(standard: Path, folder: Path, declared: Declared | None = None) -> Named:
    """What a study's outputs may name. Raises TrialError naming file and line."""
    declared = declared or load_declared(standard, folder)
    sets = {one.id: {"label": one.label, "where": one.chosen_by} for one in declared.sets}
    found: dict[str, dict[str, dict[str, str]]] = {kind: {} for kind in SHAPES}
    files = [(kind, home / f"{kind}.yaml") for kind in SHAPES for home in (standard, folder)]
    there = [(kind, path) for kind, path in files if path.exists()]
    of_levels, said_by = _of_levels(folder / "study.yaml")
    found["columns"] |= of_levels
    for kind, path in there:
        found[kind] |= declared.in_full(shapes.load(path, SHAPES[kind]), ())[0]
    listed = load_toxicities(standard, folder)
    sentences, spoken_by = _footnotes(standard, folder)
    told = dict.fromkeys([*declared.files, *said_by, *(path for _, path in there), *listed.files, *spoken_by])
    return Named(sets, found["columns"], listed.shell_words, sentences, files=tuple(told), declared=declared)


def _footnotes(standard: Path, folder: Path) -> tuple[dict[str, str], list[Path]]:
    """The sentence of each endpoint that says one, by its code, and the files; a study's own file wins."""
    paths = [path for home in (standard, folder) for path in sorted((home / "endpoints").glob("*.yaml"))]
    said = {path: content for path in paths if isinstance(content := load_yaml(path), dict) and "endpoint" in content}
    sentences = {str(one["endpoint"]): one.get("footnote", "") for one in said.values()}
    return sentences, [path for path, one in said.items() if one.get("footnote")]


def _of_levels(path: Path) -> tuple[dict[str, dict[str, str]], list[Path]]:
    """A column for each dose level of study.yaml under its label, and the file where it says levels."""
    levels = load_settings(path).levels if path.exists() else {}
    columns = {one.label: {"label": one.label, "where": f"DOSELVLA == {number}"} for number, one in levels.items()}
    return columns, [path] if columns else []


def resolved(output: Content, names: Named, at: At) -> Content:
    """An output with its named sets, columns and clauses in full. Raises TrialError for a name nobody gave."""
    output = names.declared.in_full(output, ())[0]
    own = dict(output)
    if "columns" in output:
        columns = [(number, one) for number, part in enumerate(output["columns"]) for one in _each(part, names)]
        own["columns"] = [_column(one, names, at, ("columns", number)) for number, one in columns]
    if "sets" in output:
        sets = enumerate(output["sets"])
        own["sets"] = [_rows(_set(one, names, at, ("sets", n)), names, at, ("sets", n)) for n, one in sets]
    if "population" in output:
        own["population"] = _set(output["population"], names, at, ("population",))
    if "footnotes" in output:
        notes = enumerate(output["footnotes"])
        own["footnotes"] = [_footnote(one, names, at, ("footnotes", number)) for number, one in notes]
    return _rows(own, names, at, ())


def _rows(part: Content, names: Named, at: At, where: Where) -> Content:
    """An output, or a set of it, whose rows have the sets they name (`population`, `denominator`) in full."""
    if "rows" not in part:
        return part
    rows = [dict(row) for row in part["rows"]]
    for number, row in enumerate(rows):
        for word in [word for word in OF_ROWS if word in row and "set" in row[word]]:
            row[word] = _set(row[word], names, at, (*where, "rows", number, word))
    return part | {"rows": rows}


def _footnote(one: str | dict[str, str], names: Named, at: At, where: Where) -> str:
    """A footnote in words: its own, or those of the endpoint that it names."""
    if isinstance(one, str):
        return one
    code = one["endpoint"]
    if code not in names.footnotes:
        raise TrialError(f"Unknown endpoint '{code}'.", at((*where, "endpoint")), did_you_mean(code, names.footnotes))
    if not names.footnotes[code]:
        raise TrialError(f"The endpoint {code} says no `footnote:`.", at((*where, "endpoint")), "add it to its file")
    return names.footnotes[code]


def _each(one: str | dict[str, str], names: Named) -> Sequence[str | dict[str, str]]:
    """The columns that a name stands for."""
    return names.groups.get(one, (one,)) if isinstance(one, str) else (one,)


def _column(one: str | dict[str, str], names: Named, at: At, where: Where) -> dict[str, str]:
    return _found(one, names.columns, "column", at, where) if isinstance(one, str) else one


def _set(one: Content, names: Named, at: At, where: Where) -> Content:
    """A set of rows or a population: the named set, over which its own words are laid."""
    if "set" not in one:
        if one.get("label", ""):
            return {"where": ""} | one
        raise TrialError("A set needs `set:` or `label:`.", at(where), "name a set of sets.yaml")
    return _found(one["set"], names.sets, "set", at, (*where, "set")) | {w: p for w, p in one.items() if w != "set"}


def _found(name: str, known: dict[str, dict[str, str]], kind: str, at: At, where: Where) -> dict[str, str]:
    if name not in known:
        raise TrialError(f"Unknown {kind} '{name}'.", at(where), did_you_mean(name, known))
    return {"id": name} | known[name]
