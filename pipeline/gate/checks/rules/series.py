"""Rules of series: a value beside those before and after it and beside its peers, answers that cannot be taken back."""

from __future__ import annotations

import pandas as pd

from pipeline.gate.checks.parsed import VISIT, Forms, day, last_day, on_subjects, year_of
from pipeline.gate.checks.rules import (
    Codes,
    Field,
    Fields,
    FieldTable,
    Form,
    Number,
    Source,
    Table,
    flagged,
    iso,
    number_text,
)
from pipeline.gate.checks.rules.labs import common_unit
from pipeline.ground.bounds import above, below


def before_birth(records: pd.DataFrame, forms: Forms, *, birth: Field) -> pd.DataFrame:
    """Any date of the form that certainly lies before the subject's year of birth (`FORM.FIELD`)."""
    rows, name = forms.column(birth)
    year = on_subjects(records, year_of(rows, name).groupby(rows["_SUBJECT"]).first())
    found = []
    for date in forms.dates(str(records["_FORM"].iloc[0])) if len(records) else []:
        if f"{date}:last" in records:
            early = last_day(records, date).dt.year < year
            found.append(records[early].assign(_FIELD=date, born=number_text(year[early])))
    return flagged(found, records)


def off_peers(records: pd.DataFrame, forms: Forms, *, value: Field, of: Field, times: Number) -> pd.DataFrame:
    """Values more than so many times above or below the median of their kind (a product, a drug), of five or more."""
    number = pd.to_numeric(records[value], errors="coerce")
    groups = number.groupby(records[of])
    middle, count = groups.transform("median"), groups.transform("count")
    off = (count >= 5) & (above(number, middle * float(times)) | below(number * float(times), middle))
    return records[off].assign(other=number_text(middle[off]))


def off_own(
    records: pd.DataFrame, forms: Forms, *, test: Field, unit: Field, result: Field, times: Number
) -> pd.DataFrame:
    """Results more than `times` off the median of the subject's results (four or more) of the test in the unit.

    What a test does in these data sets its own bound: five times as far as all but one in a hundred of its results.
    """
    rows = records.assign(_V=pd.to_numeric(records[result], errors="coerce"), _U=records[unit].fillna(""))
    rows = rows[(rows["_V"] > 0) & rows[test].notna()]
    groups = rows.groupby(["_SUBJECT", test, "_U"])["_V"]
    middle, count = groups.transform("median"), groups.transform("count")
    rows = rows.assign(_M=middle, _R=(rows["_V"] / middle).where(rows["_V"] > middle, middle / rows["_V"]))[count >= 4]
    usual = rows[test].map(rows.groupby(test)["_R"].quantile(0.99, interpolation="lower")).astype("float64")
    off = above(rows["_R"], (5 * usual).clip(lower=float(times)))
    return records.loc[off.index[off]].assign(other=number_text(rows.loc[off, "_M"].round(3)))


def columns_off_own(
    records: pd.DataFrame, forms: Forms, *, fields: Fields, units: FieldTable, times: Number
) -> pd.DataFrame:
    """As `off_own`, of a form with a field for each test; also what is no number (nor below one), or negative."""
    parts = []
    for name in fields:
        own = records.assign(_TEST=name, _UNIT=records[units[name]] if name in units else "", _FIELD=name)
        number = pd.to_numeric(own[name], errors="coerce")
        wrong = own[name].notna() & ~own[name].astype("str").str.contains("[<>]") & ~(number >= 0)
        parts += [own[wrong].assign(other="no number"),
                  off_own(own, forms, test="_TEST", unit="_UNIT", result=name, times=times)]  # fmt: skip
    return flagged(parts, records)


def spike(
    records: pd.DataFrame, forms: Forms, *, here: Source, tests: Codes, factors: Table, times: Number, days: Number
) -> pd.DataFrame:
    """Results more than so many times above (or below) both the one before and the one after, each within some days.

    `here` names form, test, date, result and unit; `factors` maps `TEST unit` to what makes it the common unit. A value
    of zero says nothing of a ratio and is passed over.
    """
    rows = records[records[here["test"]].isin(tests) & records[here["unit"]].notna()]
    value = common_unit(rows, rows[here["test"]], here, factors)
    own = rows.assign(_V=value, _D=day(rows, here["date"])).dropna(subset=["_V", "_D"])
    own = own[own["_V"] > 0].sort_values(["_SUBJECT", here["test"], "_D", "_LINE"], kind="stable")
    groups = own.groupby(["_SUBJECT", here["test"]])
    beside = [(groups["_V"].shift(by), (groups["_D"].shift(by) - own["_D"]).dt.days.abs()) for by in (1, -1)]
    high = low = pd.Series(True, index=own.index)
    for other, gap in beside:
        near = gap.le(float(days))
        high = high & near & above(own["_V"], other * float(times))
        low = low & near & below(own["_V"] * float(times), other)
    off = high | low
    return own[off].assign(other=number_text(beside[0][0][off])).drop(columns=["_V", "_D"])


def taken_back(records: pd.DataFrame, forms: Forms, *, date: Field, flags: Fields, grade: Field) -> pd.DataFrame:
    """Daily records that answer No to what holds once given in an episode, and was Yes on the day before.

    An episode is a run of days with a grade above 0.
    """
    ill = records[(pd.to_numeric(records[grade], errors="coerce") > 0) & day(records, date).notna()]
    own = ill.assign(_D=day(ill, date)).sort_values(["_SUBJECT", "_D", "_LINE"], kind="stable")
    groups = own.groupby("_SUBJECT")
    follows = (own["_D"] - groups["_D"].shift()).dt.days.eq(1)
    found = []
    for flag in flags:
        back = own[flag].eq("N") & groups[flag].shift().eq("Y") & follows
        found.append(own[back].assign(_FIELD=flag, before=iso(groups["_D"].shift()[back])).drop(columns="_D"))
    return flagged(found, records)


def outgrown(
    records: pd.DataFrame, forms: Forms, *, value: Field, of: Fields, baseline: Codes, times: Number
) -> pd.DataFrame:
    """Sizes after screening more than so many times the largest of the same thing (a lesion) at any other visit."""
    keys = ["_SUBJECT", *of]
    size = pd.to_numeric(records[value], errors="coerce")
    own = records.assign(_V=size).dropna(subset=["_V"]).sort_values([*keys, "_V"], kind="stable")
    largest = ~own.duplicated(keys, keep="last")
    second = own.groupby(keys)["_V"].shift()
    off = largest & (second > 0) & above(own["_V"], second * float(times)) & ~own["FOLDER"].isin(baseline)
    return own[off].assign(other=number_text(second[off])).drop(columns="_V")


def nothing_of_known(
    records: pd.DataFrame, forms: Forms, *, form: Form, answer: Field, codes: Codes, baseline: Codes
) -> pd.DataFrame:
    """Records with one of these answers at a visit without any record of a form that the subject has at screening."""
    rows = forms[form]
    known = rows.loc[rows["FOLDER"].isin(baseline), "_SUBJECT"]
    judged = records[records[answer].isin(codes) & records["_SUBJECT"].isin(known) & ~records["FOLDER"].isin(baseline)]
    there = pd.MultiIndex.from_frame(judged[VISIT]).isin(pd.MultiIndex.from_frame(rows[VISIT]))
    return judged[~there]
