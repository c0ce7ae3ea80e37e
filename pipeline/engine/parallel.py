"""Nodes, and what is made beside them, side by side: each thing as soon as what it needs is there.

Workers are processes of this machine, or those of a Dask cluster (pipeline/engine/cluster.py). Processes are started
afresh (spawn), not forked: a fork of a process with threads can stand still for ever.
"""

from __future__ import annotations

import ctypes
import dataclasses
import multiprocessing
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from queue import SimpleQueue
from typing import Any

from pipeline.engine.graph import upstream
from pipeline.engine.partition import entry_for
from pipeline.engine.runner import Build
from pipeline.engine.tasks import in_worker, make_beside, make_node, take, timed
from pipeline.engine.turns import Turns
from pipeline.ground import source
from pipeline.ground.faults import ColumnError, DefectError, FaultError, TrialError
from pipeline.ground.machine import processors
from pipeline.ground.words import did_you_mean

MOST_WORKERS = 8
PROCESSES, DASK = "processes", "dask"
LOST = (BrokenProcessPool, CancelledError)  # what a task ends with that was not at fault itself


class TaskBeside:
    """A task beside the nodes: the seconds of the processor that it took are told by its name when it is waited for."""

    def __init__(self, name: str, begun: Future[tuple[Any, float]], taken: dict[str, float]):
        self.name, self.begun, self.taken = name, begun, taken

    def result(self) -> Any:
        """What it gives. Raises what it raised."""
        given, self.taken[self.name] = self.begun.result()
        return given

    def exception(self) -> BaseException | None:
        """What it raised."""
        error = self.begun.exception()
        if error is None:
            self.result()
        return error


class Workers:
    """A pool that is started when the first thing has to be made; with one processor everything is made in place."""

    def __init__(self, build: Build, count: int, engine: str = PROCESSES, held: ExitStack | None = None):
        self.build, self.count, self.engine = build, count, engine
        self.held = held or ExitStack()
        self.pool: Executor | None = None
        self.begun: dict[str, Future[Any]] = {}
        self.taken: dict[str, float] = {}  # seconds of the processor of what was made beside nodes, by its name

    def submit(self, task: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Run a task in a worker, or here when there are none."""
        if self.count < 2 and self.engine == PROCESSES:
            return _here(task, self.build, *arguments)
        if self.pool is None:
            given = dataclasses.replace(self.build, frames={}, made=[], seen={})
            self.pool = self.held.enter_context(_started(self.engine, given, self.count))
        return self.pool.submit(in_worker, task, *arguments)

    def one_of(self, count: int, task: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Run a task, one of so many: for a single one no workers are started, it is done here."""
        return _here(task, self.build, *arguments) if self.in_place(count) else self.submit(task, *arguments)

    def in_place(self, count: int) -> bool:
        """True where a task, one of so many, is done in this process."""
        return self.engine == PROCESSES and (self.count < 2 or (count == 1 and self.pool is None))

    def timed(self, name: str, task: Callable[..., Any], *arguments: Any, count: int = 2) -> TaskBeside:
        """Run a task that makes no node, one of so many, and note its seconds under a name."""
        return TaskBeside(name, self.one_of(count, timed, task, *arguments), self.taken)

    def make(self, names: list[str]) -> Iterator[tuple[str, float]]:
        """Make nodes given in the order of making; yields each one that was not in the cache, with its seconds."""
        turns, running = Turns(self.build.graph, names, self.build.entries), dict[Future[Any], str]()
        ended: SimpleQueue[Future[Any]] = SimpleQueue()
        for lost in [one for one in turns.asked_by if one in self.build.failed]:
            self._fail(turns, lost)
        while True:
            while name := turns.next():
                self.begin(name, len(names))
                if name in self.begun:
                    begun = self.begun.pop(name)
                    running[begun] = name
                    begun.add_done_callback(ended.put)
                else:
                    turns.made(name)
            if not running:
                break
            future = ended.get()
            name = running.pop(future)
            made = self._outcome(name, future)
            if not made:
                self._fail(turns, name)
                continue
            self.build.entries[name], seconds = made
            self.build.made.append(name)
            turns.made(name)
            yield name, seconds
        if turns.waiting:
            raise DefectError(f"{turns.waiting} waits for what is made after it.", "", "name it in a later stage")

    def _fail(self, turns: Turns, name: str) -> None:
        """Leave away what rests on a node that failed."""
        for one, lost in turns.lost(name):
            self.build.failed[one] = f"It rests on {lost}, which could not be made."

    def _outcome(self, name: str, future: Future[Any]) -> Any:
        """What a task gave; what failed and stops no other is noted. Raises what stops the build."""
        try:
            return future.result()
        except LOST as error:
            what = "A part of this run was ended from outside, probably because memory ran out."
            raise TrialError(what, name, "close other programs, or say TRIAL_WORKERS=1, and run again") from error
        except Exception as error:
            if type(error).__name__ == "KilledWorker":  # of Dask, which is not loaded for its name
                what = "Every worker that began this part was ended from outside, probably because memory ran out."
                raise TrialError(what, name, "give workers more memory, and run again: what is made stays") from error
            if not self._others_go_on(name, error):
                raise
            self.build.failed[name], self.build.traces[name] = _told(error)
            return None

    def _others_go_on(self, name: str, error: Exception) -> bool:
        """True for an output that failed, and for a column that cannot be read unless every output rests on it."""
        outputs, graph = self.build.specs.outputs, self.build.graph
        if isinstance(error, ColumnError):
            return not all(name in upstream(graph, [output]) for output in outputs)
        return name in outputs and not isinstance(error, OSError)

    def begin(self, name: str, count: int = 2) -> None:
        """Start a node, one of so many, whose needs are there, and go on; `make` or `finish` waits for it."""
        if name not in self.begun and self._ready(name) and not self.build.known(name):
            graph, node = self.build.graph, self.build.graph[name]
            needs = {need: self.build.entries[need] for need in node.needs}
            if not self.in_place(count):  # here what is told of a need takes the place of all that is known of it
                needs = {need: entry_for(node, entry, graph.get(need)) for need, entry in needs.items()}
            self.begun[name] = self.one_of(count, make_node, name, needs)

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
        running, todo = {}, [name for name in names if not known(name)]
        for name in todo:
            begun = self.one_of(len(todo), make_beside, task, name, kept_as(name), self.build.entries[name])
            running[begun] = name
        for future, name in running.items():
            outcome = self._outcome(name, future)
            if outcome is None:
                self.build.entries.pop(name)
                continue
            self.build.entries[kept_as(name)], made, seconds = outcome
            if made:
                self.build.made.append(kept_as(name))
                yield name, seconds


def check_engine(engine: str) -> None:
    """Raises TrialError for an engine that there is not, or that is not installed."""
    kind, _, address = engine.partition("=")
    if kind not in ("", PROCESSES, DASK) or (address and kind != DASK):
        cure = f"say processes, dask or dask=tcp://HOST:PORT; {did_you_mean(kind, (PROCESSES, DASK))}"
        raise TrialError(f"Unknown engine '{engine}'.", "--engine", cure)
    if kind == DASK and find_spec("distributed") is None:
        cure = "install it (pip install 'trial-pipeline[cluster]'), or leave --engine away"
        raise TrialError("Dask is not installed here.", "--engine dask", cure)


@contextmanager
def workers(build: Build, engine: str = "") -> Iterator[Workers]:
    """As many workers as there are processors (or as TRIAL_WORKERS says), or those of the cluster that is named."""
    with ExitStack() as held:
        yield Workers(build, min(processors(), MOST_WORKERS), engine or PROCESSES, held)


@contextmanager
def _started(engine: str, build: Build, count: int) -> Iterator[Executor]:
    """Workers that were given the build, until the run ends."""
    if engine != PROCESSES:
        from pipeline.engine.cluster import executor

        with executor(build, engine.partition("=")[2], count) as pool:
            yield pool
        return
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(count, mp_context=context, initializer=_worker, initargs=(build,))
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _here(task: Callable[..., Any], *arguments: Any) -> Future[Any]:
    done: Future[Any] = Future()
    try:
        done.set_result(task(*arguments))
    except Exception as error:
        done.set_exception(error)
    return done


def _told(error: Exception) -> tuple[str, str]:
    """Why an output could not be made: the user's fault in words, the program's with its place and its traceback."""
    if isinstance(error, FaultError):
        return error.text(), ""
    trace = "".join(traceback.format_exception(error))
    what, cure = f"The program itself is at fault: {type(error).__name__}: {error}", "send log/trial.log to its makers"
    return FaultError(what, source.place_of(trace, __file__), cure).text(), trace


def _worker(build: Build) -> None:
    """A worker leaves Ctrl-C to its parent and does not outlive it."""
    take(build)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)
