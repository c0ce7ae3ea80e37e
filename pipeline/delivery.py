"""An extract as it was delivered: which files hold which forms, their hashes, and the manifest's promises.

A delivery is a folder of CSV files, one per form, with a `manifest.json`. Nothing is interpreted here.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.errors import TrialError, did_you_mean

MANIFEST = "manifest.json"
MAX_FIELD = 1_000_000


@dataclass(frozen=True)
class Sheet:
    """One file's cells as text: header, rows, and the line each row starts on (the header is line 1)."""

    file: str
    header: list[str]
    rows: list[list[str]]
    lines: list[int]
    encoding: str = "utf-8"


@dataclass(frozen=True)
class Delivery:
    """The files of one extract by file name, with their SHA-256 and what the manifest promised."""

    folder: Path
    hashes: dict[str, str]
    manifest: dict[str, Any]
    promised: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The folder's name, the only part of its path that products may show."""
        return self.folder.name

    @property
    def cutoff(self) -> str:
        """The data cut the delivery states, or ''."""
        return str(self.manifest.get("data_cutoff", ""))


def find_extract(root: Path, study: str, settings: dict[str, Any]) -> Path:
    """The newest example extract of a study (folders sort by date). Raises TrialError."""
    home = root / str(settings.get("data", f"data/{study}"))
    found = sorted(p for p in home.glob("*") if p.is_dir()) if home.is_dir() else []
    if not found:
        raise TrialError("No extract is there to start from.", str(home), "say EXTRACT=FOLDER (or --extract FOLDER)")
    return found[-1]


def open_delivery(folder: Path) -> Delivery:
    """List and hash the files of an extract folder. Raises TrialError when it cannot be read as one."""
    if not folder.exists():
        near = did_you_mean(folder.name, [p.name for p in folder.parent.glob("*")]) if folder.parent.is_dir() else ""
        raise TrialError("The extract folder does not exist.", str(folder), near or "check EXTRACT=")
    if not folder.is_dir():
        raise TrialError("The extract is a file; a folder of CSV files is needed.", str(folder), "unpack it first")
    files = [p for p in sorted(folder.iterdir()) if p.is_file() and not p.name.startswith(".")]
    if not any(p.suffix.lower() == ".csv" for p in files):
        raise TrialError("The extract folder holds no CSV file.", str(folder), "check EXTRACT=")
    hashes = {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in files if p.name != MANIFEST}
    manifest = _manifest(folder / MANIFEST)
    promised = {str(f.get("file")): f for f in manifest.get("files", []) if isinstance(f, dict)}
    return Delivery(folder, hashes, manifest, promised)


def _manifest(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        content = json.loads(path.read_bytes().decode("utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        cure = "ask data management for the delivery's manifest again"
        raise TrialError(f"The delivery's manifest cannot be read: {error}.", str(path), cure) from error
    if not isinstance(content, dict):
        raise TrialError("The delivery's manifest is not a JSON object.", str(path), "ask for it again")
    return content


def read_sheet(path: Path) -> Sheet:
    """One CSV file as text cells. Raises TrialError when it is no CSV at all."""
    text, encoding = decode(path.read_bytes())
    if not text.strip():
        return Sheet(path.name, [], [], [], encoding)
    csv.field_size_limit(MAX_FIELD)
    reader = csv.reader(io.StringIO(text, newline=""), strict=False)
    rows, lines, before = [], [], 0
    try:
        for row in reader:
            if row:
                rows.append(row)
                lines.append(before + 1)
            before = reader.line_num
    except csv.Error as error:
        where = f"{path.name}, line {before + 1}"
        raise TrialError(f"This file cannot be read as CSV: {error}.", where, "ask for the file again") from error
    header = [name.strip() for name in rows[0]]
    repeated = sorted({name for name in header if header.count(name) > 1})
    if repeated:
        what = f"The column {repeated[0]} stands twice in the header."
        raise TrialError(what, f"{path.name}, line 1", "ask for the file again")
    return Sheet(path.name, header, rows[1:], lines[1:], encoding)


def decode(content: bytes) -> tuple[str, str]:
    """Text and the encoding it was in: UTF-8 as agreed, else UTF-16 by its mark, else Windows-1252."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", errors="replace").replace("\0", ""), "utf-16"
    try:
        return content.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("cp1252"), "windows-1252"
    except UnicodeDecodeError:
        return content.decode("latin-1"), "latin-1"
