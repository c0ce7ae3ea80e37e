"""Values that the rows of mapping sheets never give: asked for by shared checks, or by clauses on link ids."""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import Any

from pipeline.gate.checks.catalogue import entries
from pipeline.gate.checks.mapped import CONSTANT, SheetRow
from pipeline.gate.checks.meaning import LINKED, TRANSLATED, LackingError, MadeBlock, StudyMeaning
from pipeline.ground import clauses
from pipeline.ground.faults import TrialError
from pipeline.ground.grammar import Comparison
from pipeline.lint.places import ERROR, WARNING, Document, Grid, Problem, read_document, read_grid
from pipeline.study.specs import Specs
from pipeline.study.yaml_text import Where

SAYING = (CONSTANT, LINKED, *TRANSLATED)  # rules whose values the specs name
NOT_CLAUSES = ("raw", "checks")  # clauses there are on raw fields, or told of by their check


def check_ungiven(specs: Specs) -> Iterator[Problem]:
    """Shared checks that no row can match, at the row; clauses on link ids that no row gives, where they stand."""
    meaning = StudyMeaning(specs)
    told = set[tuple[Any, ...]]()
    for path in sorted((specs.root / "specs" / "standard" / "checks").glob("*.yaml")):
        for _, entry in entries(path):
            for problem in _of_check(entry, meaning):
                if (key := (problem.file, problem.line, problem.what.partition(":")[2])) not in told:
                    told.add(key)
                    yield problem
    yield from _of_clauses(specs, _link_ids(meaning))


def _of_check(entry: dict[str, Any], meaning: StudyMeaning) -> Iterator[Problem]:
    domain = str(entry.get("domain", ""))
    if not entry.get("where") or domain.lower() not in meaning.specs.mappings:
        return
    for one in clauses.read(entry["where"]).comparisons:
        rows = [row for row in meaning.rows(domain) if row.target == one.left.id]
        if one.how in ("==", "in") and (asked := texts_of(one)) and rows and not _given(rows, asked, domain, meaning):
            what = f"{entry['id']}: no row gives {one.left.id} as {' or '.join(sorted(asked))}, and it matches nothing"
            yield from _at_row(next(row for row in rows if row.rule != CONSTANT), domain, what, meaning.specs)


def texts_of(one: Comparison) -> set[str]:
    """The texts that a comparison asks for, but none for a missing value."""
    right = one.right if isinstance(one.right, tuple) else (one.right,)
    texts = {literal for literal in right if isinstance(literal, str)}
    return set() if "" in texts else texts


def _given(rows: list[SheetRow], asked: set[str], domain: str, meaning: StudyMeaning) -> bool:
    """True where a row may give one of these values, or where only the data tell what it gives.

    A study that says no such category anywhere (constants alone) does not collect it: its check is told as not run.
    """
    if all(row.rule == CONSTANT for row in rows):
        return True
    return any(row.rule not in SAYING or _may_give(row, asked, domain, meaning) for row in rows)


def _may_give(row: SheetRow, asked: set[str], domain: str, meaning: StudyMeaning) -> bool:
    if row.rule == LINKED:
        return any(one.startswith(row.words[0]) and one != row.words[0] for one in asked)
    if row.rule == CONSTANT:
        return " ".join(row.words) in asked
    entry = meaning.specs.contracts[row.form].fields.get(row.words[0])
    if entry is None or entry.codelist not in meaning.lists:
        return True  # no list says what is collected
    try:
        return MadeBlock(meaning, domain, row.form, [row]).clause(_asking(row.target, asked)) is not False
    except LackingError:
        return True


def _asking(variable: str, asked: set[str]) -> str:
    return f"{variable} in {clauses.quoted(sorted(asked))}"


def _at_row(row: SheetRow, domain: str, what: str, specs: Specs) -> Iterator[Problem]:
    path = specs.mappings[domain.lower()]
    grid = read_grid(path, str(path.relative_to(specs.root)))
    if isinstance(grid, Grid):
        own = (row.form, row.target, row.rule)
        lines = [line for line, one in grid.rows if (one["form"], one["target"], one["rule"]) == own]
        cure = "add what is collected so to codelists.csv; if nothing is, the check is not for this study"
        yield grid.problem(lines[0] if lines else 1, "source", WARNING, what, cure)


def _link_ids(meaning: StudyMeaning) -> dict[str, frozenset[str]]:
    """The words with which values of a variable begin, of variables that rows make by link_id alone."""
    found: dict[str, frozenset[str]] = {}
    for domain in meaning.specs.mappings:
        rows = meaning.rows(domain.upper())
        for target in {row.target for row in rows if row.rule == LINKED}:
            own = [row for row in rows if row.target == target]
            if all(row.rule == LINKED for row in own):
                found[target] = frozenset(row.words[0] for row in own)
    return found


def _of_clauses(specs: Specs, begun: dict[str, frozenset[str]]) -> Iterator[Problem]:
    for path in sorted(specs.folder.rglob("*.yaml")) if begun else ():
        document = read_document(path, str(path.relative_to(specs.root)))
        if path.parent.name not in NOT_CLAUSES and isinstance(document, Document):
            for where, one in comparisons_in(document.content, begun):
                yield from _never(document, where, one, begun[one.left.id])


def comparisons_in(content: Any, names: Container[str]) -> Iterator[tuple[Where, Comparison]]:
    """What clauses of a file compare variables of these names with, each with its path."""
    for where, text in texts_in(content):
        try:
            compared = clauses.read(text).comparisons if text.strip() else ()
        except TrialError:
            continue  # no clause, or one that is told where it is read
        yield from ((where, one) for one in compared if one.left.id in names)


def texts_in(content: Any, where: Where = ()) -> Iterator[tuple[Where, str]]:
    """All texts of a file, each with its path."""
    if isinstance(content, dict | list):
        for key, part in content.items() if isinstance(content, dict) else enumerate(content):
            yield from texts_in(part, (*where, key))
    elif isinstance(content, str):
        yield where, content


def _never(document: Document, where: Where, one: Comparison, words: frozenset[str]) -> Iterator[Problem]:
    for literal in sorted(texts_of(one)):
        if not any(literal.startswith(word) and literal != word for word in words):
            begins = " or ".join(sorted(words))
            what = f"{one.left.id} never is {clauses.quoted(literal)}: link_id makes it begin with {begins}"
            yield document.problem(where, ERROR, what, "write it as the mapping sheet makes it")
