"""A build on a Dask cluster has the bytes of one made in one process, also when a worker is killed half way."""

import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest
from read_once import specs_of

from pipeline.engine.graph import build_graph, order
from pipeline.engine.parallel import check_engine, workers
from pipeline.engine.store import Cache
from pipeline.ground.faults import TrialError
from pipeline.publish.build import Request, opened

ROOT, STUDY, TARGETS = Path(__file__).parents[2], "iomab_act", ["suppae", "suppdm"]
HALF = 5  # nodes made when the worker is killed


@pytest.mark.parametrize(("engine", "told"), [
    ("dsk", "Unknown engine 'dsk'"), ("processes=tcp://one:8786", "Unknown engine 'processes=tcp://one:8786'"),
])  # fmt: skip
def test_an_engine_that_there_is_not_is_refused_before_anything_is_made(engine, told):
    with pytest.raises(TrialError, match=told):
        check_engine(engine)


def test_dask_that_is_not_installed_is_told_with_the_cure(monkeypatch):
    monkeypatch.setattr("pipeline.engine.parallel.find_spec", lambda name: None)

    with pytest.raises(TrialError) as told:
        check_engine("dask=tcp://one:8786")

    assert "pip install 'trial-pipeline[cluster]'" in told.value.text()


@pytest.fixture(scope="module")
def build(tmp_path_factory):
    """A build of two datasets and what they rest on, made in this process."""
    made = opened(Request(study=STUDY, root=str(ROOT), out=str(tmp_path_factory.mktemp("one") / "out")))
    for name in order(made.graph, TARGETS):
        made.ensure(name)
    return made


@pytest.fixture(scope="module")
def cluster():
    """Two workers, processes of their own, which Dask starts again when they end."""
    distributed = pytest.importorskip("distributed", reason="Dask is not installed (extra `cluster`)")
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=50) as two:
        yield two


def test_a_scheduler_that_does_not_answer_is_told_with_the_cure(build, monkeypatch):
    pytest.importorskip("distributed", reason="Dask is not installed (extra `cluster`)")
    monkeypatch.setattr("pipeline.engine.cluster.PATIENCE", 0.2)
    with pytest.raises(TrialError, match="No Dask scheduler answers"), workers(build, "dask=tcp://127.0.0.1:9") as crew:
        crew.submit(len)


@pytest.mark.parametrize("killed", [False, True])
def test_the_bytes_are_those_of_one_process_also_in_partitions_and_when_a_worker_is_lost(
    killed, build, cluster, tmp_path
):
    graph = build_graph(specs_of(STUDY), 2)
    far = replace(build, graph=graph, cache=Cache(tmp_path / "cache"), entries={}, frames={}, made=[])
    victim = next(iter(cluster.workers.values())).pid
    with workers(far, f"dask={cluster.scheduler_address}") as crew:
        for number, _ in enumerate(crew.make(order(graph, TARGETS))):
            if killed and number == HALF:
                os.kill(victim, signal.SIGKILL)

    assert (next(iter(cluster.workers.values())).pid == victim) != killed
    whole = {name: build.entries[name].files for name in TARGETS}
    assert {name: far.entries[name].files for name in TARGETS} == whole
    assert set(far.made) == set(order(graph, TARGETS))
