"""Rules of records: entered twice, numbered with gaps, of another site, missing beside another, inactivated."""

from __future__ import annotations

import pandas as pd

from pipeline.gate.checks.parsed import Forms
from pipeline.gate.checks.rules import Clause, Field, Fields, Form, Number, flagged

LENGTH, VISITS = 200, ("FOLDER", "FOLDERSEQ", "VISIT")


def repeated(records: pd.DataFrame, forms: Forms, *, same: Fields) -> pd.DataFrame:
    """Records that agree in all these fields (none empty) with an earlier one of the subject; the later is named.

    Records that agree in everything are `entered_twice`, another check.
    """
    whole = records[records[list(same)].notna().all(axis=1)]
    ordered = _by_entry(whole)
    again = ordered.duplicated(["_SUBJECT", *same], keep="first")
    first = ordered.groupby(["_SUBJECT", *same], sort=False)["_RECORD"].transform("first")
    found = ordered[again].assign(first=first[again])
    return found[~found["_RECORD"].isin(entered_twice(records, forms)["_RECORD"])] if len(found) else found


def entered_twice(records: pd.DataFrame, forms: Forms) -> pd.DataFrame:
    """Records of an EDC form that agree in visit and all data with an earlier one of the subject."""
    contract = forms.contracts.get("" if records.empty else str(records["_FORM"].iloc[0]))
    if contract is None or not contract.system:
        return records.iloc[:0]
    fields = [f for f in contract.fields if f in records and f not in VISITS]
    filled = records[records[fields].notna().sum(axis=1) > 0]
    keys = ["_SUBJECT", *[name for name in VISITS if name in records], *fields]
    ordered = _by_entry(filled[filled.duplicated(keys, keep=False)])
    again = ordered.duplicated(keys, keep="first")
    first = ordered.groupby(keys, sort=False, dropna=False)["_RECORD"].transform("first")
    return ordered[again].assign(first=first[again], _FIELD=contract.record[0])


def numbered_with_gaps(records: pd.DataFrame, forms: Forms, *, number: Field) -> pd.DataFrame:
    """The first record of a subject whose number leaves a gap after the one before (1, 2, 4).

    Subjects with one number twice are passed over: that is another check.
    """
    records = _counted(records, number)
    ordered = records[records[number].notna()].sort_values(["_SUBJECT", number], kind="stable")
    step = ordered.groupby("_SUBJECT")[number].diff().fillna(ordered[number])
    unclear = ordered.duplicated(["_SUBJECT", number]).groupby(ordered["_SUBJECT"]).transform("any")
    return ordered[(step > 1) & ~unclear].drop_duplicates("_SUBJECT")


def numbered_against_time(records: pd.DataFrame, forms: Forms, *, number: Field, date: Field) -> pd.DataFrame:
    """Records with a higher number than another of the subject that certainly began later."""
    records = _counted(records, number)
    ordered = records[records[number].notna()].sort_values(["_SUBJECT", number], kind="stable")
    latest_before = ordered.groupby("_SUBJECT")[f"{date}:first"].cummax().groupby(ordered["_SUBJECT"]).shift()
    return ordered[ordered[f"{date}:last"] < latest_before]


def number_twice(records: pd.DataFrame, forms: Forms, *, number: Field, date: Field) -> pd.DataFrame:
    """Of records with one number the one whose place in time is another (else the later one)."""
    records = _counted(records, number)
    ordered = records[records[number].notna()].sort_values(["_SUBJECT", f"{date}:first", "_LINE"], kind="stable")
    place = ordered.groupby("_SUBJECT").cumcount() + 1
    twice = ordered.duplicated(["_SUBJECT", number], keep=False)
    keys = [ordered["_SUBJECT"], ordered[number]]
    fits = (place == ordered[number]) & twice
    any_fit = fits.groupby(keys).transform("any")
    odd = twice & ((any_fit & ~fits) | (~any_fit & ordered.duplicated(["_SUBJECT", number])))
    first = ordered.groupby(keys)["_RECORD"].transform("first")
    last = ordered.groupby(keys)["_RECORD"].transform("last")
    other = first.where(first != ordered["_RECORD"], last)
    return ordered[odd].assign(first=other[odd])


def of_another_site(records: pd.DataFrame, forms: Forms) -> pd.DataFrame:
    """Records filed under another site than their subject's, both as the database calls sites.

    Which of its names stands for which site of the numbers is read from the whole extract. A form whose contract has
    no SITE is not asked; of a name that stands for no one site, a record is asked about where most others of its
    subject are filed elsewhere.
    """
    carried = forms.contracts[str(records["_FORM"].iloc[0])] if len(records) else None
    if "SITE" not in records or carried is None or "SITE" not in {*carried.fields, *carried.carried}:
        return records.iloc[:0]
    by_subject = forms.once("sites", _site_of_subjects)
    expected = records["_SUBJECT"].map(by_subject)
    odd = records["SITE"].notna() & expected.notna() & (records["SITE"] != expected)
    return records[odd].assign(_FIELD="SITE", expected=expected[odd])


def _site_of_subjects(forms: Forms) -> pd.Series:
    """The name under which each subject's records belong, by subject number."""
    filed = pd.concat([rows[["_SUBJECT", "SITE"]] for rows in forms.parsed.values() if "SITE" in rows])
    many = filed.dropna().value_counts(sort=False).rename("records").reset_index().sort_values(
        ["_SUBJECT", "records", "SITE"], ascending=[True, False, True], kind="stable")  # fmt: skip
    mostly = many.drop_duplicates("_SUBJECT").set_index("_SUBJECT")["SITE"]
    number = forms.site_of(mostly.index.to_series())
    return number.map(_called(mostly, number)).astype("object").fillna(mostly)


def _called(mostly: pd.Series, number: pd.Series) -> dict[str, str]:
    """What the database calls each site of the subjects' numbers: the same, or one name that stands for it alone.

    A numbering of the database's own (locations of ODM) is taken where it goes one to one with the numbers: by most
    subjects of each site, and no name for two sites.
    """
    same = int((mostly == number).sum())
    if same and same * 2 >= number.notna().sum():
        return {site: site for site in number.dropna().unique()}
    pairs = pd.DataFrame({"name": mostly, "site": number}).dropna().value_counts(sort=False).reset_index()
    whole = pairs.groupby("site")["count"].transform("sum")
    most = pairs[pairs["count"] * 2 > whole]
    alone = most[~most["name"].duplicated(keep=False)]
    return dict(zip(alone["site"], alone["name"], strict=True))


def of_another_study(records: pd.DataFrame, forms: Forms) -> pd.DataFrame:
    """Records whose study (STUDY or STUDYID) is not the one of nearly all records of the form."""
    name = next((n for n in ("STUDY", "STUDYID") if n in records), "")
    if not name or records[name].dropna().empty:
        return records.iloc[:0]
    usual = records[name].mode().iloc[0]
    return records[records[name].notna() & (records[name] != usual)].assign(_FIELD=name, expected=usual)


def in_wrong_folder(records: pd.DataFrame, forms: Forms) -> pd.DataFrame:
    """Records in a visit folder that their form does not belong to."""
    folders = forms.contracts[str(records["_FORM"].iloc[0])].folders if len(records) else ()
    if not folders or "FOLDER" not in records:
        return records.iloc[:0]
    return records[records["FOLDER"].notna() & ~records["FOLDER"].isin(folders)].assign(_FIELD="FOLDER")


def number_of_another(records: pd.DataFrame, forms: Forms) -> pd.DataFrame:
    """Records whose record id another form of the database has too."""
    if "RECORDID" not in records or records.empty:
        return records.iloc[:0]
    form = str(records["_FORM"].iloc[0])
    others = forms.once("ids", _of_several_forms)
    owner = others[others["_FORM"] != form].drop_duplicates("RECORDID").set_index("RECORDID")["_FORM"]
    other = records["RECORDID"].map(owner)
    return records[other.notna()].assign(_FIELD="RECORDID", other=other[other.notna()])


def _of_several_forms(forms: Forms) -> pd.DataFrame:
    """The record ids that stand more than once in the database, each with its form."""
    ids = pd.concat([rows[["RECORDID", "_FORM"]] for rows in forms.parsed.values() if "RECORDID" in rows])
    return ids[ids.duplicated("RECORDID", keep=False)].dropna()


def saved_before_created(records: pd.DataFrame, forms: Forms) -> pd.DataFrame:
    """Records last saved before they were created."""
    if "UPDATED" not in records:
        return records.iloc[:0]
    return records[records["UPDATED"] < records["CREATED"]].assign(_FIELD="UPDATED")


def outdated_version(records: pd.DataFrame, forms: Forms, *, version: Field, date: Field, days: Number) -> pd.DataFrame:
    """Records with a version lower than one the study used so many days before."""
    number = pd.to_numeric(records[version], errors="coerce")
    dated = (
        records.assign(_V=number, _D=records[f"{date}:first"])
        .dropna(subset=["_V", "_D"])
        .sort_values("_D", kind="stable")
    )
    dated["_D"] = dated["_D"].astype("datetime64[us]")
    used = dated[["_D", "_V"]].assign(_D=dated["_D"] + pd.Timedelta(days=float(days)), _NEWEST=dated["_V"].cummax())
    beside = pd.merge_asof(dated[["_D"]], used[["_D", "_NEWEST"]], on="_D")["_NEWEST"].set_axis(dated.index)
    old = dated["_V"] < beside
    return dated[old].assign(newest=beside[old].map("{:.1f}".format)).drop(columns=["_V", "_D"])


def too_long(records: pd.DataFrame, forms: Forms) -> pd.DataFrame:
    """Text of more than 200 bytes: an SDTM variable does not hold it."""
    found = []
    for name, entry in forms.contracts[str(records["_FORM"].iloc[0])].fields.items() if len(records) else ():
        if entry.type == "text" and name in records:
            text = records[name][records[name].str.len() * 4 > LENGTH]
            size = text.str.encode("utf-8").map(len)
            size = size[size > LENGTH]
            found.append(records.loc[size.index].assign(_FIELD=name, length=size.astype("str")))
    return flagged(found, records)


def without(records: pd.DataFrame, forms: Forms, *, form: Form, where: Clause = "") -> pd.DataFrame:
    """Records of subjects for whom another form has no record (that meets a condition); one record per subject."""
    others = forms.select(form, where)
    return records[~records["_SUBJECT"].isin(others["_SUBJECT"])].drop_duplicates("_SUBJECT")


def without_each(records: pd.DataFrame, forms: Forms, *, form: Form, where: Clause = "") -> pd.DataFrame:
    """As `without`, but every record of the subject."""
    return records[~records["_SUBJECT"].isin(forms.select(form, where)["_SUBJECT"])]


def without_once(records: pd.DataFrame, forms: Forms, *, form: Form, where: Clause, once: Field) -> pd.DataFrame:
    """As `without`, but one record per sample (`once`) instead of per subject."""
    others = forms.select(form, where)
    return records[~records["_SUBJECT"].isin(others["_SUBJECT"])].drop_duplicates(["_SUBJECT", once])


def beside(records: pd.DataFrame, forms: Forms, *, form: Form, where: Clause = "") -> pd.DataFrame:
    """Records of subjects for whom another form has a record (that meets a condition), and should not."""
    others = forms.select(form, where)
    return records[records["_SUBJECT"].isin(others["_SUBJECT"])]


def matches_none(records: pd.DataFrame, forms: Forms, *, number: Field, other: Field) -> pd.DataFrame:
    """Records whose number (of another record) no record of the subject has: `other` is its `FORM.FIELD`."""
    numbered, field = forms.column(other)
    known = pd.MultiIndex.from_arrays([numbered["_SUBJECT"], numbered[field]])
    own = pd.MultiIndex.from_arrays([records["_SUBJECT"], records[number]])
    return records[records[number].notna() & ~own.isin(known)]


def more_than_one(records: pd.DataFrame, forms: Forms, *, per: Fields) -> pd.DataFrame:
    """Second and further records per subject and these fields, in the order of entry."""
    ordered = _by_entry(records)
    keys = ["_SUBJECT", *per]
    again = ordered[keys].astype("object").fillna("").duplicated(keys, keep="first")
    first = ordered.groupby(keys, sort=False, dropna=False)["_RECORD"].transform("first")
    return ordered[again].assign(first=first[again])


def changes(records: pd.DataFrame, forms: Forms, *, fields: Fields, of: Fields) -> pd.DataFrame:
    """Records that differ from most others of the same thing (a lesion, say) in a field that cannot change."""
    found = []
    for name in fields:
        filled = records[records[name].notna()]
        keys = [filled["_SUBJECT"], *(filled[f] for f in of)]
        counts = filled.groupby([*keys, filled[name]])[name].transform("size")
        most = counts.groupby(keys).transform("max")
        kinds = filled.groupby(keys)[name].transform("nunique")
        usual = filled[counts == most].groupby([filled["_SUBJECT"], *(filled[f] for f in of)])[name].first()
        index = pd.MultiIndex.from_frame(filled[["_SUBJECT", *of]])
        expected = pd.Series(usual.reindex(index).to_numpy(), index=filled.index).astype("str")
        odd = (kinds > 1) & (filled[name].astype("str") != expected)
        found.append(filled[odd].assign(_FIELD=name, expected=expected[odd]))
    return flagged(found, records)


def unusual_start(records: pd.DataFrame, forms: Forms, *, value: Field, of: Field, letters: Number) -> pd.DataFrame:
    """Records whose value begins otherwise than most values of the same kind (the lot numbers of a product)."""
    filled = records[records[value].notna() & records[of].notna()]
    start = filled[value].str.slice(0, int(letters))
    size = start.groupby([filled[of], start]).transform("size")
    most = size.groupby(filled[of]).transform("max")
    usual = start[size == most].groupby(filled[of]).first()
    odd = (size == 1) & (most >= 3)
    return filled[odd].assign(expected=filled[of].map(usual)[odd])


def inactivated_yet_needed(records: pd.DataFrame, forms: Forms, *, roles: dict[str, str]) -> pd.DataFrame:
    """Inactivated records whose form has no active record of the subject left, while another form needs one.

    `roles` maps a form to `FORM: where` of the records that need it.
    """
    found = []
    for form, need in roles.items():
        inactive = forms.set_aside.get(form)
        if inactive is None or inactive.empty:
            continue
        other, _, where = need.partition(":")
        needing = forms.select(other.strip(), where.strip())["_SUBJECT"]
        lost = ~inactive["_SUBJECT"].isin(forms[form]["_SUBJECT"]) & inactive["_SUBJECT"].isin(needing)
        found.append(inactive[lost].assign(other=other.strip(), _FIELD="ACTIVE"))
    return flagged(found, records)


def _counted(records: pd.DataFrame, number: Field) -> pd.DataFrame:
    """The records with a number as one, also where its field is collected as text."""
    return records.assign(**{number: pd.to_numeric(records[number], errors="coerce")})


def _by_entry(records: pd.DataFrame) -> pd.DataFrame:
    """In the order of entry: creation, then record number."""
    if "CREATED" not in records:
        return records.sort_values("_LINE", kind="stable")
    number = pd.to_numeric(records["_RECORD"], errors="coerce")
    return records.assign(_NUMBER=number).sort_values(["CREATED", "_NUMBER"], kind="stable").drop(columns="_NUMBER")
