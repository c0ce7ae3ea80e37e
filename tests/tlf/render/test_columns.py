"""Column widths: none narrower than its longest word; a table too wide is cut by columns, its keys repeated."""

import re

import pytest

from tlf.model import Column, Row, Table
from tlf.render import rtf, text
from tlf.render.columns import Need, needs, parts, widths

LONG_TERM = "Immune-effector-cell-associated-haematotoxicity-with-long-words"


def measure(words, bold):
    return len(words)


def listing(count, cell="2024-11-03", keys=1):
    columns = (Column("Subject"), *(Column(f"Date {n}") for n in range(count)))
    rows = (Row(("Block",), header=True), *(Row((f"10100{n:02d}", *[cell] * count), 1) for n in range(9)))
    return Table(columns, rows, keys=keys)


@pytest.mark.parametrize(
    ("wants", "room", "expected"),
    [
        ([Need(4, 4, 4, 1), Need(10, 30, 30, 1)], 20, [4, 16]),  # one word line, the rest for the one that wraps
        ([Need(4, 20, 20, 1), Need(4, 40, 40, 3)], 28, [9, 19]),  # by weight
        ([Need(4, 6, 14, 1), Need(4, 6, 6, 1)], 16, [7.6, 8.4]),  # a label wraps before a cell does
        ([Need(5, 5, 5, 3), Need(5, 5, 5, 1)], 50, [10, 40]),  # the first column takes a tenth of the page more at most
        ([Need(30, 30, 30, 1), Need(10, 10, 10, 1)], 20, [15, 5]),  # nothing helps: by need
    ],
)
def test_words_come_first_then_lines_then_what_is_left_by_weight(wants, room, expected):
    assert widths(wants, room) == pytest.approx(expected)


def test_no_column_is_narrower_than_its_longest_word():
    table = Table((Column("Subject"), Column("Reason"), Column("Discontinuation"), Column("Death")),
                  (Row(("1010005", "word " * 60, "", "2024-11-03")),))
    for (_, wide), want in zip(parts(table, 60, measure, 2), [needs(table, 60, measure, 2)], strict=True):
        assert [given >= need.least for given, need in zip(wide, want, strict=True)] == [True] * 4


def test_a_table_too_wide_is_cut_by_columns_and_its_keys_stand_on_every_part():
    made = [[column.label for column in part.columns] for part, _ in parts(listing(8), 60, measure, 2)]
    assert made == [["Subject", *(f"Date {n}" for n in range(4))], ["Subject", *(f"Date {n}" for n in range(4, 8))]]


def test_the_parts_of_a_cut_table_are_about_alike():
    made = [len(part.columns) for part, _ in parts(listing(7), 82, measure, 2)]
    assert made == [5, 4]  # not 7 and 2


@pytest.mark.parametrize("count", [3, 12, 30])
def test_a_date_is_never_broken_and_every_one_is_printed(page, count):
    printed = text.render(page, listing(count))
    assert printed.count("2024-11-03") == 9 * count
    assert max(map(len, printed.splitlines())) <= 132
    lines = re.findall(r"(?<= )([^\\\n]*?)(?=\\line|\\cell)", rtf.render(page, listing(count)))
    assert sum(line == "2024-11-03" for line in lines) == 9 * count


def test_a_wide_listing_takes_smaller_type_before_it_is_cut(page):
    sizes = [set(re.findall(r"\\intbl\\f0\\fs(\d+)", rtf.render(page, listing(count)))) for count in (3, 12, 30)]
    assert sizes[0] == {"18"}
    assert sizes[1] < {"17", "16", "15", "14"}
    assert sizes[2] == {"18"}


def test_a_heading_stands_in_every_part_of_a_cut_listing(page):
    assert text.render(page, listing(30)).count("Block") == len(parts(listing(30), 134, measure, 2))


def test_a_very_long_word_breaks_at_its_seams():
    table = Table((Column("Subject"), Column("Term")), (Row(("1010005", LONG_TERM)),))
    (_, wide), = parts(table, 40, measure, 2)
    assert wide[1] < len(LONG_TERM)
    assert wide[1] - 2 >= len("haematotoxicity-")
