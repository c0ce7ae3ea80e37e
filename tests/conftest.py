"""What tests of the whole way share: the example study built once, also when tests run side by side."""

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from lean_study import STUDY, Lean, lean_project
from side_by_side import alone, shared_folder

from pipeline.ground.machine import collect_seldom

ROOT = Path(__file__).resolve().parents[1]
os.environ.setdefault("TRIAL_WORKERS", "1")  # tests run side by side already
os.environ.setdefault("TRIAL_NO_REVIEW", "1")  # the review site has tests of its own (tests/review)


def pytest_collection() -> None:
    """Next to nothing that is made while tests are collected goes again: to look for it was a quarter of that time."""
    gc.disable()


def pytest_runtestloop() -> None:
    """What was collected stays to the end: only what tests make is looked at, as seldom as in a run."""
    gc.freeze()
    gc.enable()
    collect_seldom()


def _lean(shared: Path) -> Lean:
    return Lean(shared / "lean" / "project", shared / "lean" / "out")


@contextmanager
def _place(shared: Path, study: str) -> Iterator[Path]:
    """Where a study is built; nobody else builds it meanwhile. What the lean study was made of is not made again."""
    with alone(shared / "studies" / study) as home:
        home.mkdir(exist_ok=True)
        known, cache = _lean(shared).known, home / ".out.cache"
        if study == STUDY and known.exists() and not cache.exists():
            shutil.copytree(known, cache)
        yield home / "out"


@pytest.fixture(scope="session")
def study_build(tmp_path_factory):
    """The build of a study's newest example extract with all that its outputs (and `further` nodes) rest on, no page.

    Each thing is made once per test run.
    """
    from pipeline.engine.graph import order
    from pipeline.publish.build import Request, opened

    shared, known = shared_folder(tmp_path_factory), {}

    def built(study: str, *further: str):
        with _place(shared, study) as out:
            if study not in known:
                known[study] = opened(Request(root=str(ROOT), study=study, out=str(out)))
            build = known[study]
            for name in order(build.graph, [*build.specs.outputs, *further]):
                if name not in build.entries:
                    build.ensure(name)
        return build

    return built


@pytest.fixture(scope="session")
def study_out(tmp_path_factory) -> Callable[[str], Path]:
    """The products of a study's newest example extract, by the study's name; each is built once per test run."""
    from pipeline.publish.build import Request, run

    shared = shared_folder(tmp_path_factory)

    def built(study: str) -> Path:
        with _place(shared, study) as out:
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
# The longest first, one after the other of another study or of none, so that no worker waits for what the other builds.
FIRST = [ROOT / "tests" / name for name in (
    "manual/test_pages.py", "pipeline/test_whole_way.py", "manual/test_guide.py", "pipeline/test_few_targets.py",
    "second_derivation/test_against_adam.py", "manual/test_readme.py")]  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that needs a whole study built or a whole extract read, or stands in slow.txt, is slow without saying so.

    The files that build whole studies come first and the quick ones last, so that side by side no worker waits long
    for the other at the end.
    """
    stage = {path: place - len(FIRST) for place, path in enumerate(FIRST)}
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

    made = _lean(shared_folder(tmp_path_factory))
    with alone(made.out.parent) as home:
        if not made.known.exists():
            home.mkdir(exist_ok=True)
            lean_project(made.root)
            assert run(Request(root=str(made.root), out=str(made.out), quiet=True)) == 0
            shutil.copytree(home / ".out.cache", home / "copy")
            (home / "copy").rename(made.known)
    return made
