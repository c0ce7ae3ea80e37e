"""Proposed mapping rows for fields that follow CDASH names; what does not is an open row."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping
from typing import NamedTuple

from pipeline.ground.metadata import DatasetSpec, Variable
from pipeline.new_study.dictionary import DictionaryField

FORM_WORDS = (
    ("ae", r"adverse|toxicit"), ("dm", r"demograph|^patients?$|^subjects?$"), ("mh", r"medical hist"), ("vs", r"vital"),
    ("ds", r"consent|enrol|disposition|end of study"), ("dd", r"death"), ("eg", r"\becg\b|electrocard"),
    ("lb", r"\blab"),
    ("dv", r"deviation"), ("ie", r"inclusion|eligib"), ("ho", r"hospital"), ("mi", r"marrow|histolog|pathol"),
    ("cm", r"concomitant|medication|prior ?(line|therap)|subsequent|anticancer|bridging"),
    ("ex", r"infusion|administration|dosing|exposure|^car-?t$"), ("pr", r"leukapheresis|procedure"),
    ("ss", r"survival|follow-?up"), ("rs", r"response|ecog|performance"), ("tr", r"lesion|tumou?r|\bpet\b"),
    ("pc", r"transgene|pharmacokinetic|qpcr"), ("qs", r"questionnaire|\bice\b"),
    ("fa", r"history|assessment|findings about"),
)  # fmt: skip
LABEL_WORDS = {
    "dm": (("SEX", r"^sex$"), ("AGE", r"^age\b"), ("RACE", r"^race$"), ("ETHNIC", r"^ethnic")),
    "ae": (("AETERM", r"^(toxicity|adverse event)$"), ("AETOXGR", r"\bgrade$")),
    "lb": (("LBTESTCD", r"^test$"), ("LBORRES", r"^(value|result)$"), ("LBORRESU", r"^units?$"), ("LBDTC", r"^date$"),
           ("LBORNRLO", r"^lln$"), ("LBORNRHI", r"^uln$")),
}  # fmt: skip
SYNONYMS = {
    "STDAT": ("STDTC", "assign_datetime"), "ENDAT": ("ENDTC", "assign_datetime"), "DAT": ("DTC", "assign_datetime"),
    "STDTC": ("STDTC", "assign_datetime"), "ENDTC": ("ENDTC", "assign_datetime"), "DTC": ("DTC", "assign_datetime"),
    "PT": ("DECOD", "assign"), "FREQ": ("DOSFRQ", "assign_ct"), "GR": ("TOXGR", "assign_ct"),
    "SOC": ("BODSYS", "assign"), "RES": ("ORRES", "assign"), "REASND": ("REASND", "assign"),
}  # fmt: skip
SHARED = 0.6  # of the names of a form
TIMES = {"STDTC": "STTIM", "ENDTC": "ENTIM", "DTC": "TIM"}
PLAIN = {"BRTHDAT": ("BRTHDTC", "assign_datetime"), "BRTHYR": ("BRTHDTC", "assign_datetime")}
CONSENT = ("DSTERM,hardcode,INFORMED CONSENT OBTAINED", "DSDECOD,hardcode,INFORMED CONSENT OBTAINED",
           "DSCAT,hardcode,PROTOCOL MILESTONE")  # fmt: skip


class ProposedRow(NamedTuple):
    """One row of a mapping sheet; an open one has no form, the block OPEN and FORM.FIELD as its source."""

    form: str
    block: str
    target: str
    rule: str
    source: str
    where: str = ""


class ProposedTest(NamedTuple):
    """One row of a table of tests: a measured field that is called as a test of its domain."""

    form: str
    field: str
    test: str
    list: str
    unit: str
    result: str


def domain_of(form: str, label: str, domains: Collection[str]) -> str:
    """The domain a form belongs to by its name, else by the words of its label; '' when neither tells."""
    if form.lower() in domains and len(form) == 2:
        return form.lower()
    return next((d for d, pattern in FORM_WORDS if d in domains and re.search(pattern, label.casefold())), "")


def rows_of_form(
    fields: list[DictionaryField], domain: str, spec: DatasetSpec, tests: set[str], subject: str,
    carried: tuple[str, ...],
) -> tuple[list[ProposedRow], list[ProposedTest]]:  # fmt: skip
    """Rows and tests of one form for its domain: variables by CDASH name, measured fields as tests, the rest open.

    A form of which a required variable stays empty is open as a whole.
    """
    variables, prefix, form = spec.by_name, domain.upper(), fields[0].form
    measured = [f for f in fields if f.name in tests and f.type in ("integer", "decimal", "coded")]
    block = "*" if measured else ""
    rows, used = _consent(fields, block) if _is_consent(fields, domain) else ([], set())
    used |= {subject, *(f.name for f in measured)}
    taken = {row.target for row in rows}
    for field in [f for f in fields if f.name not in used]:
        target, rule, where = _target(field, prefix, variables, _common_prefix(fields))
        if target and target not in taken:
            names = [field.name, *_time(field, target, prefix, fields)] if rule != "hardcode" else ["ONGOING"]
            rows.append(ProposedRow(form, block, target, rule, " ".join(names), where))
            taken.add(target)
            used |= {field.name, *names}
    if measured and not rows:
        rows = [ProposedRow(form, block, "", "records", "")]
    rows += _demographics(form, taken) if domain == "dm" else []
    if rows and not fields[0].vendor and {"FOLDER", "FOLDERSEQ"} <= set(carried) and "VISITNUM" in variables:
        rows += [ProposedRow(form, block, v, v.lower(), "FOLDER FOLDERSEQ") for v in ("VISITNUM", "VISIT")]
    tests_made = {f"{prefix}{name}" for name in ("TESTCD", "ORRES", "STRESC") if measured}
    rows, lacking = _completed(rows, fields[0], block, tests_made, spec)
    if lacking:
        why = f" ({prefix} also needs {', '.join(lacking)})"
        return [_open(f, why) for f in fields if f.name != subject], []
    return rows + [_open(f) for f in fields if f.name not in used], [_test(f, prefix, variables) for f in measured]


def _is_consent(fields: list[DictionaryField], domain: str) -> bool:
    return domain == "ds" and "consent" in fields[0].form_label.casefold()


def _consent(fields: list[DictionaryField], block: str) -> tuple[list[ProposedRow], set[str]]:
    """Informed consent as a protocol milestone, dated by the form's first date."""
    form, date = fields[0].form, next((f.name for f in fields if f.type == "date"), "")
    rows = [ProposedRow(form, block, *text.split(",")) for text in CONSENT]
    dated = [ProposedRow(form, block, "DSSTDTC", "assign_datetime", date)] if date else []
    return [*rows, *dated], {date} if date else set()


def _common_prefix(fields: list[DictionaryField]) -> str:
    """The letters with which most names of a form begin (LOT of LOTN, LOTTYP, LOTSTDAT)."""
    for length in (4, 3, 2):
        starts = Counter(f.name[:length] for f in fields if len(f.name) > length)
        if starts and len(fields) > 2 and starts.most_common(1)[0][1] >= SHARED * len(fields):
            return starts.most_common(1)[0][0]
    return ""


def _completed(
    rows: list[ProposedRow], first: DictionaryField, block: str, made_by_tests: set[str], spec: DatasetSpec
) -> tuple[list[ProposedRow], list[str]]:
    """The rows, object and category named after the form where they are required; required variables still empty."""
    prefix, given = spec.dataset, {"STUDYID", "DOMAIN", "USUBJID", "SUBJID"}
    made = {row.target for row in rows} | made_by_tests | given | {f"{prefix}SEQ", f"{prefix}TEST"}
    needed = [v.name for v in spec.variables if v.collected]
    named = [n for n in needed if n not in made and n in (f"{prefix}OBJ", f"{prefix}CAT")]
    rows = rows + [ProposedRow(first.form, block, n, "hardcode", first.form_label.upper()) for n in named if rows]
    return rows, [n for n in needed if n not in made and n not in named] if rows else []


def _target(
    field: DictionaryField, prefix: str, variables: Mapping[str, Variable], common: str
) -> tuple[str, str, str]:
    """The variable a field's name says, the rule and its condition; all '' when it says none."""
    rests = [field.name.removeprefix(start) for start in (prefix, common) if start and field.name.startswith(start)]
    if "ONGO" in rests and f"{prefix}ENRTPT" in variables and field.type == "coded":
        return f"{prefix}ENRTPT", "hardcode", f'{field.name} == "Yes"'
    candidates = [PLAIN.get(field.name), *(SYNONYMS.get(rest) for rest in rests)]
    spoken = field.label.casefold().strip()
    meant = [v for v, pattern in LABEL_WORDS.get(prefix.lower(), ()) if field.column and re.search(pattern, spoken)]
    for name, rule in [c for c in candidates if c]:
        full = name if name in variables else f"{prefix}{name}"
        if full in variables:
            return full, rule if rule != "assign_ct" or variables[full].codelist else "assign", ""
    name = meant[0] if meant else field.name
    if name not in variables or variables[name].origin == "Derived":
        return "", "", ""
    variable = variables[name]
    if variable.type in ("number", "integer"):
        return name, "assign_number", ""
    if name.endswith("DTC"):
        return name, "assign_datetime", ""
    return name, "assign_ct" if variable.codelist else "assign", ""


def _time(field: DictionaryField, target: str, prefix: str, fields: list[DictionaryField]) -> list[str]:
    wanted = prefix + TIMES.get(target.removeprefix(prefix), "-")
    return [f.name for f in fields if f.name == wanted and f.type == "time"]


def _test(field: DictionaryField, prefix: str, variables: Mapping[str, Variable]) -> ProposedTest:
    """The test of one measured field."""
    unit = field.unit if {f"{prefix}ORRESU", f"{prefix}STRESU"} <= set(variables) else ""
    number = field.type != "coded" and f"{prefix}STRESN" in variables
    return ProposedTest(field.form, field.name, field.name, "", unit, "number" if number else "text")


def _demographics(form: str, taken: set[str]) -> list[ProposedRow]:
    rows = [ProposedRow(form, "", "SITEID", "assign", "_SITE")]
    return rows + (
        [ProposedRow(form, "", "AGEU", "hardcode", "YEARS")] if "AGE" in taken and "AGEU" not in taken else []
    )


def _open(field: DictionaryField, why: str = "") -> ProposedRow:
    what = f"{field.label}: say target and rule and move the form here, or remove the row{why}"
    return ProposedRow("", "OPEN", "", "", f"{field.form}.{field.name}", what)
