"""Commands by which work begins: a study's folder, the example to try, what is wrong, missing, stale."""

from __future__ import annotations

import sys
from typing import Any

import click

from pipeline.options import OUT, ROOT, from_what, json_too, named_study


@click.command("lint-specs")
@named_study
@click.option("--extract", default="", help="An extract: its files and columns are held to the raw contracts too.")
@ROOT
@json_too
def lint_specs(study: str, extract: str, root: str) -> None:
    """Say what is missing, misspelt or contradictory in the folder of STUDY, what is open, and what is covered.

    \b
    Example:   trial lint-specs my_trial --extract extracts/2026-06-30
    """
    from pipeline.lint.command import run

    sys.exit(run(study, root, extract))


@click.command()
@click.argument("folder", default="")
@click.option("--standard", is_flag=True, help="Bring the standard specs of this program into the project instead.")
def init(folder: str, standard: bool) -> None:
    """Lay the example study with its synthetic extracts out in FOLDER (default: here), a project of its own.

    \b
    Examples:  trial init try_out
               trial init --standard
    """
    from pipeline.new_study import project

    (project.renew_standard if standard else project.init)(folder)


@click.command("new-study")
@click.argument("name")
@click.option("--from", "dictionary", default="", help="The EDC's data dictionary (CSV, .xlsx, ALS): fields by form.")
@click.option("--codelists", default="", help="Codelists (default: in or beside the dictionary: codelists.csv).")
@click.option("--visits", default="", help="Visits (default: in or beside the dictionary: folders.csv or visits.csv).")
@click.option("--extract", default="", help="An example extract: its headers tell what every form carries.")
@click.option("--columns", default="", help="Columns of the dictionary: form=form_name,field=item_name,label=prompt.")
@click.option("--sdtm", default="", help="SDTM datasets made elsewhere: the study starts from them.")
@click.option("--update", is_flag=True, help="Bring a newer dictionary into a folder that has been worked on.")
@ROOT
def new_study(name: str, root: str, update: bool, **options: str) -> None:
    """Lay out the folder of a new study, filled from its data dictionary; what is open is marked OPEN.

    Where no project is around, one is begun: the standard specs, Makefile, .gitignore, what a CI service runs.

    \b
    Example:   trial new-study my_trial --from dictionary.csv
               trial new-study my_trial --from dictionary_v2.csv --update, or --sdtm FOLDER
    """
    from pipeline.lint.report import errors
    from pipeline.new_study.write import run

    run(name, root, update, errors, **options)


@click.command()
@OUT
@ROOT
@json_too
def doctor(out: str, root: str) -> None:
    """Say what the program needs of this machine and of the project, what is missing, and the cure.

    Python, libraries in the versions that were tested, typefaces, room and permission on the disk, the standard
    specs. Ends with 0 where nothing is lacking, 1 where something is.

    \b
    Example:   trial doctor
    """
    from pipeline.doctor import run

    sys.exit(run(root, out))


@click.command()
@named_study
@from_what
@OUT
@ROOT
@json_too
def status(study: str, **options: Any) -> None:
    """Say of STUDY (default: every study) what is built, and what of it is stale and why; nothing is made.

    Ends with 0 where all products are up to date, 1 where not.

    \b
    Examples:  trial status
               trial status my_trial --json
    """
    from pipeline.publish.build import Request
    from pipeline.status import run

    sys.exit(run(Request(study, **options)))


COMMANDS = (init, new_study, lint_specs, doctor, status)
