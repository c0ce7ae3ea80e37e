"""A project of one's own: a folder with the standard specs and what runs them, which needs no clone of this one."""

from __future__ import annotations

import shutil
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import click

from pipeline.ground.faults import TrialError
from pipeline.ground.source import GIVEN
from pipeline.study.specs import primary_study, project_around

TEMPLATES = Path(__file__).parent / "begun"
PLACES = {"Makefile": "Makefile", "gitignore": ".gitignore", "run": ".ci/run", "README.md": "README.md"}
STANDARD, PUBLISHED, CONSTRAINTS = Path("specs") / "standard", Path("data") / "published", Path("constraints.txt")
SHOWN = 10


class Project(NamedTuple):
    """Where a study goes: the project's folder, where its standard is read, and whether it is still to be begun."""

    home: Path
    known: Path
    fresh: bool


def project_at(root: str) -> Project:
    """The project around a folder ('' for where you are); where none is, the one that is begun in it."""
    place = (Path(root) if root else Path.cwd()).resolve()
    around = project_around(place)
    return Project(around, around, False) if around else Project(place, GIVEN, True)


def begin(home: Path, study: str) -> list[str]:
    """Lay a project's files out for its first study; a file that is there already stays. What was made, in words."""
    for folder in (STANDARD, PUBLISHED):
        if not (home / folder).exists():
            shutil.copytree(GIVEN / folder, home / folder)
    kept = [name for name, text in _files(study).items() if not _laid(home / name, text)]
    (home / "data" / study).mkdir(parents=True, exist_ok=True)
    told = [f"Began a project in {home}: specs/standard of trial {_version()}, Makefile, .gitignore, .ci/run"]
    return [*told, *(f"  kept      {name}, which was there" for name in kept)]


def _files(study: str) -> dict[str, str]:
    """The text of each file of a project that is neither spec nor data."""
    texts = {place: (TEMPLATES / name).read_text(encoding="utf-8") for name, place in PLACES.items()}
    texts = {place: text.replace("@STUDY@", study).replace("@VERSION@", _version()) for place, text in texts.items()}
    pinned = (GIVEN / CONSTRAINTS).read_text(encoding="utf-8")
    return texts | {"requirements.txt": f"trial-pipeline=={_version()}\n", str(CONSTRAINTS): pinned}


def _laid(path: Path, text: str) -> bool:
    """True where the file was written; one that is there stays as it is."""
    if path.exists():
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return True


def _version() -> str:
    return version("trial-pipeline")


def init(folder: str) -> None:
    """Lay the example study with its extracts out in a folder, a project of its own. Raises TrialError."""
    project, study = _project_in(folder), primary_study(GIVEN)
    target = project.home / "specs" / study
    if target.exists():
        cure = f"build it (trial build {_at(study)}), or name another folder: trial init FOLDER"
        raise TrialError(f"The example study {study} is there already.", str(target), cure)
    data = Path("data") / study
    told = begin(project.home, study) if project.fresh else []
    shutil.copytree(GIVEN / "specs" / study, target)
    shutil.copytree(GIVEN / data, project.home / data, dirs_exist_ok=True)
    extracts = sorted(path.name for path in (project.home / data).iterdir() if path.is_dir())
    told += [f"Made {target} and the example extracts {', '.join(extracts)} (synthetic patients) in {data}"]
    away = "" if project.home == Path.cwd() else f"cd {folder or project.home} && "
    click.echo("\n".join([*told, f"  next      {away}trial build {_at(study)}"]))


def _project_in(folder: str) -> Project:
    """The project of exactly this folder where one is named, though it lie in another; else the one around."""
    home = Path(folder).resolve()
    return Project(home, GIVEN, not (home / STANDARD).is_dir()) if folder else project_at("")


def _at(study: str) -> str:
    return f"--study {study}"


def renew_standard(folder: str) -> None:
    """Bring the standard specs of this program into the project; say what changed. Raises TrialError."""
    project = _project_in(folder)
    if project.fresh:
        raise TrialError("No project is here.", str(project.home), "begin one: trial new-study NAME, or trial init")
    changed = differing(project.home)
    for name in changed:
        source, target = GIVEN / STANDARD / name, project.home / STANDARD / name
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
        else:
            target.unlink()
    more = [f"  and {len(changed) - SHOWN} more"] if len(changed) > SHOWN else []
    said = f"{STANDARD} is as trial {_version()} has it: {len(changed)} files changed"
    click.echo("\n".join([said, *(f"  {name}" for name in changed[:SHOWN]), *more]))


def differing(home: Path) -> list[str]:
    """The files of a project's standard specs that are other than this program's, or are there in one of them only."""
    ours, given = (_contents(place / STANDARD) for place in (home, GIVEN))
    return sorted(name for name in {*ours, *given} if ours.get(name) != given.get(name))


def _contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
