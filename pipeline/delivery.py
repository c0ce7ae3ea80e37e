"""An extract as it was delivered: which files hold which forms, their hashes, and the manifest's promises.

A delivery is a folder of files with a `manifest.json` (CSV, SAS7BDAT, XPT or Parquet, one form each; workbooks, one
form per sheet; ODM-XML), a zip of CSV files, or a single workbook or ODM-XML file. Nothing is interpreted here;
pipeline/readers/ turns each form into a Sheet of text cells. A form inside a file goes by `book.xlsx[Sheet]`.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.ground.faults import TrialError
from pipeline.ground.words import did_you_mean
from pipeline.readers import Sheet, archive, kinds, odm

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
            return self._alike(str(contract.get("file", f"{contract['form']}.csv")), str(contract["form"]))
        sheet, book = contract["sheet"], contract.get("file", "")
        held = [name for name in self.hashes if name.endswith(f"[{sheet}]") and name.startswith(book)]
        if len(held) > 1:
            cure = "deliver one workbook, or name it in the raw contract with `file:`"
            raise TrialError(f"Several workbooks have a sheet '{sheet}'.", ", ".join(held), cure)
        return held[0] if held else f"{book}[{sheet}]"

    def _alike(self, file: str, form: str) -> str:
        """The agreed file, or when only another kind of file holds its form (AE.xpt, odm.xml[AE]), that one."""
        stem = Path(file).stem.casefold()
        others = [n for n in self.hashes if Path(n).stem.casefold() == stem and Path(n).suffix.lower() not in kinds.CSV]
        others += [name for name in self.hashes if name.casefold().endswith(f"[{form.casefold()}]")]
        return others[0] if file not in self.hashes and len(others) == 1 else file

    def read(self, name: str, header_row: int = 1) -> Sheet:
        """A delivered file or sheet as text cells. Raises TrialError."""
        if self.folder.is_file() and self.folder.suffix.lower() == archive.SUFFIX:
            return kinds.read(self.folder, name)
        file, _, part = name.partition("[")
        home = self.folder if self.folder.is_dir() else self.folder.parent
        return kinds.read(home / file, part.removesuffix("]"), header_row)

    def promise(self, name: str) -> dict[str, Any] | None:
        """What the manifest says of a file, or of the workbook a sheet is in."""
        return self.promised.get(name) or self.promised.get(name.partition("[")[0])

    @property
    def undelivered(self) -> list[str]:
        """Files the manifest promises that are not there."""
        return sorted(set(self.promised) - {n for name in self.hashes for n in (name, name.partition("[")[0])})


def find_extract(root: Path, study: str, settings: dict[str, Any]) -> Path:
    """The newest example extract of a study (folders sort by date), or its file. Raises TrialError."""
    home = root / str(settings.get("data", f"data/{study}"))
    if kinds.whole(home):
        return home
    inside = sorted(home.glob("*")) if home.is_dir() else []
    found = [p for p in inside if p.is_dir()] or [p for p in inside if kinds.whole(p)]
    if not found:
        raise TrialError("No extract is there to start from.", str(home), "say EXTRACT=FOLDER (or --extract FOLDER)")
    return found[-1]


def open_delivery(folder: Path) -> Delivery:
    """List and hash the files of an extract, a folder or a workbook. Raises TrialError when it is neither."""
    if not folder.exists():
        beside = [p.name for p in folder.parent.glob("[!.]*")] if folder.parent.is_dir() else []
        near = did_you_mean(folder.name, beside)
        cure = f"check EXTRACT=; {near}" if near.startswith("did you mean") else "check EXTRACT="
        raise TrialError("The extract folder does not exist.", str(folder), cure)
    if kinds.whole(folder):
        return _opened_zip(folder) if folder.suffix.lower() == archive.SUFFIX else _opened_file(folder)
    if not folder.is_dir():
        raise TrialError("The extract is a file that cannot be read.", str(folder), f"needed is {kinds.SPOKEN}")
    files = [p for p in sorted(folder.iterdir()) if p.is_file() and not p.name.startswith((".", "~$"))]
    if not any(map(kinds.readable, files)):
        raise TrialError("The extract folder holds no file that can be read.", str(folder), f"needed is {kinds.SPOKEN}")
    hashes = {name: digest for p in files if p.name != MANIFEST for name, digest in _hashes(p).items()}
    path = folder / MANIFEST
    return _delivery(folder, hashes, _manifest(path.read_bytes(), path) if path.exists() else {})


def _delivery(folder: Path, hashes: dict[str, str], manifest: dict[str, Any]) -> Delivery:
    promised = {str(f.get("file")): f for f in manifest.get("files", []) if isinstance(f, dict)}
    return Delivery(folder, hashes, manifest, promised)


def _opened_file(path: Path) -> Delivery:
    """A single file of several forms; an ODM snapshot says itself when it was taken."""
    made = odm.created(path)[:10] if path.suffix.lower() == odm.SUFFIX else ""
    return _delivery(path, _hashes(path, alone=True), {"extracted": made} if made else {})


def _opened_zip(path: Path) -> Delivery:
    """A zip of CSV files and its manifest."""
    files = {name: archive.content(path, name) for name in archive.entries(path)}
    if not any(name.lower().endswith(kinds.CSV) for name in files):
        raise TrialError("The archive holds no CSV file.", str(path), "check EXTRACT=")
    manifest = _manifest(files.pop(MANIFEST), path) if MANIFEST in files else {}
    return _delivery(path, {name: hashlib.sha256(text).hexdigest() for name, text in files.items()}, manifest)


def _hashes(path: Path, alone: bool = False) -> dict[str, str]:
    """The SHA-256 of a file by its name; of a file of several forms once for each of them."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    try:
        return dict.fromkeys(kinds.parts(path), digest)
    except TrialError:
        if path.suffix.lower() != odm.SUFFIX or alone:
            raise
        return {path.name: digest}  # some other XML beside the data: a file nobody agreed on


def _manifest(content: bytes, path: Path) -> dict[str, Any]:
    try:
        manifest = json.loads(content.decode("utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        cure = "ask data management for the delivery's manifest again"
        raise TrialError(f"The delivery's manifest cannot be read: {error}.", str(path), cure) from error
    if not isinstance(manifest, dict):
        raise TrialError("The delivery's manifest is not a JSON object.", str(path), "ask for it again")
    return manifest
