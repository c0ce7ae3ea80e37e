"""All outputs in one PDF: their own pages behind a list of them, with bookmarks by section and one count of pages."""

import json
import re
import zlib
from dataclasses import replace

import pytest
import typst

from tlf.model import Column, Page, Row, Table
from tlf.render import pdf
from tlf.render.document import Placed, render
from tlf.render.joined import read_pdf

PAGE = Page("T-14.1.1", ("*First* #table", "of all"), "Everybody")
MORE, FEW = (tuple(Row((f"Event {n}",), key=str(n)) for n in range(rows)) for rows in (70, 1))
OUTPUTS = (("T-14.1.1", "14.1 A (B)", MORE), ("T-14.1.2", "14.1 A (B)", FEW), ("L-16.2.1", "16.2 Übersicht", FEW))


@pytest.fixture(scope="module")
def placed():
    """A table of two pages, one of one page, and a listing of one page in a section of its own."""
    made = [(replace(PAGE, number=number), section, rows) for number, section, rows in OUTPUTS]
    tables = [(page, section, Table((Column("Event"),), rows)) for page, section, rows in made]
    set_ = [(page, section, pdf.render(pdf.LaidOutput(page, table), page.number)) for page, section, table in tables]
    return [Placed(*one) for one in set_]


@pytest.fixture(scope="module")
def document(placed):
    return read_pdf(render(placed, "Study", "List", "Interim data."))


def below(part, number):
    """The bookmarks below one: title, the number of the page (from 1) that it leads to, and those below it."""
    told, one = [], re.search(rb"/First (\d+)", part.objects[number])
    while one:
        content = part.objects[int(one[1])]
        place = part.objects[int(re.search(rb"/Dest (\d+)", content)[1])]
        title = re.search(rb"/Title(?:<FEFF([0-9A-F]*)>|\((.*)\))/Dest", content)
        words = bytes.fromhex(title[1].decode()).decode("utf-16-be") if title[1] else title[2].decode()
        told.append((words, part.pages.index(int(re.match(rb"\[(\d+)", place)[1])) + 1, below(part, int(one[1]))))
        one = re.search(rb"/Next (\d+)", content)
    return told


def test_bookmarks_lead_by_section_to_the_pages_of_the_outputs(document):
    assert below(document, document.named("Outlines")) == [
        ("14.1 A (B)", 2, [("T-14.1.1", 2, []), ("T-14.1.2", 4, [])]), ("16.2 Übersicht", 5, [("L-16.2.1", 5, [])]),
    ]  # fmt: skip


def test_each_line_of_the_list_leads_where_the_bookmark_does_and_says_the_page(document):
    links = [one for one in document.objects.values() if b"/Subtype/Link" in one]
    said = [re.search(rb"/Dest (\d+) 0 R.*/Contents\(page (\d+)\)", one).groups() for one in links]
    places = [re.match(rb"\[(\d+)", document.objects[int(place)])[1] for place, _ in said]
    assert [document.pages.index(int(one)) + 1 for one in places] == [2, 4, 5]
    assert [int(page) for _, page in said] == [2, 4, 5]


def test_pages_and_tags_are_those_of_the_outputs(placed, document):
    own = [read_pdf(one.content) for one in placed]
    assert [len(part.pages) for part in own] == [2, 1, 1]
    assert len(document.pages) == 5
    drawn = [content(document, page)[0] for page in document.pages]
    assert drawn[1:] == [content(part, page)[0] for part in own for page in part.pages]
    cells = sum(one.count(b"/S/TD") for part in own for one in part.objects.values())
    assert sum(one.count(b"/S/TD") for one in document.objects.values()) == cells > 70


def content(part, page):
    """What a page draws, piece by piece."""
    numbers = re.findall(rb"(\d+) 0 R", re.search(rb"/Contents(\[[^\]]*\]| \d+ 0 R)", part.objects[page])[1])
    return [part.objects[int(one)].partition(b"stream\n")[2].removesuffix(b"\nendstream") for one in numbers]


def test_each_page_of_an_output_draws_its_number_and_no_other(document):
    feet = [re.search(rb"/Foot (\d+) 0 R", resources(document, page)) for page in document.pages]
    assert [foot is None for foot in feet] == [True, False, False, False, False]
    assert len({foot[1] for foot in feet[1:]}) == 4
    assert all(content(document, page)[1] == b"q/Foot Do Q" for page in document.pages[1:])
    forms = [document.objects[int(foot[1])] for foot in feet[1:]]
    assert all(b"/Subtype/Form/BBox[0 0 792 612]" in form for form in forms)
    assert all(b"/Artifact" in zlib.decompress(form.partition(b"stream\n")[2]) for form in forms)  # no part of the text


def resources(part, page):
    return part.objects[int(re.search(rb"/Resources (\d+)", part.objects[page])[1])]


def test_the_list_knows_the_pages_after_it_and_the_feet_those_before(monkeypatch, placed):
    told, compiled = [], typst.compile
    monkeypatch.setattr("typst.compile", lambda path, **words: told.append(json.loads(words["sys_inputs"]["data"]))
                        or compiled(path, **words))  # fmt: skip
    render(placed, "Study", "List", "Interim data.")
    front, feet = told
    assert (front["before"], front["after"], front["told"]) == (0, 4, "Interim data.")
    assert [one["at"] for one in front["listed"]] == [1, 3, 4]
    first = {"section": "14.1 A (B)", "number": "T-14.1.1", "title": "*First* #table - of all", "at": 1}
    assert front["listed"][0] == first
    assert (feet["before"], feet["blank"], feet["after"]) == (1, 4, 0)


def test_all_that_is_referred_to_is_there(document):
    refers = {int(one) for text in document.objects.values()
              for one in re.findall(rb"(\d+) 0 R", text.partition(b"\nstream\n")[0])}  # fmt: skip
    assert refers <= {*document.objects}


def test_the_same_outputs_give_the_same_bytes(placed):
    assert render(placed, "Study", "List") == render(placed, "Study", "List")


def test_a_document_without_outputs_is_refused():
    with pytest.raises(ValueError, match="needs an output"):
        render([], "Study", "List")
