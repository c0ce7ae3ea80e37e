"""One finding of a table of published figures, and what all checks of such figures need."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from pipeline.literature.table import PrintedFigure
from tlf.stats.grim import possible_counts


@dataclass(frozen=True)
class Issue:
    """One finding: the check, how grave, the trial, the source cells, and the reason in words."""

    check: str
    severity: str
    trial: str
    cell: str
    reason: str


def fits(figure: PrintedFigure, n: int) -> str:
    """The counts that print a percentage, in words: 15 of 42; 74 to 76 of 267; none of 17."""
    counts = possible_counts(figure.value, n)
    if not counts:
        return f"none of {n}"
    return f"{counts[0]} of {n}" if len(counts) == 1 else f"{counts[0]} to {counts[-1]} of {n}"


def together(figures: Iterable[PrintedFigure], key: Callable[[PrintedFigure], object]) -> Iterator[list[PrintedFigure]]:
    """The figures that share a key, in the order of the file."""
    parts: dict[object, list[PrintedFigure]] = {}
    for figure in figures:
        parts.setdefault(key(figure), []).append(figure)
    yield from parts.values()
