"""What lint keeps of a look at a study: what it said of all that is no output, which a change of outputs leaves."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipeline.lint.folder import Folder
from pipeline.lint.places import Problem
from pipeline.study.catalogue import FILE as CATALOGUE


@dataclass
class Kept:
    """What was said `before` of the same files (None where nothing was kept), and what is said now.

    Nothing is said now where lint could not go on: the problems that a stop leaves away would be missed next time.
    """

    before: list[Problem] | None = None
    now: list[Problem] | None = None

    def taken(self, folder: Folder) -> bool:
        """Tell the folder what was said before, where that is known."""
        folder.problems += self.before or ()
        self.now = self.before
        return self.before is not None

    def keep(self, folder: Folder, told: int, stopped: int) -> None:
        """Keep what the folder was told since it had so many problems, and was stopped by so many."""
        self.now = folder.problems[told:] if len(folder.stopped) == stopped else None


def says_outputs_alone(path: Path) -> bool:
    """True for a spec file that says outputs and nothing else: a shell, or the catalogue of a study."""
    return path.name == CATALOGUE or path.parent.name == "tlf"
