"""The command line `trial`: each command says what it does, with an example; heavy libraries load only when used."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import click

from pipeline import beginnings, comparisons, questions
from pipeline.ground.defects import plain_hook
from pipeline.ground.faults import FaultError
from pipeline.ground.machine import collect_seldom
from pipeline.options import (
    CUTOFF,
    ENGINE,
    EXTRACT,
    NO_REVIEW,
    OUT,
    QUIET,
    ROOT,
    STUDY,
    Extracts,
    from_what,
    json_too,
    named_study,
    option,
)


class Commands(click.Group):
    """A group whose errors are printed plainly and end with their own exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        from pipeline.publish.place import in_words

        try:
            with in_words(Path()):
                return super().invoke(ctx)
        except FaultError as error:
            click.echo(error.text() if os.environ.get("NO_COLOR") else click.style(error.text(), fg="red"), err=True)
            ctx.exit(error.exit_code)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="trial-pipeline", prog_name="trial")
def trial() -> None:
    """From the raw extract of a trial to its signed-off tables, listings and figures.

    \b
    Start with:  trial build            (the same as `make tlf`)
                 trial new-study NAME   a study of your own; trial init lays an example out
                 trial doctor           what is missing on this machine, and the cure

    \b
    Exit codes:  0  done, and nothing is open
                 1  done, and something was found: findings, differences, what is stale, what a check refuses
                 2  not done: a slip of the command, the specs or the extract, told with its cure
                 3  not done: a fault of the program; its file is named
               130  stopped from the keyboard; earlier products are as they were

    \b
    Completion:  eval "$(_TRIAL_COMPLETE=bash_source trial)"     in ~/.bashrc (zsh_source in ~/.zshrc for zsh)
    """


@trial.command()
@click.argument("targets", nargs=-1)
@STUDY
@from_what
@CUTOFF
@OUT
@ROOT
@option("--fail-on", "Stop after the gate at findings of this severity or worse.")
@QUIET
@click.option("--final", is_flag=True, help="Pages say Final, not Draft, if no critical or major query is open.")
@option("--since", "Folder of an earlier build: the review site tells what is new since then.")
@option("--sensitivity", "Folder that `trial sensitivity --save` wrote: the review site shows it beside decisions.")
@NO_REVIEW
@ENGINE
def build(targets: tuple[str, ...], no_review: bool, since: str, sensitivity: str, **options: Any) -> None:
    """Build everything, or only TARGETS (datasets, outputs) and what they need.

    \b
    Examples:  trial build
               trial build adrs
               trial build t_14_2_1 --cutoff 2026-03-31 --out /tmp/march
               trial build --sdtm /data/sdtm
    """
    from pipeline.publish.unchanged import UP_TO_DATE, again

    asked = again(targets=targets, no_review=no_review, since=since, sensitivity=sensitivity, **options)
    if asked and (said := asked.said()) is not None:
        if not options["quiet"]:
            click.echo(f"{UP_TO_DATE}\n{said}", err=True)
        return
    from pipeline.publish.early import early

    begun = early(**options)
    if begun:
        begun.put(targets, options["quiet"])
    from pipeline.publish.build import Request, run
    from pipeline.publish.review_step import Folders
    from pipeline.review import review

    folders = Folders(Path(since) if since else None, Path(sensitivity) if sensitivity else None)
    sys.exit(run(Request(targets=targets, review=None if no_review else review, folders=folders, again=asked,
                     early=begun, **options)))  # fmt: skip


@trial.command()
@click.argument("studies", nargs=-1)
@option("--builds", "Folder of the finished builds, each under its study's name (default: output).")
@OUT
@ROOT
@QUIET
@NO_REVIEW
def pool(studies: tuple[str, ...], builds: str, no_review: bool, **options: Any) -> None:
    """Stack the finished builds of STUDIES (ADSL, ADAE, ADCRS, ADTTE), and print them by study and together.

    \b
    Examples:  trial pool my_trial other_trial
               trial trace T-14.3.2 "Any CRS" --study my_trial+other_trial
    """
    from pipeline.publish.build import Request
    from pipeline.publish.pool_command import run
    from pipeline.review import review

    sys.exit(run(studies, Request(extract=builds, review=None if no_review else review, **options)))


@trial.command()
@named_study
@OUT
@ROOT
def mock(study: str, out: str, root: str) -> None:
    """Print every shell of STUDY's list before there are data: x's for numbers, and notes for the programmer.

    \b
    Examples:  trial mock
               trial mock my_trial --out /tmp/shells
    """
    from pipeline.publish.mock import run

    run(study, root, out)


@trial.command()
@click.option("--fix", is_flag=True, help="Mend what can be mended by rule (order of imports).")
def lint(fix: bool) -> None:
    """Style (ruff), layers (import-linter) and types (mypy) of the project's own code.

    \b
    Example:   trial lint
    """
    from pipeline.ground.faults import EXIT_FINDINGS
    from pipeline.upkeep import run_linters

    sys.exit(EXIT_FINDINGS if run_linters(fix) else 0)


@trial.command()
@click.argument("sizes", nargs=-1, type=click.IntRange(min=1), envvar="TRIAL_SIZES")
@click.option("--check", is_flag=True, help="Only a small build: exit code 1 when it takes 1.5 times what is recorded.")
@click.option("--laboratory", type=click.IntRange(min=1), help="Only so many laboratory records, to ADLB and a table.")
@ENGINE
@ROOT
def bench(sizes: tuple[int, ...], check: bool, laboratory: int | None, engine: str, root: str) -> None:
    """Time builds of synthetic studies of SIZES subjects (default: 60 300 1000), in yards; write docs/benchmarks.md.

    With --laboratory the records of a laboratory alone, by the engine that is named, else by processes and by Dask.

    \b
    Examples:  trial bench 60 1000
               trial bench --check
               trial bench --laboratory 1000000 --engine dask
    """
    if laboratory:
        from pipeline import bench_laboratory

        sys.exit(bench_laboratory.run(laboratory, engine, root))
    from pipeline.bench_report import run

    sys.exit(run(sizes, check, root))


@trial.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--out", default="", help="Write the findings to this CSV file too.")
@click.option("--names", default="", help="CSV of printed and standard names (default: names.csv beside FILE).")
@click.option("--fail-on", default="", help="End with exit code 1 at findings of this severity or worse.")
@json_too
def published(file: Path, out: str, names: str, fail_on: str) -> None:
    """Check a table of published figures (CSV) for arithmetic that cannot be; nothing is ever changed.

    \b
    Example:   trial published data/published/after_cart_review.csv --out issues.csv
    """
    from pipeline.literature.report import run

    sys.exit(run(file, out, names, fail_on))


@trial.command()
@STUDY
@EXTRACT
@CUTOFF
@OUT
@ROOT
@option(
    "--since", "An earlier extract (repeatable), all or none (default: the one before).",
    multiple=True, type=Extracts(), default=(),
)
@option("--fail-on", "End with exit code 1 at open queries of this severity or worse.")
@option("--export", "Also write the open queries as an EDC imports them: rave, veeva or odm.")
@QUIET
@json_too
def validate(**options: Any) -> None:
    """Validate an extract: queries by who answers, their life since earlier extracts, the view by site.

    \b
    Examples:  trial validate
               trial validate --extract extracts/june --since extracts/march --fail-on critical
               trial validate --export rave
    """
    from pipeline.desk.command import ValidationRequest, run

    sys.exit(run(ValidationRequest(**options)))


@trial.command()
@click.argument("file", type=click.Path(path_type=Path))
@STUDY
@OUT
@ROOT
@click.option("--who", default="", help="Who answers where the sheet does not say (column By).")
def accept(file: Path, study: str, out: str, root: str, who: str) -> None:
    """Take the answers and acceptances of a returned queries.xlsx into the study's registers; say what was not taken.

    \b
    Example:   trial accept queries_site_101.xlsx --who "J. Doe"
    """
    from pipeline.desk.returned import run

    sys.exit(run(file, study, out, root, who))


@trial.command()
@click.argument("old")
@click.argument("new")
@STUDY
@ROOT
@click.option("--out", default="", help="Write difference.html, layout.csv and changes.csv to this folder too.")
@json_too
def diff(old: str, new: str, study: str, root: str, out: str) -> None:
    """Say what changed between two extracts: columns first, then records and cells, by form, site and subject.

    \b
    Example:   trial diff 2026-03-31 2026-06-30 --out /tmp/diff
    """
    from pipeline.desk.command import diff as compare

    sys.exit(compare(old, new, study, root, out))


for command in (*beginnings.COMMANDS, *questions.COMMANDS, *comparisons.COMMANDS):
    trial.add_command(command)


def main() -> None:
    """The console script: user errors in plain words, defects without a traceback on the screen."""
    sys.excepthook = plain_hook
    collect_seldom()
    try:
        sys.exit(trial.main(standalone_mode=False) or 0)
    except click.exceptions.Abort:
        click.echo("Stopped; the earlier outputs are as they were.", err=True)
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
