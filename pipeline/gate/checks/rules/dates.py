"""Rules of dates: in the future, after their own entry, partial, in the wrong order, before or after a milestone."""

from __future__ import annotations

import pandas as pd

from pipeline.gate.checks.parsed import Forms, anchor, day, first_day, last_day, on_subjects
from pipeline.gate.checks.rules import Dates, Field, Number, flagged, iso
from pipeline.ground.dates import is_complete

BLAME = 3
YEAR = 365.25


def after_extraction(records: pd.DataFrame, forms: Forms) -> pd.DataFrame:
    """Any date of the form that lies after the day of extraction."""
    found = []
    for name in _dates(records, forms):
        late = first_day(records, name) > forms.extracted
        if late.any():
            found.append(records[late].assign(_FIELD=name, extracted=f"{forms.extracted:%Y-%m-%d}"))
    return flagged(found, records)


def after_entry(records: pd.DataFrame, forms: Forms, *, days: Number) -> pd.DataFrame:
    """Any date more than so many days after the record was last saved (not after the extraction: another check).

    When a record was entered must be known: an audit trail that tells some changes alone does not say the last save.
    """
    if "CREATED" not in records or "UPDATED" not in records:
        return records.iloc[:0]
    saved = pd.to_datetime(records["UPDATED"].str.slice(0, 10), format="%Y-%m-%d", errors="coerce")
    saved = saved.where(records["CREATED"].notna())
    found = []
    for name in _dates(records, forms):
        dates = first_day(records, name)
        late = (dates > saved + pd.Timedelta(days=float(days))) & (dates <= forms.extracted)
        if late.any():
            found.append(records[late].assign(_FIELD=name, saved=iso(saved[late])))
    return flagged(found, records)


def a_year_before_entry(records: pd.DataFrame, forms: Forms, *, days: Number) -> pd.DataFrame:
    """First dates of a form that lie one or two years before their entry, give or take the usual delay and some days.

    Other long delays are late entries, often in answer to a query; a whole year is a slip at the turn of the year.
    """
    dates = _dates(records, forms)
    if not dates:
        return records.iloc[:0]
    entered = pd.to_datetime(records["CREATED"].str.slice(0, 10), format="%Y-%m-%d", errors="coerce")
    delay = (entered - day(records, dates[0])).dt.days
    usual = delay[delay.between(0, 180)].quantile(0.9)
    over = delay - YEAR * (delay / YEAR).round()
    odd = (delay > YEAR - 30) & over.between(-float(days), float(days) + (0 if pd.isna(usual) else usual))
    return records[odd].assign(entered=iso(entered)[odd], delay=delay[odd].map("{:.0f}".format), _FIELD=dates[0])


def partial(records: pd.DataFrame, forms: Forms) -> pd.DataFrame:
    """Partial dates in fields whose contract does not allow them."""
    fields = forms.contracts[str(records["_FORM"].iloc[0])].fields if len(records) else {}
    found = []
    for name in _dates(records, forms):
        if not fields[name].partial:
            some = first_day(records, name).notna() & ~is_complete(records[name])
            found.append(records[some].assign(_FIELD=name))
    return flagged(found, records)


def out_of_order(records: pd.DataFrame, forms: Forms, *, first: Field, second: Field) -> pd.DataFrame:
    """Records whose second date certainly lies before their first."""
    return records[last_day(records, second) < first_day(records, first)]


def out_of_order_once(records: pd.DataFrame, forms: Forms, *, first: Field, second: Field, once: Field) -> pd.DataFrame:
    """As `out_of_order`, one record per sample (`once`); dates after the extraction are another check's."""
    wrong = out_of_order(records, forms, first=first, second=second)
    return wrong[first_day(wrong, first) <= forms.extracted].drop_duplicates(["_SUBJECT", once])


def outside_of(records: pd.DataFrame, forms: Forms, *, date: Field, start: Field, end: Field) -> pd.DataFrame:
    """Records whose date certainly lies before the start or after the end that the same record states."""
    early = last_day(records, date) < first_day(records, start)
    return records[early | (first_day(records, date) > last_day(records, end))]


def before(records: pd.DataFrame, forms: Forms, *, date: Field, milestone: Field) -> pd.DataFrame:
    """Records dated certainly before the subject's first date of a milestone."""
    mark = on_subjects(records, anchor(forms, milestone))
    early = last_day(records, date) < mark
    return records[early].assign(milestone=iso(mark[early]))


def after(records: pd.DataFrame, forms: Forms, *, date: Field, milestone: Field) -> pd.DataFrame:
    """Records dated certainly after the subject's first date of a milestone."""
    mark = on_subjects(records, anchor(forms, milestone))
    late = first_day(records, date) > mark
    return records[late].assign(milestone=iso(mark[late]))


def after_the_last(records: pd.DataFrame, forms: Forms, *, date: Field, milestone: Field) -> pd.DataFrame:
    """Records dated certainly after the subject's last date of a milestone (who is treated again has several)."""
    mark = on_subjects(records, anchor(forms, milestone, "max"))
    late = first_day(records, date) > mark
    return records[late].assign(milestone=iso(mark[late]))


def on_or_after(records: pd.DataFrame, forms: Forms, *, date: Field, milestone: Field) -> pd.DataFrame:
    """Records dated on or after the subject's first date of a milestone."""
    mark = on_subjects(records, anchor(forms, milestone))
    late = day(records, date) >= mark
    return records[late].assign(milestone=iso(mark[late]))


def same_day_only(
    records: pd.DataFrame, forms: Forms, *, date: Field, milestone: Field, lacks: Field, code: str
) -> pd.DataFrame:
    """Records of the day of a milestone, where no record of the subject has the code that this day asks for."""
    mark = on_subjects(records, anchor(forms, milestone))
    form = str(records["_FORM"].iloc[0]) if len(records) else ""
    told = forms.select(form, f"{lacks} == '{code}'")["_SUBJECT"] if form else pd.Series(dtype="str")
    same = (day(records, date) == mark) & ~records["_SUBJECT"].isin(told)
    return records[same].assign(milestone=iso(mark[same]))


def not_on(records: pd.DataFrame, forms: Forms, *, date: Field, milestone: Field) -> pd.DataFrame:
    """Records whose date cannot be the day of the subject's milestone (subjects without it are passed over)."""
    mark = on_subjects(records, anchor(forms, milestone))
    other = (last_day(records, date) < mark) | (first_day(records, date) > mark)
    return records[other].assign(milestone=iso(mark[other]))


def none_before(records: pd.DataFrame, forms: Forms, *, date: Field, dates: Dates) -> pd.DataFrame:
    """Whatever is dated before the subject's date of this form.

    Where three or more days of a subject lie before it, the date of this form is the one that is wrong.
    """
    return _beyond(records, forms, date, dates, later=False, blame=BLAME)


def none_after(records: pd.DataFrame, forms: Forms, *, date: Field, dates: Dates) -> pd.DataFrame:
    """Whatever is dated after the subject's date of this form.

    Where three or more days of a subject lie after it, the date of this form is the one that is wrong.
    """
    return _beyond(records, forms, date, dates, later=True, blame=BLAME)


def _beyond(records: pd.DataFrame, forms: Forms, date: Field, dates: Dates, *, later: bool, blame: int) -> pd.DataFrame:
    marks = day(records, date).groupby(records["_SUBJECT"]).agg("max" if later else "min")
    found = []
    for name in dates:
        rows, field_name = forms.column(name)
        mark = on_subjects(rows, marks)
        wrong = first_day(rows, field_name) > mark if later else last_day(rows, field_name) < mark
        if wrong.any():
            days = first_day(rows, field_name)[wrong]
            found.append(rows[wrong].assign(_FIELD=field_name, _DAY=days, milestone=iso(mark[wrong]), what=iso(days)))
    if not found:
        return records.iloc[:0]
    rows = pd.concat(found)
    many = rows.groupby("_SUBJECT")["_DAY"].nunique()
    guilty = records[records["_SUBJECT"].isin(many.index[many >= blame])]
    extreme = rows.groupby("_SUBJECT")["_DAY"].agg("max" if later else "min")
    guilty = guilty.assign(
        _FIELD=date, milestone=iso(day(guilty, date)), what=iso(on_subjects(guilty, extreme).astype("datetime64[s]"))
    )
    return flagged([guilty, rows[~rows["_SUBJECT"].isin(guilty["_SUBJECT"])].drop(columns="_DAY")], records)


def _dates(records: pd.DataFrame, forms: Forms) -> list[str]:
    return [name for name in forms.dates(str(records["_FORM"].iloc[0])) if name in records] if len(records) else []
