"""The body of any output before there are data: a table of x's, a listing of sample records, or empty axes."""

from __future__ import annotations

from dataclasses import replace

from tlf.families import family_of, page
from tlf.ids import named
from tlf.mock import listing, notes, numbers
from tlf.mock.foreseen import Foreseen
from tlf.model import Figure, Page, Table
from tlf.panels import Frame
from tlf.shells import Panel, Shell

SIZE = "(N=xx)"


def body(shell: Shell, known: Foreseen) -> Table | Figure:
    """The shell as its page will look."""
    if shell.kind == "figure":
        return _figure(shell)
    if shell.family == "listing":
        return listing.body(shell, known)
    return page(family_of(shell), shell, numbers.results(shell, known))


def noted(page: Page, made: Table | Figure, shell: Shell, known: Foreseen) -> tuple[Page, Table | Figure]:
    """Page and body with the notes for the programmer: below a table as rows, of a figure among the footnotes."""
    if isinstance(made, Table):
        return page, replace(made, rows=(*made.rows, *notes.rows(shell, known)))
    told = [f"{notes.HEADING}:", *(". ".join(part) for part in notes.said(shell, known))]
    return replace(page, footnotes=(*page.footnotes, *told)), made


def _figure(shell: Shell) -> Figure:
    """Empty axes with their labels, ticks and groups; one pair for each panel."""
    groups = {column.id or named(column.label): f"{' '.join(column.label.split())} {SIZE}" for column in shell.columns}
    groups = groups or {row.id or named(row.label): row.label for row in shell.rows}
    panels = shell.panels or (Panel(tuple(groups)),)
    ticks = tuple(float(tick) for tick in shell.ticks)
    shown = (tuple(groups[one] for one in panel.columns or groups) for panel in panels)
    frames = (Frame(of, ticks, shell.x_label, shell.y_label, panel.title)
              for of, panel in zip(shown, panels, strict=True))  # fmt: skip
    return Figure(tuple(frames), shell.description)
