"""`trial validate`: an extract and those before it, validated, compared and published whole in OUT/validation/."""

from __future__ import annotations

import multiprocessing
import os
import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.checks.engine import COLUMNS
from pipeline.delivery import Delivery, open_delivery
from pipeline.ground.faults import EXIT_FINDINGS, TrialError
from pipeline.ground.plain_csv import csv_text
from pipeline.ground.queries import SEVERITIES
from pipeline.machine import processors
from pipeline.specs import Specs
from pipeline.store import bytes_of
from pipeline.swap import publish
from pipeline.validation.accepted import FILE, accept, read_register
from pipeline.validation.answers import FILE as ANSWERS
from pipeline.validation.answers import answered
from pipeline.validation.causes import counted, grouped, in_order
from pipeline.validation.changes import compare
from pipeline.validation.life import told
from pipeline.validation.sites import site_view
from pipeline.validation.snapshot import Snapshot, silent, take_snapshot
from pipeline.yaml_text import load_mapping

FOLDER = "validation"
WORTH = 500_000  # bytes from which a second process is worth its start
QUERY = (*COLUMNS, "status", "query", "cause", "first_seen", "was", "note", "line", "form_label", "field_label", "key")


@dataclass(frozen=True)
class Validation:
    """All that the products show. `queries` as told by life.told; `changes` against the extract before, if any."""

    study: str
    current: Snapshot
    earlier: tuple[Snapshot, ...]
    queries: pd.DataFrame
    register: pd.DataFrame
    problems: tuple[str, ...]
    layout: pd.DataFrame
    changes: pd.DataFrame
    sites: pd.DataFrame
    chosen: str = ""

    @property
    def notes(self) -> pd.DataFrame:
        """Findings of severity info: nothing to answer, good to know."""
        findings = self.current.findings
        return findings[findings["severity"] == SEVERITIES[-1]]

    def counts(self) -> dict[str, int]:
        """Open queries by severity."""
        return open_counts(self.queries)


def open_counts(queries: pd.DataFrame) -> dict[str, int]:
    """Open queries by severity, the one count of all products (what is accepted or follows from another left out)."""
    found = counted(queries)["severity"].value_counts()
    return {s: int(found.get(s, 0)) for s in SEVERITIES[:-1]}


def judged(
    specs: Specs, current: Snapshot, earlier: Sequence[Snapshot] = ()
) -> tuple[pd.DataFrame, pd.DataFrame, list[str]]:
    """The queries with their life, acceptance and cause, the register of acceptances, and what is wrong with its lines.

    `trial validate` and the gate of a build both ask here, so that they count the same.
    """
    known = known_checks([*earlier, current])
    register, problems = read_register(specs.folder / FILE, known, [*specs.raw, *current.forms])
    asked = answered(told(current, earlier), specs.folder / ANSWERS)
    queries, register = accept(asked, register, current.extracted)
    return in_order(grouped(queries)), register, problems


def validate(
    specs: Specs, delivery: Delivery, cutoff: str, since: Sequence[Delivery] = (), say: Callable[[str], None] = silent
) -> Validation:
    """Validate an extract against the earlier ones given (any order). Raises TrialError when it cannot be read."""
    wanted = [*((specs, d, d.cutoff or cutoff) for d in since), (specs, delivery, cutoff)]
    *earlier, current = snapshots(wanted, say)
    say("comparing, the life of queries, sites")
    earlier.sort(key=lambda s: (s.extracted, s.name))
    queries, register, problems = judged(specs, current, earlier)
    layout, changes = compare(earlier[-1].forms, current.forms) if earlier else compare({}, {})
    places = load_mapping(specs.folder / "sites.yaml") if (specs.folder / "sites.yaml").exists() else {}
    sites = site_view(current, queries, specs.study, places)
    name = str(specs.study.get("study", specs.name))
    return Validation(name, current, tuple(earlier), queries, register, tuple(problems), layout, changes, sites)


def snapshots(
    wanted: Sequence[tuple[Specs, Delivery, str]], say: Callable[[str], None] = silent
) -> list[Snapshot]:
    """Snapshots of several extracts in their order; earlier ones in processes of their own, if there are processors."""
    *earlier, current = wanted
    size = sum(path.stat().st_size for _, delivery, _ in earlier for path in delivery.folder.glob("*"))
    crew = min(len(earlier), processors() - 1)
    if crew < 1 or size < WORTH:
        return [take_snapshot(*one, say) for one in wanted]
    with ProcessPoolExecutor(crew, mp_context=multiprocessing.get_context("spawn")) as pool:
        begun = [pool.submit(take_snapshot, *one) for one in earlier]
        now = take_snapshot(*current, say)
        say("earlier extracts")
        return [*(future.result() for future in begun), now]


def known_checks(snapshots: Sequence[Snapshot]) -> set[str]:
    """All checks that were run or found something."""
    return {c for s in snapshots for frame in (s.coverage, s.findings) for c in frame["check"]}


def products(validation: Validation) -> dict[str, Any]:
    """The files of OUT/validation/ by name: bytes, text or DataFrames. The same validation gives the same bytes."""
    from pipeline.validation.context import placed
    from pipeline.validation.report import report
    from pipeline.validation.site_picture import picture
    from pipeline.validation.workbook import workbook

    queries = placed(validation.queries, validation)[list(QUERY)]
    return {
        "queries.csv": csv_text(queries),
        "queries.parquet": queries,
        "queries.xlsx": workbook(validation),
        "report.html": report(validation),
        "coverage.csv": csv_text(validation.current.coverage),
        "sites.csv": csv_text(validation.sites),
        "sites.svg": picture(validation.sites),
        "layout.csv": csv_text(validation.layout),
        "changes.csv": csv_text(validation.changes),
    }


def write(files: dict[str, Any], out: Path) -> Path:
    """Put the files in OUT/validation/ in one step; returns that folder."""
    target = out / FOLDER
    aside = out / f".{FOLDER}.making.{os.getpid()}"
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    try:
        for name, content in files.items():
            (aside / name).write_bytes(bytes_of(content))
        publish(aside, target)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return target


def earlier_deliveries(delivery: Delivery, words: Sequence[str]) -> list[Delivery]:
    """Extracts to compare with: those named, `all` before it in its folder, or the one before. Raises TrialError."""
    if "none" in words:
        return []
    if words and "all" not in words:
        home = delivery.folder.parent
        paths = [Path(w) if Path(w).exists() else home / w for w in words]
        return [open_delivery(path.resolve()) for path in paths]
    before = [d for d in siblings(delivery) if (d.cutoff or d.name) < (delivery.cutoff or delivery.name)]
    return before if words else before[-1:]


def siblings(delivery: Delivery) -> list[Delivery]:
    """Other extracts of the same study in the same folder, oldest first; what is no extract is passed by."""
    found = []
    for path in sorted(delivery.folder.parent.iterdir()):
        if (
            path == delivery.folder
            or path.name.startswith(".")
            or not (path.is_dir() and (path / "manifest.json").exists())
        ):
            continue
        try:
            other = open_delivery(path)
        except TrialError:
            continue
        if other.manifest.get("study") == delivery.manifest.get("study"):
            found.append(other)
    return sorted(found, key=lambda d: d.cutoff or d.name)


def check_severity(fail_on: str) -> None:
    """Raises TrialError for a severity that no query has."""
    if fail_on and fail_on not in SEVERITIES[:-1]:
        raise TrialError(f"Unknown severity '{fail_on}'.", "--fail-on", f"one of {', '.join(SEVERITIES[:-1])}")


def exit_code(validation: Validation, fail_on: str) -> int:
    """0, or 1 when open queries reach the severity named ('' names none)."""
    if not fail_on:
        return 0
    counts = validation.counts()
    return EXIT_FINDINGS if any(counts[s] for s in SEVERITIES[: SEVERITIES.index(fail_on) + 1]) else 0
