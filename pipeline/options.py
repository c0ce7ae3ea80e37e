"""The options that commands share; each may also be said in the environment, which is how `make` hands them over."""

from __future__ import annotations

import contextlib
import functools
import io
import sys
from pathlib import Path
from typing import Any

import click

from pipeline.ground.answer import facts_asked, json_text
from pipeline.ground.faults import FaultError


def option(name: str, words: str, **more: Any) -> Any:
    """An option that may also be said in the environment, as make does: TRIAL_OUT is --out."""
    variable = "TRIAL_" + name.removeprefix("--").replace("-", "_").upper()
    return click.option(name, envvar=variable, help=words, **({"default": ""} | more))


class Extracts(click.ParamType):
    """Extracts named in the environment: one path as it is, blanks and all, or several parted by blanks."""

    name = "text"

    def split_envvar_value(self, rv: str) -> list[str]:
        return [rv] if Path(rv).exists() else rv.split()


STUDY = option("--study", "Study folder under specs/ (default: the primary study).")
EXTRACT = option("--extract", "Extract folder (default: the newest under data/STUDY).")
SDTM = option("--sdtm", "Folder of SDTM datasets made elsewhere, to start from instead of an extract.")


def named_study(command: Any) -> Any:
    """STUDY as a word of its own; --study, as commands that have further words know it, is understood too."""

    @functools.wraps(command)
    def called(study: str, named: str, **given: Any) -> Any:
        return command(study=study or named, **given)

    either = click.option("--study", "named", default="", envvar="TRIAL_STUDY", hidden=True)
    return click.argument("study", default="")(either(called))


def json_too(command: Any) -> Any:
    """--json: what a command prints, its facts, its fault and its exit code as one JSON object for machines."""

    @functools.wraps(command)
    def called(*told: Any, as_json: bool, **given: Any) -> Any:
        if not as_json:
            return command(*told, **given)
        text, code, fault = io.StringIO(), 0, None
        with facts_asked() as facts, contextlib.redirect_stdout(text):
            try:
                command(*told, **given)
            except SystemExit as end:
                code = int(end.code or 0)
            except FaultError as error:
                code, fault = error.exit_code, {"what": error.what, "where": error.where, "cure": error.cure}
        name = click.get_current_context().info_name
        lines = text.getvalue().splitlines()
        click.echo(json_text({"command": name, "exit_code": code, "fault": fault, "facts": facts, "lines": lines}))
        return sys.exit(code)

    return click.option("--json", "as_json", is_flag=True, help="Say it as one JSON object, for machines.")(called)


def from_what(command: Any) -> Any:
    """What a command starts from: an extract, or SDTM made elsewhere."""
    return EXTRACT(SDTM(command))


CUTOFF = option("--cutoff", "Data cut, e.g. 2026-06-30 (default: the delivery's own).")
OUT = option("--out", "Folder of the products (default: output/STUDY).")
ENGINE = option("--engine", "What makes things: processes (default), dask, or dask=tcp://HOST:PORT of a scheduler.")
NO_REVIEW = click.option("--no-review", is_flag=True, envvar="TRIAL_NO_REVIEW", help="Make no review site.")
QUIET = option("--quiet", "Say nothing but errors; the log file is written all the same.", is_flag=True, default=False)
ROOT = click.option("--root", default="", help="Project folder (default: found from where you are).")
