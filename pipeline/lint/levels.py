"""Arms, dose levels and parts of study.yaml: what they name of each other, and the values that clauses may ask for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise

import pandas as pd

from pipeline.ground.metadata import DoseLevel, StudySettings
from pipeline.ground.words import did_you_mean
from pipeline.lint.places import ERROR, Document, Problem
from pipeline.lint.values import ClauseField
from pipeline.study.settings import settings_of
from pipeline.study.yaml_text import Content, Where

WHOLE = re.compile(r"-?[0-9]{1,2}")


def check_levels(document: Document) -> Iterator[Problem]:
    """Problems of the arms and levels of a study.yaml."""
    study = settings_of(document.content)
    yield from _arms(document, study)
    numbers = []
    for name in study.levels:
        if WHOLE.fullmatch(name):
            numbers.append(int(name))
            continue
        cure = "write `1: {label: DL1, dose: 1, unit: ...}`; the label is what pages say"
        yield document.problem(("levels", name), ERROR, f"a dose level has a whole number, not '{name}'", cure)
    for before, number in pairwise(numbers):
        steps = (before + 1, before + 2) if before == -1 else (before + 1,)  # some plans have no level 0
        if number not in steps:
            what = f"dose level {number} follows {before}"
            cure = "levels stand in ascending order, without a gap"
            yield document.problem(("levels", str(number)), ERROR, what, cure)
    yield from _doses(document, study.levels)


def check_level_units(document: Document, ct: pd.DataFrame) -> Iterator[Problem]:
    """Units of planned doses that the codelist of dose units does not have: no dose given would be of the level."""
    known = ct.loc[ct["codelist"] == "UNIT", "submission"].tolist()
    for name, level in settings_of(document.content).levels.items():
        if level.unit and level.unit not in known:
            what = f"the unit '{level.unit}' is not in the codelist UNIT"
            yield document.problem(("levels", name, "unit"), ERROR, what, did_you_mean(level.unit, known))


def _arms(document: Document, study: StudySettings) -> Iterator[Problem]:
    """The arms by code, once each; the level and the product that an arm names are the study's."""
    said = document.content
    if bool(said.get("arm")) == bool(said.get("arms")):
        both = said.get("arm")
        what = "study.yaml has `arm:` and `arms:`" if both else "study.yaml lacks `arm:`"
        cure = "keep one of them" if both else "add it, or `arms:`"
        yield document.problem(("arm",) if both else (), ERROR, what, cure)
    products = [name for entry in study.treatments.values() for name in entry.products]
    for number, arm in enumerate(study.arms):
        where = ("arms", number)
        if arm.code in [one.code for one in study.arms[:number]]:
            yield document.problem(where, ERROR, f"the arm {arm.code} stands twice", "each arm has a code of its own")
        if arm.level and arm.level not in study.levels:
            cure = did_you_mean(arm.level, study.levels)
            what = f"the arm {arm.code} is of level {arm.level}, which is none"
            yield document.problem((*where, "level"), ERROR, what, cure)
        if arm.product and arm.product not in products:
            cure = did_you_mean(arm.product, products)
            what = f"the arm {arm.code} gives '{arm.product}', which is no product"
            yield document.problem((*where, "product"), ERROR, what, cure)


def _doses(document: Document, levels: Mapping[str, DoseLevel]) -> Iterator[Problem]:
    """Planned doses ascend; bounds have two ends and a unit, and no dose is of two levels."""
    before: tuple[str, DoseLevel] | None = None
    for name, level in levels.items():
        where = ("levels", name)
        if (level.low is None) != (level.high is None):
            yield document.problem(where, ERROR, f"level {name} has one bound", "say `low:` and `high:`")
        elif level.low is not None and level.high is not None:
            if level.low > level.high:
                what = f"the bounds of level {name} end before they begin"
                yield document.problem(where, ERROR, what, "change them over")
            if not level.unit:
                yield document.problem(where, ERROR, f"level {name} has bounds without `unit:`", "say it as in EXDOSU")
        if before:
            yield from _after(document, before, (name, level))
        before = (name, level)


def _after(document: Document, before: tuple[str, DoseLevel], after: tuple[str, DoseLevel]) -> Iterator[Problem]:
    (earlier, low), (later, high) = before, after
    where = ("levels", later)
    if low.dose is not None and high.dose is not None and high.dose <= low.dose:
        what = f"level {later} has no higher dose than level {earlier}"
        yield document.problem((*where, "dose"), ERROR, what, "levels ascend by dose")
    if low.high is not None and high.low is not None and high.low <= low.high:
        what = f"a dose of {high.low:g} is of level {earlier} and of level {later}"
        yield document.problem((*where, "low"), ERROR, what, "let the bounds of a level begin above those before it")


def check_dose_finding(document: Document, study: StudySettings) -> Iterator[Problem]:
    """Rows of dose finding: the study has dose levels, and the target of BOIN is a rate that 1.4 times is one too."""
    output = document.content
    places: list[tuple[Where, Content]] = [(("rows",), output.get("rows", []))]
    places += [(("sets", number, "rows"), one.get("rows", [])) for number, one in enumerate(output.get("sets", []))]
    for where, rows in places:
        for number, row in enumerate(rows):
            if next(iter(row), "") != "dose_finding":
                continue
            if not study.levels:
                what, cure = "study.yaml has no `levels:`, whose status this row says", "add them, or take the row out"
                yield document.problem((*where, number), ERROR, what, cure)
            if not 0 < 1.4 * float(row.get("target", 0.3)) < 1:
                what = f"no rate of BOIN is aimed at {row['target']}"
                yield document.problem((*where, number, "target"), ERROR, what, "a rate above 0 and below 0.71")


def with_study(fields: Mapping[str, ClauseField], study: StudySettings) -> dict[str, ClauseField]:
    """The variables of a dataset, of which those for parts, arms and levels hold the values that study.yaml has."""
    labels = frozenset(arm.label for arm in study.all_arms)
    levels = frozenset(level.label for level in study.levels.values())
    held = {name: frozenset(study.levels) for name in ("DOSELVLP", "DOSELVLA")}
    held |= dict.fromkeys(("ARM", "ACTARM", "TRT01P", "TRT01A"), labels) | {"COHORT": frozenset(study.parts)}
    held |= dict.fromkeys(("DOSLVLPC", "DOSLVLAC"), levels)
    told = {name: ClauseField(fields[name].kind, values, "study.yaml")
            for name, values in held.items() if values and name in fields}  # fmt: skip
    return {**fields, **told}
