"""`trial coverage`: where every raw field went, in words."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.engine.audit import COVERAGE
from pipeline.engine.coverage import as_lines
from pipeline.engine.runner import Build
from pipeline.why.trace import made


def told(build: Build, lost: bool) -> Iterator[str]:
    """The lines for all fields, or for those of which values went nowhere; the sums at the end are of all."""
    made(build, COVERAGE)
    return as_lines(build.frame(COVERAGE), lost)
