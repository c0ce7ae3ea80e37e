"""What a family of outputs is: a module of tlf/templates, of which outputs are made here.

`entries(shell, records)` gives its results one by one (`results(shell, data)`, where they are made by columns), and of
the results alone `body(shell, results)` makes its table, or `drawn(shell, panel, results)` a panel of its figure.
"""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from types import ModuleType

import pandas as pd

from tlf.conditions import Data, Records
from tlf.model import Figure, Table
from tlf.results import as_results
from tlf.shells import Panel, Shell


def family_of(shell: Shell) -> ModuleType:
    """The module that makes outputs of the shell's family."""
    return import_module(f"tlf.templates.{shell.family}")


def results(family: ModuleType, shell: Shell, data: Data) -> pd.DataFrame:
    """One record per number of the output (see specs/standard/results.yaml)."""
    made: pd.DataFrame = (family.results(shell, data) if hasattr(family, "results")
                          else as_results(family.entries(shell, Records(data))))  # fmt: skip
    return made


def page(family: ModuleType, shell: Shell, results: pd.DataFrame) -> Table | Figure:
    """The table of the output, or its figure: the panels it asks for (else one), of all columns where it names none."""
    if hasattr(family, "body"):
        table: Table = family.body(shell, results)
        return table
    everybody = tuple(column.id for column in shell.columns)
    asked = [replace(panel, columns=panel.columns or everybody) for panel in shell.panels or (Panel(),)]
    return Figure(tuple(family.drawn(shell, panel, results) for panel in asked), shell.description)
