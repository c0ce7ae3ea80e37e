"""When and where: reading extracts, running recipes, storing products, tracing numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.notebook import OpenedStudy


def open_study(study: str = "", **where: str) -> OpenedStudy:
    """A study to work with in Python: its data, results and pages, each made when asked for. Raises TrialError.

    `where` is what the command line says with options: extract, sdtm, cutoff, out, root; left out, it is the same.
    """
    from pipeline.notebook import opened_study

    return opened_study(study, where)
