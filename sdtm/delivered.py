"""A domain as it was delivered by those who made it, held to its spec: findings, not stops, for what it lacks.

The records are all text, with where each stands in its file (`_FILE`, `_LINE`). Only what stands in a file is in the
domain: nothing is derived here, what is missing stays missing.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from pipeline.ground.dates import iso_moment
from pipeline.ground.metadata import DatasetSpec
from sdtm.findings import gathered, of_form, of_records, of_value
from sdtm.mapping.terms import looked_up, terms

NUMBERS, MISSING_NUMBER = ("number", "integer"), "."
SEVERITY = {"Req": "major", "Exp": "minor", "Perm": "info"}
ISO = r"(?:\d{4}(?!\d)[\dT:.,+Z/P-]*|-{2,}[\dT:.-]*)"
SAS_DAY, SAS_SECOND = r"\d{5}(?:\.\d+)?", r"\d{9,10}(?:\.\d+)?"  # since 1960: 1987 to 2233, 1991 to 2276
WHOLE = r"\d+\.0"
EPOCH = pd.Timestamp("1960-01-01")


def delivered(
    records: pd.DataFrame, spec: DatasetSpec, ct: pd.DataFrame, people: pd.Series | None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The records of a domain with the variables of its spec, typed, and what is to be said of them as findings.

    1. A variable that was not delivered is empty; one that the spec does not have is not read. 2. Records of nobody in
    DM (`people`: its USUBJID; None in DM itself) are left out. 3. What is no number is missing in a number; dates that
    are no ISO 8601 are read where that is certain. 4. A value that a codelist knows under another spelling is its term.
    5. Of records of one key the first counts. Source: SDTMIG 3.4, 4.1.5 (core), 4.4 (dates).
    """
    found = list(_variables(records, spec)) if len(records) else []
    whole = records.reindex(columns=[*spec.names, *[name for name in records if name.startswith("_")]])
    whole, more = _of_people(whole, spec, people)
    for step in (_typed, _dated, _termed, _numbered):
        found += more
        whole, more = step(whole, spec, ct)
    return whole.reset_index(drop=True), gathered([*found, *more])


def _variables(records: pd.DataFrame, spec: DatasetSpec) -> Iterator[pd.DataFrame]:
    """What the data set lacks of its spec, and has beyond it."""
    domain, lacks = spec.dataset, [v for v in spec.own.variables if v.name not in records]
    for core, severity in SEVERITY.items():
        names = [v.name for v in lacks if v.core == core]
        if names:
            many = "variables" if len(names) > 1 else "variable"
            message = f"{domain} was delivered without the {core} {many} {', '.join(names)}: empty on every record."
            yield of_form("SDTM-VARIABLE", severity, domain, len(names), message).assign(field=" ".join(names))
    others = [name for name in records if name not in spec.names and not name.startswith("_")]
    if others:
        message = (f"{domain} has variables that its spec does not know and that are not read: {', '.join(others)}. "
                   f"To read one, name it under `variables:` of the study's sdtm/{spec.path.stem}.yaml.")
        yield of_form("SDTM-UNUSED", "info", domain, len(others), message)


Step = tuple[pd.DataFrame, list[pd.DataFrame]]


def _of_people(records: pd.DataFrame, spec: DatasetSpec, people: pd.Series | None) -> Step:
    """The records of people in DM; those of nobody where the spec asks for a subject are left out too."""
    subject = spec.by_name.get("USUBJID")
    if subject is None:
        return records, []
    nobody = records["USUBJID"].isna() & subject.required
    known = records["USUBJID"] if people is None else people
    unknown = records["USUBJID"].notna() & ~records["USUBJID"].isin(known)
    told = ((nobody, "This record has no USUBJID; it is left out."),
            (unknown, "The subject {value} is not in DM; the record is left out."))
    found = [of_records(records[left], "SDTM-SUBJECT", "major", "USUBJID", records["USUBJID"], message)
             for left, message in told]  # fmt: skip
    return records[~(nobody | unknown)], found


def _typed(records: pd.DataFrame, spec: DatasetSpec, ct: pd.DataFrame) -> Step:
    """Numbers as numbers; what is none is missing and a finding, one for each such value."""
    made, found = {}, []
    for v in spec.variables:
        if v.type not in NUMBERS:
            text = records[v.name].astype("str")
            whole = v.codelist and text.dropna().str.fullmatch(WHOLE).all()  # a code that a program wrote as a number
            made[v.name] = text.str.removesuffix(".0") if whole else text
            continue
        text = records[v.name].mask(records[v.name] == MISSING_NUMBER)
        number = pd.to_numeric(text, errors="coerce").astype("float64")
        number = number.where(np.isfinite(number))
        wrong = text.notna() & number.isna()
        if v.type == "integer":
            wrong |= number.notna() & (number % 1 != 0)
        message = f"{v.name} '{{value}}' is no {'whole ' if v.type == 'integer' else ''}number; it is missing here."
        found += _each_value(records[wrong], "SDTM-TYPE", "major", v.name, message)
        made[v.name] = number.mask(wrong)
    return records.assign(**made), found


def _each_value(records: pd.DataFrame, check: str, severity: str, field: str, message: str) -> list[pd.DataFrame]:
    """One finding per value of a variable, of however many records."""
    values = records[field].astype("str")
    return [of_value(records.loc[rows], check, severity, field, str(text), message.replace("{value}", str(text)))
            for text, rows in values.groupby(values).groups.items()]  # fmt: skip


def _dated(records: pd.DataFrame, spec: DatasetSpec, ct: pd.DataFrame) -> Step:
    """Dates as ISO 8601: numbers of SAS (days or seconds since 1960) and other certain forms are turned, and told."""
    made, found = {}, []
    for name in [v.name for v in spec.variables if v.name.endswith("DTC")]:
        text = records[name]
        other = text.notna() & ~text.str.fullmatch(ISO).fillna(False).astype("bool")
        if not other.any():
            continue
        read = _sas_dates(text[other]).fillna(iso_moment(text[other])).reindex(records.index)
        lost = other & read.isna()
        turned = f"{name} is not written in ISO 8601, as in '{text[other].iloc[0]}'; read as '{{value}}'."
        if (other & ~lost).any():
            rows = records[other & ~lost]
            found.append(of_value(rows, "SDTM-DATEFORM", "minor", name, str(text[rows.index[0]]),
                                  turned.replace("{value}", str(read[rows.index[0]]))))  # fmt: skip
        message = f"{name} '{{value}}' is no date in ISO 8601; it stays as it is and counts as missing."
        found += _each_value(records[lost], "SDTM-DATE", "major", name, message)
        made[name] = text.mask(other & ~lost, read).astype("str")
    return records.assign(**made), found


def _sas_dates(text: pd.Series) -> pd.Series:
    """Numbers of SAS as ISO dates and date-times, missing where the text is none."""
    number = pd.to_numeric(text, errors="coerce")
    day, second = (text.str.fullmatch(form).fillna(False).astype("bool") for form in (SAS_DAY, SAS_SECOND))
    days = (EPOCH + pd.to_timedelta(number.where(day) // 1, unit="D")).dt.strftime("%Y-%m-%d")
    seconds = (EPOCH + pd.to_timedelta(number.where(second) // 1, unit="s")).dt.strftime("%Y-%m-%dT%H:%M:%S")
    return days.where(day).fillna(seconds.where(second)).astype("str")


def _termed(records: pd.DataFrame, spec: DatasetSpec, ct: pd.DataFrame) -> Step:
    """Values of codelists as their terms: another spelling that the terminology knows is its term, and told."""
    made, found = {}, []
    for v in spec.variables:
        if not v.codelist or v.type != "text" or records[v.name].isna().all():
            continue
        values = records[v.name]
        known = set(ct.loc[ct["codelist"] == v.codelist, "submission"].dropna())
        other = values.notna() & ~values.isin(known)
        if not other.any():
            continue
        read = looked_up(values[other], terms(ct, v.codelist), v.codelist).reindex(records.index)
        turned = read.notna() & (read != values)
        made[v.name] = values.mask(turned, read).astype("str")
        for (was, term), rows in records[turned].groupby([values[turned], read[turned]]):
            message = f"{v.name} '{was}' is read as '{term}', the term of {v.codelist}."
            found.append(of_value(rows, "SDTM-TERM", "info", v.name, str(was), message))
    return records.assign(**made), found


def _numbered(records: pd.DataFrame, spec: DatasetSpec, ct: pd.DataFrame) -> Step:
    """--SEQ where records have none, behind those that have; of records of one key the first is kept."""
    number, found = f"{spec.dataset}SEQ", []
    if {number, "USUBJID"} <= {*spec.names}:
        without = records[number].isna()
        if without.any():
            last = records.groupby("USUBJID")[number].transform("max").fillna(0)
            place = records[without].groupby("USUBJID").cumcount() + 1
            records = records.assign(**{number: records[number].fillna(last + place.reindex(records.index))})
            own = records[without & records["_FORM"].eq(spec.dataset)]
            message = f"{number} is missing; these records are numbered in the order of their file."
            found += [of_value(own, "SDTM-SEQ", "minor", number, "", message)] if len(own) else []
        keys = ["USUBJID", number]
    else:
        keys = list(spec.keys)
    repeated = records.duplicated(keys)
    message = f"{spec.dataset} has a record of this key ({', '.join(keys)}) before this one; the first is used."
    found.append(of_records(records[repeated], "SDTM-REPEAT", "major", "", records["_RECORD"], message))
    return records[~repeated], found

