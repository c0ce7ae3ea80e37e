"""Collected values to submission values by the codelists of the terminology."""

import numpy as np
import pandas as pd

from pipeline.ground.distinct import on_texts
from pipeline.ground.units import is_unit_list, known_as, look_up
from sdtm.findings import counted, gathered, of_records
from sdtm.mapping.chosen import coded_value
from sdtm.mapping.inputs import Answer

CODED, CODE = "_CODED", "_STD"  # the codes that a form has; what stands behind the name of a field in that of its code


def terms(ct: pd.DataFrame, codelist: str, give: str = "submission") -> dict[str, str]:
    """What `looked_up` needs of a codelist: spellings to a column of the terminology (submission, code or label).

    A collected value stands before the same submission value. Case counts where a list tells by it (g/L and G/L). A row
    without a label adds a spelling of a value, not another label of it.
    """
    rows = ct[ct["codelist"] == codelist]
    collected, submission, given = (rows[name].to_numpy() for name in ("collected", "submission", give))
    pairs = np.concatenate([np.column_stack([spelling, given]) for spelling in (submission, collected)])
    said = [(term, value) for term, value in pairs if all(isinstance(one, str) and one for one in (term, value))]
    return known_as(said, codelist)


def looked_up(collected: pd.Series, known: dict[str, str], codelist: str) -> pd.Series:
    """What each collected value stands for by `terms`; missing where the codelist does not know it."""
    return on_texts(collected, lambda text: look_up(text, known, codelist))


def with_coded(records: pd.DataFrame) -> pd.DataFrame:
    """The records of a form, beside each which of its fields come with a code on any record (`_CODED`)."""
    if CODED in records:
        return records
    told = [name for name in records if name.endswith(CODE) and records[name].notna().any()]
    return records.assign(**{CODED: pd.Series(" ".join(told), index=records.index, dtype="str")})


def is_coded(records: pd.DataFrame, field: str) -> bool:
    """True where the form of these records has codes of the field; of a linked form's, where these records have."""
    code = f"{field}{CODE}"
    if code not in records or records.empty:
        return False
    if "." in field or CODED not in records:
        return bool(records[code].notna().any())
    return code in records[CODED].iloc[0].split()


def translated(records: pd.DataFrame, field: str, codelist: str, ct: pd.DataFrame) -> Answer:
    """Submission values of a collected field; the coded value wins over the text, where the codelist knows it.

    A code that means one thing in one version of the CRF and another in the next is left out of the codelist: then the
    text, decoded by the record's own version, decides. A value that the codelist does not know stays as it was
    collected and is a finding (SDTM-CT; a unit, or a free text, one for all its records). Text that had to be used
    because its code is missing is a minor finding (SDTM-DECODE).
    """
    collected = coded_value(records, field)
    known = terms(ct, codelist)
    answer = looked_up(collected, known, codelist)
    if f"{field}{CODE}" in records:
        answer = answer.fillna(looked_up(records[field], known, codelist))
    unknown = collected.notna() & answer.isna()
    message = (f"{field} '{{value}}' is not in the codelist {codelist}. Correct it in the database, or add it to "
               f"codelists.csv: {codelist},N,{{value}},TERM,,. Until then it stays as collected, and nothing that asks "
               f"for a term of {codelist} counts it.")
    findings = [_unknown(records[unknown], field, collected[unknown], codelist, message)] if unknown.any() else []
    if is_coded(records, field):
        lost = records[f"{field}_STD"].isna() & records[field].notna() & ~unknown
        message = f"{field} has the text '{{value}}' but no coded value; the text is used. Enter the coded value."
        findings += [of_records(records[lost], "SDTM-DECODE", "minor", field, collected, message)] if lost.any() else []
    return Answer(answer.fillna(collected).astype("str"), tuple(findings))


def _unknown(records: pd.DataFrame, field: str, values: pd.Series, codelist: str, message: str) -> pd.DataFrame:
    """Values without a term: one finding per record, of a unit and of free text one for all its records."""
    if f"{field}_STD" in records and not is_unit_list(codelist):
        return of_records(records, "SDTM-CT", "major", field, values, message)
    return gathered(counted(records.loc[rows], "SDTM-CT", "major", field, text, message.replace("{value}", text))
                    for text, rows in values.groupby(values).groups.items())
