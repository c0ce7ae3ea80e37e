"""Rules of visits: windows, order, forms twice at a visit, forms and samples that are due and missing."""

from __future__ import annotations

import pandas as pd

from pipeline.gate.checks.parsed import NO_DAYS, VISIT, Forms, anchor, day, first_day, on_subjects
from pipeline.gate.checks.rules import DateTable, Field, Fields, FieldTable, Form, Number, flagged, iso
from pipeline.ground.clauses import meeting

MANY = 3


def out_of_window(
    records: pd.DataFrame, forms: Forms, *, dates: Fields, anchors: FieldTable, documented: Field, slack: Number = "0"
) -> pd.DataFrame:
    """Visits outside their window (visits.csv), unless a deviation of that day is documented.

    Of a visit that lies outside as a whole the first date in `dates` is named, else each date that lies outside.
    When three visits that hang on one milestone (or all, two or more) lie outside, the milestone is named.
    """
    rows = _visit_dates(forms, dates, anchors)
    rows = rows[rows["_LOW"].notna() & rows["_ANCHOR"].notna() & rows["_DAY"].notna()]
    off = (rows["_REL"] < rows["_LOW"] - float(slack)) | (rows["_REL"] > rows["_HIGH"] + float(slack))
    deviations, field = forms.column(documented)
    excused = pd.MultiIndex.from_arrays([deviations["_SUBJECT"], day(deviations, field)])
    visit = [rows[name] for name in VISIT]
    known = pd.Series(pd.MultiIndex.from_frame(rows[["_SUBJECT", "_DAY"]]).isin(excused), index=rows.index)
    off &= ~known.groupby(visit).transform("any")
    whole = off.groupby(visit).transform("all")
    kept = off & (~whole | ~rows[off & whole].reindex(rows.index).duplicated(VISIT))
    guilty = _guilty_milestones(rows.assign(_OFF=whole & off), forms, anchors)
    blamed = pd.MultiIndex.from_frame(guilty[["_SUBJECT", "_MILESTONE"]]) if len(guilty) else None
    wrong = rows[kept]
    if blamed is not None:
        wrong = wrong[~pd.MultiIndex.from_frame(wrong[["_SUBJECT", "_MILESTONE"]]).isin(blamed)]
    return flagged([guilty, wrong], records)


def _visit_dates(forms: Forms, dates: Fields, anchors: FieldTable) -> pd.DataFrame:
    """One row per record and date field: visit, day, milestone and the days between, in the order of `dates`."""
    plan = forms.visits.dropna(subset="FOLDER").drop_duplicates("FOLDER").set_index("FOLDER")
    parts = []
    for name in dates:
        rows, field = forms.column(name)
        rows = rows.assign(FOLDER=forms.folder(rows))
        milestone = rows["FOLDER"].map(plan["ANCHOR"])
        marks = pd.Series(pd.NaT, index=rows.index, dtype=NO_DAYS)
        for word, source in anchors.items():
            if source != name:
                marks = marks.mask(milestone.eq(word), on_subjects(rows, anchor(forms, source)))
        low, high = (pd.to_numeric(rows["FOLDER"].map(plan[c]), errors="coerce") for c in ("WINDOW_LOW", "WINDOW_HIGH"))
        relative = (day(rows, field) - marks).dt.days.astype("float64")
        far = relative.map("{:.0f}".format).astype("str")
        window = low.map("{:.0f}".format).astype("str") + " to " + high.map("{:.0f}".format).astype("str")
        off = ", " + far + " days from its milestone; the window is " + window
        rows = rows.assign(_FIELD=field, _DAY=day(rows, field), shown=rows[field], off=off)
        parts.append(rows.assign(_ANCHOR=marks, _MILESTONE=milestone, _LOW=low, _HIGH=high, _REL=relative))
    return (
        pd.concat(parts, ignore_index=False).assign(_KEY=lambda all_: range(len(all_))).set_index("_KEY", append=True)
    )


def _guilty_milestones(rows: pd.DataFrame, forms: Forms, anchors: FieldTable) -> pd.DataFrame:
    visits = rows.groupby(["_SUBJECT", "_MILESTONE", "FOLDER"])["_OFF"].all().groupby(["_SUBJECT", "_MILESTONE"])
    count = visits.agg(["sum", "size"])
    bad = count[(count["sum"] >= MANY) | ((count["sum"] == count["size"]) & (count["sum"] >= 2))].reset_index()
    found = []
    for word, source in anchors.items():
        records, field = forms.column(source)
        mine = records[records["_SUBJECT"].isin(bad.loc[bad["_MILESTONE"] == word, "_SUBJECT"])]
        mine = mine.drop_duplicates("_SUBJECT")
        found.append(
            mine.assign(
                _FIELD=field,
                _MILESTONE=word,
                off=", but several visits that hang on it lie outside their windows",
                shown=mine[field],
            )
        )
    return flagged([part.set_index(pd.RangeIndex(len(part)), append=True) for part in found], rows.iloc[:0])


def against_order(records: pd.DataFrame, forms: Forms) -> pd.DataFrame:
    """Planned visits whose (first) date contradicts the order of most other visits of the same form and subject.

    Of two visits that contradict only each other the later one by plan is named.
    """
    date = forms.dates(str(records["_FORM"].iloc[0]))[0] if len(records) else ""
    if not date:
        return records
    plan = forms.visits[forms.visits["WINDOW_LOW"].notna()].drop_duplicates("FOLDER").set_index("FOLDER")
    number = pd.to_numeric(records["FOLDER"].map(plan["VISITNUM"]), errors="coerce")
    rows = records.assign(_N=number, _DAY=day(records, date)).dropna(subset=["_N", "_DAY"])
    visits = rows.groupby(["_SUBJECT", "_N"], as_index=False)["_DAY"].min()
    pairs = visits.merge(visits, on="_SUBJECT", suffixes=("", "2"))
    pairs = pairs[((pairs["_N"] < pairs["_N2"]) & (pairs["_DAY"] > pairs["_DAY2"])) | (
        (pairs["_N"] > pairs["_N2"]) & (pairs["_DAY"] < pairs["_DAY2"]))]  # fmt: skip
    told = pairs.groupby(["_SUBJECT", "_N"], as_index=False).agg(_FAULTS=("_N2", "size"), _OTHER=("_DAY2", "first"))
    worst = told["_FAULTS"] == told.groupby("_SUBJECT")["_FAULTS"].transform("max")
    guilty = told[worst].drop_duplicates("_SUBJECT", keep="last")
    wrong = rows.reset_index().merge(guilty, on=["_SUBJECT", "_N"]).set_index("index")
    return wrong.assign(other=iso(wrong["_OTHER"]), _FIELD=date).drop(columns=["_N", "_DAY"])


def twice_at_visit(records: pd.DataFrame, forms: Forms) -> pd.DataFrame:
    """Second records of a form that a visit has only once (by its contract), in the order of entry."""
    if records.empty or "FOLDER" not in records:
        return records.iloc[:0]
    contract = forms.contracts[str(records["_FORM"].iloc[0])]
    if contract.repeating:
        return records.iloc[:0]
    number = pd.to_numeric(records["_RECORD"], errors="coerce")
    entered = ["CREATED"] if "CREATED" in records else []
    ordered = records.assign(_N=number).sort_values([*entered, "_N"], kind="stable")
    ordered = ordered.drop(columns="_N")
    again = ordered.duplicated(VISIT)
    return ordered[again].assign(
        first=ordered.groupby(VISIT, sort=False)["_RECORD"].transform("first")[again], _FIELD="RECORDID"
    )


def missing_at_visit(
    records: pd.DataFrame, forms: Forms, *, of: Form, by: Fields, share: Number, stop: DateTable, documented: Field
) -> pd.DataFrame:
    """Visits that were held (a date of `by` has them) without the form `of`, which nearly all subjects have there.

    One row per subject and visit, without a record. `share` is how many of those at the visit must have the form;
    `stop` holds dates (`FORM.FIELD`: condition) after which a subject needs it no longer; a visit in whose window a
    deviation is documented is passed over. Visits before the first record of the form in the study need none.
    """
    held = _held(forms, [name for name in by if not name.startswith(f"{of}.")])
    own = forms[of]
    have = own[["_SUBJECT", "FOLDER"]].drop_duplicates().assign(_HAS=True)
    both = held.merge(have, on=["_SUBJECT", "FOLDER"], how="left")
    both["_HAS"] = both["_HAS"].notna()
    begun = day(own, forms.dates(of)[0]).min() if forms.dates(of) else pd.NaT
    both = both[both["FOLDER"].isin(forms.contracts[of].folders) & ~(both["_DAY"] < begun)]
    usual = both.groupby("FOLDER")["_HAS"].transform("mean") >= float(share)
    lost = both[usual & ~both["_HAS"] & (both.groupby("FOLDER")["_HAS"].transform("size") >= MANY)]
    ended = _first_of(forms, stop, lost["_SUBJECT"])
    lost = lost[~(ended <= lost["_DAY"]) & (lost["_DAY"] <= forms.due)]
    return _absent(_undocumented(lost, forms, documented), forms, of, records)


def visit_missing(
    records: pd.DataFrame,
    forms: Forms,
    *,
    of: Form,
    anchors: FieldTable,
    until: DateTable,
    documented: Field,
    gone: DateTable | None = None,
) -> pd.DataFrame:
    """Planned visits whose window is over without a record of any form; one row per subject and visit.

    Visits are those of visits.csv that hang on one of `anchors` (word: FORM.FIELD of its day) and that the contract of
    the form `of` names. After the first date of `until` (`FORM.FIELD`: condition) nothing is due, unless a later visit
    was held before the subject died.
    """
    plan = forms.visits[forms.visits["ANCHOR"].isin(anchors) & forms.visits["WINDOW_HIGH"].notna()]
    plan = plan[plan["FOLDER"].isin(forms.contracts[of].folders)]
    marks = [
        anchor(forms, source).rename("_MARK").rename_axis("_SUBJECT").reset_index().assign(ANCHOR=word)
        for word, source in anchors.items()
    ]
    due = pd.concat(marks).merge(plan[["ANCHOR", "FOLDER", "WINDOW_LOW", "WINDOW_HIGH", "PLANNED_DAY"]], on="ANCHOR")
    numbers = {name: pd.to_timedelta(pd.to_numeric(due[name]), unit="D") for name in ("WINDOW_LOW", "WINDOW_HIGH")}
    due = due.assign(_DAY=due["_MARK"] + numbers["WINDOW_LOW"], _END=due["_MARK"] + numbers["WINDOW_HIGH"])
    held = _held(forms, [f"{form}.{forms.dates(form)[0]}" for form in forms.parsed if forms.dates(form)])
    last = on_subjects(due, held[held["FOLDER"].isin(plan["FOLDER"])].groupby("_SUBJECT")["_DAY"].max())
    ended = _first_of(forms, until, due["_SUBJECT"])
    open_until = ended.fillna(forms.due).clip(upper=forms.due)
    gone = _first_of(forms, gone or {}, due["_SUBJECT"])
    wanted = ((due["_END"] < open_until) | (due["_END"] < last)) & ~(gone <= due["_END"])
    known = pd.MultiIndex.from_frame(held[["_SUBJECT", "FOLDER"]])
    lost = due[wanted & ~pd.MultiIndex.from_frame(due[["_SUBJECT", "FOLDER"]]).isin(known)]
    return _absent(_undocumented(lost, forms, documented), forms, of, records)


def _held(forms: Forms, dates: Fields) -> pd.DataFrame:
    """One row per subject and planned visit that has one of these dates, with its first day."""
    planned = forms.visits.loc[forms.visits["WINDOW_HIGH"].notna(), "FOLDER"]
    parts = []
    for name in dates:
        rows, field = forms.column(name)
        if "FOLDER" in rows:
            visits = rows[["_SUBJECT", "FOLDER"]].assign(_DAY=day(rows, field))
            parts.append(visits[rows["FOLDER"].isin(planned)])
    held = pd.concat(parts).groupby(["_SUBJECT", "FOLDER"], as_index=False)["_DAY"].min()
    after = forms.visits.loc[forms.visits["ANCHOR"].eq("CELLS"), "FOLDER"]
    return held[~held["FOLDER"].isin(after) | held["_SUBJECT"].isin(anchor(forms, forms.day0).index)]


def _first_of(forms: Forms, dates: DateTable, subjects: pd.Series) -> pd.Series:
    """The first day that these dates (`FORM.FIELD`: condition) of each subject may stand for, beside `subjects`."""
    columns = [pd.Series(pd.NaT, index=subjects.index, dtype=NO_DAYS)]
    for name, where in dates.items():
        found, field = forms.column(name)
        rows = meeting(found, where)
        first = first_day(rows, field).groupby(rows["_SUBJECT"]).min().astype(NO_DAYS)
        columns.append(pd.Series(first.reindex(subjects).array, index=subjects.index))
    return pd.concat(columns, axis=1).min(axis=1).astype(NO_DAYS)


def _undocumented(lost: pd.DataFrame, forms: Forms, documented: Field) -> pd.DataFrame:
    """Without the visits within a week of whose window a deviation is documented."""
    rows, field = forms.column(documented)
    noted = pd.DataFrame({"_SUBJECT": rows["_SUBJECT"], "_NOTED": day(rows, field)})
    end = lost["_END"] if "_END" in lost else lost["_DAY"]
    both = lost.assign(_ROW=lost.index, _LAST=end).merge(noted, on="_SUBJECT")
    week = pd.Timedelta(days=7)
    told = both[both["_NOTED"].between(both["_DAY"] - week, both["_LAST"] + week)]["_ROW"]
    return lost[~lost.index.isin(told)]


def _absent(lost: pd.DataFrame, forms: Forms, form: Form, records: pd.DataFrame) -> pd.DataFrame:
    """Rows for records that are not there."""
    rows = lost[["_SUBJECT", "FOLDER", "_DAY"]].assign(_FORM=form, _RECORD="", _FIELD="", around=iso(lost["_DAY"]))
    rows["_SITE"] = forms.site_of(rows["_SUBJECT"])
    return flagged([rows.set_axis(range(-1, -1 - len(rows), -1))], records)
