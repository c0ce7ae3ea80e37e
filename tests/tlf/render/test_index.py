"""The index page of all outputs: what it lists, what its search looks through, and that it needs nothing else."""

import json
import re
from html.parser import HTMLParser

import pytest

from tlf.contents import Listed, labels, table
from tlf.model import Column, Page, Row, Table
from tlf.model import Figure as Plot
from tlf.panels import StepPanel
from tlf.render import index

AE = Table((Column("Event"), Column("Part A\n(N=10)")), (Row(("Any AE", "1")), Row(('5 "x" & <y>', "2"))))
CURVE = Plot((StepPanel((), (0.0, 3.0), "Months", "Probability"),))
LISTED = (
    Listed(Page("T-14.1.1", ("Sets & Parts", "by Part"), "Enrolled", study="S1"), labels(AE), "t_14_1_1",
           "14.1 Demographic Data"),
    Listed(Page("T-14.3.1", ("Adverse Events",), "Safety"), labels(AE), "t_14_3_1", "14.3 Safety Data"),
    Listed(Page("F-14.3.1", ("A Curve",), "Safety"), labels(CURVE), "f_14_3_1", "14.3 Safety Data"),
)  # fmt: skip


class Read(HTMLParser):
    """The attributes of every element, in order."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


@pytest.fixture
def page():
    return index.render(LISTED[0].page, LISTED, "all.pdf")


def test_every_output_has_its_section_its_number_and_its_files(page):
    links = [attrs["href"] for tag, attrs in Read(page).found if tag == "a"]
    files = [f"{one.name}.{suffix}" for one in LISTED for suffix in ("html", "html", "pdf", "rtf")]
    assert links == ["all.pdf", *files]
    assert re.findall("<h2>(.*?)</h2>", page) == ["14.1 Demographic Data", "14.3 Safety Data"]
    assert re.findall('class="number">(.*?)<', page) == ["T-14.1.1", "T-14.3.1", "F-14.3.1"]
    assert "Sets &amp; Parts - by Part" in page


def test_the_search_looks_through_the_labels_of_each_output(page):
    said = [json.loads(attrs["data-labels"]) for tag, attrs in Read(page).found if tag == "li"]
    assert said[0] == ["Event", "Part A", "Any AE", '5 "x" & <y>']
    assert said[2] == ["Number at risk", "Months"]


def test_sizes_and_numbers_are_no_labels():
    heads = (Column(""), Column("3", span="Months"), Column("(N=9)"))
    body = Table(heads, (Row(("12", "", "")), Row(("Yes", "", ""))))
    assert labels(body) == ("Months", "Yes")


def test_the_page_needs_nothing_from_outside_and_is_used_by_keyboard(page):
    assert not re.search(r"https?:|@import|url\(|src=", page)
    assert "keydown" in page
    assert [attrs["id"] for tag, attrs in Read(page).found if tag == "input"] == ["search"]
    assert ("label", {"for": "search"}) in Read(page).found


def test_the_list_is_a_table_by_section():
    rows = [(row.header, *row.cells) for row in table(LISTED).rows]
    assert rows == [
        (True, "14.1 Demographic Data", "", ""), (False, "T-14.1.1", "Sets & Parts - by Part", "Enrolled"),
        (True, "14.3 Safety Data", "", ""), (False, "T-14.3.1", "Adverse Events", "Safety"),
        (False, "F-14.3.1", "A Curve", "Safety"),
    ]  # fmt: skip
