"""`trial sensitivity`: which decision of the plan moves which headline result, by how much, and who enters or leaves.

Each other choice of a decision that has a list of them, one at a time, and each scenario that the study names
(scenarios.yaml: several decisions chosen otherwise together). What the other choice does not touch is taken from the
cache.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pandas as pd

from pipeline.engine.graph import downstream, order
from pipeline.engine.headline import shown, values_of
from pipeline.engine.runner import Build
from pipeline.ground.faults import TrialError
from pipeline.ground.metadata import Headline
from pipeline.ground.words import did_you_mean
from pipeline.study.catalogue import name_of
from pipeline.study.scenarios import FILE, Scenario, named, other_choice
from pipeline.study.specs import Specs
from tlf.model import Figure, Page
from tlf.panels import ForestPanel, ForestRow

SUBJECTS, FLAGS = "adsl", "FL"
COLUMNS = ["SCENARIO", "DECISION", "CHOICE", "RESULT", "OUTPUT", "BEFORE", "AFTER", "CHANGE", "SUBJECTS"]
OF_RESULT = ("estimate", "pct", "median", "mean", "n")  # the statistic whose change is told, the first that there is
WHOLE = 100.0


def scenarios(specs: Specs, only: Iterable[str] = ()) -> list[Scenario]:
    """Every other choice of every decision with a list of them, then the scenarios of the study; `only` these by name.

    A flag has the choices Y and N. Raises TrialError for a name that is neither a decision nor a scenario.
    """
    single = [Scenario(f"{decision.id}={choice}", decision.question, {decision.id: choice})
              for decision in specs.decisions.values()
              for choice in (decision.choices or (("Y", "N") if decision.type == "flag" else ()))
              if choice != decision.told]  # fmt: skip
    known = [*single, *named(specs, specs.folder / FILE)]
    asked = [word.upper() for word in only]
    for word in asked:
        if word not in specs.decisions and word not in {one.name.upper() for one in known}:
            near = did_you_mean(word, [*specs.decisions, *(one.name for one in known)])
            raise TrialError(f"Unknown decision or scenario '{word}'.", "", near)
    of_decision = [one for one in single if {*one.choices} & {*asked}]
    return [one for one in known if one in of_decision or one.name.upper() in asked] if asked else known


def moved(build: Build, chosen: Iterable[Scenario]) -> Iterator[tuple[Scenario, pd.DataFrame]]:
    """Each scenario with what it moves: one record per headline result that changes (COLUMNS), or none.

    Where none changes but a subject enters or leaves a set, one record without a result tells who.
    """
    needed = {name_of(one.output): one for one in build.specs.study.headline}
    before = _made(build, needed)
    for scenario in chosen:
        specs = build.specs
        for decision, choice in scenario.choices.items():
            specs = other_choice(specs, decision, choice)
        touched = set(downstream(build.graph, {decision.lower() for decision in scenario.choices}))
        outputs = {name for name in needed if name in touched}
        if not outputs and SUBJECTS not in touched:
            yield scenario, pd.DataFrame(columns=COLUMNS)
            continue
        other = dataclasses.replace(build, specs=specs, entries={}, frames={}, made=[])
        yield scenario, differences(scenario, build.specs, before, _made(other, needed))


def _made(build: Build, needed: Iterable[str]) -> dict[str, pd.DataFrame]:
    for node in order(build.graph, [*needed, SUBJECTS]):
        build.ensure(node)
    return {name: build.frame(name) for name in (*needed, SUBJECTS)}


def differences(
    scenario: Scenario, specs: Specs, before: dict[str, pd.DataFrame], after: dict[str, pd.DataFrame]
) -> pd.DataFrame:
    """What a scenario moves (COLUMNS), from the outputs and subjects as they are and as it makes them."""
    who = "; ".join(_subjects(before[SUBJECTS], after[SUBJECTS]))
    decisions = ", ".join(scenario.choices)
    rows = []
    for entry in specs.study.headline:
        old, new = (values_of(entry, made[name_of(entry.output)]) for made in (before, after))
        told = shown(entry, old), shown(entry, new)
        if told[0] != told[1]:
            chosen = ", ".join(scenario.choices.values())
            said = (scenario.name, decisions, chosen, entry.label, entry.output, *told, change(entry, old, new), who)
            rows.append(said)
    if who and not rows:
        rows.append((scenario.name, decisions, ", ".join(scenario.choices.values()), "", "", "", "", float("nan"), who))
    return pd.DataFrame(rows, columns=COLUMNS)


def change(entry: Headline, old: Mapping[str, float], new: Mapping[str, float]) -> float:
    """By how much the main statistic moves; of a proportion in percentage points; missing where one is not there."""
    name = next((one for one in OF_RESULT if one in old and one in new), "")
    factor = WHOLE if name == "estimate" and "%" in entry.show else 1.0
    return factor * (new[name] - old[name]) if name else float("nan")


def _subjects(old: pd.DataFrame, new: pd.DataFrame) -> Iterator[str]:
    """Who enters and who leaves each set, by its flag."""
    both = old.set_index("USUBJID"), new.set_index("USUBJID")
    for flag in [name for name in old if name.endswith(FLAGS) and name in new]:
        was, now = (one[flag].eq("Y") for one in both)
        entered, left = sorted(now.index[now & ~was]), sorted(now.index[~now & was])
        if entered or left:
            told = [f"+{short(name)}" for name in entered] + [f"-{short(name)}" for name in left]
            yield f"{flag}: {' '.join(told)}"


def short(subject: str) -> str:
    """The subject's number without the study's name."""
    return subject.rpartition("-")[2] or subject


def told(build: Build, chosen: list[Scenario], keep: list[pd.DataFrame]) -> Iterator[str]:
    """What every scenario moves, in lines as they are found; the tables are kept in `keep`, also where nothing does."""
    still = []
    for scenario, table in moved(build, chosen):
        keep.append(table)
        if table.empty:
            keep[-1] = _nothing(scenario)
            still.append(scenario.name)
            continue
        in_force = ", ".join(build.specs.decisions[name].told for name in scenario.choices)
        yield f"{scenario.name} (in force: {in_force})   {scenario.label}"
        results = table[table["RESULT"] != ""]
        yield from map(_line, *(results[name] for name in ("RESULT", "BEFORE", "AFTER", "CHANGE")))
        yield from [f"  {table['SUBJECTS'].iloc[0]}"] if table["SUBJECTS"].iloc[0] else []
    yield f"{len(chosen) - len(still)} of {len(chosen)} other choices move a headline result or a set of this extract."
    yield f"Nothing moves by: {', '.join(still)}" if still else "All of them do."


def _nothing(scenario: Scenario) -> pd.DataFrame:
    """The record of a scenario that was tried and moves nothing."""
    names, choices = (", ".join(part) for part in (scenario.choices, scenario.choices.values()))
    return pd.DataFrame([(scenario.name, names, choices, "", "", "", "", float("nan"), "")], columns=COLUMNS)


def _line(result: str, before: str, after: str, by: float) -> str:
    """One result before and after, and by how much it moves (of a proportion in percentage points)."""
    return f"  {result:<58}{before}  ->  {after}" + (f"  ({by:+.1f})" if by == by else "")


def save(tables: list[pd.DataFrame], specs: Specs, folder: Path) -> list[Path]:
    """sensitivity.csv and, for each headline result that moves, a tornado figure (PNG, SVG), the widest bar first."""
    from pipeline.ground.plain_csv import csv_text
    from tlf.render import figures

    folder.mkdir(parents=True, exist_ok=True)
    whole = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=COLUMNS)
    files = {"sensitivity.csv": csv_text(whole).encode("utf-8")}
    for at, entry in enumerate(specs.study.headline, start=1):
        rows = whole[(whole["RESULT"] == entry.label) & whole["CHANGE"].notna()]
        if len(rows):
            page = Page(f"S-{at}", (entry.label,), specs.study.study)
            pictures = figures.render(page, Figure((tornado(rows, entry.label),), entry.label))
            files |= {f"tornado_{at}.{form}": content for form, content in pictures.items()}
    for name, content in files.items():
        aside = folder / f".{name}"
        aside.write_bytes(content)
        aside.replace(folder / name)
    return [folder / name for name in files]


def tornado(rows: pd.DataFrame, title: str) -> ForestPanel:
    """The changes of one result as bars from the choice in force, the widest first."""
    ordered = rows.sort_values("CHANGE", key=lambda change: -change.abs(), kind="stable")
    bars = zip(ordered["SCENARIO"], ordered["AFTER"], ordered["CHANGE"], strict=True)
    lines = tuple(ForestRow(name, (after,), by, min(by, 0.0), max(by, 0.0)) for name, after, by in bars)
    low, high = min(0.0, rows["CHANGE"].min()), max(0.0, rows["CHANGE"].max())
    room = 0.1 * (high - low or 1.0)
    before = f"Change from the choices in force ({rows['BEFORE'].iloc[0]})"
    return ForestPanel(lines, (title, "With the other choice"), before, (low - room, high + room),
                       (round(low, 1), 0.0, round(high, 1)), 0.0)  # fmt: skip
