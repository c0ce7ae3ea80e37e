"""What a study declares of records and subjects: conditions.yaml and sets.yaml, the standard's and its own."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

from pipeline.ground import clauses
from pipeline.ground.clauses import named_in
from pipeline.ground.conditions import VALUE, Condition, SubjectSet
from pipeline.ground.faults import TrialError
from pipeline.ground.named_clauses import NamedClause, all_in_full
from pipeline.study import shapes
from pipeline.study.decisions import Choice
from pipeline.study.frozen import frozen
from pipeline.study.naming import DatasetFiles, condition_in_full, known_names, set_in_full, unstored
from pipeline.study.spec_input import SpecInput
from pipeline.study.yaml_text import Content, Where, place

FILE, ADSL, LAID = "conditions.yaml", "adsl", "_conditions"
KEPT = ("label", "name", "flag", "reason", "within", "after")  # of a set that a study defines itself
Declaration = Condition | SubjectSet


@dataclass(frozen=True)
class Declared:
    """Conditions and sets in the order of need; where each is said, and which of them the study says itself.

    `clauses` are the conditions that become no variable: `named` is what they, and sets by their id, stand for.
    """

    conditions: tuple[Condition, ...] = ()
    sets: tuple[SubjectSet, ...] = ()
    clauses: tuple[Condition, ...] = ()
    named: Mapping[str, NamedClause] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    places: Mapping[str, tuple[Path, Where]] = field(default_factory=dict)
    own: frozenset[str] = frozenset()
    files: tuple[Path, ...] = ()

    @property
    def by_name(self) -> dict[str, Declaration]:
        """Conditions by name, sets by id."""
        return {c.name: c for c in self.conditions} | {s.id: s for s in self.sets}

    @property
    def said(self) -> dict[str, Declaration]:
        """All that is declared, by the name under which its file says it."""
        return {one.name: one for one in self.clauses} | self.by_name

    def in_full(self, content: Any, files: tuple[Path, ...]) -> tuple[Any, tuple[Path, ...]]:
        """What files say, the clauses named in it written out; the files, with these where that is needed."""
        told = all_in_full(content, self.named)
        return told, tuple(dict.fromkeys([*files, *self.files])) if told != content else files

    @property
    def of_subjects(self) -> dict[str, Declaration]:
        """Those with a dataset of their own, by its name, in the order of need."""
        known = self.by_name
        return {node_of(known[name]): known[name] for name in self.order if asked_of_subjects(known[name])}

    def laid_upon(self, dataset: str) -> tuple[Condition, ...]:
        """The conditions that a dataset other than ADSL has, in the order of need."""
        known = self.by_name
        found = [known[name] for name in self.order]
        return tuple(one for one in found if isinstance(one, Condition) and one.of == dataset != ADSL)

    def collected(self, gone: Collection[str]) -> Declared:
        """Without the standard's conditions of datasets that the study does not collect; its own stay, and are told."""
        left = {one.name for one in self.conditions if {one.of, one.source} & set(gone)} - self.own
        kept = tuple(one for one in self.conditions if one.name not in left)
        order = tuple(name for name in self.order if name not in left)
        places = {name: place for name, place in self.places.items() if name not in left}
        return replace(self, conditions=kept, order=order, places=places)

    def at(self, name: str, *word: str) -> str:
        """File, line and column of a declaration, or of a word of it."""
        path, where = self.places[name]
        return place(path, (*where, *word))


NOTHING = Declared()


def asked_of_subjects(one: Declaration) -> bool:
    """True for what has one value per subject."""
    return one.declared if isinstance(one, SubjectSet) else one.of == ADSL or bool(one.source)


def node_of(one: Declaration) -> str:
    """The name of the dataset that holds a condition or set of subjects."""
    return one.node if isinstance(one, SubjectSet) else f"{one.of}_{one.name.lower()}"


def load_declared(standard: Path, folder: Path) -> Declared:
    """What the standard and a study declare. Raises TrialError with file, line and column."""
    conditions: dict[str, Condition] = {}
    sets: dict[str, Content] = {}
    places: dict[str, tuple[Path, Where]] = {}
    own: set[str] = set()
    files = [home / name for name in ("sets.yaml", FILE) for home in (standard, folder) if (home / name).exists()]
    for path in files:
        content = shapes.load(path, shapes.CONDITIONS if path.name == FILE else shapes.SETS) or {}
        places |= {name: (path, (name,)) for name in content}
        own |= set(content) if path.parent == folder else set()
        if path.name == FILE:
            conditions |= {name: frozen(Condition, words, name=name, source=words.get("from", ""))
                           for name, words in content.items()}  # fmt: skip
        else:
            sets |= {name: _redefined(sets.get(name, {}), words) for name, words in content.items()}
    read = {name: frozen(SubjectSet, words, id=name, source=words.get("from", "")) for name, words in sets.items()}
    read = {name: replace(one, reasons=reasons_of(one, read)) for name, one in read.items()}
    return _named(Declared(tuple(conditions.values()), tuple(read.values()), places=places, own=frozenset(own),
                           files=tuple(files)), DatasetFiles(standard, folder))  # fmt: skip


def _named(declared: Declared, files: DatasetFiles) -> Declared:
    """What is declared, the clauses that it names written out. Raises TrialError."""
    clauses = {one.name: one for one in declared.conditions if unstored(one, files)}
    stored = [one for one in declared.conditions if one.name not in clauses]
    variables = {one.name for one in stored}
    ids = {one.id: one for one in declared.sets if one.id not in variables}
    known = known_names(clauses, ids, files, declared.at)
    conditions = tuple(condition_in_full(one, known) for one in stored)
    sets = tuple(set_in_full(one, known) for one in declared.sets)
    whole = replace(declared, conditions=conditions, sets=sets, clauses=tuple(clauses.values()), named=known)
    return replace(whole, order=_ordered(whole))


def _redefined(standard: Content, own: Content) -> Content:
    """A set as the study says it: with a clause of its own only the names of the standard's stay, else all it has."""
    kept = {word: said for word, said in standard.items() if word in KEPT or "where" not in own}
    return kept | own


def reasons_of(one: SubjectSet, sets: Mapping[str, SubjectSet], within: tuple[str, ...] = ()) -> dict[str, str]:
    """The reasons of the set it comes after, then its own; a reason for anybody holds for who is out of its set."""
    if one.after not in sets or one.id in within:
        return dict(one.reasons)
    before = sets[one.after]
    told = reasons_of(before, sets, (*within, one.id))
    return {text: where or f'{before.flag} == "N"' for text, where in told.items()} | dict(one.reasons)


def decisions_of(one: Declaration) -> list[str]:
    """The decisions that its clauses name, in lower case; of a clause that cannot be read none."""
    texts = [text for text in one.clauses if named_in(text)]
    return [name.lower() for text in texts for name in clauses.read(text).decisions]


def named_by(one: Declaration) -> list[str]:
    """The variables that its clauses and reasons name, and the value it takes."""
    names = [name for name in (one.value, one.base, one.date) if name] if isinstance(one, Condition) else []
    names += [name for text in one.clauses for name in named_in(text)]
    told = one.reasons if isinstance(one, SubjectSet) else {}
    names += [name for text in told for name in VALUE.findall(text)]
    own = {one.flag} if isinstance(one, SubjectSet) else set()
    return [name for name in dict.fromkeys(names) if name not in own]


def _twice(one: SubjectSet, other: str, declared: Declared) -> TrialError:
    """A flag that two declare, told of the one that the study says."""
    cure = "redefine that one, or give yours another name"
    if other in {condition.name for condition in declared.conditions}:
        return TrialError(f"{one.flag} is the flag of the set {one.id}.", declared.at(other), cure)
    return TrialError(f"{one.flag} is also made by {other}.", declared.at(one.id, "flag"), cure)


def _ordered(declared: Declared) -> tuple[str, ...]:
    """Names in the order of need. Raises TrialError for what rests on itself, and for a flag made twice."""
    makers = {c.name: c.name for c in declared.conditions}
    for one in declared.sets:
        if one.flag and one.flag in makers:
            raise _twice(one, makers[one.flag], declared)
        makers |= {variable: one.id for variable in (one.flag, one.reason) if variable}
    needs = {name: [makers[n] for n in named_by(one) if n in makers] for name, one in declared.by_name.items()}
    try:
        return tuple(TopologicalSorter(needs).static_order())
    except CycleError as error:
        circle = list(reversed(error.args[1]))
        what = f"Conditions rest on each other in a circle: {' needs '.join(circle)}."
        first = next((name for name in circle if name in declared.own), circle[0])
        raise TrialError(what, declared.at(first), "say one of them without the other") from error


def spec_inputs_of(declared: Declared) -> dict[str, SpecInput]:
    """What recipes are handed of it, by the name of the dataset that it makes, or upon which it is laid."""
    one_each = {name: SpecInput(one, filled, declared.files) for name, one in declared.of_subjects.items()}
    others = dict.fromkeys(c.of for c in declared.conditions if c.of != ADSL)
    one_each["sets"] = SpecInput(declared.sets, as_said, declared.files)
    return one_each | {f"{of}{LAID}": SpecInput(declared.laid_upon(of), all_filled, declared.files) for of in others}


def as_said(said: Content, decisions: Mapping[str, Choice]) -> Content:
    """What names no decision."""
    return said


def filled(one: Declaration, decisions: Mapping[str, Choice]) -> Declaration:
    """It, with the value of each decision that its clauses name."""
    where = clauses.filled(one.where, decisions)
    if isinstance(one, SubjectSet):
        reasons = {text: clauses.filled(clause, decisions) for text, clause in one.reasons.items()}
        return replace(one, where=where, reasons=reasons)
    cases = {text: clauses.filled(clause, decisions) for text, clause in one.cases.items()}
    return replace(one, where=where, among=clauses.filled(one.among, decisions), cases=cases)


def all_filled(conditions: tuple[Condition, ...], decisions: Mapping[str, Choice]) -> tuple[Declaration, ...]:
    """The conditions of a dataset, with the value of each decision."""
    return tuple(filled(one, decisions) for one in conditions)
