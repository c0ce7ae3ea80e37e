"""What a worker does: it is given a build once, and of that makes nodes, and what is made beside them."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock
from typing import Any

from pipeline.engine.runner import Build
from pipeline.engine.store import Entry
from pipeline.ground.faults import FaultError
from pipeline.ground.machine import collect_seldom, give_back

LONG = 1.0  # seconds of the processor from which on a task may leave much memory that nothing uses
_given: list[Build] = []
_refused: list[FaultError] = []
_one = Lock()


def take(build: Build) -> None:
    """Hold the build that the tasks of this process are of."""
    _given[:] = [build]
    _refused.clear()
    collect_seldom()


def refuse(error: FaultError) -> None:
    """Take no part in a build: a task that is handed to this process all the same raises why."""
    _given.clear()
    _refused[:] = [error]


def in_worker(task: Callable[..., Any], *arguments: Any) -> Any:
    """Run a task of the build that this worker was given; one at a time, however many threads the worker has.

    Raises what the worker was refused for.
    """
    with _one:
        if _refused:
            raise _refused[0]
        started = time.process_time()
        try:
            return task(_given[0], *arguments)
        finally:
            if time.process_time() - started > LONG:
                give_back()


def timed(build: Build, task: Callable[..., Any], *arguments: Any) -> tuple[Any, float]:
    """What a task gives, and the seconds of the processor that it took."""
    started = time.process_time()
    return task(build, *arguments), time.process_time() - started


def make_node(build: Build, name: str, needs: dict[str, Entry]) -> tuple[Entry, float]:
    """Make a node unless the cache has it; its entry, and the seconds of the processor that it took."""
    started = time.process_time()
    build.entries.update(needs)
    build.ensure(name)
    return build.entries[name], time.process_time() - started


def make_beside(
    build: Build, task: Callable[..., bool], name: str, kept: str, entry: Entry
) -> tuple[Entry, bool, float]:
    """Make what a task makes of a node that stands; its entry, whether it was made now, and seconds as above."""
    started = time.process_time()
    build.entries[name] = entry
    made = task(build, name)
    return build.entries[kept], made, time.process_time() - started
