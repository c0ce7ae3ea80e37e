"""What a study declares of records and subjects (conditions.yaml, sets.yaml), and the variables it becomes.

A condition of ADSL and every analysis set with a flag has a dataset of its own, one record per subject, by which all
others take it; ADSL has its variables. A condition of another dataset is a variable, or (`from`) a parameter of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from pipeline.ground import clauses, source
from pipeline.ground.conditions import VALUE, Condition, SubjectSet
from pipeline.ground.faults import TrialError
from pipeline.ground.metadata import DatasetSpec, Parameter, Variable
from pipeline.study import shapes
from pipeline.study.decisions import Choice
from pipeline.study.frozen import frozen
from pipeline.study.told import Told
from pipeline.study.yaml_text import Content, Where, place

FILE, ADSL, LAID = "conditions.yaml", "adsl", "_conditions"
KEYS = (Variable("STUDYID", core="Req"), Variable("USUBJID", core="Req"))
# What records as seen (adam/derive/sources.py) have beside their own variables.
SEEN = (Variable("ADT", type="date"), Variable("ADTF"), Variable("ADTHI", type="date"),
        Variable("CARTDY", type="number"), Variable("SRCDOM"), Variable("SRCVAR"),
        Variable("SRCSEQ", type="number"))  # fmt: skip
KEPT = ("label", "name", "flag", "reason", "within", "after")  # of a set that a study defines itself
Declaration = Condition | SubjectSet


@dataclass(frozen=True)
class Declared:
    """Conditions and sets in the order of need; where each is said, and which of them the study says itself."""

    conditions: tuple[Condition, ...] = ()
    sets: tuple[SubjectSet, ...] = ()
    order: tuple[str, ...] = ()
    places: Mapping[str, tuple[Path, Where]] = field(default_factory=dict)
    own: frozenset[str] = frozenset()
    files: tuple[Path, ...] = ()

    @property
    def by_name(self) -> dict[str, Declaration]:
        """Conditions by name, sets by id."""
        return {c.name: c for c in self.conditions} | {s.id: s for s in self.sets}

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

    def at(self, name: str, *word: str) -> str:
        """File, line and column of a declaration, or of a word of it."""
        path, where = self.places[name]
        return place(path, (*where, *word))


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
    declared = Declared(tuple(conditions.values()), tuple(read.values()), (), places, frozenset(own), tuple(files))
    return replace(declared, order=_ordered(declared))


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


def named_by(one: Declaration) -> list[str]:
    """The variables that its clauses and reasons name, and the value it takes. Unreadable clauses name none."""
    names: list[str] = [one.value] if isinstance(one, Condition) and one.value else []
    for text in one.clauses:
        try:
            names += clauses.names(text)
        except TrialError:
            continue
    told = one.reasons if isinstance(one, SubjectSet) else {}
    names += [name for text in told for name in VALUE.findall(text)]
    own = {one.flag} if isinstance(one, SubjectSet) else set()
    return [name for name in dict.fromkeys(names) if name not in own]


def _ordered(declared: Declared) -> tuple[str, ...]:
    """Names in the order of need. Raises TrialError for what rests on itself."""
    makers = {c.name: c.name for c in declared.conditions}
    for one in declared.sets:
        makers |= {variable: one.id for variable in (one.flag, one.reason) if variable}
    needs = {name: [makers[n] for n in named_by(one) if n in makers] for name, one in declared.by_name.items()}
    try:
        return tuple(TopologicalSorter(needs).static_order())
    except CycleError as error:
        circle = list(reversed(error.args[1]))
        what = f"Conditions rest on each other in a circle: {' needs '.join(circle)}."
        raise TrialError(what, declared.at(circle[0]), "say one of them without the other") from error


def with_declared(datasets: Mapping[str, DatasetSpec], declared: Declared) -> dict[str, DatasetSpec]:
    """The datasets with the variables and parameters that are declared, and one for each thing asked of subjects."""
    found = dict(datasets)
    for name in declared.order:
        one = declared.by_name[name]
        if isinstance(one, SubjectSet):
            found |= _set_datasets(one, found, declared) if one.flag else {}
        elif one.of in found and (not one.source or one.source in found):
            found |= _condition_datasets(one, found, declared)
    return found


def _own_dataset(one: Declaration, label: str, variables: Iterable[Variable], declared: Declared) -> DatasetSpec:
    """The dataset of one thing that is asked of subjects."""
    name = node_of(one)
    first, *others = declared.files
    return DatasetSpec(
        name=name, layer="adam", dataset=name.upper(), label=label, structure="One record per subject of DM",
        observation_class="INTERMEDIATE", keys=("STUDYID", "USUBJID"), variables=(*KEYS, *variables), path=first,
        additions=tuple(others), intermediate=True, by_subject=True, by_period=True,
    )  # fmt: skip


def _set_datasets(one: SubjectSet, datasets: Mapping[str, DatasetSpec], declared: Declared) -> dict[str, DatasetSpec]:
    """ADSL with flag and reason of a set, and its dataset where a clause makes it."""
    told = sources_of(one, datasets)
    flag = Variable(one.flag, one.label, "text", "1", "Req", "NY", "Derived", told, sentence(one))
    reason = Variable(one.reason, f"Reason Out: {one.label}", "text", "200", "Cond", "", "Derived", told, _listed(one))
    variables = [flag, *([reason] if one.reason else [])]
    by_study = bool(declared.own & {one.id, *_chain(one, declared)})
    adsl = datasets[ADSL]
    kept = {v.name: _as_listed(v, adsl.by_name.get(v.name), by_study) for v in variables}
    known = tuple(kept.pop(v.name, v) for v in adsl.variables)
    found = {ADSL: replace(adsl, variables=(*known, *kept.values()))}
    if not one.declared:
        return found
    return found | {one.node: _own_dataset(one, one.label, variables, declared)}


def _chain(one: SubjectSet, declared: Declared) -> set[str]:
    """The sets whose reasons are tried before its own."""
    known, found = {other.id: other for other in declared.sets}, set[str]()
    while one.after in known and one.after not in found:
        found.add(one.after)
        one = known[one.after]
    return found


def _as_listed(made: Variable, listed: Variable | None, by_study: bool) -> Variable:
    """A set's variable with label, length and place as ADSL lists it; its words, where the standard's still hold."""
    if listed is None:
        return made
    told = {} if by_study else {w: getattr(listed, w) for w in ("source", "derivation") if getattr(listed, w)}
    return replace(listed, **({"source": made.source, "derivation": made.derivation} | told))


def _condition_datasets(
    one: Condition, datasets: Mapping[str, DatasetSpec], declared: Declared
) -> dict[str, DatasetSpec]:
    """The dataset that has the condition's variable or parameter, and its own where it is asked of subjects."""
    spec, variable = datasets[one.of], variable_of(one, datasets)
    parameter = bool(one.source) and one.of != ADSL
    if not parameter:
        found = {one.of: replace(spec, variables=(*spec.variables, variable))}
    elif spec.parameters:
        listed = Parameter(one.name, one.label, variable.derivation, variable.source)
        found = {one.of: replace(spec, parameters=(*spec.parameters, listed))}
    else:
        found = {}
    if asked_of_subjects(one):
        found[node_of(one)] = _own_dataset(one, one.label, (variable, SEEN[0], *SEEN[-3:]), declared)
    return found


def variable_of(one: Condition, datasets: Mapping[str, DatasetSpec]) -> Variable:
    """The variable that a condition becomes: a flag, or of the type of the value it takes."""
    told, derivation = sources_of(one, datasets), sentence(one)
    if not one.value:
        return Variable(one.name, one.label, "text", "1", "Cond", "NY", "Derived", told, derivation)
    own = datasets[one.source].by_name if one.source in datasets else {}
    known = {v.name: v for v in SEEN} | own
    taken = known.get(one.value) or subject_variables(datasets).get(one.value) or Variable(one.value)
    return replace(taken, name=one.name, label=one.label, core="Cond", origin="Derived", source=told,
                   derivation=derivation, comment="")  # fmt: skip


def subject_roots(datasets: Mapping[str, DatasetSpec]) -> list[str]:
    """The datasets of one record per subject that ADSL is put together from, in order."""
    return [name for name in source.functions("adam.adsl")["adsl"] if name in datasets]


def subject_variables(datasets: Mapping[str, DatasetSpec]) -> dict[str, Variable]:
    """All that is known of a subject by name: what the roots have and what is declared, as ADSL lists it if it does."""
    roots = {v.name: v for name in reversed(subject_roots(datasets)) for v in datasets[name].variables}
    return roots | datasets[ADSL].by_name if ADSL in datasets else roots


def sources_of(one: Declaration, datasets: Mapping[str, DatasetSpec]) -> str:
    """Where the variables that it names come from, as specs say it (`CM.CMDECOD, DS.DSDECOD[DSSCAT=...]`)."""
    records = datasets.get(one.source or (one.of if isinstance(one, Condition) else ADSL))
    subjects = subject_variables(datasets)
    found = []
    for name in named_by(one):
        own = records.by_name.get(name) if records else None
        if own is not None and records is not None and records.layer == "sdtm":
            found.append(f"{records.name.upper()}.{name}")
        else:
            found.append((own or subjects.get(name) or Variable(name)).source)
    return ", ".join(dict.fromkeys(part for told in found for part in told.split(", ") if part))


def sentence(one: Declaration) -> str:
    """The derivation of a condition or of a set's flag, in words."""
    where = " ".join(one.where.split())
    told = f"a record of {one.source.upper()} meets: {where}" if one.source else where
    text = f"Y when {one.says or told}."
    if isinstance(one, Condition) and one.value:
        record = f"{one.take} record of {one.source.upper()}" + (f" that meets: {where}" if where else "")
        text = one.says or f"{one.value} of the {record}; ties by date, then sequence number."
        text += f" {one.otherwise} where there is none." if one.otherwise else ""
    among = " ".join(one.among.split()) if isinstance(one, Condition) else ""
    return text + (f" Blank unless {among}." if among else "")


def _listed(one: SubjectSet) -> str:
    return f"First that applies: {'; '.join(one.reasons)}." if one.reasons else ""


def told_of(declared: Declared) -> dict[str, Told]:
    """What recipes are handed of it, by the name of the dataset that it makes, or upon which it is laid."""
    one_each = {name: Told(one, filled, declared.files) for name, one in declared.of_subjects.items()}
    others = dict.fromkeys(c.of for c in declared.conditions if c.of != ADSL)
    one_each["sets"] = Told(declared.sets, as_said, declared.files)
    return one_each | {f"{of}{LAID}": Told(declared.laid_upon(of), all_filled, declared.files) for of in others}


def as_said(said: Content, decisions: Mapping[str, Choice]) -> Content:
    """What names no decision."""
    return said


def filled(one: Declaration, decisions: Mapping[str, Choice]) -> Declaration:
    """It, with the value of each decision that its clauses name."""
    where = clauses.filled(one.where, decisions)
    if isinstance(one, SubjectSet):
        reasons = {text: clauses.filled(clause, decisions) for text, clause in one.reasons.items()}
        return replace(one, where=where, reasons=reasons)
    return replace(one, where=where, among=clauses.filled(one.among, decisions))


def all_filled(conditions: tuple[Condition, ...], decisions: Mapping[str, Choice]) -> tuple[Declaration, ...]:
    """The conditions of a dataset, with the value of each decision."""
    return tuple(filled(one, decisions) for one in conditions)
