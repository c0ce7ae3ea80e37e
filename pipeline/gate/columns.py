"""What is asked of a whole column: that most of it can be read, and that its dates exist and are written as agreed."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from pipeline.gate.expected import Expectation, Prepared
from pipeline.ground.date_forms import NO_DAY, UNCERTAIN, YEAR
from pipeline.ground.dates import fault_of_date, form_of_date, has_zone
from pipeline.ground.distinct import beginning
from pipeline.ground.faults import TrialError
from pipeline.ground.plain_csv import RISKY, is_formula
from pipeline.ground.queries import finding, for_rows, gather
from pipeline.ground.readable import column_fault, examples, most
from pipeline.study.contracts import Contract

KINDS = {"date": "date", "integer": "number", "decimal": "number"}
BEGINS_LIKE_A_FORMULA = f"[\ufeff\u200b]*{RISKY}"
NO_DATE = "no date"
A_DATE = f"^(?!{NO_DATE}$)"


def unreadable_columns(records: pd.DataFrame, contract: Contract) -> dict[str, TrialError]:
    """Per field of type date, integer or decimal of which most cannot be read: what is wrong with it."""
    found = {
        name: column_fault(records, name, KINDS[entry.type])
        for name, entry in contract.fields.items()
        if entry.type in KINDS and name in records
    }
    return {name: fault for name, fault in found.items() if fault}


def unreadable_findings(form: str, faults: dict[str, TrialError]) -> pd.DataFrame:
    """One critical finding for each such column: the delivery is at fault, not its records."""
    found = []
    for name, fault in faults.items():
        message = f"{fault.what} What rests on this column is not made. Cure: {fault.cure}."
        found.append(finding("RAW-UNREADABLE", "critical", message, form=form, field=name))
    return gather(found)


def formula_findings(records: pd.DataFrame, contract: Contract) -> pd.DataFrame:
    """Free text that a spreadsheet would compute, one finding per cell; it is kept as it is, as text."""
    found = []
    for name, entry in contract.fields.items():
        if entry.type != "text" or entry.codelist or entry.pattern or name not in records:
            continue
        begun = records[beginning(records[name], BEGINS_LIKE_A_FORMULA)]
        wrong = begun[[is_formula(text) for text in begun[name]]]
        label = entry.spoken.replace("{", "{{").replace("}", "}}")
        message = (
            f"{label}: '{{value}}' is a formula to a spreadsheet. It is kept as text and computed nowhere. "
            "Please enter what was meant."
        )
        found.append(for_rows(wrong, "RAW-FORMULA", "major", name, message))
    return gather(found)


def zone_findings(records: pd.DataFrame, contract: Contract) -> pd.DataFrame:
    """One finding per column of dates that carry a clock and a zone: the day as written counts, was it the site's?"""
    found = []
    for name in [name for name in contract.dated if name in records]:
        zoned = records.loc[has_zone(records[name]), name]
        if len(zoned):
            message = (
                f"{len(zoned):,} of {records[name].count():,} values of {name} have a zone: {examples(zoned)}. "
                "The day as written is used. Please confirm that it is the day at the site, not in another time zone."
            )
            found.append(finding("RAW-DATEZONE", "minor", message, form=contract.form, field=name))
    return gather(found)


def date_expectations(texts: pd.Series, label: str, agreed: str) -> Iterator[Prepared]:
    """What is expected of a column of dates, and the column it is asked of.

    A date exists (RAW-DATE), can be read for certain (RAW-DATEFORM, major) and is written in the agreed form, if one is
    agreed (RAW-DATEFORM, minor); a year alone is the same in every form.
    """
    fault, form, says = fault_of_date(texts), form_of_date(texts), f" ({agreed})" if agreed else ""
    not_certain = f"is not written in the agreed form{says} and cannot be read for certain"
    for check, wrong, what in (
        ("RAW-DATE", NO_DAY, "is no date that exists. Please correct."),
        ("RAW-DATEFORM", UNCERTAIN, f"{not_certain}; until it is corrected the date is missing. Please correct."),
    ):
        column, message = f"{texts.name}:{wrong}", f"{label}: '{{value}}' {what}"
        asked = Expectation(check, "major", str(texts.name), column, "like", message, regex=A_DATE)
        yield asked, {column: form.mask(fault == wrong, NO_DATE)}
    if agreed:
        what = f"is not written in the agreed form{says}; it can be read without doubt. Please correct."
        column, message = f"{texts.name}:form", f"{label}: '{{value}}' {what}"
        asked = Expectation("RAW-DATEFORM", "minor", str(texts.name), column, "like", message, f"^{agreed}$", agreed)
        yield asked, {column: form.mask(form == YEAR)}


def whole_column(wrong: pd.DataFrame, told: pd.Series, field: str, agreed: str) -> pd.DataFrame | None:
    """One finding for a column of which most is written in another form than agreed: the export has changed."""
    if not most(len(wrong), len(told)):
        return None
    counted = f"{len(wrong):,} of {len(told):,} values of {field} are not written as agreed ({agreed})"
    message = (
        f"{counted}: {examples(wrong[field])}. They can be read without doubt. "
        "Please deliver them as agreed, or agree on this form (date_format in the raw contract)."
    )
    return finding("RAW-DATEFORM", "minor", message, form=wrong["_FORM"].iloc[0], field=field)
