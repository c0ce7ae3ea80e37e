"""Raw records as checks read them: codes, numbers and days in place of text, on the index of the raw frame.

Per field of the contract a parsed frame holds: coded fields the code, numbers float, dates ISO text (as collected where
no calendar has them), all else text; missing stays missing. Of a date the columns `FIELD:first` and `FIELD:last` hold
the days it may stand for, `FIELD:day` the day of a complete one. Every form has the number of a repeated visit
(FOLDERSEQ): text, "" where a record or the whole database has none, so that records of one visit have one `VISIT`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pandas as pd

from pipeline.gate.checks.places import Places, places
from pipeline.ground.clauses import meeting
from pipeline.ground.dates import earliest, is_complete, is_unknown, iso_date, latest
from pipeline.intake.codes import STATED, codes_of, of_several_meanings, texts_of
from pipeline.intake.subjects import site_of
from pipeline.study.contracts import Contract, Field, Subject

NO_DAYS = "datetime64[s]"
VISIT_NUMBER = "FOLDERSEQ"
VISIT = ["_SUBJECT", "FOLDER", VISIT_NUMBER]  # what the records of one visit have in common


@dataclass(frozen=True)
class Forms:
    """All forms of one extract: raw text, parsed records, contracts, and what the study says of visits and cut."""

    raw: Mapping[str, pd.DataFrame]
    parsed: Mapping[str, pd.DataFrame]
    contracts: Mapping[str, Contract]
    visits: pd.DataFrame
    extracted: pd.Timestamp
    cutoff: pd.Timestamp
    set_aside: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    decisions: Mapping[str, Any] = field(default_factory=dict)  # each of its own type
    day0: str = ""
    entry_days: int = 0
    below: dict[str, str] = field(default_factory=dict)  # the terms of BELOWLQ, by which results are read
    places: dict[Any, Any] = field(default_factory=dict)  # what was looked up once is not looked up again
    looked_up: Callable[[Any, Callable[[Forms], Any]], Any] | None = None  # how, where it is noted what is read

    def once(self, key: Any, look: Callable[[Forms], Any]) -> Any:
        """What was looked up under a key; it is looked up when it is first asked for."""
        if self.looked_up is not None:
            return self.looked_up(key, look)
        if key not in self.places:
            self.places[key] = look(self)
        return self.places[key]

    @property
    def due(self) -> pd.Timestamp:
        """The last day whose forms must be in the extract: a site has so many days to enter them."""
        return self.extracted - pd.Timedelta(days=self.entry_days)

    def __getitem__(self, form: str) -> pd.DataFrame:
        """The parsed records of a form; empty when it is not there."""
        return self.parsed[form]

    def column(self, name: str | Places) -> tuple[pd.DataFrame, str]:
        """The parsed records and the field of `FORM.FIELD`; of several places below each other, by the first field."""
        parts, first = [], places(name)[0]
        for form, field_name, where in places(name):
            rows = meeting(self.parsed[form], where, form)
            if field_name != first.field:
                other = [column for column in rows if column.partition(":")[0] == first.field]
                own = {column: first.field + column.removeprefix(field_name) for column in rows
                       if column.partition(":")[0] == field_name}  # fmt: skip
                rows = rows.drop(columns=other).rename(columns=own)
            parts.append(rows)
        return parts[0] if len(parts) == 1 else pd.concat(parts), first.field

    def folder(self, records: pd.DataFrame) -> pd.Series:
        """The visit of each record as visits.csv names its folder, by FOLDER or by what the visit is called."""
        if "FOLDER" in records or "VISIT" not in records:
            return records["FOLDER"] if "FOLDER" in records else pd.Series("", index=records.index)
        plan = self.visits.dropna(subset="FOLDER")
        named = {str(one).casefold(): row["FOLDER"] for row in plan.to_dict("records")
                 for one in (row["VISIT"], row.get("ALIAS")) if isinstance(one, str)}  # fmt: skip
        return records["VISIT"].str.strip().str.casefold().map(named)

    def site_of(self, numbers: pd.Series) -> pd.Series:
        """The site that each subject's number names, missing where it names none."""
        said = [contract.subject for contract in self.contracts.values()]
        return site_of(numbers, next((one for one in said if one.number or one.pattern or one.site), Subject()))

    def flag(self, decision: str, default: str) -> str:
        """A decision that is Y or N."""
        value = self.decisions.get(decision, default)
        return {True: "Y", False: "N"}.get(value, value)

    def select(self, form: str | Places, where: str = "") -> pd.DataFrame:
        """The parsed records of a form (or of places) that meet a condition (all of them without one)."""
        return meeting(self.column(form)[0], where, str(form))

    def dates(self, form: str) -> list[str]:
        """The date fields of a form, in the order of its contract."""
        return list(self.contracts[form].dated)


def parse(records: pd.DataFrame, contract: Contract, codelists: pd.DataFrame) -> pd.DataFrame:
    """The parsed records of one form, same rows and index as the raw ones."""
    columns: dict[str, pd.Series] = {}
    for name in dict.fromkeys(parsed_names(records.columns, contract).values()):
        columns |= parsed_field(records, name, contract, codelists)
    return pd.DataFrame(columns, index=records.index).copy()


def parsed_names(names: Iterable[str], contract: Contract) -> dict[str, str]:
    """The columns of the parsed records of a form whose raw ones have these, each with the field that it is of."""
    fields = [name for name in names if not (
        name.endswith("_STD") and name.removesuffix("_STD") in contract.fields)]  # fmt: skip
    fields += [] if VISIT_NUMBER in fields else [VISIT_NUMBER]
    return {column: name for name in fields for column in [name, *_days_of(name, contract)]}


def _days_of(name: str, contract: Contract) -> list[str]:
    dated = name in contract.fields and contract.fields[name].type == "date"
    return [f"{name}:{which}" for which in ("first", "last", "day")] if dated else []


def read_for(name: str, contract: Contract) -> list[str]:
    """The raw columns that a parsed field may be made of: of a coded one its code and the version of its list too."""
    entry = contract.fields.get(name)
    return [name, f"{name}_STD", STATED] if entry and entry.type == "coded" else [name]


def parsed_field(
    records: pd.DataFrame, name: str, contract: Contract, codelists: pd.DataFrame
) -> dict[str, pd.Series]:  # fmt: skip
    """The columns of one field as rules read it; `records` has those of `read_for`."""
    if name == VISIT_NUMBER:
        return {name: records.get(name, pd.Series(index=records.index, dtype="str")).fillna("").astype("object")}
    entry = contract.fields.get(name) or Field(name)
    if entry.type == "coded":
        return {name: _as_object(code(records, name, codelists[codelists["CODELIST"] == entry.codelist]))}
    if entry.type in ("integer", "decimal"):
        return {name: pd.to_numeric(records[name], errors="coerce").astype("float64")}
    if entry.type != "date":
        return {name: records[name] if name == "_LINE" else _as_object(records[name].astype("str"))}
    iso = iso_date(records[name])
    told, first = iso.fillna(records[name].mask(is_unknown(records[name]))).astype("str"), earliest(iso)
    days = (first, latest(iso), first.where(is_complete(iso)))
    return {name: _as_object(told)} | dict(zip(_days_of(name, contract), days, strict=True))


def _as_object(texts: pd.Series) -> pd.Series:
    return texts.astype("object") if isinstance(texts.dtype, pd.StringDtype) else texts


def code(records: pd.DataFrame, name: str, terms: pd.DataFrame) -> pd.Series:
    """The coded value of a field: its companion column, else the code whose decode (any case) or code the text is.

    Of a code that means several things by version, the text that it has in the record's own.
    """
    from_text = codes_of(records[name], records, terms)
    companion = records.get(f"{name}_STD")
    said = from_text if companion is None else companion.fillna(from_text).astype("str")
    unsure = said.isin(of_several_meanings(terms))
    return said.mask(unsure, texts_of(said, records, terms)) if unsure.any() else said


def year_of(records: pd.DataFrame, name: str) -> pd.Series:
    """The year of a date, or of a field that holds the year alone; missing where there is none."""
    return pd.to_numeric(records[name].astype("str").str.slice(0, 4), errors="coerce")


def first_day(records: pd.DataFrame, name: str) -> pd.Series:
    """The first day a date may stand for; NaT where it is missing or unreadable."""
    return _days(records, name, "first")


def last_day(records: pd.DataFrame, name: str) -> pd.Series:
    """The last day a date may stand for; NaT where it is missing or unreadable."""
    return _days(records, name, "last")


def day(records: pd.DataFrame, name: str) -> pd.Series:
    """The day of a complete date; NaT where it is missing or partial."""
    return _days(records, name, "day")


def _days(records: pd.DataFrame, name: str, which: str) -> pd.Series:
    """The days of a field that are known, else those of a text that begins with an ISO date (a moment of a vendor)."""
    if f"{name}:{which}" in records:
        return records[f"{name}:{which}"]
    told = records[name].astype("str").str.extract(r"^(\d{4}-\d{2}-\d{2})", expand=False)
    return pd.to_datetime(told, errors="coerce").astype(NO_DAYS)


def per_subject(days: pd.Series, records: pd.DataFrame, which: str = "min") -> pd.Series:
    """The first (`min`) or last (`max`) of the days of each subject, by subject number."""
    return days.groupby(records["_SUBJECT"]).agg(which).astype(NO_DAYS)


def anchor(forms: Forms, name: str | Places, which: str = "min") -> pd.Series:
    """The first or last complete date `FORM.FIELD` of each subject, by subject number."""
    return forms.once((name, which), partial(_anchor, name=name, which=which))


def _anchor(forms: Forms, name: str | Places, which: str) -> pd.Series:
    records, field_name = forms.column(name)
    return per_subject(day(records, field_name), records, which)


def on_subjects(records: pd.DataFrame, by_subject: pd.Series) -> pd.Series:
    """A value of each subject written beside the subject's records."""
    return pd.Series(by_subject.reindex(records["_SUBJECT"]).array, index=records.index)
