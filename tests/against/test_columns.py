"""What makes two values different: what they say, never how they are stored."""

import datetime as dt

import pandas as pd
import pytest

from pipeline.against.columns import differ

ZONE = pd.Series(pd.to_datetime(["2026-03-12T10:00:00+02:00"]))
SAME = [
    ("blank and missing", pd.Series(["", "  ", None], dtype="str"), pd.Series([None, "", "   "], dtype="str")),
    ("blanks behind a text", pd.Series(["AE   "], dtype="str"), pd.Series(["AE"], dtype="str")),
    ("whole number and decimal", pd.Series([1, 2]), pd.Series([1.0, 2.0])),
    ("number and its text", pd.Series([0.1, None]), pd.Series(["0.10", ""], dtype="str")),
    ("a number with gaps of an own type", pd.Series([1, None], dtype="Int64"), pd.Series([1.0, float("nan")])),
    ("what is lost in 56 bits", pd.Series([0.1 + 0.2]), pd.Series([0.3])),
    ("a sum that should be nothing", pd.Series([5.5e-17]), pd.Series([0.0])),
    ("infinite and infinite", pd.Series([float("inf")]), pd.Series([float("inf")])),
    ("date and ISO", pd.Series(pd.to_datetime(["2026-03-12"])), pd.Series(["2026-03-12"], dtype="str")),
    ("date and midnight", pd.Series(pd.to_datetime(["2026-03-12"])), pd.Series(["2026-03-12T00:00:00"], dtype="str")),
    ("date as SAS prints it", pd.Series(pd.to_datetime(["2026-03-12"])), pd.Series(["12MAR2026"], dtype="str")),
    ("date as SAS counts it", pd.Series(pd.to_datetime(["2026-03-12"])), pd.Series([24177.0])),
    ("moment as SAS counts it", pd.Series(pd.to_datetime(["2026-03-12T01:00"])), pd.Series([24177 * 86400.0 + 3600])),
    ("units of storing", pd.Series(pd.to_datetime(["2026-03-12"])).astype("datetime64[s]"),
     pd.Series(pd.to_datetime(["2026-03-12"])).astype("datetime64[ns]")),
    ("zones of stored moments", ZONE, ZONE.dt.tz_convert("Asia/Tokyo")),
    ("zones of written moments", pd.Series(["2026-03-12T10:00+02:00"], dtype="str"),
     pd.Series(["2026-03-12T08:00:00Z"], dtype="str")),
    ("nothing of any type", pd.Series([None, None], dtype="str"), pd.Series([float("nan")] * 2)),
    ("objects and texts", pd.Series(["a", None], dtype="object"), pd.Series(["a", ""], dtype="str")),
]  # fmt: skip
OTHER = [
    ("text in another case", pd.Series(["Y"], dtype="str"), pd.Series(["y"], dtype="str")),
    ("a blank in front", pd.Series([" a"], dtype="str"), pd.Series(["a"], dtype="str")),
    ("value and missing", pd.Series(["0"], dtype="str"), pd.Series([None], dtype="str")),
    ("number and missing", pd.Series([0.0]), pd.Series([float("nan")])),
    ("numbers far below 1", pd.Series([5e-80]), pd.Series([6e-10])),
    ("small numbers", pd.Series([1e-10]), pd.Series([2e-10])),
    ("infinite and a number", pd.Series([float("inf")]), pd.Series([1e300])),
    ("whole numbers beyond 15 digits", pd.Series([2**53]), pd.Series([2**53 + 1])),
    ("a text among numbers", pd.Series([1.0]), pd.Series(["1 of 2"], dtype="str")),
    ("a text where no number is", pd.Series([float("nan")]), pd.Series(["<0.1"], dtype="str")),
    ("a partial date and its first day", pd.Series(pd.to_datetime(["2026-03-01"])),
     pd.Series(["2026-03"], dtype="str")),
    ("codes that read as one number", pd.Series(["01"], dtype="str"), pd.Series(["1"], dtype="str")),
    ("another moment", pd.Series(["2026-03-12T10:00Z"], dtype="str"),
     pd.Series(["2026-03-12T10:00+01:00"], dtype="str")),
]  # fmt: skip


@pytest.mark.parametrize(("what", "old", "new"), SAME, ids=[what for what, *_ in SAME])
def test_how_a_value_is_stored_is_no_difference(what, old, new):
    assert [*differ(old, new), *differ(new, old)] == [False] * (2 * len(old))


@pytest.mark.parametrize(("what", "old", "new"), OTHER, ids=[what for what, *_ in OTHER])
def test_another_value_is_a_difference(what, old, new):
    assert [*differ(old, new), *differ(new, old)] == [True, True]


def test_between_files_that_know_no_types_texts_that_read_as_numbers_are_numbers():
    old, new = pd.Series(["1.0", "a", "1.5"], dtype="str"), pd.Series(["1", "b", "1.6"], dtype="str")

    assert differ(old, new, untyped=True).tolist() == [False, True, True]
    assert differ(old, new).tolist() == [True, True, True]


@pytest.mark.parametrize(("tolerance", "apart"), [(0.0, True), (1e-9, True), (1e-3, False)])
def test_numbers_differ_by_more_than_a_part_of_the_larger(tolerance, apart):
    assert differ(pd.Series([1000.0]), pd.Series([1000.5]), tolerance).tolist() == [apart]


def test_days_of_the_calendar_are_counted_as_sas_does():
    assert (dt.date(2026, 3, 12) - dt.date(1960, 1, 1)).days == 24177
