"""Nodes as tasks on a Dask cluster, of this machine or of others: the only door to dask.distributed (extra `cluster`).

Dask hands tasks out, makes those of a lost worker again, and lets workers come and go; what was made lies in the
cache, a folder that all workers see, so that a task made again finds it there, and a stopped run goes on.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager

from distributed import Client, LocalCluster
from distributed.diagnostics.plugin import WorkerPlugin
from distributed.worker import Worker

from pipeline.engine.runner import Build
from pipeline.engine.tasks import take
from pipeline.ground import source
from pipeline.ground.faults import TrialError
from pipeline.ground.machine import versions

PATIENCE = 30  # seconds in which a scheduler answers


class HandedOut(WorkerPlugin):
    """What every worker is given when it comes: the build, after a look whether it can take part in it."""

    name = "trial build"

    def __init__(self, build: Build):
        self.build, self.program = build, program()

    def setup(self, worker: Worker) -> None:
        """Hand the build to a worker. Raises TrialError for one of another program, or that does not see the files."""
        if self.program != program():
            what = f"The worker {worker.address} has another version of the program, of Python or of a library."
            raise TrialError(what, worker.address, "install there what is installed here, and start the worker again")
        for folder in (self.build.specs.root, self.build.delivery.folder, self.build.cache.folder):
            if not folder.exists():
                what = f"The worker {worker.address} does not see {folder}."
                raise TrialError(what, worker.address, "share specs, extract and products with it under the same path")
        take(self.build)


def program() -> dict[str, str]:
    """What must be the same on every machine: the code, Python and the libraries that bytes depend on."""
    return versions() | {package: source.package_hash(package) for package in source.PACKAGES}


@contextmanager
def executor(build: Build, address: str, count: int) -> Iterator[Executor]:
    """The workers of a scheduler, or `count` of this machine, each given the build. Raises TrialError."""
    build.cache.folder.mkdir(parents=True, exist_ok=True)
    with _client(address, count) as client:
        client.register_plugin(HandedOut(build))
        yield client.get_executor(pure=False)


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
