"""How a query hangs together with others: what `pipeline/validation/causes.py` needs to tell a cause from what follows.

Five columns beside each query: `_together` (what the rule counts as one with it), `_reads` (the dates the check
compared with, `FORM.FIELD` joined by `;`), `_dated` (Y where the query doubts a date) `_only` (Y where its form has
no other record of the subject, so that all that hangs on its date hangs on this record) and `_mark` (Y where the
check holds records to one thing of the subject: where many fail, that one thing is the cause).
"""

from __future__ import annotations

from pipeline.checks.catalogue import Check, needed
from pipeline.checks.parsed import Forms

BONDS = ("_together", "_reads", "_dated", "_only", "_mark")
# Rules that doubt a date by itself, and those that miss a day beside the dates of their own form.
DOUBTING = ("after_extraction", "after_entry", "a_year_before_entry", "partial", "before_birth", "none_before",
            "none_after", "out_of_window", "against_order")  # fmt: skip
TO_ONE_THING = ("before", "after", "on_or_after", "none_before", "none_after", "without", "without_once", "beside",
                "no_period_around", "off_time_point", "out_of_window")  # fmt: skip
MISSING_DAYS = ("day_missing",)
OF_THE_READER = ("RAW-DATE",)


def bonds(check: Check, form: str, subject: str, forms: Forms) -> dict[str, str]:
    """`_reads`, `_dated`, `_only` and `_mark` of a query of this check on a record of this form and subject."""
    dated = "Y" if check.rule in DOUBTING or check.id in OF_THE_READER else ""
    mark = "Y" if check.rule in TO_ONE_THING else ""
    return {"_reads": _reads(check, form, forms), "_dated": dated, "_only": _only(form, subject, forms), "_mark": mark}


def _reads(check: Check, form: str, forms: Forms) -> str:
    """The dates of other forms that the check names, and of its own where a day is missing among them."""
    key = ("reads", check.id, form)
    if key not in forms.places:
        own = check.rule in MISSING_DAYS
        named = [(f, n) for f, n in needed(check, forms.contracts) if f in forms.contracts and (f != form or own)]
        forms.places[key] = ";".join(f"{f}.{n}" for f, n in named if n in forms.dates(f))
    return str(forms.places[key])


def _only(form: str, subject: str, forms: Forms) -> str:
    key = ("records", form)
    if key not in forms.places:
        records = forms.parsed.get(form)
        forms.places[key] = {} if records is None else records["_SUBJECT"].value_counts().to_dict()
    return "Y" if forms.places[key].get(subject, 0) == 1 else ""
