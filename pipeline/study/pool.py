"""A pool of studies (`one+other`): what is said of it in specs/standard/pool, and of each of its studies a column.

Its datasets are those of finished studies, stacked; what outputs print of them stands once, for any studies.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from pipeline.ground.clauses import quoted
from pipeline.ground.faults import TrialError
from pipeline.ground.metadata import StudySettings
from pipeline.study.named import Named
from pipeline.study.settings import load_settings

JOINED, FOLDER, COLUMNS = "+", "pool", "STUDIES"
DATASETS = ("adsl", "adae", "adcrs", "adtte")


def is_pool(name: str) -> bool:
    """True for the name of a pool: those of its studies, joined."""
    return JOINED in name


def studies_of(name: str) -> tuple[str, ...]:
    """The studies of a pool by their folders; none of what is no pool. Raises TrialError for one named twice."""
    names = tuple(name.split(JOINED)) if is_pool(name) else ()
    twice = next((one for one in names if names.count(one) > 1), "")
    if twice:
        raise TrialError(f"The study {twice} is named twice.", name, "name each study of a pool once")
    return names


def folder_of(root: Path, name: str) -> Path:
    """The folder of what a study, or a pool, says of itself."""
    return root / "specs" / "standard" / FOLDER if is_pool(name) else root / "specs" / name


def settings_of_pool(written: StudySettings, root: Path, names: tuple[str, ...]) -> StudySettings:
    """What the pool says of itself, named after its studies. Raises TrialError where two say one identifier."""
    told = {name: load_settings(root / "specs" / name / "study.yaml") for name in names}
    pooled = {name: settings.study for name, settings in told.items()}
    known = list(pooled.values())
    for name, study in pooled.items():
        if known.count(study) > 1:
            what = f"Two studies of the pool are called {study}: subjects could not be told apart."
            raise TrialError(what, str(root / "specs" / name / "study.yaml"), "give each an identifier of its own")
    graded = dict.fromkeys(one.criteria["toxicity"] for one in told.values() if "toxicity" in one.criteria)
    joined = " + ".join(known)
    return replace(written, study=joined, name=joined, pooled=pooled, criteria={"toxicity": " and ".join(graded)})


def with_studies(named: Named, pooled: Mapping[str, str]) -> Named:
    """What outputs may name, with a column of each study, and all of these under one name (STUDIES)."""
    columns = {name.upper(): {"label": study, "where": f"STUDYID == {quoted(study)}"} for name, study in pooled.items()}
    return replace(named, columns={**named.columns, **columns}, groups={COLUMNS: tuple(columns)})
