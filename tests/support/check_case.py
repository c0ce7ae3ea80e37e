"""A mini extract written in one line, to show one check at work.

`AE AESTDAT=2025-01-05; AEENDAT=2025-01-01 | IC ICDAT=2025-01-01`: records are separated by `|`, begin with their form
(`AE*3`: three times) and list FIELD=VALUE; coded fields take the code. Records are numbered from 1 and that is their
record id, unless a vendor's own key is given; subject 1010001, visit folder LOG and entry on 2025-12-31 unless told.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TypeAlias

import pandas as pd
from read_once import specs_of

from pipeline.gate.checks.catalogue import SYSTEM, Check, load_checks
from pipeline.gate.checks.engine import forms_of, run_over
from pipeline.gate.checks.parsed import Forms, parse
from pipeline.gate.checks.running import Parted
from pipeline.gate.fields import codelists
from pipeline.intake.delivery import Delivery
from pipeline.intake.manifest import Manifest

Make: TypeAlias = "Callable[[Forms], pd.DataFrame]"
ROOT = Path(__file__).resolve().parents[2]
ENTERED = "2025-12-31 10:00:00"
VENDOR_KEYS = ("ACCESSION", "SAMPLE_ID")
KEYS_OF_RECORDS = ("_RECORD", "RECORDID", *VENDOR_KEYS)
OTHERS, SHIFT = ("A", "B"), 1000
TAKEN = "2026-07-06"


@cache
def study():
    """The primary study's specs, its contracts and its checks by id."""
    specs = specs_of("iomab_act")
    contracts = specs.contracts
    return specs, contracts, {check.id: check for check in declared()}


@cache
def declared() -> list[Check]:
    """All its checks; one by meaning stands once for each form of its records."""
    specs = specs_of("iomab_act")
    return load_checks(specs, specs.contracts)


@cache
def lists() -> pd.DataFrame:
    """The study's codelists."""
    return codelists(study()[0])


@cache
def decodes() -> dict[tuple[str, str], str]:
    """The decode of each codelist and code."""
    terms = lists()
    return {(c, v): d for c, v, d in zip(terms["CODELIST"], terms["CODED_VALUE"], terms["DECODE"], strict=True)}


def raw_frames(given: str) -> tuple[dict[str, pd.DataFrame], dict[str, pd.DataFrame]]:
    """The raw frames of a given line, usable ones and (records with ACTIVE=0) those left aside."""
    rows: dict[str, list[dict[str, str]]] = {}
    number = 0
    for text in filter(str.strip, given.split("|")):
        head, _, cells = text.strip().partition(" ")
        form, _, times = head.partition("*")
        values = dict(cell.strip().split("=", 1) for cell in cells.split(";") if cell.strip())
        for _ in range(int(times or 1)):
            number += 1
            rows.setdefault(form, []).append(_row(form, values, number))
    frames = {form: _frame(form, found) for form, found in rows.items()}
    aside = {f: x[x["ACTIVE"] == "0"] for f, x in frames.items() if "ACTIVE" in x}
    return {f: x[x["ACTIVE"] != "0"] if "ACTIVE" in x else x for f, x in frames.items()}, aside


def _row(form: str, values: dict[str, str], number: int) -> dict[str, str]:
    contract = study()[1][form]
    subject = values.get("SUBJECT", "1010001")
    row = {"_SUBJECT": subject, "_SITE": subject[:3], "_FORM": form, "_FILE": f"{form}.csv", "_LINE": number + 1,
           "_RECORD": str(number)}  # fmt: skip
    if contract.system:
        row |= {"STUDY": "S", "SITE": subject[:3], "SUBJECT": subject, "FOLDER": "LOG", "FOLDERSEQ": "1", "FORM": form,
                "RECORDID": str(number), "ACTIVE": "1", "CREATED": ENTERED, "UPDATED": ENTERED}  # fmt: skip
    else:
        values = {name: value for name, value in values.items() if name != "SUBJECT"}
        row |= {"_RECORD": next((values[key] for key in VENDOR_KEYS if key in values), str(number))}
    for name, value in values.items():
        entry = contract.fields.get(name)
        row[name] = value
        if entry and entry.type == "coded":
            row |= {f"{name}_STD": value, name: decodes().get((entry.codelist, value), value)}
    return row


def _frame(form: str, rows: list[dict[str, str]]) -> pd.DataFrame:
    contract = study()[1][form]
    system = list(SYSTEM) if contract.system else []
    coded = [f"{f}_STD" for f, entry in contract.fields.items() if entry.type == "coded"]
    names = [*system, *contract.fields, *coded, "_SUBJECT", "_SITE", "_FORM", "_FILE", "_RECORD"]
    cells = [[row.get(name) or None for name in names] for row in rows]
    lines = pd.array([row["_LINE"] for row in rows], dtype="int64")
    return pd.DataFrame(cells, columns=names, dtype="str").assign(_LINE=lines)


@cache
def nothing() -> Forms:
    """All forms of the study without a record."""
    specs, contracts, _ = study()
    delivery = Delivery(Path("extract"), {}, Manifest(extracted=f"{TAKEN}T06:00:00Z", data_cutoff="2026-06-30"))
    return forms_of({form: _frame(form, []) for form in contracts}, specs, delivery, contracts, {}, "")


def as_parsed(form: str, frame: pd.DataFrame) -> pd.DataFrame:
    """The parsed records; columns without a value, most of a case's, are those of a form without records."""
    filled = parse(frame[[name for name in frame if frame[name].notna().any()]], study()[1][form], lists())
    empty = nothing().parsed[form].reindex(frame.index)
    return pd.concat([filled, empty.drop(columns=list(filled))], axis=1)[list(empty)]


def found_by(check: str, given: str, without: str = "") -> tuple[pd.DataFrame, pd.DataFrame]:
    """The queries of one check on a given line, and its coverage; `without` a column that the database lacks."""
    raw, aside = raw_frames(given)
    raw = {form: frame.drop(columns=without, errors="ignore") for form, frame in raw.items()}
    parsed = {form: as_parsed(form, frame) for form, frame in raw.items()}
    empty = nothing()
    forms = replace(empty, raw=empty.raw | raw, parsed=empty.parsed | parsed, set_aside=aside, places={})
    return run_over(forms, [one for one in declared() if one.id == check])


def found_alone(check: str, given: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The queries of a check on a given line and on its records dealt out to two others: of all, and of each alone."""
    whole = _with_others(given)

    def words_alone(forms: Forms, name: str, said: str, make: Make, beforehand: object = ()) -> pd.DataFrame:
        assert name.startswith("words of"), f"{name} was looked at over all subjects"
        return make(forms)

    keeps = [lambda forms, name, said, make, beforehand, own=own: make(own) for own in _each_part(whole)]
    checks = [each for each in declared() if each.id == check]
    parted = Parted(keeps, dict.fromkeys(whole.contracts, 1))
    return run_over(whole, checks)[0], run_over(whole, checks, None, words_alone, parted)[0]


def _with_others(given: str) -> Forms:
    """The forms of a given line, to which its records are added again, every other one for another subject."""
    raw = {}
    for form, frame in raw_frames(given)[0].items():
        dealt = pd.Series(range(len(frame)), index=frame.index).mod(len(OTHERS)).map(dict(enumerate(OTHERS)))
        more = frame.assign(_LINE=frame["_LINE"] + SHIFT)
        for name in ("_SUBJECT", "SUBJECT", *KEYS_OF_RECORDS):
            more = more.assign(**{name: more[name] + dealt}) if name in more else more
        raw[form] = pd.concat([frame, more], ignore_index=True)
    parsed = {form: as_parsed(form, frame) for form, frame in raw.items()}
    empty = nothing()
    return replace(empty, raw=empty.raw | raw, parsed=empty.parsed | parsed, places={})


def _each_part(whole: Forms) -> list[Forms]:
    """The forms of the subjects of a given line, and of each of the others."""
    def of(ending: str, frames: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
        return {form: frame[_ending(frame["_SUBJECT"]).eq(ending)].reset_index(drop=True) if len(frame) else frame
                for form, frame in frames.items()}  # fmt: skip

    return [replace(whole, raw=of(ending, whole.raw), parsed=of(ending, whole.parsed), places={})
            for ending in ("", *OTHERS)]


def _ending(subjects: pd.Series) -> pd.Series:
    told = subjects.astype("str")
    return told.str.slice(-1).where(told.str.slice(-1).isin(OTHERS), "")


def places(queries: pd.DataFrame) -> list[str]:
    """`record FIELD` of each query; `FORM@FOLDER subject` for a record that is not there."""
    told = queries["record"] + " " + queries["field"]
    absent = queries["form"] + "@" + queries["folder"] + " " + queries["subject"]
    return sorted(told.where(queries["record"] != "", absent))


def found_at(check: str, given: str, without: str = "") -> list[str]:
    """The places of a check's queries on a given line; the check must be able to run."""
    queries, coverage = found_by(check, given, without)
    assert set(coverage["ran"]) == {"Y"}, coverage["reason"].tolist()
    return places(queries)
