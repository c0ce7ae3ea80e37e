"""The rules that choose which raw records a block takes: True or False per raw record."""

import pandas as pd

from pipeline.ground.dates import earliest as earliest_day
from pipeline.ground.dates import iso_date
from sdtm.findings import of_records
from sdtm.mapping.inputs import Answer, RuleInputs
from sdtm.mapping.rules import Rule
from sdtm.mapping.terms import coded_value, looked_up, terms, translated


def records(rows: pd.DataFrame, words: list[str], inputs: RuleInputs) -> Answer:
    """All records (the `where` of the row chooses)."""
    return Answer(pd.Series(True, index=rows.index))


def coded_as(rows: pd.DataFrame, words: list[str], inputs: RuleInputs) -> Answer:
    """Records whose coded field, by the codelist named next, has one of the submission values that follow."""
    answer = translated(rows, words[0], words[1], inputs.ct)
    return Answer(answer.values.isin(words[2:]), answer.findings)


def not_coded_as(rows: pd.DataFrame, words: list[str], inputs: RuleInputs) -> Answer:
    """Records whose coded field, by the codelist named next, has none of the values that follow, or no known value."""
    answer = coded_as(rows, words, inputs)
    return Answer(~answer.values, answer.findings)


def answered(rows: pd.DataFrame, words: list[str], inputs: RuleInputs) -> Answer:
    """Records with an entry in any of the fields."""
    return Answer(rows[words].notna().any(axis=1))


def dosed(rows: pd.DataFrame, words: list[str], inputs: RuleInputs) -> Answer:
    """Records of a dose given: given (first field) is Yes and the dose (second) not zero, or a dose without a No."""
    given = translated(rows, words[0], "NY", inputs.ct)
    dose = pd.to_numeric(rows[words[1]], errors="coerce")
    taken = (given.values == "Y") & ~(dose <= 0) | given.values.isna() & (dose > 0)
    return Answer(taken, given.findings)


def reported(rows: pd.DataFrame, words: list[str], inputs: RuleInputs) -> Answer:
    """Laboratory results that stand: not cancelled (X), and not the final one (F) that a corrected one (C) replaces.

    The last field is the status, those before it say which results belong together; codelist RESSTAT has the words that
    a laboratory may write for F, C and X. What is left out is a finding.
    """
    said = coded_value(rows, words[-1])
    meant = looked_up(said, terms(inputs.ct, "RESSTAT"), "RESSTAT")
    key, status = ["_SUBJECT", *words[:-1]], meant.fillna(said).str.upper()
    cancelled = status == "X"
    corrected = pd.MultiIndex.from_frame(rows.loc[status == "C", key])
    replaced = (status != "C") & ~cancelled & pd.MultiIndex.from_frame(rows[key]).isin(corrected)
    left_out = [
        of_records(rows[cancelled], "SDTM-LABX", "info", words[-1], status,
                   "The laboratory cancelled this result; it is left out."),
        of_records(rows[replaced], "SDTM-LABC", "info", words[-1], status,
                   "The laboratory corrected this result; the corrected one is used."),
    ]
    return Answer(~cancelled & ~replaced, tuple(part for part in left_out if len(part)))


def first_by(rows: pd.DataFrame, words: list[str], inputs: RuleInputs) -> Answer:
    """The first record by the date (last field) per subject and the fields before it; undated records come last."""
    day = earliest_day(iso_date(rows[words[-1]]))
    ordered = rows.assign(_day=day).sort_values(["_day", "_LINE"])
    first = ~ordered.duplicated(["_SUBJECT", *words[:-1]])
    return Answer(first.reindex(rows.index))


RECORD_RULES: dict[str, Rule] = {rule.make.__name__: rule for rule in (
    Rule(records, ()), Rule(coded_as, ("field", "list", "text", "text*")),
    Rule(not_coded_as, ("field", "list", "text", "text*")), Rule(answered, ("field", "field*")),
    Rule(dosed, ("field", "field")), Rule(reported, ("field", "field*")), Rule(first_by, ("field", "field*")),
)}
