"""The outputs of a study as lint reads them: those it writes itself, and those its catalogue takes from shells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pipeline.ground.faults import TrialError
from pipeline.lint.places import ERROR, Document, Problem, problem_of, read_document
from pipeline.study import catalogue
from pipeline.study.catalogue import Shelf, WrittenOutput
from pipeline.study.named import load_named, resolved
from pipeline.study.yaml_text import Where


@dataclass(frozen=True)
class Filled(Document):
    """An output of a catalogue: a problem of it stands in its entry, or in the shell it was filled from."""

    written: WrittenOutput
    documents: Mapping[Path, Document]

    def problem(self, where: Where, kind: str, what: str, cure: str = "") -> Problem:
        """A problem at a path of the output, in the file that says it; the output's number is said with it."""
        path, place = self.written.origin(where)
        return self.documents[path].problem(place, kind, f"{what} (in {self.content['output']})", cure)


def read_shells(root: Path, folder: Path) -> tuple[list[Document], list[Problem]]:
    """The outputs with their named sets and columns in full; what keeps any of them from being read, by file."""
    standard = root / "specs" / "standard"
    try:
        named = load_named(standard, folder)
        shells = catalogue.load_shells(standard)
    except TrialError as error:
        return [], [_problem(error, root, folder)]
    found: list[Document] = []
    own = {path.stem: path for path in sorted((folder / "tlf").glob("*.yaml"))}
    slips, entries = _entries(root, folder, own, Shelf(shells, named))
    for document in (*_own(root, own), *([] if slips else entries)):
        try:
            found.append(replace(document, content=resolved(document.content, named, _placed(document))))
        except TrialError as error:
            slips.append(_problem(error, root, folder))
    return found, slips


def _own(root: Path, paths: Mapping[str, Path]) -> list[Document]:
    read = (read_document(path, str(path.relative_to(root))) for path in paths.values())
    return [one for one in read if isinstance(one, Document)]


def _placed(document: Document) -> Any:
    written = document.written if isinstance(document, Filled) else WrittenOutput(document.content, document.path, ())
    return written.place


def _entries(root: Path, folder: Path, own: Mapping[str, Path], shelf: Shelf) -> tuple[list[Problem], list[Document]]:
    """The outputs of the catalogue, or what is wrong with its entries."""
    path = folder / catalogue.FILE
    document = read_document(path, str(path.relative_to(root))) if path.exists() else None
    if not isinstance(document, Document) or not document.content:
        return [], []
    entries = [catalogue.entry_of(words) for words in document.content]
    slips = list(catalogue.slips(entries, own, shelf))
    if slips:
        return [document.problem(slip.where, ERROR, slip.what, slip.cure) for slip in slips], []
    filled: list[Document] = []
    for number, entry in enumerate(entries):
        written = catalogue.filled(entry, (path, (number,)), shelf)
        shell = read_document(written.path, str(written.path.relative_to(root)))
        assert isinstance(shell, Document)
        documents = {path: document, written.path: shell}
        filled.append(Filled(written.path, shell.name, written.content, {}, written, documents))
    return [], filled


def _problem(error: TrialError, root: Path, folder: Path) -> Problem:
    file = Path(error.where.partition(", line")[0])
    return problem_of(error, str((file if file.is_relative_to(root) else folder).relative_to(root)))
