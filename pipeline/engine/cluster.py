"""Nodes as tasks on a Dask cluster, of this machine or of others: the only door to dask.distributed (extra `cluster`).

Dask hands tasks out, makes those of a lost worker again, and lets workers come and go; what was made lies in the
cache, a folder that all workers see, so that a task made again finds it there, and a stopped run goes on.
"""

from __future__ import annotations

import logging
import os
import platform
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from pathlib import Path

from distributed import Client, LocalCluster
from distributed.diagnostics.plugin import WorkerPlugin
from distributed.worker import Worker

from pipeline.engine.runner import Build
from pipeline.engine.tasks import refuse, take
from pipeline.ground import source
from pipeline.ground.faults import TrialError
from pipeline.ground.machine import versions

PATIENCE = 30  # seconds in which a scheduler answers, and has a worker
MARK = ".shared-by"  # the file of the cache by which a worker finds that it is the same folder
SHARE = "share specs, extract and products with it under the same path, and let it write there"


class HandedOut(WorkerPlugin):
    """What every worker is given when it comes: the build, after a look whether it can take part in it."""

    name = "trial build"

    def __init__(self, build: Build):
        self.build, self.program, self.run = build, program(), this_run()

    def setup(self, worker: Worker) -> None:
        """Hand the build to a worker. Raises TrialError for one of another program, or that does not see the files.

        Dask notes what is raised of a worker that comes later, and hands it tasks all the same: these say it then.
        """
        try:
            self.look_at(worker)
        except TrialError as error:
            refuse(error)
            raise
        take(self.build)

    def look_at(self, worker: Worker) -> None:
        """Raises TrialError for a worker of another program, or that does not see the files."""
        if self.program != program():
            what = f"The worker {worker.address} has another version of the program, of Python or of a library."
            raise TrialError(what, worker.address, "install there what is installed here, and start the worker again")
        for folder in (self.build.specs.root, self.build.delivery.folder, self.build.cache.folder):
            if not folder.exists():
                raise TrialError(f"The worker {worker.address} does not see {folder}.", worker.address, SHARE)
        look_for_mark(self.build.cache.folder, self.run, worker.address)


def look_for_mark(folder: Path, run: str, worker: str) -> None:
    """Raises TrialError where a worker sees another folder under the path of the cache, or cannot write into it."""
    mark, own = folder / MARK, folder / f"{MARK}.{worker.rpartition('/')[2].replace(':', '-')}"
    if not mark.is_file() or mark.read_text(encoding="utf-8") != run:
        raise TrialError(f"The worker {worker} has a folder of its own under {folder}.", worker, SHARE)
    try:
        own.write_text(run, encoding="utf-8")
        own.unlink()
    except OSError as error:
        raise TrialError(f"The worker {worker} cannot write into {folder}.", worker, SHARE) from error


def this_run() -> str:
    """The process that builds, by its machine and number."""
    return f"{platform.node()} {os.getpid()}"


def program() -> dict[str, str]:
    """What must be the same on every machine: the code, Python and the libraries that bytes depend on."""
    return versions() | {package: source.package_hash(package) for package in source.PACKAGES}


@contextmanager
def executor(build: Build, address: str, count: int) -> Iterator[Executor]:
    """The workers of a scheduler, or `count` of this machine, each given the build. Raises TrialError."""
    build.cache.folder.mkdir(parents=True, exist_ok=True)
    mark = build.cache.folder / MARK
    mark.write_text(this_run(), encoding="utf-8")
    try:
        with _client(address, count) as client:
            _wait_for_worker(client, address)
            client.register_plugin(HandedOut(build))
            yield client.get_executor(pure=False)
            client.unregister_worker_plugin(HandedOut.name)
    finally:
        mark.unlink(missing_ok=True)


def _wait_for_worker(client: Client, address: str) -> None:
    """Raises TrialError for a scheduler to which no worker comes."""
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
    except TimeoutError as error:
        cure = f"start one: dask worker {address} --nthreads 1 --memory-limit 4GiB"
        raise TrialError("The Dask scheduler has no worker.", address, cure) from error


@contextmanager
def _client(address: str, count: int) -> Iterator[Client]:
    """A connection to the scheduler, or to one that is started here with its workers, a process each."""
    if address:
        try:
            client = Client(address, timeout=PATIENCE, set_as_default=False)
        except (OSError, ValueError) as error:
            cure = "start one (dask scheduler, and dask worker ADDRESS --nthreads 1), or say --engine dask"
            raise TrialError("No Dask scheduler answers.", address, cure) from error
        with client:
            yield client
        return
    quiet = {"silence_logs": logging.CRITICAL, "dashboard_address": None}
    with LocalCluster(n_workers=count, threads_per_worker=1, **quiet) as cluster, Client(cluster) as client:
        yield client
