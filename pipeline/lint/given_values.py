"""What the rows of mapping sheets can give a variable, and clauses of a study's files that ask for nearly that."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pipeline.gate.checks.mapped import CONSTANT, SheetRow
from pipeline.gate.checks.meaning import CODED, StudyMeaning
from pipeline.ground import clauses
from pipeline.ground.conditions import Condition
from pipeline.ground.metadata import DatasetSpec, Variable
from pipeline.ground.words import did_you_mean
from pipeline.lint.answers import check_answers
from pipeline.lint.near_constants import asked_by
from pipeline.lint.places import ERROR, WARNING, Document, Problem, read_document
from pipeline.lint.ungiven_values import NOT_CLAUSES, comparisons_in, texts_of
from pipeline.study.csv_text import load_table
from pipeline.study.specs import Specs
from pipeline.study.toxicities import EVENTS_OF
from pipeline.study.yaml_text import Where

UPPER = "assign_upper"
VISIT, UNPLANNED = "visit", "UNSCHEDULED"  # unscheduled visits are numbered: UNSCHEDULED 1
PREDECESSOR, QUALIFIER, ADAM = "Predecessor", "QNAM", "adam"
GIVING = ("mapping", "raw", "codelists.csv", "visits.csv")
NEAR, SHORT, NEAR_IF_SHORT = 0.8, 5, 0.6  # how like a value that is given one is that was probably meant
# FA.FASTRESC[FATESTCD=COO], DS.DSDECOD[DSSCAT=...], SUPPAE.QVAL[QNAM=TOXSCALE]: a variable as it is, or of a test.
ORIGIN = re.compile(r"(?:SUPP)?(?P<domain>[A-Z]{2})\.(?P<variable>[A-Z0-9]+)(?:\[(?P<by>[A-Z]+)=(?P<value>[^\]]+)\])?")
Values = Mapping[str, frozenset[str]]


def given_values(meaning: StudyMeaning) -> Values:
    """By variable, all the values that it can have: those that sheets, visits.csv and cases name.

    A variable that has other values in some dataset, or any, is not among them.
    """
    specs, found = meaning.specs, dict[str, frozenset[str] | None]()
    said = {one.name: one for one in specs.declared.conditions}
    for spec in specs.datasets.values():
        for variable in [one for one in spec.variables if not _copied(one, spec)]:
            own = _of_variable(variable, spec, said.get(variable.name), meaning)
            before = found.get(variable.name, own)
            found[variable.name] = own | before if own is not None and before is not None else None
    cases = {one.name: _of_cases(one.cases, one.otherwise) for one in specs.declared.clauses if one.cases}
    beside = specs.inputs["derivation"].said["beside"] if "derivation" in specs.inputs else {}
    cases |= {name: _of_cases(one["cases"], one.get("otherwise", "")) for name, one in beside.items() if "cases" in one}
    visits = {VISIT.upper(): planned} if (planned := _visits(specs)) else {}
    return {name: known for name, known in found.items() if known} | cases | visits


def _copied(variable: Variable, spec: DatasetSpec) -> bool:
    """True for what another dataset has: taken over from ADSL, or on the way to the one that is handed out."""
    return variable.source.startswith("ADSL.") or (spec.intermediate and not variable.source)


def _visits(specs: Specs) -> frozenset[str]:
    files = specs.table_files("visits") if "visits" in specs.tables else []
    return frozenset(name for path in files for name in load_table(path)["VISIT"] if name)


def _of_cases(cases: Iterable[str], otherwise: str) -> frozenset[str]:
    return frozenset({*cases, otherwise})


def _of_variable(
    variable: Variable, spec: DatasetSpec, one: Condition | None, meaning: StudyMeaning
) -> frozenset[str] | None:
    """The values of a variable of a dataset; None where only the data tell."""
    if spec.layer == "sdtm":
        return _of_sheet(variable.name, spec.name, meaning)
    if one is not None and one.cases:
        return None if one.joined else _of_cases(one.cases, one.otherwise)
    if one is not None:
        test = re.search(r'\b([A-Z]{2}TESTCD) == "(\w+)"', one.where)
        told = f"{one.source.upper()}.{one.value}" + (f"[{test[1]}={test[2]}]" if test else "")
        return _of_origin(told, meaning) if one.value else None
    return _of_origin(variable.source, meaning) if variable.origin == PREDECESSOR else None


def _of_origin(source: str, meaning: StudyMeaning) -> frozenset[str] | None:
    """The values of a variable that is taken over as it is from a variable, a test or a qualifier of SDTM."""
    match = ORIGIN.fullmatch(source)
    if match is None:
        return None
    domain, name = match["domain"], match["variable"]
    if match["by"] == QUALIFIER:
        name = match["value"]
    elif match["by"] == f"{domain}TESTCD":
        name = match["value"] if name in (f"{domain}STRESC", f"{domain}ORRES") else ""
    return _of_sheet(name, domain.lower(), meaning)


def _of_sheet(target: str, domain: str, meaning: StudyMeaning) -> frozenset[str] | None:
    """What the rows of a sheet that fill a target give it; None where one takes what was collected, or none is."""
    if domain not in meaning.specs.mappings:
        return None
    rows = meaning.rows(domain.upper())
    told = [_of_row(row, domain.upper(), meaning) for row in rows if row.target == target]
    if target == f"{domain.upper()}TESTCD":
        told += [frozenset({row.target}) for row in rows if row.test]
    return frozenset[str]().union(*told) if told and all(told) else None


def _of_row(row: SheetRow, domain: str, meaning: StudyMeaning) -> frozenset[str]:
    """The values of one row; none where the data tell."""
    if row.rule == CONSTANT:
        return frozenset({" ".join(row.words)})
    if row.rule == VISIT:
        return _visits(meaning.specs)
    field = meaning.specs.contracts[row.form].fields.get(row.words[0].removesuffix(CODED)) if row.words else None
    listed = field is not None and field.codelist in meaning.lists  # what is no item of a list stays as collected
    if listed and field is not None and row.rule == UPPER:
        return frozenset(text.upper() for _, text in meaning.lists[field.codelist])
    return frozenset(meaning.submissions.get(meaning.codelist(domain, row), ()) if listed else ())


def check_given(specs: Specs, told: Iterable[Problem]) -> Iterator[Problem]:
    """What a study's files ask for, and nothing gives, where it stands: values in clauses and rows, qualifiers.

    What is told already is told once; a slip in what gives values is told alone.
    """
    before = [problem for problem in told if problem.kind == ERROR]
    known = {_key(problem) for problem in before}
    if not any(problem.file.startswith(str(home)) for home in _giving(specs) for problem in before):
        found = [*check_answers(specs), *([] if specs.study.from_sdtm else _ungiven(specs))]
        yield from (problem for problem in found if _key(problem) not in known)


def _giving(specs: Specs) -> list[Path]:
    """The files of a study that give variables their values."""
    return [(specs.folder / name).relative_to(specs.root) for name in GIVING]


def _key(problem: Problem) -> tuple[str, int, int, str]:
    return problem.file, problem.line, problem.column, problem.what.partition(":")[0]


def _ungiven(specs: Specs) -> Iterator[Problem]:
    meaning, usual = StudyMeaning(specs), asked_by(specs.root / "specs" / "standard")  # words of this field, as meant
    known = given_values(meaning)
    for path in sorted(specs.folder.rglob("*.yaml")):
        document = read_document(path, str(path.relative_to(specs.root)))
        if path.parent.name in NOT_CLAUSES or not isinstance(document, Document):
            continue
        for where, one in comparisons_in(document.content, known):
            yield from _never(document, where, one.left.id, texts_of(one) - usual, known)
        for where, order, variable in _orders(document.content, specs):
            own = _of_variable(variable, specs.datasets[EVENTS_OF], None, meaning) or frozenset(order)
            for number, text in enumerate(order):
                yield from _never(document, (*where, number), variable.name, {text}, {variable.name: own})
        if path.parent.name == ADAM:
            yield from _qualifiers(document, meaning)


def _never(document: Document, where: Where, name: str, asked: Iterable[str], known: Values) -> Iterator[Problem]:
    """An error where a given value was probably meant; else a warning, for what is open may still be mapped."""
    for text in sorted({*asked} - known[name]):
        if not text.startswith(UNPLANNED):
            like = NEAR if len(text) > SHORT else NEAR_IF_SHORT
            near = difflib.get_close_matches(text, sorted(known[name]), 1, like)
            cure = did_you_mean(text, known[name]) if near else "add it to the mapping, or take it out here"
            what = f"{name} never is {clauses.quoted(text)}: no row of the mapping, visit or case gives it"
            yield document.problem(where, ERROR if near else WARNING, what, cure)


def _orders(content: Any, specs: Specs, where: Where = ()) -> Iterator[tuple[Where, list[str], Variable]]:
    """The orders of values of a variable of adverse events in a file: path, the values, the variable."""
    if isinstance(content, dict):
        events = specs.datasets[EVENTS_OF].by_name if EVENTS_OF in specs.datasets else {}
        value, of = content.get("value"), content.get("of", EVENTS_OF)
        if isinstance(content.get("order"), list) and of == EVENTS_OF and value in events:
            yield (*where, "order"), content["order"], events[value]
        for word, part in content.items():
            yield from _orders(part, specs, (*where, word))


def _qualifiers(document: Document, meaning: StudyMeaning) -> Iterator[Problem]:
    """A variable of the study's own that is taken over from a qualifier: a row of the sheet gives that."""
    said = document.content.get("variables") if isinstance(document.content, dict) else None
    for number, one in enumerate(said if isinstance(said, list) else ()):
        match = ORIGIN.fullmatch(one.get("source", "")) if isinstance(one, dict) else None
        if match and match["by"] == QUALIFIER and match["domain"].lower() in meaning.specs.mappings:
            given = {row.target for row in meaning.rows(match["domain"])}
            if match["value"] not in given:
                what = f"no row of mapping/{match['domain'].lower()}.csv gives SUPP.{match['value']}"
                cure = did_you_mean(match["value"], given)
                yield document.problem(("variables", number, "source"), ERROR, what, cure)
