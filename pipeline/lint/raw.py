"""Raw contracts: words, types, lists, keys."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pipeline.ground.date_forms import order_of
from pipeline.ground.faults import TrialError
from pipeline.ground.words import did_you_mean
from pipeline.intake.codes import versions
from pipeline.intake.declared import agreed_form
from pipeline.lint.places import ERROR, WARNING, Document, Grid, Problem
from pipeline.lint.values import Lists, as_collected, slips
from pipeline.readers.written import written_as
from pipeline.study.contracts import Contract, Field, System, is_range, marks_taken_back, system_of
from pipeline.study.yaml_text import Where

TYPES = ("text", "coded", "date", "time", "integer", "decimal", "result")
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def check_contract(document: Document, contract: Contract, columns: Mapping[str, Field], lists: Lists) -> list[Problem]:
    """All problems of one raw contract; `lists` are the codelists of raw/_codelists.csv."""
    problems = []
    if contract.need not in ("essential", "supportive"):
        what = f"need cannot be '{contract.need}'"
        problems.append(document.problem(("need",), ERROR, what, "essential or supportive"))
    if contract.date_format and not agreed_form(contract):
        what = f"the form of dates '{contract.date_format}' is not known"
        problems.append(document.problem(("date_format",), ERROR, what, "ISO, DD MON YYYY, DD/MM/YYYY or MM/DD/YYYY"))
    for name, entry in contract.fields.items():
        problems += _field(document, ("fields", name), entry, set(lists))
    problems += check_required(document, contract, columns, lists)
    told = [*_written(document, contract), *_coded(document, contract), *_keys(document, contract)]
    return problems + told + _taken_back(document, contract)


def _taken_back(document: Document, contract: Contract) -> list[Problem]:
    """A column that by its name marks records taken back, and no `inactive:`; a mark that its column cannot hold."""
    columns, rule = {**contract.carried, **contract.fields}, contract.inactive
    state = next((name for name, entry in columns.items() if marks_taken_back(name) and entry.type != "coded"), "")
    if rule is None:
        cure = f'say by which value, here or in _system.yaml: inactive: {{column: {state}, value: "0"}}'
        what = f"{state} tells which records of {contract.form} were taken back, but no `inactive:` says so"
        return [document.problem(("form",), WARNING, what, cure)] if state else []
    limits = columns[rule.column].range if rule.column in columns else ()
    if limits and not (NUMBER.fullmatch(rule.value) and limits[0] <= float(rule.value) <= limits[1]):
        what = f"{rule.column} never is '{rule.value}': its range is {limits[0]:g} to {limits[1]:g}"
        return [document.problem(("inactive", "value"), ERROR, what, "name the value of a record that was taken back")]
    return []


def check_required(document: Document, contract: Contract, columns: Mapping[str, Field], lists: Lists) -> list[Problem]:
    """Conditions of what is required that cannot be read or met."""
    fields, form = as_collected(columns, lists), f"the form {contract.form}"
    return [document.problem(("fields", name, "required_where"), ERROR, what, cure)
            for name, entry in contract.fields.items()
            for what, cure in slips(entry.required_where, fields, {}, form)]  # fmt: skip


def check_system(document: Document, lists: set[str]) -> list[Problem]:
    """Problems of the columns that every form carries, and of how files are written."""
    system = system_of(document.content)
    found = [p for name, entry in system.columns.items() for p in _field(document, ("columns", name), entry, lists)]
    number = system.subject.number
    if number and (_pattern(number) is None or ("site" not in _groups(number) and not system.subject.site)):
        what = "the number of a subject cannot be read, or has no site in it"
        cure = 'write it as "(?P<site>\\d{3})\\d{4}"; where the study has one site, name it beside: site: "01"'
        found.append(document.problem(("subject", "number"), ERROR, what, cure))
    return found + _written(document, system) + _coded(document, system)


def _coded(document: Document, said: Contract | System) -> list[Problem]:
    """A column of codes or texts that is the same for every field."""
    wrong = [what for what, pattern in said.coded.items() if "{}" not in pattern]
    cure = 'write {} for the name of the field: coded: {code: "{}_STD", text: "{}"}'
    told = "names one column for all fields"
    return [document.problem(("coded", what), ERROR, f"`{what}:` {told}", cure) for what in wrong]


def _written(document: Document, said: Contract | System) -> list[Problem]:
    """An encoding, delimiter, decimal mark, order of dates or language that no reader knows."""
    try:
        written_as((said.written, ""))
    except TrialError as error:
        return [document.problem(("written",), ERROR, error.what.rstrip("."), error.cure)]
    return []


def _field(document: Document, where: Where, entry: Field, lists: set[str]) -> list[Problem]:
    name, kind = entry.name, entry.type
    problems = []
    if not re.fullmatch(r"[A-Za-z_]\w*", name):
        cure = "give it a short name, and the delivered one as `column:`"
        problems.append(document.problem(where, ERROR, f"'{name}' cannot be named in a mapping sheet", cure))
    if entry.dates and (kind != "date" or not order_of(entry.dates)):
        what = f"`dates: {entry.dates}` of {name} is no order of day, month and year"
        cure = "a field of type date may say DMY, MDY or YMD"
        problems.append(document.problem((*where, "dates"), ERROR, what, cure))
    if kind not in TYPES:
        cure = did_you_mean(kind, TYPES)
        problems.append(document.problem((*where, "type"), ERROR, f"unknown type '{kind}' of {name}", cure))
    if kind == "coded" and not entry.codelist:
        problems.append(document.problem(where, ERROR, f"{name} is coded without a codelist", "name it"))
    elif entry.codelist and entry.codelist not in lists:
        cure = did_you_mean(entry.codelist, lists) if lists else "add it to raw/_codelists.csv"
        what = f"the codelist {entry.codelist} of {name} is not in raw/_codelists.csv"
        problems.append(document.problem((*where, "codelist"), ERROR, what, cure))
    if not is_range(entry.range):
        what = f"the range of {name} must be two numbers, the lower first"
        problems.append(document.problem((*where, "range"), ERROR, what, "range: [0, 100]"))
    if entry.pattern and not _pattern(entry.pattern):
        what = f"the pattern of {name} cannot be read"
        problems.append(document.problem((*where, "pattern"), ERROR, what, 'a regular expression, such as "\\d{7}"'))
    if entry.range and kind not in ("integer", "decimal"):
        problems.append(document.problem((*where, "range"), WARNING, f"{name} has a range but is of type {kind}"))
    return problems


def _keys(document: Document, contract: Contract) -> list[Problem]:
    """Record key, unique key, subject and inactive must name columns the form has."""
    columns = {*contract.fields, *contract.carried}
    subject = contract.subject.column
    named: list[tuple[Where, str]] = [(("subject", "column"), subject)] if subject else []
    for word, names in (("record", contract.record), ("unique", contract.unique), ("named_by", contract.named_by)):
        named += [((word, number), name) for number, name in enumerate(names) if word in document.content]
    named += [(("inactive", "column"), contract.inactive.column)] if contract.inactive else []
    problems = []
    for where, column in named:
        if column not in columns:
            what = f"{where[0]} names the column {column}, which {contract.form} does not have"
            problems.append(document.problem(where, ERROR, what, did_you_mean(column, columns)))
    parts, said = _groups(contract.subject.pattern), re.findall(r"{(\w+)}", contract.subject.known_as)
    if contract.subject.known_as and not set(said) <= set(parts):
        what = f"known_as names what the pattern does not take: {', '.join(said) or 'nothing'}"
        problems.append(document.problem(("subject", "known_as"), ERROR, what, "write (?P<number>...) for {number}"))
    if contract.subject.pattern and not parts:
        what = "the subject's pattern cannot be read"
        problems.append(document.problem(("subject", "pattern"), ERROR, what, 'write it as "(?P<site>\\d{3})-..."'))
    return problems


def _groups(pattern: str) -> tuple[str, ...]:
    """The names of what a pattern takes out; none when it cannot be read."""
    read = _pattern(pattern)
    return tuple(read.groupindex) if read else ()


def _pattern(text: str) -> re.Pattern[str] | None:
    try:
        return re.compile(text)
    except (re.error, RecursionError, OverflowError):
        return None


def check_lists(grid: Grid) -> list[Problem]:
    """Columns, and codes that stand twice in one list; case tells codes apart where their texts differ (g/L, G/L)."""
    problems = grid.lacks("CODELIST", "CODED_VALUE", "DECODE")
    if problems:
        return problems
    seen: set[tuple[str, str, str]] = set()
    told = {version for _, row in grid.rows for version in versions(row.get("VERSION", ""))}
    for line, row in grid.rows:
        code, text = row["CODED_VALUE"], row["DECODE"]
        keys = {(row["CODELIST"], version, word) for version in versions(row.get("VERSION", "")) or ["", *told]
                for word in (code, f"{code.casefold()} {text}")}  # fmt: skip
        if keys & seen:
            what = f"{row['CODELIST']} has the code {row['CODED_VALUE']} twice"
            problems.append(grid.problem(line, "CODED_VALUE", ERROR, what, "keep one of them"))
        if not row["CODED_VALUE"] or not row["DECODE"]:
            problems.append(grid.problem(line, "CODED_VALUE", ERROR, f"{row['CODELIST']} has an empty code or text"))
        seen |= keys
    return problems
