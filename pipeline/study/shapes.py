"""The shape of every kind of spec file: which words it may say, and what stands under each.

A shape is "text", "number", "count" (a small whole number), "size" (a number above 0), "days" (0 to 365), "0 or 1",
"flag" (true or false), "subject" (that word), "" (nothing), [shape] for a list, {word: shape} for `name: value` pairs
("*": any other word; "word!": must be there), or a tuple of shapes that may stand for one another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.ground import source
from pipeline.ground.faults import TrialError
from pipeline.ground.words import did_you_mean
from pipeline.study.yaml_text import load_yaml, place

Shape = Any
TEXTS = ("text", ["text"])
NAMED: Shape = {"*": "text"}
VARIABLE = {
    "name!": "text", "label": "text", "type": "text", "length": "text", "core": "text", "codelist": "text",
    "origin": "text", "source": "text", "derivation": "text", "comment": "text", "format": "text",
}  # fmt: skip
SHORT_VARIABLE = {word.replace("type", "type!"): shape for word, shape in VARIABLE.items() if word != "name!"}
DATASET: dict[str, Shape] = {
    "dataset!": "text", "label!": "text", "structure!": "text", "class": "text", "intermediate": "flag",
    "made_by": "subject", "domains": ["text"], "timing": ["text"], "last_before_exposure": ["text"],
    "keys!": ["text"], "variables!": ([VARIABLE], {"*": ("text", SHORT_VARIABLE)}),
    "parameters": [{"code!": "text", "label!": "text", "source": "text", "derivation!": "text"}], "*": "any",
}  # fmt: skip
CRITERIA = dict.fromkeys(("response", "crs", "icans", "toxicity", "icaht", "hematotox", "relapse", "mrd"), "text")
STANDARDS = dict.fromkeys(("sdtmig", "sdtmct", "adamig", "adamct", "cdash", "definexml"), "text")
STUDY = {
    "study!": "text", "subjects": "text", "entered": TEXTS, "consent": TEXTS, "death": TEXTS, "anchor": "text",
    "anchor_day": "0 or 1", "entry_days": "days", "primary": "flag", "arm": {"code!": "text", "label!": "text"},
    **dict.fromkeys(("name", "title", "indication", "design", "sponsor", "data", "paper", "status"), "text"),
    **dict.fromkeys(("cutoff", "country", "day0"), "text"), "parts": NAMED, "part_labels": NAMED,
    "treatments": {"*": {"label": "text", "dose_label": "text", "planned": {"dose": "number", "*": "text"},
                         "products": ["text"], "*": "any"}},
    "headline": [{"label!": "text", "output!": "text", "row!": "text", "group!": "text", "show!": "text"}],
    "criteria": CRITERIA, "standards": STANDARDS, "dictionaries": NAMED,
    "shared_outputs": ["text"], "not_collected": ["text"], "*": "any",
}  # fmt: skip
DECISION = {
    "id!": "text", "question!": "text", "type!": "text", "choices": ["text"], "default!": "text", "why!": "text",
    "source": "text", "min": "text", "max": "text", "or_none": "flag", "of": "text",
    "window": ["text"],
}  # fmt: skip
CHOSEN = ("text", dict.fromkeys(("value", "default", "question", "why", "source"), "text"))
DECISIONS, OWN_DECISIONS = [DECISION], ({"*": CHOSEN}, [{"id!": "text", **CHOSEN[1]}], "")
FLAGS: dict[str, Shape] = dict.fromkeys(("required", "essential", "partial"), "flag")
FIELD = ("", {"range": ["number"], "alias": TEXTS, **FLAGS, "*": "text"})
WRITTEN = dict.fromkeys(("encoding", "delimiter", "decimal", "dates", "language"), "text")
INACTIVE = {"column!": "text", "value!": "text"}
CONTRACT = {
    "form!": "text", "fields!": {"*": FIELD}, "subject": NAMED, "record": ["text"], "unique": ["text"],
    "named_by": ["text"], "folders": ("", ["text"]), "inactive": INACTIVE, "written": WRITTEN,
    **dict.fromkeys(("label", "file", "sheet", "need", "vendor", "since", "date_format"), "text"),
    "system": "flag", "repeating": "flag", "header_row": "count", "*": "any",
}  # fmt: skip
SITES = {"adverse_events": "text", "serious": "text", "serious_value": "text", "missing_forms": ["text"]}
SYSTEM = {"columns": ("", {"*": FIELD}), "subject": {"number!": "text"}, "inactive": INACTIVE, "written": WRITTEN,
          "dates": "text", "*": "any"}  # fmt: skip
CHECKS = ([{"id!": "text", "form": TEXTS, "with": ("", {"*": "any"}), "decisions": ("", ["text"]), "*": "text"}], "")
WHERE = {"where": "text", "label": "text"}
LEVEL = ("text", {"value": "text", "where": "text", "label": "text"})
ROW: dict[str, Shape] = {
    "label!": "text", "columns": ["text"], "levels": [LEVEL], "statistics": NAMED,
    "denominator": {"dataset": "text", "where": "text"}, "at": "number", "indent": "count", "*": "text",
}  # fmt: skip
ENTRY = {"label": "text", "width": "text", "*": "text"}
SET = {"label!": "text", "where": "text", "rows": [ROW], "columns": ["text"], "note": "text", "*": "text"}
COLUMN = {"label!": "text", "width": "size", "*": "text"}
OUTPUT: dict[str, Shape] = {
    "output!": "text", "family!": "text", "kind!": "text", "title!": ["text"], "population": WHERE, "rows": [ROW],
    "columns": [COLUMN], "sets": [SET], "datasets": ["text"], "decisions": ["text"],
    "tables": ["text"], "footnotes": ["text"], "sort": ["text"], "ticks": ["number"],
    "panels": [{"columns": ["text"], "*": "text"}], "blocks": [{"cells": ["text"], "*": "text"}],
    "notes": [ENTRY], "order": {"upper": WHERE, "lower": WHERE, "at": "number", "*": "text"},
    "stub_width": "size", "keys": "count",
    "published": {"table!": "text", "where": "text", "*": "text"}, "*": "any",
}  # fmt: skip
# The columns of tables by the name of their file, and those of them that hold numbers (or nothing).
COLUMNS: dict[str, tuple[str, ...]] = {
    "codelists.csv": ("codelist", "extensible", "collected", "submission", "code", "label"),
    "_codelists.csv": ("CODELIST", "CODED_VALUE", "DECODE"),
    "visits.csv": ("VISITNUM", "VISIT", "FOLDER", "ANCHOR", "PLANNED_DAY", "WINDOW_LOW", "WINDOW_HIGH", "RESPFL",
                   "AVISIT", "PREFL", "ALIAS"),
    "units.csv": ("LBTESTCD", "LBORRESU", "LBSTRESU", "FACTOR"),
    "cut.csv": ("domain", "action", "variable", "date", "where", "value", "mark"),
    "endpoints.csv": ("PARAMCD", "PARAM", "POPULATION", "ORIGIN", "EVENTS", "RULES"),
    "ctcae_v5.csv": ("term", "direction", "lbtestcd", "unit", "baseline", "worst", "grade", "compare", "factor",
                     "reference", "plus", "text"),
}  # fmt: skip
NUMBERS = {
    "visits.csv": ("VISITNUM", "PLANNED_DAY", "WINDOW_LOW", "WINDOW_HIGH"), "units.csv": ("FACTOR",),
    "ctcae_v5.csv": ("grade", "factor", "plus"),
}  # fmt: skip
NUMBER = re.compile(r"([+-]?[0-9]{1,9}(\.[0-9]{1,15})?)?")
PATTERNS = {"number": re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,15})?"), "count": re.compile(r"[0-9]{1,2}"),
            "size": re.compile(r"(?=.*[1-9])[0-9]{1,3}(\.[0-9]{1,6})?"), "flag": re.compile("true|false"),
            "subject": re.compile("subject"), "0 or 1": re.compile("[01]"),
            "days": re.compile("[0-9]{1,2}|[12][0-9]{2}|3[0-5][0-9]|36[0-5]")}  # fmt: skip
READ = re.compile(r"\b(output|row|column|spec)(?:\.get\(|\[)\"(\w+)\"")
ALSO_READ = {"output": ("dataset", "where"), "row": ("interval", "set", "at"), "column": ("width", "align")}


class Slip(NamedTuple):
    """Something that is not of the shape: its path in the document, what it is, and the cure."""

    where: tuple[Any, ...]
    what: str
    cure: str


def load(path: Path, shape: Shape) -> Any:
    """The content of a YAML file of this shape. Raises TrialError with file, line and column of the first slip."""
    content = load_yaml(path)
    for slip in slips(content, shape):
        raise TrialError(f"{slip.what}.", place(path, slip.where), slip.cure)
    return content


def slips(content: Any, shape: Shape, where: tuple[Any, ...] = ()) -> Iterator[Slip]:
    """All that is not of the shape, in the order of the document."""
    if isinstance(shape, tuple):
        fitting = [one for one in shape if _fits(content, one)]
        yield from slips(content, fitting[0] if fitting else shape[0], where)
    elif shape != "any" and not _fits(content, shape):
        what = f"{_name(where)} must be {_words(shape)}, not {_words_of(content)}"
        yield Slip(where, what, "see a neighbouring file")
    elif isinstance(shape, list):
        for number, item in enumerate(content):
            yield from slips(item, shape[0], (*where, number))
    elif isinstance(shape, dict):
        yield from _pairs(content, shape, where)


def _pairs(content: Mapping[str, Any], shape: dict[str, Shape], where: tuple[Any, ...]) -> Iterator[Slip]:
    known = {word.rstrip("!"): under for word, under in shape.items()}
    for word in [w.rstrip("!") for w in shape if w.endswith("!")]:
        if content.get(word, "") in ("", [], {}):
            yield Slip(where, f"{_name(where)} lacks `{word}:`", "add it")
    for word, value in content.items():
        if word in known or "*" in known:
            yield from slips(value, known.get(word, known.get("*")), (*where, word))
        else:
            cure = did_you_mean(word, [name for name in known if name != "*"])
            yield Slip((*where, word), f"{_name(where)} has the unknown word '{word}'", cure)


def _fits(content: Any, shape: Shape) -> bool:
    if isinstance(shape, str) and shape in PATTERNS:
        return isinstance(content, str) and PATTERNS[shape].fullmatch(content) is not None
    if isinstance(shape, str):
        return shape == "any" or (isinstance(content, str) if shape else content in ("", None))
    return isinstance(content, type(shape))


def _name(where: tuple[Any, ...]) -> str:
    words = [f"{word}" if isinstance(word, str) else f"[{word + 1}]" for word in where]
    return "`" + ".".join(words).replace(".[", "[") + "`" if words else "The file"


def _words(shape: Shape) -> str:
    if isinstance(shape, str) and shape in PATTERNS:
        return {"number": "a number", "count": "a whole number below 100", "size": "a number above 0",
                "flag": "true or false", "subject": "the word subject", "0 or 1": "0 or 1",
                "days": "a number of days from 0 to 365"}[shape]
    return "a list" if isinstance(shape, list) else "`name: value` pairs" if isinstance(shape, dict) else "a text"


def _words_of(content: Any) -> str:
    return "empty" if content in ("", None) else _words(content)


@cache
def words_read(thing: str) -> frozenset[str]:
    """The words of an output, a row, a column or a dataset's spec: those of its shape, and those that code reads."""
    paths = [p for folder in ("tlf", "pipeline", "sdtm") for p in sorted((source.CODE / folder).rglob("*.py"))]
    pairs = {pair for path in paths for pair in READ.findall(path.read_text(encoding="utf-8"))}
    shape: dict[str, Shape] = {"output": OUTPUT, "row": ROW, "column": COLUMN, "spec": DATASET}[thing]
    of_shape = {word.rstrip("!") for word in shape if word != "*"}
    return frozenset({word for name, word in pairs if name == thing} | of_shape | set(ALSO_READ.get(thing, ())))
