"""What stands beside the response assessments (`endpoints/beside.yaml`), and the response that follows from it.

`criteria: {response: ...}` of study.yaml names the criteria: a table of `criteria/` (of the standard, or the study's
own), or Lugano, whose rules of PET and CT are those of the code. Where it names neither, no response follows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from pipeline.ground.clauses import named_in
from pipeline.ground.endpoints import Beside, Criterion, Derivation, HowMany
from pipeline.ground.metadata import DatasetSpec, Parameter, Variable
from pipeline.ground.words import did_you_mean
from pipeline.study import situations
from pipeline.study.condition_slips import LONGEST, NAME
from pipeline.study.conditions import CHANGES
from pipeline.study.decisions import Choice
from pipeline.study.endpoint_folder import EndpointContext, EndpointFolder, SpecPart, datasets_of
from pipeline.study.frozen import frozen
from pipeline.study.spec_input import SpecInput
from pipeline.study.yaml_text import Content

RECIPE, RECORDED, ADRS, DERIVED = "derived_responses", "assessments", "adrs", "OVRD"
LUGANO, LESIONS = "lugano", "tr"
PRIOR, BY_LUGANO = "PRIOR", "LUGANO"  # what a table may ask besides


def with_beside(datasets: Mapping[str, DatasetSpec], told: EndpointFolder) -> dict[str, DatasetSpec]:
    """The dataset specs, derived responses and ADRS with what stands beside assessments. Raises TrialError."""
    whole = dict(datasets)
    if not {RECIPE, RECORDED, ADRS} <= set(whole):
        return whole
    added = [_variable(name, one, told, whole) for name, one in told.beside.items()]
    for home in (RECIPE, ADRS):
        whole[home] = replace(whole[home], variables=(*whole[home].variables, *added))
    return whole


def _variable(name: str, one: SpecPart, told: EndpointFolder, datasets: Mapping[str, DatasetSpec]) -> Variable:
    """The variable that something beside assessments is. Raises TrialError for what is no variable."""
    words = one.words
    if not NAME.fullmatch(name):
        raise one.fault(f"'{name}' cannot be the name of a variable.", "a capital, then at most seven more or figures")
    if len(words["label"]) > LONGEST:
        what = f"The label of {name} has {len(words['label'])} characters."
        raise one.fault(what, f"at most {LONGEST}", "label")
    taken = {*datasets[RECORDED].names, *datasets[RECIPE].names, *datasets[ADRS].names, PRIOR, BY_LUGANO}
    if name in taken:
        raise one.fault(f"Response assessments have {name} already.", "use it as it is, or give yours another name")
    if ("nearest" in words) == ("cases" in words):
        raise one.fault(f"{name} is the value of the `nearest:` record, or of `cases:`, one of them.", "say which")
    if "cases" in words:
        longest = str(max(len(text) for text in (*words["cases"], words.get("otherwise", ""))))
        said = "; ".join(f"{text} when {clause}" if clause else text for text, clause in words["cases"].items())
        sentence = f"First that applies: {said}."
        return Variable(name, words["label"], "text", longest, "Cond", "", "Derived", "", sentence)
    return _of_record(name, one, told, datasets)


def _of_record(name: str, one: SpecPart, told: EndpointFolder, datasets: Mapping[str, DatasetSpec]) -> Variable:
    """The variable that holds a value of the nearest record, of the type of that value."""
    words, source = one.words, one.words["nearest"]
    if source not in told.sources:
        raise one.fault(f"Unknown source '{source}'.", did_you_mean(source, told.sources), "nearest")
    if "value" not in words:
        cure = "say value: and a variable of its records"
        raise one.fault(f"{name} does not say the value of the nearest record.", cure)
    of = told.sources[source].words["of"]
    known = datasets[of].by_name if of in datasets else {}
    if "days" not in words and not any(variable.endswith("LNKGRP") for variable in known):
        what = f"{of.upper()} has no link group: which of its records is meant by {name} is not said."
        raise one.fault(what, "say days: 0 for the same date")
    known = known | ({v.name: v for v in CHANGES} if "base" in words else {})
    value = words["value"]
    if value not in known:
        raise one.fault(f"{of.upper()} has no variable {value}.", did_you_mean(value, known), "value")
    told_from = f"{of.upper()}.{value}" if of in datasets and datasets[of].layer == "sdtm" else known[value].source
    within = f"at most {words['days']} days away" if "days" in words else "of the same link group"
    derivation = f"{value} of the nearest {source}, at equal distance the later, {within}."
    return replace(known[value], name=name, label=words["label"], core="Cond", origin="Derived", source=told_from,
                   derivation=derivation, comment="", codelist="")  # fmt: skip


def load_derivation(told: EndpointFolder, study: EndpointContext) -> SpecInput:
    """What stands beside assessments and the criterion in force. Raises TrialError with file, line and column."""
    table = _table(told, study)
    said = {"beside": {name: one.words for name, one in told.beside.items()}, "criterion": table.words if table else {}}
    names = dict.fromkeys(one.words["nearest"] for one in told.beside.values() if "nearest" in one.words)
    sources = {name: told.sources[name].words for name in names}
    subjects, datasets = datasets_of(_asked(said, study.datasets), sources, study.datasets)
    decisions = tuple(dict.fromkeys(name for _, name in situations.named_decisions([said, sources])))
    whole = said | {"sources": sources, "subjects": subjects}
    return SpecInput(whole, read_derivation, told.files, {RECIPE: datasets}, {RECIPE: decisions})


def _table(told: EndpointFolder, study: EndpointContext) -> SpecPart | None:
    """The table that the study's criteria are, if they are one. Raises TrialError where it asks what nobody says."""
    by_name = {name.casefold(): one for name, one in told.criteria.items()}
    table = by_name.get(study.criterion.casefold())
    if table is None:
        return None
    known = {*study.datasets[RECIPE].names, *study.datasets["subjects"].names, *told.beside, PRIOR, BY_LUGANO}
    counts = table.words.get("counts", {})
    asked = [(("counts", name), one) for name, count in counts.items() for one in count["of"]]
    asked += [(("cases", text), one) for text, clause in table.words["cases"].items() for one in named_in(clause)]
    for where, name in asked:
        if name not in known and name not in counts and not _of_subject(name, study.datasets):
            what = f"{table.words['criterion']} asks {name}, which does not stand beside the assessments."
            cure = f"{did_you_mean(name, known)}; what else stands beside them is said in endpoints/beside.yaml"
            raise table.fault(what, cure, *where)
    return table


def _of_subject(name: str, datasets: Mapping[str, DatasetSpec]) -> bool:
    return any(name in spec.names and spec.keys == ("STUDYID", "USUBJID") for spec in datasets.values())


def _asked(said: Content, datasets: Mapping[str, DatasetSpec]) -> Iterator[str]:
    """What is asked of the subject: bases, and what clauses name that assessments have not."""
    counts = said["criterion"].get("counts", {})
    own = {*said["beside"], *counts, PRIOR, BY_LUGANO, *(datasets[RECIPE].names if RECIPE in datasets else ())}
    yield from (name for one in counts.values() for name in one["of"] if name not in own)
    clauses = [*said["criterion"].get("cases", {}).values(), said["criterion"].get("among", "")]
    for one in said["beside"].values():
        yield from filter(None, [one.get("base", "")])
        clauses += one.get("cases", {}).values()
    yield from (name for clause in clauses for name in named_in(clause) if name not in own)


def read_derivation(said: Content, decisions: Mapping[str, Choice]) -> Derivation:
    """What stands beside the assessments, and the criterion, with the choices in force."""
    words = situations.filled(said, decisions)
    sources = {name: situations.source(name, one) for name, one in words["sources"].items()}
    beside = tuple(frozen(Beside, one, name=name) for name, one in words["beside"].items())
    criterion = read_criterion(words["criterion"]) if words["criterion"] else None
    return Derivation(beside, criterion, sources, tuple(words["subjects"]))


def read_criterion(words: Content) -> Criterion:
    """Criteria of response that are a table."""
    counts = {name: frozen(HowMany, one) for name, one in words.get("counts", {}).items()}
    return frozen(Criterion, words, counts=counts)


def with_derived(
    datasets: Mapping[str, DatasetSpec], told: EndpointFolder, study: EndpointContext
) -> dict[str, DatasetSpec]:
    """The dataset specs; ADRS has the derived response by a table, by Lugano where lesions are collected, or not."""
    if ADRS not in datasets or DERIVED in datasets[ADRS].without:
        return dict(datasets)
    adrs, table = datasets[ADRS], _table(told, study)
    lugano = study.criterion.casefold().startswith(LUGANO) and LESIONS not in study.study.not_collected
    if table is None and (lugano or DERIVED in study.listed):
        return dict(datasets)
    others = tuple(one for one in adrs.parameters if one.code != DERIVED)
    if table is None:
        return {**datasets, ADRS: replace(adrs, parameters=others, without=(*adrs.without, DERIVED))}
    asked = ", ".join(dict.fromkeys(name for clause in table.words["cases"].values() for name in named_in(clause)))
    sentence = f"First case of {table.words['criterion']} that holds, by {asked}."
    made = Parameter(DERIVED, table.words["label"], sentence, "RS.RSSTRESC")
    return {**datasets, ADRS: replace(adrs, parameters=(*others, made))}
