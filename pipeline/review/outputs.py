"""What stands behind the printed numbers of each output: records by their places, and how they were asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pipeline.engine.node import DATA
from pipeline.engine.runner import Build
from pipeline.engine.store import Json
from pipeline.review.behind import Behind, runs, shown_as
from pipeline.review.cells import TELLING, Selection, selections
from pipeline.review.script import Facts
from pipeline.study.declared import ADSL
from pipeline.why.lineage import decisions_read


def asked_by_outputs(build: Build) -> dict[str, list[Selection]]:
    """What each output that was made asks of records, by its name."""
    found: dict[str, list[Selection]] = {}
    for name in [name for name in build.specs.outputs if name in build.entries]:
        for asked in selections(build.read(name, DATA, TELLING)).values():
            found[name] = asked
    return found


def behind_outputs(build: Build, asked: Mapping[str, list[Selection]], behind: Behind) -> Iterator[tuple[str, Json]]:
    """What stands behind each output, as its cells count it."""
    for name, of_output in asked.items():
        near = {one: decisions_read(build, name, one) for one in {one.dataset for one in of_output}}
        yield name, [{**_selection(behind, *one), "q": near[one.dataset]} for one in of_output]


def _selection(behind: Behind, dataset: str, population: str, where: str) -> Facts:
    """What stands behind a condition: the places of records of a dataset, their subjects, and how that was asked."""
    name = dataset or ADSL
    places = behind.places(name, where, population)
    condition = f"{where} {population if name == ADSL else ''}"
    named = behind.named(name, condition)
    return {
        "d": shown_as(behind.library, name), "w": where, "p": population, "v": list(named),
        "t": behind.in_words(where, name), "r": runs(places),
        "u": behind.in_words(population, ADSL),
        "n": behind.subjects(name, places), "of": behind.size(population),
        "b": behind.standing(name, places, named),
    }  # fmt: skip
