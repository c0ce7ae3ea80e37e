"""From when to when a subject counts as on treatment, and the day before which a baseline lies."""

from __future__ import annotations

import pandas as pd

from adam.derive.dates import add_days, date_of_day, earliest

KEPT = ["STUDYID", "USUBJID", "TRTSDT", "CARTSDT", "CARTSDY"]


def on_treatment(
    subjects: pd.DataFrame, base_from: str, ontrt_from: str, ontrt_end_day: int | None, ontrt_newtx: bool
) -> pd.DataFrame:
    """One record per subject: BASEDT (a baseline lies before it), ONTRTSDT and ONTRTEDT, the days on treatment.

    1. Both begin with the first dose of the role that BASE_FROM and ONTRT_FROM name; a subject without conditioning
       has the first treatment of any role in its place; who was not treated has neither.
    2. The last day is ONTRT_END_DAY after the first infusion (none, or never infused: it has no end); with ONTRT_NEWTX
       the day before a new anticancer therapy, if that is earlier (clarification 16).
    """
    first = subjects["TRTSDT"]
    starts = {"TREATMENT": first, "CONDITIONING": subjects["CONDSDT"].fillna(first), "CELLS": subjects["CARTSDT"]}
    ends = [] if ontrt_end_day is None else [date_of_day(subjects["CARTSDT"], ontrt_end_day, subjects)]
    ends += [add_days(subjects["NACTDT"], -1)] if ontrt_newtx else []
    last = earliest(*ends) if ends else pd.Series(pd.NaT, subjects.index, "datetime64[s]")
    return subjects[KEPT].assign(BASEDT=starts[base_from], ONTRTSDT=starts[ontrt_from], ONTRTEDT=last)
