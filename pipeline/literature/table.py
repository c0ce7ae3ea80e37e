"""A table of published figures as values: one figure per line of the file, each number as it was printed."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, fields, replace
from pathlib import Path

from pipeline.ground.faults import TrialError
from pipeline.ground.words import did_you_mean
from pipeline.readers.encoding import decode
from tlf.stats.grim import NUMBER

REQUIRED = ("trial", "population", "endpoint", "value")
SIZE = "N"
NOT_REACHED = ("not reached", "nr")
SILENT = ("", "-", "–", "—", "not reported", "not stated", "na", "n/a")
RATES = ("ORR", "CR", "PR", "SD", "PD", "CRS", "ICANS", "NRM", "RELAPSE", "GRFS")
BOUNDS = re.compile(r"\(?\s*(\d+(?:\.\d+)?)\s*%?\s*(?:-|–|to|,|;)\s*(\d+(?:\.\d+)?)\s*%?\s*\)?")


@dataclass(frozen=True)
class PrintedFigure:
    """One published figure: what was printed, of whom, and where it stands."""

    trial: str
    population: str
    endpoint: str
    value: str
    product: str = ""
    part_of: str = ""  # the population of the same trial that this one is part of
    time: str = ""  # of a rate at a landmark
    n: str = ""
    x: str = ""
    low: str = ""
    high: str = ""
    unit: str = ""
    cell: str = ""  # the cell of the table, or the sentence
    kind: str = ""  # text, table, outside
    reference: str = ""
    group: str = ""  # figures that ought to be the same one
    line: int = 0

    @property
    def is_number(self) -> bool:
        """True when the printed value is a number."""
        return bool(re.fullmatch(NUMBER, self.value))

    @property
    def is_silent(self) -> bool:
        """True when the source says nothing here."""
        return self.value.casefold() in SILENT

    @property
    def is_percent(self) -> bool:
        """True for a percentage."""
        return self.unit == "%" and self.is_number

    @property
    def not_reached(self) -> bool:
        """True for a median that was not reached."""
        return self.value.casefold() in NOT_REACHED

    @property
    def is_rate(self) -> bool:
        """True for a share of patients: a percentage that is not a Kaplan-Meier or incidence estimate at a landmark."""
        return self.is_percent and not self.time

    @property
    def place(self) -> str:
        """Where the figure stands, as findings name it."""
        return self.cell or f"line {self.line}"

    @property
    def said(self) -> str:
        """The figure in words: ORR 36 % of 42."""
        unit = " %" if self.unit == "%" else f" {self.unit}" if self.unit and self.is_number else ""
        return f"{self.endpoint} {self.value}{unit}" + (f" of {self.n}" if self.n else "")


COLUMNS = tuple(f.name for f in fields(PrintedFigure) if f.name != "line")


def read_figures(path: Path) -> list[PrintedFigure]:
    """The figures of a CSV file. Raises TrialError naming line and column.

    Columns trial, population, endpoint and value are needed; n, x, low and high (or interval), unit, time, product,
    part_of, cell, kind, reference and group may be there. A missing unit is told by the endpoint.
    """
    if not path.is_file():
        raise TrialError("The file of published figures does not exist.", str(path), "say a CSV file")
    text = decode(path.read_bytes(), path.name).text
    reader = csv.DictReader(io.StringIO(text, newline=""))
    header = [name.strip().lower() for name in reader.fieldnames or []]
    _check_header(header, path)
    reader.fieldnames = header
    figures = []
    for row in reader:
        cells = {k: (v or "").strip() for k, v in row.items() if k and isinstance(v, str | None)}
        if any(cells.values()):
            figures.append(_figure(cells, path, reader.line_num))
    return figures


def _check_header(header: list[str], path: Path) -> None:
    missing = [name for name in REQUIRED if name not in header]
    if missing:
        what = f"The table of published figures lacks the column {missing[0]}."
        raise TrialError(what, f"{path}, line 1", f"its columns are {', '.join(COLUMNS)}")
    unknown = [name for name in header if name not in (*COLUMNS, "interval", "note")]
    if unknown:
        raise TrialError(f"Unknown column '{unknown[0]}'.", f"{path}, line 1", did_you_mean(unknown[0], COLUMNS))


def _figure(cells: dict[str, str], path: Path, line: int) -> PrintedFigure:
    place = f"{path}, line {line}"
    for name in ("n", "x"):
        if cells.get(name) and not re.fullmatch(r"\d+", cells[name]):
            cure = "write digits only; leave it empty when the source does not say it"
            raise TrialError(f"{name} must be a whole number, not '{cells[name]}'.", place, cure)
    low, high = _bounds(cells, place)
    value = cells.get("value", "")
    percent = value.endswith("%")
    known = {name: cells[name] for name in COLUMNS if name in cells}
    known |= {"low": low, "high": high, "value": value.removesuffix("%").strip()}
    figure = PrintedFigure(**known, line=line)
    return replace(figure, endpoint=figure.endpoint.upper(), unit=figure.unit or _unit(figure, percent))


def _bounds(cells: dict[str, str], place: str) -> tuple[str, str]:
    low, high, interval = cells.get("low", ""), cells.get("high", ""), cells.get("interval", "")
    if interval and not (low or high):
        parts = BOUNDS.fullmatch(interval)
        if parts is None:
            raise TrialError(f"The interval '{interval}' cannot be read.", place, "write it as 21.1-78.9")
        low, high = parts[1], parts[2]
    for bound in (low, high):
        if bound and not re.fullmatch(NUMBER, bound):
            raise TrialError(f"The limit '{bound}' is no number.", place, "write digits and a point")
    return low, high


def _unit(figure: PrintedFigure, percent: bool) -> str:
    if percent or figure.endpoint in RATES or (figure.time and figure.is_number):
        return "%"
    if figure.endpoint == SIZE:
        return "patients"
    return "months" if figure.endpoint in ("PFS", "OS", "EFS", "DOR", "DOCR", "FOLLOW-UP") else ""
