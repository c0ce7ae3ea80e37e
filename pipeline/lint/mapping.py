"""Mapping sheets: every row by the rules of the build, what a domain still lacks, values without a submission term."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

import pandas as pd

from pipeline.ground import clauses
from pipeline.ground.faults import TrialError
from pipeline.ground.metadata import DatasetSpec
from pipeline.ground.units import is_unit_list, look_up
from pipeline.ground.words import did_you_mean
from pipeline.lint import values
from pipeline.lint.places import ERROR, OPEN, WARNING, Grid, Problem
from pipeline.study.contracts import Field
from sdtm.mapping.chosen import meets
from sdtm.mapping.records import STATES
from sdtm.mapping.sheet import EVERY, NUMBER, Known, MappingRow, check_row

Terms = Callable[[str], dict[str, str]]  # what each codelist makes of a collected value
COLUMNS = ("form", "block", "target", "rule", "source", "where")
MARK = "OPEN"
MADE = ("STUDYID", "DOMAIN", "USUBJID", "SUBJID")
DATED = ("EVENTS", "INTERVENTIONS", "FINDINGS")
EXPECTED = ("Req", "Exp")
TRANSLATING = {"assign_ct": None, "lookup": 1}
CHOOSING = ("coded_as", "not_coded_as")
# Rules that count from the anchor of study.yaml, with at most so many words.
COUNTED = {"date_from_day": 2, "date_from_month": 1, "day_of_date": 1, "days_between": 1, "months_between": 1}

# Rules of which no date comes: text as collected, joined or translated, and numbers.
NO_DATES = ("assign", "assign_upper", "assign_code", "code_number", "assign_ct", "lookup", "assign_number",
            "assign_result", "join", "link_id", "below_limit", "visit", "visitnum", "days_between", "months_between",
            "day_of_date")  # fmt: skip


def check_sheet(grid: Grid, known: Known) -> list[Problem]:
    """Problems of the rows of one sheet."""
    problems = grid.lacks(*COLUMNS)
    if problems:
        return problems
    for line, row in grid.rows:
        problems += _row(grid, line, row, known)
    return problems + _repeated(grid)


def _row(grid: Grid, line: int, row: dict[str, str], known: Known) -> list[Problem]:
    if not row["form"]:
        if row["block"] == MARK:
            return [grid.problem(line, "source", OPEN, f"{row['source']} has no target yet", row["where"])]
        return [
            grid.problem(line, "form", WARNING, "the row names no form, so it is not read", "name it, or remove it")
        ]
    try:
        form, block, target, rule, source, where = (row[column] for column in COLUMNS)
        check_row(MappingRow(form, block, target, rule, source.split(), where, line, grid.name), known)
    except TrialError as error:
        what = error.what.rstrip(".")
        what = what if what.startswith(row["form"]) else what[:1].lower() + what[1:]
        return [grid.problem(line, _column(what), ERROR, what, error.cure)]
    return []


def _column(what: str) -> str:
    """The cell that a message of the sheet's own checks speaks of."""
    told = {"unknown form": "form", "the target": "target", "unknown rule": "rule", "the condition": "where"}
    return next((column for words, column in told.items() if words in what), "source")


def _repeated(grid: Grid) -> list[Problem]:
    """A target of one block that a later row can never fill, because an earlier one fills it for all records."""
    seen: dict[tuple[str, ...], tuple[int, str]] = {}
    problems = []
    for line, row in grid.rows:
        key = (row["form"], row["block"], row["target"])
        if not row["form"] or not row["target"]:
            continue
        before, how = seen.get(key, (0, ""))
        if before and (how.startswith("hardcode") or how == f"{row['rule']} {row['source']}"):
            what = (
                f"{row['target']} of {row['form']} {row['block']}".rstrip() + f" is filled from line {before} already"
            )
            problems.append(grid.problem(line, "target", ERROR, what, "put the row with `where` first, or remove one"))
        if not row["where"]:
            seen.setdefault(key, (line, f"{row['rule']} {row['source']}"))
    return problems


def check_counted(grid: Grid, anchor: str) -> list[Problem]:
    """Rows that count from the anchor, of a study that names none."""
    return [grid.problem(line, "rule", ERROR, f"{row['rule']} counts from a date, and study.yaml names none",
                         "write `anchor: FORM.FIELD` there, the date of day 0 or day 1")
            for line, row in grid.rows if not anchor and row["rule"] in COUNTED
            and len(row["source"].split()) <= COUNTED[row["rule"]]]  # fmt: skip


def check_lacking(grids: list[Grid], domain: str, spec: DatasetSpec, made: set[str]) -> list[Problem]:
    """Required variables that no row of a block makes, in the sheet or in the table of tests beside it.

    `made` are variables that the domain's recipe makes itself.
    """
    needed = [v.name for v in spec.variables if v.collected]
    test = f"{domain.upper()}TEST"
    needed = [n for n in needed if n not in (*MADE, test, f"{domain.upper()}SEQ") and n not in made]
    targets: dict[tuple[str, str], set[str]] = {}
    first: dict[tuple[str, str], tuple[Grid, int]] = {}
    for grid in grids:
        for line, row in [(line, row) for line, row in grid.rows if row["form"]]:
            targets.setdefault((row["form"], row["block"]), set()).add(row["target"])
            first.setdefault((row["form"], row["block"]), (grid, line))
    problems = []
    for (form, block), own in targets.items():
        if block == EVERY and any(f == form and b != EVERY for f, b in targets):
            continue
        missing = [n for n in needed if n not in own | targets.get((form, EVERY), set())]
        if missing:
            what = f"{form} {block} makes records of {domain.upper()} without {', '.join(missing)}".replace("  ", " ")
            where, line = first[form, block]
            problems.append(where.problem(line, "target", ERROR, what, "add a row for each"))
    return problems


def check_dates(
    whole: list[Grid], domain: str, spec: DatasetSpec, fields: Mapping[str, Field], used: Collection[tuple[str, str]]
) -> list[Problem]:
    """Expected dates that no row of a form makes: an error where the form collects dates, else a warning.

    Of an end only forms are told that have a date nobody uses. `fields` is FORM.FIELD to its entry, `used` the forms
    and fields that any sheet names. A form with open points (block OPEN) is told as that.
    """
    expected = [v.name for v in spec.variables if v.core in EXPECTED and v.origin != "Derived"]
    own_dates = [name for name in expected if name.startswith(domain.upper()) and name.endswith("DTC")]
    dates = own_dates if spec.observation_class in DATED else []
    rows = [(grid, line, row) for grid in whole for line, row in grid.rows]
    left_open = {row["source"].partition(".")[0] for _, _, row in rows if row["block"] == MARK}
    problems = []
    for form in dict.fromkeys(row["form"] for _, _, row in rows if row["form"] not in ("", *left_open)):
        own = [one for one in rows if one[2]["form"] == form]
        collected = [n.partition(".")[2] for n, e in fields.items() if e.type == "date" and _of(n, form)]
        unused = [name for name in collected if (form, name) not in used]
        for name in [n for n in dates if n not in {row["target"] for _, _, row in own}]:
            if unused or not name.endswith("ENDTC"):
                what = f"{form} makes records of {domain.upper()} without {name}, a date that is expected"
                why = f"; {form}.{unused[0]} is mapped to nothing" if unused else ""
                cure = f"add a row: {form},,{name},assign_datetime,{(unused or ['FIELD'])[0]},"
                grid, line, _ = own[0]
                problems.append(grid.problem(line, "target", ERROR if collected else WARNING, what + why, cure))
    return problems


def check_dating(grid: Grid) -> list[Problem]:
    """Dates made by a rule that makes none: what it leaves in --DTC is no date to whoever reads it."""
    problems = []
    for line, row in grid.rows:
        target, rule = row["target"], row["rule"]
        if row["form"] and target.endswith("DTC") and not target.startswith("SUPP.") and rule in NO_DATES:
            cure = "take assign_datetime; of a date in several fields date_of_parts YEAR MONTH DAY"
            problems.append(grid.problem(line, "rule", ERROR, f"{target} is a date, and {rule} makes none", cure))
    return problems


def _of(field: str, form: str) -> bool:
    return field.partition(".")[0] == form


def check_conditions(
    grid: Grid, fields: dict[str, values.Fields], columns: Mapping[str, Mapping[str, Field]]
) -> list[Problem]:
    """Conditions that ask a field for a value that its collected codelist, or its kind, does not have."""
    problems = []
    for line, row in grid.rows:
        if row["form"] in fields and row["where"]:
            told = list(values.slips(row["where"], fields[row["form"]], {}, row["form"]))
            problems += [grid.problem(line, "where", ERROR, what, cure) for what, cure in told]
            problems += [grid.problem(line, "where", ERROR if never else WARNING, *slip)
                         for slip, never in (values.written_as(row["where"], columns[row["form"]]) if not told else ())]
    return problems


def check_constants(grid: Grid, fields: values.Fields) -> list[Problem]:
    """Constants that the closed codelist of their target does not have."""
    problems = []
    for line, row in grid.rows:
        field = fields.get(row["target"])
        if row["form"] and row["rule"] == "hardcode" and field and field.values and row["source"] not in field.values:
            what = f"{row['target']} never is '{row['source']}': the codelist {field.list} does not have it"
            problems.append(grid.problem(line, "source", ERROR, what, did_you_mean(row["source"], field.values)))
    return problems


def check_units(grid: Grid, spec: DatasetSpec, ct: pd.DataFrame, known_of: Terms) -> list[Problem]:
    """Constants that are no unit of the codelist of their target: nothing would be turned, nothing added."""
    units = {v.name: v.codelist for v in spec.variables if v.codelist and is_unit_list(v.codelist)}
    problems = []
    for line, row in grid.rows:
        codelist = units.get(row["target"], "")
        if not codelist or not row["form"] or row["rule"] != "hardcode" or "unit" in grid.header:
            continue
        known = ct.loc[ct["codelist"] == codelist, "submission"].tolist()
        if row["source"] not in known:
            meant = look_up(row["source"], known_of(codelist), codelist)
            near = f"did you mean {meant}?" if meant else did_you_mean(row["source"], known)
            new = f"add it to the study's codelists.csv: {codelist},Y,,{row['source']},,"
            cure = near if near.startswith("did") else new
            what = f"the unit '{row['source']}' is not in the codelist {codelist}"
            problems.append(grid.problem(line, "source", ERROR, what, cure))
    return problems


def check_terms(
    grid: Grid, fields: Mapping[str, Field], lists: values.Lists, spec: DatasetSpec,
    known_of: Terms, extensible: Collection[str] = (),
) -> list[Problem]:  # fmt: skip
    """Values of a collected codelist that the terminology does not translate. `fields` is FORM.FIELD to its entry."""
    codelists = {variable.name: variable.codelist for variable in spec.variables}
    problems = []
    for line, row in grid.rows:
        if row["rule"] not in (*TRANSLATING, "reported") or not row["form"]:
            continue
        words = row["source"].split()
        words = [words[-1], STATES] if words and row["rule"] == "reported" else words
        entry = fields.get(words[0] if "." in words[0] else f"{row['form']}.{words[0]}") if words else None
        named = codelists.get(row["target"]) if row["rule"] == "assign_ct" else "".join(words[1:2])
        if not named or entry is None or entry.codelist not in lists:
            continue
        known = known_of(named)
        collected = [pair for pair in lists[entry.codelist] if _passes(pair, words[0], row, grid, known_of)]
        lost = [text or code for code, text in collected
                if not (look_up(code, known, named) or look_up(text, known, named))]  # fmt: skip
        if lost:
            what = f"{named} has no term for {', '.join(lost)} of {words[0]} (list {entry.codelist})"
            text = f'"{lost[0]}"' if "," in lost[0] else lost[0]
            open_ = "Y" if named in extensible else "N"
            cure = f"add it to the study's codelists.csv: {named},{open_},{text},SUBMISSION VALUE,,"
            problems.append(grid.problem(line, "source", WARNING, what, cure))
    return problems


def _passes(pair: tuple[str, str], field: str, row: dict[str, str], grid: Grid, known_of: Terms) -> bool:
    """False for a value of a field that the conditions on this field alone keep from the row."""
    own, blocks = {field, f"{field}_STD"}, (row["block"], EVERY)
    choosing = [r for _, r in grid.rows if r["form"] == row["form"] and not r["target"] and r["block"] in blocks]
    asked = [clause for clause in [row["where"], *(r["where"] for r in choosing)]
             if clause and set(clauses.names(clause)) <= own]  # fmt: skip
    if asked:
        one = pd.DataFrame({field: [pair[1]], f"{field}_STD": [pair[0]]}, dtype="str")
        if not all(meets(one, clause).all() for clause in asked):
            return False
    for words, rule in ((r["source"].split(), r["rule"]) for r in choosing):
        if rule in CHOOSING and words[0] == field:
            known = known_of(words[1])
            meant = {look_up(said, known, words[1]) for said in pair} - {None}
            if bool(meant & set(words[2:])) != (rule == CHOOSING[0]):
                return False
    return True


def check_chosen(grid: Grid, ct: pd.DataFrame) -> list[Problem]:
    """Submission values that choose records (coded_as) and that their codelist does not have."""
    problems = []
    for line, row in grid.rows:
        words = row["source"].split()
        if row["form"] and row["rule"] in CHOOSING and len(words) > 2:
            known = ct.loc[ct["codelist"] == words[1], "submission"].tolist()
            for word in [word for word in words[2:] if known and word not in known]:
                what = f"{words[0]} never is '{word}': the codelist {words[1]} does not have it"
                problems.append(grid.problem(line, "source", ERROR, what, did_you_mean(word, known)))
    return problems


def check_numbers(grid: Grid, spec: DatasetSpec, ct: pd.DataFrame) -> list[Problem]:
    """Numeric variables filled from a codelist whose values are not all numbers: the others would be lost."""
    variables = spec.by_name
    problems = []
    for line, row in grid.rows:
        variable, words = variables.get(row["target"]), row["source"].split()
        if row["rule"] not in TRANSLATING or variable is None or variable.type not in ("number", "integer"):
            continue
        named = words[1] if row["rule"] == "lookup" and len(words) > 1 else variable.codelist
        lost = [term for term in ct.loc[ct["codelist"] == named, "submission"] if not NUMBER.fullmatch(term)]
        if lost:
            what = f"{row['target']} holds numbers, but the codelist {named} has {', '.join(lost[:3])}"
            cure = "give it a codelist of numbers, or in a table of tests say text as the result"
            problems.append(grid.problem(line, "source", ERROR, what, cure))
    return problems
