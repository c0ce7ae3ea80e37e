"""How long laboratory records take from the delivered form to LB, ADLB and a table of worst grades, by each engine.

The extract is written by the tests' generator, a subject at a time, and not counted; of all other forms it has what
makes subjects treated. What every engine makes is held against what the first made: the same bytes, whoever made them.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from pipeline.bench import Run, example, generator, ran, yard
from pipeline.engine.parallel import DASK, PROCESSES
from pipeline.ground.faults import EXIT_FINDINGS, TrialError
from pipeline.study.specs import Specs
from tlf.rows.kinds import Terms

DATASETS, DATASET, FLAG = ("lb", "adlb"), "adlb", "WGRAD"
WRITER = "synthetic_laboratory"


@dataclass(frozen=True)
class ByEngine:
    """What one engine made of the records: how long it took, how many records, MB on disk, and its products by hash."""

    engine: str
    run: Run
    records: dict[str, int]
    disk: float
    files: dict[str, str]


def worst_grades(specs: Specs) -> str:
    """The first output of the worst grades of laboratory results. Raises TrialError where a study has none."""
    for name, output in specs.outputs.items():
        rows = [row for row in output.shell.rows if isinstance(row, Terms) and row.dataset == DATASET]
        if any(FLAG in row.where for row in rows):
            return name
    raise TrialError("No output counts worst laboratory grades.", specs.name, "measure a study that has one")


def run(records: int, engine: str, root: str) -> int:
    """Make the extract, build by the engine (none named: by each of them), and tell; the exit code."""
    home, specs, source = example(root)
    generator(home)
    before, made = yard(home), list[ByEngine]()
    with tempfile.TemporaryDirectory() as folder:
        extract = Path(folder) / "extract"
        subjects = generator(home, WRITER).synthesize_laboratory(source, extract, records, seed=1)
        size = sum(path.stat().st_size for path in extract.iterdir())
        click.echo(f"{records:,} records of {subjects:,} subjects, {size / 1e6:,.0f} MB as delivered")
        for one in [engine] if engine else [PROCESSES, DASK]:
            made.append(_made(one, subjects, (home, specs, extract), Path(folder) / "out"))
            click.echo("\n".join(_told(made[-1], before)))
    differ = sorted({name for one in made for name, noted in one.files.items() if made[0].files.get(name) != noted})
    if len(made) > 1:
        click.echo(f"The same {len(made[0].files)} files." if not differ else f"Other bytes: {', '.join(differ)}")
    return EXIT_FINDINGS if differ else 0


def _made(engine: str, subjects: int, study: tuple[Path, Specs, Path], out: Path) -> ByEngine:
    """A build of LB, ADLB and the table in a folder of its own, which is taken away again."""
    home, specs, extract = study
    with tempfile.TemporaryDirectory(dir=out.parent) as folder:
        place = Path(folder) / "products"
        command = [sys.executable, "-m", "pipeline.cli", "build", *DATASETS, worst_grades(specs), "--quiet",
                   "--no-review", "--root", str(home), "--study", specs.name, "--extract", str(extract), "--out",
                   str(place), "--engine", engine]  # fmt: skip
        done = ran(f"laboratory by {engine}", subjects, command, home)
        manifest = json.loads((place / "manifest.json").read_bytes())
        told = {name: one["records"] for name, one in manifest["datasets"].items() if name in DATASETS}
        disk = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
        return ByEngine(engine, done, told, disk / 1e6, manifest["files"])


def _told(made: ByEngine, second: float) -> Iterator[str]:
    """One engine in words; `second` is the yard."""
    used = asdict(made.run)
    counts = ", ".join(f"{count:,} records of {name.upper()}" for name, count in sorted(made.records.items()))
    yield (f"{made.engine:<12}{used['wall']:10,.1f} s {used['cpu']:10,.1f} CPU s {used['cpu'] / second:8,.1f} yards "
           f"{used['peak']:8,.0f} MiB of the largest process {made.disk:10,.0f} MB of disk; {counts}")  # fmt: skip
