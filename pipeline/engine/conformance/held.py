"""The datasets of a study as rules look at them: each with its spec, the study around it, its codelists and core."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

import pandas as pd

from pipeline.engine.conformance.rule import Checked, StudyFrames
from pipeline.ground.closed_lists import closed_lists
from pipeline.ground.metadata import DatasetSpec
from pipeline.study.declared import ADSL

TERMS = ("codelist", "extensible", "submission")
Terms: TypeAlias = "list[tuple[Any, ...]]"


def checked(
    study: Mapping[str, pd.DataFrame], specs: Mapping[str, DatasetSpec], lineage: Mapping[str, pd.DataFrame],
    terminology: pd.DataFrame,
) -> Iterator[Checked]:  # fmt: skip
    """Each dataset that people are handed and that has records; `lineage` are the records behind values of several."""
    made = {name: data for name, data in study.items() if len(data) and not specs[name].intermediate}
    terms, core, frames = terms_of(terminology), core_of(specs), StudyFrames(made)
    for name, data in made.items():
        yield Checked(data, specs[name], frames, lineage, closed_lists(specs[name].variables, terms), core)


def terms_of(terminology: pd.DataFrame) -> Terms:
    """The terms of all codelists, each with what says whether its list can be extended."""
    return [*terminology.reindex(columns=list(TERMS)).itertuples(index=False, name=None)]


def core_of(specs: Mapping[str, DatasetSpec]) -> tuple[str, ...]:
    """The variables that analysis datasets carry of ADSL."""
    return specs[ADSL].core_variables if ADSL in specs else ()
