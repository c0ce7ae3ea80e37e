"""`made_by: subject` in a dataset's spec is a promise: made of parts of the subjects and stacked, it is the same."""

import random
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from read_once import specs_of

from pipeline.engine.core import with_handed
from pipeline.engine.graph import order
from pipeline.engine.node import AT, DATA, FINDINGS
from pipeline.engine.runner import Build, make
from pipeline.engine.store import parquet_bytes, read_parquet
from pipeline.study.specs import studies

ROOT = Path(__file__).parents[2]
STUDIES = studies(ROOT)
TRIAL = "one dataset of the trial, not of its subjects"
OF_TRIAL = dict.fromkeys(("ta", "te", "ti", "ts", "tv"), TRIAL)
ALL_AT_ONCE = {
    "reference_ranges": "of laboratories, of no subject", "relrec": "RELID numbers the groups of the study", **OF_TRIAL,
}  # fmt: skip
pytestmark = pytest.mark.slow


def parts(subjects: list[str]) -> list[list[str]]:
    """A few subjects, and the others, drawn at random."""
    drawn = random.Random(7).sample(sorted(subjects), len(subjects))
    return [drawn[::5], [subject for place, subject in enumerate(drawn) if place % 5]]


def of(frame: pd.DataFrame, subjects: list[str]) -> pd.DataFrame:
    """The records of these subjects, each under the number it had (no recipe may rest on the numbers of rows)."""
    return frame[frame["USUBJID"].isin(subjects)] if "USUBJID" in frame else frame


def made(build: Build, name: str, subjects: list[str]) -> dict[str, pd.DataFrame]:
    """The dataset made of these subjects' records alone, and its findings, as they are kept."""
    needed = {need: of(build.frame(need), subjects) for need in build.graph[name].needs}
    files = make(replace(build, frames=needed), build.graph[name])
    return {file: read_parquet(parquet_bytes(files[file])) for file in (DATA, FINDINGS) if file in files}


def stacked(frames: list[pd.DataFrame], keys: list[str]) -> pd.DataFrame:
    """The parts under each other in the order of the keys; a part without a record has no say in the types."""
    rows = pd.concat([f for f in frames if len(f)] or frames[:1], ignore_index=True)
    return rows.sort_values(keys, kind="stable", na_position="first", ignore_index=True)


def difference(build: Build, name: str) -> str:
    """What the parts, stacked, have otherwise than the whole; '' for nothing."""
    subjects, spec = list(build.frame("dm")["USUBJID"]), build.specs.datasets[name.partition(AT)[0]]
    whole = {file: build.frame(name, file) for file in (DATA, FINDINGS) if file in build.entries[name].files}
    cut = [made(build, name, part) for part in parts(subjects)]
    try:
        for file in whole:
            keys = list(spec.keys if file == DATA else whole[file].columns)
            of_parts = stacked([one[file] for one in cut], keys)
            pd.testing.assert_frame_equal(of_parts, stacked([whole[file]], keys), check_exact=True)
    except AssertionError as error:
        return f"{name}: {error}"
    return ""


@pytest.mark.parametrize("study", STUDIES)
def test_what_is_made_by_subject_is_the_same_of_parts_of_the_subjects(study, study_build):
    build = study_build(study)
    promised = [name for name in order(build.graph) if name in build.specs.datasets and
                build.specs.datasets[name].by_subject]  # fmt: skip
    promised = with_handed(promised, build.graph)
    for name in order(build.graph, promised):
        build.ensure(name)

    assert [broken for broken in (difference(build, name) for name in promised) if broken] == []


@pytest.mark.parametrize("study", STUDIES)
def test_a_dataset_is_made_by_subject_or_it_is_said_why_not(study):
    silent = [name for name, spec in specs_of(study).datasets.items() if not spec.by_subject]

    assert silent == list(ALL_AT_ONCE)
