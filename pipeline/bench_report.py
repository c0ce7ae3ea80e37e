"""What the timings come to: printed, in output/bench.json and docs/benchmarks.md; and held against what is recorded."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import NamedTuple

import click

from pipeline.bench import (
    CHANGED_CELL,
    DECIDED,
    FIRST,
    RETITLED,
    SMALL,
    UNCHANGED,
    Bench,
    Run,
    example,
    exponent,
    measured,
    small,
)
from pipeline.bench_outputs import OutputTiming
from pipeline.engine.store import json_bytes
from pipeline.ground.faults import EXIT_FINDINGS, TrialError
from pipeline.ground.machine import processors

SIZES, WORSE, TRIES = (60, 300, 1000), 1.5, 2
RECORDED, TOLD, MADE = "docs/benchmarks.json", "docs/benchmarks.md", "output/bench.json"
GROWTH, RATIO, STAGES = 1.0, 3.0, {"datasets": ("SDTM", "ADaM"), "outputs": ("Outputs", "Pages")}
PAPER = ("sheets", "rtf", "html", "pdf")


class Goal(NamedTuple):
    """What a run should not pass: yards of the processor, seconds by the clock, MiB; NaN where nothing is asked."""

    yards: float = math.nan
    seconds: float = math.nan
    mib: float = math.nan


# By what is run and the number of subjects; 0: of any number.
GOALS = {
    (FIRST, 60): Goal(14), (FIRST, 1000): Goal(32, mib=1024), (FIRST, 10_000): Goal(170, mib=3072),
    (UNCHANGED, 0): Goal(seconds=0.5), (RETITLED, 0): Goal(seconds=1),
    (DECIDED, 1000): Goal(3), (CHANGED_CELL, 1000): Goal(8),
}  # fmt: skip
# By what an output of many subjects is called: which steps, in how many seconds of the processor.
WITHIN = {
    "events by class and term": (("results", "checks", "body", "txt"), 0.5),
    "events by term and maximum grade": (("results", "checks", "body", "txt"), 5.0),
    "exposure-adjusted rates by class and term": (("results", "checks", "body", "txt"), 5.0),
    "listing of events": (PAPER, 3.0),
}  # fmt: skip


def run(sizes: tuple[int, ...], check: bool, root: str) -> int:
    """Measure and write, or look whether the small build takes much more than is recorded; the exit code."""
    home = example(root)[0]
    if check:
        return _checked(home, root)
    bench = measured(sizes or SIZES, root)
    text = "\n".join(told(bench)) + "\n"
    click.echo(text)
    (home / MADE).parent.mkdir(exist_ok=True)
    (home / MADE).write_bytes(json_bytes(asdict(bench)))
    (home / TOLD).write_text(text, encoding="utf-8")
    (home / RECORDED).write_bytes(json_bytes({"small": round(small(root), 1)}))
    return 0


def _checked(home: Path, root: str) -> int:
    """One look, and a second one where the first is worse: a machine that others use is slow now and then."""
    path = home / RECORDED
    if not path.is_file():
        raise TrialError("Nothing is recorded to compare with.", RECORDED, "measure first: trial bench")
    recorded, found = json.loads(path.read_bytes())["small"], math.inf
    for _ in range(TRIES):
        found = min(found, small(root))
        if found <= WORSE * recorded:
            break
    click.echo(f"{' and '.join(SMALL).upper()} of the example: {found:.1f} yards, recorded are {recorded:.1f}.")
    return EXIT_FINDINGS if found > WORSE * recorded else 0


def told(bench: Bench) -> Iterator[str]:
    """What was measured, as a page of tables."""
    sizes = sorted(bench.stages)
    yield "# How fast a build is"
    yield ""
    yield (f"Written by `make bench`, with {processors()} processors. One yard is the processor's "
           f"time of ten million additions in a Python script: {bench.yard:.2f} s in this session.")  # fmt: skip
    yield "Extracts are made by the tests' generator from the example; a build is all that `make tlf` makes."
    yield "The goals of whole builds were set for eleven outputs of 1,000 subjects."
    yield from _table("yards (seconds by the clock, MiB of the largest process)", sizes, _runs(bench))
    yield from _table("yards by stage of a first build", sizes, _stages(bench, sizes), "exponent")
    yield ""
    yield (f"The exponent is the power of the number of subjects by which a stage grows, of the two largest sizes; the "
           f"goal is {GROWTH}.")  # fmt: skip
    yield from _table("yards of a first build by what it makes", sizes, _each(bench, sizes))
    yield from _table("beside reading and writing alone", sizes, _floors(bench, sizes))
    yield from _outputs(bench.outputs)


def _table(what: str, sizes: list[int], rows: Iterable[list[str]], *more: str) -> Iterator[str]:
    yield ""
    yield f"| {' | '.join([what, *(f'{size:,} subjects' for size in sizes), *more])} |"
    yield "|---|" + "---:|" * (len(sizes) + len(more))
    yield from (f"| {' | '.join(row)} |" for row in rows)


def _runs(bench: Bench) -> list[list[str]]:
    lines: dict[str, list[str]] = {}
    for one in bench.runs:
        told = f"{one.cpu / bench.yard:.1f} ({one.wall:.1f} s, {one.peak:.0f} MiB)"
        lines.setdefault(one.what, []).append("; ".join([told, *_goals(one)]))
    return [[what, *cells] for what, cells in lines.items()]


def _goals(one: Run) -> Iterator[str]:
    """The goal of a run, where there is one."""
    goal = GOALS.get((one.what, one.subjects)) or GOALS.get((one.what, 0), Goal())
    told = {"yards": goal.yards, "s": goal.seconds, "MiB": goal.mib}
    asked = ", ".join(f"{value:g} {unit}" for unit, value in told.items() if not math.isnan(value))
    if asked:
        yield f"goal {asked}"


def _each(bench: Bench, sizes: list[int]) -> Iterator[list[str]]:
    """Yards for each dataset and each output: their number grows with the project."""
    for at, (what, stages) in enumerate(STAGES.items()):
        yield [f"{what} made", *(f"{bench.made[size][at]:,}" for size in sizes)]
        seconds = {size: sum(bench.stages[size].get(one, 0.0) for one in stages) for size in sizes}
        yield [f"{' and '.join(stages)}, for each of the {what}",
               *(f"{seconds[size] / bench.yard / bench.made[size][at]:.3f}" for size in sizes)]  # fmt: skip


def _outputs(outputs: list[OutputTiming]) -> Iterator[str]:
    """Outputs of many subjects, step by step; a goal is of some steps together."""
    if outputs:
        steps = list(outputs[0].seconds)
        yield ""
        heads = ["seconds of the processor", "subjects", "events", "rows", *steps, "goal", "reached"]
        yield f"| {' | '.join(heads)} |"
        yield "|---|" + "---:|" * (len(steps) + 5)
    for one in outputs:
        asked, goal = WITHIN[one.what]
        cells = [one.what, f"{one.subjects:,}", f"{one.events:,}", f"{one.rows:,}",
                 *(f"{seconds:.2f}" for seconds in one.seconds.values()),
                 f"{' + '.join(asked)}: {goal:g}", f"{sum(one.seconds[step] for step in asked):.2f}"]  # fmt: skip
        yield f"| {' | '.join(cells)} |"


def _stages(bench: Bench, sizes: list[int]) -> list[list[str]]:
    """What was made in each stage, and beside nodes; all else is the start of workers."""
    first = {one.subjects: one.cpu for one in bench.runs if one.what == FIRST}
    names = dict.fromkeys(name for size in sizes for name, seconds in bench.stages[size].items() if seconds)
    told = {name: {size: bench.stages[size].get(name, 0.0) for size in sizes} for name in names}
    told["all else"] = {size: first[size] - sum(bench.stages[size].values()) for size in sizes}
    return [[name, *(f"{seconds / bench.yard:.1f}" for seconds in by_size.values()), _power(by_size)]
            for name, by_size in told.items()]  # fmt: skip


def _floors(bench: Bench, sizes: list[int]) -> list[list[str]]:
    """The first build beside its datasets read and written, and ADLB beside LB read and ADLB written."""
    first = {one.subjects: one.cpu for one in bench.runs if one.what == FIRST}
    adlb = [bench.adlb[size] for size in sizes]
    return [
        ["reading and writing all datasets, yards", *(f"{bench.floor[size] / bench.yard:.2f}" for size in sizes)],
        ["a first build is that many times it", *(f"{first[size] / bench.floor[size]:.0f}" for size in sizes)],
        ["records of ADLB", *(f"{records:,}" for records, _, _ in adlb)],
        ["ADLB, yards", *(f"{seconds / bench.yard:.2f}" for _, seconds, _ in adlb)],
        [f"ADLB is that many times reading LB and writing ADLB; goal {RATIO:g}",
         *(f"{seconds / floor:.1f}" for _, seconds, floor in adlb)],
    ]


def _power(sizes: dict[int, float]) -> str:
    power = exponent(sizes)
    return "" if math.isnan(power) else f"{power:.2f}"
