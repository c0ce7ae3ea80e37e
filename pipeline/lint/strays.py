"""Files of a study's folder that nobody reads, because of how they are called; sites.yaml."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from pipeline.ground.words import did_you_mean
from pipeline.lint.places import ERROR, Document, Problem
from pipeline.lint.structure import STUDY
from pipeline.study.frozen import frozen
from pipeline.study.settings import SiteWords

ROOT = tuple(name.removesuffix(".yaml") for name in STUDY if not {*name} & {"/", "*"})
SPELLINGS = {".yml": ".yaml", ".yaml": ".yaml", ".csv": ".csv"}


def check_strays(root: Path, folder: Path) -> Iterator[Problem]:
    """A spec under another ending, and a YAML file of another name beside study.yaml, would be passed over."""
    for path in sorted(folder.rglob("*")):
        name, read = str(path.relative_to(root)), SPELLINGS.get(path.suffix.lower())
        if read and path.suffix != read:
            what = f"nobody reads a file that ends in {path.suffix}"
            yield Problem(name, 1, 1, ERROR, what, f"call it {path.stem}{read}, or take it away")
        elif path.suffix == ".yaml" and path.parent == folder and path.stem not in ROOT:
            what = f"nobody reads {path.name}"
            yield Problem(name, 1, 1, ERROR, what, did_you_mean(path.stem, ROOT))


def check_sites(document: Document, fields: Collection[str], checks: Collection[str]) -> Iterator[Problem]:
    """Forms, fields and checks that sites.yaml names."""
    words = frozen(SiteWords, document.content)
    for word, named in (("adverse_events", words.adverse_events), ("serious", words.serious)):
        if named and named not in fields:
            what = f"{word} names {named}, which no raw contract has"
            yield document.problem((word,), ERROR, what, did_you_mean(named, fields))
    for number, name in enumerate(words.missing_forms):
        if checks and name not in checks:
            what = f"unknown check '{name}'"
            yield document.problem(("missing_forms", number), ERROR, what, did_you_mean(name, checks))
