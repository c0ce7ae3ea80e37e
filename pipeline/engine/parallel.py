"""Nodes, and what is made beside them, side by side: each thing as soon as what it needs is there.

Workers are started afresh (spawn), not forked: a fork of a process with threads can stand still for ever.
"""

from __future__ import annotations

import ctypes
import dataclasses
import multiprocessing
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Any

from pipeline.engine.graph import upstream
from pipeline.engine.runner import Build
from pipeline.engine.store import Entry
from pipeline.ground.faults import ColumnError, DefectError, FaultError, TrialError
from pipeline.ground.machine import collect_seldom, processors

MOST_WORKERS = 8
_given: list[Build] = []


class Workers:
    """A pool that is started when the first thing has to be made; with one processor everything is made in place."""

    def __init__(self, build: Build, count: int):
        self.build, self.count = build, count
        self.pool: ProcessPoolExecutor | None = None
        self.begun: dict[str, Future[Any]] = {}

    def submit(self, task: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Run a task in a worker, or here when there are none."""
        if self.count < 2:
            return _here(task, self.build, *arguments)
        if self.pool is None:
            context = multiprocessing.get_context("spawn")
            given = dataclasses.replace(self.build, frames={}, made=[], seen={})
            self.pool = ProcessPoolExecutor(self.count, mp_context=context, initializer=_worker, initargs=(given,))
        return self.pool.submit(_in_worker, task, *arguments)

    def make(self, names: list[str]) -> Iterator[tuple[str, float]]:
        """Make nodes given in the order of making; yields each one that was not in the cache, with its seconds."""
        todo = list(names)
        running: dict[Future[Any], str] = {}
        while todo or running:
            self._without_what_failed(todo)
            ready = [name for name in todo if self._ready(name)]
            if todo and not ready and not running:
                raise DefectError(f"{todo[0]} waits for what is made after it.", "", "name it in a later stage")
            for name in ready:
                todo.remove(name)
                self.begin(name)
                if name in self.begun:
                    running[self.begun.pop(name)] = name
            if not running:
                continue
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                name = running.pop(future)
                made = self._outcome(name, future)
                if made:
                    self.build.entries[name], seconds = made
                    self.build.made.append(name)
                    yield name, seconds

    def _without_what_failed(self, todo: list[str]) -> None:
        """Leave away what rests on an output that failed."""
        for name in list(todo):
            lost = [need for need in self.build.graph[name].needs if need in self.build.failed]
            if lost:
                todo.remove(name)
                self.build.failed[name] = f"It rests on {lost[0]}, which could not be made."

    def _outcome(self, name: str, future: Future[Any]) -> Any:
        """What a task gave; what failed and stops no other is noted. Raises what stops the build."""
        try:
            return future.result()
        except BrokenProcessPool as error:
            what = "A part of this run was ended from outside, probably because memory ran out."
            raise TrialError(what, name, "close other programs, or say TRIAL_WORKERS=1, and run again") from error
        except Exception as error:
            if not self._others_go_on(name, error):
                raise
            self.build.failed[name] = _told(error)
            return None

    def _others_go_on(self, name: str, error: Exception) -> bool:
        """True for an output that failed, and for a column that cannot be read unless every output rests on it."""
        outputs, graph = self.build.specs.outputs, self.build.graph
        if isinstance(error, ColumnError):
            return not all(name in upstream(graph, [output]) for output in outputs)
        return name in outputs and not isinstance(error, OSError)

    def begin(self, name: str) -> None:
        """Start a node whose needs are there, and go on; `make` or `finish` waits for it."""
        if name not in self.begun and self._ready(name) and not self.build.known(name):
            needs = {need: self.build.entries[need] for need in self.build.graph[name].needs}
            self.begun[name] = self.submit(_make_node, name, needs)

    def finish(self, name: str) -> Iterator[tuple[str, float]]:
        """Wait for a node that was begun; yields it with its seconds when it was not in the cache."""
        future = self.begun.pop(name, None)
        if future is not None:
            self.build.entries[name], seconds = self._outcome(name, future)
            self.build.made.append(name)
            yield name, seconds

    def _ready(self, name: str) -> bool:
        return all(need in self.build.entries for need in self.build.graph[name].needs)

    def beside(
        self, names: list[str], known: Callable[[str], bool], task: Callable[..., bool], kept_as: Callable[[str], str]
    ) -> Iterator[tuple[str, float]]:
        """Make one more thing of nodes that stand (their pages), unless it is known; yields those made now."""
        running = {}
        for name in [n for n in names if not known(n)]:
            running[self.submit(_make_beside, task, name, kept_as(name), self.build.entries[name])] = name
        for future, name in running.items():
            outcome = self._outcome(name, future)
            if outcome is None:
                self.build.entries.pop(name)
                continue
            self.build.entries[kept_as(name)], made, seconds = outcome
            if made:
                self.build.made.append(kept_as(name))
                yield name, seconds


@contextmanager
def workers(build: Build) -> Iterator[Workers]:
    """As many workers as there are processors (or as TRIAL_WORKERS says)."""
    crew = Workers(build, min(processors(), MOST_WORKERS))
    try:
        yield crew
    finally:
        if crew.pool is not None:
            crew.pool.shutdown(wait=True, cancel_futures=True)


def _here(task: Callable[..., Any], *arguments: Any) -> Future[Any]:
    done: Future[Any] = Future()
    try:
        done.set_result(task(*arguments))
    except Exception as error:
        done.set_exception(error)
    return done


def _told(error: Exception) -> str:
    """Why an output could not be made: the user's fault in words, the program's with the place in it."""
    if isinstance(error, FaultError):
        return error.text()
    lines = "".join(traceback.format_exception(error)).rstrip()
    return f"The program itself is at fault: {type(error).__name__}: {error}\n{lines}"


def _worker(build: Build) -> None:
    """A worker leaves Ctrl-C to its parent and does not outlive it."""
    _given[:] = [build]
    collect_seldom()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def _in_worker(task: Callable[..., Any], *arguments: Any) -> Any:
    return task(_given[0], *arguments)


def _make_node(build: Build, name: str, needs: dict[str, Entry]) -> tuple[Entry, float]:
    started = time.perf_counter()
    build.entries.update(needs)
    build.ensure(name)
    return build.entries[name], time.perf_counter() - started


def _make_beside(
    build: Build, task: Callable[..., bool], name: str, kept: str, entry: Entry
) -> tuple[Entry, bool, float]:
    started = time.perf_counter()
    build.entries[name] = entry
    made = task(build, name)
    return build.entries[kept], made, time.perf_counter() - started
