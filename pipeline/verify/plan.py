"""What the second derivation is given of a study: the decisions of the run, facts of study.yaml, lists that are signed.

Nothing of it is a derivation: names, numbers and choices, which the SQL takes as bound values.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.study.csv_text import load_table
from pipeline.study.specs import Specs
from pipeline.study.yaml_text import Content, load_yaml

HOME = Path(__file__).parent
NAMED = re.compile(r"\$([A-Z]\w*)")
WORDS = {"None": None, "True": "Y", "False": "N", "none": None, "": None}
DLT, RULE = "dlt.yaml", 'RELFL == "Y" and ATOXGRN >= 3'
Value = str | bool | None
TOXICITIES = ("CRS", "ICANS")
CONDITIONING, NEW_THERAPY, DEATH, BEST = "conditioning", "NACTDT", "dd", "endpoints/bor.yaml"


@dataclass(frozen=True)
class Given:
    """The values that plan.sql names; windows of planned assessments (visit, first and last day after the cells);
    responses from best to worst; toxicities (name, term, whether a new therapy ends their window, which partial starts
    leave the onset unknown). `by_rule`: a rule tells which events are dose-limiting, `allowable` (term, highest grade,
    most days) those that are expected all the same; `levels` and their doses.
    """

    values: Mapping[str, Value]
    windows: tuple[tuple[str, int, int], ...]
    best: tuple[str, ...]
    toxicities: tuple[tuple[str, str, bool, str], ...]
    by_rule: bool = False
    allowable: tuple[tuple[str, str, str | None], ...] = ()
    levels: tuple[tuple[str, float], ...] = ()


def given(specs: Specs, decided: Mapping[str, str], cutoff: str) -> Given:
    """What a study gives. `decided` are the decisions of the run by id, as words; the others are those of its specs."""
    known = {name: str(one.value) for name, one in specs.decisions.items()} | dict(decided)
    study = specs.study
    values: dict[str, Value] = {name: WORDS.get(said, said) for name, said in known.items()}
    values |= {
        "CUTOFF": WORDS.get(cutoff, cutoff),
        "CONDITIONING_TREATS": CONDITIONING in study.study_treatment,
        "DLT_PART": None if "among" in _own(specs, DLT) else values.get("DLT_PART"),
        "RULE_PART": values.get("DLT_PART"),
        "DLT_OF_INFUSED": "blank" in _own(specs, DLT),
        "DEATH_SHOWS_ALIVE": any(_of_death(one) for one in _own(specs, "alive.yaml").values()),
    }
    asked = dict.fromkeys(NAMED.findall((HOME / "plan.sql").read_text(encoding="utf-8")))
    told = {name: values.get(name) for name in asked}
    levels = tuple((name, level.dose) for name, level in study.levels.items() if level.dose is not None)
    lists = (_windows(specs), _best(specs), _toxicities(specs))
    return Given(told, *lists, rules_dlt(specs), _allowable(specs), levels)


def rules_dlt(specs: Specs) -> bool:
    """Whether a study's dose-limiting toxicities are those of the rule: related, and of grade 3 or higher."""
    return str(_own(specs, DLT).get("events", "")) == RULE


def _allowable(specs: Specs) -> tuple[tuple[str, str, str | None], ...]:
    """The expected adverse events of the table that dlt.yaml names."""
    named = _own(specs, DLT).get("allowable", {}).get("table", "")
    rows = load_table(specs.tables[named]) if named else None
    asked = [] if rows is None else rows[["AEDECOD", "MAX_GRADE", "MAX_DAYS"]].to_numpy().tolist()
    return tuple((term, grade, days or None) for term, grade, days in asked)


def _own(specs: Specs, file: str) -> Content:
    """What a study's own file says; nothing where it has none."""
    path = specs.folder / file
    said = load_yaml(path) if path.exists() else None
    return said if isinstance(said, dict) else {}


def _of_death(entry: object) -> bool:
    return isinstance(entry, dict) and entry.get("of") == DEATH


def _windows(specs: Specs) -> tuple[tuple[str, int, int], ...]:
    """The visits with a planned response assessment, counted from the cells, and their windows."""
    visits = load_table(specs.tables["visits"]).fillna("")
    planned = visits[visits["RESPFL"].eq("Y") & visits["ANCHOR"].eq("CELLS") & visits["WINDOW_LOW"].ne("")]
    told = planned[["VISIT", "WINDOW_LOW", "WINDOW_HIGH"]].itertuples(index=False, name=None)
    return tuple((visit, int(low), int(high)) for visit, low, high in told)


def _best(specs: Specs) -> tuple[str, ...]:
    """The responses from best to worst: the study's order, else the standard's."""
    standard = load_yaml(specs.root / "specs" / "standard" / BEST)["best"]
    return tuple(dict.fromkeys(str(one).upper() for one in _own(specs, BEST).get("best", standard)))


def _toxicities(specs: Specs) -> tuple[tuple[str, str, bool, str], ...]:
    """CRS and ICANS as the study tells them."""
    return tuple(
        (one.name, term, NEW_THERAPY in one.window.before, one.episodes.partial_start)
        for one in specs.inputs["toxicities"].value(specs.decisions)
        if one.name in TOXICITIES
        for term in one.events.terms or ("",)
    )
