"""What is looked into is there: made, or taken from the cache."""

from __future__ import annotations

from pipeline.engine.graph import order
from pipeline.engine.runner import Build


def made(build: Build, *targets: str) -> None:
    """Make sure the targets and all they need are there; what this build knows already is not asked for again."""
    for name in order(build.graph, list(targets)):
        if name not in build.entries:
            build.ensure(name)
