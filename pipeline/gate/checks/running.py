"""Checks run over the forms that they look at, each form a part; those that look at a form by itself are one together.

It goes form after form, for whoever reads columns need then keep those of few. Of an extract in parts of the subjects,
what looks at one subject alone, in forms of many records, is run over one part after the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import NamedTuple, TypeAlias

import pandas as pd

from pipeline.gate.checks.catalogue import EVERY, Check, needed, of_each_form, rules
from pipeline.gate.checks.over_subjects import forms_named, of_one_subject
from pipeline.gate.checks.parsed import Forms
from pipeline.gate.checks.queries import COLUMNS, queries_of
from pipeline.gate.checks.related_queries import RELATIONS
from pipeline.ground.clauses import meeting
from pipeline.ground.faults import TrialError

# A rule that meets records it cannot take is reported as not run; the other checks go on.
FAULTS = (ArithmeticError, AttributeError, IndexError, KeyError, TypeError, ValueError)
Keep: TypeAlias = "Callable[..., pd.DataFrame]"  # what makes a part of the gate, as `engine.whole` does
Planned: TypeAlias = "tuple[Check, list[str]]"  # a check, and the forms that it looks at
Look: TypeAlias = "tuple[int, str]"  # the place of a check among those planned, and one of its forms
Found: TypeAlias = "dict[Look, pd.DataFrame | Exception]"  # queries, or why the rule failed


class Parted(NamedTuple):
    """The parts of the subjects of a large extract: what makes the parts of the gate in each.

    A check goes over them where the forms that it looks at have more than `most` records together; `records` has how
    many each form has (empty: an extract that is in no parts).
    """

    keeps: Iterable[Keep] = ()
    records: Mapping[str, int] = {}
    most: int = 0


def found_in_forms(planned: Sequence[Planned], forms: Forms, keep: Keep, parted: Parted) -> Found:
    """What each check finds in each of its forms, or why it failed there.

    What fails in a part of the subjects is run over all: there it fails too, or some part had too little to go by.
    """
    place = {form: at for at, form in enumerate(forms.contracts)}
    looks = sorted(((at, form) for at, (_, targets) in enumerate(planned) for form in targets),
                   key=lambda look: (place.get(look[1], len(place)), look[0]))  # fmt: skip
    cut = [look for look in looks if _in_parts(planned[look[0]][0], look[1], forms, parted)]
    parts = [_found(cut, planned, forms, own, (*FAULTS, TrialError)) for own in parted.keeps] if cut else []
    found: Found = {}
    for look in cut:
        rows = [rows for part in parts if not isinstance(rows := part[look], Exception)]
        if len(rows) == len(parts):
            found[look] = _together(rows)
    return found | _found([look for look in looks if look not in found], planned, forms, keep, FAULTS)


def queries(at: int, planned: Sequence[Planned], found: Found) -> pd.DataFrame:
    """The queries of a check on all forms that it looks at. Raises the fault of its rule where it failed on one."""
    rows = []
    for form in planned[at][1]:
        told = found[at, form]
        if isinstance(told, Exception):
            raise told
        rows.append(told)
    return _together(rows)


def _in_parts(check: Check, form: str, forms: Forms, parted: Parted) -> bool:
    named = {*forms_named(check, form, forms.contracts)}
    return of_one_subject(check) and sum(parted.records.get(one, 0) for one in named) > parted.most


def _found(
    looks: Iterable[Look], planned: Sequence[Planned], forms: Forms, keep: Keep, faults: tuple[type[Exception], ...]
) -> Found:  # fmt: skip
    """As `found_in_forms`, of these looks, in their order."""
    found: Found = {}
    for form, group in groupby(looks, key=lambda look: look[1]):
        own = [at for at, _ in group]
        together = [at for at in own if of_each_form(planned[at][0])]
        found |= _all_on(form, together, planned, forms, keep)
        for at in [at for at in own if (at, form) not in found]:
            check = planned[at][0]
            alone = partial(_run_on, check=check, form=form)
            beforehand = [(form, ""), *needed(check, forms.contracts)]
            try:
                found[at, form] = keep(forms, f"{check.id} {form}", told_as(check), alone, beforehand)
            except faults as error:
                found[at, form] = error
    return found


def _all_on(form: str, own: Sequence[int], planned: Sequence[Planned], forms: Forms, keep: Keep) -> Found:
    """What checks that look at each form by itself find in one, as one part: each is soon made. None where one fails.

    Each is then made by itself, so that the others of the form are.
    """
    checks = [planned[at][0] for at in own]
    if not checks:
        return {}
    said = repr([told_as(check) for check in checks])
    beforehand = [(form, ""), *(pair for check in checks for pair in needed(check, forms.contracts))]
    try:
        rows = keep(forms, f"{EVERY} {form}", said, partial(_run_all_on, checks=checks, form=form), beforehand)
    except (*FAULTS, TrialError):
        return {}
    return {(at, form): rows[rows["check"].eq(planned[at][0].id)] for at in own}


def _together(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    filled = [rows for rows in parts if len(rows)]
    return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=[*COLUMNS, *RELATIONS], dtype="str")


def _run_all_on(forms: Forms, checks: list[Check], form: str) -> pd.DataFrame:
    """The queries of checks on the records of one form, check by check."""
    return _together(_run_on(forms, check, form) for check in checks)


def _run_on(forms: Forms, check: Check, form: str) -> pd.DataFrame:
    """The queries of a check on the records of one form."""
    records = meeting(forms.parsed[form], check.where, check.id)
    rows = rules()[check.rule](records, forms, **check.arguments) if check.rule else records
    return queries_of(check, rows, forms) if len(rows) else pd.DataFrame(columns=[*COLUMNS, *RELATIONS], dtype="str")


def told_as(check: Check) -> str:
    """What a check says, wherever its file lies."""
    return repr(replace(check, path=Path(check.path.name)))
