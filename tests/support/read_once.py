"""The specs of a study of the project, read once per test run: what is read is frozen, and no test changes it."""

from functools import cache
from pathlib import Path

from pipeline.study.specs import Specs, load_specs

ROOT = Path(__file__).resolve().parents[2]


@cache
def specs_of(study: str) -> Specs:
    """The specs of `study` as they stand in the project."""
    return load_specs(ROOT, study)
