"""Column widths: none narrower than its longest word; a table too wide is cut by columns, its keys repeated."""

import re
from collections import Counter

import pytest

from tlf.model import Column, Row, Table
from tlf.render import rtf, text
from tlf.render.columns import Need, needs, parts, widths
from tlf.render.growth import texts

LONG_TERM = "Immune-effector-cell-associated-haematotoxicity-with-long-words"


def measure(words, bold):
    return len(words)


def listing(count, cell="2024-11-03", keys=1):
    columns = (Column("Subject"), *(Column(f"Date {n}") for n in range(count)))
    rows = (Row(("Block",), header=True), *(Row((f"10100{n:02d}", *[cell] * count), 1) for n in range(9)))
    return Table(columns, rows, keys=keys)


def need(least, cells, head=0, weight=1):
    """The need of a column whose cells are so wide, each once a row."""
    return Need(least, max(head, *cells), weight, texts(Counter(cells), [head] if head else [], len(cells)))


@pytest.mark.parametrize(
    ("wants", "room", "expected"),
    [
        ([need(4, [4]), need(10, [30])], 20, [4, 16]),  # the rest for the one that wraps (30 and a tenth on 2 lines)
        ([need(12, [20] * 9), need(12, [20, 8, 8])], 36, [20, 16]),  # 9 lines saved before one
        ([need(4, [6] * 3, head=14), need(4, [6] * 3)], 16, [10, 6]),  # cells on one line, the rest to the head
        ([need(6, [9, 9]), need(6, [9, 9, 9])], 15, [6, 9]),  # there is room for one: where it saves most
        ([need(5, [5], weight=3), need(5, [5])], 50, [10, 40]),  # the first takes a tenth of the page more at most
        ([need(30, [30]), need(10, [10])], 20, [15, 5]),  # nothing helps: by need
    ],
)
def test_words_come_first_then_what_saves_most_lines_then_what_is_left_by_weight(wants, room, expected):
    assert widths(wants, room) == pytest.approx(expected, abs=0.1)


def test_a_column_of_short_answers_is_not_broken_for_one_of_long_texts():
    """Relation and action of an event on one line each, the term on as many as it takes; before, all three wrapped."""
    rows = tuple(Row(("1010005", "neutrophil count decreased / neutropenia grade 4", "Possibly related",
                      "Dose not changed", "Not recovered/not resolved")) for _ in range(30))  # fmt: skip
    table = Table(tuple(Column(label, weight) for label, weight in
                        (("Subject", 1), ("Term", 3.4), ("Relation", 1.2), ("Action", 1.2), ("Outcome", 1.6))), rows)
    (_, wide), = parts(table, 90, measure, 2)
    assert [width >= least for width, least in zip(wide[2:], (18, 18, 15), strict=True)] == [True] * 3


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
