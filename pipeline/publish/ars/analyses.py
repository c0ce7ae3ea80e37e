"""Results as analyses: which belong together, what they are of, how they were made, and each with its groups."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from pipeline.engine.store import Json
from pipeline.publish.ard import as_text
from pipeline.publish.ars.conditions import SUBJECT, Node, split
from pipeline.publish.printed import FORMATTED

if TYPE_CHECKING:
    import pandas as pd

    from tlf.shells import Shell

OF_RECORD = re.compile(r'(?:\((?P<where>.*)\) and )?USUBJID == "[^"]*"')  # the clause of a listed record
BELOW, TEXT, VALUE = " / ", "text", "groupValue"
FIELDS = ("OUTPUT", "ROWID", "SET", "ROW", "COLUMN", "GROUP", "VARIABLE", "LEVEL", "STATISTIC", "VALUE", "VALUEC",
          "DATASET", "POPULATION", "WHERE", FORMATTED)  # fmt: skip
PREFIXES = {"populations": "AS", "subsets": "DS", "columns": "GC", "by": "G", "methods": "M"}  # of ids, by kind
REASON = {"controlledTerm": "SPECIFIED IN SAP"}
PURPOSE = {"sponsorTermId": "PURPOSE_OF_PLAN"}
OPERATIONS = {"n": "Number of subjects or records", "N": "Number of subjects of the column", "estimate": "Estimate",
              "lower": "Lower limit of the confidence interval", "upper": "Upper limit of the confidence interval",
              "level": "Coverage of the confidence interval", "q1": "First quartile", "q3": "Third quartile",
              "sd": "Standard deviation", "nmiss": "Number missing", "se": "Standard error"}  # fmt: skip


_text = json.encoder.encode_basestring  # a text as JSON
Group: TypeAlias = "tuple[str, str, str]"  # the grouping, the word of ARS for the group in it, and the group
Grouped: TypeAlias = "tuple[ResultRow, list[Group]]"


class ResultRow(NamedTuple):
    """One row of the results."""

    output: str
    rowid: str
    set: str
    row: str
    column: str
    group: str
    variable: str
    level: str
    statistic: str
    value: float
    text: str
    dataset: str
    population: str
    where: str
    formatted: str

    @property
    def cell(self) -> tuple[str, ...]:
        """Where it is printed."""
        return self.set, self.row, self.level, self.column


class AnalysisTold(NamedTuple):
    """An analysis: what ARS says of it, and of its results, as many as printed cells, the JSON of each."""

    said: dict[str, Json]
    results: list[str]

    @property
    def text(self) -> str:
        """The whole as JSON."""
        return f'{plain_text(self.said)[:-1]},"results":[{",".join(self.results)}]}}'


class AnalysisOf(NamedTuple):
    """What results of one analysis share."""

    output: str
    set: str
    row: str
    population: str
    dataset: str
    subset: str  # as Split tells it
    variable: str


@dataclass
class Registry:
    """What analyses refer to, each once, in the order met: populations, subsets, groupings, methods; each by its id.

    An id is a number in that order; `mark` stands on both sides of one that is only known when all are
    (`pipeline/publish/ars/joined.py`).
    """

    populations: dict[str, str] = field(default_factory=dict)
    subsets: dict[tuple[str, str], str] = field(default_factory=dict)
    columns: dict[tuple[tuple[str, str, str], ...], str] = field(default_factory=dict)
    by: dict[tuple[str, str], str] = field(default_factory=dict)
    methods: dict[tuple[str, ...], str] = field(default_factory=dict)
    parts: dict[str, tuple[Node, ...]] = field(default_factory=dict)  # of a subset, as Split tells it
    listed: dict[tuple[str, ...], tuple[AnalysisOf, str]] = field(default_factory=dict)  # of a listing's cells
    mark: str = ""

    def named(self, kind: str, key: object) -> str:
        """The id under which a thing of a kind is known, a new one for a new thing."""
        known = getattr(self, kind)
        if key not in known:
            known[key] = f"{self.mark}{PREFIXES[kind]}{len(known) + 1}{self.mark}"
        return str(known[key])


def rows_of(results: pd.DataFrame) -> Iterator[ResultRow]:
    """The results as rows."""
    return map(ResultRow._make, zip(*(results[name].tolist() for name in FIELDS), strict=True))


def population_of(population: str, column: str) -> str:
    """The population without the clause of its column, which is a group."""
    if population == column:
        return ""
    whole = re.fullmatch(rf"\((.*)\) and \({re.escape(column)}\)", population) if column else None
    return whole[1] if whole else population


def plain_text(told: Json) -> str:
    """JSON without a space."""
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def analyses(rows: Iterable[ResultRow], shell: Shell, known: Registry) -> Iterator[AnalysisTold]:
    """The analyses of one output, in the order of its page."""
    columns = {column.id: column.where for column in shell.columns} if shell.kind != "listing" else {}
    several = tuple((column.id, column.label, column.where) for column in shell.columns) if columns else ()
    grouping = known.named("columns", several) if several else ""
    rows = list(rows)
    sized = {row.cell for row in rows if row.statistic == "N"}
    deciding = {row.cell: row for row in reversed(rows) if row.statistic != "N"} if sized else {}
    found: dict[AnalysisOf, list[Grouped]] = {}
    for row in rows:
        of = deciding.get(row.cell, row) if row.statistic == "N" else row
        if _is_listed(row):
            key, groups = _listed_cell(row, known)
        else:
            parts, inside = split(of.where, of.level), row.column in columns
            people = population_of(row.population, columns[row.column] if inside else "")
            base = row.row.removesuffix(f"{BELOW}{parts.subject}")
            key = AnalysisOf(row.output, row.set, base, people, of.dataset.upper(), parts.told, of.variable)
            known.parts[parts.told] = parts.rest
            groups = _groups(row, (parts.by or of.variable, parts.subject), grouping if inside else "", key, known)
        found.setdefault(key, []).append((row, groups))
    for number, (key, results) in enumerate(found.items(), 1):
        yield _analysis(f"{key.output}.{number}", key, results, known)


def _is_listed(row: ResultRow) -> bool:
    """Whether a result is a cell of a listing, whose row ends with the number of the record."""
    return row.statistic == TEXT and "." in row.row and row.row.rpartition(".")[2].isdecimal()


def _listed_cell(row: ResultRow, known: Registry) -> tuple[AnalysisOf, list[Group]]:
    """A cell of a listing: each column of a block is an analysis, its groups are the records by their number."""
    block, _, number = row.row.rpartition(".")
    same = (row.output, row.set, block, row.column, row.population, row.dataset, row.variable, of_records(row.where))
    if same not in known.listed:
        parts = split(same[-1], "")
        known.parts[parts.told] = parts.rest
        of = AnalysisOf(row.output, row.set, f"{block}.{row.column}", row.population, row.dataset.upper(), parts.told,
                        row.variable)  # fmt: skip
        known.listed[same] = of, _by(known, "", "RECORD")
    of, records = known.listed[same]
    return of, [(records, VALUE, number)]


@cache
def of_records(where: str) -> str:
    """The clause of a listed record without its subject."""
    told = OF_RECORD.fullmatch(where)
    return (told["where"] or "") if told else where


def _groups(row: ResultRow, told: tuple[str, str], columns: str, key: AnalysisOf, known: Registry) -> list[Group]:
    """The groups that a result is of: its column, its subject, its level; `told`: by which variable, whose."""
    by, subject = told
    groups: list[Group] = []
    if columns:
        groups.append((columns, "groupId", f"{columns}.{row.column}"))
    elif row.group:
        groups.append((_by(known, "", "COLUMN"), VALUE, row.group))
    if subject:
        groups.append((_by(known, key.dataset, SUBJECT), VALUE, subject))
    if row.level:
        groups.append((_by(known, key.dataset, by), VALUE, row.level))
    return groups


def _by(known: Registry, dataset: str, variable: str) -> str:
    """The grouping by a variable of a dataset; of what is no variable (a record, a day of a curve), without one."""
    return known.named("by", (dataset, variable))


def _analysis(of: str, key: AnalysisOf, results: list[Grouped], known: Registry) -> AnalysisTold:
    statistics = tuple(dict.fromkeys([row.statistic for row, _ in results]))
    method = known.named("methods", statistics)
    subset = {"dataSubsetId": known.named("subsets", (key.dataset, key.subset))} if key.subset else {}
    groupings = dict.fromkeys([grouping for _, groups in results for grouping, _, _ in groups])
    ordered: list[Json] = [{"order": n, "groupingId": g, "resultsByGroup": True} for n, g in enumerate(groupings, 1)]
    relations: list[Json] = [
        {"referencedOperationRelationshipId": f"{method}.{role}", "analysisId": of}
        for role in roles(statistics)
    ]
    said: dict[str, Json] = {
        "id": of, "name": _label(results), "version": 1, "reason": REASON, "purpose": PURPOSE,
        "methodId": method,
        "analysisSetId": known.named("populations", key.population), "dataset": key.dataset or "ADSL",
        **({"variable": key.variable} if key.variable else {}), **subset,
        "orderedGroupings": ordered,
        **({"referencedAnalysisOperations": relations} if relations else {}),
    }  # fmt: skip
    return AnalysisTold(said, [_result(row, groups, method) for row, groups in results])


def _label(results: list[Grouped]) -> str:
    """The path of labels to what was analysed: of a listing to its column, of many rows to what they stand below."""
    first, _ = results[0]
    if _is_listed(first):
        return f"{first.rowid.rpartition(BELOW)[0]}{BELOW}{first.group}"
    several = any(row.rowid != first.rowid for row, _ in results)
    return first.rowid.rpartition(BELOW)[0] or first.rowid if several else first.rowid


def roles(statistics: tuple[str, ...]) -> tuple[str, ...]:
    """NUMERATOR and DENOMINATOR, where an estimate stands with n and N."""
    return ("NUMERATOR", "DENOMINATOR") if {"n", "N", "estimate"} <= {*statistics} else ()


def _result(row: ResultRow, groups: list[Group], method: str) -> str:
    """A result: its raw value (none where it cannot be had), and as it is printed (none where it is not)."""
    raw = row.text if row.value != row.value else as_text(row.value)
    of = ",".join([f'{{"groupingId":{_text(one)},"{word}":{_text(group)}}}' for one, word, group in groups])
    told = f'"operationId":{_text(f"{method}.{row.statistic}")}'
    told += f',"resultGroups":[{of}]' if groups else ""
    told += f',"rawValue":{_text(raw)}' if raw else ""
    return f'{{{told},"formattedValue":{_text(row.formatted)}}}' if row.formatted else f"{{{told}}}"
