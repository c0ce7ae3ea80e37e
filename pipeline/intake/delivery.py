"""An extract as it was delivered: which files hold which forms, their hashes, and the manifest's promises.

A delivery is a folder of files with a `manifest.json` (CSV, SAS7BDAT, XPT, Parquet or Dataset-JSON, one form
each; workbooks, one form per sheet; ODM-XML), a zip of such files, or a single workbook or ODM-XML file. Nothing is
interpreted here; pipeline/readers/ turns each form into a Sheet of text cells. A form inside a file goes by
`book.xlsx[Sheet]`.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pipeline.ground.faults import TrialError
from pipeline.ground.words import did_you_mean
from pipeline.intake.manifest import NAME as MANIFEST
from pipeline.intake.manifest import NOTHING_SAID, Manifest, Promise, read_manifest
from pipeline.readers import Sheet, archive, kinds, odm
from pipeline.readers.written import Written, words_said
from pipeline.study.contracts import Contract

REFERENCE = "referencedata."


@dataclass(frozen=True)
class Delivery:
    """The files (and sheets) of one extract by name, with their SHA-256 and what the manifest promised.

    `aside` names what lies in the folder and is no file: it is not read.
    """

    folder: Path
    hashes: dict[str, str]
    manifest: Manifest = NOTHING_SAID
    aside: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The folder's name, the only part of its path that products may show."""
        return self.folder.name

    @property
    def cutoff(self) -> str:
        """The data cut the delivery states, or ''."""
        return self.manifest.data_cutoff

    def source(self, contract: Contract) -> str:
        """The name of the file or sheet that holds a form, delivered or not. Raises TrialError when two sheets do."""
        sheet, book = contract.sheet, contract.file
        if not sheet:
            return self._alike(book or f"{contract.form}.csv", contract.form)
        held = [name for name in self.hashes if name.endswith(f"[{sheet}]") and name.startswith(book)]
        if len(held) > 1:
            cure = "deliver one workbook, or name it in the raw contract with `file:`"
            raise TrialError(f"Several workbooks have a sheet '{sheet}'.", ", ".join(held), cure)
        return held[0] if held else f"{book}[{sheet}]"

    def _alike(self, file: str, form: str) -> str:
        """The agreed file, or when another file alone holds its form (AE.tsv, ae.xpt, odm.xml[AE]), that one."""
        stem = Path(file).stem.casefold()
        others = [n for n in self.hashes if Path(n).stem.casefold() == stem and kinds.readable(Path(n))]
        others += [name for name in self.hashes if name.casefold().endswith(f"[{form.casefold()}]")]
        others = others or [name for name in self.hashes if form.casefold() in self._titles(name)]
        return others[0] if file not in self.hashes and len(others) == 1 else file

    def of_nobody(self, name: str) -> bool:
        """True for reference data of an ODM file (ranges of laboratories): its records are of no subject."""
        return any(title.startswith(REFERENCE) for title in self._titles(name))

    def _titles(self, name: str) -> set[str]:
        """What else a form inside a file is called, in lower case."""
        file, part = kinds.file_and_part(name)
        home = self.folder if self.folder.is_dir() else self.folder.parent
        return {title.casefold() for title in kinds.titles(home / file, part)}

    def read(self, name: str, contract: Contract | None = None) -> Sheet:
        """A delivered file or sheet as text cells, written as the contract and the manifest say. Raises TrialError."""
        header_row = contract.header_row if contract else 1
        written = self.written(name, contract)
        file, part = kinds.file_and_part(name)
        if self.folder.is_file() and self.folder.suffix.lower() == archive.SUFFIX:
            return _whole(kinds.read_zipped(self.folder, file, part, header_row, written))
        home = self.folder if self.folder.is_dir() else self.folder.parent
        return _whole(kinds.read(home / file, part, header_row, written))

    def written(self, name: str, contract: Contract | None = None) -> Written:
        """How a file is written: the manifest's word of it, of the delivery, or the study's. Raises TrialError."""
        promise = self.promise(name) or Promise()
        study = words_said((contract.written if contract else {}, "raw/_system.yaml or the raw contract: written"))
        return Written(**{**study, **self.manifest.written, **promise.written})

    def promise(self, name: str) -> Promise | None:
        """What the manifest says of a file, or of the workbook a sheet is in."""
        return self.manifest.files.get(name) or self.manifest.files.get(name.partition("[")[0])

    @property
    def undelivered(self) -> list[str]:
        """Files the manifest promises that are not there."""
        return sorted(set(self.manifest.files) - {n for name in self.hashes for n in (name, name.partition("[")[0])})


def _whole(sheet: Sheet) -> Sheet:
    """The sheet; nothing is made of half a form. Raises TrialError when records could not be told apart."""
    if sheet.lost:
        more = f" (and {len(sheet.lost) - 3} more)" if len(sheet.lost) > 3 else ""
        what = f"Records of {sheet.file} are lost: {'; '.join(sheet.lost[:3])}{more}."
        raise TrialError(what, sheet.file, "ask for the file again; nothing is made from half a form")
    return sheet


def find_extract(root: Path, study: str, data: str = "") -> Path:
    """The newest example extract of a study (folders sort by date), or its file. Raises TrialError."""
    home = root / (data or f"data/{study}")
    if kinds.whole(home):
        return home
    inside = sorted(home.glob("*")) if home.is_dir() else []
    found = [p for p in inside if p.is_dir()] or [p for p in inside if kinds.whole(p)]
    if not found:
        cure = "say --extract FOLDER (of make: EXTRACT=FOLDER)"
        raise TrialError("No extract is there to start from.", str(home), cure)
    return found[-1]


def check_study(delivery: Delivery, contracts: Iterable[Contract]) -> None:
    """Raises TrialError for an extract with none of a study's forms: it is another study's."""
    if not any(delivery.source(contract) in delivery.hashes for contract in contracts):
        what = "None of the study's forms is in this extract."
        raise TrialError(what, str(delivery.folder), "is it another study's? check --extract and --study")


def _is_one(folder: Path, inside: list[Path]) -> None:
    """Raises TrialError for a folder of extracts, which is none itself."""
    extracts = [] if folder / MANIFEST in inside else [p.name for p in inside if (p / MANIFEST).is_file()]
    if extracts:
        cure = f"say one: {', '.join(extracts)}"
        raise TrialError("This folder holds extracts and is none itself.", str(folder), cure)


def open_delivery(folder: Path) -> Delivery:
    """List and hash the files of an extract, a folder or a workbook. Raises TrialError when it is neither."""
    if not folder.exists():
        beside = [p.name for p in folder.parent.glob("[!.]*")] if folder.parent.is_dir() else []
        near = did_you_mean(folder.name, beside)
        place = "check --extract (or --sdtm)"
        cure = f"{place}; {near}" if near.startswith("did you mean") else place
        raise TrialError("The extract folder does not exist.", str(folder), cure)
    if kinds.whole(folder):
        return _opened_zip(folder) if folder.suffix.lower() == archive.SUFFIX else _opened_file(folder)
    if not folder.is_dir():
        raise TrialError("The extract is a file that cannot be read.", str(folder), f"needed is {kinds.SPOKEN}")
    inside = _safe(sorted(folder.iterdir()), folder)
    _is_one(folder, inside)
    files, aside = [p for p in inside if p.is_file()], tuple(p.name for p in inside if not p.is_file())
    if not any(kinds.readable(p) for p in files if p.name != MANIFEST):
        zips = [p for p in files if kinds.whole(p)]
        if len(zips) == 1:
            return _opened_zip(zips[0])
        raise TrialError("The extract folder holds no file that can be read.", str(folder), f"needed is {kinds.SPOKEN}")
    hashes = {name: digest for p in files if p.name != MANIFEST for name, digest in _hashes(p).items()}
    path = folder / MANIFEST
    manifest = read_manifest(path.read_bytes(), path) if path.is_file() else NOTHING_SAID
    return Delivery(folder, hashes, manifest, aside)


def _safe(paths: list[Path], folder: Path) -> list[Path]:
    """The visible entries of the folder. Raises TrialError for links and for names that cannot be printed."""
    found = [p for p in paths if not p.name.startswith((".", "~$"))]
    for path in found:
        if any(unicodedata.category(sign) in ("Cc", "Cs") for sign in path.name):
            what = f"A file of the extract has a name that is no text: {path.name!a}."
            raise TrialError(what, ascii(str(folder)).strip("'"), "give it a name in UTF-8, or take it away")
        if path.is_symlink():
            what = f"{path.name} in the extract is a link; it is not followed."
            raise TrialError(what, str(folder), "copy the file itself into the extract")
    return found


def _opened_file(path: Path) -> Delivery:
    """A single file of several forms; an ODM snapshot says itself when it was taken."""
    made = odm.created(path)[:10] if path.suffix.lower() == odm.SUFFIX else ""
    return Delivery(path, _hashes(path, alone=True), Manifest(extracted=made))


def _opened_zip(path: Path) -> Delivery:
    """A zip of data files and its manifest."""
    files = archive.contents(path)
    if not any(kinds.readable(Path(name)) for name in files if name != MANIFEST):
        raise TrialError("The archive holds no file that can be read.", str(path), f"needed is {kinds.SPOKEN}")
    manifest = read_manifest(files.pop(MANIFEST), path) if MANIFEST in files else NOTHING_SAID
    hashes: dict[str, str] = {}
    for name, content in files.items():
        hashes |= dict.fromkeys(_parts_of(name, content), hashlib.sha256(content).hexdigest())
    return Delivery(path, hashes, manifest)


def _parts_of(name: str, content: bytes) -> list[str]:
    """The names of the forms of a file in a zip."""
    if not content or not kinds.divided(name):
        return [name]
    with kinds.unzipped(name, content) as file:
        return _parts(file, alone=False)


def _hashes(path: Path, alone: bool = False) -> dict[str, str]:
    """The SHA-256 of a file by its name; of a file of several forms once for each of them."""
    with path.open("rb") as file:
        told = hashlib.file_digest(file, "sha256").hexdigest()
    return dict.fromkeys(_parts(path, alone), told)


def _parts(path: Path, alone: bool) -> list[str]:
    """The names of the file's forms; an empty file, and some other XML beside the data, go by their own."""
    if not alone and path.stat().st_size == 0:
        return [path.name]
    try:
        return kinds.parts(path)
    except TrialError:
        if path.suffix.lower() != odm.SUFFIX or alone:
            raise
        return [path.name]
