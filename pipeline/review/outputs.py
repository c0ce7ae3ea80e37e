"""What stands behind the printed numbers of each output: records by their places, and how they were asked for.

It is told dataset by dataset, that of an output on several in as many parts, and joined when its page stands.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field

from pipeline.engine.columns_read import content_for
from pipeline.engine.node import DATA
from pipeline.engine.runner import Build
from pipeline.engine.store import digest_of
from pipeline.publish.review_step import TOLD
from pipeline.review.behind import Behind, runs, shown_as
from pipeline.review.cells import TELLING, Selection, selections
from pipeline.review.script import Facts, file_of, plain, registered
from pipeline.study.declared import ADSL
from pipeline.why.lineage import decisions_read


@dataclass
class OutputsAsking:
    """What outputs ask of records: read when a dataset is told, and held only where an output asks several datasets."""

    build: Build
    of: dict[str, list[str]] = field(default_factory=dict)  # the datasets of each output, in the order of asking
    _held: dict[str, list[Selection]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in [name for name in self.build.specs.outputs if name in self.build.entries]:
            told = self.build.read(name, DATA, ["DATASET"])["DATASET"].unique()
            self.of[name] = [*dict.fromkeys(str(one) or ADSL for one in told)]

    def outputs(self, dataset: str) -> list[str]:
        """The outputs that ask a dataset."""
        return [name for name, datasets in self.of.items() if dataset in datasets]

    def others(self, told: Collection[str]) -> list[str]:
        """The datasets that outputs ask beside those that were told."""
        return [*dict.fromkeys(one for datasets in self.of.values() for one in datasets if one not in told)]

    def selections(self, name: str) -> list[Selection]:
        """All that an output asks, as its cells number it; those without a dataset ask ADSL."""
        if name in self._held:
            return self._held[name]
        found = [one for told in selections(self.build.read(name, DATA, TELLING)).values() for one in told]
        if len(self.of[name]) > 1:
            self._held[name] = found
        return found


def behind_output(
    build: Build, asked: OutputsAsking, name: str, dataset: str, behind: Behind
) -> Iterator[tuple[str, bytes]]:  # fmt: skip
    """The files of what stands behind an output in one dataset: a line of JSON for each selection, in order.

    The first dataset of an output says, in a file of its own, of which dataset each selection is; what stands for
    subjects is told beside each that leads to it.
    """
    told = asked.selections(name)
    if dataset == asked.of[name][0]:
        yield order_of(name), plain([asked.of[name].index(one.dataset or ADSL) for one in told]).encode("ascii")
    near = {one: decisions_read(build, name, one) for one in ("", dataset)}
    own = [(one, _selection(behind, *one)) for one in told if (one.dataset or ADSL) == dataset]
    lines = [plain({**facts, "q": near[one.dataset]}) for one, facts in own]
    yield part_of(name, asked.of[name].index(dataset)), "\n".join(lines).encode("ascii")
    for stand in sorted({str(facts["b"]) for _, facts in own} - {""}):
        yield file_of(f"stand/{stand}"), registered(f"stand/{stand}", behind.stands[stand])


def key_of(build: Build, asked: OutputsAsking, name: str, dataset: str, behind: Behind) -> str:
    """All that these files say: what the output asks of which records, of subjects what it can read, in which words."""
    node, specs = build.graph[name], build.specs
    decided = {word: build.setting_hash(word) for word in node.settings if word.upper() in specs.decisions}
    records = build.entries[dataset].files[DATA] if dataset != ADSL else ""
    return digest_of([
        name, asked.of[name], dataset, build.entries[name].files[DATA], records, content_for(build, node, ADSL),
        decided, decisions_read(build, name, dataset), behind.said_of(dataset), behind.numbering,
        behind.rests_on(dataset),
    ])  # fmt: skip


def joined(name: str, told: Callable[[str], bytes]) -> list[str]:
    """What stands behind an output, each selection as JSON, of the files that tell it."""
    order: list[int] = json.loads(told(order_of(name)))
    parts = {at: iter(told(part_of(name, at)).decode("ascii").split("\n")) for at in dict.fromkeys(order)}
    return [next(parts[at]) for at in order]


def order_of(name: str) -> str:
    """Where lies of which dataset each selection of an output is."""
    return f"{TOLD}/output/{name}.json"


def part_of(name: str, at: int) -> str:
    """Where lies what stands behind an output in one of its datasets."""
    return f"{TOLD}/output/{name}/{at}.txt"


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
