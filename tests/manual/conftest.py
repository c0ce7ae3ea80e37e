"""A project with the example study as `trial init` lays it out, built; pages of the guide and README type there."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from side_by_side import alone, shared_folder


@pytest.fixture(scope="session")
def seeded():
    """Gives a place for the products of the example the cache of the shared build, which is not made again."""

    def given(place: Path, out: Path) -> None:
        (place / "output").mkdir(parents=True)
        shutil.copytree(out.parent / ".out.cache", place / "output" / ".iomab_act.cache")

    return given


@pytest.fixture(scope="module")
def project(example_out, seeded, tmp_path_factory) -> Path:
    """A project with the example study, built; the pages of a module may change their own."""
    with alone(shared_folder(tmp_path_factory) / "project") as first:
        if not (first / "output" / "iomab_act" / "manifest.json").exists():
            seeded(first, example_out)
            program = Path(sys.executable).with_name("trial")
            for words in (["init", str(first)], ["build", "--root", str(first), "--quiet", "--no-review"]):
                subprocess.run([program, *words], cwd=first, check=True, capture_output=True)
        return Path(shutil.copytree(first, tmp_path_factory.mktemp("project") / "own", symlinks=True))
