"""Raw records to SDTM records of one domain, by its mapping sheet; cut at the data cut and numbered.

Every raw record keeps its way back: `_FORM`, `_FILE`, `_LINE`, `_RECORD` travel beside the SDTM variables.
"""

from dataclasses import replace
from typing import NamedTuple

import pandas as pd

from pipeline.ground.dates import earliest, iso_date
from pipeline.ground.faults import TrialError
from pipeline.ground.metadata import Variable
from sdtm.cut import at_cut, subjects_at_cut
from sdtm.findings import gathered, of_records
from sdtm.mapping.carried import MADE, Took, carried, marked
from sdtm.mapping.chosen import meeting
from sdtm.mapping.inputs import MappingInputs, RuleInputs
from sdtm.mapping.links import with_all_linked
from sdtm.mapping.long_form import read_tests
from sdtm.mapping.records import RECORD_RULES
from sdtm.mapping.rules import RULES
from sdtm.mapping.sheet import CO, ORIGIN, SUPP, Known, MappingRow, blocks, column, read_sheet, shared
from sdtm.mapping.terms import looked_up, terms, with_coded
from sdtm.mapping.unreadable import refuse_unreadable
from sdtm.units import UNIT_FIELD, in_standard_units

BACK = ("_FORM", "_FILE", "_LINE", "_RECORD")
TEXT = Variable("")  # what has no variable of its own is text


class Mapped(NamedTuple):
    """Records of a domain, the findings met, and which raw values went where (sdtm/mapping/carried.py)."""

    records: pd.DataFrame
    findings: pd.DataFrame
    carried: pd.DataFrame


def mapped(
    domain: str, sheet: pd.DataFrame, raw: dict[str, pd.DataFrame], inputs: MappingInputs
) -> Mapped:
    """SDTM records of one domain as its spec names them, qualifiers and way back beside them; findings, ways of values.

    1. Each block of the sheet makes one stack of records. 2. The test name follows its code. 3. Records and values
    after the data cut leave (clarification 25). 4. Results and doses are turned to standard units (units.csv).
    5. --SEQ numbers a subject's records in the order of the spec's keys.
    `raw` holds a frame for every form of the sheet, and for those study.yaml names (subjects, entered, death, anchor)
    or the sheet brings values over from (links.csv).
    Raises TrialError for a sheet that names what does not exist, and for a column that cannot be read.
    """
    made = collected(domain, sheet, raw, inputs)
    frame, found = completed(domain, made.records, inputs)
    ways = carried(made.lines, frame, made.rows, domain.upper())
    return Mapped(frame.drop(columns=MADE), gathered([*made.findings, *found]), ways)


class Collected(NamedTuple):
    """The records of a domain until the data cut, as they were collected, and the findings met so far.

    `lines` are those of all records, cut or not; `rows` those of the sheet.
    """

    records: pd.DataFrame
    findings: list[pd.DataFrame]
    lines: pd.DataFrame
    rows: list[MappingRow]


def collected(domain: str, sheet: pd.DataFrame, raw: dict[str, pd.DataFrame], inputs: MappingInputs) -> Collected:
    """The first part of `mapped` (1 to 3), which makes of each subject alone what it makes of all. Raises as that."""
    domain = domain.upper()
    sheets = read(domain, sheet, {form: with_coded(records) for form, records in raw.items()}, inputs)
    pieces, findings = stacks(sheets, list(dict.fromkeys(row.form for row in sheets.rows)))
    frame = _stacked(pieces, domain, inputs.spec.by_name, sheets.rows, inputs)
    subjects = subjects_at_cut(sheets.raw, inputs.study)
    known, left_out = at_cut(frame, domain, subjects, inputs.cut, inputs.cutoff)
    return Collected(known, [*sheets.findings, *findings, left_out], frame[["_FORM", "_LINE"]], sheets.rows)


def completed(
    domain: str, records: pd.DataFrame, inputs: MappingInputs, met: pd.DataFrame | None = None
) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """The second part (4 and 5): records with the marks of their rows (`_MADE`), and the findings.

    `met` are the units that the results of all subjects have, where the records are those of some.
    """
    domain = domain.upper()
    frame, without = in_standard_units(records, domain, inputs.units, met)
    frame, doubled = _numbered(frame.drop(columns=UNIT_FIELD), domain, inputs.spec.keys)
    return frame, [*without, doubled]


class Sheets(NamedTuple):
    """The rows of a domain's sheet and table of tests, read; the forms with linked fields, and what rows may name."""

    rows: list[MappingRow]
    raw: dict[str, pd.DataFrame]
    known: Known
    for_rules: RuleInputs
    findings: list[pd.DataFrame]


def read(domain: str, sheet: pd.DataFrame, raw: dict[str, pd.DataFrame], inputs: MappingInputs) -> Sheets:
    """A sheet with its table of tests, held to what its forms have. Raises TrialError for what does not exist."""
    tables = [sheet, *([inputs.tests] if inputs.tests is not None else [])]
    raw, unclear = with_all_linked(raw, tables, inputs.links)
    known = Known({form: list(rows.columns) for form, rows in raw.items()},
                  inputs.spec.by_name | _qualifiers(inputs.ct), frozenset(inputs.ct["codelist"]), inputs.numbers,
                  inputs.transfers)
    rows = read_sheet(sheet, known, inputs.sheet_file)
    if inputs.tests is not None:
        rows += read_tests(inputs.tests, domain, known, rows, inputs.tests_file)
    if not inputs.columns_judged:
        refuse_unreadable(rows, raw, inputs.study)
    return Sheets(rows, raw, known, _for_rules(raw, inputs), unclear)


def stacks(sheets: Sheets, forms: list[str]) -> tuple[list[pd.DataFrame], list[pd.DataFrame]]:
    """One stack of records per block of these forms, and the findings."""
    pieces, findings = [], list[pd.DataFrame]()
    for form in forms:
        for piece, part in _stacks(form, sheets.rows, sheets.raw[form], sheets.known, sheets.for_rules):
            pieces.append(piece)
            findings.extend(part)
    return pieces, findings


def _qualifiers(ct: pd.DataFrame) -> dict[str, Variable]:
    names = ct.loc[ct["codelist"].str.startswith("SUPP"), "submission"]
    return {SUPP + name: Variable(name) for name in names}


def _for_rules(raw: dict[str, pd.DataFrame], inputs: MappingInputs) -> RuleInputs:
    """What every rule may know; the anchor is each subject's first date in the field that study.yaml names."""
    named = inputs.study.anchor
    form, _, date_field = named.partition(".")
    anchor = None
    if named:
        if date_field not in raw.get(form, ()):
            what = f"Days are counted from {named}, which is no field of the extract."
            raise TrialError(what, "study.yaml, anchor", "write `anchor: FORM.FIELD` as the raw contracts call them")
        anchor = earliest(iso_date(raw[form][date_field])).groupby(raw[form]["_SUBJECT"]).min()
    first = inputs.study.anchor_day
    return RuleInputs(TEXT, inputs.ct, inputs.visits, anchor, named, first, inputs.month_days)


def _stacks(form: str, rows: list[MappingRow], raw: pd.DataFrame, known: Known, for_rules: RuleInputs):
    """Per block of a form: its records, and the findings met."""
    numbers = {row.key: number for number, row in enumerate(rows)}
    choosing, making = shared(rows, form)
    taken, findings = chosen(raw, choosing, known, for_rules)
    common, took, more = made(taken, making, known, for_rules)
    findings = [*findings, *more]
    for own_choosing, own_making in blocks(rows, form):
        records, part = chosen(taken, own_choosing, known, for_rules)
        own, own_took, more = made(records, own_making, known, for_rules)
        every = common.loc[records.index]
        filled = own.assign(**{name: own[name].fillna(every[name]) if name in own else every[name] for name in every})
        all_took = [*_of_all([*choosing, *own_choosing], records), *own_took, *_where_left(took, own)]
        beside = records[["_SUBJECT", *BACK]].assign(
            **{UNIT_FIELD: _unit_field([*own_making, *making]), MADE: marked(all_took, numbers, records.index)})
        yield pd.concat([beside, filled], axis="columns"), [*findings, *part, *more]
        findings = []


def _of_all(rows: list[MappingRow], records: pd.DataFrame) -> Took:
    """Choosing rows took every record that they left."""
    return [(row, pd.Series(True, index=records.index)) for row in rows]


def _where_left(took: Took, own: pd.DataFrame) -> Took:
    """What the rows of all blocks give to the records of one: where its own rows gave nothing."""
    return [(row, given & own[name].isna().reindex(given.index, fill_value=False) if name in own else given)
            for row, given in took for name in [column(row.target)]]


def _unit_field(rows: list[MappingRow]) -> str | None:
    """The field that the rows of a block take the unit of a result or dose from; None where they say it themselves."""
    units = [row.words[0] for row in rows if row.target[2:] in ("ORRESU", "DOSU") and row.rule != "hardcode"]
    return units[0] if units else None


def chosen(
    raw: pd.DataFrame, rows: list[MappingRow], known: Known, for_rules: RuleInputs
) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """The raw records that all choosing rows take."""
    records, findings = raw, list[pd.DataFrame]()
    for row in rows:
        records = meeting(records, row.where, row.place, known.numbers.get(row.form, ()))
        answer = RECORD_RULES[row.rule].make(records, row.words, for_rules)
        records, findings = records[answer.values.astype(bool)], [*findings, *answer.findings]
    return records, findings


def made(
    records: pd.DataFrame, rows: list[MappingRow], known: Known, for_rules: RuleInputs
) -> tuple[pd.DataFrame, Took, list[pd.DataFrame]]:
    """One column per target, in the order of the rows, the records that each row gave a value, and the findings."""
    columns: dict[str, pd.Series] = {}
    took: list[tuple[MappingRow, pd.Series]] = []
    findings: list[pd.DataFrame] = []
    for row in rows:
        variable = known.variable(row.target) or TEXT
        taken = meeting(records, row.where, row.place, known.numbers.get(row.form, ()))
        answer = RULES[row.rule].make(taken, row.words, replace(for_rules, variable=variable))
        values = _typed(answer.values, variable).reindex(records.index)
        name = column(row.target)
        took.append((row, values.notna() & (columns[name].isna() if name in columns else True)))
        columns[name] = columns[name].fillna(values) if name in columns else values
        if row.target.startswith(SUPP):
            origin = pd.Series(known.origin(row), index=records.index, dtype="str").where(took[-1][1])
            columns[name + ORIGIN] = columns[name + ORIGIN].fillna(origin) if name + ORIGIN in columns else origin
        findings.extend(answer.findings)
    return pd.DataFrame(columns, index=records.index), took, findings


def _typed(values: pd.Series, variable: Variable) -> pd.Series:
    if variable.type == "text":
        return values.astype("str")
    return pd.to_numeric(values, errors="coerce").astype("float64")


def _stacked(
    pieces: list[pd.DataFrame], domain: str, variables: dict[str, Variable], rows: list[MappingRow],
    inputs: MappingInputs,
) -> pd.DataFrame:  # fmt: skip
    """All blocks under one another, with every variable of the spec, identifiers and the names of tests filled."""
    frame = pd.concat(pieces)
    study = inputs.study.study
    identifiers = {"STUDYID": study, "DOMAIN": domain, "USUBJID": study + "-" + frame["_SUBJECT"]}
    for name, value in (identifiers | {"SUBJID": frame["_SUBJECT"]}).items():
        if name in variables:
            frame[name] = pd.Series(value, index=frame.index, dtype="str")
    code, test = f"{domain}TESTCD", f"{domain}TEST"
    if test in variables and code in frame and variables[code].codelist:
        codelist = variables[code].codelist
        named = looked_up(frame[code], terms(inputs.ct, codelist, "label"), codelist)
        frame[test] = named.fillna(frame[test]) if test in frame else named
    own = inputs.ct.loc[inputs.ct["codelist"] == f"SUPP{domain}", "submission"]
    comments = [column(row.target) for row in rows if row.target.startswith(CO)]
    supplied = [row.target.removeprefix(SUPP) for row in rows if row.target.startswith(SUPP)]
    others = [one for name in supplied for one in (name, name + ORIGIN)]
    names = list(dict.fromkeys([*variables, *own, *others, *comments, "_SUBJECT", *BACK, UNIT_FIELD, MADE]))
    empty = pd.Series(index=frame.index, dtype="str")
    typed = {name: _typed(frame.get(name, empty), variables.get(name, TEXT)) for name in names}
    return pd.DataFrame(typed | {"_LINE": frame["_LINE"].astype("int64")})[names]


def _numbered(frame: pd.DataFrame, domain: str, keys: tuple[str, ...]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The records in the order of the keys with --SEQ per subject; a domain without --SEQ has one record per key."""
    number = f"{domain}SEQ"
    order = [key for key in keys if key != number]
    frame = frame.sort_values([*order, "_FORM", "_LINE"], na_position="first", ignore_index=True)
    if number in frame:
        frame[number] = (frame.groupby("USUBJID").cumcount() + 1).astype("int64")
        return frame.drop(columns="_SUBJECT"), gathered([])
    repeated = frame.duplicated(list(keys))
    message = f"{domain} has a second record {{value}} of this subject; the first is used. Inactivate one of them."
    repeats = of_records(frame[repeated], "SDTM-REPEAT", "major", "", frame["_RECORD"], message)
    return frame[~repeated].drop(columns="_SUBJECT").reset_index(drop=True), repeats
