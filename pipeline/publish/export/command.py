"""`trial export`: the datasets of a study in OUT/export, a folder for each kind of file, made whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from pipeline.engine.runner import Build
from pipeline.ground.faults import EXIT_FINDINGS
from pipeline.ground.plain_csv import as_written
from pipeline.publish.build import Request, as_built, place
from pipeline.publish.export.dataset import chosen, exported
from pipeline.publish.export.dataset_json import Provenance
from pipeline.publish.export.files import (
    LISTING,
    TO_TRANSLATE,
    Files,
    Wanted,
    carried,
    csv_files,
    json_files,
    parquet_files,
    transport_files,
)
from pipeline.publish.export.long_text import SUPP
from pipeline.publish.export.whole import write_whole
from pipeline.publish.place import EXPORT, held, in_words, not_a_source

PROGRAM, TRANSPORT, DEFINE, ANNOTATED = "trial-pipeline", "xpt", "define", "acrf"
TRANSLATIONS, NOT = "translations", "not written: "
PLAIN: dict[str, Callable[[Wanted], Files]] = {
    "dataset-json": lambda wanted: json_files(wanted, "json"),
    "ndjson": lambda wanted: json_files(wanted, "ndjson"),
    "dsjc": lambda wanted: json_files(wanted, "dsjc"),
    "parquet": parquet_files,
    "csv": csv_files,
}


def run(kind: str, names: tuple[str, ...], encoding: str, request: Request) -> tuple[int, list[str]]:
    """Write the files of one kind; the exit code and what is told. Raises TrialError."""
    specs, out = place(request)
    extract = Path(request.sdtm or request.extract).resolve() if request.sdtm or request.extract else None
    with in_words(out):
        not_a_source(out, specs.root, extract)
        with held(out, "trial export"):
            build = as_built(request, specs, out)
            folder = out / EXPORT / kind
            told = list(_told(build, kind, folder, names, encoding))
    refused = any(line.startswith("Not written") for line in told)
    return EXIT_FINDINGS if refused else 0, told


def wanted_of(build: Build, names: tuple[str, ...] = (), encoding: str = "ascii") -> Wanted:
    """The datasets of a build, made where they are not yet, and those asked for. Raises TrialError."""
    datasets = exported(build)
    known = {**build.specs.gone, **build.specs.datasets}
    model = next(spec for name, spec in known.items() if name.startswith(SUPP))
    return Wanted(datasets, chosen(names, datasets), origin_of(build), model, encoding, translations(build))


def translations(build: Build) -> dict[str, str]:
    """What texts are in English, as the study's translations.csv says."""
    if TRANSLATIONS not in build.specs.tables:
        return {}
    rows = build.table(TRANSLATIONS)[["TEXT", "ENGLISH"]].dropna().itertuples(index=False)
    return {as_written(text): as_written(english) for text, english in rows}


def origin_of(build: Build) -> Provenance:
    """Where the datasets come from; their stamp is the moment of the extract, without one the data cut."""
    study = build.specs.study
    stamp = pd.Timestamp(build.delivery.manifest.extracted or build.cutoff or "1960-01-01").tz_localize(None)
    return Provenance(study.study, study.sponsor, PROGRAM, version(PROGRAM), stamp.to_pydatetime())


def _told(build: Build, kind: str, folder: Path, names: tuple[str, ...], encoding: str) -> Iterator[str]:
    """Write the files of a kind, and say what people should know of them."""
    if kind == ANNOTATED:
        from pipeline.publish.export.annotated.command import acrf_files

        yield f"{write_whole(folder, acrf_files(build))} files in {folder}"
        return
    wanted = wanted_of(build, names, encoding)
    if kind == TRANSPORT:
        yield from _transport(wanted, folder)
        return
    from pipeline.publish.export.define.command import define_files, differing

    files = define_files(build, wanted) if kind == DEFINE else PLAIN[kind](wanted)
    yield f"{write_whole(folder, files)} files in {folder}"
    if kind == DEFINE:
        yield from differing(folder)


def _transport(wanted: Wanted, folder: Path) -> Iterator[str]:
    """Write the transport files, and say of how many values they differ and which datasets are not written."""
    whole = carried(wanted)
    write_whole(folder, transport_files(wanted, whole))
    yield f"{len(list(folder.rglob('*.xpt')))} files in {folder}"
    names = {whole.datasets[name].name for name in wanted.names}
    told = whole.listing[whole.listing["DATASET"].isin(names)]
    lost = told["WRITTEN"].isna()
    if (~lost).any():
        yield f"{int((~lost).sum()):,} values are written otherwise than they are: {folder / LISTING}"
    for dataset, values in told[lost].groupby("DATASET", sort=False):
        first = values.iloc[0]
        where = f"{dataset}.{first['VARIABLE']}, subject {first['USUBJID']}, {first['RECORD']}"
        how = first["HOW"].removeprefix(NOT)
        yield f"Not written  {dataset}: {len(values):,} values ({where}: '{first['VALUE']}'), {how}"
    if lost.any():
        yield f"  cure:  say the texts of {TO_TRANSLATE} in English (translations.csv), or --encoding for"
        yield f"         an agency with other signs; all values are in {LISTING}, and as they are in Dataset-JSON"
