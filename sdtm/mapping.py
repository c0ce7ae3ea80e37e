"""Raw records to SDTM records of one domain, by its mapping sheet; cut at the data cut and numbered.

Every raw record keeps its way back: `_FORM`, `_FILE`, `_LINE`, `_RECORD` travel beside the SDTM variables.
"""

from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from pipeline.ground.clauses import meeting
from pipeline.ground.dates import earliest, iso_date
from pipeline.ground.faults import TrialError
from sdtm.cut import at_cut, subjects_at_cut
from sdtm.findings import gathered, of_records
from sdtm.records import RECORD_RULES
from sdtm.rules import RULES, Task
from sdtm.sheet import Known, Row, blocks, read_sheet, shared
from sdtm.terms import looked_up, terms
from sdtm.unreadable import refuse_unreadable

BACK = ("_FORM", "_FILE", "_LINE", "_RECORD")
SUPP = "SUPP."


@dataclass(frozen=True)
class Setting:
    """What the mapping of a domain needs besides sheet and raw records.

    study: study.yaml; ct: the terminology; spec, supp: specs of the domain and of its supplemental qualifiers;
    cut: specs/standard/cut.csv; visits: visits.csv; cutoff: the data cut as YYYY-MM-DD; sheet_file: for messages;
    month_days: the length of a month (decision MONTH_DAYS).
    """

    study: dict[str, Any]
    ct: pd.DataFrame
    spec: dict[str, Any]
    cutoff: str
    cut: pd.DataFrame
    visits: pd.DataFrame
    supp: dict[str, Any] = field(default_factory=dict)
    sheet_file: str = ""
    month_days: float = 30.4375


def mapped(
    domain: str, sheet: pd.DataFrame, raw: dict[str, pd.DataFrame], setting: Setting
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """SDTM records of one domain as its spec names them, qualifiers and way back beside them; and the findings.

    1. Each block of the sheet makes one stack of records. 2. The test name follows its code. 3. Records and values
    after the data cut leave (sap 25). 4. --SEQ numbers the records of a subject in the order of the spec's keys.
    `raw` holds a frame for every form of the sheet, and for those study.yaml names (subjects, entered, death, anchor).
    Raises TrialError for a sheet that names what does not exist, and for a column that cannot be read.
    """
    domain = domain.upper()
    variables = {entry["name"]: entry for entry in setting.spec["variables"]}
    qualifiers = _qualifiers(setting.ct)
    known = Known({form: list(rows.columns) for form, rows in raw.items()}, variables | qualifiers,
                  frozenset(setting.ct["codelist"]))
    rows = read_sheet(sheet, known, setting.sheet_file)
    refuse_unreadable(rows, raw, setting.study)
    task = _task(raw, setting)
    pieces, found = [], []
    for form in dict.fromkeys(row.form for row in rows):
        for piece, part in _stacks(form, rows, raw[form], known, task):
            pieces.append(piece)
            found.extend(part)
    frame = _stacked(pieces, domain, variables, rows, setting)
    subjects = subjects_at_cut(raw, setting.study)
    frame, left_out = at_cut(frame, domain, subjects, setting.cut, setting.cutoff)
    frame, doubled = _numbered(frame, domain, setting.spec["keys"])
    return frame, gathered([*found, left_out, doubled])


def _qualifiers(ct: pd.DataFrame) -> dict[str, dict[str, str]]:
    names = ct.loc[ct["codelist"].str.startswith("SUPP"), "submission"]
    return {SUPP + name: {"name": name, "type": "text"} for name in names}


def _task(raw: dict[str, pd.DataFrame], setting: Setting) -> Task:
    """What every rule may know; the anchor is each subject's first date in the field that study.yaml names."""
    named = str(setting.study.get("anchor", ""))
    form, _, date_field = named.partition(".")
    anchor = None
    if named:
        if date_field not in raw.get(form, ()):
            what = f"Days are counted from {named}, which is no field of the extract."
            raise TrialError(what, "study.yaml, anchor", "write `anchor: FORM.FIELD` as the raw contracts call them")
        anchor = earliest(iso_date(raw[form][date_field])).groupby(raw[form]["_SUBJECT"]).min()
    first = int(setting.study.get("anchor_day", 0))
    return Task({}, setting.ct, setting.visits, anchor, named, first, setting.month_days)


def _stacks(form: str, rows: list[Row], raw: pd.DataFrame, known: Known, task: Task):
    """Per block of a form: its records, and the findings met."""
    choosing, making = shared(rows, form)
    chosen, found = _chosen(raw, choosing, task)
    common, more = _made(chosen, making, known, task)
    found = [*found, *more]
    for own_choosing, own_making in blocks(rows, form):
        records, part = _chosen(chosen, own_choosing, task)
        own, more = _made(records, own_making, known, task)
        kept = common.loc[records.index, [c for c in common.columns if c not in own.columns]]
        yield pd.concat([records[["_SUBJECT", *BACK]], kept, own], axis="columns"), [*found, *part, *more]
        found = []


def _chosen(raw: pd.DataFrame, rows: list[Row], task: Task) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """The raw records that all choosing rows take."""
    records, found = raw, []
    for row in rows:
        records = meeting(records, row.where, row.place)
        answer = RECORD_RULES[row.rule].make(records, row.words, task)
        records, found = records[answer.values.astype(bool)], [*found, *answer.findings]
    return records, found


def _made(
    records: pd.DataFrame, rows: list[Row], known: Known, task: Task
) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """One column per target, in the order of the rows, and the findings."""
    columns, found = {}, []
    for row in rows:
        variable = known.variables[row.target]
        taken = meeting(records, row.where, row.place)
        answer = RULES[row.rule].make(taken, row.words, replace(task, variable=variable))
        values = _typed(answer.values, variable).reindex(records.index)
        name = row.target.removeprefix(SUPP)
        columns[name] = columns[name].fillna(values) if name in columns else values
        found.extend(answer.findings)
    return pd.DataFrame(columns, index=records.index), found


def _typed(values: pd.Series, variable: dict[str, Any]) -> pd.Series:
    if variable["type"] == "text":
        return values.astype("str")
    return pd.to_numeric(values, errors="coerce").astype("float64")


def _stacked(
    pieces: list[pd.DataFrame], domain: str, variables: dict[str, dict[str, Any]], rows: list[Row], setting: Setting
) -> pd.DataFrame:
    """All blocks under one another, with every variable of the spec, identifiers and the names of tests filled."""
    frame = pd.concat(pieces, ignore_index=True)
    study = setting.study["study"]
    identifiers = {"STUDYID": study, "DOMAIN": domain, "USUBJID": study + "-" + frame["_SUBJECT"]}
    for name, value in (identifiers | {"SUBJID": frame["_SUBJECT"]}).items():
        if name in variables:
            frame[name] = pd.Series(value, index=frame.index, dtype="str")
    code, test = f"{domain}TESTCD", f"{domain}TEST"
    if test in variables and code in frame and variables[code].get("codelist"):
        codelist = variables[code]["codelist"]
        frame[test] = looked_up(frame[code], terms(setting.ct, codelist, "label"), codelist)
    own = setting.ct.loc[setting.ct["codelist"] == f"SUPP{domain}", "submission"]
    others = [row.target.removeprefix(SUPP) for row in rows if row.target.startswith(SUPP)]
    names = [*variables, *dict.fromkeys([*own, *others]), "_SUBJECT", *BACK]
    empty, text = pd.Series(index=frame.index, dtype="str"), {"type": "text"}
    typed = {name: _typed(frame.get(name, empty), variables.get(name, text)) for name in names if name != "_LINE"}
    return pd.DataFrame(typed | {"_LINE": frame["_LINE"].astype("int64")})[names]


def _numbered(frame: pd.DataFrame, domain: str, keys: list[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The records in the order of the keys with --SEQ per subject; a domain without --SEQ has one record per key."""
    number = f"{domain}SEQ"
    order = [key for key in keys if key != number]
    frame = frame.sort_values([*order, "_FORM", "_LINE"], kind="stable", na_position="first", ignore_index=True)
    if number in frame:
        frame[number] = (frame.groupby("USUBJID").cumcount() + 1).astype("int64")
        return frame.drop(columns="_SUBJECT"), gathered([])
    repeated = frame.duplicated(keys)
    message = f"{domain} has a second record {{value}} of this subject; the first is used. Inactivate one of them."
    found = of_records(frame[repeated], "SDTM-REPEAT", "major", "", frame["_RECORD"], message)
    return frame[~repeated].drop(columns="_SUBJECT").reset_index(drop=True), found
