"""Plain text: aligned, within 132 columns."""

import re

import pytest

from tlf.model import Column, Page, Row, Table
from tlf.render import text

SMALL = Table(
    (Column("", 3), Column("Part A\n(N=12)", align="center", span="Cohort"),
     Column("Part B\n(N=20)", align="center", span="Cohort")),
    (Row(("Sex, n (%)",), header=True), Row(("Male", "12 ( 100)", " 9 (45.0)"), 1),
     Row(("Female", " 0", "11 (55.0)"), 1),
     Row(("Median PFS", " NR (5.4,  NE)", "4.5 (2.1, 9.9)"))),
)
EXPECTED = """\
Protocol: P-1
                                      T-1
                                     Title
                                      All

================================================================================
                                                             Cohort
                                                 -------------------------------
                                                     Part A           Part B
                                                     (N=12)           (N=20)
--------------------------------------------------------------------------------
Sex, n (%)
  Male                                            12 (100)         9 (45.0)
  Female                                           0              11 (55.0)

Median PFS                                        NR (5.4, NE)     4.5 (2.1, 9.9)
================================================================================
A note.
"""


def words(printed):
    """The words of every line; rules count as one word whatever their length."""
    return [re.sub(r"([-=])\1+", r"\1", line).split() for line in printed.splitlines()]


def test_a_table_prints_as_a_reader_expects():
    printed = text.render(Page("T-1", ("Title",), "All", ("A note.",), study="P-1"), SMALL)
    assert words(printed) == words(EXPECTED)


def test_numbers_of_a_column_stand_below_one_another():
    lines = text.render(Page("T-1", ("Title",), "All"), SMALL).splitlines()
    male, female = (next(line for line in lines if line.strip().startswith(name)) for name in ("Male", "Female"))
    assert male.index("12 (") + 1 == female.index(" 0 ") + 1
    assert male.index("9 (") == female.index("1 (")


def test_no_line_is_wider_than_132_and_none_is_lost(page):
    words = [f"word{n:03d}" for n in range(120)]
    rows = (Row((" ".join(words), " ".join(words))), Row(("é" * 300, "short")))
    printed = text.render(page, Table((Column("One"), Column("Two", 2)), rows))
    assert max(map(len, printed.splitlines())) <= 132
    assert all(printed.count(word) == 2 for word in words)
    assert printed.count("é") == 300


def test_a_table_without_rows_says_so(page):
    printed = text.render(page, Table((Column("A"), Column("B")), ()))
    assert "No observations meet the condition of this output." in printed


def test_a_figure_prints_its_numbers_at_risk(page, figure):
    rows = [line.split() for line in text.render(page, figure).splitlines()]
    assert ["Number", "at", "risk", "0", "3", "9"] in rows
    assert ["Part", "A", "4", "3", "0"] in rows


@pytest.mark.parametrize("text_found", ["T-14.9.9", "Safety Analysis Set", "Data cut: 2026-06-30", "14 open findings"])
def test_title_population_source_and_status_are_printed(page, table, text_found):
    assert text_found in text.render(page, table)
