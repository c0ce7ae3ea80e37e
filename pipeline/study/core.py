"""Core variables: what every analysis dataset that people are handed carries of ADSL, so that it can be read alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from pipeline.ground.faults import TrialError
from pipeline.ground.metadata import DatasetSpec, Variable
from pipeline.ground.words import did_you_mean
from pipeline.study.declared import ADSL, Declared
from pipeline.study.yaml_text import place

SUBJECT = ("STUDYID", "USUBJID")


def with_core(datasets: Mapping[str, DatasetSpec], declared: Declared) -> dict[str, DatasetSpec]:
    """The datasets with the variables they carry of ADSL: those it lists, then the flag of each analysis set.

    Raises TrialError for a listed name that ADSL has not.
    """
    adsl = datasets.get(ADSL, DatasetSpec())
    names = dict.fromkeys([*_listed(adsl), *(one.flag for one in declared.sets if one.flag)])
    core = [_carried(adsl.by_name[name]) for name in names if name in adsl.by_name]
    return {name: _carrying(spec, core) if _takes(spec) else spec for name, spec in datasets.items()}


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
