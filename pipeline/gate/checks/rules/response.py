"""Rules of response: what the investigator says beside lesions, PET and new lesions by the Lugano classification."""

from __future__ import annotations

import numpy as np
import pandas as pd

from adam.criteria.lugano import anatomic_response, metabolic_response, overall_response, standard_metabolic
from adam.criteria.lugano_lesions import (
    SpleenRule,
    new_lesion,
    non_target_response,
    spleen_response,
    target_response,
)
from pipeline.gate.checks.parsed import VISIT, Forms, anchor, day, on_subjects
from pipeline.gate.checks.rules import Clause, Codes, Field, Fields, FieldTable, Form, Source, flagged, iso, plain

SPLEEN = {"SPLEEN_PD_FROM": "growth_from", "SPLEEN_NEW_CM": "new_cm", "SPLEEN_NEW_ANY": "any_new"}
JUDGED = ["CR", "PR", "SD", "PD"]


def at_visit(records: pd.DataFrame, other: pd.DataFrame, values: pd.Series, how: str = "first") -> pd.Series:
    """A value of another form at the same visit of the subject, on the index of `records`."""
    by_visit = values.groupby([other[name] for name in VISIT]).agg(how)
    index = pd.MultiIndex.from_frame(records[VISIT])
    return pd.Series(by_visit.reindex(index).to_numpy(), index=records.index)


def other_than_at_visit(records: pd.DataFrame, forms: Forms, *, field: Field, other: Field) -> pd.DataFrame:
    """Records that say something else than another form (`FORM.FIELD`) of the same visit."""
    rows, name = forms.column(other)
    there = at_visit(records, rows, rows[name])
    off = there.notna() & records[field].notna() & (there != records[field])
    return records[off].assign(expected=there[off])


def not_earliest(records: pd.DataFrame, forms: Forms, *, date: Field, dates: Fields) -> pd.DataFrame:
    """Records whose date is not the earliest of these dates (`FORM.FIELD`) of the same visit."""
    columns = []
    for name in dates:
        rows, field = forms.column(name)
        columns.append(at_visit(records, rows, day(rows, field), "min"))
    earliest = pd.concat(columns, axis=1).min(axis=1).astype("datetime64[s]")
    off = day(records, date).notna() & earliest.notna() & (earliest != day(records, date))
    return records[off].assign(expected=iso(earliest[off]))


def metabolic_off(
    records: pd.DataFrame, forms: Forms, *, columns: FieldTable, response: Field, baseline: Codes, stated: Field
) -> pd.DataFrame:
    """PET records whose metabolic response is not the one score, uptake and new lesions give.

    Where the response form (`stated`) repeats the metabolic response the score is the likelier error and is named.
    """
    pet = pd.DataFrame({word: records[name] for word, name in columns.items()})
    avid = records["FOLDER"].isin(baseline) & pet["DONE"].eq("Y") & pet["EVAL"].eq("Y")
    based = records["_SUBJECT"].isin(records.loc[avid, "_SUBJECT"])
    ordered = pet["MARROW"].loc[records.sort_values(f"{columns['DATE']}:first").index]
    before = ordered.groupby(records["_SUBJECT"]).shift()
    pet = pet.assign(BASEAVID=np.where(based, "Y", "N"), MARRPREV=before.reindex(records.index).fillna("N"))
    derived, said = metabolic_response(pet), standard_metabolic(records[response])
    rows, name = forms.column(stated)
    agreed = at_visit(records, rows, rows[name]).eq(records[response])
    off = records[response].notna() & ~records["FOLDER"].isin(baseline) & (derived != said) & derived.ne("NE")
    fields = pd.Series(response, index=records.index).mask(agreed, columns["SCORE"])
    return records[off].assign(_FIELD=fields[off], expected=derived[off].replace("SMD", "NMR"))


def overall_off(
    records: pd.DataFrame,
    forms: Forms,
    *,
    metabolic: Field,
    anatomic: Field,
    overall: Field,
    lesions: Form,
    proof: Fields,
) -> pd.DataFrame:
    """Response records whose overall response does not follow from PET and CT.

    A new lesion of the visit (form `lesions`) is proven when one of the fields `proof` is Y.
    """
    rows = forms[lesions]
    shown = rows[[plain(name) for name in proof]].eq("Y").any(axis=1).astype("bool")
    proven = at_visit(records, rows, shown.map({True: "Y", False: "N"}), "max").fillna("N")
    derived = overall_response(
        records[metabolic], records[anatomic], proven,
        ne_pet_rule=forms.decisions.get("NE_PET_RULE", "NE"), ct_cr_needs_pet=forms.flag("CT_CR_NEEDS_PET", "Y"),
    )  # fmt: skip
    off = records[[metabolic, anatomic, overall]].notna().all(axis=1) & (derived != records[overall])
    return records[off].assign(expected=derived[off])


def anatomic_off(
    records: pd.DataFrame,
    forms: Forms,
    *,
    target: Source,
    other: Source,
    new: Source,
    stated: FieldTable,
    baseline: Codes,
) -> pd.DataFrame:
    """Response records whose CT response does not follow from target, non-target and new lesions and the spleen.

    `stated` names the response, the spleen's length and (FORM.FIELD) its length before treatment. Visits after a
    first progression by size are passed over: whether it was one is settled there.
    """
    points = records[[*VISIT]].assign(ADT=_visit_day(records, forms, target, other))
    sizes = target_response(_lesions(forms, target, baseline, points))
    rest = non_target_response(_lesions(forms, other, baseline, points))
    rows = forms[new["form"]]
    fresh = new_lesion(rows.rename(columns={v: k for k, v in new.items() if k != "form"}))
    worst = at_visit(records, rows, fresh.map({"Y": 2, "U": 1, "N": 0}), "max")
    found = worst.map({2: "Y", 1: "U", 0: "N"}).fillna("N")
    keyed = points.rename(columns={"_SUBJECT": "USUBJID"})
    keyed = keyed.merge(sizes, on=["USUBJID", "ADT"], how="left").merge(rest, on=["USUBJID", "ADT"], how="left")
    keyed = keyed.set_axis(records.index)
    history, before = forms.column(stated["spleen_before"])
    base = on_subjects(records, history.groupby("_SUBJECT")[before].first())
    organ = _spleen(records[stated["spleen"]], base, points, forms)
    derived = anatomic_response(keyed["TRGRESP"], keyed["NTRGRESP"], found, spleen=organ)
    said = records[stated["response"]]
    judged = keyed["TRGRESP"].notna() & ~_unclear(records, forms, target, other)
    judged &= derived.isin(JUDGED) & said.isin(JUDGED)
    worse = points["ADT"].where(derived.eq("PD")).groupby(points["_SUBJECT"]).transform("min")
    judged &= ~(worse < points["ADT"])
    off = judged & (derived != said)
    return records[off].assign(expected=derived[off])


def _spleen(length: pd.Series, base: pd.Series, points: pd.DataFrame, forms: Forms) -> pd.Series:
    """Spleen response with the smallest length of the visits before, by the decisions SPLEEN_*."""
    settings = {name: forms.decisions[name] for name in SPLEEN if name in forms.decisions}
    rule = SpleenRule(**{SPLEEN[name]: value for name, value in settings.items()})
    ordered = length[points["ADT"].sort_values(kind="stable").index]
    subject = points["_SUBJECT"].reindex(ordered.index)
    least = ordered.groupby(subject).cummin().groupby(subject).ffill().groupby(subject).shift()
    return spleen_response(length, base, least.reindex(length.index), rule)


def _unclear(records: pd.DataFrame, forms: Forms, *lesion_forms: Source) -> pd.Series:
    """True for visits with a lesion without status: that is another check."""
    unclear = pd.Series(False, index=records.index)
    for names in lesion_forms:
        rows = forms[names["form"]]
        unclear |= at_visit(records, rows, rows[names["status"]].isna().astype("float64"), "max").fillna(0) > 0
    return unclear


def _visit_day(records: pd.DataFrame, forms: Forms, *lesion_forms: Source) -> pd.Series:
    days = []
    for names in lesion_forms:
        rows = forms[names["form"]]
        days.append(at_visit(records, rows, day(rows, names["date"]), "min"))
    return pd.concat(days, axis=1).min(axis=1).astype("datetime64[s]")


def _lesions(forms: Forms, names: Source, baseline: Codes, points: pd.DataFrame) -> pd.DataFrame:
    """Lesion records as the criteria want them; the baseline is the subject's last screening scan."""
    rows = forms[names["form"]]
    own = day(rows, names["date"])
    days = rows[VISIT].merge(points.drop_duplicates(VISIT), on=VISIT, how="left")["ADT"].set_axis(rows.index)
    frame = pd.DataFrame({"USUBJID": rows["_SUBJECT"], "TRLNKID": rows[names["id"]], "ADT": days.fillna(own)})
    frame = frame.assign(STATUS=rows[names["status"]], TYPE="N", LDIAM=np.nan, LPERP=np.nan)
    told = {"TYPE": "type", "LDIAM": "long", "LPERP": "short"}
    frame = frame.assign(**{name: rows[names[word]] for name, word in told.items() if word in names})
    screening = rows["FOLDER"].isin(baseline)
    last = own.where(screening).groupby(rows["_SUBJECT"]).transform("max")
    first = screening & own.eq(last)
    frame = frame.assign(ABLFL=first.map({True: "Y"}))
    return frame[(first | ~screening) & frame["ADT"].notna()].drop_duplicates(["USUBJID", "TRLNKID", "ADT"])


def lesion_missing(records: pd.DataFrame, forms: Forms, *, lesion: Field, baseline: Codes) -> pd.DataFrame:
    """Visits with lesion records at which a baseline lesion of the subject has none.

    The visit's first record stands for the missing one.
    """
    known = records[records["FOLDER"].isin(baseline)][["_SUBJECT", lesion]].dropna().drop_duplicates()
    later = records[~records["FOLDER"].isin(baseline)]
    visits = later.drop_duplicates(VISIT).assign(_ROW=lambda rows: rows.index)
    wanted = visits[[*VISIT, "_ROW"]].merge(known, on="_SUBJECT")
    have = later[[*VISIT, lesion]].drop_duplicates()
    lost = wanted.merge(have, on=[*VISIT, lesion], how="left", indicator=True)
    lost = lost[lost["_merge"] == "left_only"].drop_duplicates("_ROW").set_index("_ROW")
    return records.loc[lost.index].assign(missing=lost[lesion].map("{:g}".format))


def new_among_known(records: pd.DataFrame, forms: Forms, *, lesion: Field, baseline: Codes) -> pd.DataFrame:
    """Lesions followed later that were not there at screening."""
    known = pd.MultiIndex.from_frame(records[records["FOLDER"].isin(baseline)][["_SUBJECT", lesion]])
    later = records[~records["FOLDER"].isin(baseline) & records["_SUBJECT"].isin(known.get_level_values(0))]
    return later[~pd.MultiIndex.from_frame(later[["_SUBJECT", lesion]]).isin(known)]


def visit_lacks(records: pd.DataFrame, forms: Forms, *, form: Form, where: Clause = "") -> pd.DataFrame:
    """Records whose visit has no record in another form (that meets a condition)."""
    rows = forms.select(form, where)
    return records[~pd.MultiIndex.from_frame(records[VISIT]).isin(pd.MultiIndex.from_frame(rows[VISIT]))]


def visit_has(records: pd.DataFrame, forms: Forms, *, form: Form, where: Clause = "") -> pd.DataFrame:
    """Records whose visit has a record in another form (that meets a condition), and should not."""
    rows = forms.select(form, where)
    return records[pd.MultiIndex.from_frame(records[VISIT]).isin(pd.MultiIndex.from_frame(rows[VISIT]))]


def better_after_worst(
    records: pd.DataFrame, forms: Forms, *, response: Field, date: Field, worst: Codes, better: Codes, therapy: Field
) -> pd.DataFrame:
    """A better response after progression without a new therapy up to then."""
    days = day(records, date)
    worst_day = on_subjects(records, days[records[response].isin(worst)].groupby(records["_SUBJECT"]).min())
    treated = on_subjects(records, anchor(forms, therapy)) <= days
    off = records[response].isin(better) & (days > worst_day) & ~treated
    return flagged([records[off].assign(other=iso(worst_day[off]))], records)
