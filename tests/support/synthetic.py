"""Extracts of study iomab_act that nobody has seen: more or other subjects, other days, errors on request.

`synthesize` copies subjects of an extract under new numbers, moves all days of a copy by one whole number of days,
so that every interval holds, and writes a manifest that matches. `ERRORS` names what can be planted on top.
"""

import calendar
import csv
import datetime as dt
import hashlib
import io
import json
import random
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

EARLIEST_SHIFT = -540
MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
VENDOR_IDS = {
    "LABC.csv": ("SITE_SUBJ", r"(\d{3})-(\d{4})", "{site}-{number:04d}"),
    "PETC.csv": ("PATIENT", r"IA-(\d{3})-(\d{4})", "IA-{site}-{number:04d}"),
    "QPCR.csv": ("PATIENT_ID", r"S(\d{3})P(\d{4})", "S{site}P{number:04d}"),
}
SERIALS = {"RECORDID": "{:d}", "ACCESSION": "A{:08d}", "SAMPLE_ID": "Q{:07d}"}
COLLECTED = re.compile(r"^(\d{1,2}|UN) ([A-Za-z]{3}) (\d{4})(\s*)$")
NUMERIC = re.compile(r"^(\d{4})([-/])(\d\d)[-/](\d\d)(.*)$", re.DOTALL)


@dataclass
class Synthetic:
    """What was made: source subject and shift in days of each new subject, and the planted errors."""

    origin: dict[str, tuple[str, int]]
    planted: list[dict] = field(default_factory=list)


def synthesize(source_folder, target_folder, subjects: int, seed: int, errors=()) -> Synthetic:
    """Write an extract of so many subjects, made from the subjects of a source extract; the seed decides all.

    1. Each source subject is used equally often; the rest is drawn without replacement.
    2. Numbers follow the site of the source; vendor ids, RECORDID, accession and sample numbers are new.
    3. Days move by -540 to 0, so that nothing lies after the day of extraction.
    4. Errors are names of `ERRORS`; each is planted once per mention. Those of `BREAK_THE_MANIFEST` come after
       the manifest is written, the others before.
    """
    source, target, rng = Path(source_folder), Path(target_folder), random.Random(seed)
    target.mkdir(parents=True, exist_ok=True)
    manifest = json.loads((source / "manifest.json").read_text(encoding="utf-8"))
    files = [entry["file"] for entry in manifest["files"] if (source / entry["file"]).exists()]
    known = sorted({cells["SUBJECT"].strip() for cells in read_table(source / "DM.csv")[1]})
    made = Synthetic(plan_subjects(known, subjects, rng))
    serials = Counter()
    for name in files:
        write_copies(source / name, target / name, made.origin, serials)
    for error in errors:
        if error not in BREAK_THE_MANIFEST:
            made.planted.append({"error": error} | ERRORS[error](target, rng))
    write_manifest(manifest, target, [name for name in files if (target / name).exists()])
    for error in errors:
        if error in BREAK_THE_MANIFEST:
            made.planted.append({"error": error} | ERRORS[error](target, rng))
    return made


# ---- copies


def plan_subjects(known: list[str], subjects: int, rng: random.Random) -> dict[str, tuple[str, int]]:
    """Source subject and shift by new subject number, in order of the new number."""
    rounds, rest = divmod(subjects, len(known))
    sources = known * rounds + rng.sample(known, rest)
    rng.shuffle(sources)
    numbers = Counter()
    origin = {}
    for source in sources:
        site = source[:3]
        numbers[site] += 1
        if numbers[site] > 9999:
            raise ValueError(f"site {site} has no number left: a site holds 9,999 subjects")
        origin[f"{site}{numbers[site]:04d}"] = (source, rng.randint(EARLIEST_SHIFT, 0))
    return dict(sorted(origin.items()))


def write_copies(source: Path, target: Path, origin: dict, serials: Counter) -> None:
    """Write one file with the rows of each source subject under each of its new numbers."""
    header, rows = read_table(source)
    id_column, pattern, shape = VENDOR_IDS.get(source.name, ("SUBJECT", r"(\d{3})(\d{4})", "{site}{number:04d}"))
    by_subject = {}
    for row in rows:
        match = re.fullmatch(pattern, row[id_column].strip())
        if match:
            by_subject.setdefault("".join(match.groups()), []).append(
                [cell_recipe(name, row, id_column) for name in header]
            )
    for name in by_subject:
        by_subject[name] = [merge_constants(recipe) for recipe in by_subject[name]]
    moved = {}
    with target.open("w", encoding="utf-8", newline="") as out:
        out.write(csv_line(header))
        for subject, (original, shift) in origin.items():
            identity = shape.format(site=subject[:3], number=int(subject[3:]))
            given = {}
            for recipe in by_subject.get(original, ()):
                parts = []
                for kind, value in recipe:
                    if kind == "constant":
                        parts.append(value)
                    elif kind == "day":
                        text = moved.get((value, shift))
                        if text is None:
                            text = moved[value, shift] = move_day(*value, shift)
                        parts.append(text)
                    elif kind == "identity":
                        parts.append(identity + value)
                    elif kind == "site":
                        parts.append(subject[:3] + value[3:])
                    elif kind == "year":
                        parts.append(str(value[0] + year_change(value[1], shift)))
                    else:
                        if kind == "RECORDID" or (kind, value) not in given:
                            serials[kind] += 1
                            given[kind, value] = SERIALS[kind].format(400_000 + serials[kind])
                        parts.append(given[kind, value])
                out.write(",".join(parts))
                out.write("\n")


def cell_recipe(name: str, row: dict, id_column: str) -> tuple:
    """How a cell is copied: as it is, moved in time, or given anew."""
    value = row[name]
    if name == id_column:
        return "identity", value[len(value.rstrip()) :]
    if name == "SITE":
        return "site", value
    if name in SERIALS and value:
        return name, value
    if name == "BRTHYR" and value.isdigit():
        return "year", (int(value), row["CREATED"][:10])
    if COLLECTED.match(value) or NUMERIC.match(value):
        return "day", (value, "EN" in name)
    return "constant", quoted(value)


def merge_constants(recipe: list[tuple]) -> list[tuple]:
    """Neighbouring constants as one piece of text."""
    merged = []
    for kind, value in recipe:
        if kind == "constant" and merged and merged[-1][0] == "constant":
            merged[-1] = ("constant", f"{merged[-1][1]},{value}")
        else:
            merged.append((kind, value))
    return merged


def move_day(text: str, is_end: bool, shift: int) -> str:
    """A collected or numeric date moved by whole days in its own way of writing.

    A partial start moves with its first possible day and a partial end with its last, so that the order holds.
    What is no day of the calendar stays as it is.
    """
    try:
        return moved_text(text, is_end, shift)
    except ValueError:
        return text


def moved_text(text: str, is_end: bool, shift: int) -> str:
    """As `move_day`, for a day that exists; ValueError otherwise."""
    numeric = NUMERIC.match(text)
    if numeric:
        year, mark, month, day, rest = numeric.groups()
        moved = dt.date(int(year), int(month), int(day)) + dt.timedelta(days=shift)
        return moved.strftime(f"%Y{mark}%m{mark}%d") + rest
    day, month, year, blanks = COLLECTED.match(text).groups()
    if month.upper() not in MONTHS:
        moved = dt.date(int(year), 12 if is_end else 1, 31 if is_end else 1) + dt.timedelta(days=shift)
        return f"{day} {month} {moved.year}{blanks}"
    number = MONTHS.index(month.upper()) + 1
    last = calendar.monthrange(int(year), number)[1]
    known = int(day) if day != "UN" else last if is_end else 1
    moved = dt.date(int(year), number, known) + dt.timedelta(days=shift)
    name = MONTHS[moved.month - 1]
    name = name.lower() if month.islower() else name.title() if month.istitle() else name
    written = day if day == "UN" else f"{moved.day:0{len(day)}d}"
    return f"{written} {name} {moved.year}{blanks}"


def year_change(day: str, shift: int) -> int:
    """By how many calendar years a day moves: the year of birth follows, so that the age holds."""
    before = dt.date.fromisoformat(day)
    return (before + dt.timedelta(days=shift)).year - before.year


# ---- files


def read_table(path: Path) -> tuple[list[str], list[dict]]:
    """Header and whole rows of a CSV file in UTF-8 or Windows-1252."""
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252")
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    return header, [dict(zip(header, row, strict=True)) for row in rows if len(row) == len(header)]


def write_table(path: Path, header: list[str], rows: list[dict]) -> None:
    """Write a CSV file in UTF-8; quotes only where needed."""
    lines = [csv_line(header), *(csv_line([row.get(name, "") for name in header]) for row in rows)]
    path.write_text("".join(lines), encoding="utf-8", newline="")


def csv_line(cells: list[str]) -> str:
    return ",".join(map(quoted, cells)) + "\n"


def quoted(cell: str) -> str:
    if any(mark in cell for mark in ',"\r\n'):
        return '"' + cell.replace('"', '""') + '"'
    return cell


def write_manifest(manifest: dict, folder: Path, files: list[str]) -> None:
    """The source manifest with the rows and SHA-256 of the new files."""
    entries = []
    for name in files:
        content = (folder / name).read_bytes()
        rows = sum(1 for _ in csv.reader(io.StringIO(content.decode("latin-1"), newline=""))) - 1
        entries.append({"file": name, "rows": rows, "sha256": hashlib.sha256(content).hexdigest()})
    text = json.dumps(manifest | {"files": entries}, indent=1, ensure_ascii=False)
    (folder / "manifest.json").write_text(text, encoding="utf-8")


# ---- errors


def edit(folder: Path, name: str, rng: random.Random, change, wanted=lambda row: True) -> dict:
    """Change one random active row of a file; say where, with the field and its new value."""
    header, rows = read_table(folder / name)
    candidates = [row for row in rows if row.get("ACTIVE", "1") == "1" and wanted(row)]
    if not candidates:
        raise ValueError(f"{name} has no row to plant this error in: ask for more subjects")
    row = rng.choice(candidates)
    identity = row.get("SUBJECT", row.get(VENDOR_IDS.get(name, ("SUBJECT",))[0]))
    field_name, value = change(row, rows, header)
    write_table(folder / name, header, rows)
    return {"file": name, "subject": identity, "field": field_name, "value": value}


def put(**values):
    """Change that sets fields of the row; the first one is reported."""

    def change(row, rows, header):
        row.update(values)
        return next(iter(values.items()))

    return change


def recast(name: str, function):
    """Change that rewrites one field of the row."""

    def change(row, rows, header):
        row[name] = function(row[name])
        return name, row[name]

    return change


def again(**values):
    """Change that appends a copy of the row, with a RECORDID of its own unless one is given."""

    def change(row, rows, header):
        copy = row | ({"RECORDID": str(9_000_000 + len(rows))} if "RECORDID" in row else {}) | values
        rows.append(copy)
        return next(iter(values.items()), ("RECORDID", copy.get("RECORDID")))

    return change


def same_record_twice(row, rows, header):
    rows.append(dict(row))
    return "RECORDID", row["RECORDID"]


def swapped_dates(row, rows, header):
    row["AESTDAT"], row["AEENDAT"] = row["AEENDAT"], row["AESTDAT"]
    return "AESTDAT", row["AESTDAT"]


def rename_column(folder: Path, rng: random.Random) -> dict:
    header, rows = read_table(folder / "PETC.csv")
    old = "DEAUVILLE" if "DEAUVILLE" in header else "DS_5PS"
    new = "DS_5PS" if old == "DEAUVILLE" else "DEAUVILLE"
    renamed = [{new if name == old else name: value for name, value in row.items()} for row in rows]
    write_table(folder / "PETC.csv", [new if name == old else name for name in header], renamed)
    return {"file": "PETC.csv", "subject": None, "field": old, "value": new}


def add_column(folder: Path, rng: random.Random) -> dict:
    header, rows = read_table(folder / "IOMAB.csv")
    write_table(folder / "IOMAB.csv", [*header, "IOXTRA"], [row | {"IOXTRA": "Yes"} for row in rows])
    return {"file": "IOMAB.csv", "subject": None, "field": "IOXTRA", "value": "Yes"}


def add_file(folder: Path, rng: random.Random) -> dict:
    (folder / "MISC_NOTES.csv").write_text("NOTE\nthe site will send the corrected pages\n", encoding="utf-8")
    return {"file": "MISC_NOTES.csv", "subject": None, "field": None, "value": None}


def truncate_file(folder: Path, rng: random.Random) -> dict:
    content = (folder / "HOSP.csv").read_bytes()
    (folder / "HOSP.csv").write_bytes(content[: len(content) * 4 // 5])
    return {"file": "HOSP.csv", "subject": None, "field": None, "value": None}


def drop_file(folder: Path, rng: random.Random) -> dict:
    (folder / "PETC.csv").unlink(missing_ok=True)
    return {"file": "PETC.csv", "subject": None, "field": None, "value": None}


def write_windows_bytes(folder: Path, rng: random.Random) -> dict:
    where = edit(folder, "PDEV.csv", rng, put(DVTERM="Visite manquée – à confirmer"))
    text = (folder / "PDEV.csv").read_text(encoding="utf-8")
    (folder / "PDEV.csv").write_bytes(text.encode("cp1252", errors="replace"))
    return where


def complete(name: str):
    return lambda row: bool(re.fullmatch(r"\d\d [A-Z]{3} \d{4}", row[name]))


def planted(name: str, change, wanted=lambda row: True):
    return lambda folder, rng: edit(folder, name, rng, change, wanted)


ERRORS = {
    "missing_required": planted("AE.csv", put(AETOXGR="", AETOXGR_STD="")),
    "code_outside_codelist": planted("DM.csv", put(RACE_STD="CAU", RACE="Caucasian")),
    "decode_disagrees": planted("DM.csv", put(SEX="Male"), lambda row: row["SEX_STD"] == "F"),
    "impossible_date": planted("VS.csv", put(VSDAT="31 FEB 2025")),
    "partial_response_date": planted("RESP.csv", recast("RSDAT", lambda text: "UN" + text[2:]), complete("RSDAT")),
    "lower_case_month": planted("ECOG.csv", recast("ECOGDAT", str.lower), complete("ECOGDAT")),
    "slashed_date": planted("ECOG.csv", put(ECOGDAT="2025/12/04")),
    "trailing_blanks": planted("SURV.csv", recast("SSDAT", lambda text: text + "  ")),
    "trailing_blank_in_subject": planted("VS.csv", recast("SUBJECT", lambda text: text + " ")),
    "swapped_dates": planted("AE.csv", swapped_dates, lambda row: row["AEENDAT"] not in ("", row["AESTDAT"])),
    "decimal_comma": planted(
        "VS.csv", recast("TEMP", lambda text: text.replace(".", ",")), lambda row: "." in row["TEMP"]
    ),
    "implausible_value": planted("VS.csv", put(TEMP="98.6")),
    "duplicate_record": planted("AE.csv", again()),
    "repeated_recordid": planted("AE.csv", same_record_twice),
    "inactive_record": planted("RESP.csv", again(ACTIVE="0", RSOVRL="Complete response", RSOVRL_STD="CR")),
    "unknown_subject": planted("VS.csv", again(SUBJECT="1090999")),
    "unknown_subject_in_vendor_file": planted("QPCR.csv", again(PATIENT_ID="S101P9040", SAMPLE_ID="Q9999999")),
    "letter_for_digit_in_vendor_id": planted(
        "LABC.csv", recast("SITE_SUBJ", lambda text: text.replace("-0", "-O", 1)), lambda row: "-0" in row["SITE_SUBJ"]
    ),
    "alive_after_death": planted("SURV.csv", recast("SSTAT_STD", lambda _: "A"), lambda row: row["SSTAT_STD"] == "D"),
    "renamed_column_in_vendor_file": rename_column,
    "extra_column": add_column,
    "undelivered_file": drop_file,
    "missing_file": drop_file,
    "cp1252_bytes": write_windows_bytes,
    "extra_file": add_file,
    "truncated_file": truncate_file,
}
BREAK_THE_MANIFEST = {"extra_file", "truncated_file", "missing_file"}
