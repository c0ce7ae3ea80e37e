"""What is wrong in a specification workbook, by itself: each problem with sheet, row, column and cure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.ground.words import did_you_mean
from pipeline.publish.specification import sheets
from pipeline.publish.specification.sheets import KEYS, SpecSheet

TYPES = ("text", "integer", "float", "date", "datetime", "time", "partialDate", "partialTime", "partialDatetime",
         "incompleteDatetime", "durationDatetime")  # fmt: skip
ORIGINS = ("Assigned", "Collected", "Derived", "Not Available", "Other", "Predecessor", "Protocol")
COMPARATORS = ("EQ", "NE", "LT", "LE", "GT", "GE", "IN", "NOTIN")
NEEDED, LABEL = (sheets.DATASETS, sheets.VARIABLES), 40
NAME, WHOLE = re.compile(r"[A-Z_][A-Z0-9_]{0,7}"), re.compile(r"\d+(\.0+)?")
FORMS: Mapping[str, tuple[str, ...]] = {
    "Data Type": TYPES, "Origin": ORIGINS, "Comparator": COMPARATORS, "Mandatory": ("Yes", "No"),
}  # fmt: skip
NUMBERS = ("Order", "Length", "Significant Digits")
# The columns that name what stands in another sheet, and the column it stands in there.
NAMED = (
    (sheets.VARIABLES, sheets.DATASET, ((sheets.DATASETS, sheets.DATASET),)),
    (sheets.VALUES, sheets.DATASET, ((sheets.DATASETS, sheets.DATASET),)),
    (sheets.VALUES, sheets.WHERE, ((sheets.CLAUSES, "ID"),)),
    (sheets.RESULTS, "Display", ((sheets.DISPLAYS, "ID"),)),
    *((kind, sheets.METHOD, ((sheets.METHODS, "ID"),)) for kind in (sheets.VARIABLES, sheets.VALUES)),
    *((kind, sheets.CODELIST, ((sheets.CODELISTS, "ID"), (sheets.DICTIONARIES, "ID")))
      for kind in (sheets.VARIABLES, sheets.VALUES)),
    *((kind, sheets.COMMENT, ((sheets.COMMENTS, "ID"),))
      for kind in (sheets.DATASETS, sheets.VARIABLES, sheets.VALUES, sheets.CLAUSES, sheets.CODELISTS)),
    *((kind, "Document", ((sheets.DOCUMENTS, "ID"),)) for kind in (sheets.METHODS, sheets.COMMENTS)),
)  # fmt: skip


@dataclass(frozen=True)
class SpecProblem:
    """A problem of a workbook: sheet, row of the sheet (0: of the sheet as a whole), column, what, and the cure."""

    sheet: str
    row: int
    column: str
    what: str
    cure: str

    def text(self) -> str:
        """As people read it."""
        place = ", ".join(filter(None, (self.sheet, f"row {self.row}" if self.row else "", self.column)))
        return f"{place}: {self.what}\n  cure:  {self.cure}"


def problems(book: Sequence[SpecSheet]) -> Iterator[SpecProblem]:
    """What is wrong in the sheets, one after the other."""
    by_kind = {one.kind: one for one in reversed(book) if one.kind}
    for kind in NEEDED:
        if kind not in by_kind:
            yield SpecProblem(kind, 0, "", "the workbook has no such sheet", f"add the sheet {kind}")
    for one in book:
        if one.kind:
            yield from _columns(one, by_kind)
    for one in by_kind.values():
        yield from _rows(one)
    for kind, column, targets in NAMED:
        if kind in by_kind:
            yield from _named(by_kind, by_kind[kind], column, targets)
    yield from _places(by_kind)


def _columns(one: SpecSheet, by_kind: Mapping[str, SpecSheet]) -> Iterator[SpecProblem]:
    if by_kind[one.kind] is not one:
        yield SpecProblem(one.name, 0, "", f"is {one.kind} once more", "keep one of the two sheets")
    for column in KEYS[one.kind]:
        if column not in one.known:
            cure = f"add it; {did_you_mean(column, one.columns)}"
            yield SpecProblem(one.name, 0, column, "the sheet has no such column", cure)


def _rows(one: SpecSheet) -> Iterator[SpecProblem]:
    """What is wrong in single rows: names, words of closed lists, numbers, labels, the same row twice."""
    seen: set[tuple[str, ...]] = set()
    for number, record in enumerate(one.records()):
        line, key = one.line(number), tuple(record.get(column, "") for column in KEYS[one.kind])
        if key in seen:
            yield SpecProblem(one.name, line, "", f"{' '.join(key)} stands twice", "keep one of the rows")
        seen.add(key)
        if not key[0]:
            yield SpecProblem(one.name, line, KEYS[one.kind][0], "is empty", "say it, or take the row away")
        yield from (SpecProblem(one.name, line, *told) for told in _cells(one.kind, record))


def _cells(kind: str, record: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    for column, words in FORMS.items():
        said = record.get(column, "")
        if said and said not in words:
            yield column, f"'{said}' is none of its words", did_you_mean(said, words)
    for column in NUMBERS:
        said = record.get(column, "")
        if said and not WHOLE.fullmatch(said):
            yield column, f"'{said}' is no whole number", "say a whole number, or nothing"
    if kind in (sheets.DATASETS, sheets.VARIABLES):
        if len(record.get("Label", "")) > LABEL:
            yield "Label", f"has {len(record['Label'])} signs", f"a label has at most {LABEL}"
        for column in (sheets.DATASET, sheets.VARIABLE):
            if record.get(column) and not NAME.fullmatch(record[column]):
                yield column, f"'{record[column]}' is no name", "at most 8 capitals, digits and _, a letter first"


def _named(
    by_kind: Mapping[str, SpecSheet], one: SpecSheet, column: str, targets: tuple[tuple[str, str], ...]
) -> Iterator[SpecProblem]:
    """What a column names stands in the sheet that it is of."""
    there = {record.get(word, "") for kind, word in targets if kind in by_kind for record in by_kind[kind].records()}
    for number, record in enumerate(one.records()):
        said = record.get(column, "")
        if said and said not in there:
            sheet = " or ".join(kind for kind, _ in targets)
            cure = f"add it there; {did_you_mean(said, there)}"
            yield SpecProblem(one.name, one.line(number), column, f"names {said}, which {sheet} does not have", cure)


def _places(by_kind: Mapping[str, SpecSheet]) -> Iterator[SpecProblem]:
    """Variables that keys, values, where clauses and analyses name are there."""
    known = {(record.get(sheets.DATASET, ""), record.get(sheets.VARIABLE, ""))
             for record in (by_kind[sheets.VARIABLES].records() if sheets.VARIABLES in by_kind else [])}  # fmt: skip
    for kind in (sheets.DATASETS, sheets.VALUES, sheets.CLAUSES, sheets.RESULTS):
        one = by_kind.get(kind)
        for number, record in enumerate(one.records() if one else []):
            for column, place in _asked(kind, record):
                if one and place not in known and place[1]:
                    cure = did_you_mean(place[1], sorted(name for dataset, name in known if dataset == place[0]))
                    what = f"names {'.'.join(place)}, which {sheets.VARIABLES} does not have"
                    yield SpecProblem(one.name, one.line(number), column, what, cure)


def _asked(kind: str, record: Mapping[str, str]) -> Iterator[tuple[str, tuple[str, str]]]:
    """The variables that a row names: the column, and dataset and variable."""
    if kind == sheets.DATASETS:
        for name in listed(record.get("Key Variables", "")):
            yield "Key Variables", (record.get(sheets.DATASET, ""), name)
    elif kind == sheets.RESULTS:
        for name in listed(record.get("Variables", "")):
            dataset, _, variable = name.partition(".")
            yield "Variables", (dataset, variable)
    else:
        yield sheets.VARIABLE, (record.get(sheets.DATASET, ""), record.get(sheets.VARIABLE, ""))


def listed(text: str) -> list[str]:
    """The names of a cell that lists several."""
    return [word for word in re.split(r"[,;\s]+", text) if word]
