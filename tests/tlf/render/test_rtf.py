"""RTF: well formed, ASCII, header and page number on every page."""

import re
from dataclasses import replace

import pytest

from tlf.model import Column, Page, Row, Table
from tlf.render import rtf
from tlf.render import sheets as laid

CONTROL = re.compile(r"\\([a-z]+)(-?\d+)? ?|\\([^a-z])|([{}])")


def depth(document):
    """Depth of groups after each brace; a quoted brace does not count."""
    level, levels = 0, []
    for match in CONTROL.finditer(document):
        if match[4]:
            level += 1 if match[4] == "{" else -1
            levels.append(level)
    return levels


def sheets(document):
    return document.split("\\pagebb")


def test_groups_are_balanced_and_the_last_brace_closes_the_document(page, table):
    levels = depth(rtf.render(page, table))
    assert min(levels[:-1]) == 1
    assert levels[-1] == 0


def test_the_document_is_plain_ascii(page, table, figure):
    for body in (table, figure):
        assert rtf.render(page, body).isascii()


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a\\b{c}", r"a\\b\{c\}"),
        ("\u2265 2", r"\u8805? 2"),
        ("\ufb01", r"\u-1279?"),  # above 32767: signed
        ("\U0001f600", r"\u-10179?\u-8704?"),  # two UTF-16 units
        ("one\ntwo", r"one\line two"),
    ],
)
def test_text_is_escaped(text, written):
    assert rtf.escape(text) == written


def test_every_page_has_the_title_the_header_row_the_footnotes_and_its_number(page, table):
    pages = sheets(rtf.render(page, table))
    assert len(pages) > 2
    for number, sheet in enumerate(pages, start=1):
        assert f"Page {number} of {len(pages)}" in sheet
        for text in ("T-14.9.9", "Safety Analysis Set", "Cohort", "(N=12)", "Comment", "Source: ADSL, ADAE"):
            assert text in sheet


def test_every_row_is_printed_once(page, table):
    document = rtf.render(page, table)
    assert {len(re.findall(rf" {re.escape(row.cells[0])}\\cell", document)) for row in table.rows} == {1}


def test_a_page_that_begins_within_a_group_says_which(page):
    rows = (Row(("Group", ""), header=True), *(Row((f"Term {n}", "x"), 1) for n in range(60)))
    made = sheets(rtf.render(page, Table((Column("Term"), Column("A")), rows)))
    assert ["Group (continued)" in sheet for sheet in made] == [False, True]


def test_rows_end_in_the_same_right_edge(page, table):
    rows = re.findall(r"\\trowd.*", rtf.render(page, table))
    assert {re.findall(r"\\cellx(\d+)", row)[-1] for row in rows} == {str(laid.width(page))}


def test_no_page_is_fuller_than_the_paper(page, table):
    lines = [len(re.findall(r"\\row\n|\\par\}\n", sheet)) for sheet in sheets(rtf.render(page, table))]
    assert max(lines) * laid.LINE <= laid.height(page)


def test_long_text_is_broken_into_lines_that_the_cell_holds(page):
    table = Table((Column("A"), Column("B")), (Row(("word " * 100, "x")),))
    document = rtf.render(page, table)
    assert document.count(r"word\line ") >= 3


def test_a_cell_of_numbers_leaves_air_so_that_no_word_processor_breaks_its_line(page):
    wide = "100.0 (100.0 to 100.0) 2"
    columns = (Column("", 3), *(Column(f"DL{at}", 1.4, "center") for at in range(4)))
    rows = (Row(("PFS: subjects", *["4"] * 4)), Row(("PFS: at 182.625 days (95% CI)", *[wide] * 4)))
    document = rtf.render(page, Table(columns, rows))
    edges = [int(edge) for edge in re.findall(r"\\cellx(\d+)", document[: document.index(wide)])][-5:]
    size = int(re.search(r"\\fs(\d+)[^\n]*100\.0", document)[1]) * 10
    left = int(re.search(r"\\li(\d+) 100\.0", document)[1])
    inner = edges[1] - edges[0] - 2 * laid.PAD
    assert left + laid.TypeArea(0, size).measure(wide) <= inner * laid.SLACK + 1


def test_a_table_without_rows_says_so(page):
    assert "No observations meet" in rtf.render(page, Table((Column("A"),), ()))


def test_the_picture_of_a_figure_is_embedded_and_fits_the_page(page, figure):
    document = rtf.render(page, figure)
    wide, high = map(int, re.search(r"\\picwgoal(\d+)\\pichgoal(\d+)", document).groups())
    assert wide <= laid.width(page)
    assert high <= laid.height(page)
    assert "89504e470d0a1a0a" in document  # the PNG signature
    assert depth(document)[-1] == 0


def test_a_page_without_population_and_notes_has_no_empty_lines_for_them():
    document = rtf.render(Page("T-1", ("Title",), ""), Table((Column("A"),), (Row(("x",)),)))
    assert document.count(r"\par}") == 3  # number, title, page


def test_the_last_column_ends_at_the_edge_of_the_page_in_every_python(page):
    for wide in ([3.3, 0.8, 1.3], [0.1] * 7):  # Python's own sum of these differs by its version
        assert laid._edges(wide, laid.width(page))[-1] == laid.width(page)


@pytest.mark.parametrize(("paper", "wide", "high"), [("Letter", 15840, 12240), ("A4", 16838, 11906)])
def test_a_page_is_laid_out_for_the_paper_of_the_study(page, table, paper, wide, high):
    made = replace(page, paper=paper)
    document = rtf.render(made, table)
    assert rf"\paperw{wide}\paperh{high}\landscape" in document
    assert {re.findall(r"\\cellx(\d+)", row)[-1] for row in re.findall(r"\\trowd.*", document)} == {str(wide - 2160)}
    lines = [len(re.findall(r"\\row\n|\\par\}\n", sheet)) for sheet in sheets(document)]
    assert max(lines) * laid.LINE <= laid.height(made)


def test_east_asian_texts_are_set_in_a_typeface_that_has_them_and_cyrillic_ones_in_arial(page, table):
    row = Row(("托珠单抗 IV", "СВК", "", ""), key="row")
    document = rtf.render(page, replace(table, rows=(*table.rows, row)))

    assert r"{\f1\fnil\fcharset134\fprq2 SimSun;}}" in document
    assert r"{\f1 \u25176?\u29664?\u21333?\u25239?} IV" in document
    assert r"\u1057?\u1042?\u1050?" in document
    assert "SimSun" not in rtf.render(page, table)


def test_what_stands_above_the_titles_is_side_by_side_where_both_fit_and_else_below_each_other(page):
    extracts = "; ".join(f"2026-06-30 (STUDY-{n})" for n in range(9))
    many = replace(page, extract=extracts, dictionaries="MedDRA 27.1; " * 9)
    short, long = laid.head(page), laid.head(many)
    space = laid.width(page)

    assert len(short) == 2 and all(left and right for left, right in short)
    assert long[0] == short[0]
    assert all(not (left and right) for left, right in long[1:])
    assert all(laid.arial(f"{left}{right}", laid.SIZE) <= space for left, right in long)
    assert " ".join(f"{left}{right}" for left, right in long[1:]).count("STUDY-") == 9
    assert laid.room(many) == laid.room(page) - (len(long) - len(short)) * laid.LINE
