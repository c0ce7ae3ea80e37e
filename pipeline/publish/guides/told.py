"""What the guides tell of a build: its specs, its manifest, its audits, its datasets, and what lies beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from pipeline.engine.graph import Graph
from pipeline.publish.export.dataset import LISTED, Exported
from pipeline.publish.guides.written import WrittenTexts
from pipeline.publish.manifest import ProductManifest
from pipeline.study.csv_text import load_table
from pipeline.study.specs import Specs

TABLES = ("conformance", "data_cut", "coverage")
SECOND = "second_derivation"
ACCEPTED = "accepted_differences.csv"


@dataclass(frozen=True)
class Program:
    """A program of the package: its file, what it makes, from what, by which module and command.

    `output` is the number of the output that it makes, '' for one of a dataset.
    """

    file: str
    makes: str
    needs: tuple[str, ...]
    module: str
    command: str
    output: str = ""


@dataclass(frozen=True)
class GuideFacts:
    """All that the guides rest on.

    `audits` are the tables of a build by name (conformance, data_cut, coverage, second_derivation; empty cells are ''),
    `held_otherwise` the values that transport files hold otherwise, `tree` the files of the package in order.
    """

    specs: Specs
    graph: Graph
    manifest: ProductManifest
    datasets: Mapping[str, Exported]
    texts: WrittenTexts
    audits: Mapping[str, pd.DataFrame]
    accepted: pd.DataFrame
    programs: tuple[Program, ...] = ()
    held_otherwise: pd.DataFrame | None = None
    tree: tuple[str, ...] = ()
    annotated: bool = False

    def of_layer(self, layer: str) -> Iterator[Exported]:
        """The datasets of SDTM or ADaM, by name."""
        return (one for _, one in sorted(self.datasets.items()) if one.spec.layer == layer)

    def names(self, layer: str) -> list[str]:
        """Their names."""
        return [one.name for one in self.of_layer(layer)]

    def audit(self, name: str) -> pd.DataFrame:
        """A table of the build, without records where the build has none."""
        return self.audits.get(name, pd.DataFrame())

    @property
    def otherwise(self) -> pd.DataFrame:
        """The values that transport files hold otherwise."""
        return pd.DataFrame(columns=list(LISTED)) if self.held_otherwise is None else self.held_otherwise


def audits_of(out: Path) -> dict[str, pd.DataFrame]:
    """The tables that a build publishes of itself."""
    there = {name: out / f"{name}.csv" for name in TABLES}
    return {name: load_table(path).fillna("") for name, path in there.items() if path.is_file()}


def accepted_of(specs: Specs) -> pd.DataFrame:
    """The study's register of accepted differences."""
    path = specs.folder / ACCEPTED
    return load_table(path).fillna("") if path.is_file() else pd.DataFrame(columns=["what", "why", "who", "until"])
