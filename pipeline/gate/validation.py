"""An extract and those before it validated: queries with their life and causes, what changed, the sites."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import pandas as pd

from adam.identities import CHECKS
from pipeline.gate.accepted import FILE, accept, read_register
from pipeline.gate.answers import FILE as ANSWERS
from pipeline.gate.answers import answered
from pipeline.gate.causes import counted, grouped, in_order
from pipeline.gate.changes import compare
from pipeline.gate.expectations import unexpected
from pipeline.gate.query_history import told
from pipeline.gate.sites import site_view
from pipeline.gate.snapshot import Snapshot, silent, take_snapshot
from pipeline.ground.machine import processors
from pipeline.ground.severity import SEVERITIES
from pipeline.intake.delivery import Delivery
from pipeline.study.settings import load_site_words
from pipeline.study.specs import Specs

WORTH = 500_000  # bytes from which a second process is worth its start


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
    known = known_checks([*earlier, current]) | set(CHECKS)
    analysed = [spec.dataset for spec in specs.datasets.values() if spec.layer == "adam"]
    register, problems = read_register(specs.folder / FILE, known, [*specs.raw, *current.forms, *analysed])
    asked = answered(told(current, earlier), specs.folder / ANSWERS)
    queries, register = accept(asked, register, current.extracted)
    of_a_build = register["check"].isin(CHECKS)
    register = register.assign(state=register["state"].mask(of_a_build, "asked by a build, not here"))
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
    sites = site_view(current, queries, specs.study, load_site_words(specs.folder))
    past, name = tuple(earlier), specs.study.study
    return Validation(name, current, past, queries, register, tuple(problems), layout, changes, sites)


def snapshots(
    wanted: Sequence[tuple[Specs, Delivery, str]], say: Callable[[str], None] = silent
) -> list[Snapshot]:
    """Snapshots of several extracts in their order; earlier ones in processes of their own, if there are processors."""
    *earlier, current = wanted
    size = sum(path.stat().st_size for _, delivery, _ in earlier for path in delivery.folder.glob("*"))
    crew = min(len(earlier), processors() - 1)
    if crew < 1 or size < WORTH:
        return [take_snapshot(*one, say, unexpected) for one in wanted]
    with ProcessPoolExecutor(crew, mp_context=multiprocessing.get_context("spawn")) as pool:
        begun = [pool.submit(take_snapshot, *one, silent, unexpected) for one in earlier]
        now = take_snapshot(*current, say, unexpected)
        say("earlier extracts")
        return [*(future.result() for future in begun), now]


def known_checks(snapshots: Sequence[Snapshot]) -> set[str]:
    """All checks that were run or found something."""
    return {c for s in snapshots for frame in (s.coverage, s.findings) for c in frame["check"]}
