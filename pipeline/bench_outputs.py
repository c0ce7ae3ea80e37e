"""How long tables and a listing of many subjects take: results, text and each other format, of events made here.

Subjects are copies of those of a build's ADSL, events are copies of its ADAE with terms of 27 system organ classes and
700 preferred terms; the same on every run. Making them is not counted, nor is the first look at the program's modules.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from pipeline.engine.store import read_parquet
from pipeline.ground.faults import TrialError
from pipeline.study.specs import Specs
from tlf.rows.kinds import Terms
from tlf.rows.words import ALWAYS
from tlf.shells import Shell

if TYPE_CHECKING:
    import pandas as pd

CLASSES, TERMS, SEED, SUBJECT = 27, 700, 1, "USUBJID"
BY_TERM = ("AEBODSYS", "AEDECOD")
FORMATS = ("rtf", "html", "txt", "pdf")


class ManySubjects(NamedTuple):
    """An output of many subjects: what it is called, how many subjects and events, and which shell it is made by."""

    what: str
    subjects: int
    events: int
    chosen: Callable[[Shell], bool]


@dataclass
class OutputTiming:
    """What one output took, in seconds of the processor: its results, the body of its page, and each format."""

    what: str
    subjects: int
    events: int
    rows: int
    seconds: dict[str, float] = field(default_factory=dict)


def _has(shell: Shell, *by: str, timed: bool = False, graded: bool = False) -> bool:
    """Whether a table has a row of these terms, with or without time at risk and the one record of a subject."""
    return any(isinstance(row, Terms) and row.by == by and (row.time_at_risk != ALWAYS) == timed
               and bool(row.take and row.parts) == graded for row in shell.rows)  # fmt: skip


ASKED = (
    ManySubjects("events by class and term", 16_764, 120_000, lambda shell: _has(shell, *BY_TERM)),
    ManySubjects("events by term and maximum grade", 20_000, 143_000,
                 lambda shell: _has(shell, BY_TERM[1], graded=True)),
    ManySubjects("exposure-adjusted rates by class and term", 20_000, 143_000,
                 lambda shell: _has(shell, *BY_TERM, timed=True)),
    ManySubjects("listing of events", 1_400, 10_000, lambda shell: [block.of for block in shell.blocks] == ["adae"]),
)  # fmt: skip


def timed(specs: Specs, adam: Path, asked: tuple[ManySubjects, ...] = ASKED) -> list[OutputTiming]:
    """What each output takes that the study has, made of copies of the datasets in a folder of ADaM."""
    adsl, adae = (read_parquet((adam / f"{name}.parquet").read_bytes()) for name in ("adsl", "adae"))
    found = []
    for one in asked:
        shell = next((output.shell for output in specs.outputs.values() if one.chosen(output.shell)), None)
        if shell is not None:
            for subjects, events in ((len(adsl), 2 * CLASSES), (one.subjects, one.events)):  # the first loads modules
                timing = _timed(shell, many(adsl, adae, subjects, events), specs)
            found.append(OutputTiming(one.what, subjects, events, *timing))
    return found


def many(adsl: pd.DataFrame, adae: pd.DataFrame, subjects: int, events: int) -> dict[str, pd.DataFrame]:
    """ADSL and ADAE of so many subjects and events, by name. Raises TrialError where there are none to copy."""
    if not len(adsl) or not len(adae):
        raise TrialError("There are no events to be copied.", "ADSL, ADAE", "measure a study that has subjects and AE")
    rng = np.random.default_rng(SEED)
    people = adsl.iloc[np.arange(subjects) % len(adsl)].reset_index(drop=True)
    names = np.array([f"{name}-{number:06d}" for number, name in enumerate(people[SUBJECT])], dtype=object)
    people = people.assign(**{SUBJECT: names, "SAFFL": "Y"})
    copies = adae.iloc[rng.integers(0, len(adae), events)].reset_index(drop=True)
    whose = people.iloc[rng.integers(0, subjects, events)].reset_index(drop=True)
    own = {name: whose[name] for name in copies if name in whose}  # of their subject
    term = np.minimum(rng.exponential(TERMS / 4, events).astype(int), TERMS - 1)
    told = {BY_TERM[0]: [f"System organ class {number % CLASSES:02d}" for number in term],
            BY_TERM[1]: [f"Preferred term {number:03d}" for number in term],
            "ATOXGRN": rng.integers(1, 6, events).astype(float), "TRTEMFL": "Y"}  # fmt: skip
    return {"adsl": people, "adae": copies.assign(**own, **told)}


def _timed(shell: Shell, data: dict[str, pd.DataFrame], specs: Specs) -> tuple[int, dict[str, float]]:
    """The printed rows of an output, and the seconds of each step."""
    from pipeline.engine.output_view import all_seen
    from pipeline.engine.results import conform_results, held_together, made
    from pipeline.publish.pages import page_of_specs
    from tlf.families import family_of, page
    from tlf.render import html, pdf, rtf, sheets, text

    decisions = {one.id.lower(): one.value for one in specs.decisions.values()}
    given = {**all_seen(data, data.__getitem__), "tables": {}, "study": specs.study, "decisions": decisions}
    around, seconds = page_of_specs(shell, specs), dict[str, float]()

    def clocked(what: str, make: Callable[[], Any]) -> Any:
        started = time.process_time()
        result = make()
        seconds[what] = time.process_time() - started
        return result

    results = clocked("results", lambda: conform_results(made(shell.measured, given), shell.output))
    clocked("checks", lambda: held_together(results, shell.output))
    body = clocked("body", lambda: page(family_of(shell), shell, results))
    laid = clocked("sheets", lambda: sheets.sheets(around, body))
    clocked("rtf", lambda: rtf.render(around, body, laid=laid))
    clocked("html", lambda: html.render(around, body))
    clocked("txt", lambda: text.render(around, body))
    clocked("pdf", lambda: pdf.render(pdf.LaidOutput(around, body, laid=laid), shell.output))
    return len(body.rows), seconds
