"""`trial coverage`: where every raw field went, in words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pipeline.engine.audit import COVERAGE
from pipeline.engine.coverage import as_lines
from pipeline.engine.runner import Build
from pipeline.ground.faults import TrialError
from pipeline.why.annotated_form import page
from pipeline.why.made import made


def told(build: Build, lost: bool) -> Iterator[str]:
    """The lines for all fields, or for those of which values went nowhere; the sums at the end are of all."""
    made(build, COVERAGE)
    return as_lines(build.frame(COVERAGE), lost)


def write_page(build: Build, file: str) -> str:
    """Write the annotated CRF to a file, and name it. Raises TrialError where it cannot be written."""
    made(build, COVERAGE)
    try:
        Path(file).write_text(page(build.specs.study.study, build.frame(COVERAGE)), encoding="utf-8")
    except OSError as error:
        raise TrialError(f"The page cannot be written: {error.strerror}.", file, "name another file") from error
    return file
