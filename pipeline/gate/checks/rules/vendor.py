"""Rules of vendor files: samples and reads beside visits and subjects, readers of a scan."""

from __future__ import annotations

import pandas as pd

from adam.criteria.lugano import overall_response
from pipeline.gate.checks.parsed import Forms, anchor, day, on_subjects
from pipeline.gate.checks.rules import Codes, Field, Fields, Form, Number, Table, flagged, iso, of_subject
from pipeline.ground.distinct import on_distinct


def off_time_point(
    records: pd.DataFrame, forms: Forms, *, sample: Field, visit: Field, date: Field, milestone: Field, beside: Fields
) -> pd.DataFrame:
    """Samples taken outside the window of their time point, one row per sample.

    The window is that of visits.csv; a time point named there as an alias (`DAY 3`) has its number, give or take a
    day. A sample on the day of the visit's own records (`beside`: `FORM.DATE`) is right: it is the visit that is off.
    """
    folder, low, high = _windows(records[visit], forms)
    relative = (day(records, date) - on_subjects(records, anchor(forms, milestone))).dt.days
    off = (relative < low) | (relative > high)
    held = _on_visit_day(records, folder, day(records, date), forms, beside)
    rows = records[off & ~held].drop_duplicates([sample, "_SUBJECT"])
    return rows.assign(rel=relative.map("{:.0f}".format)[rows.index])


def _windows(visit: pd.Series, forms: Forms) -> tuple[pd.Series, pd.Series, pd.Series]:
    """Folder of each visit, and the first and last day of its window."""
    told = on_distinct(visit, lambda named: _windows_of(named, forms))
    return told["folder"], told["low"], told["high"]


def _windows_of(visit: pd.Series, forms: Forms) -> pd.DataFrame:
    plan = forms.visits
    hung = plan[plan["ANCHOR"].eq("CELLS") & plan["WINDOW_LOW"].notna()].set_index("VISIT")
    alias = {name: row for row, names in plan["ALIAS"].fillna("").items() for name in names.split(";") if name}
    at_zero = {name: plan.loc[row, "WINDOW_LOW"] for name, row in alias.items()}
    number = pd.to_numeric(visit.str.extract(r"^DAY (\d+)")[0], errors="coerce")
    low, high = (pd.to_numeric(visit.map(hung[c]), errors="coerce") for c in ("WINDOW_LOW", "WINDOW_HIGH"))
    named = visit.isin(at_zero) & low.isna()
    margin = (number > 0).astype("float64")
    low, high = low.fillna((number - margin).where(named)), high.fillna((number + margin).where(named))
    folders = dict(zip(plan["VISIT"], plan["FOLDER"], strict=True)) | {
        n: plan.loc[r, "FOLDER"] for n, r in alias.items()
    }
    return pd.DataFrame({"folder": visit.map(folders), "low": low, "high": high})


def _on_visit_day(records: pd.DataFrame, folder: pd.Series, days: pd.Series, forms: Forms, beside: Fields) -> pd.Series:
    own = pd.MultiIndex.from_arrays([records["_SUBJECT"], folder, days])
    met = pd.Series(False, index=records.index)
    for name in beside:
        rows, field = forms.column(name)
        met |= own.isin(pd.MultiIndex.from_arrays([rows["_SUBJECT"], forms.folder(rows), day(rows, field)]))
    return met


def other_day_than_visit(
    records: pd.DataFrame, forms: Forms, *, sample: Field, visit: Field, date: Field, held: Field, days: Number
) -> pd.DataFrame:
    """Samples or scans of a visit dated more than so many days from the visit's record (`FORM.DATE`); one per sample.

    Visits with a window hung on the infusion whose record lies outside it are passed over: then the visit is wrong.
    """
    rows, field = forms.column(held)
    folder, low, high = _windows(records[visit], forms)
    there = day(rows, field).groupby([rows["_SUBJECT"], rows["FOLDER"]]).agg(["min", "max"])
    index = pd.MultiIndex.from_arrays([records["_SUBJECT"], folder])
    first, last = (pd.Series(there[c].reindex(index).to_numpy(), index=records.index) for c in ("min", "max"))
    day0 = on_subjects(records, anchor(forms, forms.day0))
    beyond = ((first - day0).dt.days < low) | ((first - day0).dt.days > high)
    own, margin = day(records, date), pd.Timedelta(days=float(days))
    off = ((own < first - margin) | (own > last + margin)) & ~beyond & (own <= forms.extracted)
    found = records[off].drop_duplicates([sample, "_SUBJECT"])
    return found.assign(held=iso(first[found.index].astype("datetime64[s]")))


def no_visit_of(records: pd.DataFrame, forms: Forms, *, sample: Field, visit: Field, held: Field) -> pd.DataFrame:
    """Samples or scans of a visit at which the subject has no dated record (`FORM.DATE`); one per sample."""
    rows, field = forms.column(held)
    dated = rows[day(rows, field).notna()]
    folder, _, _ = _windows(records[visit], forms)
    own = pd.MultiIndex.from_arrays([records["_SUBJECT"], folder])
    there = own.isin(pd.MultiIndex.from_frame(dated[["_SUBJECT", "FOLDER"]]))
    return records[folder.notna() & ~there].drop_duplicates([sample, "_SUBJECT"])


def sample_due(
    records: pd.DataFrame, forms: Forms, *, of: Form, visit: Field, held: Field, share: Number
) -> pd.DataFrame:
    """Visits held (`FORM.DATE`) without a sample or read of the vendor, which nearly all subjects have there.

    One row per subject and visit, without a record.
    """
    rows, field = forms.column(held)
    folder, _, _ = _windows(records[visit], forms)
    have = pd.MultiIndex.from_arrays([records["_SUBJECT"], folder])
    visits = rows[["_SUBJECT", "FOLDER"]].assign(_DAY=day(rows, field)).dropna()
    visits = visits.groupby(["_SUBJECT", "FOLDER"], as_index=False)["_DAY"].min()
    visits["_HAS"] = pd.MultiIndex.from_frame(visits[["_SUBJECT", "FOLDER"]]).isin(have)
    infused = anchor(forms, forms.day0).index
    after = forms.visits.loc[forms.visits["ANCHOR"].eq("CELLS"), "FOLDER"]
    visits = visits[~visits["FOLDER"].isin(after) | visits["_SUBJECT"].isin(infused)]
    told = forms.extracted - pd.Timedelta(days=30)  # a transfer comes later than what a site enters
    usual = visits.groupby("FOLDER")["_HAS"].transform("mean") >= float(share)
    lost = visits[usual & ~visits["_HAS"] & (visits["_DAY"] < told)]
    lost = lost.assign(_FORM=of, _RECORD="", _FIELD="", _SITE=forms.site_of(lost["_SUBJECT"]), around=iso(lost["_DAY"]))
    return flagged([lost.drop(columns="_HAS").set_axis(range(-1, -1 - len(lost), -1))], records)


def readers(
    records: pd.DataFrame, forms: Forms, *, scan: Field, reader: Field, overall: Field, pair: Codes, judge: str
) -> pd.DataFrame:
    """Scans without both readers, with an adjudicator although they agree, or without one although they differ.

    The first record of the scan stands for it (the adjudicator's where there should be none); `what` says the fault.
    """
    records, scan = of_subject(records, scan), "_OWN"
    wide = records.drop_duplicates([scan, reader]).pivot(index=scan, columns=reader, values=overall)
    wide = wide.reindex(columns=[*pair, judge])
    one, two = (wide[name] for name in pair)
    there = (
        records.groupby([scan, reader]).size().unstack(fill_value=0).reindex(columns=[*pair, judge], fill_value=0) > 0
    )
    alone = ~(there[pair[0]] & there[pair[1]])
    agree = one.notna() & one.eq(two)
    needless, needed = agree & there[judge], one.notna() & two.notna() & ~agree & ~there[judge]
    what = pd.Series("", index=wide.index).mask(alone, "one of the two readers is missing")
    what = what.mask(needed, "the readers differ and the adjudicator is missing")
    what = what.mask(needless, "the readers agree, yet there is an adjudication")
    said = records[scan].map(what).fillna("").astype("str")
    idle = said.str.startswith("the readers agree").astype("bool")
    kept = (~records.duplicated(scan) & said.ne("") & ~idle) | (records[reader].eq(judge) & idle)
    return records[kept].assign(what=said[kept])


def adjudicated_otherwise(
    records: pd.DataFrame, forms: Forms, *, scan: Field, reader: Field, overall: Field, pair: Codes, judge: str
) -> pd.DataFrame:
    """Adjudications that agree with neither of the readers."""
    records, scan = of_subject(records, scan), "_OWN"
    wide = (
        records.drop_duplicates([scan, reader])
        .pivot(index=scan, columns=reader, values=overall)
        .reindex(columns=[*pair])
    )
    both = records[[scan]].join(wide, on=scan)
    off = records[reader].eq(judge) & both[pair[0]].notna() & both[pair[1]].notna()
    off &= (records[overall] != both[pair[0]]) & (records[overall] != both[pair[1]])
    return records[off]


def read_off(
    records: pd.DataFrame, forms: Forms, *, metabolic: Field, anatomic: Field, overall: Field, new: Field
) -> pd.DataFrame:
    """Reads whose overall response does not follow from metabolic and CT response (Lugano).

    A complete metabolic response beside CT progression may be CR or PD: whether a lesion is proven is not sent.
    """
    derived = overall_response(
        records[metabolic], records[anatomic], records[new],
        ne_pet_rule=forms.decisions.get("NE_PET_RULE", "NE"), ct_cr_needs_pet=forms.flag("CT_CR_NEEDS_PET", "Y"),
    )  # fmt: skip
    discordant = records[metabolic].eq("CMR") & records[anatomic].eq("PD") & records[overall].isin(["CR", "PD"])
    off = records[[metabolic, anatomic, overall]].notna().all(axis=1) & (derived != records[overall]) & ~discordant
    return records[off].assign(expected=derived[off])


def score_off(records: pd.DataFrame, forms: Forms, *, score: Field, response: Field, fits: Table) -> pd.DataFrame:
    """Reads whose score does not fit their metabolic response; `fits` maps the response to its scores."""
    number = pd.to_numeric(records[score], errors="coerce").map("{:g}".format, na_action="ignore")
    known = records[response].map(fits)
    good = pd.Series([str(n) in str(k).split() for n, k in zip(number, known, strict=True)], index=records.index)
    return records[number.notna() & known.notna() & ~good]
