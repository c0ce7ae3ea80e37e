"""What is made of datasets that are there: cut to a treatment period, parts stacked, handed out with what is core."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pipeline.engine.node import Node
from pipeline.engine.periods import CUT, STACK
from pipeline.ground.metadata import DatasetSpec, StudySettings
from pipeline.study.periods import SUBJECTS

if TYPE_CHECKING:
    import pandas as pd


def cut(given: list[pd.DataFrame], spec: DatasetSpec, study: StudySettings, period: int) -> pd.DataFrame:
    """The records of a domain that one period may look at."""
    from adam.derive.periods import of_period

    return of_period(given[0], spec, given[1], period)


def stack(given: list[pd.DataFrame], spec: DatasetSpec, study: StudySettings, period: int) -> pd.DataFrame:
    """The parts of a dataset under each other, as its spec orders them."""
    from adam.derive.periods import stacked

    whole = stacked(given[:-1], given[-1], study.periods)[list(spec.own.names)]
    whole = whole.sort_values(list(spec.keys), kind="stable", na_position="first", ignore_index=True)
    return whole.assign(ASEQ=whole.groupby("USUBJID").cumcount() + 1) if "ASEQ" in whole.columns else whole


def core(given: list[pd.DataFrame], spec: DatasetSpec, places: Mapping[str, int]) -> pd.DataFrame:
    """The dataset with what it carries of its subjects in ADSL, and numbered; same records in the same order."""
    from adam.derive.merge import derive_vars_merged
    from adam.derive.numbers import derive_vars_numbers

    carrying = derive_vars_merged(given[0], given[1], list(spec.carried))
    return derive_vars_numbers(carrying, spec.numbered, places, spec.categories)[list(spec.names)]


def argument(node: Node, word: str, value: Any) -> Any:
    """A setting as the recipe of a node receives it: of the visits those of its period."""
    if word == "period":
        return node.period or 1
    if word != "visits" or not node.period or "PERIOD" not in value:
        return value
    return value[value["PERIOD"].isna() | (value["PERIOD"] == str(node.period))]


def completed(node: Node, dataset: pd.DataFrame, starts: pd.DataFrame | None, study: StudySettings) -> pd.DataFrame:
    """What a recipe has made; ADSL of a study of several periods with the dates of each."""
    from adam.derive.periods import period_variables

    if node.dataset != SUBJECTS or starts is None:
        return dataset
    return period_variables(dataset, starts, len(study.periods))


MADE = {CUT: cut, STACK: stack}
