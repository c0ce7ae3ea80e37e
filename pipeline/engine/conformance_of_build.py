"""Conformance of what a build has made: each dataset is looked at anew only where what it rests on has changed."""

from __future__ import annotations

from functools import partial
from typing import Any

import pandas as pd

from pipeline.engine.conformance.held import Terms, core_of, terms_of
from pipeline.engine.conformance.parts import LIST, DatasetParts, Noting, VariablesOnce
from pipeline.engine.conformance.rule import Checked
from pipeline.engine.conformance.table import Rules
from pipeline.engine.node import AT, DATA, Node
from pipeline.engine.parquet_columns import ParquetColumns
from pipeline.engine.several_sources import products_of_sources
from pipeline.engine.spec_hashes import hash_of
from pipeline.engine.store import digest_of
from pipeline.ground import source
from pipeline.ground.closed_lists import closed_lists
from pipeline.study.specs import TERMINOLOGY, Specs


def conformance(
    build: Any, node: Node, specs: Specs, tables: tuple[str, str]
) -> tuple[pd.DataFrame, dict[str, str]]:  # fmt: skip
    """The table of the datasets that have records, and its parts for a later run; `tables` are of rules and notes."""
    made = {need.partition(AT)[0]: need for need in node.needs}
    datasets = [name for name, need in made.items()
                if build.entries[need].records and not specs.datasets[name].intermediate]  # fmt: skip
    columns = ParquetColumns(datasets, lambda name: build.cache.read(made[name], build.entries[made[name]], DATA))
    rules = Rules(*(build.table(word) if word in node.settings else None for word in tables))
    earlier = [build.cache.read(node.name, entry, LIST).decode("utf-8")
               for entry in build.cache.kept(node.name) if LIST in entry.files]  # fmt: skip
    parts, looking = DatasetParts(VariablesOnce(columns), rules, earlier), Looking(build, node, specs, made)
    held = [parts.held(name, looking.key(name), partial(looking.checked, name)) for name in datasets]
    return rules.rows(held), {LIST: parts.text()}


class Looking:
    """What rules are handed of each dataset of a build, and the key of that."""

    def __init__(self, build: Any, node: Node, specs: Specs, made: dict[str, str]):
        self.build, self.specs, self.made = build, specs, made
        self.terms: Terms = terms_of(build.table(TERMINOLOGY))
        self.core = core_of(specs.datasets)
        behind = products_of_sources(build.graph)
        self.behind = {name: made[behind[name]] for name in made if behind.get(name) in made}
        said = [build.setting_hash(word) for word in node.settings if word != TERMINOLOGY]
        self.common = digest_of([source.code_hash(__name__), build.environment, said, self.core])

    def key(self, name: str) -> str:
        """The hash of all that is found in a dataset rests on, but what rules ask of other datasets."""
        needs = [self.made[name], *([self.behind[name]] if name in self.behind else [])]
        spec, closed = self.specs.datasets[name], {of: sorted(terms) for of, terms in self._closed(name).items()}
        content = [self.build.entries[need].files[DATA] for need in needs]
        return digest_of([self.common, content, hash_of(spec), closed])

    def checked(self, name: str, around: Noting) -> Checked:
        """A dataset as rules look at it."""
        lineage = {name: self.build.read(self.behind[name])} if name in self.behind else {}
        own = self.build.read(self.made[name])
        return Checked(own, self.specs.datasets[name], around, lineage, self._closed(name), self.core)

    def _closed(self, name: str) -> dict[str, set[str]]:
        """The codelists that its values are held to."""
        variables = self.specs.datasets[name].variables
        named = {variable.codelist for variable in variables}
        return closed_lists(variables, [term for term in self.terms if term[0] in named])
