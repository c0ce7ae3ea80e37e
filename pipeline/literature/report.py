"""The report on published figures: what was found, and which counts can stand behind every percentage."""

from __future__ import annotations

import csv
import io
from dataclasses import astuple, fields
from pathlib import Path

import click

from pipeline.ground.faults import EXIT_FINDINGS, TrialError
from pipeline.ground.plain_csv import rows_text
from pipeline.ground.severity import SEVERITIES, reaching
from pipeline.literature.checks import all_issues
from pipeline.literature.issues import Issue, fits
from pipeline.literature.table import PrintedFigure, read_figures
from pipeline.readers.encoding import decode

NAMES = "names.csv"


def run(file: Path, out: str, names: str, fail_on: str) -> int:
    """Check a table, print the report, write the findings where asked; the exit code. Raises TrialError."""
    grave = reaching(fail_on)
    figures = read_figures(file)
    issues = all_issues(figures, standard_names(Path(names) if names else file.with_name(NAMES), bool(names)))
    click.echo(report(file.name, figures, issues))
    if out:
        write(Path(out), issues)
        click.echo(f"\nWritten    {out}")
    return EXIT_FINDINGS if any(issue.severity in grave for issue in issues) else 0


def standard_names(path: Path, asked: bool) -> dict[str, str]:
    """Standard by printed names (columns printed, standard). Raises TrialError for a file that is not there."""
    if not path.is_file():
        if asked:
            raise TrialError("The file of standard names does not exist.", str(path), "check --names")
        return {}
    rows = csv.DictReader(io.StringIO(decode(path.read_bytes(), path.name).text, newline=""))
    if not {"printed", "standard"} <= set(rows.fieldnames or []):
        raise TrialError("The file of names needs the columns printed and standard.", f"{path}, line 1", "add them")
    return {row["printed"]: row["standard"] for row in rows}


def report(name: str, figures: list[PrintedFigure], issues: list[Issue]) -> str:
    """The report as printed: findings with their reasons, then every percentage with the counts that print it."""
    rates = [f for f in figures if f.is_rate and int(f.n or 0) > 0]
    counted = {s: sum(issue.severity == s for issue in issues) for s in SEVERITIES}
    trials = len({f.trial for f in figures})
    size = f"{len(figures)} figures of {trials} trials, {len(rates)} percentages with a number of patients"
    lines = [f"{name}: {size}", ""]
    lines += ["Findings  " + ", ".join(f"{n} {severity}" for severity, n in counted.items()), ""]
    for issue in issues:
        lines += [f"  {issue.severity:<9}{issue.check:<17}{issue.trial}", f"           {issue.reason}"]
        lines += [f"           where: {issue.cell}", ""]
    if rates:
        lines += ["Counts that print each percentage"]
        columns = [f"  {f.trial:<28.28} {f.population:<28.28} {f.endpoint:<14.14}{f.value:>6} %" for f in rates]
        lines += [f"{column}   {fits(f, int(f.n))}" for column, f in zip(columns, rates, strict=True)]
    lines += ["", "Nothing was changed: the table is as it was given."]
    return "\n".join(lines)


def write(path: Path, issues: list[Issue]) -> None:
    """The findings as CSV. Raises TrialError when the place cannot be written to."""
    text = rows_text([f.name for f in fields(Issue)], [astuple(issue) for issue in issues])
    try:
        path.write_bytes(text.encode("utf-8"))
    except OSError as error:
        what = f"The findings cannot be written: {error.strerror}."
        raise TrialError(what, str(path), "say another --out") from error
