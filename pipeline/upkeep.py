"""For those who keep the project: its linters and its timings."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import click

from pipeline.ground.source import CODE
from pipeline.study.specs import find_root

MADE = re.compile(r"made (?P<name>\S+): (?P<records>\d+) records, (?P<seconds>[\d.]+) s$", re.MULTILINE)
SLOWEST = 12
PACKAGES = ("pipeline", "sdtm", "adam", "tlf", "tests")


def run_linters(fix: bool) -> bool:
    """Run ruff, import-linter and mypy over the project; True when one of them complains."""
    tools = Path(sys.executable).parent
    check = [str(tools / "ruff"), "check", *(["--fix"] if fix else []), *PACKAGES]
    failed = False
    for name, command in (
        ("ruff", check),
        ("import-linter", [str(tools / "lint-imports")]),
        ("mypy", [str(tools / "mypy")]),
    ):
        click.echo(f"{name}:")
        if not Path(command[0]).exists():
            click.echo("  is not installed here; run `make lint`, which sets it up.")
            failed = True
            continue
        failed |= subprocess.run(command, cwd=CODE, check=False).returncode != 0
    return failed


def run_bench(subjects: int, root: str) -> None:
    """Print wall-clock seconds: help, first build of the example, unchanged second build, and a synthetic study.

    Of that study also what took longest to make, with its records.
    """
    home = find_root(Path(root) if root else None)
    trial = [sys.executable, "-m", "pipeline.cli"]
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        timed("trial --help", [*trial, "--help"], home)
        timed("trial build (first run)", [*trial, "build", "--quiet", "--out", str(out)], home)
        timed("trial build (nothing changed)", [*trial, "build", "--quiet", "--out", str(out)], home)
        extract = synthetic(home, Path(folder) / "extract", subjects)
        large = [*trial, "build", "--quiet", "--extract", str(extract), "--out", str(Path(folder) / "large")]
        timed(f"trial build ({subjects:,} synthetic subjects)", large, home)
        for name, records, seconds in slowest((Path(folder) / "large" / "log" / "trial.log").read_text("utf-8")):
            click.echo(f"  {f'{name} ({records:,} records)':<46}{seconds:8.2f} s")


def timed(what: str, command: list[str], home: Path) -> None:
    """Run a command and print how long it took. Raises CalledProcessError when it fails."""
    started = time.perf_counter()
    subprocess.run(command, cwd=home, check=True, stdout=subprocess.DEVNULL)
    click.echo(f"{what:<48}{time.perf_counter() - started:8.2f} s")


def slowest(log: str) -> list[tuple[str, int, float]]:
    """Name, records and seconds of what took longest to make, as the log of a build tells it."""
    told = [(made["name"], int(made["records"]), float(made["seconds"])) for made in MADE.finditer(log)]
    return sorted(told, key=lambda one: -one[2])[:SLOWEST]


def synthetic(home: Path, target: Path, subjects: int) -> Path:
    """A larger extract made from the newest example by the tests' generator."""
    spec = importlib.util.spec_from_file_location("synthetic", home / "tests" / "support" / "synthetic.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError("tests/support/synthetic.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["synthetic"] = module
    spec.loader.exec_module(module)
    from pipeline.intake.delivery import find_extract
    from pipeline.publish.build import primary_study
    from pipeline.study.specs import load_specs

    specs = load_specs(home, primary_study(home))
    module.synthesize(find_extract(home, specs.name, specs.study.data), target, subjects, seed=1)
    return target
