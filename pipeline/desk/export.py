"""Open queries in the form that an EDC imports: which subject, event, form, item and repeat, and the text.

Queries on a record of an EDC form go out. The others (vendors' files, visits without a record, the delivery itself) are
counted, never dropped in silence.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

import pandas as pd

from pipeline.desk.context import held_form
from pipeline.gate.causes import counted
from pipeline.ground.faults import TrialError
from pipeline.ground.plain_csv import csv_text
from pipeline.ground.words import did_you_mean

if TYPE_CHECKING:
    from pipeline.gate.validation import Validation

PLACES = {"event": "FOLDER", "event_repeat": "FOLDERSEQ", "record_position": "RECORDPOS"}
RAVE = {
    "study": "StudyOID", "site": "SiteNumber", "subject": "SubjectName", "event": "FolderOID",
    "event_repeat": "InstanceRepeatNumber", "form": "FormOID", "record_position": "RecordPosition", "field": "FieldOID",
    "message": "QueryText", "group": "MarkingGroup", "query": "ExternalID",
}  # fmt: skip
VEEVA = {
    "study": "Study Name", "site": "Site", "subject": "Subject", "event": "Event Name",
    "event_repeat": "Event Sequence", "form": "Form Name",
    "form_repeat": "Form Sequence", "record_position": "Item Group Sequence",
    "field": "Item Name", "message": "Query Message", "query": "External ID",
}  # fmt: skip


def check_kind(kind: str) -> None:
    """Raises TrialError for an EDC that is not known ('' is none)."""
    if kind and kind not in KINDS:
        raise TrialError(f"Unknown EDC '{kind}'.", "--export", did_you_mean(kind, KINDS))


def export(validation: Validation, kind: str) -> dict[str, str]:
    """One file by name: `export_rave.csv`, `export_veeva.csv` or `export_odm.xml`."""
    name, made = KINDS[kind]
    return {name: made(exported(validation), validation)}


def left_out(validation: Validation) -> int:
    """Open queries that no EDC export can carry."""
    return len(counted(validation.queries)) - len(exported(validation))


def exported(validation: Validation) -> pd.DataFrame:
    """One row per open query on a record of an EDC form, with its place in the EDC (text, '' where unknown)."""
    still = counted(validation.queries)  # what follows from another is settled with it
    still = still[still["record"].ne("")]
    parts = [_placed(rows, str(name), validation) for name, rows in still.groupby("form", sort=False)]
    columns = [*still.columns, *PLACES, "study", "form_repeat", "group"]
    if not any(len(part) for part in parts):
        return pd.DataFrame(columns=columns, dtype="str")
    whole = pd.concat(parts).loc[lambda rows: rows.index.sort_values()]
    field = whole["field"].str.split(",").str[0].str.removesuffix("_STD")
    return whole.assign(study=validation.study, form_repeat="1", group=whole["responsible"], field=field)


def _placed(rows: pd.DataFrame, name: str, validation: Validation) -> pd.DataFrame:
    """The queries of one form with event, its repeat and the record's position; none of a vendor's form."""
    form = held_form(name, validation)
    if form is None or form.vendor:
        return rows.iloc[:0]
    records = form.by_key[~form.by_key.index.duplicated()]
    told = {
        word: rows["_key"].map(records[column].str.strip()).fillna("") if column in records else ""
        for word, column in PLACES.items()
    }
    return rows[rows["_key"].isin(records.index)].assign(**told)


def _rave(rows: pd.DataFrame, validation: Validation) -> str:
    return csv_text(rows[list(RAVE)].rename(columns=RAVE))


def _veeva(rows: pd.DataFrame, validation: Validation) -> str:
    return csv_text(rows[list(VEEVA)].rename(columns=VEEVA))


def _odm(rows: pd.DataFrame, validation: Validation) -> str:
    """ODM 1.3.2, one ClinicalData, each query as the comment of an annotation on its item (ODM 1.3.2, 3.1.4.1.4)."""
    subjects = [_subject(str(subject), group) for subject, group in rows.groupby("subject", sort=False)]
    head = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3" ODMVersion="1.3.2" FileType="Transactional"'
        f" FileOID={quoteattr(f'{validation.study}.queries.{validation.current.name}')}"
        f" CreationDateTime={quoteattr(f'{validation.current.extracted}T00:00:00')}>\n"
        f'<ClinicalData StudyOID={quoteattr(validation.study)} MetaDataVersionOID="1">\n'
    )
    return head + "".join(subjects) + "</ClinicalData>\n</ODM>\n"


def _subject(subject: str, rows: pd.DataFrame) -> str:
    inside = "".join(_query(row) for row in rows.to_dict("records"))
    return f'<SubjectData SubjectKey={quoteattr(subject)} TransactionType="Context">\n{inside}</SubjectData>\n'


def _query(row: dict[str, str]) -> str:
    """One query inside its event, form, item group and item."""
    def at(kind: str, oid: str, repeat: str = "") -> str:
        key = f" {kind}RepeatKey={quoteattr(repeat)}" if repeat else ""
        return f'<{kind}Data {kind}OID={quoteattr(oid)}{key} TransactionType="Context">'

    comment = f'<Comment SponsorOrSite="Sponsor">{escape(row["message"])}</Comment>'
    return (
        f"{at('StudyEvent', row['event'], row['event_repeat'])}{at('Form', row['form'])}"
        f"{at('ItemGroup', row['form'], row['record_position'])}"
        f'<ItemData ItemOID={quoteattr(row["field"])} TransactionType="Context">'
        f'<Annotation ID={quoteattr(row["query"])} SeqNum="1" TransactionType="Insert">{comment}</Annotation>'
        "</ItemData></ItemGroupData></FormData></StudyEventData>\n"
    )


KINDS: dict[str, tuple[str, Callable[..., str]]] = {
    "rave": ("export_rave.csv", _rave),
    "veeva": ("export_veeva.csv", _veeva),
    "odm": ("export_odm.xml", _odm),
}
