"""What a clause asks of fields: names that are there, literals of the field's kind, values that its codelist knows."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from weakref import ref

import pandas as pd

from pipeline.ground import clauses
from pipeline.ground.closed_lists import closed_lists
from pipeline.ground.faults import TrialError
from pipeline.ground.grammar import Comparison, Name
from pipeline.ground.metadata import DatasetSpec
from pipeline.ground.named_clauses import NamedClause
from pipeline.ground.words import did_you_mean
from pipeline.study import contracts
from pipeline.study.decisions import Decision

KINDS = {"integer": "number", "number": "number", "decimal": "number", "date": "date", "datetime": "date"}
_ASKED: list[tuple[ref[pd.DataFrame], dict[str, list[tuple[str, str, str]]]]] = []


# What adam/derive/sources.py gives every record that is seen.
SEEN = {"ADT": "date", "ADTHI": "date", "CARTDY": "number", "SRCSEQ": "number"} | dict.fromkeys(
    ("ADTF", "SRCDOM", "SRCVAR"), "text"
)


class ClauseField(NamedTuple):
    """What a field may hold: its kind (text, number, date; '' any), its values where a closed list names them all."""

    kind: str = "text"
    values: frozenset[str] | None = None
    list: str = ""
    asks: frozenset[str] = frozenset()  # of a clause by name: the fields that must be there


READS_AS_NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,2})?")
Fields = Mapping[str, ClauseField]
Lists = Mapping[str, Sequence[tuple[str, str]]]  # collected codelists: codes and texts
Slip = tuple[str, str]


def slips(text: str, fields: Fields, decisions: Mapping[str, Decision], thing: str) -> Iterator[Slip]:
    """What is wrong with a clause, and the cure; `thing` (ADSL, the form AE) is what its fields are of."""
    if not text.strip():
        return
    try:
        clause = clauses.read(text)
    except TrialError as error:
        yield error.what.rstrip("."), error.cure
        return
    for name in clause.names:
        if name not in fields:
            yield f"{thing} has no variable {name}", did_you_mean(name, fields)
        elif lost := sorted(fields[name].asks - {*fields}):
            yield f"{name} asks for {lost[0]}, which {thing} does not have here", "say what is asked without it"
    for name in clause.decisions:
        if name.upper() not in decisions:
            yield f"unknown decision '{name}'", did_you_mean(name.upper(), decisions)
    for comparison in clause.comparisons:
        yield from _compared(comparison, fields, decisions)


def _compared(comparison: Comparison, fields: Fields, decisions: Mapping[str, Decision]) -> Iterator[Slip]:
    name, right = comparison.left.id, comparison.right
    field = fields.get(name)
    if field is None:
        return
    for literal in right if isinstance(right, tuple) else (right,):
        kind, shown = _kind(literal, fields, decisions)
        if kind and field.kind and kind != field.kind and not (field.kind == "date" and kind == "text"):
            yield f"{name} holds a {field.kind}, {shown} is a {kind}", "text stands in quotes, a number does not"
        elif field.values is not None and _asked(literal, comparison.how) not in {*field.values, ""}:
            of = field.list if field.list.endswith((".yaml", ".csv")) else f"the codelist {field.list}"
            what = f"{name} never is {shown}: {of} does not have it"
            yield what, _cure(name, _asked(literal, comparison.how), field.values)


def _cure(name: str, asked: str, known: frozenset[str]) -> str:
    """The values there are; of a flag that is Y or blank how its other records are asked for."""
    if asked == "N" and known == frozenset({"Y"}):
        return f'it is Y or blank: write {name} == "", or say `flags: Y/N` in study.yaml where flags are to say N'
    return did_you_mean(asked, known)


def _asked(literal: Any, how: str) -> str:
    """The value that a comparison asks for, '' where it asks for none: a number by its bound, another field."""
    number = isinstance(literal, int | float) and how in ("==", "!=", "in", "not in")
    return f"{literal:g}" if number else literal if isinstance(literal, str) else ""


def _kind(side: Any, fields: Fields, decisions: Mapping[str, Decision]) -> tuple[str, str]:
    """The kind of a literal, a field or a decision ('' where nothing is known of it), and how it is shown."""
    if isinstance(side, Name) and side.decision:
        decision = decisions.get(side.id.upper())
        return (KINDS.get(decision.type, "text") if decision else ""), f"@{side.id}"
    if isinstance(side, Name):
        return (fields[side.id].kind if side.id in fields else ""), side.id
    if side == "":
        return "", '""'
    return ("text" if isinstance(side, str) else "number"), clauses.quoted(side)


def of_dataset(variables: Any, ct: pd.DataFrame) -> dict[str, ClauseField]:
    """The variables of a dataset spec, with the submission values of closed codelists."""
    lists = _rows_by_list(ct)
    rows = [row for codelist in {v.codelist: None for v in variables} for row in lists.get(codelist, [])]
    known = {name: frozenset(found) for name, found in closed_lists(variables, rows).items()}
    return {v.name: ClauseField(KINDS.get(v.type, "text"), known.get(v.codelist), v.codelist) for v in variables}


def _rows_by_list(ct: pd.DataFrame) -> Mapping[str, list[tuple[str, str, str]]]:
    """The rows of each codelist; those of the terminology asked last are kept, for a look asks of one 250 times."""
    if not _ASKED or _ASKED[0][0]() is not ct:
        rows: dict[str, list[tuple[str, str, str]]] = {}
        for row in zip(*(ct[name].tolist() for name in ("codelist", "extensible", "submission")), strict=True):
            rows.setdefault(row[0], []).append(row)
        _ASKED[:] = [(ref(ct), rows)]
    return _ASKED[0][1]


def of_spec(spec: DatasetSpec, ct: pd.DataFrame) -> dict[str, ClauseField]:
    """The variables of a dataset, and the clauses that may be asked of its records by name."""
    return named_fields(spec.clauses) | of_dataset(spec.variables, ct)


def named_fields(clauses: Iterable[NamedClause]) -> dict[str, ClauseField]:
    """Clauses by name as fields."""
    return {c.name: ClauseField("text", c.values or frozenset({"Y", "N"}), c.told_in, c.names) for c in clauses}


def as_seen(fields: Mapping[str, ClauseField], subject: Mapping[str, ClauseField]) -> dict[str, ClauseField]:
    """What a clause over records as seen may name (adam/derive/sources.py): the dataset's own, the subject's beside."""
    return {**subject, **fields, **{name: ClauseField(kind) for name, kind in SEEN.items()}}


def dated(name: str, fields: Collection[str]) -> bool:
    """True for a dataset whose records have a date of their own."""
    return not {"ADT", "ASTDT", f"{name.upper()}STDTC", f"{name.upper()}DTC"}.isdisjoint(fields)


def of_table(table: pd.DataFrame) -> dict[str, ClauseField]:
    """The columns of a table of published figures, all text."""
    return {name: ClauseField() for name in table}


def at_gate(columns: Mapping[str, contracts.Field], lists: Lists) -> dict[str, ClauseField]:
    """The fields of a form as checks read them: codes, numbers, dates as ISO text."""
    found = {}
    for name, entry in columns.items():
        codes = lists.get(entry.codelist) if entry.type == "coded" else None
        values = frozenset(code for code, _ in codes) if codes else None
        found[name] = ClauseField("number" if entry.type in ("integer", "decimal") else "text", values, entry.codelist)
    return found


def as_collected(columns: Mapping[str, contracts.Field], lists: Lists) -> dict[str, ClauseField]:
    """The fields of a form as a mapping sheet reads them: text, a coded one its texts, the companion its codes.

    What holds numbers is compared as a number or as text, as the clause writes it (`written_as` tells of slips).
    """
    found = {}
    for name, entry in columns.items():
        owner = columns.get(entry.companion_of, entry)
        known = lists.get(owner.codelist) or []
        values = {code for code, _ in known} | (set() if entry.companion_of else {text for _, text in known})
        kind = "" if entry.type in contracts.NUMBERS else "text"
        found[name] = ClauseField(kind, frozenset(values) if known else None, owner.codelist)
    return found


def written_as(text: str, columns: Mapping[str, contracts.Field]) -> Iterator[tuple[Slip, bool]]:
    """Numbers of a form that a clause holds against text: the slip, and True where the clause can never mean it."""
    for one in clauses.read(text).comparisons:
        field, other = columns.get(one.left.id), columns.get(one.right.id) if isinstance(one.right, Name) else None
        if field and other and (field.type in contracts.NUMBERS) != (other.type in contracts.NUMBERS):
            held, word = (field, other) if field.type in contracts.NUMBERS else (other, field)
            yield (f"{held.name} holds a number, {word.name} is a text", "compare two numbers, or two texts"), True
        if field is None or field.type not in ("integer", "decimal"):
            continue
        for literal in one.right if isinstance(one.right, tuple) else (one.right,):
            if isinstance(literal, str) and literal:
                number = READS_AS_NUMBER.fullmatch(literal)
                cure = f"write {literal} without quotes" if number else "text stands in quotes, a number does not"
                yield (f"{one.left.id} holds a number, {clauses.quoted(literal)} is a text", cure), not number
