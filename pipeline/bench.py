"""How fast a build is, in yards: how much of the computer's time it takes, how it grows, and what reading alone takes.

A yard is the processor's time of ten million additions in the loop of a Python script, measured before and after in the
same session, since machines and what else runs on them differ. Extracts are made by the tests' generator, which is not
counted.
"""

from __future__ import annotations

import importlib.util
import math
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

import click

from pipeline.bench_outputs import OutputTiming, timed
from pipeline.engine.store import parquet_bytes, read_parquet
from pipeline.ground.faults import TrialError
from pipeline.study.specs import Specs, find_root, load_specs

LOOP = "total = 0\nfor number in range(10_000_000): total += number"
MADE = re.compile(r"s  made (?P<name>\S+): (?P<records>\d+) records, (?P<seconds>[\d.]+) s of the processor$")
TOOK = re.compile(r"s  took (?P<name>.+): (?P<seconds>[\d.]+) s of the processor$")
STAGE = re.compile(r"s    (?P<name>[A-Z]\w+) +\S.* [\d.]+ s$")
DECISION, CELL = "DLT_MED", ("AE.csv", "AETERM", "Headache")
DOMAIN, ANALYSIS, SMALL = "lb", "adlb", ("adae", "adlb")
FIRST, UNCHANGED, RETITLED, DECIDED = "first build", "nothing changed", "a title changed", f"{DECISION} changed"
CHANGED_CELL = "a cell of AE changed"


@dataclass(frozen=True)
class Run:
    """One run of the program: seconds by the clock and of the processor, and MiB of its largest process at its peak."""

    what: str
    subjects: int
    wall: float
    cpu: float
    peak: float


@dataclass
class Bench:
    """What was measured: the yard in seconds, the runs; by number of subjects, seconds of the processor by stage.

    `floor` is what reading and writing the published datasets alone takes, `adlb` the records of ADLB, the seconds that
    it took, and those of reading LB and writing ADLB. `made` is how many datasets and outputs a build makes; `outputs`
    are those of many subjects.
    """

    yard: float = 0.0
    runs: list[Run] = field(default_factory=list)
    stages: dict[int, dict[str, float]] = field(default_factory=dict)
    floor: dict[int, float] = field(default_factory=dict)
    adlb: dict[int, tuple[int, float, float]] = field(default_factory=dict)
    made: dict[int, tuple[int, int]] = field(default_factory=dict)
    outputs: list[OutputTiming] = field(default_factory=list)


def ran(what: str, subjects: int, command: list[str], home: Path, **environment: str) -> Run:
    """Run a command and all its processes to their end. Raises TrialError when it fails."""
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=home, stdout=subprocess.DEVNULL, env=os.environ | environment)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise TrialError(f"What was to be timed failed ({what}).", " ".join(command), "run it alone, and mend it")
    mib = 1024 * (1024 if sys.platform == "darwin" else 1)
    return Run(what, subjects, time.perf_counter() - started, used.ru_utime + used.ru_stime, used.ru_maxrss / mib)


def yard(home: Path) -> float:
    """Processor seconds of a script of ten million additions, now."""
    return ran("yard", 0, [sys.executable, "-c", LOOP], home).cpu


def by_stage(log: str) -> dict[str, float]:
    """Processor seconds of what each stage made, as the log of a build tells it: what was made, then the stage.

    What is made beside the stages, and the run's own process, are told by name.
    """
    found: dict[str, float] = {}
    seconds = 0.0
    for line in log.splitlines():
        if took := TOOK.search(line):
            found[took["name"]] = float(took["seconds"])
        if made := MADE.search(line):
            seconds += float(made["seconds"])
        elif stage := STAGE.search(line):
            found[stage["name"]] = found.get(stage["name"], 0.0) + seconds
            seconds = 0.0
    return found


def of_node(log: str, name: str) -> tuple[int, float]:
    """The records of a node, and the processor seconds that it took, its partitions too."""
    told = [one for line in log.splitlines() if (one := MADE.search(line)) and one["name"].partition("@")[0] == name
            and not one["name"].endswith("@core")]  # fmt: skip
    return max((int(one["records"]) for one in told), default=0), sum(float(one["seconds"]) for one in told)


def exponent(sizes: dict[int, float]) -> float:
    """By which power of the number of subjects the seconds grow, from the two largest sizes; NaN for one size."""
    told = sorted((size, seconds) for size, seconds in sizes.items() if seconds > 0)[-2:]
    if len(told) < 2:
        return float("nan")
    (small, before), (large, after) = told
    return math.log(after / before) / math.log(large / small)


def copied(files: list[Path]) -> float:
    """Processor seconds of reading these parquet files and writing their datasets again."""
    started = time.process_time()
    for path in files:
        parquet_bytes(read_parquet(path.read_bytes()))
    return time.process_time() - started


def generator(home: Path, name: str = "synthetic") -> ModuleType:
    """The tests' generator of extracts, or another of them. Raises TrialError where only the program is installed."""
    path = home / "tests" / "support" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(name, path) if path.is_file() else None
    if spec is None or spec.loader is None:
        raise TrialError("The generator of extracts is not here.", str(path), "run it in a clone of the project")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def example(root: str) -> tuple[Path, Specs, Path]:
    """The project, the specs of the study that it builds when none is named, and its newest extract."""
    from pipeline.intake.delivery import find_extract
    from pipeline.publish.build import primary_study

    home = find_root(Path(root) if root else None)
    specs = load_specs(home, primary_study(home))
    return home, specs, find_extract(home, specs.name, specs.study.data)


def measured(sizes: tuple[int, ...], root: str) -> Bench:
    """Everything, for extracts of so many subjects; each line is told as soon as it is known."""
    home, specs, source = example(root)
    bench, before = Bench(), yard(home)
    for size in sorted(set(sizes)):
        with tempfile.TemporaryDirectory() as folder:
            for run in _builds(bench, size, (home, specs, source), Path(folder)):
                bench.runs.append(run)
                click.echo(f"{run.what:<24}{run.subjects:>8,} subjects {run.wall:8.1f} s {run.cpu:8.1f} CPU s "
                           f"{run.peak:8.0f} MiB")  # fmt: skip
    bench.yard = (before + yard(home)) / 2
    return bench


def _builds(bench: Bench, size: int, study: tuple[Path, Specs, Path], folder: Path) -> Iterator[Run]:
    """The runs for one size: the first build, one of nothing new, and one after each kind of change."""
    home, specs, source = study
    module, extract, out, project = generator(home), folder / "extract", folder / "out", folder / "project"
    module.synthesize(source, extract, size, seed=1)
    shutil.copytree(home / "specs", project / "specs")
    (project / "data").symlink_to(home / "data")
    command = [sys.executable, "-m", "pipeline.cli", "build", "--quiet", "--root", str(project), "--study", specs.name,
               "--extract", str(extract), "--out", str(out)]  # fmt: skip
    yield ran(FIRST, size, command, home)
    log = (out / "log" / "trial.log").read_text(encoding="utf-8")
    datasets = [path for layer in ("sdtm", "adam") for path in sorted((out / layer).glob("*.parquet"))]
    records, seconds = of_node(log, ANALYSIS)
    bench.stages[size], bench.floor[size] = by_stage(log), copied(datasets)
    floor = copied([out / "sdtm" / f"{DOMAIN}.parquet", out / "adam" / f"{ANALYSIS}.parquet"]) / 2
    bench.adlb[size] = records, seconds, floor
    bench.made[size] = len(datasets), len(specs.outputs)
    bench.outputs = bench.outputs or timed(specs, out / "adam")
    yield ran(UNCHANGED, size, command, home)
    _retitled(project / "specs" / specs.name / "tlf")
    yield ran(RETITLED, size, command, home)
    _decided(project / "specs" / specs.name / "decisions.yaml", specs)
    yield ran(DECIDED, size, command, home)
    file, name, value = CELL
    module.edit(extract, file, random.Random(1), module.put(**{name: value}))
    yield ran(CHANGED_CELL, size, command, home)


def _retitled(folder: Path) -> None:
    """Change the title of the first output that the study writes itself."""
    path = sorted(folder.glob("*.yaml"))[0]
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r'^(title: \["?)', r"\1Anew: ", text, count=1, flags=re.MULTILINE), encoding="utf-8")


def _decided(path: Path, specs: Specs) -> None:
    """Decide the first point that has another choice otherwise."""
    one = specs.decisions[DECISION]
    other = next(choice for choice in one.choices if choice != one.value)
    kept = [line for line in path.read_text(encoding="utf-8").splitlines() if line != "{}" and DECISION not in line]
    path.write_text("\n".join([*kept, f"{DECISION}: {other}"]) + "\n", encoding="utf-8")


def small(root: str) -> float:
    """The yards of a build of two datasets of the example in one process: what CI measures."""
    home, specs, _ = example(root)
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pipeline.cli", "build", *SMALL, "--quiet", "--no-review", "--root", str(home),
                   "--study", specs.name, "--out", str(Path(folder) / "out")]  # fmt: skip
        before = yard(home)
        run = ran("small build", 0, command, home, TRIAL_WORKERS="1")
        return 2 * run.cpu / (before + yard(home))
