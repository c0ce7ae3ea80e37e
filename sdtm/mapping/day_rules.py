"""Rules for days and months counted in the source, and for the time between two dates.

Days count from the anchor that study.yaml names (`anchor: FORM.FIELD`, the subject's first such date). The anchor's own
day has the number `anchor_day`: 0, or 1 where the source knows no day 0.
"""

import pandas as pd

from pipeline.ground.dates import earliest, is_complete, iso_date
from pipeline.ground.faults import TrialError
from sdtm.findings import of_records
from sdtm.mapping.inputs import Answer, RuleInputs

DAY = r"(?:^|[^\w.])(?:day|d)?\s*[+-]?\d+(?![\w.])"
MONTHS = r"\d+(?:\.\d+)?"


def date_from_day(records: pd.DataFrame, words: list[str], inputs: RuleInputs) -> Answer:
    """The date of a day counted from the anchor (7, -5, "d-5 to d-3"); the second word says which of several days."""
    field, nth = words[0], int(words[1]) if len(words) > 1 else 1
    text = records[field].str.strip()
    written = text.str.casefold().str.extract(rf"^(?:.*?{DAY}){{{nth - 1}}}.*?({DAY})", expand=False)
    days = pd.to_numeric(written.str.extract(r"([+-]?\d+)$", expand=False), errors="coerce")
    wrong = text.notna() & days.isna()
    message = f"{field} '{{value}}' names no day that can be counted. Correct it; until then the date is missing."
    since = days.where((days < 1) | (inputs.anchor_day == 0), days - 1)
    return _from_anchor(records, since, field, wrong, message, inputs)


def date_from_month(records: pd.DataFrame, words: list[str], inputs: RuleInputs) -> Answer:
    """The date so many months (MONTH_DAYS days each) after the anchor, to the nearest day."""
    text = records[words[0]].str.strip()
    readable = text.str.fullmatch(MONTHS)
    days = (pd.to_numeric(text.where(readable)) * inputs.month_days).round()
    message = f"{words[0]} '{{value}}' is not a number of months. Correct it; until then the date is missing."
    return _from_anchor(records, days, words[0], text.notna() & ~readable, message, inputs)


def days_between(records: pd.DataFrame, words: list[str], inputs: RuleInputs) -> Answer:
    """Whole days from the first date to the second, else to the anchor; missing unless both are complete."""
    return _between(records, words, inputs)


def months_between(records: pd.DataFrame, words: list[str], inputs: RuleInputs) -> Answer:
    """Months (MONTH_DAYS days each) from the first date to the second, else to the anchor; missing unless complete."""
    answer = _between(records, words, inputs)
    return Answer(answer.values / inputs.month_days, answer.findings)


def day_of_date(records: pd.DataFrame, words: list[str], inputs: RuleInputs) -> Answer:
    """The day of a date, counted from the anchor as the source counts."""
    date = iso_date(records[words[0]])
    days = (earliest(date) - _anchor(records, inputs)).dt.days.where(is_complete(date))
    return Answer((days + inputs.anchor_day * (days >= 0)).astype("float64"))


def _from_anchor(
    records: pd.DataFrame, days: pd.Series, field: str, wrong: pd.Series, message: str, inputs: RuleInputs
) -> Answer:
    anchor = _anchor(records, inputs)
    date = (anchor + pd.to_timedelta(days, unit="D")).dt.strftime("%Y-%m-%d").astype("str")
    lost = days.notna() & anchor.isna()
    without = f"{field} '{{value}}' counts from a date that is missing ({inputs.anchor_field}). Enter that date."
    findings = [of_records(records[wrong], "SDTM-DAY", "major", field, records[field], message)] if wrong.any() else []
    findings += [of_records(records[lost], "SDTM-DAY", "minor", field, records[field], without)] if lost.any() else []
    return Answer(date, tuple(findings))


def _between(records: pd.DataFrame, words: list[str], inputs: RuleInputs) -> Answer:
    first, to = iso_date(records[words[0]]), words[1] if len(words) > 1 else inputs.anchor_field
    second = iso_date(records[to]) if len(words) > 1 else _anchor(records, inputs).dt.strftime("%Y-%m-%d").astype("str")
    known = is_complete(first) & is_complete(second)
    days = (earliest(second) - earliest(first)).dt.days.where(known).astype("float64")
    early = days < 0
    message = f"{to} lies {{value}} days before {words[0]}. Please check both dates."
    shown = (-days).map("{:.0f}".format, na_action="ignore").astype("str")
    findings = (of_records(records[early], "SDTM-DAY", "major", to, shown, message),) if early.any() else ()
    return Answer(days, findings)


def _anchor(records: pd.DataFrame, inputs: RuleInputs) -> pd.Series:
    """The anchor date of each record's subject."""
    if inputs.anchor is None:
        raise TrialError("Days are counted here, but study.yaml names no date to count from.", "study.yaml, anchor",
                         "write `anchor: FORM.FIELD` (the date of day 0 or day 1)")
    return records["_SUBJECT"].map(inputs.anchor).astype("datetime64[s]")

