"""One check run over its forms, each form a part; checks that look at a form by itself are one part of it together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeAlias

import pandas as pd

from pipeline.gate.checks.catalogue import EVERY, Check, needed, rules
from pipeline.gate.checks.parsed import Forms
from pipeline.gate.checks.queries import COLUMNS, queries_of
from pipeline.gate.checks.related_queries import RELATIONS
from pipeline.ground.clauses import meeting

# A rule that meets records it cannot take is reported as not run; the other checks go on.
FAULTS = (ArithmeticError, AttributeError, IndexError, KeyError, TypeError, ValueError)
Keep: TypeAlias = "Callable[..., pd.DataFrame]"  # what makes a part of the gate, as `engine.whole` does


class Alike:
    """The checks that look at each form by itself: all of one form are one part, for each of them is soon made."""

    def __init__(self, checks: list[Check], forms: Forms, keep: Keep):
        self.checks, self.forms, self.keep = {check.id: check for check in checks}, forms, keep
        self._found: dict[str, pd.DataFrame | None] = {}

    def found(self, check: Check, form: str) -> pd.DataFrame | None:
        """The queries of a check on a form; None where it is none of them, or one of them failed on this form."""
        if check.id not in self.checks:
            return None
        if form not in self._found:
            self._found[form] = self._all_on(form)
        rows = self._found[form]
        return rows if rows is None else rows[rows["check"].eq(check.id)]

    def _all_on(self, form: str) -> pd.DataFrame | None:
        checks = [*self.checks.values()]
        said = repr([told_as(check) for check in checks])
        beforehand = [pair for check in checks for pair in needed(check, self.forms.contracts)]
        own = partial(_run_all_on, checks=checks, form=form)
        try:
            return self.keep(self.forms, f"{EVERY} {form}", said, own, beforehand)
        except FAULTS:  # each is then made by itself, so that the others of the form are
            return None


def run(check: Check, targets: list[str], forms: Forms, keep: Keep, alike: Alike) -> pd.DataFrame:
    """The queries of a check on the forms that it looks at."""
    said, beforehand, found = told_as(check), needed(check, forms.contracts), []
    for form in targets:
        rows = alike.found(check, form)
        own = partial(_run_on, check=check, form=form)
        found.append(keep(forms, f"{check.id} {form}", said, own, beforehand) if rows is None else rows)
    parts = [rows for rows in found if len(rows)]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=[*COLUMNS, *RELATIONS])


def _run_all_on(forms: Forms, checks: list[Check], form: str) -> pd.DataFrame:
    """The queries of checks on the records of one form, check by check."""
    parts = [rows for check in checks if len(rows := _run_on(forms, check, form))]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(
        columns=[*COLUMNS, *RELATIONS], dtype="str")  # fmt: skip


def _run_on(forms: Forms, check: Check, form: str) -> pd.DataFrame:
    """The queries of a check on the records of one form."""
    records = meeting(forms.parsed[form], check.where, check.id)
    rows = rules()[check.rule](records, forms, **check.arguments) if check.rule else records
    return queries_of(check, rows, forms) if len(rows) else pd.DataFrame(columns=[*COLUMNS, *RELATIONS], dtype="str")


def told_as(check: Check) -> str:
    """What a check says, wherever its file lies."""
    return repr(replace(check, path=Path(check.path.name)))
