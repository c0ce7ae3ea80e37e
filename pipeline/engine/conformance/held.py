"""The datasets of a study as rules look at them: each with its spec, the study around it, its codelists and core."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from pipeline.engine.conformance.rule import Checked
from pipeline.ground.closed_lists import closed_lists
from pipeline.ground.metadata import DatasetSpec
from pipeline.study.declared import ADSL

TERMS = ("codelist", "extensible", "submission")


def checked(
    study: Mapping[str, pd.DataFrame], specs: Mapping[str, DatasetSpec], lineage: Mapping[str, pd.DataFrame],
    terminology: pd.DataFrame,
) -> Iterator[Checked]:  # fmt: skip
    """Each dataset that people are handed and that has records; `lineage` are the records behind values of several."""
    terms = [*terminology.reindex(columns=list(TERMS)).itertuples(index=False, name=None)]
    made = {name: data for name, data in study.items() if len(data) and not specs[name].intermediate}
    core = specs[ADSL].core_variables if ADSL in specs else ()
    for name, data in made.items():
        yield Checked(data, specs[name], made, lineage, closed_lists(specs[name].variables, terms), core)
