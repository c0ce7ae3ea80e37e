"""The trial summary of study.yaml: parameters that terminology does not know, terms that their list does not have."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from pipeline.ground.words import did_you_mean
from pipeline.lint.places import ERROR, Document, Problem
from pipeline.study.specs import Specs

PARAMETERS, LONGEST = "TSPARMCD", 400  # TSVAL and TSVAL1


def check_summary(document: Document, specs: Specs, ct: pd.DataFrame) -> Iterator[Problem]:
    """Problems of `trial_summary:`, each where it stands."""
    known = [*ct.loc[ct["codelist"] == PARAMETERS, "submission"]]
    for one in specs.study.trial_summary:
        where = ("trial_summary", one.code)
        terms = ct[ct["codelist"] == one.code]
        if one.code not in known:
            cure = f"{did_you_mean(one.code, known)} One of your own is a row of codelists.csv: {PARAMETERS}"
            yield document.problem(where, ERROR, f"the trial summary has no parameter {one.code}", cure)
        elif one.value and (terms["extensible"] == "N").any() and one.value not in {*terms["submission"]}:
            cure = did_you_mean(one.value, terms["submission"])
            yield document.problem(where, ERROR, f"the codelist {one.code} has no '{one.value}'", cure)
        elif len(one.value.encode()) > LONGEST:
            what = f"{one.code} is longer than {LONGEST} bytes"
            yield document.problem(where, ERROR, what, "shorten it, or part it into several values of a list")
