"""What the conventions of study.yaml (day 0, study treatment) change in the sentences of dataset specs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from pipeline.ground.metadata import DatasetSpec, StudySettings, Variable

DAY, INFUSION = "CARTDY", "infusion"
CALLED = {"conditioning": "conditioning dose", "cells": "infusion of cells"}


def with_conventions(datasets: Mapping[str, DatasetSpec], study: StudySettings) -> dict[str, DatasetSpec]:
    """The dataset specs; what they say of CARTDY and of study treatment is what this study means by it."""
    told = _told(study)
    return {
        name: replace(spec, variables=tuple(_said(variable, told, study) for variable in spec.variables))
        if {*told, DAY} & {*spec.names} else spec
        for name, spec in datasets.items()
    }  # fmt: skip


def _told(study: StudySettings) -> dict[str, str]:
    """The sentences of the dates of study treatment by variable; none where the standard's hold."""
    if study.study_treatment == StudySettings().study_treatment:
        return {}
    roles = [CALLED[role] for role in study.study_treatment]
    first, any_of = ", else first ".join(roles), " or ".join(roles)
    start, end = f"First {first}.", f"End of the last {any_of}."
    return dict.fromkeys(("RFSTDTC", "RFXSTDTC", "TRTSDT"), start) | dict.fromkeys(("RFXENDTC", "TRTEDT"), end)


def _said(variable: Variable, told: Mapping[str, str], study: StudySettings) -> Variable:
    """The variable with the study's sentence."""
    if variable.name == DAY and study.infusion_day:
        sentence = variable.derivation.replace(
            f"the {INFUSION} day is 0", f"the {INFUSION} day is 1, the day before it -1"
        )
        return replace(variable, label=variable.label.replace(f"({INFUSION} 0)", f"({INFUSION} 1)"),
                       derivation=sentence)  # fmt: skip
    return replace(variable, derivation=told.get(variable.name, variable.derivation))
