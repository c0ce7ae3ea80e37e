"""Collected values to submission values by the codelists of the terminology."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from sdtm.findings import of_records


class Answer(NamedTuple):
    """What a rule makes of raw records: one value per record, and the findings met on the way."""

    values: pd.Series
    findings: tuple[pd.DataFrame, ...] = ()


def terms(ct: pd.DataFrame, codelist: str, give: str = "submission") -> dict[str, str]:
    """Upper-cased collected or submission value to a column of the terminology (submission, code or label)."""
    rows = np.flatnonzero((ct["codelist"] == codelist).to_numpy())
    collected, submission, given = (ct[name].to_numpy()[rows] for name in ("collected", "submission", give))
    by_submission = {term.upper(): value for term, value in zip(submission, given, strict=True)}
    pairs = zip(collected, given, strict=True)
    return by_submission | {term.upper(): value for term, value in pairs if isinstance(term, str) and term}


def coded_value(records: pd.DataFrame, field: str) -> pd.Series:
    """The coded value of a field (its companion `_STD`), or the text where no code was entered."""
    return records[f"{field}_STD"].fillna(records[field]) if f"{field}_STD" in records else records[field]


def translated(records: pd.DataFrame, field: str, codelist: str, ct: pd.DataFrame) -> Answer:
    """Submission values of a collected field; the coded value wins over the text.

    A value that the codelist does not know stays as it was collected and is a finding (SDTM-CT). Text that had to be
    used because its code is missing is a minor finding (SDTM-DECODE).
    """
    collected = coded_value(records, field)
    answer = collected.str.upper().str.strip().map(terms(ct, codelist)).astype("str")
    unknown = collected.notna() & answer.isna()
    message = (f"{field} '{{value}}' is not in the codelist {codelist}. Correct the value in the database, or add it "
               "to the codelist; until then it stays as collected and is counted nowhere.")
    found = [of_records(records[unknown], "SDTM-CT", "major", field, collected, message)] if unknown.any() else []
    companion = records.get(f"{field}_STD")
    if companion is not None and companion.notna().any():
        lost = companion.isna() & records[field].notna() & ~unknown
        message = f"{field} has the text '{{value}}' but no coded value; the text is used. Enter the coded value."
        found += [of_records(records[lost], "SDTM-DECODE", "minor", field, collected, message)] if lost.any() else []
    return Answer(answer.fillna(collected).astype("str"), tuple(found))
