"""doses.yaml, kinetics.yaml, baseline.yaml, alive.yaml: what is said of a subject's course."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from pipeline.ground import clauses
from pipeline.ground.course import (
    DAYS,
    KINETIC_MEASURES,
    MEASURES,
    REFERENCES,
    ROLES,
    TAKES,
    UNTREATED,
    AliveSource,
    BaselineSource,
    BaselineValue,
    DoseParameter,
    KineticParameter,
)
from pipeline.ground.metadata import DatasetSpec, Parameter, Variable
from pipeline.study import shapes
from pipeline.study.decisions import Choice
from pipeline.study.declared import NOTHING, Declared
from pipeline.study.frozen import frozen
from pipeline.study.spec_input import SpecInput
from pipeline.study.yaml_text import Content

DOSES, DOSES_FILE, ADEX = "doses", "doses.yaml", "adex"
DOSE_PARAMETER: shapes.Shape = {
    "label!": "text", "role!": frozenset(ROLES), "measure!": frozenset(MEASURES), "where": "text",
    "infusion": "count", "weight": "text", "planned": "text",
}  # fmt: skip
DOSE_PARAMETERS: shapes.Shape = {"*": (DOSE_PARAMETER, "")}
KINETICS, KINETICS_FILE, ADPP = "kinetics", "kinetics.yaml", ("adpp", "adpp_sources")
KINETIC_PARAMETERS: shapes.Shape = {"*": (
    {"label!": "text", "measure!": frozenset(KINETIC_MEASURES), "where": "text", "to": "size"}, "",
)}  # fmt: skip
BASELINES, BASELINE_FILE, BASELINE, SUBJECTS = "baselines", "baseline.yaml", "baseline", "adsl"
BASELINE_SOURCE: shapes.Shape = {
    "of!": "text", "value!": "text", "where": "text", "before": frozenset(REFERENCES), "day": frozenset(DAYS),
    "take": frozenset(TAKES), "untreated": frozenset(UNTREATED),
}  # fmt: skip
BASELINE_VALUE: shapes.Shape = BASELINE_SOURCE | {
    "label": "label", "type": frozenset({"number", "text"}), "decimals": "count", "else": [BASELINE_SOURCE],
}  # fmt: skip
BASELINE_VALUES: shapes.Shape = {"*": (BASELINE_VALUE, "")}
ALIVE_SOURCES, ALIVE_FILE, ALIVE = "alive_sources", "alive.yaml", "alive"
ALIVE_RECORDS: shapes.Shape = {"*": (
    {"of!": "text", "date!": "text", "where": "text", "decision": "text"}, "",
)}  # fmt: skip


def load_doses(standard: Path, folder: Path, declared: Declared = NOTHING) -> SpecInput:
    """What the standard and the study say of exposure. Raises TrialError with file, line and column."""
    said, files = _said(standard, folder, DOSES_FILE, DOSE_PARAMETERS, declared)
    return SpecInput(said, dose_parameters, files, {}, {ADEX: _decisions(said.values(), DOSES_FILE)})


def load_kinetics(standard: Path, folder: Path, declared: Declared = NOTHING) -> SpecInput:
    """What the standard and the study say of kinetics. Raises TrialError with file, line and column."""
    said, files = _said(standard, folder, KINETICS_FILE, KINETIC_PARAMETERS, declared)
    asked = _decisions(said.values(), KINETICS_FILE)
    return SpecInput(said, kinetic_parameters, files, {}, dict.fromkeys(ADPP, asked))


def load_baselines(standard: Path, folder: Path, declared: Declared = NOTHING) -> SpecInput:
    """What the standard and the study say of values at baseline. Raises TrialError with file, line and column."""
    said, files = _said(standard, folder, BASELINE_FILE, BASELINE_VALUES, declared)
    sources = [source for words in said.values() for source in (words, *words.get("else", []))]
    datasets = tuple(dict.fromkeys(source["of"] for source in sources))
    return SpecInput(said, baseline_values, files, {BASELINE: datasets}, {BASELINE: _decisions(sources, BASELINE_FILE)})


def load_alive(
    standard: Path, folder: Path, datasets: Mapping[str, DatasetSpec], declared: Declared = NOTHING
) -> SpecInput:
    """The records that show a subject alive. Raises TrialError with file, line and column."""
    said, files = _said(standard, folder, ALIVE_FILE, ALIVE_RECORDS, declared)
    of = [one["of"] for one in said.values()]
    named = [name for one in of for name in (one, *([f"supp{one}"] if f"supp{one}" in datasets else []))]
    asked = (*_decisions(said.values(), ALIVE_FILE), *(one["decision"] for one in said.values() if one.get("decision")))
    by_recipe = {ALIVE: tuple(dict.fromkeys(named))}
    return SpecInput(said, alive_sources, files, by_recipe, {ALIVE: tuple(dict.fromkeys(asked))})


def alive_sources(said: Content, decisions: Mapping[str, Choice]) -> tuple[AliveSource, ...]:
    """The records that count, decisions filled in."""
    counted = [one for one in said.values() if decisions.get(one.get("decision", "").lower(), True)]
    return tuple(
        frozen(AliveSource, one, where=clauses.filled(one.get("where", ""), decisions, ALIVE_FILE)) for one in counted
    )


def _said(
    standard: Path, folder: Path, name: str, shape: shapes.Shape, declared: Declared
) -> tuple[Content, tuple[Path, ...]]:
    """The entries of a file of the standard and of the study, which win; one that says nothing is left out."""
    files = tuple(path for path in (standard / name, folder / name) if path.exists())
    said: Content = {}
    for path in files:
        said |= shapes.load(path, shape)
    return declared.in_full({code: words for code, words in said.items() if words}, files)


def _decisions(entries: Iterable[Content], file: str) -> tuple[str, ...]:
    """The decisions that the clauses of entries quote."""
    wheres = [one["where"] for one in entries if one.get("where")]
    return tuple(dict.fromkeys(name for where in wheres for name in clauses.read(where, file).decisions))


def baseline_values(said: Content, decisions: Mapping[str, Choice]) -> tuple[BaselineValue, ...]:
    """The values in their order, decisions filled in."""
    return tuple(
        frozen(BaselineValue, words, name=name, sources=tuple(_sources(words, decisions)))
        for name, words in said.items()
    )


def _sources(words: Content, decisions: Mapping[str, Choice]) -> Iterator[BaselineSource]:
    for source in (words, *words.get("else", [])):
        where = clauses.filled(source.get("where", ""), decisions, BASELINE_FILE)
        yield frozen(BaselineSource, source, where=where)


def with_baselines(datasets: Mapping[str, DatasetSpec], values: Iterable[BaselineValue]) -> dict[str, DatasetSpec]:
    """The dataset specs; BASELINE and ADSL with the variables that a study adds at baseline."""
    told, added = dict(datasets), [_variable(one) for one in values]
    for name in (BASELINE, SUBJECTS):
        if name in told:
            new = tuple(variable for variable in added if variable.name not in told[name].names)
            told[name] = replace(told[name], variables=(*told[name].variables, *new))
    return told


def _variable(one: BaselineValue) -> Variable:
    """The variable of a value at baseline, with how it is made in a sentence."""
    first = one.sources[0]
    day = {"out": "", "in": " or on that day", "time": " or earlier on that day"}[first.day]
    where = f" where {first.where}" if first.where else ""
    sentence = f"The {first.take} {first.value} of {first.of.upper()}{where} before {first.before}{day}"
    then = "".join(f"; else of {other.of.upper()}" + (f" where {other.where}" if other.where else "")
                   for other in one.sources[1:])  # fmt: skip
    return Variable(one.name, one.label, one.type, "200" if one.type == "text" else "", "Cond", "", "Derived",
                    f"{first.of.upper()}.{first.value}", f"{sentence}{then}.")  # fmt: skip


def with_doses(datasets: Mapping[str, DatasetSpec], parameters: Iterable[DoseParameter]) -> dict[str, DatasetSpec]:
    """The dataset specs, ADEX with the parameters of doses.yaml."""
    if ADEX not in datasets:
        return dict(datasets)
    told = tuple(Parameter(one.code, one.label, _sentence(one), "EX.EXDOSE, EX.EXSTDTC") for one in parameters)
    return {**datasets, ADEX: replace(datasets[ADEX], parameters=told)}


def _sentence(one: DoseParameter) -> str:
    """How a parameter is made, in a sentence."""
    whole = "all infusions of the period" if not one.infusion else f"infusion {one.infusion} of the period"
    by = f", divided by {one.weight}" if one.weight else ""
    where = f" where {one.where}" if one.where else ""
    measure = MEASURES[one.measure] + (f" ({one.planned})" if one.planned else "")
    return f"{measure} of {one.role}{where}, {whole}{by}."


def with_kinetics(
    datasets: Mapping[str, DatasetSpec], parameters: Iterable[KineticParameter]
) -> dict[str, DatasetSpec]:
    """The dataset specs, ADPP with the parameters of kinetics.yaml."""
    name = ADPP[0]
    if name not in datasets:
        return dict(datasets)
    told = tuple(Parameter(one.code, one.label, _of_samples(one), "PC.PCSTRESN, PC.PCDTC") for one in parameters)
    return {**datasets, name: replace(datasets[name], parameters=told)}


def _of_samples(one: KineticParameter) -> str:
    """How a kinetic parameter is made, in a sentence."""
    to = f", from (0, 0) to day {one.to:g}" if one.to else ""
    where = f" where {one.where}" if one.where else ""
    return f"{KINETIC_MEASURES[one.measure]}{to}, of the samples after the day of the infusion{where}."


def kinetic_parameters(said: Content, decisions: Mapping[str, Choice]) -> tuple[KineticParameter, ...]:
    """The parameters in their order, decisions filled in."""
    return tuple(
        frozen(KineticParameter, words, code=code, to=float(words.get("to", 0)),
               where=clauses.filled(words.get("where", ""), decisions, KINETICS_FILE))
        for code, words in said.items()
    )  # fmt: skip


def dose_parameters(said: Content, decisions: Mapping[str, Choice]) -> tuple[DoseParameter, ...]:
    """The parameters in their order, decisions filled in."""
    return tuple(
        frozen(DoseParameter, words, code=code, where=clauses.filled(words.get("where", ""), decisions, DOSES_FILE))
        for code, words in said.items()
    )
