"""A study at hand in Python and notebooks: the engine, cache and rules of the command line, and nothing beside them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from html import escape
from typing import TYPE_CHECKING

from pipeline.engine.core import handed
from pipeline.engine.graph import resolve
from pipeline.engine.node import DATA, Node
from pipeline.engine.runner import Build, Frames, make
from pipeline.engine.store import bytes_of
from pipeline.ground.faults import TrialError
from pipeline.ground.words import did_you_mean
from pipeline.publish.build import Request, opened
from pipeline.study.scenarios import other_choice
from pipeline.why.made import made

if TYPE_CHECKING:
    import pandas as pd

WORDS = ("extract", "sdtm", "cutoff", "out", "root")


class ShownLines(tuple[str, ...]):
    """Lines of an answer, shown below each other."""

    def __repr__(self) -> str:
        return "\n".join(self)


@dataclass(frozen=True, repr=False)
class ShownOutput:
    """An output as its page: `html` and `text`; a notebook shows it in a frame of its own, without the network."""

    number: str
    html: str
    text: str

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        style = "width:100%;height:34rem;border:1px solid #c4cad1;background:#fff"
        return f'<iframe title="{escape(self.number)}" sandbox srcdoc="{escape(self.html)}" style="{style}"></iframe>'


def opened_study(study: str, where: Mapping[str, str]) -> OpenedStudy:
    """The study asked for, else as the environment says it to the command line (TRIAL_OUT). Raises TrialError."""
    for word in where:
        if word not in WORDS:
            raise TrialError(f"open_study knows no {word}.", "", did_you_mean(word, WORDS))
    said = {word: str(where.get(word) or os.environ.get(f"TRIAL_{word.upper()}", "")) for word in WORDS}
    asked = Request(
        study=study or os.environ.get("TRIAL_STUDY", ""), extract=said["extract"], sdtm=said["sdtm"],
        cutoff=said["cutoff"], out=said["out"], root=said["root"],
    )  # fmt: skip
    return OpenedStudy(opened(asked))


class OpenedStudy:
    """One study over one extract: datasets by name, and what outputs and decisions say, each made when asked for."""

    def __init__(self, build: Build):
        self.build = build

    def __repr__(self) -> str:
        build = self.build
        return f"{build.specs.study.study}: extract {build.delivery.name}, data cut {build.cut_named}"

    def __getitem__(self, name: str) -> pd.DataFrame:
        """A dataset as it is published (`study["adsl"]`), or whatever else the graph names. Raises TrialError."""
        from pipeline.publish.written import without_empty

        build = self.build
        node = handed(resolve(build.graph, name), build.graph)
        made(build, node)
        spec = build.specs.datasets.get(build.graph[node].dataset)
        if spec is None or spec.intermediate:
            return build.frame(node).copy()
        return without_empty(build.frame(node), spec).copy()

    @property
    def datasets(self) -> pd.DataFrame:
        """The datasets that people are handed: name, label, what one record is, keys."""
        import pandas as pd

        handed_out = [spec for spec in self.build.specs.datasets.values() if not spec.intermediate]
        told = [(spec.dataset, spec.label, spec.structure, " ".join(spec.keys)) for spec in handed_out]
        return pd.DataFrame(told, columns=["dataset", "label", "structure", "keys"])

    @property
    def outputs(self) -> pd.DataFrame:
        """The outputs: number, title, population."""
        import pandas as pd

        shells = [output.shell for output in self.build.specs.outputs.values()]
        told = sorted((shell.output, shell.title[0], shell.population.label) for shell in shells)
        return pd.DataFrame(told, columns=["output", "title", "population"])

    @property
    def decisions(self) -> pd.DataFrame:
        """The decisions in force: id, value, who set it, question, choices, why."""
        import pandas as pd

        told = [
            (one.id, one.told, one.set_in, one.question, ", ".join(one.choices), one.why)
            for one in self.build.specs.decisions.values()
        ]
        return pd.DataFrame(told, columns=["decision", "value", "set_in", "question", "choices", "why"])

    def results(self, output: str = "") -> pd.DataFrame:
        """The unrounded results of an output, of all where none is named: one row per statistic. Raises TrialError."""
        import pandas as pd

        names = [self._output(output)] if output else list(self.build.specs.outputs)
        made(self.build, *names)
        return pd.concat([self.build.frame(name) for name in names], ignore_index=True)

    def show(self, output: str) -> ShownOutput:
        """The page of an output, as the products have it. Raises TrialError."""
        from pipeline.publish.findings_made import look
        from pipeline.publish.pages import make_pages, pages_node

        name = self._output(output)
        made(self.build, name)
        make_pages(self.build, name, look(self.build.with_what_is_known()).status)
        node = pages_node(name)
        page = {kind: self._page(node, f"{name}.{kind}") for kind in ("html", "txt")}
        return ShownOutput(self.build.specs.outputs[name].shell.output, page["html"], page["txt"])

    def trace(
        self, target: str, *words: str, column: str = "", subject: str = "", everybody: bool = False
    ) -> ShownLines:  # fmt: skip
        """The way from a printed number, or records of a dataset, to the eCRF, as `trial trace`. Raises TrialError."""
        from pipeline.why.trace import trace

        return ShownLines(trace(self.build, target, words, column, subject, everybody))

    def impact(self, name: str, to: str = "") -> ShownLines:
        """What depends on a decision or dataset; with `to`, what another choice would change. Raises TrialError."""
        from pipeline.why.impact import affected, changes

        return ShownLines(changes(self.build, name, to) if to else affected(self.build, name))

    def recipe(self, name: str, **given: object) -> pd.DataFrame:
        """What a recipe makes of frames given by the names it takes; what is not given it takes from the study.

        A decision may be given another choice: `study.recipe("adrs", rs=my_rs, CR_MIN_DUR=28)`. Raises TrialError.
        """
        build, node = self.build, self._recipe(name)
        choices = {word: str(value) for word, value in given.items() if word.upper() in build.specs.decisions}
        frames: Frames = {word: value for word, value in given.items() if word not in choices}  # type: ignore[misc]
        _check_given(node, frames)
        specs = build.specs
        for word, value in choices.items():
            specs = other_choice(specs, word, value)
        made(build, *[need for word, need in node.given.items() if word not in frames])
        laid = {node.given[word]: frame for word, frame in frames.items()}
        alone = replace(build, specs=specs, frames={**_without_tables(build.frames), **laid}, entries={**build.entries})
        dataset: pd.DataFrame = make(alone, node)[DATA]
        return dataset

    def _recipe(self, name: str) -> Node:
        """The node of a recipe. Raises TrialError for what is made otherwise."""
        node = self.build.graph[resolve(self.build.graph, name)]
        if node.kind != "recipe":
            cure = f"take what it is made of: {', '.join(node.needs)}"
            raise TrialError(f"{name} is made by no recipe of its own.", "", cure)
        return node

    def _output(self, output: str) -> str:
        """The name of an output. Raises TrialError."""
        name = output.strip().lower().replace("-", "_").replace(".", "_")
        if name not in self.build.specs.outputs:
            numbers = {one.shell.output for one in self.build.specs.outputs.values()}
            raise TrialError(f"There is no output {output}.", "", did_you_mean(output, numbers))
        return name

    def _page(self, node: str, file: str) -> str:
        return bytes_of(self.build.cache.read(node, self.build.entries[node], file)).decode("utf-8")


def _check_given(node: Node, frames: Mapping[str, pd.DataFrame]) -> None:
    """Raises TrialError for a word that the recipe does not take, and for what is no DataFrame."""
    import pandas as pd

    takes = ", ".join([*node.given, *(word.upper() for word in node.settings)])
    for word, value in frames.items():
        if word not in node.given:
            raise TrialError(f"{node.name} takes no {word}.", "", f"it takes {takes}")
        if not isinstance(value, pd.DataFrame):
            raise TrialError(f"{word} is given as {type(value).__name__}.", node.name, "give a DataFrame")


def _without_tables(frames: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Frames of nodes, without tables of the specs, which another choice may take from another file."""
    return {name: frame for name, frame in frames.items() if not name.startswith("table:")}
