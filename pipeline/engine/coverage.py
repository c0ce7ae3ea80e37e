"""Where each raw field of an extract went: one record per delivered field, the machine-readable annotated CRF.

It rests on what happened to each value (sdtm/mapping/carried.py), not on what a sheet promises. What is knowingly not
submitted stands with its reason in not_submitted.csv, of the standard for columns any EDC has, and of the study.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from pipeline.ground.line_numbers import unpacked
from pipeline.ground.units import plain_unit
from pipeline.study.contracts import Contract
from sdtm.mapping.carried import EVERY, LEFT_OUT

EXCEPTIONS_ALONE = {"IE": "a criterion that was met makes no record of IE (SDTMIG 3.4, IE)"}
DATE_ALONE = "its record has no result that could be submitted"
DATES = ("date", "time")
UNITS_OF_RESULTS, REASON = ("ORRESU", "STRESU"), "REASND"
NOT_DONE = "unit of a result that was not done, whose record has none"
COLUMNS = ("FORM", "FIELD", "LABEL", "VALUES", "SUBMITTED", "LEFT_OUT", "NOWHERE", "WENT_TO", "REASON")
OF_SUBJECT = ("USUBJID", "subject")
CODE, UNIT = "_STD", "_UNIT"
NO_LINES = np.array([], dtype="int64")


class Way(NamedTuple):
    """A target, the rule that carried values to it, and the lines they stood on, packed but for those of one form."""

    target: str
    rule: str
    lines: Any


class Told(NamedTuple):
    """The ways of values by form and field, the records left out by form and field (`*`: all), excuses by place."""

    ways: Mapping[tuple[str, str], list[Way]]
    left: Mapping[tuple[str, str], set[str]]
    excused: Mapping[tuple[str, str], str]


def told_of(carried: pd.DataFrame, left: pd.DataFrame, excused: pd.DataFrame) -> Told:
    """What is known of all domains: tables of ways, of values (form, record, field) that findings say are left out, and
    of excuses (later wins).
    """
    ways: dict[tuple[str, str], list[Way]] = {}
    for form, field, target, rule, lines in carried.itertuples(index=False, name=None):
        ways.setdefault((form, field), []).append(Way(target, rule, lines))
        if "." in field:  # brought over from a linked form; of which of its records is not known
            other, _, name = field.partition(".")
            ways.setdefault((other, name), []).append(Way(target, rule, NO_LINES))
    records = {(str(form), str(name)): set(part) for (form, name), part in left.groupby(["form", "field"])["record"]}
    return Told(ways, records, {(f, n): r for f, n, r in excused[["FORM", "FIELD", "REASON"]].to_numpy()})


class FormColumns(NamedTuple):
    """The raw records of a form: the names of their columns, and some of these on the index from 0."""

    names: Sequence[str]
    read: Callable[[list[str]], pd.DataFrame]


def coverage(
    raw: Iterable[tuple[str, FormColumns]], contracts: Mapping[str, Contract], told: Told
) -> pd.DataFrame:
    """One record per raw field, in the order of contracts and files; of the forms one is looked at after the other.

    VALUES are the values of active records that are not empty (code and text of an answer are one). SUBMITTED are
    those carried to SDTM, or equal to one of the same subject and field that was, where their line made no record of
    that domain (a lesion's site at every visit);
    LEFT_OUT those that a finding tells of: of records left out (data cut, corrected by the laboratory), or that cannot
    be read; NOWHERE the rest, unless REASON tells why the field is not submitted, or why there is no record of it.
    """
    rows = [row for form, records in raw for row in _of_form(records, contracts[form], _opened(told, form))]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _opened(told: Told, form: str) -> Told:
    """What is known of one form, with the numbers of lines."""
    own = {place: ways for place, ways in told.ways.items() if place[0] == form}
    return told._replace(ways={place: [_with_lines(way) for way in ways] for place, ways in own.items()})


def _with_lines(way: Way) -> Way:
    return way._replace(lines=unpacked(way.lines)) if isinstance(way.lines, bytes) else way


def of_file(file: str, cells: Sequence[Sequence[str]], reason: str, told: Told) -> pd.DataFrame:
    """The record of a delivered file that no contract knows: all its values, and why they are not submitted, if so."""
    count = sum(bool(cell.strip()) for row in cells for cell in row)
    reason = told.excused.get((file, EVERY), reason)
    return pd.DataFrame([(file, EVERY, "", count, 0, 0, 0 if reason else count, "", reason)], columns=list(COLUMNS))


def _of_form(records: FormColumns, contract: Contract, told: Told) -> Iterator[tuple[object, ...]]:
    """The rows of one form: its fields, then those that every form carries, then columns that no contract names."""
    form, keys = contract.form, records.read(["_LINE", "_RECORD", "_SUBJECT"])
    lines = keys["_LINE"].to_numpy()
    gone = [way.lines for way in told.ways.get((form, EVERY), []) if way.rule == LEFT_OUT]
    out = np.isin(lines, np.concatenate([NO_LINES, *gone]))
    out |= keys["_RECORD"].isin(told.left.get((form, EVERY), set())).to_numpy()
    every = dict.fromkeys(name for name in (*contract.fields, *contract.carried, *records.names) if name[:1] != "_")
    for field in [name for name in every if not (name.endswith(CODE) and name.removesuffix(CODE) in every)]:
        held = records.read([name for name in (field, field + CODE) if name in records.names])
        ways = [way for name in (field, field + CODE) for way in told.ways.get((form, name), [])]
        ways += [Way(*OF_SUBJECT, lines)] if field == contract.subject.column else []
        filled = held.notna().any(axis="columns").to_numpy()
        there = filled & np.isin(lines, np.concatenate([NO_LINES, *[way.lines for way in ways]]))
        there |= filled & any(way.lines is NO_LINES for way in ways)
        there |= filled & _said_again(keys["_SUBJECT"], held, there) & ~np.isin(lines, _made(told, form, ways))
        left = filled & ~there & (out | keys["_RECORD"].isin(told.left.get((form, field), set())).to_numpy())
        lost = int((filled & ~there & ~left).sum())
        reason = reason_of(told.excused, form, field, field not in contract.fields) if lost or not ways else ""
        reason = reason or (_unit_as_said(held, contract, field) if lost else "")
        nowhere, made = lines[filled & ~there & ~left], _made(told, form, ways)
        reason = reason or (_no_exception(ways, nowhere, made) or _of_no_result(told, form, ways, nowhere)
                            or _date_alone(records, contract, field, np.isin(lines, nowhere)) if lost else "")
        entry = contract.fields.get(field) or contract.carried.get(field)
        went = dict.fromkeys(f"{way.target} by {way.rule}" for way in ways)
        yield (form, field, entry.label if entry else "", int(filled.sum()), int(there.sum()), int(left.sum()),
               0 if reason else lost, "; ".join(went), reason)  # fmt: skip


def _no_exception(ways: list[Way], lost: np.ndarray, made: np.ndarray) -> str:
    """Why values make no record of a domain that holds exceptions alone, where no other lacks them.

    Another domain to which the field goes has records of other lines, which its sheet chooses.
    """
    chosen = {domain: [way.lines for way in ways if _domain(way.target) == domain]
              for domain in dict.fromkeys(_domain(way.target) for way in ways)}
    reasons = [EXCEPTIONS_ALONE[domain] for domain in chosen if domain in EXCEPTIONS_ALONE]
    others = all(sum(map(len, lines)) for domain, lines in chosen.items() if domain not in EXCEPTIONS_ALONE)
    return reasons[0] if reasons and others and not np.isin(lost, made).any() else ""


def _of_no_result(told: Told, form: str, ways: list[Way], lost: np.ndarray) -> str:
    """Why a unit goes nowhere, where its records tell why there is no result (--REASND)."""
    units = bool(ways) and all(way.target.endswith(UNITS_OF_RESULTS) for way in ways)
    why = [way.lines for (of, _), more in told.ways.items() if of == form
           for way in more if way.target.endswith(REASON)]  # fmt: skip
    return NOT_DONE if units and np.isin(lost, np.concatenate([NO_LINES, *why])).all() else ""


def _date_alone(records: FormColumns, contract: Contract, field: str, lost: np.ndarray) -> str:
    """Why a date makes no record, where the records (on which it is lost) hold no result beside it."""
    dated = field in contract.fields and contract.fields[field].type in DATES
    keys = (contract.subject.column, *contract.record)
    beside = [name for name, entry in contract.fields.items()
              if entry.type not in DATES and name in records.names and name not in keys]
    alone = dated and records.read(beside)[lost].isna().all(axis=None)
    return DATE_ALONE if alone else ""


def _made(told: Told, form: str, ways: list[Way]) -> np.ndarray:
    """The lines that made records of the domains to which a field goes: there a value that did not go is lost."""
    domains = {_domain(way.target) for way in ways}
    other = [way.lines for (of, _), more in told.ways.items() if of == form for way in more
             if way.rule != LEFT_OUT and _domain(way.target) in domains]  # fmt: skip
    return np.unique(np.concatenate([NO_LINES, *other]))


def _domain(target: str) -> str:
    return target.partition(".")[0].removeprefix("SUPP")


def _said_again(subjects: pd.Series, held: pd.DataFrame, there: np.ndarray) -> np.ndarray:
    """True for the values that another record of the subject has, which went there."""
    if there.all() or not there.any():
        return there
    values = pd.MultiIndex.from_frame(held.fillna("").assign(_SUBJECT=subjects.fillna("")))
    return values.isin(values[there])


def _unit_as_said(records: pd.DataFrame, contract: Contract, field: str) -> str:
    """Why the unit of an item goes nowhere, where it is the one that the contract names and SDTM has of the item."""
    item = field.removesuffix(UNIT)
    named = contract.fields[item].unit if field.endswith(UNIT) and item in contract.fields else ""
    said = {plain_unit(unit) for unit in records[field].dropna().unique()} if named else set()
    return f"unit of {item}, which its contract names" if said == {plain_unit(named)} else ""


def reason_of(excused: Mapping[tuple[str, str], str], form: str, field: str, carried: bool) -> str:
    """Why a field is not submitted: as its own row says, else that of its form, else that of any form's column."""
    places = ((form, field), (form, EVERY), *(((EVERY, field),) if carried else ()))
    return next((excused[place] for place in places if place in excused), "")


def as_lines(found: pd.DataFrame, lost: bool = False) -> Iterator[str]:
    """The table in words: by form one line per field, with how many values and where they went; the sums at the end.

    `lost`: only fields of which values went nowhere.
    """
    for form, fields in found[found["NOWHERE"] > 0 if lost else slice(None)].groupby("FORM", sort=False):
        yield f"\n{form}"
        for row in fields.itertuples():
            counts = ((row.LEFT_OUT, "left out"), (row.NOWHERE, "NOWHERE"))
            told = [row.WENT_TO, *(f"{n} {what}" for n, what in counts if n)]
            told += [f"not submitted: {row.REASON}"] if row.REASON else []
            yield f"  {row.FIELD:<14}{row.VALUES:>7}  {'; '.join(filter(None, told)) or 'no values'}"
    yield "\n" + in_short(found)


def summed(found: pd.DataFrame) -> dict[str, int]:
    """How many values there are, and how many went to SDTM, are left out, are excused, and went nowhere."""
    sums = {name.casefold(): int(found[name].sum()) for name in ("VALUES", "SUBMITTED", "LEFT_OUT", "NOWHERE")}
    excused = sums["values"] - sums["submitted"] - sums["left_out"] - sums["nowhere"]
    return sums | {"not_submitted": excused, "fields": int((found["NOWHERE"] > 0).sum())}


def in_short(found: pd.DataFrame) -> str:
    """The sums in one line."""
    sums = summed(found)
    lost = f"{sums['nowhere']:,} values of {sums['fields']} fields" if sums["nowhere"] else "none"
    return (f"{sums['values']:,} collected values: {sums['submitted']:,} in SDTM, {sums['not_submitted']:,} not "
            f"submitted with a reason, {sums['left_out']:,} left out; {lost} went nowhere")  # fmt: skip
