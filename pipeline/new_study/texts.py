"""The fixed parts of a new study's files; every point that only a person can settle says OPEN."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from pipeline.new_study.system import Carried
from pipeline.study.decisions import Decision

FIRST_OUTPUT = """# OPEN: one file per output of the analysis plan; this first one shows the sets and who is in them.
output: T-1
family: categories
kind: table
title: [Subjects and Analysis Sets]
population: {where: 'ENRLFL == "Y"', label: Enrolled subjects}
stub_width: 4
columns:
  - {label: All subjects}
datasets: [adsl]
decisions: [PERCENT_MIN_N]
rows:
  - {count: Treated (Safety Analysis Set), where: 'SAFFL == "Y"'}
  - {count: Infused, where: 'INFFL == "Y"'}
  - {summary: "Age, years, median (range)", variable: AGE, show: "{median:x.x} ({min:x} to {max:x})"}
  - {levels: Sex, variable: SEX, values: [{value: M, label: Male}, {value: F, label: Female}]}
footnotes:
  - "Made by trial new-study as a start."
"""

ELEMENTS = (
    "# OPEN: the elements of the trial in order, as the protocol has them; SE, EPOCH and the trial design rest on them",
    "# elements:",
    "#   - {code: SCRN, label: Screening, epoch: SCREENING, start_rule: Informed consent, end_rule: First treatment,",
    "#      starts: {of: ds, where: 'DSDECOD == \"INFORMED CONSENT OBTAINED\"', date: DSSTDTC}}",
    "#   - {code: CART, label: CAR-T, epoch: TREATMENT, start_rule: First CAR-T infusion, duration: P100D,",
    "#      starts: {of: ex, where: 'EXCAT == \"CELLS\"', date: EXSTDTC}}",
    "# OPEN: the trial summary (TS); title, indication, arms, countries and dates are made, what is not said is NI",
    "# trial_summary: {TPHASE: PHASE I TRIAL, AGEMIN: P18Y, AGEMAX: {missing: PINF}, REGID: {missing: NI}}",
)
OF_PLAN = (
    "",
    "# OPEN: published criteria that the protocol names",
    "criteria: {response: Lugano 2014, crs: ASTCT 2019, icans: ASTCT 2019, toxicity: CTCAE v5.0}",
    "# OPEN: the times and responses of the plan, of those that the standard has",
)
ENDPOINTS = ("PFS", "PFSEMA", "OS", "DOR", "RELNRM", "TTCRS", "TTICANS", "BOR", "RSP", "PD", "CRBEST", "CRD30",
             "CRD100")  # fmt: skip


def study(name: str, roster: str, death: str, consent: str, lacking: list[str], asked: Iterable[str]) -> str:
    """study.yaml with what the dictionary told; `asked` are the endpoints that outputs ask for which are ready."""
    lines = [
        "# What is particular to this study; every scalar is read as text.",
        f"study: {name.upper().replace('_', '-')}  # OPEN: STUDYID as it stands in the data",
        f"title: {name}  # OPEN: title of the protocol",
        "indication: ''  # OPEN: disease and line",
        "design: ''  # OPEN: design in a sentence",
        f"data: data/{name}",
        "",
        'standards: {sdtmig: "3.4", sdtmct: "2025-03-28", adamig: "1.3", adamct: "2026-03-27"}',
        "",
        "# How outputs are printed: paper Letter or A4; draft until the data are final.",
        "paper: Letter",
        "status: draft",
        "# OPEN: sponsor: its name; dictionaries: {meddra: version, whodrug: version}, once terms are coded",
        "",
        "day0: cells",
        "# OPEN: cutoff: none, when there is no data cut (a chart review); else the delivery's manifest states it",
        "# OPEN: anchor: FORM.FIELD and anchor_day: 0 or 1, when the source counts days or months",
        "",
        "# OPEN: the products of each role, as submission values of EXTRT (add them to codelists.csv)",
        "treatments:",
        "  conditioning: {label: Conditioning, products: []}",
        "  cells: {label: CAR-T, products: []}",
        "",
        "arm: {code: ARM1, label: Single arm}  # OPEN: code and label of the arm",
        *ELEMENTS,
        'country: ""  # OPEN: ISO 3166 code',
        "",
        *_whole_subjects(roster, death, consent),
        "",
        "# OPEN: standard domains that nothing is collected for; their datasets are empty, knowingly",
        f"not_collected: [{', '.join(lacking)}]",
        *OF_PLAN,
        f"endpoints: [{', '.join(dict.fromkeys([*ENDPOINTS, *asked]))}]",
    ]
    return "\n".join(lines) + "\n"


def _whole_subjects(roster: str, death: str, consent: str) -> list[str]:
    """The lines of study.yaml that say where the data find what decides over whole subjects."""
    without = "# OPEN: consent: FORM.FIELD, the date of consent (leave away without one)"
    return [
        "# Where the data find what decides over whole subjects: FORM or FORM.FIELD.",
        f"subjects: {roster}" + ("" if roster else "  # OPEN: the form with one record per subject"),
        f"death: {death}" if death else "# OPEN: death: FORM.FIELD, the date of death",
        f"consent: {consent}" if consent else without,
    ]


def decisions(known: dict[str, Decision]) -> str:
    """decisions.yaml: every decision of the standard as a comment, so that its author reads them."""
    lines = ["# What this study decides otherwise than specs/standard/decisions.yaml, as `ID: value`.",
             "# OPEN: read each question against the plan; behind it stands the standard's answer."]  # fmt: skip
    lines += [f"#   {d.id}: {d.default}   # {d.question}" for d in known.values()]
    return "\n".join([*lines, "{}"]) + "\n"


def system(told: Carried) -> str:
    """raw/_system.yaml: the columns every form carries, as far as a dictionary or an extract showed them."""
    number = '# OPEN: subject: {number: "(?P<site>[0-9]{3})[0-9]{4}"}, how numbers are made that name the site'
    if not told.carried:
        columns = "# OPEN: the columns every form carries besides its own (site, subject, ...)."
        return f"{number}\n{columns}\ncolumns: {{}}\n"
    open_ = "  # OPEN: say column: NAME where the delivery calls it otherwise, and what else every form carries"
    lines = [number, "# Columns that every form carries.", "columns:"]
    keys = {told.subject_carried, *told.records}
    for name in told.carried:
        words = "type: text, required: true, essential: true" if name in keys else "type: text"
        column = f"column: {json.dumps(told.columns[name], ensure_ascii=False)}, " if name in told.columns else ""
        lines.append(f"  {name}: {{{column}{words}}}" + (open_ if told.assumed else ""))
    if told.usual_codes and told.usual_codes != {"code": "{}_STD", "text": "{}"}:
        lines.append(f"coded: {flow(told.usual_codes)}")
    if told.state:
        lines.append(f'inactive: {{column: {told.state}, value: "0"}}  # OPEN: which value means inactivated?')
    return "\n".join(lines) + "\n"


def flow(pairs: Mapping[str, str]) -> str:
    """Pairs as one line of YAML."""
    return "{" + ", ".join(f'{word}: "{value}"' for word, value in pairs.items()) + "}"
