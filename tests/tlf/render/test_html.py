"""HTML: well formed, semantic, escaped, self-contained."""

import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from tlf.model import Column, Row, Table
from tlf.render import html

VOID = {"meta", "col", "br", "link", "img", "use", "path"}


class Reader(HTMLParser):
    """Collects the elements and refuses tags that are closed in another order than opened."""

    def __init__(self):
        super().__init__()
        self.open, self.elements, self.texts = [], [], []

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)


def read(document):
    reader = Reader()
    reader.feed(document)
    assert reader.open == []
    return reader


def test_every_element_is_closed_in_order(page, table, figure, forest):
    for body in (table, figure, forest):
        read(html.render(page, body))


def test_heads_have_a_scope_and_rows_carry_their_keys(page, table):
    elements = read(html.render(page, table)).elements
    scopes = [attributes.get("scope") for tag, attributes in elements if tag == "th"]
    assert Counter(scopes) == {"col": 4, "colgroup": 1, "rowgroup": 20, "row": 140}
    keys = [attributes["data-key"] for tag, attributes in elements if tag == "tr" and "data-key" in attributes]
    assert keys == [row.key for row in table.rows]


def test_every_row_has_as_many_cells_as_columns(page, table):
    for line in re.findall(r"<tr.*?</tr>", html.render(page, table)):
        spans = [int(span) for span in re.findall(r'colspan="(\d+)"', line)]
        assert len(re.findall(r"<t[hd][ >]", line)) - len(spans) + sum(spans) == 4


def test_text_is_escaped(page, table):
    document = html.render(page, table)
    assert "a &lt;b&gt; &amp; \\c {d}" in document
    assert "A &amp; B &lt;both&gt;" in document
    assert "<both>" not in document


@pytest.mark.parametrize("outside", ["http://", "https://", "<link", "<script", "url(", "@import"])
def test_a_table_s_file_needs_nothing_from_outside(page, table, outside):
    assert outside not in html.render(page, table)


def test_the_picture_of_a_figure_is_named_for_those_who_cannot_see_it(page, figure):
    elements = read(html.render(page, figure)).elements
    pictures = [attributes for tag, attributes in elements if tag == "svg"]
    assert [(picture["role"], picture["aria-label"]) for picture in pictures] == [("img", "Curves & bands")]


def test_the_numbers_at_risk_of_a_figure_are_a_table_too(page, figure):
    texts = read(html.render(page, figure)).texts
    assert texts[texts.index("Part A"):][:4] == ["Part A", "4", "3", "0"]


def test_what_a_figure_of_subjects_shows_is_a_table_too(page, of_subjects):
    texts = [text for text in read(html.render(page, of_subjects)).texts if text.strip()]
    assert texts[texts.index("Part B"):][:5] == ["Part B", "0", "2 (1, 4)", "3", "7"]
    assert texts[texts.index("03"):][:3] == ["03", "-55.5", "CR"]
    assert "Response 1, Death 12" in texts


def test_a_table_without_rows_says_so(page):
    assert "No observations meet" in html.render(page, Table((Column("A"), Column("B")), ()))


def test_dates_and_joined_words_are_not_broken_by_a_browser(page):
    cells = ("CAR-T given", "2024-11-03", "<not> R&D/CMC", "one two")
    document = html.render(page, Table(tuple(Column(name) for name in "ABCD"), (Row(cells),)))
    assert re.findall(r'class="whole">([^<]*)</span>', document) == ["CAR-T", "2024-11-03", "D/CMC"]
    assert "&lt;not&gt; R&amp;" in document


@pytest.mark.parametrize("paper", ["Letter", "A4"])
def test_a_page_prints_on_the_paper_of_the_study(page, table, paper):
    assert f"size: {paper} landscape" in html.render(replace(page, paper=paper), table)


def test_a_row_over_deeper_rows_keeps_to_them_in_print(page):
    rows = (Row(("Response", "5/10")), Row(("95% CI", "(1, 2)"), 1), Row(("Other", "1/10")))
    made = html.render(page, Table((Column("A"), Column("B", align="center")), rows))
    kept = ["keep" in line for line in re.findall(r"<tr[^>]*><th class=.stub.", made)]
    assert kept == [True, False, False]
