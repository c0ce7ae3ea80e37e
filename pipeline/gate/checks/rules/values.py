"""Rules of values: limits, order of two numbers, ratios, jumps between visits, distance from other days, codes."""

from __future__ import annotations

import pandas as pd

from pipeline.gate.checks.parsed import Forms, anchor, day, on_subjects, year_of
from pipeline.gate.checks.rules import (
    Codes,
    Factors,
    Field,
    Fields,
    FieldTable,
    Form,
    Number,
    Table,
    flagged,
    in_standard_unit,
    number_text,
    numbers,
)
from pipeline.ground import bounds
from pipeline.ground.distinct import on_distinct


def beyond(
    records: pd.DataFrame, forms: Forms, *, value: Field, low: Number = "-inf", high: Number = "inf"
) -> pd.DataFrame:
    """Records whose number is below `low` or above `high`; a field with a `range:` of its own is held to that."""
    own = forms.contracts[str(records["_FORM"].iloc[0])].fields.get(value) if len(records) else None
    if own is not None and own.range:
        return records.iloc[:0]
    number = pd.to_numeric(records[value], errors="coerce")
    return records[(number < float(low)) | (number > float(high))]


def no_share(records: pd.DataFrame, forms: Forms) -> pd.DataFrame:
    """Values in per cent below 0 or above 100, of fields without a `range:` of their own."""
    form = str(records["_FORM"].iloc[0]) if len(records) else ""
    fields = forms.contracts[form].fields.items() if form in forms.contracts else ()
    named = [name for name, one in fields if one.unit == "%" and name in records and not one.range]
    numbers = {name: pd.to_numeric(records[name], errors="coerce") for name in named}
    off = {name: (number < 0) | (number > 100) for name, number in numbers.items()}
    return flagged([records[wrong].assign(_FIELD=name) for name, wrong in off.items()], records)


def not_greater(records: pd.DataFrame, forms: Forms, *, greater: Field, smaller: Field) -> pd.DataFrame:
    """Records whose first number is not greater than the second, of fields of whatever type: text orders otherwise."""
    return records[numbers(records, greater) <= numbers(records, smaller)]


def smaller(records: pd.DataFrame, forms: Forms, *, value: Field, than: Field) -> pd.DataFrame:
    """Records whose first number is smaller than the second, of fields of whatever type."""
    return records[numbers(records, value) < numbers(records, than)]


def off_plan(records: pd.DataFrame, forms: Forms, *, value: Field, plan: Field, percent: Number) -> pd.DataFrame:
    """Records whose value lies more than so many percent off what was planned."""
    given, planned = numbers(records, value), numbers(records, plan)
    off = bounds.above((given - planned).abs() * 100, planned * float(percent))
    share = ((given / planned - 1) * 100).map("{:+.0f} %".format)
    return records[off].assign(share=share[off])


def jump(
    records: pd.DataFrame, forms: Forms, *, value: Field, date: Field, percent: Number, days: Number
) -> pd.DataFrame:
    """Records off by more than so many percent from most of the subject's others within so many days.

    With one other record nobody can say which of the two is wrong: the later is named.
    """
    own = records[numbers(records, value).notna() & day(records, date).notna()]
    own = pd.DataFrame(
        {"_SUBJECT": own["_SUBJECT"], "_V": numbers(own, value), "_D": day(own, date), "_ROW": own.index})  # fmt: skip
    both = own.merge(own, on="_SUBJECT", suffixes=("", "2"))
    near = both[(both["_ROW"] != both["_ROW2"]) & ((both["_D"] - both["_D2"]).dt.days.abs() <= float(days))]
    near = near.assign(_AWAY=bounds.above((near["_V"] - near["_V2"]).abs() * 100, near["_V2"] * float(percent)))
    others = near.groupby("_ROW").agg(median=("_V2", "median"), size=("_V2", "size"), away=("_AWAY", "mean"))
    others = others.reindex(own["_ROW"])
    off = others["away"] > 0.5
    later = near.assign(_LATER=near["_D"] >= near["_D2"]).groupby("_ROW")["_LATER"].all().reindex(others.index)
    off &= (others["size"] > 1) | later.fillna(False).astype("bool")
    wrong = others.index[off.fillna(False)]
    return records.loc[wrong].assign(other=number_text(others.loc[wrong, "median"]))


def body_mass_off(
    records: pd.DataFrame, forms: Forms, *, weight: Field, height: Field, limits: Table,
    kilograms: Factors | None = None, centimetres: Factors | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Records whose weight does not go with the subject's height: body mass index (kg/m2) outside the limits.

    The limits are `low` and `high`; the upper one is `alone` where the subject was weighed once: no other weight shows
    that it is not in pounds.
    Where all of a subject's weights are off, the height is the likelier error, and is asked about once.
    """
    rows, name = forms.column(height)
    tall = in_standard_unit(pd.to_numeric(rows[name], errors="coerce"), rows, centimetres or {})
    heavy = in_standard_unit(pd.to_numeric(records[weight], errors="coerce"), records, kilograms or {})
    metres = on_subjects(records, tall.groupby(rows["_SUBJECT"]).first()) / 100
    index = heavy / metres**2
    once = records.groupby("_SUBJECT")[weight].transform("count").eq(1)
    most = pd.Series(float(limits["high"]), index=records.index).mask(once, float(limits["alone"]))
    off = bounds.below(index, float(limits["low"])) | bounds.above(index, most)
    each = off[index.notna()].groupby(records["_SUBJECT"])
    off &= ~(each.transform("all") & each.cumcount().gt(0)).reindex(off.index, fill_value=False)
    shown = {"index": index.round(1), "tall": (metres * 100).round(2), "heavy": heavy.round(2)}
    return records[off].assign(**{word: number_text(values[off]) for word, values in shown.items()})


def age_and_birth(records: pd.DataFrame, forms: Forms, *, age: Field, birth: Field, days: Fields) -> pd.DataFrame:
    """Records whose age cannot be that of somebody born in this year on any of these first dates (consent, visit)."""
    off, said = pd.Series(True, index=records.index), numbers(records, age)
    expected = pd.Series(float("nan"), index=records.index)
    for name in days:
        reached = on_subjects(records, anchor(forms, name)).dt.year - year_of(records, birth)
        off &= (reached - said > 1) | (reached < said) | reached.isna()
        expected = expected.fillna(reached)
    off &= expected.notna() & said.notna()
    low = number_text(expected - 1)[off]
    return records[off].assign(expected=low + " or " + number_text(expected)[off])


def one_meaning(records: pd.DataFrame, forms: Forms, *, term: Field, code: Field) -> pd.DataFrame:
    """Records whose code is not the one most records give the same term."""
    filled = records[records[term].notna() & records[code].notna()]
    size = filled.groupby([term, code])[code].transform("size")
    most = size.groupby(filled[term]).transform("max")
    usual = filled[size == most].groupby(term)[code].first()
    odd = (size < most) & (most > 1)
    expected = filled[term].map(usual).astype("str")
    return filled[odd].assign(expected=expected[odd])


def incomplete_answer(
    records: pd.DataFrame, forms: Forms, *, answer: Field, codes: Codes, needs: Fields
) -> pd.DataFrame:
    """Records with one of these answers in which a field that follows from it is empty, each field once."""
    asked = records[records[answer].isin(codes)]
    parts = [asked[asked[name].isna()].assign(_FIELD=name) for name in needs]
    return pd.concat(parts)


def excess_answer(records: pd.DataFrame, forms: Forms, *, answer: Field, codes: Codes, empty: Fields) -> pd.DataFrame:
    """Records with one of these answers in which a field that must then be empty is filled.

    Where all (two or more) of these fields are filled the answer itself is the likelier error and is named.
    """
    asked = records[records[answer].isin(codes)]
    filled = asked[list(empty)].notna()
    all_filled = filled.all(axis=1) & (len(empty) > 1)
    parts = [asked[filled[name] & ~all_filled].assign(_FIELD=name) for name in empty]
    return pd.concat([asked[all_filled].assign(_FIELD=answer), *parts])


def not_the_sum(records: pd.DataFrame, forms: Forms, *, total: Field, items: Fields) -> pd.DataFrame:
    """Records whose total is not the sum of their items; records with an item missing are passed over."""
    parts = records[list(items)].sum(axis=1, min_count=len(items))
    off = parts.notna() & records[total].notna() & ~bounds.equal(parts, records[total])
    return records[off].assign(expected=number_text(parts)[off])


def against_threshold(
    records: pd.DataFrame, forms: Forms, *, value: Field, above: Number, answer: Field, yes: Codes, no: Codes
) -> pd.DataFrame:
    """Records whose answer does not fit whether the value lies above the threshold."""
    large, small = bounds.above(records[value], float(above)), bounds.at_most(records[value], float(above))
    return records[(large & records[answer].isin(no)) | (small & records[answer].isin(yes))]


def off_plan_undocumented(
    records: pd.DataFrame, forms: Forms, *, value: Field, plan: Field, percent: Number, form: Form, deviations: str
) -> pd.DataFrame:
    """As `off_plan`, for subjects without a deviation (records of `form` that meet `deviations`)."""
    off = off_plan(records, forms, value=value, plan=plan, percent=percent)
    return off[~off["_SUBJECT"].isin(forms.select(form, deviations)["_SUBJECT"])]


def index_out_of_bounds(
    records: pd.DataFrame, forms: Forms, *, fields: FieldTable, advanced: Codes, over: Number, missing: Number
) -> pd.DataFrame:
    """Records whose prognostic index cannot be: one point each for age, stage and two or more extranodal sites.

    `fields` names index, stage, sites and age (FORM.FIELD); `missing` is how many further points (performance status,
    LDH) other forms may add.
    """
    rows, name = forms.column(fields["age"])
    old = on_subjects(records, rows.groupby("_SUBJECT")[name].first()) > float(over)
    least = old.astype("float64") + records[fields["stage"]].isin(advanced) + (records[fields["sites"]] >= 2)
    most = least + float(missing)
    off = (records[fields["index"]] < least) | (records[fields["index"]] > most)
    return records[off].assign(expected=(number_text(least) + " to " + number_text(most))[off])


def step_off(records: pd.DataFrame, forms: Forms, *, value: Field, date: Field, step: Number) -> pd.DataFrame:
    """Records whose score differs by a step or more from the scores before and after, which agree within one."""
    ordered = records.assign(_V=pd.to_numeric(records[value], errors="coerce"), _D=day(records, date))
    ordered = ordered.dropna(subset=["_V", "_D"]).sort_values(["_SUBJECT", "_D"])
    before, after = (ordered.groupby("_SUBJECT")["_V"].shift(by) for by in (1, -1))
    odd = bounds.at_most((before - after).abs(), 1) & bounds.at_least((ordered["_V"] - before).abs(), float(step))
    odd &= bounds.at_least((ordered["_V"] - after).abs(), float(step))
    return ordered[odd].assign(other=number_text(before[odd])).drop(columns=["_V", "_D"])


def clock_not_after(records: pd.DataFrame, forms: Forms, *, first: Field, second: Field) -> pd.DataFrame:
    """Records whose second clock time is not after their first (both on one day)."""
    return records[minutes(records[second]) <= minutes(records[first])]


def clock_against_order(
    records: pd.DataFrame, forms: Forms, *, time: Field, point: Field, order: Codes, date: Field
) -> pd.DataFrame:
    """Time points of one day and visit whose clock time is before that of an earlier point."""
    rank = records[point].map({code: place for place, code in enumerate(order)})
    ordered = (
        records.assign(_R=rank, _M=minutes(records[time])).dropna(subset=["_R", "_M"]).sort_values(["_SUBJECT", "_R"])
    )
    day_of = [ordered["_SUBJECT"], ordered["FOLDER"], ordered[date]]
    before = ordered.groupby(day_of)["_M"].cummax().groupby(day_of).shift()
    return ordered[ordered["_M"] < before].drop(columns=["_R", "_M"])


def clock_against_dose(
    records: pd.DataFrame, forms: Forms, *, time: Field, date: Field, point: Field, order: Codes, dose: FieldTable
) -> pd.DataFrame:
    """Time points planned before a dose that are taken after its start, or planned after it and taken before.

    The first of `order` is planned before the dose, the others after it. Compared on the day of the dose alone, whose
    `date` and `time` are said by `dose`.
    """
    doses, day_field = forms.column(dose["date"])
    clock = doses[forms.column(dose["time"])[1]]
    started = pd.DataFrame({"_SUBJECT": doses["_SUBJECT"], "_DAY": day(doses, day_field), "_CLOCK": clock})
    started = started.dropna().drop_duplicates(["_SUBJECT", "_DAY"]).set_index(["_SUBJECT", "_DAY"])["_CLOCK"]
    key = pd.MultiIndex.from_arrays([records["_SUBJECT"], day(records, date)])
    begun = pd.Series(started.reindex(key).to_numpy(), index=records.index, dtype="object")
    taken, at = minutes(records[time]), minutes(begun)
    wrong = records[point].eq(order[0]) & (taken > at) | records[point].isin(order[1:]) & (taken < at)
    return records[wrong].assign(started=begun[wrong])


def minutes(clock: pd.Series) -> pd.Series:
    """Minutes since midnight of an HH:MM time; missing when no clock shows it."""
    parts = on_distinct(clock, lambda texts: texts.str.extract(r"^\s*(\d{1,2}):(\d{2})"))
    hour, minute = pd.to_numeric(parts[0]), pd.to_numeric(parts[1])
    return (hour * 60 + minute).where((hour < 24) & (minute < 60))
