"""The datasets of the site in one order (ADaM, SDTM, delivered files): each is known to all others by its number."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from pipeline.engine.core import handed
from pipeline.engine.runner import Build
from pipeline.ground.metadata import DatasetSpec, Variable
from pipeline.publish.products import datasets_of
from pipeline.review.script import Facts, safe
from pipeline.why.ledger import Ledger, ledger
from pipeline.why.trace import OF_THE_SYSTEM

RAW, SDTM, ADAM = "raw", "sdtm", "adam"
LINE, RECORD = "LINE", "RECORD"


@dataclass(frozen=True)
class Shown:
    """One dataset: how it is called, its records (in a ledger also those beyond the `published` ones), its metadata."""

    name: str
    layer: str
    label: str
    records: pd.DataFrame
    published: int
    variables: tuple[Facts, ...]
    more: Facts

    @property
    def path(self) -> str:
        """The name of its data in the site, and its address."""
        return f"{self.layer}/{safe(self.name)}"


@dataclass(frozen=True)
class Library:
    """All datasets of the site, and the ledger that leads from one to the next."""

    shown: tuple[Shown, ...]
    ledger: Ledger
    lines: pd.DataFrame  # OF, PLACE (a record of SDTM), TO, AT (a line of a delivered file)

    @cached_property
    def number(self) -> dict[tuple[str, str], int]:
        """The number of each dataset by layer and name."""
        return {(one.layer, one.name): number for number, one in enumerate(self.shown)}


def library(build: Build) -> Library:
    """What the site shows as datasets."""
    layers = datasets_of(build)
    frames = {name: build.frame(handed(name, build.graph)) for name in layers}
    known = ledger(build, {name: frames[name] for name, layer in layers.items() if layer == SDTM})
    adam = [dataset_shown(build.specs.datasets[n], frames[n], frames[n]) for n in layers if layers[n] == ADAM]
    sdtm = [dataset_shown(build.specs.datasets[name], frames[name], _with_rest(frames[name], known.records.get(name)))
            for name in layers if layers[name] == SDTM]  # fmt: skip
    raw = [] if build.specs.study.pooled else _files(build, known.lines)
    shown = (*adam, *sdtm, *(one for one, _ in raw))
    return Library(shown, known, _lines(known.lines, shown, [places for _, places in raw]))


def dataset_shown(spec: DatasetSpec, published: pd.DataFrame, records: pd.DataFrame) -> Shown:
    """A dataset with the metadata of the columns that it has, in their order."""
    variables = tuple(
        {"name": one.name, "label": one.label, "type": one.type, "derivation": one.derivation, "origin": one.origin,
         "source": one.source, "codelist": one.codelist, "core": one.core}
        for one in (spec.by_name.get(str(name), Variable(str(name))) for name in records.columns)
    )  # fmt: skip
    more: Facts = {"structure": spec.structure, "keys": list(spec.keys),
            "parameters": {one.code: [one.label, one.derivation] for one in spec.parameters}}  # fmt: skip
    return Shown(spec.name, spec.layer, spec.label, records, len(published), variables, more)


def _with_rest(published: pd.DataFrame, known: pd.DataFrame | None) -> pd.DataFrame:
    """The dataset with, below it, whose records are delivered and stand in no published one."""
    if known is None or len(known) == len(published):
        return published
    beyond = known.iloc[len(published) :][["USUBJID"]]
    return pd.concat([published, beyond], ignore_index=True)


def _files(build: Build, lines: pd.DataFrame) -> list[tuple[Shown, dict[int, int]]]:
    """Each delivered file that a record of SDTM comes from, with the place of each of its lines."""
    found = []
    for file, own in lines.groupby("FILE", sort=True):
        form = str(own["FORM"].iloc[0])
        contract = build.specs.contracts.get(form)
        sheet = build.delivery.read(str(file), contract)
        numbers = list(range(1, len(sheet.rows) + 1)) if build.specs.study.from_sdtm else list(sheet.lines)
        record = own.drop_duplicates("LINE").set_index("LINE")["RECORD"]
        header = [str(name) for name in sheet.header]
        cells = pd.DataFrame(
            [(row + [""] * len(header))[: len(header)] for row in sheet.rows], columns=range(len(header)), dtype="str"
        )
        cells = cells.where(cells != "")
        told = pd.DataFrame({LINE: numbers, RECORD: [record.get(number) for number in numbers]})
        labels = {one.column or name: one.label for name, one in (contract.fields.items() if contract else ())}
        variables: list[Facts] = [
            {"name": LINE, "label": "Line of the file", "type": "integer"},
            {"name": RECORD, "label": "Record"},
        ]
        variables += [{"name": name, "label": labels.get(name, ""), "type": "text", "system": name in OF_THE_SYSTEM}
                      for name in header]  # fmt: skip
        more = {"form": form, "hash": build.delivery.hashes.get(str(file), "")}
        label = contract.label if contract else ""
        records = pd.concat([told, cells], axis="columns")
        found.append((Shown(str(file), RAW, label, records, len(records), tuple(variables), more),
                      {number: place for place, number in enumerate(numbers)}))  # fmt: skip
    return found


def _lines(lines: pd.DataFrame, shown: tuple[Shown, ...], places: list[dict[int, int]]) -> pd.DataFrame:
    """The way from records of SDTM to lines, by the numbers of datasets and the places of records."""
    of = {one.name: number for number, one in enumerate(shown) if one.layer == SDTM}
    files = [number for number, one in enumerate(shown) if one.layer == RAW]
    to = {shown[number].name: number for number in files}
    at = {shown[number].name: known for number, known in zip(files, places, strict=True)}
    told = lines[lines["DOMAIN"].isin(of) & lines["LINE"].notna()]
    found = pd.DataFrame({"OF": told["DOMAIN"].map(of), "PLACE": told["PLACE"], "TO": told["FILE"].map(to)})
    parts = [rows["LINE"].astype("int64").map(at[str(file)]) for file, rows in told.groupby("FILE", sort=False)]
    found["AT"] = pd.concat(parts) if parts else pd.Series(dtype="float64")
    return found.dropna().astype("int64").drop_duplicates(ignore_index=True)
