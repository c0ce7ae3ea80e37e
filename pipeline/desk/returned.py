"""`trial accept FILE.xlsx`: the answers and acceptances of a workbook that came back, into the study's registers.

A row is known by its query id; what the query is about is taken from the last validation (OUT/validation), never from
cells that somebody may have changed. An answer goes to `answers.csv`, an acceptance (column Accept: Y) to
`accepted.csv`. What cannot be taken is listed with sheet, row and cure; nothing is taken twice.
"""

from __future__ import annotations

import zipfile
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

ENTERED = ("Answer", "Accept", "Reason", "By", "Until")
YES = ("y", "yes", "x", "true", "1")
NO = ("", "n", "no", "false", "0")


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


def rows_of(file: Path) -> list[dict[str, Any]]:
    """Rows of all sheets that have an id and something entered, with `place`. Raises TrialError."""
    import openpyxl

    try:
        book = openpyxl.load_workbook(file, data_only=False)
    except FileNotFoundError as error:
        raise TrialError("The workbook is not there.", str(file), "check the name") from error
    except (OSError, KeyError, ValueError, zipfile.BadZipFile, openpyxl.utils.exceptions.InvalidFileException) as error:
        raise TrialError("The file is no workbook.", str(file), "give the queries.xlsx that came back") from error
    rows = [row for sheet in book.worksheets for row in _rows(sheet)]
    if not any("Id" in row for row in rows) and not any(_heads(sheet) for sheet in book.worksheets):
        cure = "give a queries.xlsx as trial validate writes it"
        raise TrialError("No sheet has the columns Id and Answer.", str(file), cure)
    return rows


def _heads(sheet: Any) -> dict[str, int]:
    """Column by heading, of a sheet of queries; none of another sheet."""
    first = next(sheet.iter_rows(min_row=1, max_row=1), ())
    heads = {str(cell.value).strip(): at for at, cell in enumerate(first) if cell.value is not None}
    return heads if "Id" in heads and set(ENTERED) & set(heads) else {}


def _rows(sheet: Any) -> list[dict[str, Any]]:
    heads = _heads(sheet)
    rows: list[dict[str, Any]] = []
    if not heads:
        return rows
    for number, cells in enumerate(sheet.iter_rows(min_row=2), start=2):
        texts = {head: _text(cells[heads[head]]) for head in ("Id", *ENTERED) if head in heads}
        if any(texts.get(head) for head in ENTERED):
            formula = [h for h in texts if cells[heads[h]].data_type == "f"]
            rows.append({**dict.fromkeys(ENTERED, ""), **texts, "formula": formula,
                          "place": f"sheet {sheet.title}, row {number}"})  # fmt: skip
    return rows


def _text(cell: Any) -> str:
    """A cell as a person sees it; a date as ISO."""
    value = cell.value
    if value is None:
        return ""
    return value.date().isoformat() if hasattr(value, "date") else str(value).strip()


def take(rows: list[dict[str, Any]], queries: pd.DataFrame, who: str) -> Taken:
    """What of the rows can be taken. The same entry on two sheets is one; different ones are a problem."""
    taken = Taken()
    seen: dict[str, tuple[str, ...]] = {}
    for row in rows:
        entered = tuple(row[head] for head in ENTERED)
        problem = _problem(row, queries, who, seen.get(row["Id"], entered) != entered)
        if problem:
            taken.problems.append(f"{row['place']}: {problem}")
        elif row["Id"] not in seen:
            _keep(row, queries.loc[row["Id"]], row["By"] or who, taken)
        seen.setdefault(row["Id"], entered)
    return taken


def _problem(row: dict[str, Any], queries: pd.DataFrame, who: str, differs: bool) -> str:
    """Why a row cannot be taken, with the cure; '' when it can."""
    wants = row["Accept"].casefold()
    if row["formula"]:
        return f"the cell {row['formula'][0]} holds a formula. Write text."
    if row["Id"] not in queries.index:
        return f"the query {row['Id'] or '(no id)'} is not in the last validation. Validate the extract it belongs to."
    if differs:
        return f"the query {row['Id']} is answered otherwise on another sheet. Keep one of them."
    if wants not in (*YES, *NO):
        return f"Accept is '{row['Accept']}'. Write Y, or leave it empty."
    if wants in YES and not row["Reason"]:
        return "an acceptance needs a Reason."
    if not (row["By"] or who):
        return "nobody is named in By. Fill it, or say --who."
    if row["Until"] and not is_date(row["Until"]):
        return f"Until is '{row['Until']}', no date. Write it as 2026-12-31, or leave it empty."
    if wants in NO and not row["Answer"]:
        return "there is neither an Answer nor Accept."
    return ""


def _keep(row: dict[str, Any], query: pd.Series, who: str, taken: Taken) -> None:
    """Note the row's lines; identity and value are the query's own."""
    same = {"check": query["check"], "form": query["form"], "record": query["key"], "field": query["field"],
            "value": query["value"], "who": who}  # fmt: skip
    if row["Accept"].casefold() in YES:
        taken.acceptances.append({**same, "reason": row["Reason"], "expires": row["Until"]})
    if row["Answer"]:
        taken.answers.append({**same, "query": row["Id"], "answer": row["Answer"]})


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
