"""Further errors behind one that keeps lint from going on: one broken entry does not hide the errors of the others.

The entries that stop it are blanked in a copy of the study, line for line, and the copy is looked at; a file that
stays unreadable is taken out of it. What speaks of something that was blanked may only follow from that: it waits.
"""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from pipeline.ground.faults import TrialError
from pipeline.lint.places import ERROR, Problem
from pipeline.study.yaml_text import load_yaml

ROUNDS, TRIES = 8, 3
NAMED = re.compile(r"\w+")
KEY = re.compile(r"(?:^[\s-]*|[{,]\s*)(\w+):", re.M)
PLAIN = re.compile(r"\s+\w+:\s+[^\s{#]")  # a word whose value stands behind it, and is no further entry
NAMING = re.compile(r"\b(?:name|code|id|flag|reason|form|output|dataset|endpoint|response):\s*\W?([\w.-]+)")
SHARED = ("specs/standard", "data")
Place = tuple[int, int]  # line and column, from 1


class Lint(NamedTuple):
    """What one look at a study found, what is covered, and the errors that kept it from going on.

    `apart` where it stopped at files by themselves, all of whose errors it tells: more in the same file only follow.
    """

    problems: list[Problem]
    covered: list[str]
    stopped: list[Problem]
    apart: bool = False


def further_errors(root: Path, name: str, first: Lint, look: Callable[[Path, str], Lint]) -> list[Problem]:
    """The errors that `look` finds when what stopped it first is out of its way."""
    with TemporaryDirectory() as place:
        try:
            copy = _copied(root, name, Path(place))
            return _found(copy, name, first, look)
        except OSError:
            return []  # a folder that cannot be copied is told by what cannot be read of it


def _copied(root: Path, name: str, place: Path) -> Path:
    """A project of the study's files alone; what it shares with others is only pointed to."""
    shutil.copytree(root / "specs" / name, place / "specs" / name)
    for shared in SHARED:
        (place / shared).symlink_to(root / shared, target_is_directory=True)
    return place


def _found(copy: Path, name: str, first: Lint, look: Callable[[Path, str], Lint]) -> list[Problem]:
    found: list[Problem] = []
    stopped, gone, tries = first.stopped, set[str](), Counter[str]()
    for _ in range(ROUNDS):
        files = {problem.file for problem in stopped if (copy / problem.file).is_file()}
        if not files or not all(file.startswith(f"specs/{name}/") for file in files):
            break
        tries.update(files)
        for file in files:
            places = {(problem.line, problem.column) for problem in stopped if problem.file == file}
            gone |= _blanked(copy / file, places, tries[file] > TRIES)
        if not (copy / "specs" / name / "study.yaml").is_file():
            break
        problems, _, stopped, apart = look(copy, name)
        away = {file for file in tries if not (copy / file).is_file()}
        follows = {one for one in problems if gone & _names(one) or one.file in away or (apart and one.file in tries)}
        found += [one for one in problems if one.kind == ERROR and one not in follows]
        if any(one in follows and one.file not in tries for one in stopped):
            break  # what is gone is missed elsewhere: from here on nothing is certain
    return found


def _blanked(path: Path, places: Collection[Place], whole: bool) -> set[str]:
    """Blank the entries that begin on these lines, or take the whole file away; the names that went.

    Of a wrong word on a line of its own it is the entry that the word is of: what else is said of it only follows.
    """
    text, row = path.read_text(encoding="utf-8", errors="replace").splitlines(), path.suffix == ".csv"
    if whole or not text or not _readable(path, {line for line, _ in places}):
        path.unlink(missing_ok=True)
        return {path.stem.upper(), *_telling("\n".join(text), row)}
    firsts = {line - 1 if row else _owner(text, line - 1, column - 1) for line, column in places}
    gone = {at for first in firsts for at in _entry(text, first, row)}
    path.write_text("\n".join("" if at in gone else line for at, line in enumerate(text)) + "\n", encoding="utf-8")
    return _telling("\n".join(text[at] for at in sorted(gone)), row)


def _readable(path: Path, lines: Iterable[int]) -> bool:
    """True where a file can be read as a whole, so that its entries can be told apart."""
    if path.suffix == ".csv":
        return 1 not in lines
    try:
        load_yaml(path)
    except TrialError:
        return False
    return True


def _owner(text: list[str], at: int, column: int) -> int:
    """The line of the entry that a word with a plain value, on a line of its own, is of; of anything else its own."""
    if at >= len(text) or not column or column != _indent(text[at]) or not PLAIN.match(text[at]):
        return at
    return next((above for above in range(at - 1, -1, -1) if text[above].strip() and _indent(text[above]) < column), at)


def _entry(text: list[str], first: int, row: bool) -> range:
    """The lines of a row, or of a YAML entry with all that stands under it."""
    first = min(first, len(text) - 1)
    depth, listed = _indent(text[first]), text[first].lstrip().startswith("- ")
    last = first + 1
    while not row and last < len(text):
        under = _indent(text[last]) > depth or (
            not listed and _indent(text[last]) == depth and text[last].lstrip().startswith("- ")
        )
        if text[last].strip() and not under:
            break
        last += 1
    return range(first, last)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _telling(text: str, row: bool) -> set[str]:
    """What an entry names for others: the words of a row; of YAML its own key, keys with capitals, names and codes."""
    if row:
        return {word for word in NAMED.findall(text) if not word.islower() or "_" in word}
    keys = KEY.findall(text)
    return {*keys[:1], *(key for key in keys if not key.islower()), *NAMING.findall(text)}


def _names(problem: Problem) -> set[str]:
    return set(NAMED.findall(problem.what))
