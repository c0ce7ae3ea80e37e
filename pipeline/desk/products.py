"""The products of a validation, published whole in OUT/validation/."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from pipeline.engine.store import Content, bytes_of
from pipeline.gate.checks.engine import COLUMNS
from pipeline.gate.validation import Validation
from pipeline.ground.faults import EXIT_FINDINGS
from pipeline.ground.plain_csv import csv_text
from pipeline.ground.severity import reaching
from pipeline.publish.swap import publish

FOLDER = "validation"
QUERY = (*COLUMNS, "status", "query", "cause", "first_seen", "was", "note", "line", "form_label", "field_label", "key")


def products(validation: Validation) -> dict[str, Content]:
    """The files of OUT/validation/ by name: bytes, text or DataFrames. The same validation gives the same bytes."""
    from pipeline.desk.context import placed
    from pipeline.desk.report import report
    from pipeline.desk.site_picture import picture
    from pipeline.desk.workbook import workbook

    queries = placed(validation.queries, validation)[list(QUERY)]
    return {
        "queries.csv": csv_text(queries),
        "queries.parquet": queries,
        "queries.xlsx": workbook(validation),
        "report.html": report(validation),
        "coverage.csv": csv_text(validation.current.coverage),
        "sites.csv": csv_text(validation.sites),
        "sites.svg": picture(validation.sites),
        "layout.csv": csv_text(validation.layout),
        "changes.csv": csv_text(validation.changes),
    }


def write(files: dict[str, Content], out: Path) -> Path:
    """Put the files in OUT/validation/ in one step; returns that folder."""
    target = out / FOLDER
    aside = out / f".{FOLDER}.making.{os.getpid()}"
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    try:
        for name, content in files.items():
            (aside / name).write_bytes(bytes_of(content))
        publish(aside, target)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return target


def exit_code(validation: Validation, fail_on: str) -> int:
    """0, or 1 when open queries reach the severity named ('' names none)."""
    counts = validation.counts()
    return EXIT_FINDINGS if any(counts.get(severity) for severity in reaching(fail_on)) else 0
