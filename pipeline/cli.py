"""The command line `trial`: each command says what it does, with an example; heavy libraries load only when used."""

from __future__ import annotations

import sys
from pathlib import Path
from types import TracebackType
from typing import Any

import click

from pipeline.errors import TrialError

STUDY = click.option("--study", default="", help="Study folder under specs/ (default: the primary study).")
EXTRACT = click.option("--extract", default="", help="Extract folder (default: the newest under data/STUDY).")
CUTOFF = click.option("--cutoff", default="", help="Data cut, e.g. 2026-06-30 (default: the delivery's own).")
OUT = click.option("--out", default="", help="Folder of the products (default: output/STUDY).")
ROOT = click.option("--root", default="", help="Project folder (default: found from where you are).")


class Commands(click.Group):
    """A group whose user errors are printed plainly and end with their own exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except TrialError as error:
            click.secho(error.text(), fg="red", err=True, color=None)
            ctx.exit(error.exit_code)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="trial-pipeline", prog_name="trial")
def trial() -> None:
    """From the raw extract of a trial to its signed-off tables, listings and figures.

    Start with:  trial build            (the same as `make tlf`)
    """


@trial.command()
@click.argument("targets", nargs=-1)
@STUDY
@EXTRACT
@CUTOFF
@OUT
@ROOT
@click.option("--fail-on", default="", help="Stop after the gate at findings of this severity or worse.")
@click.option("--quiet", is_flag=True, help="Say nothing but errors; the log file is written all the same.")
def build(targets: tuple[str, ...], **options: Any) -> None:
    """Build everything, or only TARGETS (datasets, outputs) and what they need.

    \b
    Examples:  trial build
               trial build adrs
               trial build t_14_2_1 --cutoff 2026-03-31 --out /tmp/march
    """
    from pipeline.build import Request, run

    sys.exit(run(Request(targets=targets, **options)))


def plain_hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """A defect of the program in plain words; the traceback goes to a file for those who mend it."""
    import traceback

    path = Path("trial-defect.log").resolve()
    path.write_text("".join(traceback.format_exception(kind, error, trace)), encoding="utf-8")
    click.secho(f"The program itself is at fault: {kind.__name__}: {error}", fg="red", err=True)
    click.echo(
        f"  where: the details are in {path}\n  cure:  send that file to those who maintain this project", err=True
    )


def main() -> None:
    """The console script: user errors in plain words, defects without a traceback on the screen."""
    sys.excepthook = plain_hook
    try:
        trial.main(standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("Stopped; the earlier outputs are as they were.", err=True)
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.exceptions.Exit as error:
        sys.exit(error.exit_code)
    except TrialError as error:
        click.secho(error.text(), fg="red", err=True)
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
