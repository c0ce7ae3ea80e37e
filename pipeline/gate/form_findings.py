"""The findings of the fields of one form, gathered expectation by expectation from one piece of its records or more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd

from pipeline.gate.collected_codes import Met, asked_once, met_in, met_in_both
from pipeline.gate.columns import formula_findings
from pipeline.gate.expected import Asked, Expectation
from pipeline.gate.text_or_code import Taken, by_rule
from pipeline.gate.whole_columns import Seen, form_finding, unreadable_findings, zone_findings
from pipeline.ground.queries import for_rows, gather
from pipeline.study.contracts import Contract

NO_CODE = " (without its coded value)"


@dataclass
class NotMet:
    """What does not meet one expectation: codes that are lost, findings of records, and values asked about once."""

    wanted: Expectation
    lost: list[pd.DataFrame] = field(default_factory=list)
    rows: list[pd.DataFrame] = field(default_factory=list)
    values: dict[str, Met] = field(default_factory=dict)


class FormFindings:
    """What is found in a form of which all records together show what `seen` says; pieces are added in their order.

    A column of which most cannot be read, or is written otherwise than agreed, is one finding, not one for each record.
    """

    def __init__(self, contract: Contract, seen: Seen, taken: Taken = by_rule):
        self.contract, self.seen, self.taken = contract, seen, taken
        self._formulas: list[list[pd.DataFrame]] = []
        self._unmet: list[NotMet] = []

    def add(self, records: pd.DataFrame, asked: Sequence[Asked], places: Sequence[list[int]]) -> None:
        """Add the records of a piece, at the places where each expectation is not met."""
        formulas = [*formula_findings(records, self.contract)]
        self._formulas = self._formulas or [[] for _ in formulas]
        for before, found in zip(self._formulas, formulas, strict=True):
            before += [found] if len(found) else []
        self._unmet = self._unmet or [NotMet(one.wanted) for one in asked]
        for told, one, rows in zip(self._unmet, asked, places, strict=True):
            if rows and not self._otherwise(one.wanted):
                self._tell(told, records.iloc[rows], one, rows)

    def whole(self) -> pd.DataFrame:
        """All of them: of whole columns, of formulas, and by expectation."""
        found = [unreadable_findings(self.seen, self.contract), *(one for told in self._formulas for one in told)]
        found.append(zone_findings(self.seen, self.contract))
        for told in self._unmet:
            found += [*told.lost, *told.rows, *self._told_once(told)]
        return gather(found)

    def _otherwise(self, wanted: Expectation) -> bool:
        """True for the agreed form of a column of dates of which most is written in another one."""
        return bool(wanted.agreed) and self.seen.otherwise[wanted.field].most

    def _told_once(self, told: NotMet) -> list[pd.DataFrame]:
        wanted, form = told.wanted, self.contract.form
        if self._otherwise(wanted):
            return [form_finding(self.seen.otherwise[wanted.field], form, wanted.field, wanted.agreed)]
        return asked_once(told.values, form, wanted.check, wanted.severity, wanted.field, wanted.message)

    def _tell(self, told: NotMet, wrong: pd.DataFrame, asked: Asked, rows: list[int]) -> None:
        wanted = told.wanted
        if wanted.kind == "equal":
            told.rows.append(_disagreeing(wrong, asked, rows, self.taken))
        elif wanted.kind != "listed":
            told.rows.append(_found(wrong, wanted, wrong[wanted.field], wanted.message))
        else:
            codes = asked.column.iloc[rows].astype("str").set_axis(wrong.index)
            lost, shown = codes.str.endswith(NO_CODE), codes.str.removesuffix(NO_CODE)
            told.lost.append(_found(wrong[lost], wanted, shown[lost], wanted.lost))
            if wanted.units:
                told.values = met_in_both(told.values, met_in(wrong[~lost], shown[~lost]))
            else:
                told.rows.append(_found(wrong[~lost], wanted, shown[~lost], wanted.message))


def _disagreeing(wrong: pd.DataFrame, asked: Asked, rows: list[int], taken: Taken) -> pd.DataFrame:
    """Records whose text and code say different things, and which of the two the study's mapping takes."""
    wanted, pairs = asked.wanted, wrong[[asked.wanted.field, f"{asked.wanted.field}_STD"]].fillna("")
    decoded = asked.frame[wanted.other].iloc[rows]
    told = [wanted.message.format(text=text, code=code, meant=meant, used=taken(asked.form, wanted.field, text, code))
            for text, code, meant in zip(pairs.iloc[:, 0], pairs.iloc[:, 1], decoded, strict=True)]  # fmt: skip
    return for_rows(wrong, wanted.check, wanted.severity, wanted.field, "", pairs.iloc[:, 0]).assign(message=told)


def _found(rows: pd.DataFrame, expectation: Expectation, shown: pd.Series, message: str) -> pd.DataFrame:
    return for_rows(rows, expectation.check, expectation.severity, expectation.field, message, value=shown)
