"""The rules a mapping row may name: raw fields to one SDTM variable, one value per raw record.

A rule takes the raw records, the words of the row's `source` and the inputs (target variable, terminology, visits);
it gives an Answer. RULES says which kinds of words each rule takes, so that a sheet is checked before it runs.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import pandas as pd

from pipeline.ground.dates import is_unknown, iso_date, iso_datetime, iso_moment, iso_time
from pipeline.ground.distinct import matching, on_distinct, on_texts, stripped
from pipeline.ground.readable import MEASURED, NUMBER
from sdtm.findings import of_records
from sdtm.mapping.chosen import as_numbers, coded_value
from sdtm.mapping.day_rules import date_from_day, date_from_month, day_of_date, days_between, months_between
from sdtm.mapping.inputs import Answer, RuleInputs
from sdtm.mapping.terms import looked_up, terms, translated
from sdtm.units import as_text

COLLECTED, ASSIGNED, DERIVED = "Collected", "Assigned", "Derived"
PARTED, PARTS = "date_of_parts", "_DATE_OF_PARTS"
BELOW = r"(?:[<>]=?\s*(?:\d+\.?\d*|\.\d+)|BLQ|BLOQ|ND)"


def assign(records: pd.DataFrame, words: list[str], inputs: RuleInputs) -> Answer:
    """The field as collected."""
    return Answer(records[words[0]])


def assign_upper(records: pd.DataFrame, words: list[str], inputs: RuleInputs) -> Answer:
    """The field as collected, in upper case."""
    return Answer(on_distinct(records[words[0]], lambda texts: texts.str.upper()))


def assign_code(records: pd.DataFrame, words: list[str], inputs: RuleInputs) -> Answer:
    """The coded value of the field as collected."""
    return Answer(coded_value(records, words[0]))


def code_number(records: pd.DataFrame, words: list[str], inputs: RuleInputs) -> Answer:
    """The coded value of the field as a number (grade 3 of "3, Grade III"); missing where the code is a word."""
    return Answer(as_numbers(coded_value(records, words[0])))


def assign_ct(records: pd.DataFrame, words: list[str], inputs: RuleInputs) -> Answer:
    """The submission value of the field by the codelist of the target variable."""
    return translated(records, words[0], inputs.variable.codelist, inputs.ct)


def lookup(records: pd.DataFrame, words: list[str], inputs: RuleInputs) -> Answer:
    """The submission value of the field by the codelist named after it."""
    return translated(records, words[0], words[1], inputs.ct)


def assign_number(records: pd.DataFrame, words: list[str], inputs: RuleInputs) -> Answer:
    """The field as a number; what is not a number is missing and a finding (SDTM-NUM)."""
    return _number(records, words[0])


def assign_result(records: pd.DataFrame, words: list[str], inputs: RuleInputs) -> Answer:
    """As assign_number, but a result beyond a limit ("<0.1", "BLQ", a word of BELOWLQ) is missing without a finding."""
    return _number(records, words[0], beyond(records[words[0]], terms(inputs.ct, "BELOWLQ")), MEASURED)


def beyond(results: pd.Series, known: dict[str, str]) -> pd.Series:
    """True where a result is told as beyond a limit and not as a number; `known` are the terms of BELOWLQ."""
    said = on_distinct(results, lambda texts: texts.str.upper().str.strip().str.fullmatch(BELOW).eq(True))
    return said.fillna(False).astype("bool") | looked_up(stripped(results), known, "BELOWLQ").notna()


def _below(results: pd.Series, ct: pd.DataFrame) -> pd.Series:
    """True where a laboratory's word says that nothing could be quantified (codelist BELOWLQ: not detected, ...)."""
    return looked_up(stripped(results), terms(ct, "BELOWLQ"), "BELOWLQ").notna()


def _number(
    records: pd.DataFrame, field: str, beyond: pd.Series | bool = False, written: str = NUMBER
) -> Answer:
    text = stripped(records[field])
    number = on_distinct(text, lambda texts: pd.to_numeric(texts.where(matching(texts, written)), errors="coerce"))
    wrong = text.notna() & ~matching(text, written) & ~pd.Series(beyond, text.index)
    if not wrong.any():
        return Answer(number.astype("float64"))
    message = f"{field} '{{value}}' is not a number (a decimal point is needed). Correct it; until then it is missing."
    return Answer(number.astype("float64"), (of_records(records[wrong], "SDTM-NUM", "major", field, text, message),))


def assign_datetime(records: pd.DataFrame, words: list[str], inputs: RuleInputs) -> Answer:
    """Date [and time] as ISO 8601, partial kept; a date that cannot be read is missing and a finding (SDTM-DATE).

    A time written in the date field itself counts where the time field, if there is one, is empty.
    """
    collected = records[words[0]]
    date, moment, findings = iso_date(collected), iso_moment(collected), []
    wrong = collected.notna() & date.isna() & ~is_unknown(collected)
    if wrong.any():
        message = f"{words[0]} '{{value}}' is not a date that can be read. Correct it; until then the date is missing."
        findings.append(of_records(records[wrong], "SDTM-DATE", "major", words[0], collected, message))
    if len(words) == 1:
        return Answer(moment, tuple(findings))
    clock = iso_time(records[words[1]])
    late = records[words[1]].notna() & clock.isna()
    if late.any():
        message = f"{words[1]} '{{value}}' is not a time of day. Correct it; until then only the date is used."
        findings.append(of_records(records[late], "SDTM-DATE", "minor", words[1], records[words[1]], message))
    return Answer(iso_datetime(date, clock).where(clock.notna(), moment), tuple(findings))


def date_of_parts(records: pd.DataFrame, words: list[str], inputs: RuleInputs) -> Answer:
    """Date [and time] of fields for year, month and day, in this order; partial kept, what is no date is a finding.

    A day or month that is empty is unknown; a month is a number (6, 06) or a name (JUN, June).
    """
    dated = records.assign(**{PARTS: text_of_parts(records, words)})
    answer = assign_datetime(dated, [PARTS, *words[3:]], inputs)
    return Answer(answer.values, tuple(_of_parts(part, words[:3]) for part in answer.findings))


def text_of_parts(records: pd.DataFrame, words: Sequence[str]) -> pd.Series:
    """Year, month and day (the first three fields) as a date is written, missing where none of them is known."""
    year, month, day = (records[word].str.strip().str.replace(r"\.0+$", "", regex=True) for word in words[:3])
    number = month.str.fullmatch(r"\d{1,2}").eq(True)
    named = day.fillna("UN") + " " + month.fillna("UNK") + " " + year.fillna("")
    counted = year.fillna("") + "-" + month.str.zfill(2) + ("-" + day.str.zfill(2)).fillna("")
    known = year.notna() | month.notna() | day.notna()
    text = counted.where(number & ~is_unknown(day), named.mask(number, counted.str[:7])).where(known)
    return text.astype("str").str.strip()


def _of_parts(findings: pd.DataFrame, words: list[str]) -> pd.DataFrame:
    """Findings of the composed date, told of the fields of its parts."""
    own = findings["field"].eq(PARTS)
    message = findings["message"].str.replace(PARTS, " ".join(words), regex=False)
    return findings.assign(field=findings["field"].mask(own, words[0]), message=message)


def hardcode(records: pd.DataFrame, words: list[str], inputs: RuleInputs) -> Answer:
    """The words of the source, the same for every record."""
    return Answer(pd.Series(" ".join(words), index=records.index, dtype="str"))


def join(records: pd.DataFrame, words: list[str], inputs: RuleInputs) -> Answer:
    """Several fields joined by "-", missing ones left away (a time point from folder and folder number)."""
    return Answer(_joined(records, words))


def link_id(records: pd.DataFrame, words: list[str], inputs: RuleInputs) -> Answer:
    """A word with the fields right behind it, which a "-" joins: `T TLID` is T1, `T TLID PART` is T1-2."""
    joined = _joined(records, words[1:])
    return Answer((words[0] + joined).where(joined.notna()).astype("str"))


def _joined(records: pd.DataFrame, fields: list[str]) -> pd.Series:
    text = records[fields[0]]
    for field in fields[1:]:
        text = (text + "-" + records[field]).fillna(text).fillna(records[field])
    return text.astype("str")


def part(records: pd.DataFrame, words: list[str], inputs: RuleInputs) -> Answer:
    """One part of a text that a sign divides: `BP / 2` is the second part of "120/80"; missing where there is none."""
    pieces = records[words[0]].str.split(words[1], regex=False, expand=True)
    return Answer(pieces.reindex(columns=[int(words[2]) - 1]).iloc[:, 0].astype("str").str.strip())


def below_limit(records: pd.DataFrame, words: list[str], inputs: RuleInputs) -> Answer:
    """A result as text; "BLQ", "<x" and words of BELOWLQ read "<" and the limit of quantification (second field).

    A power of ten (5.09E+03) is written out (5090), as are results in standard units.
    """
    text = records[words[0]].str.upper().str.strip()
    power = as_text(as_numbers(text.where(text.str.contains("E", regex=False).eq(True))))
    below = (text.str.fullmatch(BELOW) & ~text.str.startswith(">")) | _below(records[words[0]], inputs.ct)
    limit = "<" + records[words[1]]
    return Answer(power.fillna(records[words[0]]).mask(below, limit.fillna(text)).astype("str"))


def visit(records: pd.DataFrame, words: list[str], inputs: RuleInputs) -> Answer:
    """The name of the visit from folder [and folder number], or from a vendor's name of it."""
    names = _visits(inputs.visits, "VISIT")
    name = on_texts(_named(records[words[0]]), names.get)
    if len(words) == 1:
        return Answer(name)
    number = records[words[1]].where(name == "UNSCHEDULED").astype("str")  # of a repeated folder
    return Answer((name + " " + number).where(number.notna(), name).astype("str"))


def visitnum(records: pd.DataFrame, words: list[str], inputs: RuleInputs) -> Answer:
    """The number of the visit in visits.csv (sdtm/visits.py numbers unscheduled ones); an unknown name is told."""
    names = _visits(inputs.visits, "VISIT")
    key, numbers = _named(records[words[0]]), _visits(inputs.visits, "VISITNUM")
    number = on_distinct(key, lambda told: pd.to_numeric(told.map(numbers), errors="coerce"))
    unknown = key.notna() & ~key.isin(list(names))
    message = f"{words[0]} '{{value}}' is not a visit of this study. Correct it, or add the name to visits.csv."
    findings = (of_records(records[unknown], "SDTM-VISIT", "minor", words[0], key, message),) if unknown.any() else ()
    return Answer(number.astype("float64"), findings)


def _visits(visits: pd.DataFrame, give: str) -> dict[str, str]:
    """Folder, visit name and the vendors' names of a visit (ALIAS, separated by ;) to a column of visits.csv."""
    text = visits[["FOLDER", "VISIT", "ALIAS", give]].fillna("")
    names: dict[str, str] = {}
    for folder, name, alias, value in text.to_numpy():
        words = (word.strip().upper() for word in (folder, name, *alias.split(";")))
        names |= {word: value or None for word in words if word}
    return names


def _named(visits: pd.Series) -> pd.Series:
    """Names of visits as `_visits` has them."""
    return on_distinct(visits, lambda names: names.str.upper().str.strip())


class Rule(NamedTuple):
    """A rule and the kinds of words it takes: field, list, count, text; `*` repeats the last, `?` may be left out.

    `origin` is what its values are: Collected, Assigned (the sponsor's words) or Derived (counted from others).
    """

    make: Callable[[pd.DataFrame, list[str], RuleInputs], Answer]
    words: tuple[str, ...]
    origin: str = COLLECTED


RULES: dict[str, Rule] = {rule.make.__name__: rule for rule in (
    Rule(assign, ("field",)), Rule(assign_upper, ("field",)), Rule(assign_code, ("field",)),
    Rule(code_number, ("field",)), Rule(assign_ct, ("field",)), Rule(lookup, ("field", "list")),
    Rule(assign_number, ("field",)), Rule(assign_result, ("field",)),
    Rule(assign_datetime, ("field", "field?")),
    Rule(date_of_parts, ("field", "field", "field", "field?")), Rule(hardcode, ("text", "text*"), ASSIGNED),
    Rule(join, ("field", "field*")),
    Rule(link_id, ("text", "field", "field*")), Rule(below_limit, ("field", "field")),
    Rule(visit, ("field", "field?")), Rule(visitnum, ("field", "field?")), Rule(part, ("field", "text", "count")),
    Rule(date_from_day, ("field", "count?"), DERIVED), Rule(date_from_month, ("field",), DERIVED),
    Rule(day_of_date, ("field",), DERIVED), Rule(days_between, ("field", "field?"), DERIVED),
    Rule(months_between, ("field", "field?"), DERIVED),
)}
