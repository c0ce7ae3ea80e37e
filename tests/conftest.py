"""What tests of the whole way share: the example study built once, also when tests run side by side."""

import fcntl
import gc
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from lean_study import Lean, lean_project

ROOT = Path(__file__).resolve().parents[1]
os.environ.setdefault("TRIAL_WORKERS", "1")  # tests run side by side already
os.environ.setdefault("TRIAL_NO_REVIEW", "1")  # the review site has tests of its own (tests/review)


def pytest_collection() -> None:
    """Next to nothing that is made while tests are collected goes again: to look for it was a quarter of that time."""
    gc.disable()


def pytest_runtestloop() -> None:
    """What was collected stays to the end: it is not looked at each time that memory is tidied up."""
    gc.freeze()
    gc.enable()


def _shared(factory: pytest.TempPathFactory) -> Path:
    """The folder that all workers of a test run have in common."""
    base = factory.getbasetemp()
    return base.parent if base.name.startswith("popen-") else base


@pytest.fixture(scope="session")
def study_build(tmp_path_factory):
    """The build of a study's newest example extract with all that its outputs (and `further` nodes) rest on, no page.

    Each thing is made once per test run.
    """
    from pipeline.engine.graph import order
    from pipeline.publish.build import Request, opened

    shared, known = _shared(tmp_path_factory), {}

    def built(study: str, *further: str):
        out = shared / "studies" / study / "out"
        out.parent.mkdir(parents=True, exist_ok=True)
        with (shared / "studies" / f"{study}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if study not in known:
                known[study] = opened(Request(root=str(ROOT), study=study, out=str(out)))
            build = known[study]
            for name in order(build.graph, [*build.specs.outputs, *further]):
                build.ensure(name)
        return build

    return built


@pytest.fixture(scope="session")
def study_out(tmp_path_factory) -> Callable[[str], Path]:
    """The products of a study's newest example extract, by the study's name; each is built once per test run."""
    from pipeline.publish.build import Request, run

    shared = _shared(tmp_path_factory)

    def built(study: str) -> Path:
        out = shared / "studies" / study / "out"
        out.parent.mkdir(parents=True, exist_ok=True)
        with (shared / "studies" / f"{study}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (out / "manifest.json").exists():
                assert run(Request(root=str(ROOT), study=study, out=str(out), quiet=True)) == 0
        return out

    return built


@pytest.fixture(scope="session")
def example_out(study_out) -> Path:
    """The products of the primary study's newest example extract, built once per test run."""
    from pipeline.publish.build import primary_study

    return study_out(primary_study(ROOT))


WHOLE_STUDY = {"study_out", "study_build"}
SLOW = [ROOT / line for line in (ROOT / "tests" / "slow.txt").read_text(encoding="utf-8").splitlines()[1:]]
EXTRACT = {"lean", "damaged"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that needs a whole study built or a whole extract read, or stands in slow.txt, is slow without saying so.

    The files that build whole studies come first and the quick ones last, so that side by side no worker waits long
    for the other at the end.
    """
    stage: dict[Path, int] = {}
    listed = {path: any(path.is_relative_to(place) for place in SLOW) for path in {item.path for item in items}}
    for item in items:
        needed = set(getattr(item, "fixturenames", ()))
        if needed & (WHOLE_STUDY | EXTRACT) or listed[item.path]:
            item.add_marker("slow")
        slow = item.get_closest_marker("slow") is not None
        stage[item.path] = min(stage.get(item.path, 2), 0 if needed & WHOLE_STUDY else 1 if slow else 2)
    items.sort(key=lambda item: stage[item.path])


@pytest.fixture(scope="session")
def lean(tmp_path_factory) -> Lean:
    """The example study with the outputs it writes itself and two of its catalogue, built once per test run.

    For tests that build it again and again: what they hold does not depend on how many outputs there are.
    """
    from pipeline.publish.build import Request, run

    shared = _shared(tmp_path_factory)
    home = shared / "lean"
    home.mkdir(parents=True, exist_ok=True)
    made = Lean(home / "project", home / "out")
    with (shared / "lean.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (made.out / "manifest.json").exists():
            lean_project(made.root)
            assert run(Request(root=str(made.root), out=str(made.out), quiet=True)) == 0
    return made
