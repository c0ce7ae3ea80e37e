"""Dates collected in three fields (rule date_of_parts), as checks read them: whole, in the field of the year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from pipeline.gate.checks.mapped import sheet_rows
from pipeline.study.specs import Specs
from sdtm.mapping.rules import PARTED, text_of_parts

Raw = Mapping[str, pd.DataFrame]


def with_whole_dates(specs: Specs, raw: Raw) -> tuple[Specs, Raw]:
    """The specs and records of a study in which the field of the year holds the whole date, as text, and is a date.

    So every check that asks a start date asks it of a start in three fields too, and its query shows the date.
    """
    rows = [row for domain in specs.mappings for row in sheet_rows(specs, domain) if row.rule == PARTED]
    contracts, frames = dict(specs.contracts), dict(raw)
    for row in rows:
        contract, year = contracts[row.form], row.words[0]
        if year in contract.fields:
            whole = replace(contract.fields[year], type="date")
            contracts[row.form] = replace(contract, fields={**contract.fields, year: whole})
        own = raw.get(row.form)
        if own is not None and {*row.words[:3]} <= {*own.columns}:
            frames[row.form] = frames[row.form].assign(**{year: text_of_parts(own, row.words)})
    return (replace(specs, contracts=contracts), frames) if rows else (specs, raw)
