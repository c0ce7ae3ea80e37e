"""Results that a laboratory took back: what they lack is asked of nobody."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import cached_property

import pandas as pd

from pipeline.study.csv_text import load_table
from pipeline.study.specs import Specs
from sdtm.mapping.chosen import coded_value
from sdtm.mapping.records import STATES
from sdtm.mapping.terms import looked_up, terms

WITHDRAWN = "X"


class Withdrawn:
    """Which results were taken back, as the mapping of a study knows it; its files are read when it is asked."""

    def __init__(self, specs: Specs):
        self.specs = specs

    @cached_property
    def states(self) -> list[tuple[str, str]]:
        """The forms whose results have a state, and its field."""
        return [*states_of(self.specs)]

    @cached_property
    def known(self) -> dict[str, str]:
        """The states by the words for them."""
        return terms(pd.concat([load_table(path) for path in self.specs.table_files("ct")], ignore_index=True), STATES)

    def of(self, form: str) -> list[str]:
        """The fields of a form that hold the state of its results."""
        return [field for name, field in self.states if name == form]

    def records(self, form: str, records: pd.DataFrame) -> set[tuple[str, str]]:
        """Form and key of the records of a form that were taken back."""
        return {(form, record) for status in self.of(form) if status in records
                for record in self._taken_back(records, status)}  # fmt: skip

    def _taken_back(self, records: pd.DataFrame, status: str) -> list[str]:
        said = looked_up(coded_value(records, status), self.known, STATES)
        state = said.fillna(looked_up(records[status], self.known, STATES))
        return records.loc[state == WITHDRAWN, "_RECORD"].tolist()


def of_standing(found: pd.DataFrame, raw: Mapping[str, pd.DataFrame], specs: Specs) -> pd.DataFrame:
    """The findings of fields, without those of what results that were taken back lack."""
    told = Withdrawn(specs)
    return standing(found, {place for form, records in raw.items() for place in told.records(form, records)})


def standing(found: pd.DataFrame, gone: Collection[tuple[str, str]]) -> pd.DataFrame:
    """Findings of fields without those of what is required (RAW-REQUIRED) of records (form, key) that are gone."""
    if not gone:
        return found
    place = pd.Series(zip(found["form"], found["record"], strict=True), index=found.index)
    return found[~(found["check"].eq("RAW-REQUIRED") & place.isin(gone))].reset_index(drop=True)


def states_of(specs: Specs) -> Iterator[tuple[str, str]]:
    """The forms whose results have a state, and the field it stands in (rule `reported` of a mapping sheet)."""
    for sheet in (load_table(path) for path in specs.mappings.values()):
        for form, source in sheet.loc[sheet["rule"] == "reported", ["form", "source"]].to_numpy():
            yield form, source.split()[-1]
