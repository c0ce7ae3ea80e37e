"""A study's folder as lint reads it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.ground.faults import TrialError
from pipeline.lint.places import ERROR, OPEN, Document, Grid, Problem, problem_of, read_document, read_grid

OPEN_MARK = "OPEN:"


@dataclass
class Folder:
    """A study's files as far as they can be read, the problems met, and those that kept lint from going on."""

    root: Path
    path: Path
    problems: list[Problem] = field(default_factory=list)
    stopped: list[Problem] = field(default_factory=list)

    def name(self, path: Path) -> str:
        """A file's path as the report shows it."""
        return str(path.relative_to(self.root))

    def documents(self, pattern: str) -> list[Document]:
        """The YAML files of a pattern that can be read; what cannot is a problem."""
        read = [read_document(path, self.name(path)) for path in sorted(self.path.glob(pattern))]
        self.problems += [one for one in read if isinstance(one, Problem)]
        return [one for one in read if isinstance(one, Document)]

    def grid(self, name: str) -> Grid | None:
        """A CSV file, or None when the study has none."""
        path = self.path / name
        read = read_grid(path, self.name(path)) if path.exists() else None
        return read if isinstance(read, Grid) else None

    def tell(self, problems: list[Problem]) -> None:
        """Problems of which an error keeps lint from going on."""
        self.problems += problems
        self.stopped += [problem for problem in problems if problem.kind == ERROR]

    def stop(self, error: TrialError) -> None:
        """An error of the build as a problem of its file, unless one is told of that file already."""
        file = error.where.partition(",")[0].partition(" (")[0]
        shown = str(Path(file).relative_to(self.root)) if file.startswith(str(self.root)) else self.name(self.path)
        told = [problem for problem in self.problems if problem.kind == ERROR and problem.file == shown]
        self.problems += [] if told else [problem_of(error, shown)]
        self.stopped += told or self.problems[-1:]

    def open_points(self) -> Iterator[Problem]:
        """Every line of a YAML file or note that says OPEN."""
        for path in sorted(p for p in self.path.rglob("*.yaml") if p.is_file()):
            for line, text in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
                at = text.find(OPEN_MARK)
                if at >= 0 and "#" in text[:at]:
                    yield Problem(self.name(path), line, at + 1, OPEN, text[at + len(OPEN_MARK) :].strip())
