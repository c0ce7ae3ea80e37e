"""The datasets of a folder as the rules look at them: of a build as they are, others in the types of the specs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd

from pipeline.against.columns import TEXT, dates, kind_of, numbers, texts
from pipeline.against.elsewhere import read_version
from pipeline.against.sides import Held
from pipeline.against.tables import Dataset
from pipeline.engine.conformance.held import checked
from pipeline.engine.conformance.rule import Checked
from pipeline.ground.metadata import DatasetSpec
from pipeline.study.csv_text import load_tables
from pipeline.study.specs import TERMINOLOGY, Specs

READ = {"text": texts, "number": numbers, "integer": numbers, "date": dates, "datetime": dates}
LINEAGE, SOURCES = "lineage", "_sources"  # of a build: the records behind values that rest on several


@dataclass(frozen=True)
class Delivered:
    """What is checked; and what is not: datasets that no spec knows, and the lineage of those that come without it."""

    datasets: tuple[Checked, ...]
    unknown: tuple[str, ...] = ()
    untraced: tuple[str, ...] = ()


def delivered(held: Held, specs: Specs) -> Delivered:
    """The datasets of a folder with their specs, in the order of these."""
    read = {name: _read(held, name) for name in held.files}
    known = {name: spec for name, spec in specs.datasets.items() if spec.dataset in read and not spec.intermediate}
    if held.build:
        study = stored = {name: read[spec.dataset].records for name, spec in known.items()}
    else:
        both = {name: _as_checked(read[spec.dataset], spec) for name, spec in known.items()}
        study, stored = ({name: pair[place] for name, pair in both.items()} for place in (0, 1))
    said = {name: spec if held.build else labelled(spec, read[spec.dataset]) for name, spec in known.items()}
    terms = load_tables(specs.table_files(TERMINOLOGY))
    there = {spec.dataset for spec in known.values()}
    untraced = () if held.build else tuple(name for name in study if f"{name}{SOURCES}" in specs.datasets)
    lineage = _lineage(held) | {name: study[name] for name in untraced}  # none that could be looked for is missed
    made = tuple(replace(one, stored=stored[one.name]) for one in checked(study, said, lineage, terms))
    return Delivered(made, tuple(sorted(set(read) - there)), tuple(specs.datasets[name].dataset for name in untraced))


def _read(held: Held, name: str) -> Dataset:
    """A dataset of one file, or of the parts of one that was split for its size."""
    parts = [read_version(path, part) for path, part in held.files[name]]
    records = pd.concat([one.records for one in parts], ignore_index=True) if len(parts) > 1 else parts[0].records
    return Dataset(records, parts[0].attributes, parts[0].typed)


def _as_checked(dataset: Dataset, spec: DatasetSpec) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The records in the types of the spec, as rules reckon with them, and as they are stored.

    An empty text is missing. A file that knows no types (CSV) stores what can be read in the type of the spec. A value
    that cannot be read in it is missing for the rules but that of types, which tells the variable.
    """
    read, stored = {}, {}
    for name, values in dataset.records.items():
        asked = spec.by_name[str(name)].type if str(name) in spec.by_name else kind_of(values)
        told = READ[asked](values)
        alike = kind_of(told) == kind_of(values)
        if not alike and not dataset.typed:
            alike = not (told.isna() & texts(values).ne("")).any()
        told = told.where(told.ne(""), None) if kind_of(told) == TEXT else told
        read[name] = _whole(told) if asked == "integer" else told
        stored[name] = read[name] if alike else values
    index = dataset.records.index
    return pd.DataFrame(read, index=index), pd.DataFrame(stored, index=index)


def _whole(values: pd.Series) -> pd.Series:
    """Whole numbers as such, where all are: a file of doubles knows no integers."""
    return values.astype("Int64") if values.dropna().mod(1).eq(0).all() else values


def labelled(spec: DatasetSpec, dataset: Dataset) -> DatasetSpec:
    """The spec with the labels that the file gives its variables, where it gives any."""
    said: Mapping[str, Mapping[str, str]] = dataset.attributes
    if not any(words.get("label") for name, words in said.items() if name):
        return spec
    named = [replace(one, label=said[one.name].get("label", "")) if one.name in said else one for one in spec.variables]
    return replace(spec, variables=tuple(named))


def _lineage(held: Held) -> dict[str, pd.DataFrame]:
    """The records behind values that rest on several; a folder that is no build has none."""
    files = sorted((held.path / LINEAGE).glob("*.parquet")) if held.build else []
    return {path.stem: read_version(path).records for path in files}
