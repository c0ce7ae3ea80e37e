"""Criteria of eligibility: a coded list of them is IETESTCD with its labels, told apart by the I or E of the codes."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from pipeline.new_study.dictionary import DictionaryField

FILE, SHEET = "eligibility.csv", "mapping/ie.csv"
CODE = re.compile(r"(?i)(in|i|ex|e)[a-z]*[ ._-]*\d+[a-z]?")
# Block, category and the answer that makes a criterion one that was not met.
KINDS = (("not met", "INCLUSION", "N"), ("present", "EXCLUSION", "Y"))
COMMENT = re.compile(r"(?i)comment|remark|specify")
WAIVED = re.compile(r"(?i)waive|nevertheless|exception")


class EligibilityCriterion(NamedTuple):
    """A row of eligibility.csv: the number, the text and the category of a criterion."""

    code: str
    text: str
    category: str


def criteria_of(lists: Sequence[Sequence[str]], name: str) -> list[EligibilityCriterion]:
    """The criteria of a collected list; none where a code does not say whether it is of inclusion or of exclusion."""
    rows = [(code, label) for listed, code, label, *_ in lists if listed == name]
    if not rows or not all(CODE.fullmatch(code) for code, _ in rows):
        return []
    return [EligibilityCriterion(code, label, KINDS[code[0].upper() == "E"][1]) for code, label in rows]


def eligibility_rows(
    fields: Sequence[DictionaryField], criteria: Mapping[str, Sequence[EligibilityCriterion]]
) -> list[tuple[str, str, str, str, str, str]]:
    """The rows of IE for a form that names criteria by a coded list (form, block, target, rule, source, where).

    Where an answer stands beside it, a criterion of inclusion answered No is not met, one of exclusion answered Yes is
    present; else each record is a criterion that was not met. No rows for a form without such a list.
    """
    named = next((f for f in fields if criteria.get(f.codelist)), None)
    if named is None:
        return []
    form, answer = named.form, _answer(fields, named)
    rows = []
    for block, category, result in KINDS:
        codes = [one.code for one in criteria[named.codelist] if one.category == category]
        if not codes:
            continue
        rows += [(form, block, "", "records", "", f"{named.name}_STD in {json.dumps(codes)}")]
        rows += [(form, block, "", "coded_as", f"{answer} NY {result}", "")] if answer else []
        rows += [(form, block, "IECAT", "hardcode", category, "")]
        rows += [] if answer else [(form, block, name, "hardcode", result, "") for name in ("IEORRES", "IESTRESC")]
    rows += [(form, "*", "IETESTCD", "assign_code", named.name, ""), (form, "*", "IETEST", "assign", named.name, "")]
    rows += [(form, "*", name, "assign_ct", answer, "") for name in ("IEORRES", "IESTRESC") if answer]
    said = next((f.name for f in fields if f.type == "text" and COMMENT.search(f.label)), "")
    return rows + ([(form, "*", "CO.COVAL", "assign", said, "")] if said else [])


def eligibility_text(
    fields: Sequence[DictionaryField], criteria: Mapping[str, Sequence[EligibilityCriterion]], sheets: Mapping[str, str]
) -> str:
    """eligibility.csv of the criteria that the sheet of IE reads; '' where it reads none."""
    rows, coded = sheets.get(SHEET, ""), [f for f in fields if criteria.get(f.codelist)]
    read = {f.codelist for f in coded if f"{f.form},*,IETESTCD,assign_code,{f.name}," in rows}
    made = [[*one, ""] for name in sorted(read) for one in criteria[name]]
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([("IETESTCD", "IETEST", "IECAT", "TIVERS"), *made])
    return text.getvalue() if made else ""


def _answer(fields: Sequence[DictionaryField], named: DictionaryField) -> str:
    """The coded field beside the criterion that says whether it was met or present, or ''."""
    coded = [f for f in fields if f.type == "coded" and f is not named and not WAIVED.search(f.label)]
    told = [f for f in coded if re.search(r"(?i)criteri|met|fulfil|present|result|answer", f.label)]
    return told[0].name if told else ""
