"""One page, one long table and one figure that all renderers are tried on."""

import pytest

from tlf.model import Column, Figure, Page, Row, Table
from tlf.panels import Bar, Bars, Course, ForestPanel, ForestRow, Lane, Lanes, Profiles, Series, StepPanel


@pytest.fixture
def page():
    return Page(
        "T-14.9.9", ("Made-up Table of Everything", "with a \\second {line}"), "Safety Analysis Set",
        ("CI = confidence interval; \u2265 is at least.", "A & B <both> \U0001f600."), ("ADSL", "ADAE"), "2026-06-30",
        "Interim: 14 open findings.", "tlf.templates.any", "X-1", "A Sponsor", "Draft", "2026-07-01", "0a1b2c3d",
        "MedDRA 27.1", ("CI_LEVEL = 0.95",),
    )


@pytest.fixture
def table():
    columns = (Column("Term", 3), Column("Part A\n(N=12)", align="center", span="Cohort"),
               Column("Part B\n(N=20)", align="center", span="Cohort"), Column("Comment", 2))
    rows = []
    for group in range(20):
        rows.append(Row((f"Group {group}", "", "", ""), header=True, key=f"g{group}"))
        rows += [Row((f"Term {group}.{n}", "12 (41.7)", " 1 ( 8.3)", "a <b> & \\c {d}"), 1, key=f"g{group}/t{n}")
                 for n in range(7)]
    return Table(columns, tuple(rows))


@pytest.fixture
def figure():
    nan = float("nan")
    one = Series("Part A", (0, 2, 4.5), (1, 0.75, 0.375), (nan, 0.13, 0.01), (nan, 0.96, 0.81), (3, 6), (4, 3, 0), 6,
                 remark="median NR")
    two = Series("Part B", (0, 1), (1, 0.0), (nan, nan), (nan, nan), (), (1, 0, 0), 1, key="b")
    panel = StepPanel((one, two), (0, 3, 9), "Months", "Survival")
    return Figure((panel,), "Curves & bands")


@pytest.fixture
def forest():
    rows = (ForestRow("Overall", ("6/12", "50.0 (21.1, 78.9)"), 0.5, 0.211, 0.789), ForestRow("Age", header=True),
            ForestRow("< 65", ("0/0", "NE"), indent=1),
            ForestRow("65 or more", ("1/1", "100 ( 2.5, 100)"), 1, 0.025, 1, 1))
    return Figure((ForestPanel(rows, ("Subgroup", "n/N", "% (95 % CI)"), "Response", (0, 1), (0, 0.5, 1), 0.3),))


@pytest.fixture
def of_subjects():
    """A figure with a panel of each kind that draws subjects."""
    lines = Course("Part A", (((0.0, 7.0), (1.0, 100.0)), ((3.0,), (10.0,))))
    middle = Course("Part B", (), (0.0, 7.0), (2.0, 20.0), (1.0, float("nan")), (4.0, float("nan")), (3, 1))
    courses = Profiles((lines, middle), (0, 7), "Day", "Copies", "Kinetics", "Median (Q1, Q3)", True, (5.0,))
    heights = (Bar("01", 20.0, 1), Bar("02", 0.0, 0), Bar("03", -55.5, 0))
    bars = Bars(heights, ("CR", "PD"), "Change (%)", "Best", (-50.0,))
    two = (Lane("01", 12.0, 0, ((1.0, 0), (12.0, 1))), Lane("02", 0.5, 0))
    lanes = Lanes(two, ("CR",), ("Response", "Death"), (0, 6, 12), "Months", "Course")
    return Figure((courses, bars, lanes), "Three panels")
