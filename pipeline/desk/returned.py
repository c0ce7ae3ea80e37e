"""`trial accept FILE.xlsx`: the answers and acceptances of a workbook that came back, into the study's registers.

A row is known by its query id; what the query is about is taken from the last validation (OUT/validation), never from
cells that somebody may have changed. An answer goes to `answers.csv`, an acceptance (column Accept: Y) to
`accepted.csv`. What cannot be taken is listed with sheet, row and cure; nothing is taken twice.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
import pandas as pd

from pipeline.gate.accepted import ANSWERED, COLUMNS, is_date, lines_of
from pipeline.gate.accepted import FILE as ACCEPTED
from pipeline.gate.answers import FILE as ANSWERS
from pipeline.ground.faults import EXIT_FINDINGS, TrialError
from pipeline.ground.plain_csv import csv_text
from pipeline.study.specs import Specs

ENTERED = {"Answer": "answer", "Accept": "accept", "Reason": "reason", "By": "by", "Until": "until"}
YES = ("y", "yes", "x", "true", "1")
NO = ("", "n", "no", "false", "0")


@dataclass(frozen=True)
class Entered:
    """What somebody entered beside one query; `formula` are the headings of cells that hold one."""

    id: str
    place: str
    answer: str = ""
    accept: str = ""
    reason: str = ""
    by: str = ""
    until: str = ""
    formula: tuple[str, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """All that was entered, in the order of the columns."""
        return tuple(getattr(self, name) for name in ENTERED.values())


@dataclass
class Taken:
    """What a workbook gave: lines for the two registers, and what could not be taken."""

    acceptances: list[dict[str, str]] = field(default_factory=list)
    answers: list[dict[str, str]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def run(file: Path, study: str, out: str, root: str, who: str) -> int:
    """Read the workbook, write the registers, say what was taken; 1 when something was not. Raises TrialError."""
    from pipeline.desk.command import opened

    specs = opened(study, root)
    place = Path(out).resolve() if out else specs.root / "output" / specs.name
    taken = take(rows_of(file), last_queries(place), who)
    stood = store(taken, specs)
    for line in summary(taken, stood, specs):
        click.echo(line)
    return EXIT_FINDINGS if taken.problems else 0


def last_queries(out: Path) -> pd.DataFrame:
    """The queries of the last validation by id. Raises TrialError when there was none."""
    path = out / "validation" / "queries.parquet"
    if not path.exists():
        raise TrialError("There is no validation to hold the answers against.", str(path), "run make validate first")
    queries = pd.read_parquet(path)
    if "query" not in queries:
        raise TrialError("The last validation has no query ids.", str(path), "run make validate again")
    return queries.set_index("query", drop=False)


def rows_of(file: Path) -> list[Entered]:
    """Rows of all sheets that have something entered. Raises TrialError."""
    import openpyxl

    try:
        book = openpyxl.load_workbook(file, data_only=False)
    except FileNotFoundError as error:
        raise TrialError("The workbook is not there.", str(file), "check the name") from error
    except (OSError, KeyError, ValueError, zipfile.BadZipFile, openpyxl.utils.exceptions.InvalidFileException) as error:
        raise TrialError("The file is no workbook.", str(file), "give the queries.xlsx that came back") from error
    if not any(_heads(sheet) for sheet in book.worksheets):
        cure = "give a queries.xlsx as trial validate writes it"
        raise TrialError("No sheet has the columns Id and Answer.", str(file), cure)
    return [row for sheet in book.worksheets for row in _rows(sheet)]


def _heads(sheet: Any) -> dict[str, int]:
    """Column by heading, of a sheet of queries; none of another sheet."""
    first = next(sheet.iter_rows(min_row=1, max_row=1), ())
    heads = {str(cell.value).strip(): at for at, cell in enumerate(first) if cell.value is not None}
    return heads if "Id" in heads and set(ENTERED) & set(heads) else {}


def _rows(sheet: Any) -> Iterator[Entered]:
    heads = _heads(sheet)
    for number, cells in enumerate(sheet.iter_rows(min_row=2) if heads else (), start=2):
        texts = {head: _text(cells[heads[head]]) for head in ("Id", *ENTERED) if head in heads}
        words = {name: texts.get(head, "") for head, name in ENTERED.items()}
        if any(words.values()):
            formula = tuple(head for head in texts if cells[heads[head]].data_type == "f")
            yield Entered(texts["Id"], f"sheet {sheet.title}, row {number}", **words, formula=formula)


def _text(cell: Any) -> str:
    """A cell as a person sees it; a date as ISO."""
    value = cell.value
    if value is None:
        return ""
    return value.date().isoformat() if hasattr(value, "date") else str(value).strip()


def take(rows: list[Entered], queries: pd.DataFrame, who: str) -> Taken:
    """What of the rows can be taken. The same entry on two sheets is one; different ones are a problem."""
    taken = Taken()
    seen: dict[str, tuple[str, ...]] = {}
    for row in rows:
        problem = _problem(row, queries, who, seen.get(row.id, row.words) != row.words)
        if problem:
            taken.problems.append(f"{row.place}: {problem}")
        elif row.id not in seen:
            _keep(row, queries.loc[row.id], row.by or who, taken)
        seen.setdefault(row.id, row.words)
    return taken


def _problem(row: Entered, queries: pd.DataFrame, who: str, differs: bool) -> str:
    """Why a row cannot be taken, with the cure; '' when it can."""
    wants = row.accept.casefold()
    if row.formula:
        return f"the cell {row.formula[0]} holds a formula. Write text."
    if row.id not in queries.index:
        return f"the query {row.id or '(no id)'} is not in the last validation. Validate the extract it belongs to."
    if differs:
        return f"the query {row.id} is answered otherwise on another sheet. Keep one of them."
    if wants not in (*YES, *NO):
        return f"Accept is '{row.accept}'. Write Y, or leave it empty."
    if wants in YES and not row.reason:
        return "an acceptance needs a Reason."
    if not (row.by or who):
        return "nobody is named in By. Fill it, or say --who."
    if row.until and not is_date(row.until):
        return f"Until is '{row.until}', no date. Write it as 2026-12-31, or leave it empty."
    if wants in NO and not row.answer:
        return "there is neither an Answer nor Accept."
    return ""


def _keep(row: Entered, query: pd.Series, who: str, taken: Taken) -> None:
    """Note the row's lines; identity and value are the query's own."""
    same = {"check": query["check"], "form": query["form"], "record": query["key"], "field": query["field"],
            "value": query["value"], "who": who}  # fmt: skip
    if row.accept.casefold() in YES:
        taken.acceptances.append({**same, "reason": row.reason, "expires": row.until})
    if row.answer:
        taken.answers.append({**same, "query": row.id, "answer": row.answer})


def store(taken: Taken, specs: Specs) -> int:
    """Add the new lines to the registers, each written aside and moved in place; how many stood there already."""
    stood = 0
    for name, columns, lines in ((ACCEPTED, COLUMNS, taken.acceptances), (ANSWERS, ANSWERED, taken.answers)):
        path = specs.folder / name
        before = lines_of(path, columns)
        known = {tuple(line[c] for c in columns) for line in before}
        new = [line for line in lines if tuple(line[c] for c in columns) not in known]
        stood += len(lines) - len(new)
        if new:
            aside = path.with_name(f".{name}.new")
            whole = pd.DataFrame([*before, *new], columns=list(columns), dtype="str")
            aside.write_text(csv_text(whole), encoding="utf-8")
            aside.replace(path)
    return stood


def summary(taken: Taken, stood: int, specs: Specs) -> list[str]:
    """What was taken and what not, as printed."""
    lines = [
        f"Taken      {len(taken.acceptances)} acceptances -> {specs.folder / ACCEPTED}",
        f"           {len(taken.answers)} answers -> {specs.folder / ANSWERS}",
    ]
    if stood:
        lines.append(f"           {stood} of them stood there already")
    if taken.problems:
        lines.append(f"Not taken  {len(taken.problems)} rows")
        lines += [f"           {problem}" for problem in taken.problems]
    return lines
