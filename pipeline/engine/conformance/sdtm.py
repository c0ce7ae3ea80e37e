"""What holds of SDTM datasets: numbers, dates, days, visits, epochs, links, and variables that go in pairs."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pandas as pd

from pipeline.engine.conformance.rule import Checked, Norm, Outcome
from pipeline.ground.dates import earliest, is_complete, latest, study_day

IG = "SDTMIG 3.4"
DATE = r"(?:\d{4}|-)(?:-(?:\d\d|-)(?:-(?:\d\d|-))?)?"
ISO = re.compile(rf"{DATE}(?:T\d\d(?::\d\d(?::\d\d)?)?)?")
CODE = r"[A-Z_][A-Z0-9_]{0,7}"
ONE_TO_ONE = (("TESTCD", "TEST"), ("PARMCD", "PARM"))
WITH = (
    ("ORRESU", "ORRES"), ("STRESU", "STRESC"), ("STRESN", "STRESC"), ("TPTNUM", "TPT"), ("TPT", "TPTNUM"),
    ("REASND", "STAT"), ("REASOC", "OCCUR"), ("OCCUR", "PRESP"), ("ENRTPT", "ENTPT"), ("STRTPT", "STTPT"),
    ("DOSU", "DOSE"), ("ELTM", "TPT"), ("TPTREF", "TPT"), ("RFTDTC", "TPTREF"),
)  # fmt: skip
BY_SUBJECT = "USUBJID"


def numbers(one: Checked) -> Iterator[Outcome]:
    """--SEQ that is missing, not positive, or twice in a subject (in the dataset, or the parameter of TS)."""
    for name in one.own("SEQ"):
        within = [of for of in (BY_SUBJECT, "TSPARMCD") if of in one.data][:1]
        number = one.data[name]
        yield one.found(name, number.isna() | (number < 1) | one.data.duplicated([*within, name], keep=False))


def dates(one: Checked) -> Iterator[Outcome]:
    """Dates that are not ISO 8601, or no days of the calendar."""
    for name in one.ending("DTC"):
        date = one.data[name]
        wrong = {text for text in date.dropna().unique() if not ISO.fullmatch(text)}
        no_day = is_complete(date) & earliest(date).isna()
        yield one.found(name, date.isin(wrong) | no_day, date.notna())


def periods(one: Checked) -> Iterator[Outcome]:
    """Ends that lie, for certain, before their starts."""
    start, end = ("".join(one.own(ending)) for ending in ("STDTC", "ENDTC"))
    if start and end:
        both = one.data[start].notna() & one.data[end].notna()
        yield one.found(end, latest(one.data[end]) < earliest(one.data[start]), both)


def days(one: Checked) -> Iterator[Outcome]:
    """Study days that are not those of their date from RFSTDTC on, or are 0."""
    counted = [(date, day) for date in one.own("DTC", "STDTC", "ENDTC") if (day := f"{date[:-3]}DY") in one.data]
    asked = [BY_SUBJECT, "RFSTDTC"]
    if not counted or one.name == "dm" or BY_SUBJECT not in one.data or not one.knows("dm", *asked):
        return
    started = one.study.read("dm", asked).drop_duplicates(BY_SUBJECT).set_index(BY_SUBJECT)["RFSTDTC"]
    reference = one.data[BY_SUBJECT].map(started).astype("str")
    for date, day in counted:
        told = one.data[day].astype("float64")
        due = study_day(one.data[date], reference).astype("float64")
        yield one.found(day, (told != due) & ~(told.isna() & due.isna()))


def subjects(one: Checked) -> Iterator[Outcome]:
    """Subjects that DM does not have."""
    if one.knows("dm") and BY_SUBJECT in one.data:
        who = one.data[BY_SUBJECT]
        yield one.found(BY_SUBJECT, ~who.isin(one.study.read("dm", [BY_SUBJECT])[BY_SUBJECT]), who.notna())


def parents(one: Checked) -> Iterator[Outcome]:
    """Supplemental qualifiers and relations that point to no record."""
    if "IDVARVAL" not in one.data:
        return
    for (domain, variable), rows in one.data.groupby(["RDOMAIN", "IDVAR"], dropna=False):
        parent, asked = str(domain).lower(), [str(variable)] if pd.notna(variable) else []
        lost = pd.Series(False, index=one.data.index)
        if one.knows(parent, *asked):
            known = one.study.read(parent, [*dict.fromkeys([BY_SUBJECT, *asked])])
            lost.loc[rows.index] = ~_among(rows, known, variable)
        else:
            lost.loc[rows.index] = True
        yield one.found("IDVARVAL", lost, one.data.index.to_series().isin(rows.index))


def _among(rows: pd.DataFrame, parent: pd.DataFrame, variable: object) -> pd.Series:
    """True for rows whose subject (and value of the variable, where they name one) the parent has."""
    by_value = rows["IDVARVAL"].notna()
    known = parent[BY_SUBJECT] if pd.isna(variable) else parent[BY_SUBJECT] + "\x1f" + _text(parent[str(variable)])
    asked = rows[BY_SUBJECT] if pd.isna(variable) else rows[BY_SUBJECT] + "\x1f" + rows["IDVARVAL"]
    return asked.isin(known) | ~by_value & rows[BY_SUBJECT].isna()


def _text(values: pd.Series) -> pd.Series:
    """Numbers as whole numbers in text, as IDVARVAL has them."""
    return values.astype("Int64").astype("str") if values.dtype.kind in "if" else values.astype("str")


def epochs(one: Checked) -> Iterator[Outcome]:
    """Epochs within which their date cannot lie: not between start and end of an element of that epoch."""
    date, asked = next(iter(one.own("STDTC", "DTC")), ""), [BY_SUBJECT, "EPOCH", "SESTDTC", "SEENDTC"]
    if not date or "EPOCH" not in one.data or one.name == "se" or not one.knows("se", *asked):
        return
    se = one.study.read("se", asked)
    days = pd.DataFrame({"EPOCH": se["EPOCH"], BY_SUBJECT: se[BY_SUBJECT], "from": earliest(se["SESTDTC"]),
                         "to": latest(se["SEENDTC"])})  # fmt: skip
    span = days.groupby([BY_SUBJECT, "EPOCH"])[["from", "to"]].agg({"from": "min", "to": "max"})
    told = one.data["EPOCH"].notna()
    own = span.reindex(pd.MultiIndex.from_frame(one.data[[BY_SUBJECT, "EPOCH"]])).set_axis(one.data.index)
    outside = own["from"].isna() | (latest(one.data[date]) < own["from"]) | (earliest(one.data[date]) > own["to"])
    yield one.found("EPOCH", outside, told)


def visits(one: Checked) -> Iterator[Outcome]:
    """A VISITNUM with several VISITs, or a VISIT with several VISITNUMs, and one without the other."""
    if {"VISITNUM", "VISIT"} <= set(one.data):
        yield from _one_to_one(one, "VISITNUM", "VISIT", [])
        yield one.found("VISITNUM", one.data["VISITNUM"].isna() != one.data["VISIT"].isna())


def attended(one: Checked) -> Iterator[Outcome]:
    """Visits of subjects that SV does not have."""
    keys = [BY_SUBJECT, "VISITNUM"]
    if one.name not in ("sv", "tv") and {*keys} <= set(one.data) and one.knows("sv", *keys):
        sv = one.study.read("sv", keys)
        known = pd.MultiIndex.from_frame(one.data[keys]).isin(pd.MultiIndex.from_frame(sv[keys]))
        yield one.found("VISITNUM", pd.Series(~known, index=one.data.index), one.data["VISITNUM"].notna())


def tests(one: Checked) -> Iterator[Outcome]:
    """A code with several names, or a name with several codes; codes that are no names of variables."""
    for code, name in ONE_TO_ONE:
        both = one.own(code, name)
        if len(both) == 2:
            yield from _one_to_one(one, both[0], both[1], [])
    for name in [*one.own("TESTCD", "PARMCD"), *(["QNAM"] if "QNAM" in one.data else [])]:
        yield one.found(name, ~one.data[name].str.fullmatch(CODE).eq(True), one.data[name].notna())


def _one_to_one(one: Checked, left: str, right: str, within: list[str]) -> Iterator[Outcome]:
    pairs = one.data[[*within, left, right]].dropna().drop_duplicates()
    for name, other in ((left, right), (right, left)):
        doubled = pairs[pairs.duplicated([*within, name], keep=False)]
        if not len(doubled):
            yield Outcome(other, int(one.data[other].notna().sum()), 0)
            continue
        bad = pd.MultiIndex.from_frame(one.data[[left, right]]).isin(pd.MultiIndex.from_frame(doubled[[left, right]]))
        yield one.found(other, pd.Series(bad, index=one.data.index), one.data[other].notna())


def pairs(one: Checked) -> Iterator[Outcome]:
    """Variables that stand without the one they belong to: a unit without a result, a reason without NOT DONE."""
    for name, other in WITH:
        both = one.own(name, other)
        if len(both) == 2:
            yield one.found(both[0], one.data[both[1]].isna(), one.data[both[0]].notna())


def results(one: Checked) -> Iterator[Outcome]:
    """Results that were not done and are there, or are not there and nothing says why; units that differ in a test."""
    result = next(iter(one.own("ORRES")), "")
    if not result:
        return
    there, state = one.data[result].notna(), next(iter(one.own("STAT")), "")
    done = one.data[state].ne("NOT DONE") if state else pd.Series(True, index=one.data.index)
    yield one.found(result, there, ~done)
    derived = one.data[one.own("DRVFL")[0]].eq("Y") if one.own("DRVFL") else pd.Series(False, index=one.data.index)
    yield one.found(result, ~there, done & ~derived)
    unit, code = one.own("STRESU"), one.own("TESTCD")
    if unit and code:
        within = [*code, *one.own("CAT", "SPEC", "METHOD")]
        numeric = one.data[unit[0]].notna()
        several = one.data.groupby(within, dropna=False)[unit[0]].transform("nunique") > 1
        yield one.found(unit[0], several, numeric)


def numeric(one: Checked) -> Iterator[Outcome]:
    """Standard results that are a number in --STRESC and another one, or none, in --STRESN, or in --STRESN alone."""
    both = one.own("STRESC", "STRESN")
    if len(both) == 2:
        text, number = one.data[both[0]], one.data[both[1]].astype("float64")
        read = pd.to_numeric(text, errors="coerce").astype("float64")
        same = (read - number).abs() <= 1e-9 * number.abs()
        yield one.found(both[1], ~same & ~(read.isna() & number.isna()), text.notna())


def flags(one: Checked) -> Iterator[Outcome]:
    """Flags that are neither Y nor missing, baseline flags of several records of a test."""
    for name in one.own("LOBXFL", "BLFL", "DRVFL", "ACPTFL"):
        yield one.found(name, one.data[name].ne("Y"), one.data[name].notna())
    for name in one.own("LOBXFL"):
        within = [BY_SUBJECT, *one.own("TESTCD"), *one.spec.last_before_exposure]
        within = [of for of in dict.fromkeys(within) if of in one.data]
        flagged = one.data[name].eq("Y")
        several = one.data[flagged].duplicated(within, keep=False).reindex(one.data.index, fill_value=False)
        yield one.found(name, several, flagged)


RULES = (
    Norm("SDTM-SEQ", "--SEQ is a positive number, once in its subject.", "SDTM 2.0, identifiers; CORE-000544", numbers),
    Norm("SDTM-DTC", "Dates are ISO 8601, and days of the calendar.", f"{IG}, 4.4.1", dates),
    Norm("SDTM-PERIOD", "No end lies before its start.", f"{IG}, 4.4.3", periods),
    Norm("SDTM-DY", "--DY counts from RFSTDTC, without a day 0.", f"{IG}, 4.4.4", days),
    Norm("SDTM-DM", "Each subject is in DM.", f"{IG}, DM", subjects),
    Norm("SDTM-LINK", "SUPP-- and RELREC point to records that are there.", f"{IG}, 8.2 and 8.4", parents),
    Norm("SDTM-EPOCH", "EPOCH is that of an element of SE within which the date lies.", f"{IG}, SE", epochs),
    Norm("SDTM-VISIT", "VISITNUM and VISIT name each other one to one.", f"{IG}, 4.4.5", visits),
    Norm("SDTM-SV", "Visits of records are in SV.", f"{IG}, SV", attended),
    Norm("SDTM-TEST", "--TESTCD and --TEST name each other one to one; codes are names.", f"{IG}, 4.2.1", tests),
    Norm("SDTM-PAIR", "A variable stands with the one it belongs to.", "SDTM 2.0, qualifiers and timing", pairs),
    Norm("SDTM-RESULT", "A result is there, or it says NOT DONE; a test has one unit.", f"{IG}, 4.5.1", results),
    Norm("SDTM-NUMERIC", "--STRESN is the number of --STRESC.", f"{IG}, 4.5.1; CORE-000542, CORE-000732", numeric),
    Norm("SDTM-FLAG", "Flags are Y or missing; one last record before exposure a test.", f"{IG}, 4.5.9", flags),
)
