"""The shapes of the files in `endpoints/`: sources, situations, endpoints (shapes.py says what a shape is)."""

from __future__ import annotations

from typing import Any

from pipeline.ground.endpoints import TIMES
from pipeline.study.shapes import NAMED, TEXTS, Shape

SOURCE = {
    "of!": "text", "where": "text", "date": "text", "take": frozenset({"first", "last"}), "says!": "text",
    "record": ["text"], "after": "text", "consecutive": "count", "meets": "text",
}  # fmt: skip
SITUATION: dict[str, Shape] = {
    "event": TEXTS, "censored": TEXTS, "at": TEXTS, "when": "text", "missed": ("count", "text"), "no": TEXTS,
    "by": ("count", "text"), "cnsr": "count", "cause": "count", "says": "text",
}  # fmt: skip
SOURCES: Shape = {"*": SOURCE}
SITUATIONS: Shape = {"*": SITUATION}
ENDPOINT: dict[str, Shape] = {
    "endpoint!": "text", "label!": "text", "usual": "flag", "dataset": frozenset(TIMES),
    "population!": "text", "among": "text", "origin!": "text",
    "assessments": "text", "compete": frozenset({"earliest date", "first in order"}),
    "unit": frozenset({"days", "months"}), "day1": "text", "visits": TEXTS, "situations!": [("text", SITUATION)],
    "derivation": "text", "footnote": "text",
}  # fmt: skip
RESPONSE: dict[str, Shape] = {
    "response!": "text", "label!": "text", "usual": "flag", "population!": "text", "among": "text",
    "assessments!": "text", "value": "text", "window": "text", "from": ("count", "text"), "to": ("count", "text"),
    "take": frozenset({"first", "last", "nearest"}), "where": "text", "yes": TEXTS, "best": TEXTS, "recode": NAMED,
    "missing": "text", "derivation": "text", "source": "text",
}  # fmt: skip
BESIDE: Shape = ({"*": {
    "label!": "text", "nearest": "text", "value": "text", "days": "count", "base": "text", "cases": NAMED,
    "otherwise": "text",
}}, "")  # fmt: skip
CRITERION: dict[str, Shape] = {
    "criterion!": "text", "label!": "text", "cases!": NAMED, "remission": TEXTS, "among": "text",
    "counts": {"*": {"of!": TEXTS, "values!": TEXTS}},
}  # fmt: skip
SCALE: dict[str, Shape] = {"scale!": "text", "cases!": NAMED}


def _differing(shape: dict[str, Shape], kind: str) -> dict[str, Shape]:
    """The shape of what a study says of a parameter of the standard: its code, and only what differs."""
    return {word if word == f"{kind}!" else word.rstrip("!"): under for word, under in shape.items()} | {
        "without": ["text"]}  # fmt: skip


OWN_ENDPOINT, OWN_RESPONSE = _differing(ENDPOINT, "endpoint"), _differing(RESPONSE, "response")


def of_criteria(content: Any) -> Shape:
    """The shape of a file of criteria: grades by a scale, or a response."""
    return SCALE if isinstance(content, dict) and "scale" in content else CRITERION


def of_parameter(content: Any) -> Shape:
    """The shape of a file of one parameter: a response, or a time to event."""
    return RESPONSE if isinstance(content, dict) and "response" in content else ENDPOINT


def of_own_parameter(content: Any) -> Shape:
    """The shape of a study's file of one parameter, whether or not the standard has it."""
    return OWN_RESPONSE if of_parameter(content) is RESPONSE else OWN_ENDPOINT
