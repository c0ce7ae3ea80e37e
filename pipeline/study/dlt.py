"""dlt.yaml: what a dose-limiting toxicity is, its period, and who makes the DLT Analysis Set."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pipeline.ground import clauses
from pipeline.ground.dlt import (
    DECIDED,
    AllowableTerm,
    Allowance,
    DltPlan,
    DltReason,
    GroupDays,
    SubjectValue,
    share_text,
)
from pipeline.ground.faults import TrialError
from pipeline.ground.words import choice_text, did_you_mean
from pipeline.study import shapes
from pipeline.study.csv_text import load_sheet
from pipeline.study.decisions import Choice
from pipeline.study.declared import NOTHING, Declared
from pipeline.study.frozen import frozen, texts
from pipeline.study.spec_input import SpecInput
from pipeline.study.yaml_text import Content, place

DLT = "dlt"
FILE, RECIPES = "dlt.yaml", ("adae", "dlt_events", "dlt_set", "addlt")
ALLOWABLE = ("AEDECOD", "MAX_GRADE", "MAX_DAYS")
WHOLE = re.compile(r"[0-9]{1,4}")
NAMED = re.compile(r"@([A-Z]\w*)")


def load_dlt(standard: Path, folder: Path, declared: Declared = NOTHING) -> dict[str, SpecInput]:
    """What the standard says of DLTs, over which the words of the study are laid; nothing where neither says anything.

    Raises TrialError with file, line and column.
    """
    files = [path for path in (standard / FILE, folder / FILE) if path.exists()]
    said: Content = {}
    for path in files:
        said |= shapes.load(path, shapes.DLT)
    if not files:
        return {}
    table = _table(files[-1], folder, said)
    said, read = declared.in_full(said, (*files, *([table] if table else [])))
    names = _decisions(said)
    datasets = tuple(dict.fromkeys(one["from"] for one in said.get("values", {}).values()))
    named = dict.fromkeys(RECIPES[2:], datasets) | {RECIPES[1]: (said["of"],) if said.get("of") else ()}
    allowed = {"allowed": tuple(_terms(table)) if table else ()}
    return {DLT: SpecInput(said | allowed, plan, read, named, dict.fromkeys(RECIPES, names))}


def plan(said: Content, decisions: Mapping[str, Choice]) -> DltPlan:
    """What is said, with the choices in force."""

    def clause(text: str) -> str:
        return clauses.filled(text, decisions, FILE)

    observed = said.get("observed", {})
    reasons = [DltReason(_worded(one["reason"], decisions), clause(one.get("where", "")), one.get("in") == "true",
                         one.get("replaced") == "true") for one in said.get("reasons", [])]  # fmt: skip
    values = [SubjectValue(name, one["from"], clause(one.get("where", "")), one["value"])
              for name, one in said.get("values", {}).items()]  # fmt: skip
    lasts = said.get("allowable", {})
    return frozen(
        DltPlan, {}, **{word: clause(said.get(word, "")) for word in ("events", "worsened", "among", "blank")},
        until=texts(observed.get("until", [])), before=texts(observed.get("before", [])),
        of=said.get("of", ""), needed=observed.get("needed", ""), reasons=tuple(reasons), values=tuple(values),
        days_of=tuple(GroupDays(clause(one["where"]), int(one["days"])) for one in said.get("days", [])),
        allowable=Allowance(said["allowed"], texts(lasts.get("begins", [])), texts(lasts.get("ends", []))),
        **{word: decisions[name.lower()] for word, name in DECIDED.items()},
    )  # fmt: skip


def _worded(reason: str, decisions: Mapping[str, Choice]) -> str:
    """A reason with the values of the decisions that it quotes; a share is said in per cent."""
    text = reason
    for name in NAMED.findall(reason):
        value = choice_text(decisions[name.lower()])
        text = text.replace(f"@{name}", share_text(value) if name == DECIDED["eval_frac"] else value)
    return text


def _decisions(said: Content) -> tuple[str, ...]:
    """The decisions that decide over a DLT: those of its period, and those that its clauses and reasons quote."""
    return tuple(dict.fromkeys([*DECIDED.values(), *(name for text in _texts(said) for name in NAMED.findall(text))]))


def _texts(said: Any) -> Iterator[str]:
    if isinstance(said, str):
        yield said
    for part in said.values() if isinstance(said, dict) else said if isinstance(said, list) else ():
        yield from _texts(part)


def _table(file: Path, folder: Path, said: Content) -> Path | None:
    """The study's table of allowable events, where it has one. Raises TrialError for one that is not there."""
    if not said.get("allowable"):
        return None
    name = said["allowable"]["table"]
    path = folder / f"{name}.csv"
    if not path.exists():
        known = [one.stem for one in folder.glob("*.csv")]
        what = f"The table of allowable events '{name}' is not there."
        raise TrialError(what, place(file, ("allowable", "table")), did_you_mean(name, known))
    return path


def _terms(path: Path) -> Iterator[AllowableTerm]:
    """The rows of a table of allowable events. Raises TrialError with file and line."""
    header, rows = load_sheet(path)
    lost = [name for name in ALLOWABLE if name not in header]
    if lost:
        what = f"A table of allowable events needs the column {lost[0]}."
        raise TrialError(what, f"{path}, line 1", f"the header is {','.join(ALLOWABLE)}")
    seen: dict[str, int] = {}
    for line, cells in rows:
        term, grade, days = (dict(zip(header, cells, strict=True))[name].strip() for name in ALLOWABLE)
        where = f"{path}, line {line}"
        if not term or term.upper() in seen:
            what = f"The term {term} stands on line {seen[term.upper()]} too." if term else "A row has no term."
            raise TrialError(what, where, "each preferred term stands once")
        if not re.fullmatch("[1-5]", grade):
            raise TrialError(f"MAX_GRADE of {term} cannot be '{grade}'.", where, "a grade from 1 to 5")
        if days and not WHOLE.fullmatch(days):
            raise TrialError(f"MAX_DAYS of {term} cannot be '{days}'.", where, "a number of days, or nothing for any")
        seen[term.upper()] = line
        yield AllowableTerm(term, float(grade), float(days) if days else None)


