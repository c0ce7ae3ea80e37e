"""What is made of the response time points of a subject: the parameters that the study's files say (analysis plan 2.7).

The parameters are files (specs/*/endpoints/); pipeline/ground/endpoints.py says what their words mean.
"""

from __future__ import annotations

import pandas as pd

from adam.derive.flags import yes_no
from adam.derive.merge import derive_vars_merged, filter_extreme
from adam.derive.sources import BY_DATE, beside, source_rows
from adam.derive.visits import response_windows
from pipeline.ground.clauses import meeting, names
from pipeline.ground.endpoints import ANY, Response, Responses

SHOWN = ["ADT", "ADTF", "VISIT", "SRCDOM", "SRCSEQ"]


def response_summary(
    subjects: pd.DataFrame, responses: Responses, visits: pd.DataFrame, **named: pd.DataFrame
) -> pd.DataFrame:
    """One record per subject of its population per response parameter, with the assessment that shows it.

    A parameter whose window no visit plans is not made. `named` are the datasets that sources and populations name.
    """
    people = beside(subjects, responses.beside, named)
    windows = response_windows(visits).set_index("AVISIT")
    planned = [one for one in responses.made if not one.window or one.window in windows.index]
    return pd.concat([_parameter(one, people, responses, windows, named) for one in planned])


def _parameter(
    one: Response, people: pd.DataFrame, responses: Responses, windows: pd.DataFrame, named: dict[str, pd.DataFrame]
) -> pd.DataFrame:
    """The records of one parameter.

    1. Its assessments in its days; of several the first, last or nearest to the planned day where it says so.
    2. yes: whether any, or the one taken, is one of these; best: the best of an order; else the response itself.
    """
    members = meeting(people, one.population, one.code)
    source = responses.sources[one.assessments]
    records = source_rows(source, members, responses.sources, named, names(one.where))
    records = records.reindex(columns=list(dict.fromkeys([*records.columns, *SHOWN])))
    records = _in_days(records, one, windows)
    records = records.assign(WORTH=records[one.value].replace(dict(one.recode)))
    if one.take:
        records = meeting(_taken(records, one, windows), one.where, one.code)
    shown = _shown(records, one)
    found = derive_vars_merged(members[["STUDYID", "USUBJID"]], shown, [*SHOWN, "WORTH"])
    value = found["WORTH"] if not one.yes else yes_no(found["ADT"].notna()).mask(found["ADT"].isna(), one.missing)
    result = (found["SRCDOM"] + "STRESC").astype("str")
    made = found.assign(PARAMCD=one.code, AVALC=value.fillna(one.missing), SRCVAR=result)
    return made[made["AVALC"] != ""]


def _in_days(records: pd.DataFrame, one: Response, windows: pd.DataFrame) -> pd.DataFrame:
    """The records within the window of the parameter's visit, and within its days."""
    low, high = windows.loc[one.window, ["LOW", "HIGH"]] if one.window else (one.start, one.end)
    after = records["CARTDY"] >= low if low is not None else records["CARTDY"].notna()
    return records[after & (records["CARTDY"] <= high)] if high is not None else records[after]


def _taken(records: pd.DataFrame, one: Response, windows: pd.DataFrame) -> pd.DataFrame:
    """One record per subject: the first, the last, or the nearest to the planned day, at equal distance the later."""
    if one.take != "nearest":
        return filter_extreme(records, ["USUBJID"], BY_DATE, one.take)
    distance = (records["CARTDY"] - windows.loc[one.window, "TARGET"]).abs()
    return filter_extreme(records.assign(CLOSE=-distance), ["USUBJID"], ["CLOSE", *BY_DATE], "last")


def _shown(records: pd.DataFrame, one: Response) -> pd.DataFrame:
    """One record per subject: the first that is asked for, or the first of the best."""
    if one.best:
        order = {response: rank for rank, response in enumerate(one.best)}
        ranked = records.assign(RANK=records["WORTH"].map(order)).dropna(subset=["RANK"])
        return filter_extreme(ranked, ["USUBJID"], ["RANK", *BY_DATE])
    asked = records if not one.yes or one.yes == (ANY,) else records[records["WORTH"].isin(one.yes)]
    return filter_extreme(asked, ["USUBJID"], BY_DATE)
