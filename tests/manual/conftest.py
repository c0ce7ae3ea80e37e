"""A project with the example study as `trial init` lays it out, built; pages of the guide and README type there."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def seeded():
    """Gives a place for the products of the example the cache of the shared build, which is not made again."""

    def given(place: Path, out: Path) -> None:
        (place / "output").mkdir(parents=True)
        shutil.copytree(out.parent / ".out.cache", place / "output" / ".iomab_act.cache")

    return given


@pytest.fixture(scope="module")
def project(example_out, seeded, tmp_path_factory) -> Path:
    """A project with the example study, built."""
    place = tmp_path_factory.mktemp("project")
    seeded(place, example_out)
    program = Path(sys.executable).with_name("trial")
    for words in (["init", str(place)], ["build", "--root", str(place), "--quiet", "--no-review"]):
        subprocess.run([program, *words], cwd=place, check=True, capture_output=True)
    return place
