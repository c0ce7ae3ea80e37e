"""Conditions that specs declare: of records and of subjects, and the one record that gives a value."""

from __future__ import annotations

import re

import pandas as pd

from adam.derive.flags import first_reason, yes_no
from adam.derive.merge import SUBJECT, derive_vars_merged, filter_extreme
from adam.derive.sources import beside, seen
from pipeline.ground.clauses import meeting, meets
from pipeline.ground.conditions import Condition
from pipeline.ground.words import value_text

SOURCE = ["SRCDOM", "SRCVAR", "SRCSEQ"]
ORDER = ["ADT", "SRCSEQ"]
SUBJECTS = "subjects"
RESULT = re.compile("[A-Z]{2}STRESN")


def people_of(subjects: pd.DataFrame, named: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """One record per subject: the subjects, and beside them what other datasets of one record per subject say."""
    return beside(subjects, named, named)


def given(
    source: str, subjects: pd.DataFrame, named: dict[str, pd.DataFrame], date: str = ""
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The subjects with all that is named of them, and the records of `source` as seen (of none: the subjects).

    The subjects themselves may be asked of one of their dates; no record of a domain then decides.
    """
    people = people_of(subjects, {name: frame for name, frame in named.items() if name != source})
    if source == SUBJECTS:
        return people, seen(people, source, people, date).assign(**dict.fromkeys(SOURCE))
    return people, seen(named[source], source, people, date) if source else people


def changed(records: pd.DataFrame, base: str) -> pd.DataFrame:
    """The records with BASE (a number of the subject), CHG (AVAL, else --STRESN, less BASE), PCHG and R2BASE."""
    if not base:
        return records
    results = [name for name in records.columns if RESULT.fullmatch(name)]
    value, start = records["AVAL" if "AVAL" in records.columns else results[0]], records[base]
    change, known = value - start, start.where(start != 0)
    return records.assign(BASE=start, CHG=change, PCHG=100 * change / known, R2BASE=value / known)


def deciding(records: pd.DataFrame, condition: Condition) -> pd.DataFrame:
    """One record per subject that has any: the first that meets the condition, or the one whose value is taken.

    `first` and `last` go by date, then sequence; `highest` and `lowest` by value, ties by the first date, then
    sequence. A record without the value says nothing of it.
    """
    found = meeting(changed(records, condition.base), condition.where)
    found = found[found[condition.value].notna()] if condition.value else found
    if condition.take in ("highest", "lowest"):
        by_value = found.sort_values(ORDER, kind="stable")
        ascending = condition.take == "lowest"
        return by_value.sort_values(condition.value, ascending=ascending, kind="stable").drop_duplicates("USUBJID")
    return filter_extreme(found, ["USUBJID"], ORDER, condition.take or "first")


def of_subjects(people: pd.DataFrame, records: pd.DataFrame, condition: Condition) -> pd.DataFrame:
    """One record per subject: the flag or value under the condition's name, with date and source of its record."""
    if not condition.source:
        flag = asked(people, condition)
        return _among(
            people, people[SUBJECT].assign(**{condition.name: flag}, **dict.fromkeys(["ADT", *SOURCE])), condition
        )
    chosen = deciding(records, condition)
    columns = {name: name for name in ("ADT", *SOURCE)} | ({condition.name: condition.value} if condition.value else {})
    valued = derive_vars_merged(people[SUBJECT], chosen, columns)
    if not condition.value:
        valued = valued.assign(**{condition.name: yes_no(valued["USUBJID"].isin(chosen["USUBJID"]))})
    return _among(people, _filled(valued, condition), condition)


def asked(records: pd.DataFrame, condition: Condition) -> pd.Series:
    """Y or N by the clause; of cases the text of the first that holds, else what stands otherwise."""
    if not condition.cases:
        return yes_no(meets(records, condition.where))
    met = {text: meets(records, where) for text, where in condition.cases.items()}
    chosen = _joined(met, condition.joined) if condition.joined else first_reason(records.index, met)
    return chosen.fillna(condition.otherwise) if condition.otherwise else chosen


def _joined(met: dict[str, pd.Series], between: str) -> pd.Series:
    """All texts whose condition holds, in order; missing where none does."""
    held = pd.DataFrame({text: condition.map({True: text, False: ""}) for text, condition in met.items()})
    told = held.pop(next(iter(met))).astype("str")
    for text in held.columns:
        told = told.where(held[text].eq(""), (told + between).where(told.ne(""), "") + held[text])
    return told.where(told.ne(""))


def _filled(valued: pd.DataFrame, condition: Condition) -> pd.DataFrame:
    """What stands where there is no record."""
    if not condition.otherwise:
        return valued
    values = valued[condition.name]
    stands = pd.to_numeric(condition.otherwise) if pd.api.types.is_numeric_dtype(values) else condition.otherwise
    return valued.assign(**{condition.name: values.fillna(stands)})


def _among(people: pd.DataFrame, valued: pd.DataFrame, condition: Condition) -> pd.DataFrame:
    """Blank outside `among`; the values stand in the order of the people, whatever numbers their rows have."""
    inside = meets(people, condition.among).to_numpy()
    told = [condition.name, "ADT", *SOURCE]
    return valued.assign(**{name: valued[name].where(inside) for name in told})


def laid_upon(
    dataset: pd.DataFrame,
    conditions: tuple[Condition, ...],
    domain: str,
    subjects: pd.DataFrame,
    named: dict[str, pd.DataFrame],
) -> pd.DataFrame:
    """The dataset with a flag for each condition on its records, then a record for each that is a parameter."""
    people = people_of(subjects, named)
    records = seen(dataset, domain, people)
    for condition in [one for one in conditions if not one.source]:
        flag = asked(records, condition).where(meets(records, condition.among))
        records, dataset = (frame.assign(**{condition.name: flag}) for frame in (records, dataset))
    parameters = [
        _parameter(named[f"{domain}_{one.name.lower()}"], one, people, dataset) for one in conditions if one.source
    ]
    return pd.concat([dataset, *parameters], ignore_index=True) if parameters else dataset


def _parameter(valued: pd.DataFrame, condition: Condition, people: pd.DataFrame, dataset: pd.DataFrame) -> pd.DataFrame:
    """One record per subject who has the value, as a parameter with the variables of the dataset."""
    rows = valued[valued[condition.name].notna()]
    beside = [n for n in dataset.columns if n in people.columns and n not in rows.columns]
    rows = derive_vars_merged(rows, people, beside)
    value = rows[condition.name]
    number = pd.to_numeric(value, errors="coerce") if pd.api.types.is_numeric_dtype(value) else None
    text = value if number is None else value.astype("float").map(value_text).astype("str")
    told = {"PARAMCD": condition.name, "PARAM": condition.label, "PARCAT1": "DERIVED", "ANL01FL": "Y"}
    made = {name: pd.Series(word, index=rows.index, dtype="str") for name, word in told.items()}
    made |= {"AVALC": text, "AVAL": number if number is not None else float("nan")}
    return rows.assign(**made).reindex(columns=dataset.columns)
