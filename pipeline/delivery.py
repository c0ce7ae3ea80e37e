"""An extract as it was delivered: which files hold which forms, their hashes, and the manifest's promises.

A delivery is a folder of CSV files (one per form) and workbooks (one form per sheet) with a `manifest.json`, or a
single workbook. Nothing is interpreted here; pipeline/readers/ turns each form into a Sheet of text cells. A sheet
goes by the name `book.xlsx[Sheet]`.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.errors import TrialError, did_you_mean
from pipeline.readers import Sheet
from pipeline.readers.csv_file import read_csv
from pipeline.readers.workbook import SUFFIXES, read_workbook_sheet, sheet_names

MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Delivery:
    """The files (and sheets) of one extract by name, with their SHA-256 and what the manifest promised."""

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

    def source(self, contract: dict[str, Any]) -> str:
        """The name of the file or sheet that holds a form, delivered or not. Raises TrialError when two sheets do."""
        if "sheet" not in contract:
            return str(contract.get("file", f"{contract['form']}.csv"))
        sheet, book = contract["sheet"], contract.get("file", "")
        held = [name for name in self.hashes if name.endswith(f"[{sheet}]") and name.startswith(book)]
        if len(held) > 1:
            cure = "deliver one workbook, or name it in the raw contract with `file:`"
            raise TrialError(f"Several workbooks have a sheet '{sheet}'.", ", ".join(held), cure)
        return held[0] if held else f"{book}[{sheet}]"

    def read(self, name: str, header_row: int = 1) -> Sheet:
        """A delivered file or sheet as text cells. Raises TrialError."""
        book, _, sheet = name.partition("[")
        home = self.folder if self.folder.is_dir() else self.folder.parent
        if sheet:
            return read_workbook_sheet(home / book, sheet.removesuffix("]"), header_row)
        return read_csv(home / name)

    def promise(self, name: str) -> dict[str, Any] | None:
        """What the manifest says of a file, or of the workbook a sheet is in."""
        return self.promised.get(name) or self.promised.get(name.partition("[")[0])

    @property
    def undelivered(self) -> list[str]:
        """Files the manifest promises that are not there."""
        return sorted(set(self.promised) - {n for name in self.hashes for n in (name, name.partition("[")[0])})


def find_extract(root: Path, study: str, settings: dict[str, Any]) -> Path:
    """The newest example extract of a study (folders sort by date), or its workbook. Raises TrialError."""
    home = root / str(settings.get("data", f"data/{study}"))
    if _is_workbook(home):
        return home
    inside = sorted(home.glob("*")) if home.is_dir() else []
    found = [p for p in inside if p.is_dir()] or [p for p in inside if _is_workbook(p)]
    if not found:
        raise TrialError("No extract is there to start from.", str(home), "say EXTRACT=FOLDER (or --extract FOLDER)")
    return found[-1]


def _is_workbook(path: Path) -> bool:
    return path.is_file() and path.suffix.lower() in SUFFIXES and not path.name.startswith((".", "~$"))


def open_delivery(folder: Path) -> Delivery:
    """List and hash the files of an extract, a folder or a workbook. Raises TrialError when it is neither."""
    if not folder.exists():
        near = did_you_mean(folder.name, [p.name for p in folder.parent.glob("*")]) if folder.parent.is_dir() else ""
        raise TrialError("The extract folder does not exist.", str(folder), near or "check EXTRACT=")
    if _is_workbook(folder):
        return Delivery(folder, _hashes(folder), {})
    if not folder.is_dir():
        what = "The extract is a file; a folder of CSV files, or an Excel workbook (.xlsx), is needed."
        raise TrialError(what, str(folder), "unpack it first")
    files = [p for p in sorted(folder.iterdir()) if p.is_file() and not p.name.startswith((".", "~$"))]
    if not any(p.suffix.lower() == ".csv" or _is_workbook(p) for p in files):
        raise TrialError("The extract folder holds no CSV file and no workbook.", str(folder), "check EXTRACT=")
    hashes = {name: digest for p in files if p.name != MANIFEST for name, digest in _hashes(p).items()}
    manifest = _manifest(folder / MANIFEST)
    promised = {str(f.get("file")): f for f in manifest.get("files", []) if isinstance(f, dict)}
    return Delivery(folder, hashes, manifest, promised)


def _hashes(path: Path) -> dict[str, str]:
    """The SHA-256 of a file by its name; of a workbook once for each of its sheets."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return {f"{path.name}[{s}]": digest for s in sheet_names(path)} if _is_workbook(path) else {path.name: digest}


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
