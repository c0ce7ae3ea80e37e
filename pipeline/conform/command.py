"""`trial conform`: the rules over the datasets of a build or a folder, told with their explanations, by CORE too."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click
import pandas as pd

from pipeline.against.sides import Held, side
from pipeline.conform import core
from pipeline.conform.datasets import Delivered, delivered
from pipeline.conform.report import lines, page
from pipeline.engine.audit import CONFORMANCE, NOTES
from pipeline.engine.conformance.table import conformance, in_short
from pipeline.ground.answer import tell_facts
from pipeline.ground.faults import EXIT_FINDINGS, TrialError
from pipeline.ground.plain_csv import csv_text
from pipeline.study.csv_text import load_tables
from pipeline.study.specs import Specs

EXPORTED = "export/xpt"


@dataclass(frozen=True)
class ConformRequest:
    """What the user asked for; empty means the default."""

    core: bool = False
    engine: str = ""
    everything: bool = False
    save: str = ""


def run(asked: ConformRequest, specs: Specs, folder: Path) -> int:
    """Check and tell: 0 where notes explain every issue, 1 where not. Raises TrialError (2)."""
    held = side(folder)
    there = delivered(held, specs)
    if not there.datasets:
        cure = f"say the study they are of (not {specs.name})"
        raise TrialError("None of these datasets has a spec.", str(folder), cure)
    of = f"{specs.study.study}: {folder.name}"
    rules, notes = (_table(specs, word) for word in (CONFORMANCE, NOTES))
    found, said = conformance(there.datasets, rules, notes), _left_out(there)
    if asked.core or asked.engine:
        by_core, lacking = _by_core(asked, specs, held, there, notes)
        found, said = pd.concat([found, by_core], ignore_index=True), [*said, *lacking]
    tell_facts(study=specs.study.study, rules=found, left_out=said)
    click.echo("\n".join([*lines(found, asked.everything), *said, in_short(found)]))
    if asked.save:
        _save(Path(asked.save), {"conform.csv": csv_text(found), "conform.html": page(found, of, said)})
    return EXIT_FINDINGS if found["UNEXPLAINED"].sum() else 0


def _save(folder: Path, files: dict[str, str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8", newline="")
    click.echo(f"Written  {folder / 'conform.html'}")


def _table(specs: Specs, word: str) -> pd.DataFrame | None:
    return load_tables(specs.table_files(word)) if word in specs.tables else None


def _left_out(there: Delivered) -> list[str]:
    """What was not looked at."""
    unknown, untraced = (", ".join(names) for names in (there.unknown, there.untraced))
    told = [f"No spec knows {unknown}: not checked."] if unknown else []
    behind = f"The records behind values of {untraced} are not here: whether they lead to one is not judged."
    return [*told, behind] if untraced else told


def _by_core(
    asked: ConformRequest, specs: Specs, held: Held, there: Delivered, notes: pd.DataFrame | None
) -> tuple[pd.DataFrame, list[str]]:
    """What CORE finds, or why it was not asked."""
    found = core.engine(asked.engine)
    nothing = pd.DataFrame()
    if found.lacking:
        return nothing, [f"CORE was not applied: {found.lacking}."]
    files = [path for parts in held.files.values() for path, _ in parts]
    files = sorted((held.path / EXPORTED).rglob("*.xpt")) if held.build else files
    places = core.folders(files, {name: spec.layer for name, spec in specs.datasets.items()})
    if not places:
        cure = "write them: trial export xpt" if held.build else "name a folder of XPT or Dataset-JSON files"
        raise TrialError("CORE reads XPT or Dataset-JSON, and there is none here.", str(held.path), cure)
    return core.core_findings(found.program, places, specs.study.standards, there.datasets, notes), []
