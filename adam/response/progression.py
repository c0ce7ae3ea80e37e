"""The first progression of a subject, dated back to the indeterminate responses that it proves (LYRIC, Cheson 2016)."""

from __future__ import annotations

import pandas as pd

from adam.criteria.responses import EVALUABLE, INDETERMINATE, PROGRESSIONS


def first_progressions(points: pd.DataFrame, response: str) -> pd.DataFrame:
    """One record per subject with a PD, of leukaemia also REL, in `response`: its date PDDT.

    Where the evaluable assessments just before it are indeterminate (IR1 to IR3) the date is that of the first of them.
    """
    evaluable = points[points[response].isin(EVALUABLE)].sort_values(["USUBJID", "ADT", "RSSEQ"])
    open_question = evaluable[response].isin(INDETERMINATE)
    before = open_question.groupby(evaluable["USUBJID"]).shift(fill_value=False)
    run = (~(open_question & before)).cumsum()  # a run of indeterminate responses is one; every other is its own
    began = evaluable["ADT"].groupby([evaluable["USUBJID"], run]).transform("first")
    back = began.groupby(evaluable["USUBJID"]).shift().where(before, evaluable["ADT"])
    dated = evaluable.assign(PDDT=back)[evaluable[response].isin(PROGRESSIONS)]
    return dated.drop_duplicates("USUBJID")[["USUBJID", "PDDT"]]
