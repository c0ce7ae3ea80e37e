"""What tests of the whole way share: the example study built once, also when tests run side by side."""

import fcntl
import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
os.environ.setdefault("TRIAL_WORKERS", "1")  # tests run side by side already


@pytest.fixture(scope="session")
def example_out(tmp_path_factory) -> Path:
    """The products of the primary study's newest example extract, built once per test run."""
    from pipeline.publish.build import Request, run

    shared = tmp_path_factory.getbasetemp()
    if shared.name.startswith("popen-"):
        shared = shared.parent
    out = shared / "example" / "out"
    with (shared / "example.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (out / "manifest.json").exists():
            run(Request(root=str(ROOT), out=str(out), quiet=True))
    return out


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that needs the example study built is slow, whether it says so or not."""
    for item in items:
        if "example_out" in getattr(item, "fixturenames", ()):
            item.add_marker("slow")
