"""The shape of every kind of spec file: which words it may say, and what stands under each.

What a shape is, and how a file is held to it, stands in `shape.py`.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from pipeline.study.conformance import COLUMNS as CONFORMANCE
from pipeline.study.conformance import NOTES as CONFORMANCE_NOTES
from pipeline.study.shape import Kinds as Kinds
from pipeline.study.shape import Shape as Shape
from pipeline.study.shape import Slip as Slip
from pipeline.study.shape import load as load
from pipeline.study.shape import slips as slips
from pipeline.study.shape import slips_of as slips_of
from tlf.rows import written
from tlf.rows.words import UNITS

TEXTS = ("text", ["text"])
NAMED: Shape = {"*": "text"}
VARIABLE = {
    "name!": "text", "label": "label", "type": "text", "length": "text", "core": "text", "codelist": "text",
    "origin": "text", "source": "text", "derivation": "text", "comment": "text", "format": "text",
    "only": frozenset({"levels"}),
}  # fmt: skip
SHORT_VARIABLE = {word.replace("type", "type!"): shape for word, shape in VARIABLE.items() if word != "name!"}
DATASET: dict[str, Shape] = {
    "dataset!": "text", "label!": "label", "structure!": "text", "class": "text", "of": "text", "intermediate": "flag",
    "made_by": frozenset({"subject"}), "by_period": "flag", "completed_by": "text",
    "core_variables": ["text"], "category": "text", "domains": ["text"], "timing": ["text"],
    "last_before_exposure": ["text"],
    "keys!": ["text"], "variables!": ([VARIABLE], {"*": ("text", SHORT_VARIABLE)}),
    "parameters": [{"code!": "text", "label!": "text", "category": "text", "source": "text", "derivation!": "text"}],
}  # fmt: skip
# A study's file on a standard dataset: only what differs.
OVERLAY: dict[str, Shape] = {word.rstrip("!"): shape for word, shape in DATASET.items() if word != "domains"} | {
    "variables": [VARIABLE], "without": ["text"],
    "parameters": [{"code!": "text", **dict.fromkeys(("label", "category", "source", "derivation"), "text")}],
}  # fmt: skip
CRITERIA = dict.fromkeys(("response", "crs", "icans", "toxicity", "icaht", "hematotox", "relapse", "mrd"), "text")
STANDARDS = dict.fromkeys(("sdtmig", "sdtmct", "adamig", "adamct", "cdash", "definexml"), "text")
ARM: Shape = {"code!": "text", "label!": "text", "level": "text", "product": "text"}
LEVEL: Shape = {"label!": "text", "dose": "number", "unit": "text", "low": "number", "high": "number"}
START: Shape = {"of!": "text", "date!": "text", "where": "text", "days": "days"}
ELEMENT: Shape = {
    "code!": "text", "label!": "label", "epoch!": "text", "starts!": (START, [START]), "start_rule!": "text",
    **dict.fromkeys(("end_rule", "duration", "branch", "transition"), "text"), "arms": ["text"],
}  # fmt: skip
NULL: Shape = {"missing!": frozenset({"NI", "NA", "UNK", "PINF", "NINF", "MSK", "OTH"})}
STUDY = {
    "study!": "text", "subjects": "text", "entered": TEXTS, "consent": TEXTS, "death": TEXTS, "anchor": "text",
    "anchor_day": "0 or 1", "entry_days": "days", "primary": "flag", "arm": ARM, "arms": [ARM], "levels": {"*": LEVEL},
    **dict.fromkeys(("name", "title", "indication", "design", "sponsor", "data", "paper", "status"), "text"),
    **dict.fromkeys(("cutoff", "country"), "text"), "day0": frozenset({"cells", "none"}),
    "source": frozenset({"raw", "sdtm"}),
    "parts": NAMED, "part_labels": NAMED, "study_treatment": [frozenset({"conditioning", "cells"})],
    "treatments": {"*": {"label": "text", "dose_label": "text", "planned": {"dose": "number", "*": "text"},
                         "products": ["text"]}},
    "periods": [{"label!": "text", "where!": "text"}], "elements": [ELEMENT],
    "trial_summary": {"*": ("text", ["text"], NULL)},
    "headline": [{"label!": "text", "output!": "text", "set": "text", "row!": "text", "level": "text",
                  "column!": "text", "show!": "text"}],
    "criteria": CRITERIA, "standards": STANDARDS, "dictionaries": NAMED, "statistics": NAMED,
    "not_collected": ["text"], "endpoints": ["text"], "flags": frozenset({"Y", "Y/N"}),
}  # fmt: skip
DECISION = {
    "id!": "text", "question!": "text", "type!": "text", "choices": ["text"], "default!": "text", "why!": "text",
    "source": "text", "min": "text", "max": "text", "or_none": "flag", "of": "text",
    "window": ["text"],
}  # fmt: skip
CHOSEN = ("text", dict.fromkeys(("value", "default", "question", "why", "source"), "text"))
DECISIONS, OWN_DECISIONS = [DECISION], ({"*": CHOSEN}, [{"id!": "text", **CHOSEN[1]}], "")
# Of a field and a contract, `note`, `control` and `shown` are for people only.
FIELD_WORDS: dict[str, Shape] = {
    **dict.fromkeys(("label", "type", "codelist", "column", "unit", "pattern", "dates", "since"), "text"),
    **dict.fromkeys(("required_where", "note", "control", "companion_of"), "text"), "range": ["number"], "alias": TEXTS,
    **dict.fromkeys(("required", "essential", "partial", "companion"), "flag"),
}  # fmt: skip
FIELD = ("", FIELD_WORDS)
WRITTEN = dict.fromkeys(("encoding", "delimiter", "decimal", "dates", "language"), "text")
INACTIVE = {"column!": "text", "value!": "text"}
CODED = {"code": "text", "text": "text"}
NOBODY = "none"  # of a form whose records are of no subject
CONTRACT = {
    "form!": "text", "fields!": {"*": FIELD}, "record": ["text"], "unique": ["text"],
    "subject": (frozenset({NOBODY}), dict.fromkeys(("column", "pattern", "site", "known_as"), "text")),
    "named_by": ["text"], "folders": ("", ["text"]), "coded": CODED, "inactive": INACTIVE,
    "written": WRITTEN,
    **dict.fromkeys(("label", "file", "sheet", "need", "vendor", "since", "date_format"), "text"),
    "system": "flag", "repeating": "flag", "header_row": "count", "note": "text", "shown": "any",
}  # fmt: skip
SITES = {"adverse_events": "text", "serious": "text", "serious_value": "text", "missing_forms": ["text"],
         "country": ("", {"*": "text"})}  # fmt: skip
SYSTEM = {"columns": ("", {"*": FIELD}), "subject": {"number!": "text", "site": "text"}, "coded": CODED,
          "inactive": INACTIVE, "written": WRITTEN,
          "dates": "text"}  # fmt: skip
# An entry is a check, or `defaults:` of those below it.
OF_CHECKS: dict[str, Shape] = {**dict.fromkeys(("severity", "responsible", "domain"), "text"), "form": TEXTS}
CHECK: dict[str, Shape] = {
    "id": "text", **OF_CHECKS, **dict.fromkeys(("field", "where", "rule"), "text"), "with": ("", {"*": "any"}),
    "message": "text", "why": "text", "decisions": ("", ["text"]), "defaults": OF_CHECKS,
}  # fmt: skip
CHECKS = ([CHECK], "")
SCENARIOS: Shape = ({"*": {"label!": "text", "decisions!": {"*": "text"}}}, "")
MILESTONES: Shape = ({"*": ("", {"of!": "text", "date!": "text", "where": "text"})}, "")
WHERE = {"where": "text", "label": "text"}
NAMES: Shape = {"*": {"label!": "text", "where": "text"}}
TAKES = frozenset({"first", "last", "highest", "lowest"})
SEVERITY = frozenset({"always", "critical", "major", "minor"})
SETS: Shape = {"*": {
    **dict.fromkeys(("label", "name", "flag", "reason", "from", "where", "after", "says"), "text"),
    "reasons": NAMED, "within": {"*": SEVERITY},
}}  # fmt: skip
CONDITIONS: Shape = ({"*": {
    "label!": "label", "of!": "text", "take": TAKES,
    **dict.fromkeys(("from", "date", "where", "value", "otherwise", "base", "among", "says", "joined"), "text"),
    "cases": NAMED,
}}, "")  # fmt: skip
POPULATION = WHERE | {"set": "text"}
SET = {"set": "text", "id": "text", "label": "text", "where": "text", "columns": ["text"], "note": "text"}
COLUMN = {"id": "text", "label!": "text", "where": "text", "width": "size"}
NOTE = {"label!": "text", "of": "text", "where": "text", "population": "text", "text!": "text"}
BLOCK = {"label!": "text", "of": "text", "where!": "text", "cells!": ["text"], "words": {"*": NAMED}}
FOOTNOTE: Shape = ("text", {"endpoint!": "text"})
OF_COLOUR: Shape = [("text", {"value!": "text", "label": "text"})]
COLOURED: Shape = {"variable!": "text", "of": "text", "where": "text", "values!": OF_COLOUR}
PANEL: Shape = {"title": "text", "columns": ["text"], "where": "text", "event": "text"}
POINT: Shape = {"variable!": "text", "of": "text", "where": "text", "take": TAKES, "reference": ["number"]}
LANE_MARK: Shape = {"label!": "text", "variable!": "text", "of": "text", "where": "text"}
OF_OUTPUT: dict[str, Shape] = {
    "output!": "text", "family!": "text", "kind!": "text", "title!": ["text"], "population": POPULATION,
    "columns": [("text", COLUMN)], "datasets": ["text"], "decisions": ["text"], "tables": ["text"],
    "footnotes": [FOOTNOTE], "words": {"*": NAMED}, "notes": [NOTE],
    "order": {"at!": "number", "upper!": WHERE, "lower!": WHERE},
    "stub": "text", "stub_width": "size", "keys": "count", "sort": ["text"], "blocks": [BLOCK],
    "of": "text", "where": "text", "ticks": ["number"], "panels": [PANEL],
    "x_label": "text", "y_label": "text", "rate_head": "text", "description": "text",
    "published": {"table!": "text", "where": "text", "heading": "text"}, "time": UNITS, "hide_empty": "flag",
    "x": "text", "y": "text", "middle": frozenset({"median", "gmean"}), "take": TAKES, "log": "flag",
    "reference": ["number"], "across": POINT, "upward": POINT, "colour": COLOURED, "marks": [LANE_MARK],
}  # fmt: skip


def of_output(content: Any) -> Shape:
    """The shape of an output: its rows are of the kinds that its family knows."""
    family = content.get("family") if isinstance(content, dict) else ""
    rows = [Kinds(written.written(family if isinstance(family, str) else ""))]
    return OF_OUTPUT | {"rows": rows, "sets": [SET | {"rows": rows}]}


def of_shell(content: Any) -> Shape:
    """The shape of a shell that studies share: an output with arguments for a number, some of its parts optional."""
    family = content.get("family") if isinstance(content, dict) else ""
    option = {"option": "text"}
    known = written.written(family if isinstance(family, str) else "")
    rows = [Kinds({kind: replace(one, words={**one.words, **option}) for kind, one in known.items()})]
    words = {word: under for word, under in OF_OUTPUT.items() if word != "output!"}
    return words | {
        "shell!": "text", "takes": ["text"], "rows": rows, "sets": [SET | option | {"rows": rows}],
        "blocks": [BLOCK | option], "footnotes": [("text", {"note!": "text", "option!": "text"})],
    }  # fmt: skip


OUTPUT: Shape = of_output
SHELL: Shape = of_shell
OF_INFUSION = frozenset({"first", "last"})
WINDOW: dict[str, Shape] = {
    "from": "text", "to": "text", "from_infusion": OF_INFUSION, "to_infusion": OF_INFUSION, "before": ["text"],
    "partial": frozenset({"may", "first", "never"}),
}  # fmt: skip
EPISODES: dict[str, Shape] = {
    "gap": "text", "onset": frozenset({"first", "worst"}), "partial_start": frozenset({"first", "episode", "any"}),
    "partial_end": frozenset({"last", "episode", "any"}), "ongoing": frozenset({"last alive", "cut", "none"}),
    "fatal": frozenset({"censors", "ends"}),
}  # fmt: skip
ASKED = frozenset({"maximum", "any", "onset", "duration", "given", "highest", "lowest", "first", "last", "word",
                   "episodes", "episode"})  # fmt: skip
PARAMETER: dict[str, Shape] = {
    "code": "text", "label": "text", "what": ASKED, "of": "text", "where": "text", "value": "text", "none": "text",
    "order": ["text"],
    "window": WINDOW, "begun_before": "count", "with_event": "flag", "among": "text", "source": "text",
}  # fmt: skip
TOXICITY: dict[str, Shape] = {
    "name": "text", "label": "text", "title": "text", "use": "flag", "scale": "text", "flag": "text", "cited": ["text"],
    "capd": "text", "events": {"of": "text", "terms": ["text"], "where": "text", "grade": "text", "grades": NAMED},
    "days": {"of": "text", "where": "text", "grade": "text", "blank": NAMED},
    "window": WINDOW, "episodes": EPISODES, "parameters": {"*": ("", PARAMETER)},
}  # fmt: skip
TOXICITIES: Shape = ({"*": TOXICITY}, "")
ENTRY: dict[str, Shape] = {
    "output!": "text", "shell!": "text", "with": ["text"], "title": ["text"], "population": POPULATION,
    "columns": [("text", COLUMN)], "sets": [SET], "footnotes": [FOOTNOTE], "stub_width": "size", "*": "text",
}  # fmt: skip
CATALOGUE: Shape = ([ENTRY], "")
PROPOSED: Shape = ([{**ENTRY, "needs": ["text"]}], "")
DLT: Shape = {
    "of": "text", "events": "text", "worsened": "text", "among": "text", "blank": "text",
    "observed": {"until": ["text"], "before": ["text"], "needed": "text"},
    "days": [{"where!": "text", "days!": "days"}],
    "values": {"*": {"from!": "text", "where": "text", "value!": "text"}},
    "reasons": [{"reason!": "text", "where": "text", "in": "flag", "replaced": "flag"}],
    "allowable": {"table!": "text", "begins!": ["text"], "ends!": ["text"]},
}  # fmt: skip


# The columns of tables by the name of their file, and those of them that hold numbers (or nothing).
COLUMNS: dict[str, tuple[str, ...]] = {
    "codelists.csv": ("codelist", "extensible", "collected", "submission", "code", "label"),
    "sdtmct.csv": ("codelist", "code", "extensible"), "sdtmig.csv": ("domain", "variable", "label", "type", "core"),
    "_codelists.csv": ("CODELIST", "CODED_VALUE", "DECODE"),
    "visits.csv": ("VISITNUM", "VISIT", "FOLDER", "ANCHOR", "PLANNED_DAY", "WINDOW_LOW", "WINDOW_HIGH", "RESPFL",
                   "AVISIT", "PREFL", "ALIAS"),
    "units.csv": ("domain", "test", "from", "to", "factor", "offset", "decimals"),
    "abbreviations.csv": ("abbreviation", "meaning", "within"),
    "eligibility.csv": ("IETESTCD", "IETEST", "IECAT", "TIVERS"),
    "not_submitted.csv": ("FORM", "FIELD", "REASON"), "translations.csv": ("TEXT", "ENGLISH"),
    "links.csv": ("link", "form", "keys", "to_form", "to_keys", "where", "to_where", "domains"),
    "conformance.csv": CONFORMANCE, "conformance_notes.csv": CONFORMANCE_NOTES,
    "accepted_differences.csv": ("what", "why", "who", "until"),
    "cdash.csv": ("kind", "domain", "target", "rule", "source", "names", "labels"),
    "cut.csv": ("domain", "action", "variable", "date", "where", "value", "mark"),
    "ctcae.csv": ("term", "direction", "lbtestcd", "unit", "baseline", "worst", "grade", "compare", "factor",
                  "reference", "plus", "text"),
    "icaht.csv": ("parameter", "lbtestcd", "from", "to", "ends", "how", "grade", "compare", "bound", "days", "also"),
    "hematotox.csv": ("marker", "unit", "compare", "bound", "points"),
    "iechs.csv": ("criterion", "needed", "direction", "lbtestcd", "unit", "baseline", "compare", "factor", "reference"),
}  # fmt: skip
# Columns that need not be there.
OPTIONAL: dict[str, tuple[str, ...]] = {
    "visits.csv": ("PERIOD", "TVSTRL"), "links.csv": ("partner", "several"), "_codelists.csv": ("VERSION",),
}  # fmt: skip
NUMBERS = {
    "visits.csv": ("VISITNUM", "PLANNED_DAY", "WINDOW_LOW", "WINDOW_HIGH"),
    "units.csv": ("factor", "offset", "decimals"),
    "ctcae.csv": ("grade", "factor", "plus"), "icaht.csv": ("from", "to", "grade", "bound", "days", "also"),
    "hematotox.csv": ("bound", "points"), "iechs.csv": ("factor",),
}  # fmt: skip
VERSION = re.compile(r"(_v[0-9]+|_[0-9]{4}|-[0-9]{4}-[0-9]{2}-[0-9]{2}|-[0-9]+\.[0-9]+)(?=\.csv$)")
NUMBER = re.compile(r"([+-]?[0-9]{1,9}(\.[0-9]{1,15})?)?")


def table_kind(name: str) -> str:
    """The kind of a table by its file's name: the tables of all versions of a grading or of terms are of one kind."""
    return VERSION.sub("", name)
