"""Rules of identity: a number that names one sample, scan, lot or record, and stands with two subjects."""

from __future__ import annotations

import pandas as pd

from pipeline.gate.checks.parsed import Forms, day
from pipeline.gate.checks.rules import Field, flagged
from pipeline.study.contracts import Contract

NEAR = 3  # days between a sample and the visit it was taken at


def shared(records: pd.DataFrame, forms: Forms, *, value: Field) -> pd.DataFrame:
    """The first record of each subject that carries a value (a lot, say) which another subject carries too.

    `other` names the other subjects, `verdict` whose visits the dates of these records agree with.
    """
    filled = records[records[value].notna()]
    subjects = filled[["_SUBJECT", value]].drop_duplicates()
    common = subjects[subjects.duplicated(value, keep=False)]
    mine = filled[filled[value].isin(common[value])].drop_duplicates([value, "_SUBJECT"])
    if mine.empty:
        return mine
    fits = _at_own_visit(mine, forms)
    alike = dict(iter(mine.groupby(value, sort=False)))
    told = [_told(alike[number], fits, at) for at, number in mine[value].items()]
    other, verdict = zip(*told, strict=True)
    return mine.assign(other=other, verdict=verdict, _TOGETHER=mine[value].astype("str"), _VALUE=mine[value])


def id_of_two_subjects(records: pd.DataFrame, forms: Forms) -> pd.DataFrame:
    """As `shared`, of the numbers by which the contract knows the records of a form (sample, accession, record id).

    `place` says where the record stands, `others` whose the other records are and where they stand.
    """
    if records.empty:
        return records
    contract = forms.contracts[str(records["_FORM"].iloc[0])]
    subject = contract.subject.column
    numbers = dict.fromkeys([*contract.record[:1], *contract.unique[:1]])
    return flagged([_shared_number(records, forms, n) for n in numbers if n != subject and n in records], records)


def _shared_number(records: pd.DataFrame, forms: Forms, number: Field) -> pd.DataFrame:
    contract = forms.contracts[str(records["_FORM"].iloc[0])]
    found = shared(records, forms, value=number)
    if found.empty:
        return found
    lines, known = "line " + found["_LINE"].astype("str"), found["_RECORD"].astype("str")
    at = lines.where(found[number].astype("str") == known.str.partition("/")[0], "record " + known + ", " + lines)
    column = contract.subject.column
    sent = (found[column] if column in found else found["_SUBJECT"]).fillna(found["_SUBJECT"]).astype("str")
    own = at.where(sent == found["_SUBJECT"], sent + ", " + at)  # a laboratory knows its own number of the subject
    told = (found["_SUBJECT"].astype("str") + " (" + own + ")").groupby(found[number])
    others = [" and ".join(text for place, text in told.get_group(n).items() if place != row)
              for row, n in found[number].items()]  # fmt: skip
    place = found["_FILE"].astype("str") + ", " + at
    return found.assign(_FIELD=contract.subject.column, number=_label(contract, number), place=place, others=others)


def _label(contract: Contract, name: str) -> str:
    entry = contract.fields.get(name)
    return (entry.label if entry and entry.label else "Record id").split(",")[0]


def _told(rows: pd.DataFrame, fits: pd.Series, at: object) -> tuple[str, str]:
    """The other subjects with one number, and whose visits the dates agree with."""
    others = [subject for place, subject in rows["_SUBJECT"].items() if place != at]
    right = [subject for place, subject in rows["_SUBJECT"].items() if fits[place]]
    verdict = "The visits do not tell whose it is."
    if len(right) == len(rows):
        verdict = "Each date agrees with the subject's own visits: one number stands for different things."
    elif len(right) == 1:
        verdict = f"Only the date of subject {right[0]} agrees with the subject's own visits."
    return " and ".join(others), verdict


def _at_own_visit(records: pd.DataFrame, forms: Forms) -> pd.Series:
    """True where the first date of a record lies within three days of a planned visit of the subject."""
    dates = [name for name in forms.dates(str(records["_FORM"].iloc[0])) if f"{name}:day" in records]
    if not dates:
        return pd.Series(False, index=records.index)
    own, visits = day(records, dates[0]), _visit_days(forms, str(records["_FORM"].iloc[0]))
    near = pd.Series(False, index=records.index)
    for shift in range(-NEAR, NEAR + 1):
        near |= pd.MultiIndex.from_arrays([records["_SUBJECT"], own + pd.Timedelta(days=shift)]).isin(visits)
    return near


def _visit_days(forms: Forms, but: str) -> pd.MultiIndex:
    """Subject and day of the records of planned visits, those of one form left out."""
    planned = forms.visits.loc[forms.visits["WINDOW_HIGH"].notna(), "FOLDER"] if len(forms.visits) else []
    parts = []
    for form, rows in forms.parsed.items():
        if form != but and "FOLDER" in rows and forms.dates(form) and f"{forms.dates(form)[0]}:day" in rows:
            dated = pd.DataFrame({"_S": rows["_SUBJECT"], "_D": day(rows, forms.dates(form)[0])})
            parts.append(dated[rows["FOLDER"].isin(planned)])
    whole = pd.concat(parts) if parts else pd.DataFrame({"_S": [], "_D": []})
    return pd.MultiIndex.from_frame(whole.drop_duplicates())
