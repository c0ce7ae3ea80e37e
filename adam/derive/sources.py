"""Records of any dataset as situations, conditions and toxicities see them: dated, sourced, beside their subject."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from adam.derive.dated import DATED, FOUND, NUMBERED, seen_by
from adam.derive.dates import infusion_day, possible_days
from pipeline.ground.clauses import meets, names
from pipeline.ground.endpoints import Source

BY_DATE = ["ADT", "SRCSEQ"]


def seen(dataset: pd.DataFrame, domain: str, subjects: pd.DataFrame, date: str = "") -> pd.DataFrame:
    """The records of an SDTM or ADaM dataset, one each and under their index, with what a clause may ask beside them.

    1. ADT: the first possible day of `date` (of the dataset, else of `subjects`), else of ADT, ASTDT, --STDTC or
       --DTC, the first that the dataset has; ADTF: D or M where day or month are unknown; ADTHI: the last possible
       day. Without such a variable: missing.
    2. CARTDY: the day counted from the subject's first infusion, whose own day is 0, or 1 (CARTSDY).
    3. SRCDOM, SRCVAR, SRCSEQ: the SDTM record, as the dataset says itself, else by its --SEQ.
    4. Every variable of `subjects` (one record per subject) that the dataset has not itself.
    """
    if date in subjects.columns and date not in dataset.columns:
        lent = subjects.set_index("USUBJID")[date].reindex(dataset["USUBJID"])
        dataset = dataset.assign(**{date: pd.Series(lent.array, dataset.index)})
    date = date or date_variable(dataset, domain.upper())
    records = dataset.assign(**_source(dataset, domain.upper(), date), **_days(dataset, date))
    others = [name for name in subjects.columns if name not in records.columns]
    theirs = subjects.set_index("USUBJID")[others].reindex(records["USUBJID"])
    known = pd.DataFrame({name: pd.Series(theirs[name].array, records.index) for name in others}, records.index)
    records = pd.concat([records, known], axis="columns")
    return records.assign(CARTDY=infusion_day(records["ADT"], records))


def beside(subjects: pd.DataFrame, names: Iterable[str], datasets: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The subjects with the variables that other datasets of one record per subject have besides, under their names.

    Date and source of the record behind a value stay with it: they are those of no subject.
    """
    people = subjects
    for name in names:
        others = [one for one in datasets[name].columns if one not in (*people.columns, "USUBJID", *FOUND)]
        people = people.merge(datasets[name][["USUBJID", *others]], on="USUBJID", how="left")
    return people


def source_records(
    source: Source, people: pd.DataFrame, sources: Mapping[str, Source], datasets: Mapping[str, pd.DataFrame]
) -> pd.DataFrame:
    """The dated records of a source, as `source_rows` has them: USUBJID and FOUND alone."""
    dataset = datasets.get(source.of)
    narrow = datasets if dataset is None else {**datasets, source.of: dataset[_asked(source, dataset)]}
    return source_rows(source, people, sources, narrow)[["USUBJID", *FOUND]]


def _asked(source: Source, dataset: pd.DataFrame) -> list[str]:
    """The variables of a dataset that a source's clauses, its date or the source of a record may be of."""
    told = {name for clause in (source.where, source.meets) for name in names(clause)} | {*source.record}
    kept = told | {source.date, f"{source.date}F", *seen_by(dataset.columns)}
    return [name for name in dataset.columns if name in kept]


def source_rows(
    source: Source, people: pd.DataFrame, sources: Mapping[str, Source], datasets: Mapping[str, pd.DataFrame],
    asked: Iterable[str] = (),
) -> pd.DataFrame:
    """The dated records of a source of these subjects (one row each), as seen, by subject, date and sequence.

    A dataset that is not among those given is one record per subject: `people` itself. Beside each record stand the
    subject's variables that the source's clauses name, and those that are asked for.

    1. The dataset's records that meet `where`; one without a date is none.
    2. With `consecutive` those that begin so many in a row that all meet `meets`.
    3. With `after` those dated later than the first of another source.
    """
    told = {name for clause in (source.where, source.meets) for name in names(clause)} | {"CARTSDT", "CARTSDY", *asked}
    known = people[["USUBJID", *(name for name in people.columns if name in told)]]
    dataset = datasets.get(source.of, people)
    records = seen(dataset[dataset["USUBJID"].isin(people["USUBJID"])], source.of, known, source.date)
    if source.record:
        records = records.assign(**_said_record(records, source.record))
    records = records[meets(records, source.where, source.name) & records["ADT"].notna()]
    records = records.assign(SAYS=pd.Series(source.says, records.index, "str")).sort_values(["USUBJID", *BY_DATE])
    if source.meets:
        records = records[_begins_run(records, meets(records, source.meets, source.name), source.consecutive)]
    if source.after:
        first = source_records(sources[source.after], people, sources, datasets).groupby("USUBJID")["ADT"].min()
        records = records[records["ADT"] > pd.Series(first.reindex(records["USUBJID"]).array, records.index)]
    return records


def _said_record(records: pd.DataFrame, record: tuple[str, ...]) -> dict[str, pd.Series]:
    """SRCDOM, SRCVAR and SRCSEQ, each of the variable that says it, else the word itself."""
    return {
        name: records[word] if word in records.columns else pd.Series(word, records.index, "str")
        for name, word in zip(("SRCDOM", "SRCVAR", "SRCSEQ"), record, strict=True)
    }


def _begins_run(records: pd.DataFrame, met: pd.Series, length: int) -> pd.Series:
    """True for a record that is the first of so many of its subject in a row that all meet the clause."""
    by_subject = met.astype("int64").groupby(records["USUBJID"])
    following = [by_subject.shift(-step).fillna(0) for step in range(length)]
    return pd.concat(following, axis="columns").sum(axis="columns") == length


def date_variable(dataset: pd.DataFrame, domain: str) -> str:
    """The variable that dates a dataset's records; '' where it has none (one record per subject)."""
    names = (*DATED, f"{domain}STDTC", f"{domain}DTC")
    return next((name for name in names if name in dataset.columns), "")


def _days(dataset: pd.DataFrame, date: str) -> dict[str, pd.Series]:
    """ADT, ADTF and ADTHI: of ISO text its possible days; of a date those that its imputation flag leaves open."""
    if not date:
        none = pd.Series(pd.NaT, dataset.index, "datetime64[s]")
        return {"ADT": none, "ADTF": pd.Series(np.nan, dataset.index, "str"), "ADTHI": none}
    if not pd.api.types.is_datetime64_any_dtype(dataset[date]):
        days = possible_days(dataset[date])
        return {"ADT": days["FIRST"], "ADTF": days["DTF"], "ADTHI": days["LAST"]}
    first, unknown = dataset[date], pd.Series(np.nan, dataset.index, "str")
    flag = dataset[f"{date}F"] if f"{date}F" in dataset.columns else unknown
    month, year = (first.dt.to_period(length).dt.end_time.dt.floor("D").astype(first.dtype) for length in "MY")
    return {"ADT": first, "ADTF": flag, "ADTHI": first.mask(flag.eq("D"), month).mask(flag.eq("M"), year)}


def _source(dataset: pd.DataFrame, domain: str, date: str) -> dict[str, pd.Series]:
    """SRCDOM, SRCVAR and SRCSEQ: the dataset's own, else by the one --SEQ that it carries."""
    if {"SRCDOM", "SRCVAR", "SRCSEQ"} <= set(dataset.columns):
        return {}
    numbers = [name for name in dataset.columns if NUMBERED.fullmatch(name)]
    number = f"{domain}SEQ" if f"{domain}SEQ" in numbers else numbers[0] if len(numbers) == 1 else ""
    prefix = number.removesuffix("SEQ") or domain
    names = (f"{prefix}STDTC", f"{prefix}DTC")
    kept = date if date.startswith(prefix) else next((name for name in names if name in dataset.columns), names[1])
    text = {"SRCDOM": prefix, "SRCVAR": kept if number else date}
    source = {name: pd.Series(value or np.nan, dataset.index, "str") for name, value in text.items()}
    return source | {"SRCSEQ": dataset[number].astype("float64") if number else pd.Series(np.nan, dataset.index)}
