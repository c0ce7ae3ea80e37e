"""`trial doctor`: what the program needs of this machine and of the project, whether it is there, and the cure."""

from __future__ import annotations

import os
import platform
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path

import click
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from pipeline.ground.answer import tell_facts
from pipeline.ground.faults import EXIT_FINDINGS
from pipeline.ground.machine import processors
from pipeline.ground.source import GIVEN
from pipeline.study.specs import project_around

PROGRAM = "trial-pipeline"
GOOD, LOOK, LACKING = "ok", "look", "lacking"
SCARCE, TOO_LITTLE = 2_000_000_000, 300_000_000  # bytes; a study with 1,000 subjects takes about one gigabyte
INSTALL = "pip install -c constraints.txt of the wheel (in a clone: make tlf)"
STANDARD = "specs/standard"


@dataclass(frozen=True)
class Finding:
    """One thing the program needs: whether it is there, what was found, and the cure."""

    thing: str
    state: str
    found: str
    cure: str = ""

    def text(self) -> str:
        """As printed."""
        cure = f"\n  {'':<8}{'':<16}cure: {self.cure}" if self.cure else ""
        return f"  {self.state:<8}{self.thing:<16}{self.found}{cure}"


def run(root: str, out: str) -> int:
    """Look, and tell: 0 where nothing is lacking, 1 where something is."""
    place = (Path(root) if root else Path.cwd()).resolve()
    home = project_around(place)
    found = [*machine(), *libraries(), *_typefaces(), *project(home, place), *disk(_products(home, place, out))]
    tell_facts(findings=[asdict(one) for one in found])
    click.echo("\n".join(one.text() for one in found))
    lacking = sum(one.state == LACKING for one in found)
    click.echo(f"{lacking or 'Nothing'} {'things are' if lacking > 1 else 'is'} lacking.")
    return EXIT_FINDINGS if lacking else 0


def _products(home: Path | None, place: Path, out: str) -> Path:
    return Path(out).resolve() if out else (home or place) / "output"


def machine() -> Iterator[Finding]:
    """Python, the processors a run may use, and programs that single commands need."""
    asked, here = metadata.metadata(PROGRAM)["Requires-Python"], platform.python_version()
    fits = SpecifierSet(asked).contains(here, prereleases=True)
    yield Finding("Python", GOOD if fits else LACKING, f"{here} (asked for: {asked})",
                  "" if fits else "install one of these versions, and the wheel there")  # fmt: skip
    yield Finding("processors", GOOD, f"{processors()} (TRIAL_WORKERS=1 makes one thing at a time)")
    core = shutil.which("core")
    cure = "" if core else "only `trial conform --core` needs it: name the program of a release by --engine"
    yield Finding("CDISC CORE", GOOD if core else LOOK, core or "not on the path", cure)


def libraries() -> Iterator[Finding]:
    """The libraries that the program rests on, each in the version that it was tested with."""
    pinned, needed = pins(GIVEN / "constraints.txt"), needs(PROGRAM)
    there = {name: _version(name) for name in needed}
    lost = sorted(name for name, version in there.items() if not version)
    other = sorted(name for name, version in there.items() if version and pinned.get(name, version) != version)
    if lost:
        yield Finding("libraries", LACKING, f"not installed: {', '.join(lost)}", INSTALL)
    if other:
        told = ", ".join(f"{name} {there[name]} (tested: {pinned[name]})" for name in other)
        yield Finding("libraries", LOOK, f"other versions: {told}", INSTALL)
    if not lost and not other:
        yield Finding("libraries", GOOD, f"{len(there)}, all as constraints.txt names them")


def pins(path: Path) -> dict[str, str]:
    """The version of each distribution in a constraints file that is meant for this Python; empty without a file."""
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    lines = [line.split("#")[0].split(" --hash")[0].strip(" \\") for line in text.splitlines()]
    told = [Requirement(line) for line in lines if line and not line.startswith("--")]
    meant = [one for one in told if one.marker is None or one.marker.evaluate()]
    return {_plain(one.name): str(one.specifier).removeprefix("==") for one in meant}


def needs(program: str) -> list[str]:
    """The distributions that a program rests on, and those that they rest on, without extras; by name."""
    todo, seen = [program], set[str]()
    while todo:
        try:
            asked = [Requirement(line) for line in metadata.requires(todo.pop()) or ()]
        except metadata.PackageNotFoundError:
            continue
        names = {_plain(one.name) for one in asked if one.marker is None or one.marker.evaluate({"extra": ""})}
        todo += sorted(names - seen)
        seen |= names
    return sorted(seen)


def _plain(name: str) -> str:
    return name.lower().replace("_", "-").replace(".", "-")


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def _typefaces() -> Iterator[Finding]:
    """The typefaces of pages and figures, which are the program's own."""
    from tlf.render.typefaces import FILES, FONTS

    lost = [name for name in FILES if not (FONTS / name).is_file()]
    told = f"not there: {', '.join(lost)}" if lost else f"{', '.join(FILES)}"
    yield Finding("typefaces", LACKING if lost else GOOD, told, INSTALL if lost else "")


def project(home: Path | None, place: Path) -> Iterator[Finding]:
    """The project around, and whether its standard specs are those of this program."""
    from pipeline.new_study.project import differing
    from pipeline.study.specs import studies

    if home is None:
        yield Finding("project", LOOK, f"none around {place}", "begin one: trial new-study NAME, or trial init")
        return
    yield Finding("project", GOOD, f"{home}: {', '.join(studies(home)) or 'no study yet'}")
    other = differing(home)
    told = f"{len(other)} files are other than this program's: {', '.join(other[:3])}" if other else "as this program's"
    cure = "trial init --standard brings them; keep what you changed in specs/<study>" if other else ""
    yield Finding(STANDARD, LOOK if other else GOOD, told, cure)


def disk(out: Path) -> Iterator[Finding]:
    """The place of the products: whether it can be written, and how much room is there."""
    near = next(folder for folder in (out, *out.parents) if folder.is_dir())
    may = _may_write(near)
    yield Finding("write", GOOD if may else LACKING, f"{near}{'' if may else ' cannot be written'}",
                  "" if may else "ask for the permission, or say another --out")  # fmt: skip
    free = shutil.disk_usage(near).free
    state = LACKING if free < TOO_LITTLE else LOOK if free < SCARCE else GOOD
    cure = "" if state == GOOD else "make room, or say another --out"
    yield Finding("disk", state, f"{free / 1e9:.1f} GB free", cure)


def _may_write(folder: Path) -> bool:
    """True where a file could be made there."""
    if not os.access(folder, os.W_OK):
        return False
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False
