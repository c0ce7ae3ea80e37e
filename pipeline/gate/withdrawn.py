"""Results that a laboratory took back: what they lack is asked of nobody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import pandas as pd

from pipeline.study.csv_text import load_table
from pipeline.study.specs import Specs
from sdtm.mapping.chosen import coded_value
from sdtm.mapping.records import STATES
from sdtm.mapping.terms import looked_up, terms

WITHDRAWN = "X"


def of_standing(
    found: pd.DataFrame, raw: Mapping[str, pd.DataFrame], specs: Specs, states: Iterable[tuple[str, str]] | None = None
) -> pd.DataFrame:
    """Findings of fields without what is required (RAW-REQUIRED) of results that the mapping knows as withdrawn.

    `states` are those of `states_of`, where they were read.
    """
    told = states_of(specs) if states is None else states
    gone = {(form, record) for form, status in told if form in raw and status in raw[form]
            for record in _withdrawn(raw[form], status, specs)}  # fmt: skip
    if not gone:
        return found
    place = pd.Series(zip(found["form"], found["record"], strict=True), index=found.index)
    return found[~(found["check"].eq("RAW-REQUIRED") & place.isin(gone))].reset_index(drop=True)


def states_of(specs: Specs) -> Iterator[tuple[str, str]]:
    """The forms whose results have a state, and the field it stands in (rule `reported` of a mapping sheet)."""
    for sheet in (load_table(path) for path in specs.mappings.values()):
        for form, source in sheet.loc[sheet["rule"] == "reported", ["form", "source"]].to_numpy():
            yield form, source.split()[-1]


def _withdrawn(records: pd.DataFrame, status: str, specs: Specs) -> list[str]:
    ct = pd.concat([load_table(path) for path in specs.table_files("ct")], ignore_index=True)
    known = terms(ct, STATES)
    state = looked_up(coded_value(records, status), known, STATES).fillna(looked_up(records[status], known, STATES))
    return records.loc[state == WITHDRAWN, "_RECORD"].tolist()
