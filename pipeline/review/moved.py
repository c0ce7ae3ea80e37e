"""What other choices of a decision move, where `trial sensitivity` was made and its folder named."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

from pipeline.ground.faults import TrialError
from pipeline.ground.plain_csv import as_written
from pipeline.ground.words import did_you_mean
from pipeline.review.script import Facts
from pipeline.study.specs import Specs
from pipeline.why.sensitivity import COLUMNS


def moved(table: Path, specs: Specs, headline: Mapping[str, str]) -> dict[str, list[Facts]]:
    """By decision what each scenario tried moves: choice, result, before, after, change, who enters or leaves a set.

    `headline` are the results as printed now: what was moved from another one (`stale`) is of an earlier build.
    Raises TrialError for a table of other columns, or of decisions that the plan does not have.
    """
    found: dict[str, list[Facts]] = {}
    with table.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines)
        if list(reader.fieldnames or ()) != COLUMNS:
            cure = "make it: trial sensitivity --save FOLDER"
            raise TrialError("This is no table of a sensitivity.", str(table), cure)
        for line, row in enumerate(reader, start=2):
            for name in row["DECISION"].split(", "):
                if name not in specs.decisions:
                    what = f"The sensitivity tells of {name}, which is no decision of {specs.name}."
                    raise TrialError(what, f"{table}, line {line}", did_you_mean(name, specs.decisions))
                found.setdefault(name, []).append(_told(row, headline))
    return found


def _told(row: Mapping[str, str], headline: Mapping[str, str]) -> Facts:
    stale = bool(row["RESULT"]) and headline.get(as_written(row["RESULT"])) != as_written(row["BEFORE"])
    told = {word.lower(): as_written(row[word]) for word in COLUMNS if word != "DECISION" and row[word]}
    return {**told, **({"stale": 1} if stale else {})}
