"""A drawn page: what is on it, that it is one or two sheets, and the same bytes again."""

import re
from dataclasses import replace

import pytest

from tlf.profile.axis import axis
from tlf.profile.colours import colours, spread
from tlf.profile.page import Mark, PageChart, PageRow, PageTable, Point, Query, RecordAt, SubjectPage
from tlf.profile.spec import ProfileSpec, Scale
from tlf.render.profile.picture import pictures
from tlf.render.profile.sheet import Around, render

SOURCE = RecordAt("ADAE", 1, 1.0, "AE", 7.0)
SCALES = {"GRADE": {"1": "#f4d581", "4": "#8f1d2f"}}
WITHOUT = PageChart("CRP", "", True, 0.1, 1.0, (), {}, (), ())
AROUND = Around("Letter", "Profile", "TRIAL Draft", True)


def page(*rows: PageRow, charts: tuple = ()) -> SubjectPage:
    """The page of a subject."""
    return SubjectPage("T-01", "01", "first infusion", "2025-01-08", 0, axis(-30, 60, (-10, 35), (2, 5, 3)), 60,
                       (("Age", "58"),), (("Safety Set", "N", "NOT TREATED"),), rows, charts, (), ())  # fmt: skip


def mark(*days: float | None, open: str = "", level: str = "", text: str = "") -> Mark:
    return Mark(*days, open, "", text, level, SOURCE)


def drawn(*marks: Mark, scale: str = "") -> str:
    return pictures(page(PageRow("Events", "", scale, marks)), 540, 700, SCALES)[0]


@pytest.mark.parametrize(
    ("given", "dashed", "arrows"),
    [
        (mark(2, 2, 8, 8, level="4"), 0, 0),
        (mark(2, 6, 8, 8, level="4"), 1, 0),
        (mark(2, 2, 5, 12, level="4"), 1, 0),
        (mark(2, 2, None, None, open="ongoing", level="4"), 0, 1),
        (mark(2, 2, None, None, open="end not recorded", level="4"), 1, 0),
        (mark(None, None, 8, 8, open="start not known", level="4"), 1, 1),
    ],
)
def test_what_is_not_known_of_a_record_is_drawn_dashed_and_what_goes_on_with_an_arrow(given, dashed, arrows):
    picture = drawn(given, scale="GRADE")
    assert (picture.count('stroke-dasharray="1.6 1.4"'), len(re.findall('<path [^>]*Z"', picture))) == (dashed, arrows)


def test_texts_are_escaped_and_a_level_without_room_stands_beside_its_mark():
    assert "&lt;img src=x&gt;" in drawn(mark(2, 2, 2, 2, text="<img src=x>"))
    late = drawn(mark(50, 50, 50, 50, level="PR"), scale="GRADE")
    assert 'fill="#6b7278">PR</text>' in late


def test_charts_that_find_no_room_below_the_rows_have_a_sheet_of_their_own():
    rows = [PageRow("Events" if not at else "", f"Event {at}", "", (mark(2, 2, 8, 8),)) for at in range(60)]
    sheets = pictures(page(*rows, charts=(WITHOUT,)), 540, 700, SCALES)
    assert ["no value" in one for one in sheets] == [False, True]
    assert len(pictures(page(*rows[:5], charts=(WITHOUT,)), 540, 700, SCALES)) == 1


def test_a_page_is_two_sheets_with_its_fonts_and_the_same_bytes_again():
    point = Point(3, 3, 900, "900", "2025-01-11", "copies/ug", False, 25, None, None, SOURCE)
    chart = PageChart("Transgene", "copies/ug", True, 10, 1000, (10, 100, 1000), {"": (point,)}, (25,), ())
    table = PageTable("Response", ("Day", "Date"), (("28", "2025-02-05"),), (SOURCE,))
    whole = replace(page(PageRow("Events", "", "", (mark(2, 2, 8, 8),)), charts=(chart,)), tables=(table,),
                    queries=(Query("major", "AE-END", "AE.AEENDAT", "#raw[set] is kept as text"),))  # fmt: skip
    pdf = render([whole], SCALES, AROUND)
    assert pdf == render([whole], SCALES, AROUND)
    assert len(re.findall(rb"/Type ?/Page\b", pdf)) == 2
    assert b"LiberationSans" in pdf


def test_a_scale_spreads_its_levels_from_its_first_colour_to_its_last():
    assert spread(("#000000", "#ffffff"), 3) == ["#000000", "#808080", "#ffffff"]
    spec = ProfileSpec(scales={"G": Scale("G", ("0", "5"))})
    assert colours(spec) == {"G": {"0": "#e4e8ec", "5": "#26201f"}}
