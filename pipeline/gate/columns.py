"""What is asked of free text and of dates: that they are no formulas, that they exist and are written as agreed."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from pipeline.gate.expected import Expectation, Prepared
from pipeline.ground.date_forms import NO_DAY, UNCERTAIN, YEAR
from pipeline.ground.dates import fault_of_date, form_of_date
from pipeline.ground.distinct import beginning
from pipeline.ground.plain_csv import RISKY, is_formula
from pipeline.ground.queries import for_rows
from pipeline.study.contracts import Contract

BEGINS_LIKE_A_FORMULA = f"[\ufeff\u200b]*{RISKY}"
NO_DATE = "no date"
A_DATE = f"^(?!{NO_DATE}$)"


def formula_findings(records: pd.DataFrame, contract: Contract) -> Iterator[pd.DataFrame]:
    """By field of free text what a spreadsheet would compute, one finding per cell; it is kept as it is, as text."""
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
        yield for_rows(wrong, "RAW-FORMULA", "major", name, message)


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
