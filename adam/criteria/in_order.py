"""Criteria that are a table: of its cases in order the first that holds (pipeline/ground/endpoints.py, Criterion)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipeline.ground.clauses import meets
from pipeline.ground.endpoints import Criterion

ORDER = ["USUBJID", "ADT", "RSSEQ"]


def response_by(points: pd.DataFrame, criterion: Criterion) -> pd.Series:
    """The response of each assessment, missing where no case holds, or outside `among`; on the index of `points`.

    PRIOR is Y where an earlier assessment after the infusion (POSTFL) is one of `remission`. What an assessment is may
    change what later ones are: it is asked again until nothing changes, at most once for each assessment of a subject.
    """
    numbers = {name: points[list(one.of)].isin(one.values).sum(axis=1) for name, one in criterion.counts.items()}
    asked = points.assign(**numbers).sort_values(ORDER)
    inside = meets(asked, criterion.among)
    prior = pd.Series("N", asked.index, "str")
    while True:
        given = asked.assign(PRIOR=prior)
        cases = {text: meets(given, where).to_numpy(bool) for text, where in criterion.cases.items()}
        found = pd.Series(np.select(list(cases.values()), list(cases), ""), asked.index, "str")
        found = found.where(inside & found.ne(""))
        again = _after(asked, found.isin(criterion.remission) & asked["POSTFL"].eq("Y"))
        if again.eq(prior).all():
            return found.reindex(points.index)
        prior = again


def _after(asked: pd.DataFrame, remission: pd.Series) -> pd.Series:
    """Y after the first remission of the subject, else N; the records are in order."""
    seen = remission.astype("int64").groupby(asked["USUBJID"]).cumsum()
    return seen.gt(remission.astype("int64")).map({True: "Y", False: "N"}).astype("str")
