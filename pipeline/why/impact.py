"""`trial impact`: what a decision, a dataset or a form decides; with another choice, what would change, by name."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import pandas as pd

from pipeline.engine.columns_read import columns_read
from pipeline.engine.graph import downstream, order, resolve
from pipeline.engine.parts import MADE
from pipeline.engine.recipes import is_setting
from pipeline.engine.runner import Build
from pipeline.ground.answer import tell_facts
from pipeline.ground.faults import TrialError
from pipeline.ground.words import choice_text, did_you_mean
from pipeline.study.declared import ADSL
from pipeline.study.scenarios import other_choice
from pipeline.why.subject_pages import shown_on_pages

SHOWN = 40
KEYS = ("STUDYID", "USUBJID")
ADDRESS = ["SET", "ROW", "COLUMN", "LEVEL", "STATISTIC"]  # by which a result is the same
LABELS = ["ROWID", "GROUP", "VARIABLE", "LEVEL", "STATISTIC"]  # by which a reader knows it


def source_of(build: Build, word: str) -> str:
    """The setting or node a user means. Raises TrialError."""
    plain = word.strip().lower()
    for name, told in build.specs.inputs.items():
        if plain in build.specs.tables and build.specs.tables[plain] in told.files:
            return name
    for decision in build.specs.decisions.values():
        if plain and plain == decision.table:
            return decision.id.lower()
    if is_setting(plain, build.specs):
        return plain
    try:
        return resolve(build.graph, word)
    except TrialError as error:
        known = [*build.specs.decisions, *(n for n in build.graph if ":" not in n)]
        raise TrialError(f"Unknown decision, dataset or output '{word}'.", "", did_you_mean(word, known)) from error


def affected(build: Build, word: str) -> Iterator[str]:
    """What would be made anew when this changed, layer by layer; not what carries it of ADSL, or cannot read it."""
    source = source_of(build, word)
    names = [n for n in reached(build, source) if n != source and not n.startswith("check:")]
    decision = build.specs.decisions.get(source.upper())
    tell_facts(of=source, depends=names)
    if decision:
        yield f"{decision.id} = {decision.told}   ({decision.set_in})"
        yield f"  {decision.question}"
        if decision.choices:
            yield f"  choices: {', '.join(decision.choices)}"
        yield f"  why: {decision.why}"
    titles = (("raw", "Raw"), ("mapped", "SDTM, mapped"), ("sdtm", "SDTM"), ("adam", "ADaM"), ("output", "Outputs"))
    for kind, title in titles:
        chosen = [n for n in names if _layer(build, n) == kind]
        if chosen:
            yield f"{title}: {', '.join(_label(build, n) for n in chosen)}"
    pages = shown_on_pages(build, source, [source, *names])
    if pages:
        yield f"Pages of subjects: {', '.join(pages)}"
    if not names and not pages:
        yield "Nothing depends on it."


def reached(build: Build, source: str) -> list[str]:
    """What a change of a node or setting can reach, in the order of making.

    Of the outputs that it reaches through ADSL alone, those that can read a column which it reaches: ADSL holds side by
    side what its own needs say of a subject.
    """
    names = downstream(build.graph, {source})
    adsl = build.graph.get(ADSL)
    through = {*names, source} & {*adsl.needs} if adsl else set()
    if adsl is None or ADSL not in names or source == ADSL or source in adsl.settings or not through:
        return names
    columns = {*build.specs.datasets[ADSL].names} - {*KEYS}
    moved = {name for need in through for name in build.specs.datasets[need].names} & columns
    return [name for name in names if _reads(build, name, {*names, source} - {ADSL}, moved)]


def _reads(build: Build, name: str, changed: set[str], moved: set[str]) -> bool:
    """True for what rests on any of what changed beside ADSL, and for an output that can read what moved in that."""
    node = build.graph[name]
    beside = changed & {*node.needs, *node.settings}
    return node.kind != "output" or bool(beside) or bool(columns_read(node, build.specs, moved))


def _layer(build: Build, name: str) -> str:
    node = build.graph[name]
    made = node.kind in ("recipe", *MADE)
    return build.specs.datasets[node.dataset].layer if made else node.kind


def _label(build: Build, name: str) -> str:
    return str(build.specs.outputs[name].shell.output) if name in build.specs.outputs else name


def changes(build: Build, name: str, value: str) -> Iterator[str]:
    """What another choice would change: values by subject and variable, then result rows."""
    other = dataclasses.replace(build, specs=other_choice(build.specs, name, value), entries={}, frames={}, made=[])
    names = downstream(build.graph, {source_of(build, name)})
    for one in (build, other):
        for node in order(build.graph, names):
            one.ensure(node)
    yield f"{name.upper()}: {build.specs.decisions[name.upper()].told} -> {other.specs.decisions[name.upper()].told}"
    changed = False
    for node in names:
        kind = build.graph[node].kind
        if kind not in ("recipe", "output") or build.content(node) == other.content(node):
            continue
        if kind == "recipe":
            keys = told = [k for k in build.specs.datasets[build.graph[node].dataset].keys if k != "STUDYID"]
            shown = list(build.frame(node).columns)
        else:
            keys, told = ADDRESS, LABELS
            shown = [*dict.fromkeys((*keys, *told)), "VALUE", "VALUEC"]
        lines = list(differences(build.frame(node)[shown], other.frame(node)[shown], keys, told))
        if lines:
            changed = True
            yield f"{_label(build, node)}: {len(lines)} value(s) change"
            yield from (f"  {line}" for line in lines[:SHOWN])
    if not changed:
        yield "Nothing would change in this extract."


def differences(before: pd.DataFrame, after: pd.DataFrame, keys: list[str], told: list[str]) -> Iterator[str]:
    """One line per value that differs between two versions of a dataset, and per record only one of them has.

    Records are the same by `keys`; a reader knows them by `told`, as the first of the two has it.
    """
    both = before.merge(after, on=keys, how="outer", suffixes=("", "\0new"), indicator=True)
    gone = {"left_only": "is no longer there", "right_only": "is new"}
    for record in both[both["_merge"] != "both"].to_dict("records"):
        yield f"{_known_as(record, told)} {gone[str(record['_merge'])]}"
    same = both[both["_merge"] == "both"]
    for name in [c for c in before.columns if c not in (*keys, *told) and f"{c}\0new" in both]:
        old, new = same[name], same[f"{name}\0new"]
        differ = same[~((old == new) | (old.isna() & new.isna()))]
        for record in differ.to_dict("records"):
            yield f"{_known_as(record, told)} {name}: {_plain(record[name])} -> {_plain(record[name + chr(0) + 'new'])}"


def _known_as(record: dict, told: list[str]) -> str:
    new = record["_merge"] == "right_only"
    said = [record[f"{name}\0new" if new and f"{name}\0new" in record else name] for name in told]
    told = [one for one in said if one not in ("", None) and not pd.isna(one)]
    return " | ".join(_plain(one) if isinstance(one, pd.Timestamp) else str(one) for one in told)


def _plain(value: Any) -> str:
    if pd.isna(value):
        return "(missing)"
    if isinstance(value, pd.Timestamp):
        return value.strftime("%Y-%m-%d")
    return f"{value:g}" if isinstance(value, float) else choice_text(value)
