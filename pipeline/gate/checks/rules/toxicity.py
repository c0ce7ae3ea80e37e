"""Rules of CRS and ICANS: the grade of the day by the published criteria, treatment beside assessment."""

from __future__ import annotations

import pandas as pd

from adam.criteria.astct_crs import daily_crs_grade
from adam.criteria.astct_icans import icans_grade
from pipeline.gate.checks.parsed import NO_DAYS, Forms, anchor, day, on_subjects
from pipeline.gate.checks.rules import Clause, Codes, DateTable, Field, Fields, FieldTable, Number, flagged, iso, plain
from pipeline.ground.bounds import above, below
from pipeline.ground.clauses import meeting

AROUSABLE = ["0", "1", "2", "3"]


def crs_grade_of_day(
    records: pd.DataFrame, forms: Forms, *, date: Field, grade: Field, columns: FieldTable
) -> pd.DataFrame:
    """Daily records whose grade is not the one ASTCT 2019 gives; `columns` says which field is which sign."""
    days = pd.DataFrame({"USUBJID": records["_SUBJECT"], "ADT": day(records, date)})
    days = days.assign(**{sign: records[name] for sign, name in columns.items()})
    settings = forms.decisions
    derived = daily_crs_grade(
        days,
        vasopressin_alone_grade=settings.get("VASOPRESSIN_ALONE_GRADE", 3),
        crs_gap=settings.get("CRS_GAP", 1),
        antipyretics=settings.get("CRS_ANTIPYRETICS", False),
    )
    return _other_grade(records, grade, derived)


def icans_grade_of_day(
    records: pd.DataFrame, forms: Forms, *, date: Field, grade: Field, columns: FieldTable, ice: Field, items: Fields
) -> pd.DataFrame:
    """Daily records whose grade is not the one ASTCT 2019 gives with the ICE score of the day (the sum of its items).

    `ice` is `FORM.DATE` of the ICE test; `columns` says which field is total, unable (ICE form) and which domain.
    Grade 3 or 4 of a patient said to be unable and to be arousable is passed over: the contradiction is another check.
    """
    tests, ice_date = forms.column(ice)
    total = (
        tests[[plain(item) for item in items]].sum(axis=1, min_count=len(items)).fillna(tests[plain(columns["total"])])
    )
    score = pd.DataFrame({"_SUBJECT": tests["_SUBJECT"], "_DAY": day(tests, ice_date),
                          "_TOTAL": total, "_UNABLE": tests[plain(columns["unable"])]})  # fmt: skip
    codes, said = pd.factorize(score["_UNABLE"], sort=True)  # in the order of the texts, a missing one before all
    score = score.assign(_UNABLE=codes).dropna(subset="_DAY")
    worst = score.groupby(["_SUBJECT", "_DAY"]).agg({"_TOTAL": "min", "_UNABLE": "max"})
    unable = worst["_UNABLE"].map(dict(enumerate(said))).astype("object")
    worst = worst.assign(_UNABLE=unable)
    beside = records.assign(_DAY=day(records, date)).join(worst, on=["_SUBJECT", "_DAY"])
    domains = [beside[columns[name]] for name in ("consciousness", "seizure", "motor", "icp")]
    derived = icans_grade(beside["_TOTAL"], beside["_UNABLE"], *domains)
    unclear = beside["_UNABLE"].eq("Y") & domains[0].isin(AROUSABLE) & ~beside["_TOTAL"].gt(0)
    open_question = unclear & records[grade].isin(["3", "4"])
    return _other_grade(records[~open_question], grade, derived[~open_question])


def _other_grade(records: pd.DataFrame, grade: Field, derived: pd.Series) -> pd.DataFrame:
    stated = pd.to_numeric(records[grade], errors="coerce")
    off = derived.notna() & stated.notna() & (derived != stated)
    return records[off].assign(expected=derived[off].map("{:.0f}".format))


def denied_same_day(
    records: pd.DataFrame, forms: Forms, *, date: Field, other: Field, where: Clause, tells: Field
) -> pd.DataFrame:
    """Records on whose day another form (`FORM.DATE`) of the subject has a record that meets a condition.

    `tells` is the field (of the other form) that contradicts; its code is named.
    """
    rows, name = forms.column(other)
    rows = meeting(rows, where)
    told = rows.groupby([rows["_SUBJECT"], day(rows, name)])[plain(tells)].first()
    own = pd.MultiIndex.from_arrays([records["_SUBJECT"], day(records, date)])
    against = pd.Series(told.reindex(own).to_numpy(), index=records.index)
    return records[against.notna()].assign(against=against[against.notna()])


def not_assessed_beside(records: pd.DataFrame, forms: Forms, *, date: Field, form: Field) -> pd.DataFrame:
    """Records on whose day another form (`FORM.DATE`) of the subject is missing."""
    rows, field = forms.column(form)
    known = pd.MultiIndex.from_arrays([rows["_SUBJECT"], day(rows, field)])
    own = pd.MultiIndex.from_arrays([records["_SUBJECT"], day(records, date)])
    return records[day(records, date).notna() & ~own.isin(known)]


def treated_by_then(
    records: pd.DataFrame, forms: Forms, *, date: Field, flag: Field, given: Field, where: Clause, gap: Number
) -> pd.DataFrame:
    """Daily records that deny a treatment given that day, or claim one though none was given up to then.

    `given` is `FORM.DATE` of the treatments that meet `where`; a treatment up to `gap` days before counts as claimed.
    """
    rows, name = forms.column(given)
    doses = meeting(rows, where)
    on_day = pd.MultiIndex.from_arrays([doses["_SUBJECT"], day(doses, name)])
    own = pd.MultiIndex.from_arrays([records["_SUBJECT"], day(records, date)])
    today = pd.Series(own.isin(on_day), index=records.index)
    both = pd.DataFrame({"_SUBJECT": records["_SUBJECT"], "_DAY": day(records, date), "_ROW": records.index}).merge(
        pd.DataFrame({"_SUBJECT": doses["_SUBJECT"], "_GIVEN": day(doses, name)}), on="_SUBJECT"
    )
    lag = (both["_DAY"] - both["_GIVEN"]).dt.days
    earlier = records.index.isin(both.loc[lag.between(0, float(gap)), "_ROW"])
    denied = records[today & records[flag].eq("N")].assign(said="No", found="was given")
    claimed = records[~earlier & records[flag].eq("Y")].assign(said="Yes", found="is not recorded")
    return flagged([denied, claimed], records)


def outside_terms(
    records: pd.DataFrame, forms: Forms, *, term: Field, category: Field, terms: Codes, codes: Codes
) -> pd.DataFrame:
    """Events of these preferred terms that are not in the category, and events of the category with other terms."""
    belongs = records[term].str.casefold().isin([one.casefold() for one in terms])
    inside = records[category].isin(codes)
    return records[records[term].notna() & records[category].notna() & (belongs != inside)]


def day_missing(
    records: pd.DataFrame, forms: Forms, *, date: Field, milestone: Field, last: Number, until: DateTable
) -> pd.DataFrame:
    """Records that follow a gap in the daily assessments from the milestone to day `last` (earlier after `until`).

    A gap at the end has the last record before it named. `missing` is the first missing day.
    """
    marks = anchor(forms, milestone)
    ends = [marks + pd.Timedelta(days=float(last))]
    ends += [(anchor(forms, name) - pd.Timedelta(days=1)).reindex(marks.index) for name in until]
    stop = pd.concat(ends, axis=1).min(axis=1).astype(NO_DAYS)
    own = records.assign(_D=day(records, date), _M=on_subjects(records, marks), _E=on_subjects(records, stop))
    own = own[(own["_D"] >= own["_M"]) & (own["_D"] <= own["_E"])].sort_values(["_SUBJECT", "_D"])
    before = own.groupby("_SUBJECT")["_D"].shift().fillna(own["_M"] - pd.Timedelta(days=1))
    gap = (own["_D"] - before).dt.days > 1
    holes = own[gap].assign(missing=iso(before[gap] + pd.Timedelta(days=1)))
    tail = own.drop_duplicates("_SUBJECT", keep="last")
    tail = tail[tail["_D"] < tail["_E"]]
    tail = tail.assign(missing=iso(tail["_D"] + pd.Timedelta(days=1)))
    return flagged([holes.drop_duplicates("_SUBJECT"), tail], records)


def dose_by_weight(
    records: pd.DataFrame, forms: Forms, *, dose: Field, weight: Field, low: Number, high: Number, most: Number
) -> pd.DataFrame:
    """Doses (mg) outside `low` to `high` per kg of the subject's median weight, or above `most`."""
    rows, name = forms.column(weight)
    kilos = on_subjects(records, rows.groupby("_SUBJECT")[name].median())
    given = records[dose]
    off = below(given, float(low) * kilos) | above(given, float(high) * kilos) | above(given, float(most))
    return records[off].assign(weight=kilos[off].map("{:g}".format))
