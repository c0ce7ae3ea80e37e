"""`trial spec export` and `trial spec import FILE`: the specification workbook of a study, out and in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from pipeline.engine.runner import Build
from pipeline.ground.faults import EXIT_FINDINGS, TrialError
from pipeline.publish.build import Request, as_built, place
from pipeline.publish.export.annotated.pages import annotated_forms
from pipeline.publish.export.command import wanted_of
from pipeline.publish.export.define.command import crf_of, layers
from pipeline.publish.export.files import Files, carried
from pipeline.publish.export.whole import write_whole
from pipeline.publish.place import EXPORT, held, in_words, not_a_source
from pipeline.publish.specification import sheets
from pipeline.publish.specification.book import book, sheets_of
from pipeline.publish.specification.joined import joined
from pipeline.publish.specification.overlay import FOLDER, kept_files, kept_sheets, overlays
from pipeline.publish.specification.problems import SpecProblem, problems
from pipeline.publish.specification.rows import rows_of
from pipeline.publish.specification.sheets import SpecSheet
from pipeline.publish.specification.taken import own_words, unlike
from pipeline.study.specs import Specs, load_specs

KIND, SUFFIX = "spec", ".xlsx"


def export(request: Request) -> list[str]:
    """Write a workbook for SDTM and one for ADaM to OUT/export/spec; what is told. Raises TrialError."""
    specs, out = place(request)
    with in_words(out):
        not_a_source(out, specs.root, None)
        with held(out, "trial spec"):
            folder = out / EXPORT / KIND
            count = write_whole(folder, _books(as_built(request, specs, out)))
    return [f"{count} files in {folder}"]


def _books(build: Build) -> Files:
    for layer, own in own_sheets(build).items():
        kept = kept_sheets(build.specs.folder / FOLDER / layer)
        title = f"{build.specs.study.study}: specification of {layer.upper()}"
        yield f"{layer}{SUFFIX}", [book(joined(own, kept), title)]


def own_sheets(build: Build) -> dict[str, tuple[SpecSheet, ...]]:
    """What the study says, by layer."""
    wanted = wanted_of(build)
    crf = crf_of(build, annotated_forms(build))
    return {layer: rows_of(told) for layer, _, told in layers(build, wanted, carried(wanted), crf)}


def take(file: Path, request: Request) -> tuple[int, list[str]]:
    """Take a sponsor's workbook into the study's folder: what it says otherwise, and its sheets as they are.

    Nothing is written where the workbook has problems of its own; what the study has otherwise and cannot say is told,
    and the exit code is 1. Raises TrialError.
    """
    if not file.is_file() or file.suffix.lower() != SUFFIX:
        what = "This is no workbook." if file.is_file() else "There is no such workbook."
        raise TrialError(what, str(file), f"name the sponsor's {SUFFIX} file; trial spec export shows its shape")
    theirs = sheets_of(file)
    found = list(problems(theirs))
    if found:
        return EXIT_FINDINGS, [*_told(found), f"{len(found)} problems; nothing was taken from {file.name}"]
    specs, out = place(request)
    with in_words(out), held(out, "trial spec"):
        own = own_sheets(as_built(request, specs, out))
    layer = layer_of(theirs, own)
    words, apart = own_words(theirs, own[layer]), list(unlike(theirs, own[layer]))
    files, told = overlays(words, specs.datasets, specs.folder)
    _write(specs, files, layer, theirs)
    lines = [f"Written  {path.relative_to(specs.root)}" for path in files]
    lines += [f"Kept     {(specs.folder / FOLDER / layer).relative_to(specs.root)}: {len(theirs)} sheets"]
    return EXIT_FINDINGS if apart or told else 0, [*_told([*apart, *told]), *lines]


def layer_of(book: Sequence[SpecSheet], own: dict[str, tuple[SpecSheet, ...]]) -> str:
    """The layer of the study whose datasets a workbook is of. Raises TrialError where it is of none."""
    named = _datasets(book)
    shared = {layer: len(named & _datasets(sheets)) for layer, sheets in own.items()}
    most = max(shared, key=lambda layer: shared[layer])
    if not shared[most]:
        what = f"No dataset of the workbook ({', '.join(sorted(named)[:5])}) is one of the study."
        raise TrialError(what, sheets.DATASETS, "name the study it is of: --study")
    return most


def _datasets(book: Sequence[SpecSheet]) -> set[str]:
    return {record[sheets.DATASET] for one in book if one.kind == sheets.DATASETS for record in one.records()}


def _write(specs: Specs, files: dict[Path, str], layer: str, theirs: tuple[SpecSheet, ...]) -> None:
    """Write the files; where the specs cannot be read with them, those that were there come back."""
    before = {path: path.read_bytes() if path.is_file() else None for path in files}
    try:
        for path, text in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")
        load_specs(specs.root, specs.name)
    except TrialError:
        for path, content in before.items():
            path.unlink(missing_ok=True) if content is None else path.write_bytes(content)
        raise
    kept = ((name, [text.encode("utf-8")]) for name, text in kept_files(theirs).items())
    write_whole(specs.folder / FOLDER / layer, kept)


def _told(found: Sequence[SpecProblem]) -> Iterator[str]:
    return (one.text() for one in found)
