"""Units as an extract delivers them: results that units.csv cannot turn, told at the row that names their unit.

What counts as lost is the gate's rule (pipeline/gate/units.py); here it is told while the specs are written.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from pipeline.gate.fields import raw_form
from pipeline.gate.units import LostResults, domains_of_units, fields_of_units, lost_results
from pipeline.ground.faults import TrialError
from pipeline.intake.delivery import Delivery
from pipeline.lint.places import ERROR, Grid, Problem, read_grid
from pipeline.study.csv_text import load_table
from pipeline.study.specs import Specs
from sdtm.mapping.links import links_of


def check_units(delivery: Delivery, specs: Specs) -> Iterator[Problem]:
    """Results of the extract in a unit without a factor to the standard unit of their test."""
    told = set()
    for lost in lost_results(_raw(delivery, specs), specs):
        for unit in lost.units.drop_duplicates():
            key = (lost.domain, lost.block.form, lost.test, unit)
            if key not in told:
                told.add(key)
                yield from _problem(lost, str(unit), specs)


def _raw(delivery: Delivery, specs: Specs) -> dict[str, pd.DataFrame]:
    """The forms that say units, and those that are linked to others; what cannot be read is told of its form."""
    tables = specs.table_files("links") if "links" in specs.tables else ()
    linked = [form for path in tables for link in links_of(load_table(path)) for form in (link.form, link.to_form)]
    roster = specs.study.subjects
    raw: dict[str, pd.DataFrame] = {}
    said = {form for domain in domains_of_units(specs) for form in fields_of_units(specs, domain)}
    for form in dict.fromkeys([roster, *sorted(said), *linked]):
        try:
            raw[form] = raw_form(delivery, specs, form, raw.get(roster))[0]
        except TrialError:
            continue
    return raw


def _problem(lost: LostResults, unit: str, specs: Specs) -> Iterator[Problem]:
    """The problem at the row of the table of tests, or of the sheet, that names the field of the unit."""
    block, name = lost.block, lost.domain.lower()
    count = int((lost.units == unit).sum())
    what = f"results of {lost.test} in '{unit}' ({count} of them) would count nowhere: units.csv has no factor for them"
    cure = f"add the row {lost.domain},{lost.test},{unit},STANDARD UNIT,FACTOR,, to it"
    for path, target in ((specs.tests.get(name), "unit"), (specs.mappings.get(name), "source")):
        grid = read_grid(path, str(path.relative_to(specs.root))) if path else None
        rows = grid.rows if isinstance(grid, Grid) else []
        lines = [line for line, row in rows if row["form"] == block.form and block.unit in row[target].split()
                 and (target == "source" or row["test"] == lost.test)]  # fmt: skip
        if lines and isinstance(grid, Grid):
            yield grid.problem(lines[0], target, ERROR, what, cure)
            return
