"""The open points of an analysis plan: question, type, bounds, default, and the choice in force."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.ground.faults import TrialError
from pipeline.ground.words import choice_text, did_you_mean
from pipeline.study import shapes
from pipeline.study.csv_text import load_sheet
from pipeline.study.yaml_text import place
from pipeline.study.yaml_text import places as places_of

TYPES = ("flag", "choice", "text", "integer", "number")
NUMBER = {"integer": re.compile(r"[+-]?[0-9]{1,9}"), "number": re.compile(r"[+-]?[0-9]{1,9}(\.[0-9]{1,15})?")}
FLAG = {"Y": True, "N": False}
NONE = "none"
Choice = bool | str | int | float | None
UNSET = ("null", "~", "none", "-", "")


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
    entries: dict[str, dict[str, Any]] = {}
    content, lines = shapes.load(path, shapes.DECISIONS), places_of(path)
    places: dict[str, str] = {}
    for number, entry in enumerate(content):
        where = f"{path}, line {lines[(number,)][0]}, column {lines[(number,)][1]}"
        if entry["id"] in entries:
            raise TrialError(f"The decision {entry['id']} stands twice.", where, "keep one of them")
        if entry["type"] not in TYPES:
            cure = did_you_mean(entry["type"], TYPES)
            raise TrialError(f"Unknown type '{entry['type']}' of {entry['id']}.", where, cure)
        entries[entry["id"]], places[entry["id"]] = _with_window(entry, folder / "visits.csv"), where
    for name in own:
        if name not in entries:
            raise TrialError(f"Unknown decision '{name}'.", place(own_path, at[name]), did_you_mean(name, entries))
    values = {name: own.get(name, entry["default"]) for name, entry in entries.items()}
    for name, entry in entries.items():
        told = [word for word in (name, entry.get("min"), entry.get("max")) if word in own]
        places[name] = place(own_path, at[told[0]]) if told else places[name]
    return {name: _decision(entry, own.get(name), values, places[name]) for name, entry in entries.items()}


def _with_window(entry: dict[str, Any], visits: Path) -> dict[str, Any]:
    """The entry, its default read from the window of a visit where it names one that visits.csv plans."""
    if "window" not in entry or not visits.exists():
        return entry
    avisit, column = entry["window"]
    header, rows = load_sheet(visits)
    planned = [dict(zip(header, cells, strict=True)) for _, cells in rows]
    told = [row.get(column, "") for row in planned if row.get("AVISIT") == avisit and row.get("RESPFL") == "Y"]
    return {**entry, "default": told[0]} if told and told[0] else entry


def _own(path: Path) -> tuple[dict[str, str], dict[str, tuple[Any, ...]]]:
    """What the study says instead, and where it says it."""
    content = (shapes.load(path, shapes.OWN_DECISIONS) if path.exists() else {}) or {}
    for name, times in Counter(entry["id"] for entry in content if isinstance(content, list)).items():
        if times > 1:
            raise TrialError(f"The decision {name} stands twice.", str(path), "keep one of them")
    pairs: dict[str, Any] = content if isinstance(content, dict) else {entry["id"]: entry for entry in content}
    at = {n: (n,) if isinstance(content, dict) else (number,) for number, n in enumerate(pairs)}
    return {n: str(v.get("value", v.get("default", "")) if isinstance(v, dict) else v) for n, v in pairs.items()}, at


def _decision(entry: dict[str, Any], chosen: str | None, values: dict[str, str], where: str) -> Decision:
    decision = Decision(
        id=entry["id"], question=entry["question"], type=entry["type"], value=None, default=entry["default"],
        choices=tuple(entry.get("choices", ())), why=entry["why"], source=entry.get("source", ""),
        set_in="standard" if chosen is None else "study", or_none=entry.get("or_none") == "true",
        of=entry.get("of", ""),
        bounds=(_bound(entry, "min", values, where), _bound(entry, "max", values, where)),
    )  # fmt: skip
    value = typed_choice(decision, entry["default"] if chosen is None else chosen, where)
    return Decision(**{**decision.__dict__, "value": value})


def _bound(entry: dict[str, Any], word: str, values: dict[str, str], where: str) -> float | None:
    text = values.get(entry.get(word, ""), entry.get(word, ""))
    if not text or text == NONE:
        return None
    if not NUMBER["number"].fullmatch(text):
        raise TrialError(f"The {word} of {entry['id']} is no number: '{text}'.", where, "a number, or a decision's id")
    return float(text)


def typed_choice(decision: Decision, text: str, where: str = "") -> Choice:
    """A choice of a decision as the code gets it. Raises TrialError for what its type, choices or bounds forbid."""
    what = f"Decision {decision.id} cannot be '{text}'."
    if decision.choices and text not in decision.choices:
        raise TrialError(what, where, f"choose one of {', '.join(decision.choices)}")
    if decision.type == "flag":
        if text not in FLAG:
            raise TrialError(what, where, "a flag is Y or N")
        return FLAG[text]
    if decision.type in NUMBER:
        return _number(decision, text, where)
    if not text.strip() or text in UNSET:
        raise TrialError(what, where, "it needs a text")
    return text


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
