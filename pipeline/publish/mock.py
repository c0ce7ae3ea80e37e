"""`trial mock`: every shell of a study's list as pages, before there are data."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.ground.faults import TrialError
from pipeline.lint.before import check_specs
from pipeline.publish.build import cache_of, primary_study
from pipeline.publish.document import files, place, section
from pipeline.publish.pages import dictionaries, page_of_specs
from pipeline.publish.place import in_words
from pipeline.study.abbreviations import abbreviations
from pipeline.study.csv_text import load_sheet
from pipeline.study.specs import TERMINOLOGY, Specs, find_root, load_specs

if TYPE_CHECKING:
    from tlf.contents import Listed
    from tlf.mock.foreseen import Foreseen
    from tlf.model import Figure, Table

STAGE, STATUS = "Mock", "Shells before there are data: no number on these pages is a result."
FOLDER = "mock"


def run(study: str, root: str, out: str) -> None:
    """Write the shells of a study to OUT: each in every format, all in one PDF, an index. Raises TrialError."""
    home = find_root(Path(root) if root else None)
    specs = load_specs(home, study or primary_study(home))
    target = (Path(out) if out else home / "output" / FOLDER / specs.name).resolve()
    with in_words(target):
        told = check_specs(home, specs.name, cache_of(target).folder)
        if told:
            click.echo(told)
        made = shells(specs)
        if not made:
            raise TrialError(f"{specs.name} lists no output.", str(specs.folder / "catalogue.yaml"), "list one there")
        target.mkdir(parents=True, exist_ok=True)
        for name, content in made.items():
            beside = target / f".{name}"
            beside.write_bytes(content)
            beside.replace(target / name)
    click.echo(f"{len(specs.outputs)} shells in {target}: all.pdf, index.html, and each as RTF, PDF, HTML and text")


def shells(specs: Specs) -> dict[str, bytes]:
    """The files of every shell by name, and of all together; none where the study lists no output."""
    from tlf import render

    known, made = known_of(specs), dict[str, bytes]()
    laid = [_laid(specs, name, known) for name in sorted(specs.outputs, key=lambda one: _place(specs, one))]
    placed = []
    for listed, body in laid:
        rendered, first = render.files_and_first(listed.page, body, f"{listed.name}.pdf")
        placed.append((listed, first or rendered["pdf"]))
        made |= {f"{listed.name}.{suffix}": content for suffix, content in rendered.items()}
    return made | files(placed) if placed else {}


def known_of(specs: Specs) -> Foreseen:
    """What shells can know before there are data: datasets, terms, planned visits, decisions."""
    from tlf.mock.foreseen import Foreseen

    lists: dict[str, dict[str, None]] = {}
    for codelist, term in _cells(specs, TERMINOLOGY, "codelist", "submission"):
        lists.setdefault(codelist, {})[term] = None
    visits = tuple(dict.fromkeys(visit for (visit,) in _cells(specs, "visits", "AVISIT") if visit))
    return Foreseen(
        specs.datasets, {name: tuple(terms) for name, terms in lists.items()}, {"AVISIT": visits} if visits else {},
        {one.id.lower(): one.value for one in specs.decisions.values()},
    )  # fmt: skip


def _cells(specs: Specs, table: str, *columns: str) -> list[tuple[str, ...]]:
    """These columns of a table of the specs, row after row; nothing of one that is not there."""
    found = []
    for path in specs.table_files(table) if table in specs.tables else ():
        sheet = load_sheet(path)
        at = [sheet.header.index(name) for name in columns]
        found += [tuple(cells[one] for one in at) for _, cells in sheet.rows]
    return found


def _laid(specs: Specs, name: str, known: Foreseen) -> tuple[Listed, Table | Figure]:
    from tlf.abbreviations import spelt_out
    from tlf.contents import Listed, labels
    from tlf.mock.body import body, noted

    output = specs.outputs[name]
    with output.telling():
        made = body(output.shell, known)
        page = spelt_out(page_of_specs(output.shell, specs), made, abbreviations(specs))
        page, made = noted(page, made, output.shell, known)
    page = replace(page, status=STATUS, stage=STAGE, dictionaries=dictionaries(specs.study, {}))
    return Listed(page, labels(made), name, section(output.shell.output)), made


def _place(specs: Specs, name: str) -> tuple[tuple[int, ...], int, tuple[int, ...]]:
    return place(specs.outputs[name].shell.output)
