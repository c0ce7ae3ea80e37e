"""Rules of laboratory and sample data: limits, units, flags, panels, central beside local, neighbours in time."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipeline.gate.checks.parsed import Forms, day, first_day, last_day
from pipeline.gate.checks.rules import (
    Codes,
    Field,
    Fields,
    FieldTable,
    Number,
    Source,
    Table,
    flagged,
    number_text,
    of_subject,
)
from pipeline.ground.bounds import above, at_least, below
from sdtm.mapping.rules import beyond

NUMBER = r"[<>]?=?\s*[-+]?\d+(\.\d+)?(E[-+]?\d+)?"


def number(results: pd.Series) -> pd.Series:
    """A result as a number; `<0.1` counts as 0.1, text as missing."""
    return pd.to_numeric(results.str.lstrip("<>= "), errors="coerce")


def no_number(records: pd.DataFrame, forms: Forms, *, result: Field, words: Codes) -> pd.DataFrame:
    """Results that are neither a number (perhaps with < or >), nor one of the agreed words or of BELOWLQ."""
    text = records[result].astype("str")
    filled = records[result].notna() & ~text.str.upper().isin(words) & ~beyond(text, forms.below)
    return records[filled & ~text.str.fullmatch(NUMBER).fillna(True).astype("bool")]


def below_zero(records: pd.DataFrame, forms: Forms, *, result: Field) -> pd.DataFrame:
    """Results of zero or less where no such result can exist."""
    return records[pd.to_numeric(records[result], errors="coerce") <= 0]


def negative(records: pd.DataFrame, forms: Forms, *, result: Field) -> pd.DataFrame:
    """Results below zero (a count may be zero)."""
    return records[pd.to_numeric(records[result], errors="coerce") < 0]


def below_own_limit(records: pd.DataFrame, forms: Forms, *, result: Field, limit: Field) -> pd.DataFrame:
    """Plain numbers below the limit of quantification of their own record."""
    return records[pd.to_numeric(records[result], errors="coerce") < pd.to_numeric(records[limit], errors="coerce")]


def above_own_limit(records: pd.DataFrame, forms: Forms, *, result: Field, limit: Field) -> pd.DataFrame:
    """Plain numbers at or above the limit of quantification of their own record."""
    return records[pd.to_numeric(records[result], errors="coerce") >= pd.to_numeric(records[limit], errors="coerce")]


def implausible_unreplaced(
    records: pd.DataFrame,
    forms: Forms,
    *,
    test: Field,
    unit: Field,
    result: Field,
    limits: Table,
    replaced: FieldTable,
) -> pd.DataFrame:
    """As `implausible`, without the final results that a corrected one of the same sample has replaced."""
    keys, status = ["_SUBJECT", replaced["sample"], test], records[replaced["status"]]
    mended = pd.MultiIndex.from_frame(records.loc[status.eq("C"), keys])
    old = status.eq("F") & pd.MultiIndex.from_frame(records[keys]).isin(mended)
    return implausible(records[~old], forms, test=test, unit=unit, result=result, limits=limits)


def implausible(
    records: pd.DataFrame, forms: Forms, *, test: Field, unit: Field, result: Field, limits: Table, by: Field = ""
) -> pd.DataFrame:
    """Results beyond what this test can be in this unit: `limits` maps `TEST unit` to `low high`.

    Where a unit is unusual (`rare_unit` of `by`) it is the unit that is wrong: another check.
    """
    if by:
        records = records[~records.index.isin(rare_unit(records, forms, test=test, unit=unit, by=by).index)]
    pairs = {key: tuple(float(x) for x in text.split()) for key, text in limits.items()}
    kind = records[test].fillna("") + " " + records[unit].fillna("")
    low, high = (kind.map({key: pair[place] for key, pair in pairs.items()}) for place in (0, 1))
    value = number(records[result].astype("str"))
    off = below(value, low) | above(value, high)
    return records[off].assign(expected=number_text(low[off]) + " to " + number_text(high[off]))


def rare_unit(records: pd.DataFrame, forms: Forms, *, test: Field, unit: Field, by: Field) -> pd.DataFrame:
    """Units that a site (or laboratory) uses in fewer than one in ten of its results of the test, where ten or more."""
    filled = records[records[test].notna() & records[unit].notna()]
    kinds = [filled[by], filled[test]]
    size = filled.groupby([*kinds, filled[unit]])[unit].transform("size")
    whole = filled.groupby(kinds)[unit].transform("size")
    most = size.groupby(kinds).transform("max")
    usual = filled[size == most].groupby([by, test])[unit].first()
    odd = (whole >= 10) & (size * 10 < whole)
    expected = pd.Series(usual.reindex(pd.MultiIndex.from_frame(filled[[by, test]])).to_numpy(), index=filled.index)
    return filled[odd].assign(expected=expected[odd])


def unit_of_month(records: pd.DataFrame, forms: Forms, *, test: Field, unit: Field, date: Field) -> pd.DataFrame:
    """Units that fewer than one in ten results of the test in the same calendar month have, where ten or more.

    In a month of fewer results, units that fewer than one in fifty results of the test have at all.
    """
    of_month = rare_unit(records.assign(_MONTH=records[date].str.slice(0, 7)), forms, test=test, unit=unit, by="_MONTH")
    whole, same = (records.groupby(by)[unit].transform("size") for by in (test, [test, unit]))
    usual = records.groupby(test)[unit].agg(lambda units: units.mode().iloc[0] if units.notna().any() else None)
    seldom = records[(whole >= 50) & (same * 50 < whole) & ~records.index.isin(of_month.index)]
    return flagged([of_month, seldom.assign(expected=seldom[test].map(usual))], records)


def other_limits(records: pd.DataFrame, forms: Forms, *, keys: Fields, limit: Field, by: Field = "") -> pd.DataFrame:
    """Reference limits other than those nearly all (nine in ten) results of the same test and unit carry.

    Where a unit is unusual (`rare_unit` of `by`) it is the unit that is wrong: another check.
    """
    filled = records[records[limit].notna()]
    if by:
        odd_unit = rare_unit(filled, forms, test=keys[0], unit=keys[1], by=by)
        filled = filled[~filled.index.isin(odd_unit.index)]
    whole = filled.groupby(list(keys))[limit].transform("size")
    size = filled.groupby([*keys, limit])[limit].transform("size")
    odd = (whole >= 10) & (size * 10 < whole)
    usual = filled[size * 10 >= whole * 9].groupby(list(keys))[limit].first()
    expected = pd.Series(usual.reindex(pd.MultiIndex.from_frame(filled[list(keys)])).to_numpy(), index=filled.index)
    odd &= expected.notna()
    return filled[odd].assign(expected=number_text(expected[odd]))


def limit_missing(records: pd.DataFrame, forms: Forms, *, test: Field, limit: Field) -> pd.DataFrame:
    """Results without a limit (or unit) that nearly all (nine in ten) results of this test carry.

    A field that its contract requires is asked for already.
    """
    own = forms.contracts[str(records["_FORM"].iloc[0])].fields.get(limit) if len(records) else None
    if own is not None and own.required:
        return records.iloc[:0]
    share = records[limit].notna().groupby(records[test]).transform("mean")
    return records[records[limit].isna() & (share >= 0.9)]


def wrong_flag(
    records: pd.DataFrame, forms: Forms, *, result: Field, low: Field, high: Field, flag: Field
) -> pd.DataFrame:
    """Results whose flag H, L or blank does not follow from their limits."""
    value = number(records[result].astype("str"))
    expected = pd.Series(np.select([value < records[low], value > records[high]], ["L", "H"], ""), index=records.index)
    judged = value.notna() & (records[low].notna() | records[high].notna())
    off = judged & (expected != records[flag].fillna(""))
    return records[off].assign(expected=expected[off].replace("", "blank"))


def panel_incomplete(records: pd.DataFrame, forms: Forms, *, sample: Field, panel: Field, test: Field) -> pd.DataFrame:
    """Samples in which one test of a panel is missing that nine in ten samples with this panel have.

    The first record of the sample's panel stands for it; `missing` is the test.
    """
    records, sample = of_subject(records, sample), "_OWN"
    have = records[[sample, panel, test]].dropna().drop_duplicates()
    samples = have.drop_duplicates([sample, panel]).groupby(panel)[sample].size()
    share = have.groupby([panel, test]).size() / samples.reindex(have.groupby([panel, test]).size().index, level=0)
    usual = share[share >= 0.9].reset_index()[[panel, test]]
    wanted = have[[sample, panel]].drop_duplicates().merge(usual, on=panel)
    lost = wanted.merge(have, on=[sample, panel, test], how="left", indicator=True)
    lost = lost[lost["_merge"] == "left_only"].rename(columns={test: "missing"})
    first = records.drop_duplicates([sample, panel]).assign(_ROW=lambda rows: rows.index)
    return first.merge(lost[[sample, panel, "missing"]], on=[sample, panel]).set_index("_ROW").assign(
        _VALUE=lambda rows: rows["missing"])  # fmt: skip


def superseded(
    records: pd.DataFrame, forms: Forms, *, keys: Fields, status: Field, final: str, corrected: str
) -> pd.DataFrame:
    """Corrected results whose final result, which they replace, was never sent."""
    finals, own = records[records[status] == final], ["_SUBJECT", *keys]
    mended = records[records[status] == corrected]
    return mended[~pd.MultiIndex.from_frame(mended[own]).isin(pd.MultiIndex.from_frame(finals[own]))]


def not_beside(
    records: pd.DataFrame,
    forms: Forms,
    *,
    here: Source,
    other: Source,
    tests: Table,
    factors: Table,
    times: Number,
) -> pd.DataFrame:
    """Results that differ by more than a factor from another laboratory's result of the same test and day.

    `here` and `other` name form, test, date, result and unit; `tests` maps the other's codes to this one's; `factors`
    maps `TEST unit` (this one's code) to what makes it the common unit.
    """
    rows = forms[other["form"]]
    test = rows[other["test"]].map(tests)
    there = pd.DataFrame({"_SUBJECT": rows["_SUBJECT"], "_DAY": day(rows, other["date"]), "_TEST": test})
    there = there.assign(_OTHER=common_unit(rows, test, other, factors)).dropna()
    own = pd.DataFrame({"_SUBJECT": records["_SUBJECT"], "_DAY": day(records, here["date"]), "_ROW": records.index})
    own = own.assign(_TEST=records[here["test"]], _VALUE=common_unit(records, records[here["test"]], here, factors))
    both = own.merge(there, on=["_SUBJECT", "_DAY", "_TEST"])
    off = both[_apart(both["_VALUE"], both["_OTHER"], times)].drop_duplicates("_ROW").set_index("_ROW")
    return records.loc[off.index].assign(other=number_text(off["_OTHER"]))


def common_unit(rows: pd.DataFrame, test: pd.Series, names: Source, factors: Table) -> pd.Series:
    """Results in the common unit of their test."""
    kind = test.fillna("").astype("str") + " " + rows[names["unit"]].fillna("").astype("str")
    factor = kind.map({key: float(text) for key, text in factors.items()}).astype("float64").fillna(1.0)
    return number(rows[names["result"]].astype("str")) * factor


def _apart(one: pd.Series, other: pd.Series, times: Number) -> pd.Series:
    """True where one of two results is more than so many times the other."""
    return above(one, float(times) * other) | above(other, float(times) * one)


def off_neighbours(
    records: pd.DataFrame,
    forms: Forms,
    *,
    here: Source,
    tests: Codes,
    factors: Table,
    times: Number,
    by: Field = "",
) -> pd.DataFrame:
    """Results of steady tests that are more than so many times off the median of the subject (of three or more).

    `here` names form, test, result and unit. Results without a unit or, with `by`, with an unusual one (`rare_unit`)
    are passed over: another check.
    """
    test, unit = here["test"], here["unit"]
    rows = records[records[test].isin(tests) & records[unit].notna()]
    if by:
        rows = rows[~rows.index.isin(rare_unit(rows, forms, test=test, unit=unit, by=by).index)]
    value = common_unit(rows, rows[test], here, factors)
    groups = [rows["_SUBJECT"], rows[test]]
    middle, count = value.groupby(groups).transform("median"), value.groupby(groups).transform("count")
    off = (count >= 3) & _apart(value, middle, times)
    return flagged([rows[off].assign(other=number_text(middle[off].round(3)))], records)


def parts_exceed_whole(
    records: pd.DataFrame, forms: Forms, *, sample: Field, test: Field, result: Field, whole: str, parts: Codes
) -> pd.DataFrame:
    """Results of a part (neutrophils) above the whole (leukocytes) of the same sample by more than a tenth."""
    value = number(records[result].astype("str"))
    own = of_subject(records, sample)["_OWN"]
    total = value[records[test] == whole].groupby(own).first()
    beside = own.map(total)
    off = records[test].isin(parts) & above(value, 1.1 * beside + 0.1)
    return records[off].assign(other=number_text(beside[off]))


def counts_deny(
    records: pd.DataFrame,
    forms: Forms,
    *,
    event: FieldTable,
    bounds: Table,
    central: Source,
    local: Source,
    factors: Table,
) -> pd.DataFrame:
    """Events of a grade whose lowest count from three days before to the end never falls below the grade's bound.

    `event` names grade, start and end; `bounds` maps the grade to its bound; `factors` maps `TEST unit` to what
    makes it the common unit. Only events with two or more counts in their period are judged.
    """
    counts = pd.concat([_counts(forms, source, factors) for source in (central, local)])
    bound = records[event["grade"]].map({g: float(b) for g, b in bounds.items()}).astype("float64")
    days = pd.Timedelta(days=3)
    own = pd.DataFrame({"_ROW": records.index, "_SUBJECT": records["_SUBJECT"]})
    own["_FIRST"] = first_day(records, event["start"]) - days
    own["_LAST"] = last_day(records, event["end"]).fillna(forms.extracted) + days
    both = own.merge(counts, on="_SUBJECT")
    inside = both[(both["_DAY"] >= both["_FIRST"]) & (both["_DAY"] <= both["_LAST"])]
    least = inside.groupby("_ROW")["_COUNT"].agg(["min", "size"]).reindex(records.index)
    off = (least["size"] >= 2) & at_least(least["min"], bound)
    return records[off].assign(lowest=number_text(least["min"][off]))


def _counts(forms: Forms, source: Source, factors: Table) -> pd.DataFrame:
    """Counts of one laboratory in the common unit: subject, day, count; `factors` maps `TEST unit`."""
    rows = forms[source["form"]]
    rows = rows[rows[source["test"]] == source["code"]]
    value = common_unit(rows, rows[source["test"]], source, factors)
    return pd.DataFrame({"_SUBJECT": rows["_SUBJECT"], "_DAY": day(rows, source["date"]), "_COUNT": value}).dropna()
