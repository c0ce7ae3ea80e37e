"""A build on a Dask cluster has the bytes of one made in one process, also when workers are killed half way."""

import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest
from read_once import specs_of

from pipeline.engine import tasks
from pipeline.engine.graph import build_graph, order
from pipeline.engine.parallel import check_engine, workers
from pipeline.engine.store import Cache
from pipeline.ground.faults import TrialError
from pipeline.publish.build import Request, opened

ROOT, STUDY, TARGETS = Path(__file__).parents[2], "iomab_act", ["suppae", "suppdm"]
MEMORY = "--memory-limit"
KILLED, STOPPED = (5, 12), 20  # nodes made when a worker is killed, and when the run ends


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


def test_a_scheduler_to_which_no_worker_comes_is_told_with_the_cure(build, monkeypatch):
    distributed = pytest.importorskip("distributed", reason="Dask is not installed (extra `cluster`)")
    monkeypatch.setattr("pipeline.engine.cluster.PATIENCE", 1)
    with distributed.LocalCluster(n_workers=0, dashboard_address=None, silence_logs=50) as nobody:
        address = f"dask={nobody.scheduler_address}"
        with pytest.raises(TrialError, match=f"no worker[^@]*{MEMORY}"), workers(build, address) as crew:
            crew.submit(len)


def test_a_worker_that_does_not_see_the_folder_of_the_run_is_told_before_anything_is_made(build, cluster, tmp_path):
    """Its own folder may lie under the same path; no run has left its mark there."""
    from distributed import Client

    from pipeline.engine.cluster import HandedOut

    for folder, told in ((tmp_path / "none", "does not see"), (tmp_path, "a folder of its own")):
        far = HandedOut(replace(build, cache=Cache(folder)))
        with (
            Client(cluster.scheduler_address, set_as_default=False) as client,
            pytest.raises(TrialError, match=told) as error,
        ):
            client.register_plugin(far)
        assert "share specs, extract and products" in error.value.text()


def test_a_task_says_why_its_worker_takes_no_part_until_the_worker_is_given_a_build(monkeypatch):
    monkeypatch.setattr(tasks, "_given", [])
    monkeypatch.setattr(tasks, "_refused", [])
    tasks.refuse(TrialError("The worker tcp://one:1 does not see /shared."))
    with pytest.raises(TrialError, match="does not see /shared"):
        tasks.in_worker(str)
    tasks.take("the build")

    assert tasks.in_worker(str) == "the build"


@pytest.mark.parametrize("lost", [False, True])
def test_the_bytes_are_those_of_one_process_also_in_partitions_and_when_workers_and_then_the_run_are_lost(
    lost, build, cluster, tmp_path
):
    """Each worker is killed once; the run ends a few nodes later, and another one goes on."""
    graph = build_graph(specs_of(STUDY), 2)
    asked, begun = order(graph, TARGETS), [far_of(build, graph, tmp_path)]
    victims = [one.pid for one in cluster.workers.values()] if lost else []
    with workers(begun[0], f"dask={cluster.scheduler_address}") as crew:
        for number, _ in enumerate(crew.make(asked), start=1):
            if number in KILLED and victims:
                os.kill(victims.pop(), signal.SIGKILL)
            if lost and number == STOPPED:
                break
    if lost:
        begun.append(far_of(build, graph, tmp_path))
        with workers(begun[1], f"dask={cluster.scheduler_address}") as crew:
            list(crew.make(asked))

    assert not victims
    whole = {name: build.entries[name].files for name in TARGETS}
    assert {name: begun[-1].entries[name].files for name in TARGETS} == whole
    assert set(begun[-1].entries) == set(asked)
    assert sum(len(one.made) for one in begun) <= len(asked)  # what lay in the cache was not made again


def far_of(build, graph, folder):
    """The build over partitions, with nothing made but what lies in the cache of this folder."""
    return replace(build, graph=graph, cache=Cache(folder / "cache"), entries={}, frames={}, made=[])
