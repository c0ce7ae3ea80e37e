"""What every analysis dataset is handed out with: core variables of ADSL, and what numbers its records.

Each can thereby be read alone. Recipes make neither; what a dataset's own spec has under the same name is its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from pipeline.ground.faults import TrialError
from pipeline.ground.metadata import DatasetSpec, Variable
from pipeline.ground.words import did_you_mean
from pipeline.study.declared import ADSL, Declared
from pipeline.study.yaml_text import place

SUBJECT = ("STUDYID", "USUBJID")
CODE, LABEL, DAY, TREATED = "PARAMCD", "PARAM", "ADT", "TRTSDT"
ASEQ = Variable("ASEQ", "Analysis Sequence Number", "integer", core="Req", origin="Derived",
                derivation="Number of the record within the subject, in the order of the dataset.")  # fmt: skip
PARCAT1 = Variable("PARCAT1", "Parameter Category 1", "text", "40", "Cond", origin="Assigned",
                   derivation="Category of the parameter.")  # fmt: skip
PARAMN = Variable("PARAMN", "Parameter (N)", "number", core="Cond", origin="Assigned",
                  derivation="Place of the parameter in the list of parameters, or of tests.")  # fmt: skip
ADY = Variable("ADY", "Analysis Relative Day", "number", core="Cond", origin="Derived",
               derivation="Day relative to the first treatment; that day is 1 and no day is 0.")  # fmt: skip


def with_core(datasets: Mapping[str, DatasetSpec], declared: Declared) -> dict[str, DatasetSpec]:
    """The datasets with the variables they carry of ADSL: those it lists, then the flag of each analysis set.

    Raises TrialError for a listed name that ADSL has not.
    """
    adsl = datasets.get(ADSL, DatasetSpec())
    names = dict.fromkeys([*_listed(adsl), *(one.flag for one in declared.sets if one.flag)])
    core = [_carried(adsl.by_name[name]) for name in names if name in adsl.by_name]
    return {name: _numbered(_carrying(spec, core)) if _takes(spec) else spec for name, spec in datasets.items()}


def _listed(adsl: DatasetSpec) -> tuple[str, ...]:
    for number, name in enumerate(adsl.core_variables):
        if name not in adsl.by_name and name not in adsl.without:
            path = next(one for one in reversed(adsl.files) if "core_variables:" in one.read_text("utf-8"))
            what = f"The core variable {name} is no variable of ADSL."
            raise TrialError(what, place(path, ("core_variables", number)), did_you_mean(name, adsl.names))
    return adsl.core_variables


def _takes(spec: DatasetSpec) -> bool:
    return spec.layer == "adam" and spec.name != ADSL and not spec.intermediate and "USUBJID" in spec.names


def _carried(one: Variable) -> Variable:
    return replace(one, origin="Predecessor", source=f"ADSL.{one.name}", derivation="", only="", otherwise="")


def _carrying(spec: DatasetSpec, core: list[Variable]) -> DatasetSpec:
    """The dataset, its subject's variables after those that name the subject."""
    added = tuple(one for one in core if one.name not in spec.by_name)
    at = max(spec.names.index(name) for name in SUBJECT if name in spec.names) + 1
    variables = (*spec.variables[:at], *added, *spec.variables[at:])
    return replace(spec, variables=variables, carried=tuple(one.name for one in added))


def _numbered(spec: DatasetSpec) -> DatasetSpec:
    """The dataset with what numbers its records and it does not make itself, each where readers look for it."""
    added = [one for one in _numbers(spec) if one[0].name not in (*spec.names, *spec.without)]
    variables = list(spec.variables)
    for variable, beside, after in added:
        at = [one.name for one in variables].index(beside) + after
        variables.insert(at, variable)
    return replace(spec, variables=tuple(variables), numbered=tuple(one.name for one, _, _ in added))


def _numbers(spec: DatasetSpec) -> Iterator[tuple[Variable, str, int]]:
    """What numbers the records of a dataset, with the variable that it stands beside: before it, or (1) after it."""
    if not {*spec.keys} <= {*SUBJECT}:
        yield ASEQ, "USUBJID", 1
    if spec.categories:
        yield PARCAT1, CODE, 0
    if CODE in spec.names:
        yield PARAMN, LABEL, 1
    if {DAY, TREATED} <= {*spec.names}:
        yield ADY, DAY, 1
