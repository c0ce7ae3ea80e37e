"""What the renderers share: aligned cells, wrapping, page cuts."""

import pytest

from tlf.model import Column, Page, Row, Table
from tlf.render.layout import foot, head, heads, offsets, opens, tick, tidy
from tlf.render.metrics import arial, pieces, wrap
from tlf.render.paging import balanced, cut


def in_line(cells, room):
    table = tidy(Table((Column(""), Column("A", align="center")), tuple(Row(("", cell)) for cell in cells)))
    texts = [row.cells[1] for row in table.rows]
    lefts = offsets([(text, False) for text in texts], room, lambda text, bold: len(text))
    return [" " * int(left) + text for left, text in zip(lefts, texts, strict=True)]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["5", "12", "123.4"], ["  5", " 12", "123.4"]),
        (["12 ( 100)", " 1 ( 8.3)", "2/2 (100)"], ["12 (100)", " 1 (8.3)", " 2/2 (100)"]),
        (["64.9", "-0.5"], ["64.9", "-0.5"]),
        (["6", "(21.1, 78.9)"], ["  6", "(21.1, 78.9)"]),
        ([" NR (5.4,  NE)", "12.5 (2.1, 9.9)"], ["NR (5.4, NE)", "12.5 (2.1, 9.9)"]),
        (["NE", "4.5"], ["NE", " 4.5"]),
        ([" 0       ", "11 (55.0)"], [" 0", "11 (55.0)"]),
        (["N=12", "12 (41.7)"], ["N=12", "  12 (41.7)"]),
    ],
)
def test_first_numbers_of_a_centred_column_stand_in_line_in_one_style(cells, expected):
    assert in_line(cells, max(map(len, expected))) == expected


def test_the_numbers_of_a_centred_column_stand_about_its_middle_and_words_are_centred_alone():
    assert in_line(["1 (8.3)", "12 (41.7)", "agrees"], 15) == ["    1 (8.3)", "   12 (41.7)", "    agrees"]


def test_neighbouring_columns_of_one_span_share_its_cell():
    columns = (Column(""), Column("A", span="Part"), Column("B", span="Part"), Column("All"))
    assert [tuple(head) for head in heads(columns)] == [("", 0, 1), ("Part", 1, 3), ("", 3, 4)]


@pytest.mark.parametrize(
    ("row", "previous", "blank"),
    [
        (Row(("Age",), header=True), None, False),
        (Row(("Sex",), header=True), Row(("n",), 1), True),
        (Row(("Inner",), 1, header=True), Row(("Outer",), header=True), False),
        (Row(("Next",)), Row(("n",), 1), True),
        (Row(("Next",)), Row(("Before",)), False),
        (Row(("Next",), gap=True), Row(("Before",)), True),
    ],
)
def test_a_blank_line_opens_a_group_and_follows_one(row, previous, blank):
    assert opens(row, previous) == blank


def test_the_foot_names_sources_program_decisions_and_status_after_the_footnotes():
    page = Page("T-1", ("Title",), "All", ("Note.",), ("ADSL", "ADAE"), "2026-06-30", "Interim", "prog",
                decisions=("CI_LEVEL = 0.95",))
    assert foot(page) == ["Note.", "Source: ADSL, ADAE   Program: prog   Decisions: CI_LEVEL = 0.95", "Interim"]


def test_the_head_says_what_was_studied_how_final_it_is_and_of_which_data_and_version(page):
    assert head(page) == [("Protocol: X-1   Sponsor: A Sponsor", "DRAFT"),
                          ("Extract: 2026-07-01   Data cut: 2026-06-30   Version: 0a1b2c3d", "MedDRA 27.1")]
    assert head(Page("T-1", ("Title",), "All")) == []


def test_a_paper_that_is_not_known_is_refused():
    with pytest.raises(ValueError, match="it must be one of Letter, A4"):
        Page("T-1", ("Title",), "All", paper="Legal")


@pytest.mark.parametrize(("value", "label"), [(0, "0"), (100, "100"), (0.25, "0.25"), (182.625, "182.625")])
def test_a_tick_prints_without_needless_zeros(value, label):
    assert tick(value) == label


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("one two three", 7, ["one two", "three"]),
        ("one two", 7, ["one two"]),
        ("abcdefghij", 4, ["abcd", "efgh", "ij"]),
        ("a bcdefghij", 4, ["a", "bcde", "fghi", "j"]),
        ("first\nsecond", 20, ["first", "second"]),
        ("a 2024-11-03 b", 10, ["a", "2024-11-03", "b"]),
        ("non-small-cell", 10, ["non-small-", "cell"]),
        ("specs/any/t_1.yaml", 10, ["specs/any/", "t_1.yaml"]),
        ("", 5, [""]),
    ],
)
def test_text_wraps_at_spaces_and_only_breaks_words_wider_than_a_line_at_seams_first(text, width, lines):
    assert wrap(text, width) == lines


@pytest.mark.parametrize("word", ["2024-11-03", "2024/11/03", "10.4", "1,234", "12:30:00"])
def test_a_date_a_time_and_a_number_have_no_seam(word):
    assert pieces(word) == [word]


def test_arial_widths_are_those_of_the_published_metrics():
    assert arial("Hi 10", 10) == pytest.approx((722 + 222 + 278 + 556 + 556) / 100)


def pages(rows, capacity):
    return [[row.cells[0] for row in page] for page in cut(tuple(rows), lambda row, previous: 1, capacity)]


def test_rows_fill_pages_in_order():
    assert pages([Row((str(n),)) for n in range(5)], 2) == [["0", "1"], ["2"], ["3", "4"]]


def test_a_header_row_never_ends_a_page():
    rows = [Row(("0",)), Row(("Head",), header=True), Row(("1",), 1)]
    assert pages(rows, 2) == [["0"], ["Head", "1"]]


def test_a_row_over_deeper_rows_never_ends_a_page():
    rows = [Row(("0",)), Row(("1",)), Row(("1.1",), 1), Row(("2",)), Row(("3",))]
    assert pages(rows, 2) == [["0"], ["1", "1.1"], ["2", "3"]]


def test_the_first_two_rows_below_a_header_stay_with_it():
    rows = [Row(("0",)), Row(("1",)), Row(("Head",), header=True), *(Row((str(n),), 1) for n in range(2, 6))]
    assert pages(rows, 4) == [["0", "1"], ["Head", "2", "3"], ["Head (continued)", "4", "5"]]


def test_the_last_two_rows_of_a_group_stay_together():
    rows = [Row(("Head",), header=True), *(Row((str(n),), 1) for n in range(4)), Row(("After",))]
    assert pages(rows, 4) == [["Head", "0", "1"], ["Head (continued)", "2", "3", "After"]]


def test_rows_kept_with_the_next_stay_together():
    rows = [Row(("0",)), Row(("1",), keep_with_next=True), Row(("2",), keep_with_next=True), Row(("3",))]
    assert pages(rows, 3) == [["0"], ["1", "2", "3"]]


def test_a_page_within_a_group_repeats_its_headers_as_continued():
    rows = [Row(("Outer",), header=True), Row(("Inner",), 1, header=True), *(Row((str(n),), 2) for n in range(4))]
    assert pages(rows, 4) == [["Outer", "Inner", "0", "1"], ["Outer (continued)", "Inner (continued)", "2", "3"]]


def test_a_page_that_begins_below_a_term_says_which_without_its_numbers():
    rows = [Row(("Head", ""), header=True), Row(("Class", "9"), 1), *(Row((f"Term {n}", "3"), 2) for n in range(4))]
    second = cut(tuple(rows), lambda row, previous: 1, 4)[1]
    assert [row.cells for row in second] == [
        ("Head (continued)", ""), ("Class (continued)", ""), ("Term 2", "3"), ("Term 3", "3"),
    ]  # fmt: skip


def test_a_term_and_its_grades_are_not_cut():
    terms = [row for term in "AB" for row in (Row((term,), 1), *(Row((f"{term}{n}",), 2) for n in range(1, 5)))]
    found = cut((Row(("Head",), header=True), *terms), lambda row, previous: 1, 8, whole=5)
    assert [page[1].cells[0] for page in found] == ["A", "B"]


def test_a_row_after_a_blank_line_never_ends_a_page():
    rows = [Row(("0",)), Row(("1",)), Row(("2",), gap=True), Row(("3",)), Row(("4",))]
    assert pages(rows, 3) == [["0", "1"], ["2", "3", "4"]]


def test_after_a_group_its_header_is_not_repeated():
    rows = [Row(("Head",), header=True), Row(("0",), 1), Row(("After",)), Row(("Later",), 1)]
    assert pages(rows, 2) == [["Head", "0"], ["After", "Later"]]


def test_a_chain_higher_than_a_page_is_cut_and_loses_no_row():
    rows = [Row((str(n),), keep_with_next=True) for n in range(5)]
    assert pages(rows, 2) == [["0", "1"], ["2", "3"], ["4"]]


def test_a_chain_higher_than_a_page_begins_where_there_is_room_below_what_is_repeated():
    head = Row(("Head",), header=True)
    rows = [head, Row(("0",), 1), *(Row((n,), 1, keep_with_next=True) for n in "354261"), Row(("9",), 1)]
    high = {"Head": 1, "Head (continued)": 2, "0": 1}
    found = cut(tuple(rows), lambda row, previous: high.get(row.cells[0]) or int(row.cells[0]), 9)
    assert [[row.cells[0] for row in page] for page in found] == [
        ["Head", "0", "3"], ["5", "4"], ["2", "6", "1"], ["9"],
    ]  # fmt: skip


@pytest.mark.parametrize(("repeated", "second"), [
    (2, [["Head (continued)", "3"], ["5", "4"], ["2", "6", "1"], ["9"]]),
    (8, [["Head (continued)"], ["3", "5"], ["4", "2"], ["6", "1"], ["9"]]),
])  # fmt: skip
def test_of_a_chain_higher_than_a_page_as_much_stands_below_a_repeated_header_as_there_is_room(repeated, second):
    rows = [Row(("Head",), header=True), *(Row((n,), 1) for n in "abc"),
            *(Row((n,), 1, keep_with_next=True) for n in "354261"), Row(("9",), 1)]  # fmt: skip
    high = {"Head (continued)": repeated, "Head": 1, "a": 1, "b": 1, "c": 1}
    found = cut(tuple(rows), lambda row, previous: high.get(row.cells[0]) or int(row.cells[0]), 9)
    assert [[row.cells[0] for row in page] for page in found] == [["Head", "a", "b", "c"], *second]


def test_pages_are_filled_alike_so_that_none_holds_a_few_rows():
    rows = tuple(Row((str(n),)) for n in range(23))
    assert [len(page) for page in balanced(rows, lambda row, previous: 1, 10)] == [8, 8, 7]


def test_a_small_group_is_not_cut():
    small = [Row(("Head",), header=True), *(Row((str(n),), 1) for n in range(6))]
    rows = (*(Row((str(n),)) for n in range(25)), *small, *(Row((str(n),)) for n in range(20)))
    found = balanced(rows, lambda row, previous: 1, 30)
    assert [page[0].cells[0] for page in found] == ["0", "Head"]


def test_without_rows_there_is_one_empty_page():
    assert pages([], 5) == [[]]
