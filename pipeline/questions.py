"""Commands that ask of builds: where a number comes from, what a decision decides, where values went."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from pipeline.options import CUTOFF, EXTRACT, OUT, ROOT, STUDY, from_what, json_too, named_study

ENCODINGS = ("ascii", "utf-8", "gb18030", "windows-1251")
EXPORTS = ("xpt", "dataset-json", "ndjson", "dsjc", "parquet", "csv", "define", "acrf")


@click.command()
@click.argument("target")
@click.argument("words", nargs=-1)
@click.option("--column", default="", help="The column of the table, e.g. 'Part B' (default: all).")
@click.option("--subject", default="", help="Only this subject, all of its records.")
@click.option("--all", "everybody", is_flag=True, help="All subjects and lines, not the first five.")
@STUDY
@from_what
@CUTOFF
@OUT
@ROOT
@json_too
def trace(target: str, words: tuple[str, ...], column: str, subject: str, everybody: bool, **options: Any) -> None:
    """Walk from a printed number, or from records of a dataset, to the lines of the eCRF.

    \b
    Examples:  trial trace T-14.2.1 "Complete response" --column "Part B"
               trial trace adtte USUBJID=1010004 PARAMCD=PFS
    """
    from pipeline.publish.build import Request, opened
    from pipeline.why.trace import trace as traced

    build = opened(Request(**options))
    for line in traced(build, target, words, column, subject, everybody):
        click.echo(line)
    _tell_doubts(build)


@click.command()
@click.argument("name")
@click.option("--to", default="", help="Another choice: list every value it would change.")
@STUDY
@from_what
@CUTOFF
@OUT
@ROOT
@json_too
def impact(name: str, to: str, **options: Any) -> None:
    """List what depends on a decision, a dataset or a form; with --to, what another choice would change.

    \b
    Examples:  trial impact DLT_MED
               trial impact DLT_MED --to BOTH
               trial impact adrs
    """
    from pipeline.publish.build import Request, opened
    from pipeline.why.impact import affected, changes

    build = opened(Request(**options), undated=not to)
    for line in changes(build, name, to) if to else affected(build, name):
        click.echo(line)
    _tell_doubts(build)


@click.command()
@named_study
@click.option("--only", multiple=True, help="A decision or a scenario; may be said several times. Without it: all.")
@click.option("--save", default="", type=click.Path(), help="Folder for sensitivity.csv and the tornado figures.")
@from_what
@CUTOFF
@OUT
@ROOT
@json_too
def sensitivity(study: str, only: tuple[str, ...], save: str, **options: Any) -> None:
    """Say which decision of the plan moves which headline result, by how much, and who enters or leaves a set.

    \b
    Examples:  trial sensitivity
               trial sensitivity --only EAS_NE --only EMA --save sensitivity/
    """
    from pipeline.publish.build import Request, opened
    from pipeline.why import sensitivity as of

    build = opened(Request(study=study, **options))
    tables: list[Any] = []
    for line in of.told(build, of.scenarios(build.specs, only), tables):
        click.echo(line)
    for path in of.save(tables, build.specs, Path(save)) if save else ():
        click.echo(f"Written  {path}")
    _tell_doubts(build)


@click.command()
@named_study
@click.option("--lost", is_flag=True, help="Only the fields of which values went nowhere.")
@click.option("--page", help="Write it as an HTML page to this file: the annotated CRF.")
@EXTRACT
@CUTOFF
@OUT
@ROOT
@json_too
def coverage(study: str, lost: bool, page: str | None, **options: Any) -> None:
    """Say of every raw field of an extract where its values went: to which variable, by which rule, or why nowhere.

    \b
    Examples:  trial coverage my_trial --lost
               trial coverage my_trial --page acrf.html
    """
    from pipeline.publish.build import Request, opened
    from pipeline.why.coverage import told, write_page

    build = opened(Request(study=study, **options))
    lines = "\n".join(told(build, lost))
    click.echo(f"Annotated CRF  {write_page(build, page)}" if page else lines)
    _tell_doubts(build)


@click.command()
@click.argument("kind", type=click.Choice(EXPORTS))
@click.option("--datasets", multiple=True, help="Only these, e.g. adsl,adae (default: all that have records).")
@click.option("--encoding", default="ascii", type=click.Choice(ENCODINGS),
              help="Signs of texts in XPT, for an agency that takes others than ASCII.")  # fmt: skip
@STUDY
@from_what
@CUTOFF
@OUT
@ROOT
def export(kind: str, datasets: tuple[str, ...], encoding: str, **options: Any) -> None:
    """Write the datasets as other programs read them, Define-XML of them, or the annotated CRF, to OUT/export/KIND.

    XPT is version 5. What it cannot hold as it is stands in values.csv; a dataset with a value that it cannot hold at
    all is not written, and the exit code is 1.

    \b
    Examples:  trial export xpt
               trial export dataset-json --datasets adsl,adae
    """
    from pipeline.publish.build import Request
    from pipeline.publish.export.command import run

    code, told = run(kind, datasets, encoding, Request(**options))
    click.echo("\n".join(told))
    sys.exit(code)


@click.group()
def spec() -> None:
    """The specification workbook that sponsors exchange (sheets as Pinnacle 21 has them), out and in."""


@spec.command("export")
@STUDY
@from_what
@CUTOFF
@OUT
@ROOT
def spec_export(**options: Any) -> None:
    """Write the study's workbooks, one for SDTM and one for ADaM, to OUT/export/spec.

    \b
    Example:   trial spec export --study my_trial
    """
    from pipeline.publish.build import Request
    from pipeline.publish.specification import command

    click.echo("\n".join(command.export(Request(**options))))


@spec.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@STUDY
@from_what
@CUTOFF
@OUT
@ROOT
def spec_import(file: Path, **options: Any) -> None:
    """Take a sponsor's workbook into the study's folder; say each problem with sheet, row, column and cure.

    Labels, structures, origins, methods and comments become lines of the study's files on datasets; extra sheets,
    columns and rows are kept, and stand in the next export. What data or rules make otherwise is told (exit code 1).

    \b
    Example:   trial spec import sponsor_adam_spec.xlsx --study my_trial
    """
    from pipeline.publish.build import Request
    from pipeline.publish.specification import command

    code, told = command.take(file, Request(**options))
    click.echo("\n".join(told))
    sys.exit(code)


@click.command()
@click.option("--check", "checked", default="", type=click.Path(path_type=Path),
              help="Hold the package in this folder against itself, wherever it lies; make none.")  # fmt: skip
@click.option("--rerun", default="", type=click.Path(path_type=Path),
              help="Build again from the SDTM of the package in this folder, and compare everything.")  # fmt: skip
@click.option("--encoding", default="ascii", type=click.Choice(ENCODINGS), help="Signs of texts in XPT.")
@STUDY
@from_what
@CUTOFF
@OUT
@ROOT
def submission(checked: Path, rerun: Path, encoding: str, **options: Any) -> None:
    """Make of a finished build the folder that an agency is handed, OUT/submission, and check it.

    It holds SDTM and ADaM as XPT and Dataset-JSON, their defines, the annotated CRF, guides for reviewers, programs,
    outputs, and a manifest of all of that. Ends with 0 where the package is whole, 1 where not.

    
    Examples:  trial submission
               trial submission --check /media/copy/submission
               trial submission --rerun output/my_trial/submission
    """
    from pipeline.publish.build import Request
    from pipeline.publish.submission import command
    from pipeline.publish.submission import rerun as again

    request = Request(**options)
    code, told = (command.check(checked) if checked.name else again.run(rerun, request) if rerun.name
                  else command.run(request, encoding))  # fmt: skip
    click.echo("\n".join(told))
    sys.exit(code)


@click.command()
@named_study
@OUT
@ROOT
def review(study: str, out: str, root: str) -> None:
    """Say where the review site of the products lies: a page that a browser opens from disk.

    \b
    Example:   trial review my_trial
    """
    from pipeline.publish.build import Request, place
    from pipeline.publish.review_step import site_of

    click.echo(site_of(place(Request(study, out=out, root=root))[1]))


@click.command()
@click.argument("subject", default="")
@click.option("--save", default="", type=click.Path(), help="The PDF (default: profile_SUBJECT.pdf here).")
@STUDY
@from_what
@CUTOFF
@OUT
@ROOT
def profile(subject: str, save: str, **options: Any) -> None:
    """Write the page of one subject as PDF: its course, values, sets, response, findings; without SUBJECT of all.

    \b
    Examples:  trial profile 1010004
               trial profile --save profiles.pdf
    """
    from pipeline.publish import profile as of
    from pipeline.publish.build import Request, opened
    from pipeline.publish.findings_made import look
    from pipeline.why.made import made

    build = opened(Request(**options))
    made(build, *of.nodes(build))
    looked = look(build.with_what_is_known())
    pages = of.chosen([*of.subject_pages(build, looked)], subject)
    path = Path(save or f"profile_{pages[0].short if subject else 'all'}.pdf")
    path.write_bytes(of.as_pdf(build, pages, looked))
    click.echo(f"Written  {path}")
    _tell_doubts(build)


def _tell_doubts(build: Any) -> None:
    """What of the cache was not as it was written, and was therefore made anew."""
    for node, doubt in sorted(build.cache.doubts.items()):
        click.echo(f"Made anew  {node}: {doubt}.", err=True)


COMMANDS = (trace, impact, profile, sensitivity, coverage, export, spec, submission, review)
