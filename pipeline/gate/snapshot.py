"""One extract validated: what was delivered, what was found in it, and which checks could and could not run.

Unlike a build, the gate goes on where an essential form or column is missing: that is its first finding, and what
rests on it is reported as not run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from pipeline.gate.checks import run_checks
from pipeline.gate.checks.engine import COLUMNS
from pipeline.gate.checks.related_queries import RELATIONS
from pipeline.gate.field_checks import check_forms
from pipeline.gate.fields import codelists, delivery_findings
from pipeline.gate.links import link_findings
from pipeline.gate.text_or_code import by_mapping
from pipeline.gate.units import unit_findings
from pipeline.gate.unmet import Unmet, unmet
from pipeline.gate.withdrawn import of_standing
from pipeline.ground.faults import TrialError
from pipeline.ground.queries import finding, gather
from pipeline.intake.delivered import Form, delivered, sheets_of
from pipeline.intake.delivery import Delivery
from pipeline.intake.records import read_form
from pipeline.readers import Sheet
from pipeline.study.contracts import Contract
from pipeline.study.specs import Specs

NOT_READ: Mapping[str, Sheet] = {}
NOT_COLLECTED = "the study does not collect"


@dataclass(frozen=True)
class Snapshot:
    """A validated extract: `findings`: COLUMNS, RELATIONS, `_key` (whole record key); `coverage`: a row per check."""

    name: str
    extracted: str
    cutoff: str
    forms: Mapping[str, Form]
    findings: pd.DataFrame
    coverage: pd.DataFrame


def silent(stage: str) -> None:
    """Says nothing of the stage that begins."""


def take_snapshot(
    specs: Specs, delivery: Delivery, cutoff: str, say: Callable[[str], None] = silent, unmet: Unmet = unmet
) -> Snapshot:
    """Validate one extract, saying what is under way; `unmet` tells where a field is not as expected.

    Raises TrialError when nothing of it can be read.
    """
    say(f"reading {delivery.name}: {len(delivery.hashes)} files")
    sheets = sheets_of(delivery, specs)
    forms = delivered(delivery, specs, sheets)
    if not forms:
        raise TrialError("No file of the extract can be read.", delivery.name, "ask for the delivery again")
    say("structure and fields")
    raw, structure = usable(specs, delivery, unmet, sheets)
    del sheets
    aside = left_aside(raw, forms)
    say("checks within and across forms")
    found, coverage = run_checks(raw, specs, delivery, found=structure, set_aside=aside, cutoff=cutoff)
    findings = located(tidy(found), forms)
    return Snapshot(delivery.name, extraction_date(delivery, cutoff), cutoff, forms, findings, coverage)


def not_run(coverage: pd.DataFrame) -> pd.DataFrame:
    """Checks that could not run here; those of forms the study does not collect at all are none of them."""
    foreign = coverage["reason"].str.startswith(NOT_COLLECTED)
    return coverage[(coverage["ran"] != "Y") & ~foreign.fillna(False).astype(bool)]


def extraction_date(delivery: Delivery, cutoff: str) -> str:
    """The day the extract was taken, as the delivery states it; else its data cut."""
    return delivery.manifest.extracted[:10] or cutoff


def usable(
    specs: Specs, delivery: Delivery, unmet: Unmet = unmet, sheets: Mapping[str, Sheet] = NOT_READ
) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """The usable records of every form of the contract, and the findings of structure and fields."""
    raw, contracts, found = {}, {}, [delivery_findings(delivery, specs)]
    roster_form = specs.study.subjects
    roster = None
    for form in sorted(specs.raw, key=lambda name: name != roster_form):
        contract = specs.contracts[form].forgiving()
        try:
            sheet = sheets.get(delivery.source(contract))
            raw[form], structure = read_form(delivery, contract, roster, codelists(specs), sheet)
        except TrialError as error:
            found.append(
                finding("RAW-UNREADABLE", "critical", f"{error.what} ({error.where}) {error.cure}.", form=form)
            )
            continue
        contracts[form] = contract
        found.append(graver(structure, specs.contracts[form]))
        if form == roster_form and len(raw[form]):
            roster = frozenset(raw[form]["_SUBJECT"].dropna())
    fields = of_standing(check_forms(raw, contracts, codelists(specs), by_mapping(specs), unmet)[0], raw, specs)
    return raw, gather([*found, fields, unit_findings(raw, specs, fields), link_findings(raw, specs)])


def left_aside(raw: dict[str, pd.DataFrame], forms: dict[str, Form]) -> dict[str, pd.DataFrame]:
    """The delivered records that are not usable (inactive, repeated, of unknown subjects), in the shape of raw ones."""
    aside = {name: left_of(form, raw[name]["_LINE"]) for name, form in forms.items() if name in raw}
    return {name: rows for name, rows in aside.items() if len(rows)}


def left_of(form: Form, lines: pd.Series) -> pd.DataFrame:
    """The delivered records of a form that are not in these lines of its file."""
    if len(form.records) == len(lines):
        return pd.DataFrame()
    rows = form.records[~form.records["_LINE"].isin(lines)]
    cells = rows[list(form.header)].apply(lambda column: column.str.strip())
    keys = rows[["_SUBJECT", "_SITE", "_RECORD", "_LINE"]].assign(_FORM=form.name, _FILE=form.file)
    return cells.mask(cells == "").join(keys).reset_index(drop=True)


def graver(structure: pd.DataFrame, contract: Contract) -> pd.DataFrame:
    """Without an essential form or column no analysis is possible: such findings are critical."""
    essential = [name for name, entry in contract.fields.items() if entry.essential]
    grave = structure["check"].eq("RAW-COLUMN") & structure["field"].str.removesuffix("_STD").isin(essential)
    if contract.essential:
        grave |= structure["check"].eq("RAW-FORM") | structure["check"].eq("RAW-EMPTY")
    return structure.assign(severity=structure["severity"].mask(grave, "critical"))


def tidy(findings: pd.DataFrame) -> pd.DataFrame:
    """Findings as one frame of COLUMNS and RELATIONS, all text, '' where empty, exact repeats once."""
    whole = findings.reindex(columns=[*COLUMNS, *RELATIONS])
    text = whole.astype("str").where(whole.notna(), "").astype("str")
    return text.drop_duplicates(list(COLUMNS), ignore_index=True)


def located(findings: pd.DataFrame, forms: dict[str, Form]) -> pd.DataFrame:
    """Findings with site, folder, record and subject as the extract names them, and `_key`, what a query is known by:

    the whole record key, or for a record that is not there `subject/folder`.
    """
    parts = [located_in(part, forms.get(str(form))) for form, part in findings.groupby("form", sort=False)]
    return with_keys(pd.concat(parts) if parts else findings.assign(_key=""))


def with_keys(whole: pd.DataFrame) -> pd.DataFrame:
    """Findings in their order, those of a record that is not there with what they are known by."""
    place = whole["subject"].str.cat(whole["folder"], sep="/").str.strip("/")  # of a record that is not there
    whole = whole.assign(_key=whole["_key"].where(whole["_key"] != "", place))
    return whole.sort_index().reset_index(drop=True)


def located_in(findings: pd.DataFrame, form: Form | None) -> pd.DataFrame:
    """Findings of one form with what their record says where they do not: subject, site, folder, the number shown."""
    findings = findings.assign(_key=findings["record"])
    if form is None or form.records.empty:
        return findings
    of_one = findings["record"].str.cat(findings["subject"], sep="/")  # the key of a record whose number two share
    asked = pd.concat([findings["record"], of_one]).unique().astype("object")
    records = form.records[form.records["_RECORD"].isin(asked)]
    records = records.drop_duplicates("_RECORD", keep="last").set_index("_RECORD")
    findings["_key"] = of_one.where(of_one.isin(records.index), findings["_key"])
    for name, column in {"subject": "_SUBJECT", "site": "_SITE", "folder": "FOLDER"}.items():
        if column in records:
            value = findings["_key"].map(records[column]).astype("str").fillna("")
            findings[name] = findings[name].where(findings[name] != "", value)
    shown = findings["_key"].map(records["_SHOWN"]).astype("str").fillna("")
    findings["record"] = shown.where(shown != "", findings["record"])
    return once_per_shown(_as_sent(findings, form, records))


def _as_sent(findings: pd.DataFrame, form: Form, records: pd.DataFrame) -> pd.DataFrame:
    """The study's subject number in the query, and in its words the number by which the sender's own file goes."""
    column = form.contract.subject.column
    if column not in records:
        return findings
    sent = findings["_key"].map(records[column].str.strip()).astype("str").fillna("")
    other = (sent != "") & (sent != findings["subject"])
    findings["value"] = findings["value"].mask(findings["check"].eq("RAW-SUBJECT") & other, sent)
    told = findings["message"] + " (In " + form.file + " the subject is " + sent + ".)"
    return findings.assign(message=findings["message"].mask(other, told))


def once_per_shown(findings: pd.DataFrame) -> pd.DataFrame:
    """The same finding on every row of one accession is one query, known by the accession."""
    same = ["check", "record", "field", "value", "message"]
    many = findings.duplicated(same, keep=False) & (findings["record"] != findings["_key"])
    return findings.assign(_key=findings["_key"].mask(many, findings["record"]))[~(many & findings.duplicated(same))]
