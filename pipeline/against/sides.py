"""The two sides of a comparison: products of a build, or datasets from elsewhere (a folder of files, or one file)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.ground.faults import TrialError
from pipeline.intake.sdtm import dataset_of, domain_of
from pipeline.readers import kinds

if TYPE_CHECKING:
    from pipeline.against.tables import Dataset

MANIFEST, RESULTS, FINDINGS = "manifest.json", "results/results.parquet", "findings.csv"
LAYERS = ("sdtm", "adam")


@dataclass(frozen=True)
class RestsOn:
    """What a build rests on, as its manifest states it: the study, its extract and data cut, the decisions."""

    study: str = ""
    extract: str = ""
    cutoff: str = ""
    decisions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Held:
    """What stands on one side: files of datasets (and the part of a file that holds one) by name in upper case.

    A build has results, findings and pages too, and says what it rests on (`stated`: its manifest). `alone`: the side
    is one file, which is compared with what it holds and nothing else. `given` are tables that lie in no file, by
    the place they would have: a build that is not published yet has only these, and no pages.
    """

    path: Path
    files: Mapping[str, tuple[tuple[Path, str], ...]]
    stated: RestsOn = RestsOn()
    build: bool = False
    alone: bool = False
    given: Mapping[Path, Callable[[], Dataset]] = field(default_factory=dict)

    @property
    def pages(self) -> dict[str, Path]:
        """The outputs as text, by the names of their files."""
        return {path.stem: path for path in sorted((self.path / "tlf").glob("*.txt"))} if self.published else {}

    @property
    def published(self) -> bool:
        """True for a build whose products lie in files."""
        return self.build and not self.given

    def has(self, file: str) -> bool:
        """Whether the side has this table."""
        return self.path / file in self.given or (self.path / file).is_file()

    def read(self, path: Path, part: str = "") -> Dataset:
        """One table of the side. Raises TrialError for a file that cannot be read whole."""
        from pipeline.against.elsewhere import read_version

        return self.given[path]() if path in self.given else read_version(path, part)

    def named(self, known: set[str]) -> dict[str, tuple[tuple[Path, str], ...]]:
        """The files by dataset, parts of a split domain (LBCH) under the domain that the other side has."""
        found: dict[str, tuple[tuple[Path, str], ...]] = {}
        for name, files in self.files.items():
            whole = domain_of(name, known) or name
            found[whole] = (*found.get(whole, ()), *files)
        return found


def side(path: Path) -> Held:
    """What a path holds. Raises TrialError where that is nothing to compare."""
    if not path.exists():
        raise TrialError("There is no such file or folder.", str(path), "name a folder of products, or of datasets")
    if path.is_dir() and (path / MANIFEST).is_file() and any((path / layer).is_dir() for layer in LAYERS):
        files = [file for layer in LAYERS for file in sorted((path / layer).glob("*.parquet"))]
        return Held(path, _by_name(files), _stated(path / MANIFEST), build=True)
    files = [path] if path.is_file() else [p for p in sorted(path.rglob("*")) if p.is_file() and kinds.readable(p)]
    found = _by_name([file for file in files if file.name != MANIFEST])
    if not found:
        raise TrialError("Nothing here is a dataset.", str(path), f"name {kinds.SPOKEN}")
    return Held(path, found, alone=path.is_file())


def _by_name(files: list[Path]) -> dict[str, tuple[tuple[Path, str], ...]]:
    """The files by the datasets they hold. Raises TrialError where two hold the same."""
    found: dict[str, tuple[tuple[Path, str], ...]] = {}
    for path in files:
        for part in kinds.parts(path):
            name = dataset_of(part)
            if name in found:
                where = f"{found[name][0][0]}, {path}"
                raise TrialError(f"The dataset {name} stands here twice.", where, "keep one, or name one folder")
            if name:
                found[name] = ((path, kinds.file_and_part(part)[1]),)
    return found


def _stated(path: Path) -> RestsOn:
    """What the manifest of a build states. Raises TrialError where it cannot be read."""
    try:
        told = json.loads(path.read_bytes())
        decisions = {name: str(one["value"]) for name, one in told["decisions"].items()}
        return RestsOn(told["study"], told["extract"]["name"], told["cutoff"], decisions)
    except (OSError, ValueError, RecursionError, KeyError, TypeError, AttributeError) as error:
        cure = "build it anew: trial build"
        raise TrialError("The manifest of this build cannot be read.", str(path), cure) from error
