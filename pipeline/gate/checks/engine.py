"""Running the checks over one extract: findings as queries, and what ran, what did not and why.

`run_checks` takes the raw records as `pipeline/intake/records.py` makes them, the findings that reading them gave, and
the records it left aside. It changes nothing and keeps no state.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import NamedTuple

import pandas as pd

from pipeline.gate.checks.catalogue import EVERY, Check, Contracts, known_fields, load_checks, needed
from pipeline.gate.checks.meaning import StudyMeaning
from pipeline.gate.checks.parsed import Forms, parse
from pipeline.gate.checks.queries import COLUMNS as COLUMNS
from pipeline.gate.checks.queries import FOLDERS, UNKNOWN_PARTY
from pipeline.gate.checks.related_queries import RELATIONS, only, relations
from pipeline.gate.checks.running import FAULTS, Keep, Parted, found_in_forms, queries, told_as
from pipeline.gate.checks.whole_dates import with_whole_dates
from pipeline.gate.checks.wording import worded
from pipeline.gate.decisions_read import DECISIONS
from pipeline.ground.severity import SEVERITIES
from pipeline.intake.delivery import Delivery
from pipeline.study.csv_text import load_table
from pipeline.study.specs import Specs
from sdtm.mapping.terms import terms

Raw = Mapping[str, pd.DataFrame]
FAILED = "its rule failed on these records"
WORDED = ("check", "form", "record", "folder", "field", "value", "message")  # what the words of a query rest on


class Coverage(NamedTuple):
    """Whether a check ran (Y or N) or why not, how many records it looked at, and what it found."""

    check: str
    severity: str
    responsible: str
    ran: str
    reason: str
    records: int
    findings: int
    why: str


def run_checks(
    raw: Raw, specs: Specs, delivery: Delivery, *, found: pd.DataFrame | None = None,
    set_aside: Raw | None = None, cutoff: str = "", checks: list[Check] | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:  # fmt: skip
    """Findings (one row per query, columns COLUMNS) and coverage (one row per check, columns Coverage).

    `raw` holds the usable records by form, `set_aside` the inactive, repeated and orphan ones, `found` the findings of
    reading and of the field checks: they keep their ids and get their responsible party from the catalogue. A check
    whose form or column was not delivered is not run. Raises TrialError for a catalogue that cannot be read.
    """
    specs, raw = with_whole_dates(specs, raw)
    contracts = specs.contracts
    chosen = load_checks(specs, contracts) if checks is None else checks
    forms = forms_of(raw, specs, delivery, contracts, set_aside or {}, cutoff)
    return run_over(forms, chosen, found)


def whole(
    forms: Forms, name: str, said: str, make: Callable[[Forms], pd.DataFrame],
    beforehand: Iterable[tuple[str, str]] = (),
) -> pd.DataFrame:  # fmt: skip
    """What a part of the gate finds, made of all records at once; `pipeline/gate/parts.py` knows what was found."""
    return make(forms)


def run_over(
    forms: Forms, checks: list[Check], found: pd.DataFrame | None = None, keep: Keep = whole,
    parted: Parted = Parted(),  # noqa: B008 (a tuple)
) -> tuple[pd.DataFrame, pd.DataFrame]:  # fmt: skip
    """As `run_checks`, over forms that are parsed already; `keep` makes each part, or knows what it found."""
    raw, contracts = forms.raw, forms.contracts
    gone = _not_delivered(raw, found, contracts)
    told, coverage = [_from_reader(found, checks, forms, keep)], []
    can = [("", []) if check.made_by_reader else _can_run(check, contracts, gone) for check in checks]
    planned = [(check, [] if reason else targets) for check, (reason, targets) in zip(checks, can, strict=True)]
    made = found_in_forms(planned, forms, keep, parted)
    for at, (check, (reason, targets)) in enumerate(zip(checks, can, strict=True)):
        if check.made_by_reader:
            count = int((told[0]["check"] == check.id).sum())
            coverage.append(_covered(check, True, "", sum(len(r) for r in raw.values()), count))
            continue
        rows = pd.DataFrame()
        if not reason:
            try:
                rows = queries(at, planned, made)
            except FAULTS as error:
                reason = f"{FAILED} ({type(error).__name__}: {error})"
        looked = 0 if reason else sum(len(forms.parsed[form]) for form in targets)
        coverage.append(_covered(check, not reason, reason, looked, len(rows)))
        told.append(rows)
    return _sent(_ordered(told), forms, keep), pd.DataFrame(coverage, columns=list(Coverage._fields))


def forms_of(raw: Raw, specs: Specs, delivery: Delivery, contracts: Contracts, set_aside: Raw, cutoff: str) -> Forms:
    """The extract as rules see it, without forms of no subject."""
    from pipeline.gate.fields import codelists

    lists = codelists(specs)
    known = {form: frame for form, frame in raw.items() if form in contracts and contracts[form].subject.column}
    parsed = {form: parse(frame, contracts[form], lists) for form, frame in known.items()}
    aside = {form: frame for form, frame in set_aside.items() if len(frame)}
    return replace(no_records(specs, delivery, cutoff), raw=known, parsed=parsed, contracts=contracts, set_aside=aside)


def no_records(specs: Specs, delivery: Delivery, cutoff: str) -> Forms:
    """What rules see beside records: contracts, days, visits, decisions, terms."""
    cut = pd.Timestamp(cutoff or delivery.cutoff or "2199-12-31")
    told = delivery.manifest.extracted[:10]
    visits = _visits(specs) if "visits" in specs.tables else pd.DataFrame()
    return Forms(
        raw={}, parsed={}, contracts=specs.contracts, visits=visits,
        extracted=pd.Timestamp(told) if told else cut, cutoff=cut,
        decisions={name: specs.decisions[name].value for name in DECISIONS if name in specs.decisions},
        day0=specs.study.anchor, entry_days=specs.study.entry_days, below=terms(StudyMeaning(specs).ct, "BELOWLQ"),
    )  # fmt: skip


def _visits(specs: Specs) -> pd.DataFrame:
    """visits.csv, its days after the infusion counted from 0 whatever day the study gives the infusion."""
    table = load_table(specs.tables["visits"])
    table = table.mask(table == "")
    first, hung = specs.study.infusion_day, table["ANCHOR"].eq("CELLS")
    for name in ("PLANNED_DAY", "WINDOW_LOW", "WINDOW_HIGH") if first else ():
        day = pd.to_numeric(table[name], errors="coerce")
        table[name] = table[name].mask(hung & (day >= first), (day - first).astype("Int64").astype("str"))
    return table


def _not_delivered(raw: Raw, found: pd.DataFrame | None, contracts: Contracts) -> set[tuple[str, str]]:
    """(form, "") of forms and (form, field) of columns that did not come."""
    gone = {(form, "") for form in contracts if form not in raw}
    for form, frame in raw.items():
        gone |= {(form, name) for name in (contracts[form].fields if form in contracts else ()) if name not in frame}
    if found is not None and len(found):
        unreadable = found["check"].eq("RAW-UNREADABLE") & found["field"].ne("")
        lost = found[
            found["check"].eq("RAW-FORM")
            | unreadable
            | (found["check"].eq("RAW-COLUMN") & found["severity"].ne("minor"))
        ]
        gone |= set(zip(lost["form"], lost["field"].fillna(""), strict=True))
    return gone


def _can_run(check: Check, contracts: Contracts, gone: set[tuple[str, str]]) -> tuple[str, list[str]]:
    """Why a check cannot run ("" when it can), and the forms it looks at."""
    if check.lacking:
        return check.lacking, []
    wanted = [f for f in contracts if (f, "") not in gone] if EVERY in check.forms else list(check.forms)
    for form, name in needed(check, contracts):
        if form not in contracts:
            return f"the study does not collect the form {form}", []
        if (form, "") in gone:
            return f"the form {form} was not delivered", []
        if name and (form, name) in gone:
            return f"the column {name} of {form} was not delivered, or cannot be read", []
        if name and check.shared and name not in known_fields(contracts[form]):
            return f"the study does not collect {form}.{name}", []
    return "", wanted


def _from_reader(found: pd.DataFrame | None, checks: list[Check], forms: Forms, keep: Keep) -> pd.DataFrame:
    """The findings of reading as queries: party from the catalogue, site and folder from the record."""
    if found is None or found.empty:
        return pd.DataFrame(columns=[*COLUMNS, *RELATIONS])
    found, by_id = found.reset_index(drop=True), {check.id: check for check in checks}
    parts = []
    for form, rows in found.groupby("form", sort=False):
        known = {name: by_id[name] for name in rows["check"].unique() if name in by_id}
        said = repr([*map(told_as, known.values()), rows.to_numpy().tolist()])
        own = partial(_queries_of_reader, found=rows.reset_index(drop=True), form=str(form), checks=known)
        parts.append(keep(forms, f"reader {form}", said, own).set_axis(rows.index))
    return pd.concat(parts).loc[found.index]


def _queries_of_reader(forms: Forms, found: pd.DataFrame, form: str, checks: Mapping[str, Check]) -> pd.DataFrame:
    """The findings of reading one form as queries."""
    party = {name: check.responsible for name, check in checks.items() if check.made_by_reader}
    vendors = {
        form: contract.vendor or UNKNOWN_PARTY for form, contract in forms.contracts.items() if not contract.system
    }
    of_check = found["check"].map(party).astype("str").fillna(UNKNOWN_PARTY)
    responsible = (
        found["form"]
        .map(vendors)
        .where(of_check.isin(["sender", "site"]))
        .fillna(of_check.replace("sender", UNKNOWN_PARTY))
    )
    beside = found.merge(_places(forms, form, found["record"]), on=["form", "record", "subject"], how="left")
    site = beside["site"].fillna(forms.site_of(beside["subject"]))
    whole = beside.assign(responsible=responsible.to_numpy(), site=site.fillna(""), folder=beside["folder"].fillna(""))
    related = {name: relations(check, form, forms) for name, check in checks.items()}
    tied = [
        {"_only": only(form, subject, forms)} | related[name] if name in checks else {}
        for name, subject in zip(whole["check"], whole["subject"], strict=True)
    ]
    tied_frame = pd.DataFrame(tied, index=whole.index, columns=list(RELATIONS), dtype="object").fillna("")
    return whole[list(COLUMNS)].join(tied_frame).astype("str")


def _places(forms: Forms, form: str, asked: pd.Series) -> pd.DataFrame:
    """Site and folder of those records of a form that are asked for, whether they were used or left aside."""
    parts = []
    for frame in [one[form] for one in (forms.raw, forms.set_aside) if form in one]:
        chosen = frame["_RECORD"].isin(asked)
        folder = next((frame[name] for name in FOLDERS if name in frame), pd.Series("", index=frame.index))
        told = {"record": frame["_RECORD"], "subject": frame["_SUBJECT"], "site": frame["_SITE"], "folder": folder}
        parts.append(pd.DataFrame({name: column[chosen] for name, column in told.items()}).assign(form=form))
    return pd.concat(parts).drop_duplicates(["form", "record", "subject"]) if parts else pd.DataFrame(
        columns=["form", "record", "subject", "site", "folder"], dtype="str")  # fmt: skip


def _sent(queries: pd.DataFrame, forms: Forms, keep: Keep) -> pd.DataFrame:
    """The queries with their messages as sent, in the same order."""
    parts = []
    for form, rows in queries.groupby("form", sort=False):
        own = partial(_worded, queries=rows.reset_index(drop=True))
        said = repr(rows[[*WORDED]].to_numpy().tolist())
        parts.append(keep(forms, f"words of {form}", said, own)["message"].set_axis(rows.index))
    return queries.assign(message=pd.concat(parts).loc[queries.index]) if parts else queries


def _worded(forms: Forms, queries: pd.DataFrame) -> pd.DataFrame:
    return worded(queries, forms.raw, forms.contracts)[["message"]]


def _covered(check: Check, ran: bool, reason: str, records: int, findings: int) -> Coverage:
    told = "Y" if ran else "N"
    return Coverage(check.id, check.severity, check.responsible, told, reason, records, findings, check.why)


def _ordered(parts: list[pd.DataFrame]) -> pd.DataFrame:
    frames = [part for part in parts if len(part)]
    whole = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=[*COLUMNS, *RELATIONS])
    rank = whole["severity"].map({name: place for place, name in enumerate(SEVERITIES)}).fillna(len(SEVERITIES))
    keys = ["_rank", "check", "form", "subject", "record", "field", "message"]
    ranked = whole.assign(_rank=rank).drop_duplicates(list(COLUMNS)).sort_values(keys, kind="stable")
    return ranked.drop(columns="_rank").reset_index(drop=True)
