"""Whether prepared columns meet their expectations: the only door to great-expectations.

One suite per thing expected (all lists, a range, a pattern) over all fields of the extract that promise it, in an
ephemeral context: no project folder, no network, no usage statistics.
Results come back complete, with the places of all records that do not meet an expectation.
"""

from __future__ import annotations

import logging
import os
import warnings
from bisect import bisect_right
from dataclasses import replace
from functools import cache
from typing import Any

import pandas as pd

from pipeline.gate.expected import Asked, Expectation

COMPLETE = {"result_format": "COMPLETE", "return_unexpected_index_query": False}


@cache
def _records() -> Any:
    """The batch definition that takes a data frame, in an ephemeral context without progress bars or statistics."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    os.environ.setdefault("TQDM_DISABLE", "1")
    import great_expectations as gx

    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    context = gx.get_context(mode="ephemeral")
    quiet: Any = {"globally": False, "metric_calculations": False}
    context.variables.progress_bars = quiet
    source = context.data_sources.add_pandas(name="extract")
    return source.add_dataframe_asset(name="records").add_batch_definition_whole_dataframe(name="whole")


def unexpected(asked: list[Asked]) -> list[list[int]]:
    """Places (row numbers) where each expectation is not met, in the order asked.

    What is asked alike (any list, the same range or pattern) is one expectation over all the values, for each
    expectation costs some ten milliseconds whatever its size.
    """
    groups: dict[str, list[int]] = {}
    for number, one in enumerate(asked):
        if len(one.frame):
            groups.setdefault(_same(one.wanted), []).append(number)
    found: list[list[int]] = [[] for _ in asked]
    for name, members in groups.items():
        alike = [asked[number] for number in members]
        sizes = [len(one.frame) for one in alike]
        starts = [sum(sizes[:place]) for place in range(len(sizes))]
        for place in _validate(name, alike):
            owner = bisect_right(starts, place) - 1
            found[members[owner]].append(place - starts[owner])
    return found


def _same(wanted: Expectation) -> str:
    """A name that expectations share which ask the same."""
    told = {"like": wanted.regex, "between": wanted.limits}.get(wanted.kind, "")
    return f"{wanted.kind} {told}".strip()


def _validate(name: str, alike: list[Asked]) -> list[int]:
    """Places in all values asked about, one after the other, where their common expectation is not met."""
    listed = alike[0].wanted.kind == "listed"
    wanted, values = _behind_lists(alike) if listed else (alike[0].wanted, [one.column for one in alike])
    columns = {"value": pd.concat(values, ignore_index=True)}
    if alike[0].other is not None:
        columns["other"] = pd.concat([one.other for one in alike], ignore_index=True)
    frame = pd.DataFrame(columns)
    batch = _records().get_batch({"dataframe": frame})
    fields = sorted(f"{one.form}.{one.wanted.field}" for one in alike)
    from great_expectations import ExpectationSuite

    suite = ExpectationSuite(name=name, expectations=[_expectation(wanted, fields)])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        outcome = batch.validate(suite, result_format=COMPLETE)
    places = outcome.results[0].result.get("unexpected_index_list") or []
    return sorted(int(place) for place in places)


def _behind_lists(alike: list[Asked]) -> tuple[Expectation, list[pd.Series]]:
    """One expectation of all lists, and the values: each stands behind the number of the list that it is held to."""
    lists = dict.fromkeys(one.wanted.values for one in alike)
    numbers = {values: f"{number} " for number, values in enumerate(lists)}
    allowed = tuple(number + value for values, number in numbers.items() for value in values)
    return replace(alike[0].wanted, values=allowed), [numbers[o.wanted.values] + o.column.astype("str") for o in alike]


def _expectation(wanted: Expectation, fields: list[str]) -> Any:
    import great_expectations.expectations as gxe

    meta = {"fields": fields}
    if wanted.kind == "filled":
        return gxe.ExpectColumnValuesToNotBeNull(column="value", meta=meta)
    if wanted.kind == "listed":
        return gxe.ExpectColumnValuesToBeInSet(column="value", value_set=list(wanted.values), meta=meta)
    if wanted.kind == "like":
        return gxe.ExpectColumnValuesToMatchRegex(column="value", regex=wanted.regex, meta=meta)
    if wanted.kind == "between":
        low, high = wanted.limits
        return gxe.ExpectColumnValuesToBeBetween(column="value", min_value=low, max_value=high, meta=meta)
    return gxe.ExpectColumnPairValuesToBeEqual(
        column_A="value", column_B="other", ignore_row_if="either_value_is_missing", meta=meta
    )
