"""The open points of an analysis plan: question, type, bounds, default, and the choice in force."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pipeline.ground.faults import TrialError
from pipeline.ground.words import choice_text, did_you_mean
from pipeline.study import shapes
from pipeline.study.csv_text import load_sheet
from pipeline.study.frozen import frozen
from pipeline.study.yaml_text import Where, place

TYPES = ("flag", "choice", "text", "integer", "integers", "number")
NUMBER = {"integer": re.compile(r"[+-]?[0-9]{1,9}"), "number": re.compile(r"[+-]?[0-9]{1,9}(\.[0-9]{1,15})?")}
INTEGERS = "integers"  # several, each once and within the bounds: "30, 60, 90"
FLAG = {"Y": True, "N": False}
NONE, TABLES = "none", "tables"
Choice = bool | str | int | float | tuple[int, ...] | None
UNSET = ("null", "~", "none", "-", "")


@dataclass(frozen=True)
class OpenPoint:
    """An entry of decisions.yaml; `min` and `max` are numbers or ids of decisions, `window` a visit and its column.

    of: `parts`, one of the study's; `tables`, a version of the table called as the decision is (`ctcae_v5.csv`).
    """

    id: str
    question: str
    type: str
    default: str
    why: str
    choices: tuple[str, ...] = ()
    source: str = ""
    min: str = ""
    max: str = ""
    or_none: bool = False
    of: str = ""
    window: tuple[str, ...] = ()


@dataclass(frozen=True)
class Decision:
    """An open point of the analysis plan and the choice in force; `bounds` are the least and greatest number."""

    id: str
    question: str
    type: str
    value: Choice
    default: str
    choices: tuple[str, ...]
    why: str
    source: str
    set_in: str
    bounds: tuple[float | None, float | None] = (None, None)
    or_none: bool = False
    of: str = ""

    @property
    def table(self) -> str:
        """The table that is chosen, in lower case; none where the decision is no choice of tables."""
        return f"{self.id}_{self.value}".lower() if self.of == TABLES else ""

    @property
    def told(self) -> str:
        """The choice in force as the plan writes it: Y or N, a number, none, a text."""
        return choice_text(self.value)


def load_decisions(standard: Path, folder: Path) -> dict[str, Decision]:
    """Every open point by id: the standard default, or what the study says instead. Raises TrialError with the line.

    A bound may be another decision's id: then its value in force is the bound. With `window: [AVISIT, column]` the
    default is that window of the study's visits.csv, so that a window is said once.
    """
    path, own_path = standard / "decisions.yaml", folder / "decisions.yaml"
    own, at = _own(own_path)
    points: dict[str, OpenPoint] = {}
    places: dict[str, str] = {}
    for number, words in enumerate(shapes.load(path, shapes.DECISIONS)):
        point, where = frozen(OpenPoint, words), place(path, (number,))
        if point.id in points:
            raise TrialError(f"The decision {point.id} stands twice.", where, "keep one of them")
        if point.type not in TYPES:
            raise TrialError(f"Unknown type '{point.type}' of {point.id}.", where, did_you_mean(point.type, TYPES))
        if len(point.window) not in (0, 2):
            cure = "as in window: [Day 30, WINDOW_LOW]"
            raise TrialError(f"The window of {point.id} is not a visit and its column.", where, cure)
        point = _with_window(point, folder / "visits.csv")
        points[point.id], places[point.id] = _with_versions(point, (standard / "criteria", folder)), where
    for name in own:
        if name not in points:
            raise TrialError(f"Unknown decision '{name}'.", place(own_path, at[name]), did_you_mean(name, points))
    values = {name: own.get(name, point.default) for name, point in points.items()}
    for name, point in points.items():
        told = [word for word in (name, point.min, point.max) if word in own]
        places[name] = place(own_path, at[told[0]]) if told else places[name]
    return {name: _decision(point, own.get(name), values, places[name]) for name, point in points.items()}


def _with_window(point: OpenPoint, visits: Path) -> OpenPoint:
    """The point, its default read from the window of a visit where it names one that visits.csv plans."""
    if not point.window or not visits.exists():
        return point
    avisit, column = point.window
    header, rows = load_sheet(visits)
    planned = [dict(zip(header, cells, strict=True)) for _, cells in rows]
    told = [row.get(column, "") for row in planned if row.get("AVISIT") == avisit and row.get("RESPFL") == "Y"]
    return replace(point, default=told[0]) if told and told[0] else point


def _with_versions(point: OpenPoint, folders: tuple[Path, ...]) -> OpenPoint:
    """The point, its choices the versions of its table that there are, where it is a choice of tables."""
    if point.of != TABLES:
        return point
    name = f"{point.id.lower()}_"
    found = {path.stem[len(name) :] for folder in folders for path in folder.glob("*.csv")
             if path.stem.lower().startswith(name)}  # fmt: skip
    return replace(point, choices=tuple(sorted(found)))


def _own(path: Path) -> tuple[dict[str, str], dict[str, Where]]:
    """What the study says instead, and where it says it."""
    chosen, at = {}, {}
    for name, choice, where in own_choices(shapes.load(path, shapes.OWN_DECISIONS) if path.exists() else {}):
        if name in chosen:
            raise TrialError(f"The decision {name} stands twice.", place(path, where), "keep one of them")
        chosen[name], at[name] = choice, where
    return chosen, at


def own_choices(content: Any) -> Iterator[tuple[str, str, Where]]:
    """What a study's decisions.yaml says, as `ID: value` or as a list of entries: decision, choice and place."""
    told: list[tuple[str, Any, Where]] = []
    if isinstance(content, list):
        told = [(entry["id"], entry, (number,)) for number, entry in enumerate(content)]
    elif content:
        told = [(name, said, (name,)) for name, said in content.items()]
    for name, said, where in told:
        yield name, str(said.get("value", said.get("default", "")) if isinstance(said, dict) else said), where


def _decision(point: OpenPoint, chosen: str | None, values: dict[str, str], where: str) -> Decision:
    low, high = (_bound(point, word, values, where) for word in ("min", "max"))
    decision = Decision(
        id=point.id, question=point.question, type=point.type, value=None, default=point.default,
        choices=point.choices, why=point.why, source=point.source, set_in="standard" if chosen is None else "study",
        or_none=point.or_none, of=point.of, bounds=(low, high),
    )  # fmt: skip
    return replace(decision, value=typed_choice(decision, point.default if chosen is None else chosen, where))


def _bound(point: OpenPoint, word: str, values: dict[str, str], where: str) -> float | None:
    said = str(getattr(point, word))
    text = values.get(said, said)
    if not text or text == NONE:
        return None
    if not NUMBER["number"].fullmatch(text):
        raise TrialError(f"The {word} of {point.id} is no number: '{text}'.", where, "a number, or a decision's id")
    return float(text)


def typed_choice(decision: Decision, text: str, where: str = "") -> Choice:
    """A choice of a decision as the code gets it. Raises TrialError for what its type, choices or bounds forbid."""
    what = f"Decision {decision.id} cannot be '{text}'."
    if (decision.choices or decision.of == TABLES) and text not in decision.choices:
        cure = f"choose one of {', '.join(decision.choices)}"
        more = f", or write the table {decision.id.lower()}_{text}.csv" if decision.of == TABLES else ""
        raise TrialError(what, where, f"{cure}{more}")
    if decision.type == "flag":
        if text not in FLAG:
            raise TrialError(what, where, "a flag is Y or N")
        return FLAG[text]
    if decision.type in NUMBER:
        return _number(decision, text, where)
    if decision.type == INTEGERS:
        return _integers(decision, text, where)
    if not text.strip() or text in UNSET:
        raise TrialError(what, where, "it needs a text")
    return text


def _integers(decision: Decision, text: str, where: str) -> tuple[int, ...]:
    one = replace(decision, type="integer")
    numbers = tuple(int(_number(one, part.strip(), where) or 0) for part in text.split(","))
    if len(set(numbers)) < len(numbers):
        raise TrialError(f"Decision {decision.id} cannot be '{text}'.", where, "each number stands once")
    return numbers


def _number(decision: Decision, text: str, where: str) -> float | int | None:
    if text == NONE and decision.or_none:
        return None
    what = f"Decision {decision.id} cannot be '{text}'."
    if not NUMBER[decision.type].fullmatch(text):
        none = ", or none" if decision.or_none else ""
        raise TrialError(what, where, f"it is of type {decision.type}: such as {decision.default}{none}")
    value, (low, high) = float(text), decision.bounds
    if (low is not None and value < low) or (high is not None and value > high):
        bounds = " and ".join(f"{word} {limit:g}" for word, limit in (("at least", low), ("at most", high))
                            if limit is not None)  # fmt: skip
        raise TrialError(what, where, f"it is {bounds}")
    return int(text) if decision.type == "integer" else value
