"""Errors as data contain them, planted at random places of an extract of study iomab_act, to see what the gate finds.

`plant` changes one record of each kind in a copy of an extract (the seed decides which) and says where; `KINDS` is the
list: what it is called, how severe it is (`cosmetic`: no query may come), where it may be planted, and the change.
"""

import datetime as dt
import json
import random
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from synthetic import MONTHS, VENDOR_IDS, read_table, write_manifest, write_table

Row = dict[str, str]
DATE = re.compile(r"\d\d [A-Z]{3} \d{4}")


@dataclass(frozen=True)
class Kind:
    """One kind of error: `change(row, book)` alters the row and names the fields a query may stand on (none: any)."""

    name: str
    severity: str
    form: str
    change: Callable
    wanted: Callable = lambda row: True


@dataclass
class Book:
    """An extract in memory."""

    tables: dict[str, tuple[list[str], list[Row]]]
    rng: random.Random

    def rows(self, form: str) -> list[Row]:
        """The active records of a form."""
        return [row for row in self.tables[form][1] if row.get("ACTIVE", "1") == "1"]

    def of(self, form: str, row: Row) -> list[Row]:
        """The records of a form of the row's subject."""
        return [other for other in self.rows(form) if subject_of(form, other) == row.get("SUBJECT", row.get("_S"))]


def subject_of(form: str, row: Row) -> str:
    """The study's number of a record's subject."""
    column, pattern, _ = VENDOR_IDS.get(f"{form}.csv", ("SUBJECT", r"(\d{3})(\d{4})", ""))
    match = re.fullmatch(pattern, row[column].strip())
    return "".join(match.groups()) if match else ""


def plant(source, target, seed: int, kinds) -> list[dict]:
    """Copy an extract with one error of each kind, each in another subject; returns where each was planted."""
    shutil.copytree(source, target)
    names = sorted(path.stem for path in Path(target).glob("*.csv"))
    book = Book({name: read_table(Path(target) / f"{name}.csv") for name in names}, random.Random(seed))
    made, used = [], set()
    for kind in kinds:
        rows = [row for row in book.rows(kind.form) if kind.wanted(row)]
        book.rng.shuffle(rows)
        for row in rows:
            was, who = dict(row), subject_of(kind.form, row)
            if not who or who in used:
                continue
            fields = kind.change(row, book)
            if fields is not None:  # else this record does not lend itself to it
                used |= {who, subject_of(kind.form, row)}
                made.append(_told(kind, was, who, fields))
                break
    for name, (header, rows) in book.tables.items():
        write_table(Path(target) / f"{name}.csv", header, rows)
    manifest = json.loads((Path(target) / "manifest.json").read_text(encoding="utf-8"))
    promised = [entry["file"] for entry in manifest["files"]]
    write_manifest(manifest, Path(target), [f"{name}.csv" for name in names if f"{name}.csv" in promised])
    return made


def _told(kind: Kind, was: Row, who: str, fields: list[str]) -> dict:
    shown = next((was[name] for name in ("RECORDID", "SAMPLE_ID", "ACCESSION") if name in was), "")
    return {"kind": kind.name, "severity": kind.severity, "form": kind.form, "subject": who, "record": shown,
            "fields": fields, "was": was}  # fmt: skip


# ---- changes


def put(*fields, **values):
    """Set cells; a coded cell is set with its code (`AEOUT="FAT|Fatal"`)."""

    def change(row, book):
        for name, value in values.items():
            code, _, text = value.partition("|")
            row[name] = text or code
            if f"{name}_STD" in row:
                row[f"{name}_STD"] = code
        return list(fields) or list(values)

    return change


def text(name, function):
    """Rewrite the text of one cell."""

    def change(row, book):
        new = function(row[name])
        if new == row[name]:
            return None
        row[name] = new
        return [name]

    return change


def day_of(cell):
    """A collected or ISO date as a day, None for anything else."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", cell):
        return dt.date.fromisoformat(cell)
    if not DATE.fullmatch(cell):
        return None
    return dt.date(int(cell[7:]), MONTHS.index(cell[3:6]) + 1, int(cell[:2]))


def written(day, like):
    """A day in the way another date is written."""
    return day.isoformat() if like[4:5] == "-" else f"{day.day:02d} {MONTHS[day.month - 1]} {day.year}"


def moved(name, days):
    """Move a date by so many days."""

    def change(row, book):
        day = day_of(row[name])
        if day is None:
            return None
        row[name] = written(day + dt.timedelta(days=days), row[name])
        return [name]

    return change


def swapped(one, other):
    """Exchange two cells."""

    def change(row, book):
        if not row[one] or not row[other] or row[one] == row[other]:
            return None
        row[one], row[other] = row[other], row[one]
        return [one, other]

    return change


def swapped_dates(one, other):
    """Exchange two dates that lie apart."""

    def change(row, book):
        first, last = day_of(row[one]), day_of(row[other])
        return swapped(one, other)(row, book) if first and last and first != last else None

    return change


def times(name, factor):
    """Multiply a number."""

    def change(row, book):
        if not re.fullmatch(r"\d+(\.\d+)?", row[name]):
            return None
        row[name] = f"{float(row[name]) * factor:g}"
        return [name]

    return change


def again(form, **values):
    """Enter the record again."""

    def change(row, book):
        own = {"RECORDID": str(9_500_000 + book.rng.randrange(10**5))} if "RECORDID" in row else {}
        copy = row | own | values
        book.tables[form][1].append(copy)
        return []

    return change


def lost(form):
    """Take the record away."""

    def change(row, book):
        book.tables[form][1][:] = [r for r in book.tables[form][1] if r is not row]
        return []

    return change


def to_another(form):
    """File the record under another subject of the site who was infused on another day."""

    def change(row, book):
        column = VENDOR_IDS.get(f"{form}.csv", ("SUBJECT",))[0]
        others = sorted({r[column] for r in book.rows(form)} - {row[column]})
        row[column] = book.rng.choice(others)
        if "SITE" in row:
            row["SITE"] = row[column][:3]
        return []

    return change


def number_of_another(form, column):
    """Carry the sample number of another subject."""

    def change(row, book):
        mine = subject_of(form, row)
        other = book.rng.choice([r for r in book.rows(form) if subject_of(form, r) != mine])
        for each in [r for r in book.rows(form) if r[column] == row[column]]:
            each[column] = other[column]
        return []

    return change


def after_death(form, name):
    """Date a record after the subject's death."""

    def change(row, book):
        death = next((day_of(r["DTHDAT"]) for r in book.of("DTH", row)), None)
        if death is None or day_of(row[name]) is None:
            return None
        row[name] = written(death + dt.timedelta(days=20), row[name])
        return [name]

    return change


def beside(form, field, name, days):
    """Date a record so many days from a milestone of the subject."""

    def change(row, book):
        mark = next((day_of(r[field]) for r in book.of(form, row) if day_of(r[field])), None)
        if mark is None:
            return None
        row[name] = written(mark + dt.timedelta(days=days), row[name] or "01 JAN 2025")
        return [name]

    return change


def both_changes(first, second):
    """Two changes of one record."""

    def change(row, book):
        fields = first(row, book)
        more = second(row, book)
        return None if fields is None or more is None else [*fields, *more]

    return change


def filled(*names):
    return lambda row: all(row[name] for name in names)


def coded(name, *codes):
    return lambda row: row[f"{name}_STD"] in codes


def both(*tests):
    return lambda row: all(test(row) for test in tests)


def scheduled(row):
    return row["FOLDER"] in ("D30", "D100", "M6", "M9", "M12")


def has(name, *values):
    return lambda row: row[name] in values
