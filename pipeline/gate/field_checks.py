"""The field checks a raw contract declares, as expectations: required, codelist, number, range, pattern, date, time.

This module says what is expected of which column and prepares the columns; whether a value meets it is decided
in `pipeline/gate/unmet.py` (a build) or `pipeline/gate/expectations.py` (`trial validate`) alone. Cosmetic differences
(case of a decode or a month, blanks) are prepared away: the value is clear. A column of which most cannot be read is
one finding, not one for each record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import reduce
from itertools import islice
from operator import add
from typing import TypeAlias

import pandas as pd

from pipeline.gate.columns import date_expectations
from pipeline.gate.expected import Asked, Expectation, Prepared
from pipeline.gate.form_findings import NO_CODE, FormFindings
from pipeline.gate.text_or_code import Taken, by_rule
from pipeline.gate.unmet import Unmet, unmet
from pipeline.gate.whole_columns import Seen, seen_in, unreadable_columns
from pipeline.ground.dates import iso_time
from pipeline.ground.distinct import matching
from pipeline.ground.queries import gather
from pipeline.ground.units import is_unit_list
from pipeline.intake.codes import codes_of, texts_of
from pipeline.intake.declared import agreed_form
from pipeline.study.contracts import Contract, Field
from sdtm.mapping.chosen import meets

NUMBER = r"^[+-]?\d+(\.\d+)?$"
INTEGER = r"^[+-]?\d+$"
TIME = r"^([01]\d|2[0-4]):[0-5]\d(:[0-5]\d)?$"
NOT_ASKED = "-"  # stands where nothing is required
Pieces: TypeAlias = "Callable[[], Iterator[pd.DataFrame]]"  # the records of a form, some at a time, as often as asked


def check_fields(records: pd.DataFrame, contract: Contract, codelists: pd.DataFrame) -> pd.DataFrame:
    """Findings of every field of one form. `codelists` has CODELIST, CODED_VALUE and DECODE."""
    return check_forms({contract.form: records}, {contract.form: contract}, codelists)[0]


def check_forms(
    raw: Mapping[str, pd.DataFrame],
    contracts: Mapping[str, Contract],
    codelists: pd.DataFrame,
    taken: Taken = by_rule,
    unmet: Unmet = unmet,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Findings of every field of all forms, and what was expected: one row per form, field and expectation.

    `taken` says which of text and code the study uses, `unmet` tells where an expectation is not met. The second table
    has form, field, check, expected, records (looked at) and unexpected.
    """
    seen = {form: seen_in(records, contracts[form]) for form, records in raw.items()}
    by_form = {form: asked_of(records, contracts[form], codelists, seen[form]) for form, records in raw.items()}
    asked = [one for own in by_form.values() for one in own]
    places = unmet(asked)
    found, rest = [], iter(places)
    for form, records in raw.items():
        of_form = FormFindings(contracts[form], seen[form], taken)
        of_form.add(records, by_form[form], [*islice(rest, len(by_form[form]))])
        found.append(of_form.whole())
    told = [
        {"form": one.form, "field": one.wanted.field, "check": one.wanted.check, "expected": one.wanted.told(),
         "records": int(one.column.notna().sum()), "unexpected": len(rows)}
        for one, rows in zip(asked, places, strict=True)
    ]  # fmt: skip
    columns = ["form", "field", "check", "expected", "records", "unexpected"]
    return gather(found), pd.DataFrame(told, columns=columns)


def check_pieces(
    pieces: Pieces, contract: Contract, codelists: pd.DataFrame, taken: Taken = by_rule
) -> pd.DataFrame:  # fmt: skip
    """As `check_forms`, of one form of which a piece is held after the other; `pieces` goes over them again."""
    seen = reduce(add, (seen_in(piece, contract) for piece in pieces()), Seen())
    found = FormFindings(contract, seen, taken)
    for records in pieces():
        asked = asked_of(records, contract, codelists, seen)
        found.add(records, asked, unmet(asked))
    return found.whole()


def asked_of(records: pd.DataFrame, contract: Contract, codelists: pd.DataFrame, seen: Seen) -> list[Asked]:
    """What is expected of some records of a form, with the columns looked at (same rows, numbered from 0).

    Of a column that cannot be read nothing is asked but that it is filled.
    """
    columns: dict[str, pd.Series] = {}
    wanted: list[Expectation] = []
    agreed, lost = agreed_form(contract), unreadable_columns(seen, contract)
    for name, promised in contract.fields.items():
        entry = replace(promised, type="text") if name in lost else promised
        if name in records and (entry.needed or seen.has(name)):
            for expectation, prepared in _field(records, entry, codelists, agreed, seen):
                columns |= prepared
                wanted.append(expectation)
    frame = pd.DataFrame(columns, index=records.index).reset_index(drop=True)
    return [Asked(contract.form, one, frame) for one in wanted]


def _field(records: pd.DataFrame, entry: Field, codelists: pd.DataFrame, agreed: str, seen: Seen) -> list[Prepared]:
    found = _required(records, entry)
    if not seen.has(entry.name):
        return found
    if entry.type == "coded" or entry.codelist:
        found += _coded(records, entry, codelists, f"{entry.name}_STD" in seen.filled)
    if entry.type in ("integer", "decimal"):
        found += _number(records, entry)
    if entry.type == "date":
        found += date_expectations(records[entry.name], entry.spoken, agreed)
    elif entry.type == "time" or entry.pattern:
        found.append(_written(records, entry))
    return found


def _required(records: pd.DataFrame, entry: Field) -> list[Prepared]:
    if not entry.needed:
        return []
    name, value = entry.name, records[entry.name]
    if f"{name}_STD" in records:
        value = value.fillna(records[f"{name}_STD"])
    message = f"{entry.spoken} is required and empty. Please enter it."
    asked = meets(records, "" if entry.required else entry.required_where, f"required_where of {name}")
    column, value = f"{name}:filled", value.mask(~asked, NOT_ASKED)
    return [(Expectation("RAW-REQUIRED", "major", name, column, "filled", message), {column: value})]


def _number(records: pd.DataFrame, entry: Field) -> list[Prepared]:
    name, whole = entry.name, entry.type == "integer"
    what = "a whole number" if whole else "a number"
    message = f"{entry.spoken}: '{{value}}' is not {what}. Please correct."
    pattern = INTEGER if whole else NUMBER
    column = f"{name}:text"
    found: list[Prepared] = [
        (Expectation("RAW-NUMBER", "major", name, column, "like", message, pattern), {column: records[name]})
    ]
    if entry.range:
        low, high = entry.range
        unit = f" {entry.unit}" if entry.unit else ""
        message = f"{entry.spoken}: {{value}}{unit} is outside {low:g} to {high:g}{unit}. Please check."
        right = matching(records[name], pattern.strip("^$"))
        value = pd.to_numeric(records[name].where(right), errors="coerce")
        column = f"{name}:number"
        asked = Expectation("RAW-RANGE", "major", name, column, "between", message, limits=entry.range)
        found.append((asked, {column: value}))
    return found


def _written(records: pd.DataFrame, entry: Field) -> Prepared:
    """A time, or text that a pattern describes."""
    name, label, column, text = entry.name, entry.spoken, f"{entry.name}:written", records[entry.name]
    if entry.type == "time":
        text = iso_time(text.where(text.str.contains(":"))).fillna(text)
        message = f"{label}: '{{value}}' is no time of day (HH:MM). Please correct."
        return Expectation("RAW-TIME", "minor", name, column, "like", message, TIME), {column: text}
    message = f"{label}: '{{value}}' is not written as agreed. Please correct."
    pattern = f"^(?:{entry.pattern})$"
    return Expectation("RAW-PATTERN", "major", name, column, "like", message, pattern), {column: text}


def _coded(records: pd.DataFrame, entry: Field, codelists: pd.DataFrame, paired: bool) -> list[Prepared]:
    """The code is in its list, and the text beside it says the same (`paired`: the form has such codes)."""
    terms = codelists[codelists["CODELIST"] == entry.codelist]
    decode_of = dict(zip(terms["CODED_VALUE"], terms["DECODE"], strict=True))
    name, label, text, column = entry.name, entry.spoken, records[entry.name], f"{entry.name}:code"
    coded = records.get(f"{name}_STD", pd.Series(index=records.index, dtype="str"))
    units = is_unit_list(entry.codelist)
    if units:
        coded = codes_of(coded, records, terms).fillna(coded)
    meant = codes_of(text, records, terms)
    code = coded.fillna(text + NO_CODE) if paired else meant.fillna(text)
    message = f"{label}: '{{value}}' is not in the list {entry.codelist}. Please choose a listed value."
    lost = f"{label}: '{{value}}' came without its coded value. Please check the form."
    asked = Expectation("RAW-CODELIST", "major", name, column, "listed", message,
                        values=tuple(decode_of), lost=lost, units=units)  # fmt: skip
    found: list[Prepared] = [(asked, {column: code})]
    if paired:
        said, expected = f"{name}:said", f"{name}:expected"
        both = {said: texts_of(meant, records, terms).fillna(text), expected: texts_of(coded, records, terms)}
        message = f"{label}: the text '{{text}}' and the code {{code}} ({{meant}}) disagree; {{used}}. Please confirm."
        pair = Expectation("RAW-DECODE", "major", name, said, "equal", message, other=expected)
        found.append((pair, both))
    return found
