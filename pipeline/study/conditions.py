"""The variables and datasets that declared conditions and analysis sets become.

A condition of ADSL and every analysis set with a flag has a dataset of its own, one record per subject, by which all
others take it; ADSL has its variables. A condition of another dataset is a variable, or (`from`) a parameter of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from pipeline.ground import source
from pipeline.ground.conditions import Condition, SubjectSet
from pipeline.ground.metadata import DatasetSpec, Parameter, Variable
from pipeline.study.declared import ADSL, Declaration, Declared, asked_of_subjects, named_by, node_of
from pipeline.study.naming import RECORDS

KEYS = (Variable("STUDYID", core="Req"), Variable("USUBJID", core="Req"))
# What records as seen (adam/derive/sources.py) have beside their own variables.
SEEN = (Variable("ADT", type="date"), Variable("ADTF"), Variable("ADTHI", type="date"),
        Variable("CARTDY", type="number"), Variable("SRCDOM"), Variable("SRCVAR"),
        Variable("SRCSEQ", type="number"))  # fmt: skip
# What they have when a condition says their `base`.
CHANGES = tuple(Variable(name, type="number") for name in ("BASE", "CHG", "PCHG", "R2BASE"))
SUBJECTS = "subjects"
UNSAID = tuple(variable.name for variable in (*KEYS, *SEEN))


def with_declared(datasets: Mapping[str, DatasetSpec], declared: Declared) -> dict[str, DatasetSpec]:
    """The datasets with the variables and parameters that are declared, and one for each thing asked of subjects."""
    found = dict(datasets)
    for name in declared.order:
        one = declared.by_name[name]
        if isinstance(one, SubjectSet):
            found |= _set_datasets(one, found, declared) if one.flag and ADSL in found else {}
        elif one.of in found and (not one.source or one.source in found):
            found |= _condition_datasets(one, found, declared)
    return found


def with_names(datasets: Mapping[str, DatasetSpec], declared: Declared) -> dict[str, DatasetSpec]:
    """The datasets with the clauses by name that may be asked of their records; sets are asked of subjects."""
    of = {one.name: one.of for one in declared.clauses}
    subjects = tuple(one for name, one in declared.named.items() if of.get(name, SUBJECTS) == SUBJECTS)
    found = dict(datasets)
    for name, spec in datasets.items():
        own = tuple(declared.named[one.name] for one in declared.clauses if one.of in (name, RECORDS))
        asked = subjects if name in (ADSL, SUBJECTS) else own
        found |= {name: replace(spec, clauses=asked)} if asked else {}
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
    told = sources_of(one, datasets, declared)
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
    spec, variable = datasets[one.of], variable_of(one, datasets, declared)
    parameter = bool(one.source) and one.of != ADSL
    if not parameter:
        found = {one.of: replace(spec, variables=_in_its_place(variable, spec))}
    elif spec.parameters:
        listed = Parameter(one.name, one.label, variable.derivation, variable.source)
        found = {one.of: replace(spec, parameters=(*spec.parameters, listed))}
    else:
        found = {}
    if asked_of_subjects(one):
        found[node_of(one)] = _own_dataset(one, one.label, (variable, SEEN[0], *SEEN[-3:]), declared)
    return found


def _in_its_place(made: Variable, spec: DatasetSpec) -> tuple[Variable, ...]:
    """The variables of a dataset with a condition's: last, or where it takes the place of one that is listed."""
    if made.name not in spec.by_name:
        return (*spec.variables, made)
    return tuple(made if listed.name == made.name else listed for listed in spec.variables)


def replaceable(datasets: Mapping[str, DatasetSpec]) -> set[str]:
    """The variables of ADSL that a study's condition may say otherwise: nothing but ADSL is made of them.

    A number at baseline is not among them: baseline.yaml says it, and doses are divided by it.
    """
    status, baseline = (datasets[name].variables if name in datasets else () for name in ("standing", "baseline"))
    told = [*status, *(variable for variable in baseline if variable.type == "text")]
    return {variable.name for variable in told} - {key.name for key in KEYS}


def variable_of(one: Condition, datasets: Mapping[str, DatasetSpec], declared: Declared) -> Variable:
    """The variable that a condition becomes: a flag, or of the type of the value it takes."""
    told, derivation = sources_of(one, datasets, declared), sentence(one)
    if one.cases:
        longest = str(max(sum(len(text + one.joined) for text in one.cases) if one.joined else 0,
                          *(len(text) for text in (*one.cases, one.otherwise))))  # fmt: skip
        return Variable(one.name, one.label, "text", longest, "Cond", "", "Derived", told, derivation)
    if not one.value:
        return Variable(one.name, one.label, "text", "1", "Cond", "NY", "Derived", told, derivation)
    own = datasets[one.source].by_name if one.source in datasets else {}
    known = {v.name: v for v in (*SEEN, *(CHANGES if one.base else ()))} | own
    taken = known.get(one.value) or subject_variables(datasets, declared).get(one.value) or Variable(one.value)
    return replace(taken, name=one.name, label=one.label, core="Cond", origin="Derived", source=told,
                   derivation=derivation, comment="")  # fmt: skip


def subject_roots(datasets: Mapping[str, DatasetSpec]) -> list[str]:
    """The datasets of one record per subject that ADSL is put together from, in order."""
    return [name for name in source.functions("adam.adsl")["adsl"] if name in datasets]


def makers(datasets: Mapping[str, DatasetSpec], declared: Declared) -> dict[str, str]:
    """The dataset that has each variable of subjects: a root of ADSL, a set or a condition."""
    sets = [one.node for one in declared.sets if one.flag and one.node in datasets]
    own = [name for name in (*sets, *declared.of_subjects) if name in datasets]
    found = {v: name for name in reversed(subject_roots(datasets)) for v in datasets[name].names}
    return found | {v: name for name in own for v in datasets[name].names if v not in UNSAID}


def subject_variables(datasets: Mapping[str, DatasetSpec], declared: Declared) -> dict[str, Variable]:
    """All that is known of a subject by name: what the roots have and what is declared, as ADSL lists it if it does."""
    listed = datasets[ADSL].by_name if ADSL in datasets else {}
    return {name: listed.get(name, datasets[of].by_name[name]) for name, of in makers(datasets, declared).items()}


def sources_of(one: Declaration, datasets: Mapping[str, DatasetSpec], declared: Declared) -> str:
    """Where the variables that it names come from, as specs say it (`CM.CMDECOD, DS.DSDECOD[DSSCAT=...]`)."""
    records = datasets.get(one.source or (one.of if isinstance(one, Condition) else ADSL))
    subjects = subject_variables(datasets, declared)
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
    dated = f", dated by {one.date}" if isinstance(one, Condition) and one.date else ""
    text = f"Y when {one.says or told}{dated}."
    if isinstance(one, Condition) and one.value:
        record = f"{one.take} record of {one.source.upper()}{dated}" + (f" that meets: {where}" if where else "")
        text = one.says or f"{one.value} of the {record}; ties by date, then sequence number."
        text += f" {one.otherwise} where there is none." if one.otherwise else ""
    if isinstance(one, Condition) and one.cases:
        cases = [f"{case} when {' '.join(clause.split())}" if clause else case for case, clause in one.cases.items()]
        which = "All that apply" if one.joined else "First that applies"
        text = one.says or f"{which}: {'; '.join([*cases, *filter(None, [one.otherwise])])}."
    among = " ".join(one.among.split()) if isinstance(one, Condition) else ""
    return text + (f" Blank unless {among}." if among else "")


def _listed(one: SubjectSet) -> str:
    return f"First that applies: {'; '.join(one.reasons)}." if one.reasons else ""
