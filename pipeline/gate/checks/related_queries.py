"""How a query hangs together with others: what `pipeline/gate/causes.py` needs to tell a cause from what follows.

Seven columns beside each query: `_together` (what the rule counts as one with it), `_reads` (the dates the check
compared with, `FORM.FIELD` joined by `;`), `_dated` (Y where the query doubts a date) `_only` (Y where its form has
no other record of the subject, so that all that hangs on its date hangs on this record) and `_mark` (Y where the
check holds records to one thing of the subject: where many fail, that one thing is the cause). A check that misses an
event around a day also tells the subject's events (`_from`, FORM/record) and, in `_reads` with a `?`, what it chose
them by; a check of two dates of one record tells both (`_own`).
"""

from __future__ import annotations

from functools import partial
from typing import Any

from pipeline.gate.checks.catalogue import Check, needed
from pipeline.gate.checks.parsed import Forms
from pipeline.gate.checks.places import places
from pipeline.ground import clauses

RELATIONS = ("_together", "_reads", "_dated", "_only", "_mark", "_from", "_own")
# Rules that doubt a date by itself, and those that miss a day beside the dates of their own form.
DOUBTING = ("after_extraction", "after_entry", "a_year_before_entry", "partial", "before_birth", "none_before",
            "none_after", "out_of_window", "against_order")  # fmt: skip
TO_ONE_THING = ("before", "after", "after_the_last", "on_or_after", "none_before", "none_after", "without",
                "without_once", "without_each", "beside", "no_period_around", "off_time_point",
                "out_of_window")  # fmt: skip
MISSING_DAYS = ("day_missing",)
AROUND = ("no_period_around", "no_period_touching")
IN_ORDER = ("out_of_order", "out_of_order_once", "outside_of")
OF_THE_READER = ("RAW-DATE", "RAW-DATEFORM")


def relations(check: Check, form: str, forms: Forms) -> dict[str, str]:
    """`_reads`, `_own`, `_dated` and `_mark` of all queries of this check on records of this form."""
    dated = "Y" if check.rule in DOUBTING or check.id in OF_THE_READER else ""
    mark = "Y" if check.rule in TO_ONE_THING else ""
    return {"_dated": dated, "_mark": mark, "_reads": _reads(check, form, forms), "_own": _own(check, form, forms)}


def _reads(check: Check, form: str, forms: Forms) -> str:
    """The dates of other forms that the check names, and of its own where a day is missing among them."""
    own = check.rule in MISSING_DAYS
    named = [(f, n) for f, n in needed(check, forms.contracts) if f in forms.contracts and (f != form or own)]
    return ";".join([*(f"{f}.{n}" for f, n in named if n in forms.dates(f)), *_chosen_by(check)])


def _chosen_by(check: Check) -> list[str]:
    """What the events were chosen by that a check misses around a day."""
    if check.rule not in AROUND:
        return []
    start: Any = check.arguments["start"]
    told = [(place.form, place.where) for place in places(start)]
    told += [(told[0][0], str(check.arguments.get("where", "")))]
    return [f"?{form}.{name}" for form, where in told for name in clauses.names(where)]


def _own(check: Check, form: str, forms: Forms) -> str:
    """The dates of the record that a check holds beside each other."""
    if check.rule not in IN_ORDER:
        return ""
    return ";".join(name for f, name in needed(check, forms.contracts) if f == form and name in forms.dates(f))


def only(form: str, subject: str, forms: Forms) -> str:
    """`_only` of a query: Y where the form has one record of the subject."""
    return "Y" if forms.once(("records", form), partial(_counts, form=form)).get(subject, 0) == 1 else ""


def _counts(forms: Forms, form: str) -> dict[str, int]:
    """How many records of a form each subject has."""
    return forms.raw[form]["_SUBJECT"].value_counts().to_dict() if form in forms.raw else {}
