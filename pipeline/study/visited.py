"""The domains whose records tell visits: what the visits of subjects are made of (sdtm/visits.py)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from pipeline.ground.metadata import DatasetSpec
from pipeline.study.decisions import Choice
from pipeline.study.spec_input import SpecInput

VISITED, OF_VISITS = "visited", "subject_visits"


def load_visited(datasets: Mapping[str, DatasetSpec], mapped: Collection[str]) -> dict[str, SpecInput]:
    """The mapped domains with a VISITNUM, for the recipe of visits."""
    names = [name for name, spec in datasets.items() if spec.layer == "sdtm" and "VISITNUM" in spec.by_name]
    domains = tuple(name for name in names if name in mapped)
    return {VISITED: SpecInput(domains, _as_said, datasets={OF_VISITS: tuple(f"{name}_mapped" for name in domains)})}


def _as_said(said: Any, decisions: Mapping[str, Choice]) -> Any:
    return said
