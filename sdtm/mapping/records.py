"""The rules that choose which raw records a block takes: True or False per raw record."""

import pandas as pd

from pipeline.ground.dates import earliest as earliest_day
from pipeline.ground.dates import iso_date
from pipeline.ground.distinct import alike
from sdtm.findings import counted, of_records
from sdtm.mapping.chosen import coded_value
from sdtm.mapping.inputs import Answer, RuleInputs
from sdtm.mapping.rules import Rule
from sdtm.mapping.terms import looked_up, terms, translated

STATES = "RESSTAT"


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
    """Laboratory results that stand: not withdrawn (X), nor replaced: F by a corrected one (C), P by either.

    The last field is the state (codelist RESSTAT: its submission value, or a word of the laboratory, by code, else by
    text), those before it say which results belong together. What is left out is a finding, so is a state that RESSTAT
    does not know (SDTM-LABS): its results stand. Source of the states: HL7 v2 table 0085, FHIR Observation.status.
    """
    known, said = terms(inputs.ct, STATES), coded_value(rows, words[-1])
    state = looked_up(said, known, STATES).fillna(looked_up(rows[words[-1]], known, STATES))
    key = pd.Index(alike([rows[name] for name in ("_SUBJECT", *words[:-1])]))
    withdrawn, corrected, final = (state == one for one in ("X", "C", "F"))
    replaced = ~withdrawn & ~corrected & key.isin(key[corrected])
    early = (state == "P") & ~replaced & key.isin(key[final])
    unknown = said.notna() & state.isna()
    told = [
        (withdrawn, "SDTM-LABX", "The laboratory cancelled this result; it is left out."),
        (replaced, "SDTM-LABC", "The laboratory corrected this result; the corrected one is used."),
        (early, "SDTM-LABC", "This result is preliminary; the final one is used."),
    ]
    findings = [of_records(rows[left], check, "info", words[-1], said, message) for left, check, message in told]
    findings += [_no_state(rows[unknown & (said == value)], words[-1], value) for value in said[unknown].unique()]
    return Answer(~withdrawn & ~replaced & ~early, tuple(part for part in findings if len(part)))


def _no_state(rows: pd.DataFrame, field: str, value: str) -> pd.DataFrame:
    """A state that RESSTAT does not know, once for all its results."""
    message = (f"{field} '{value}' is no state of a result that the codelist {STATES} knows, so these results are kept "
               f"and replace none. Add it to the study's codelists.csv: {STATES},Y,{value},F (or C, X, P),,.")
    return counted(rows, "SDTM-LABS", "major", field, value, message)


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
