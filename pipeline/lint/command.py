"""`trial lint-specs`: the problems of a study's folder as printed, and the exit code."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from pipeline.ground.answer import tell_facts
from pipeline.ground.faults import EXIT_USER, TrialError
from pipeline.ground.words import did_you_mean
from pipeline.lint.extract import check_extract
from pipeline.lint.places import ERROR, OPEN, WARNING
from pipeline.lint.report import lint
from pipeline.study.specs import find_root, load_specs, primary_study, studies


def run(name: str, root: str, extract: str = "") -> int:
    """Lint one study and print the report; the exit code. Raises TrialError for an unknown study."""
    home = find_root(Path(root) if root else None)
    name = name or primary_study(home)
    if not (home / "specs" / name).is_dir() or name == "standard":
        raise TrialError(f"Unknown study '{name}'.", str(home / "specs"), did_you_mean(name, studies(home)))
    problems, covered = lint(home, name)
    if extract and not any(problem.kind == ERROR for problem in problems):
        problems += check_extract(load_specs(home, name), extract)
    tell_facts(study=name, problems=[asdict(problem) for problem in problems])
    for problem in problems:
        click.echo(problem.text())
    counts = {kind: sum(p.kind == kind for p in problems) for kind in (ERROR, WARNING, OPEN)}
    click.echo(("\n" if problems else "") + "\n".join(covered))
    click.echo(f"\n{name}: {counts[ERROR]} errors, {counts[WARNING]} warnings, {counts[OPEN]} open points")
    return EXIT_USER if counts[ERROR] else 0
