"""Nodes of a study's graph made by the runner from given datasets, without a delivery or a cache."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import pandas as pd
from read_once import specs_of
from tables import given, supp

from pipeline.engine.graph import build_graph, order
from pipeline.engine.node import DATA, FINDINGS, MAPPED
from pipeline.engine.runner import Build, make
from pipeline.ground.metadata import StudySettings
from pipeline.study.periods import with_periods
from pipeline.study.specs import Specs


def with_study(specs: Specs, **words: object) -> Specs:
    """The specs of a study whose study.yaml says otherwise."""
    study: StudySettings = replace(specs.study, **words)
    return replace(specs, study=study, datasets=with_periods(specs.datasets, study))


def example(**words: object) -> Specs:
    """The specs of an example study whose study.yaml says otherwise."""
    return with_study(specs_of("iomab_act"), **words)


def made(
    specs: Specs, datasets: dict[str, pd.DataFrame], targets: Collection[str], cutoff: str = "2026-06-30"
) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """What the runner makes of SDTM datasets (those not given are empty), by node; and all findings."""
    graph = build_graph(specs)
    build = Build(specs, None, cutoff, graph, None)
    findings = []
    for name in order(graph, list(targets)):
        if name in datasets:
            build.frames[name] = datasets[name]
        elif name in specs.datasets and specs.datasets[name].layer == "sdtm":
            first = "USUBJID" if "USUBJID" in specs.datasets[name].names else specs.datasets[name].names[0]
            build.frames[name] = supp("", "", "USUBJID SEQ QNAM QVAL") if "supp" in name else given(name, first)
        elif graph[name].kind not in ("raw", "mapped"):
            found = make(build, graph[name])
            build.frames[name] = found[DATA]
            findings.append(found.get(FINDINGS, pd.DataFrame()))
    assert not any(name.endswith(MAPPED) for name in build.frames)
    return build.frames, pd.concat(findings, ignore_index=True)
