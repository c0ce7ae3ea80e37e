"""Rules of events beside other forms: deaths that agree, hospital stays, treatments and events of the same days."""

from __future__ import annotations

import pandas as pd

from pipeline.gate.checks.parsed import Forms, anchor, day, first_day, last_day, on_subjects
from pipeline.gate.checks.rules import Clause, Codes, Field, Number, Table, iso, plain
from pipeline.ground.clauses import meeting

FOREVER = pd.Timestamp("2199-12-31")


def no_period_around(
    records: pd.DataFrame,
    forms: Forms,
    *,
    date: Field,
    start: Field,
    end: Field,
    where: Clause = "",
    days: Number = "0",
) -> pd.DataFrame:
    """Records whose date lies in no period (`FORM.START` to `FORM.END`, give or take days) of the subject."""
    rows, first = forms.column(start)
    periods = meeting(rows, where)
    covered = _covered(records, first_day(records, date), last_day(records, date), periods, first, plain(end), days)
    lost = records[day(records, date).notna() & ~covered]
    known = (periods["_FORM"] + "/" + periods["_RECORD"]).groupby(periods["_SUBJECT"]).agg(";".join)
    return lost.assign(_FROM=lost["_SUBJECT"].map(known).astype("str").fillna(""))


def no_period_touching(
    records: pd.DataFrame, forms: Forms, *, begin: Field, finish: Field, start: Field, end: Field, where: Clause = ""
) -> pd.DataFrame:
    """Records whose own period meets no period (`FORM.START` to `FORM.END`) of the subject."""
    rows, first = forms.column(start)
    until = last_day(records, finish).fillna(FOREVER)
    met = _covered(records, first_day(records, begin), until, meeting(rows, where), first, plain(end), "1")
    return records[first_day(records, begin).notna() & ~met]


def _covered(
    records: pd.DataFrame,
    begin: pd.Series,
    finish: pd.Series,
    periods: pd.DataFrame,
    first: str,
    last: str,
    days: Number,
) -> pd.Series:
    """True where [begin, finish] of a record meets a period of its subject; an open end runs on."""
    margin = pd.Timedelta(days=float(days))
    left = pd.DataFrame({"_SUBJECT": records["_SUBJECT"], "_BEGIN": begin, "_FINISH": finish, "_ROW": records.index})
    right = pd.DataFrame({"_SUBJECT": periods["_SUBJECT"], "_FIRST": first_day(periods, first) - margin,
                          "_LAST": last_day(periods, last).fillna(FOREVER) + margin})  # fmt: skip
    both = left.merge(right, on="_SUBJECT")
    met = both[(both["_BEGIN"] <= both["_LAST"]) & (both["_FINISH"] >= both["_FIRST"])]
    return pd.Series(records.index.isin(met["_ROW"]), index=records.index)


def overlaps(
    records: pd.DataFrame, forms: Forms, *, start: Field, end: Field, same: Field = "_SUBJECT"
) -> pd.DataFrame:
    """Records that begin before an earlier period (`first`) of the subject, of the same term, certainly ended."""
    ordered = records[first_day(records, start).notna()].sort_values(["_SUBJECT", same, f"{start}:last"], kind="stable")
    alike, ends = [ordered["_SUBJECT"], ordered[same]], ordered[f"{end}:first"].fillna(FOREVER)
    latest = ends.groupby(alike).cummax()
    before, begun = latest.groupby(alike).shift(), ordered[f"{start}:first"].groupby(alike).shift()
    inside = (last_day(ordered, start) < before) & (first_day(ordered, start) > begun)
    running = ordered["_RECORD"].where(ends.eq(latest)).groupby(alike).ffill().groupby(alike).shift()
    return ordered.assign(first=running)[inside & ordered[same].notna()]


def best_beyond(
    records: pd.DataFrame, forms: Forms, *, grade: Field, start: Field, end: Field, days: Field, daily: Field
) -> pd.DataFrame:
    """Records (events) whose grade is not the highest grade of the daily form within their period.

    Events of grade 5 and events without any assessed day are passed over. `days` is `FORM.DATE`, `daily` its grade.
    """
    assessed, date = forms.column(days)
    return _other_than_highest(
        records, grade, start, end, _graded(assessed, date, pd.to_numeric(assessed[plain(daily)], errors="coerce"))
    )


def signs_beyond(
    records: pd.DataFrame, forms: Forms, *, grade: Field, start: Field, end: Field, days: Field, signs: Table
) -> pd.DataFrame:
    """As `best_beyond`, of a daily form that asks for signs and no grade: `signs` says which show which grade.

    `days` is `FORM.DATE`; of several grades that a day shows it has the highest, and none of them is 0.
    """
    assessed, date = forms.column(days)
    shown = pd.Series(0.0, index=assessed.index)
    for told, where in signs.items():
        shown = shown.mask(shown.index.isin(meeting(assessed, where, date).index) & (shown < float(told)), float(told))
    return _other_than_highest(records, grade, start, end, _graded(assessed, date, shown))


def _graded(assessed: pd.DataFrame, date: str, grade: pd.Series) -> pd.DataFrame:
    return pd.DataFrame({"_SUBJECT": assessed["_SUBJECT"], "_DAY": day(assessed, date), "_GRADE": grade})


def _other_than_highest(records: pd.DataFrame, grade: str, start: str, end: str, seen: pd.DataFrame) -> pd.DataFrame:
    """Events whose grade is not the highest of the days within their period."""
    own = records.assign(_ROW=records.index)
    both = own.merge(seen, on="_SUBJECT")
    until = last_day(both, end).fillna(FOREVER)
    inside = both[(both["_DAY"] >= first_day(both, start)) & (both["_DAY"] <= until)]
    highest = inside.groupby("_ROW")["_GRADE"].max().reindex(records.index)
    stated = pd.to_numeric(records[grade], errors="coerce")
    off = highest.notna() & stated.notna() & (stated < 5) & (stated != highest)
    return records[off].assign(highest=highest[off].map("{:.0f}".format))


def without_any_day(
    records: pd.DataFrame, forms: Forms, *, start: Field, end: Field, days: Field, daily: Field
) -> pd.DataFrame:
    """Records (events) during which the daily form never shows a grade above 0, though it was filled in."""
    assessed, date = forms.column(days)
    grade = pd.to_numeric(assessed[plain(daily)], errors="coerce")
    ill = assessed[grade > 0]
    met = _covered(records, first_day(records, start), last_day(records, end).fillna(FOREVER), ill, date, date, "1")
    followed = records["_SUBJECT"].isin(assessed["_SUBJECT"])
    return records[followed & first_day(records, start).notna() & ~met]


def not_first_day(
    records: pd.DataFrame, forms: Forms, *, start: Field, end: Field, days: Field, daily: Field
) -> pd.DataFrame:
    """Records (events) that begin on another day than the first day of their run of daily grades above 0.

    A run that began in an earlier event of the subject is passed over.
    """
    assessed, date = forms.column(days)
    ill = assessed[pd.to_numeric(assessed[plain(daily)], errors="coerce") > 0]
    run = pd.DataFrame({"_SUBJECT": ill["_SUBJECT"], "_DAY": day(ill, date)}).dropna().drop_duplicates()
    run = run.sort_values(["_SUBJECT", "_DAY"])
    new = (run["_DAY"].diff().dt.days != 1) | run["_SUBJECT"].ne(run["_SUBJECT"].shift())
    runs = run.groupby(["_SUBJECT", new.cumsum().rename("_RUN")])["_DAY"].agg(["min", "max"]).reset_index()
    own = records.assign(_ROW=records.index, _START=day(records, start), _END=last_day(records, end).fillna(FOREVER))
    both = own[own["_START"].notna()].merge(runs, on="_SUBJECT")
    both = both[(both["_START"] <= both["max"]) & (both["_END"] >= both["min"])]
    own = own.sort_values(["_SUBJECT", "_START"])
    earlier = own.groupby("_SUBJECT")["_END"].shift().set_axis(own["_ROW"])
    ended = pd.Series(earlier.reindex(both["_ROW"]).array, index=both.index)
    both = both[~(ended >= both["min"] - pd.Timedelta(days=1))]
    first = both.groupby("_ROW")["min"].min()
    begun = day(records, start)
    seen = pd.Series(first.reindex(records.index), dtype="datetime64[s]")
    off = seen.notna() & (seen != begun)
    return records[off].assign(first=iso(seen[off]))


def not_last_day(
    records: pd.DataFrame, forms: Forms, *, start: Field, end: Field, days: Field, daily: Field
) -> pd.DataFrame:
    """Records (events) that end on another day than the last day of their run of daily grades above 0.

    A run that goes on into a later event of the subject, or to the last day assessed, is passed over.
    """
    assessed, date = forms.column(days)
    seen = day(assessed, date)
    ill = pd.DataFrame({"_SUBJECT": assessed["_SUBJECT"], "_DAY": seen})[
        pd.to_numeric(assessed[plain(daily)], errors="coerce") > 0
    ]
    own = records.assign(_ROW=records.index).sort_values(["_SUBJECT", f"{start}:first"])
    following = own.groupby("_SUBJECT")[f"{start}:first"].shift(-1).fillna(FOREVER)
    own = own.assign(_NEXT=following)
    both = own.merge(ill.dropna(), on="_SUBJECT")
    both = both[(both["_DAY"] >= first_day(both, start)) & (both["_DAY"] < both["_NEXT"])]
    last = pd.Series(both.groupby("_ROW")["_DAY"].max().reindex(records.index), dtype="datetime64[s]")
    followed = last < on_subjects(records, seen.groupby(assessed["_SUBJECT"]).max())
    stated = day(records, end)
    off = last.notna() & stated.notna() & (stated != last) & followed
    off &= ~((stated > last) & records["_SUBJECT"].duplicated(keep=False))
    return records[off].assign(last=iso(last[off]))


def fatal_grade(
    records: pd.DataFrame, forms: Forms, *, grade: Field, five: Codes, outcome: Field, fatal: Codes, death: Field
) -> pd.DataFrame:
    """Events of grade 5 that are not fatal, and fatal ones of a lower grade.

    The field that stands alone is named: the outcome where the subject died, or where nobody died but the outcome
    says so; else the grade.
    """
    highest, ended = records[grade].isin(five), records[outcome].isin(fatal)
    died = on_subjects(records, anchor(forms, death)).notna()
    lone_grade = highest & ~ended
    lone_outcome = ended & ~highest & records[grade].notna()
    fields = pd.Series(grade, index=records.index).mask((lone_grade & died) | (lone_outcome & ~died), outcome)
    off = lone_grade | lone_outcome
    return records[off].assign(_FIELD=fields[off])


def unlike_neighbours(records: pd.DataFrame, forms: Forms, *, group: Field, date: Field) -> pd.DataFrame:
    """Records whose group differs from both two records before and two after them in time, which agree."""
    ordered = records[records[group].notna() & day(records, date).notna()].sort_values([f"{date}:first", "_SUBJECT"])
    around = [ordered[group].shift(step) for step in (2, 1, -1, -2)]
    alike = around[0].eq(around[1]) & around[1].eq(around[2]) & around[2].eq(around[3])
    odd = alike & around[0].ne(ordered[group])
    return ordered[odd].assign(other=around[0][odd])


def event_before_cause(
    records: pd.DataFrame,
    forms: Forms,
    *,
    start: Field,
    relation: Field,
    related: Codes,
    first: Field,
    where: Clause = "",
) -> pd.DataFrame:
    """Events related to a treatment although they began before the subject's first dose, or there was none."""
    rows, field = forms.column(first)
    doses = meeting(rows, where)
    mark = on_subjects(records, day(doses, field).groupby(doses["_SUBJECT"]).min())
    early = (last_day(records, start) < mark) | (mark.isna() & last_day(records, start).notna())
    off = records[relation].isin(related) & early
    return records[off].assign(first=iso(mark[off]))


def outside_window(
    records: pd.DataFrame, forms: Forms, *, date: Field, begin: Field, end: Field, days: Number, worst: Field = ""
) -> pd.DataFrame:
    """Records dated before one milestone or more than so many days after another; without the first, all of them.

    An event that began outside and reached its maximum (`worst`) inside is inside.
    """
    start = on_subjects(records, anchor(forms, begin))
    stop = on_subjects(records, anchor(forms, end)) + pd.Timedelta(days=float(days))
    off = start.isna() | (last_day(records, date) < start) | (first_day(records, date) > stop)
    if worst:
        off &= ~((last_day(records, worst) >= start) & (first_day(records, worst) <= stop))
    return records[off & last_day(records, date).notna()]


def reason_without_record(records: pd.DataFrame, forms: Forms, *, evidence: Table) -> pd.DataFrame:
    """Records of subjects for whom none of the evidence (form: condition) exists."""
    known: set[str] = set()
    for form, where in evidence.items():
        known |= set(forms.select(form, where)["_SUBJECT"])
    return records[~records["_SUBJECT"].isin(known)]
