"""`trial compare OLD NEW`: the sides opened, compared and told; the exit code says whether anything is left open."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from pipeline.against.sides import Held, side
from pipeline.ground.answer import tell_facts
from pipeline.ground.faults import EXIT_FINDINGS, TrialError
from pipeline.study.specs import load_specs, studies
from pipeline.study.yaml_text import load_yaml


@dataclass(frozen=True)
class CompareRequest:
    """What the user asked for; empty means the default."""

    old: str
    new: str
    study: str = ""
    tolerance: str = ""
    only: tuple[str, ...] = ()
    day: str = ""
    out: str = ""


def run(asked: CompareRequest, root: Path, primary: str) -> int:
    """Compare and tell: 0 where nothing differs or all is accepted, 1 where not. Raises TrialError (2)."""
    from pipeline.against.comparison import compare_sides, register_of
    from pipeline.against.report import files, lines

    old, new = side(Path(asked.old)), side(Path(asked.new))
    specs = load_specs(root, asked.study or study_of((new, old), root) or primary)
    register = register_of(specs, asked.day or new.stated.cutoff or old.stated.cutoff)
    compared = compare_sides(old, new, specs, register, within(asked.tolerance), _known(asked.only, old, new))
    tell_facts(counts=compared.counts, differences=compared.found, open=compared.open)
    click.echo(f"{asked.old} -> {asked.new}")
    for line in lines(compared):
        click.echo(line)
    if asked.out:
        folder = Path(asked.out)
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files(asked.old, asked.new, compared).items():
            (folder / name).write_text(content, encoding="utf-8", newline="")
        click.echo(f"Written  {folder / 'compare.html'}")
    return EXIT_FINDINGS if compared.open else 0


def study_of(sides: tuple[Held, ...], root: Path) -> str:
    """The folder of the study that a build is of; '' where no side is a build of one here."""
    stated = next((one.stated.study for one in sides if one.build), "")
    said = {name: load_yaml(root / "specs" / name / "study.yaml") for name in studies(root)} if stated else {}
    return next((name for name, told in said.items() if isinstance(told, dict) and told.get("study") == stated), "")


def within(tolerance: str) -> float:
    """How far numbers may be apart, as a part of the larger. Raises TrialError for what is no such number."""
    from pipeline.against.columns import TOLERANCE

    try:
        asked = float(tolerance) if tolerance else TOLERANCE
    except ValueError:
        asked = -1.0
    if not 0 <= asked < 1:
        what = f"'{tolerance}' is no tolerance."
        raise TrialError(what, "--tolerance", "say a part of the number, as 1e-9 (0: exactly equal)")
    return asked


def _known(only: tuple[str, ...], old: Held, new: Held) -> tuple[str, ...]:
    """The datasets named by --only. Raises TrialError for one that neither side has."""
    from pipeline.ground.words import did_you_mean

    there = {*old.named(set(new.files)), *new.named(set(old.files))}
    for name in only:
        if name.upper() not in there:
            cure = did_you_mean(name.upper(), sorted(there))
            raise TrialError(f"Neither side has the dataset {name}.", "--only", cure)
    return only

