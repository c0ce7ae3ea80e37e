"""The axis of a subject's page: parts with a scale each, a place for every day, ticks that do not touch."""

from itertools import pairwise

import pytest

from tlf.profile.axis import ROOM, at, axis, numbered
from tlf.profile.pages import heights

BREAKS, WIDTHS = (-10.0, 35.0), (2.0, 5.0, 3.0)


@pytest.mark.parametrize(
    ("first", "last", "parts"),
    [
        (-60, 500, [(-72, -10), (-10, 35), (35, 512)]),
        (-8, 20, [(-9, 21)]),
        (-60, 20, [(-62, -10), (-10, 22)]),
        (0, 0, [(-1, 1)]),
    ],
)
def test_a_part_of_the_axis_without_days_is_left_out(first, last, parts):
    assert [(one.first, one.last) for one in axis(first, last, BREAKS, WIDTHS)] == parts


@pytest.mark.parametrize(("first", "last"), [(-60, 500), (-60, 40), (-400, 38), (-12, 36), (0, 5000)])
def test_no_part_gives_a_day_more_room_than_the_part_of_day_0(first, last):
    rooms = {one.first <= 0 <= one.last: (one.right - one.left) / (one.last - one.first)
             for one in axis(first, last, BREAKS, WIDTHS)}  # fmt: skip
    assert rooms.get(False, 0) <= rooms[True] + 1e-4


@pytest.mark.parametrize(("first", "last"), [(-60, 500), (-60, 40), (0, 0), (-700, 4000)])
def test_ticks_do_not_touch_each_other(first, last):
    parts = axis(first, last, BREAKS, WIDTHS)
    places = sorted(at(parts, day) for part in parts for day in part.ticks)
    assert all(after - before >= ROOM - 1e-6 for before, after in pairwise(places))


def test_a_day_stands_in_its_part_and_days_outside_at_the_ends():
    parts = axis(-60, 500, BREAKS, WIDTHS)  # 62, 45 and 477 days on 2, 5 and 3 tenths
    assert [round(at(parts, day), 3) for day in (-900, -41, 12.5, 273.5, 900)] == [0, 0.1, 0.45, 0.85, 1]


@pytest.mark.parametrize(("day", "first", "told"), [(-1, 0, -1), (0, 0, 0), (0, 1, 1), (3, 1, 4), (-1, 1, -1)])
def test_a_day_has_the_number_that_the_study_gives_it(day, first, told):
    assert numbered(day, first) == told


@pytest.mark.parametrize(
    ("values", "log", "low", "high", "ticks"),
    [
        ([25, 90000], True, 10, 1e5, (10, 100, 1000, 10000, 100000)),
        ([120, 400], True, 100, 1000, (100, 200, 500, 1000)),
        ([1000], True, 1000, 10000, (1000, 2000, 5000, 10000)),
        ([3, 7.5], False, 0, 8, (0, 2, 4, 6, 8)),
        ([0], False, 0, 1, (0, 0.25, 0.5, 0.75, 1)),
        ([], True, 0.1, 1, ()),
    ],
)
def test_the_height_of_a_chart_is_whole_decades_or_even_steps_from_zero(values, log, low, high, ticks):
    assert heights(values, log) == (low, high, pytest.approx(ticks))
