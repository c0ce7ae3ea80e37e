"""Endpoints as the files of the standard and of a study say them, and the times of one subject by them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pandas as pd
from recipes import decisions
from tables import STANDARD, declared, given

from adam.derive.tte import Setting, derive_param_tte
from pipeline.ground.endpoints import Endpoints, Responses
from pipeline.ground.metadata import DatasetSpec, StudySettings
from pipeline.study.conditions import with_declared
from pipeline.study.datasets import study_datasets
from pipeline.study.decisions import load_decisions
from pipeline.study.endpoint_folder import EndpointContext, read_folder
from pipeline.study.endpoints import load_endpoints, read_endpoints
from pipeline.study.responses import load_responses, read_responses
from pipeline.study.spec_input import SpecInput

SETS = {"INF": {"where": 'INFFL == "Y"'}, "RESP": {"where": 'RESPFL == "Y"'},
        "ITT": {"where": 'ITTFL == "Y"'}, "ALL": {"where": ""}}


@cache
def datasets() -> dict[str, DatasetSpec]:
    """The standard's datasets, with those of its analysis sets."""
    return with_declared(study_datasets(STANDARD, STANDARD / "none"), declared())


def told(
    files: dict[str, str] | None = None, listed: tuple[str, ...] = (), load: Callable = load_endpoints
) -> SpecInput:
    """What the standard's endpoints (or responses) and those of a study say; `files` are the study's, by name."""
    with tempfile.TemporaryDirectory() as made:
        home = Path(made)
        (home / "endpoints").mkdir(exist_ok=True)
        (home / "study.yaml").write_text(f"endpoints: [{', '.join(listed)}]\n", encoding="utf-8")
        for name, text in (files or {}).items():
            (home / "endpoints" / name).write_text(text, encoding="utf-8")
        known = load_decisions(STANDARD, home / "none")
        settings = StudySettings(endpoints=listed)
        study = EndpointContext(SETS, datasets(), known, settings, home / "study.yaml")
        return load(read_folder(STANDARD, home, known), study)


def endpoints(files: dict[str, str] | None = None, listed: tuple[str, ...] = (), **choices: object) -> Endpoints:
    """The endpoints that are made, with the standard's decisions or other choices."""
    return read_endpoints(told(files, listed).said, decisions() | choices)


def responses(files: dict[str, str] | None = None, listed: tuple[str, ...] = (), **choices: object) -> Responses:
    """The response parameters, with the standard's decisions or other choices."""
    return read_responses(told(files, listed, load_responses).said, decisions() | choices)


def times(
    code: str, of: Endpoints, people: pd.DataFrame, windows: pd.DataFrame, **datasets: pd.DataFrame
) -> pd.DataFrame:
    """The times of one endpoint; a dataset that is not given has no records."""
    endpoint = next(one for one in of.made if one.code == code)
    needed = {source.of for source in of.sources.values()} - {"subjects"}
    frames = {name: given(name, "USUBJID") for name in needed} | datasets
    return derive_param_tte(people, endpoint, Setting(of.sources, frames, windows))
