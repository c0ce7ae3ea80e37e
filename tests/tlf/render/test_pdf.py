"""PDF: pages as in RTF, every text as it stands, bookmarks and contents, always the same bytes."""

import json
import re
from dataclasses import replace

import pytest
import typst

from tlf.model import Column, Page, Row, Table
from tlf.render import files_and_first, pdf, rtf
from tlf.render.typefaces import FONTS

MARKUP = '*bold* _x_ $y$ #panic("no") @ref <label> \\ [a] = b -- "c" // d'


def pages(document):
    return len(re.findall(rb"/Type ?/Page\b", document))


def asked(monkeypatch, output):
    """What typst is given, beside what it makes of it."""
    given = {}
    compiled = typst.compile

    def compile_(path, **words):
        given.update(words["sys_inputs"])
        return compiled(path, **words)

    monkeypatch.setattr("typst.compile", compile_)
    document = pdf.render(output, "Study")
    return json.loads(given["data"]), given, document


def test_the_pages_are_those_of_the_rtf(page, table):
    document = pdf.render(pdf.LaidOutput(page, table), "T")
    assert document.startswith(b"%PDF")
    assert pages(document) == rtf.render(page, table).count("\\pagebb") + 1


@pytest.mark.parametrize(("text", "typeface"), [
    ("中性粒细胞减少, ＣＲＳ, 第4周", b"DroidSansFallback"), ("Синдром выброса цитокинов", b"LiberationSans"),
])  # fmt: skip
def test_a_text_of_another_script_is_drawn_in_a_typeface_that_has_it(page, text, typeface):
    """What no typeface of the project has would be a box of the last one, in no file of its name."""
    document = pdf.render(pdf.LaidOutput(page, Table((Column("Event"),), (Row((text,), key="k"),))), "T")
    assert typeface in document


def test_no_text_is_read_as_markup(monkeypatch, page):
    table = Table((Column(MARKUP),), (Row((MARKUP,), key="k"),))
    told = replace(page, number="T-1", titles=(MARKUP,), population=MARKUP, footnotes=(MARKUP,))
    data, given, document = asked(monkeypatch, pdf.LaidOutput(told, table))
    headings = typst.query(pdf.TEMPLATE, "heading", field="body", root=pdf.HERE, font_paths=[FONTS],
                           ignore_system_fonts=True, sys_inputs=given)  # fmt: skip
    assert json.loads(headings) == [{"func": "text", "text": "T-1"}]
    assert data["outputs"][0]["pages"][0]["rows"][0]["cells"][0]["lines"] == [MARKUP]
    assert pages(document) == 1


def test_the_same_pages_give_the_same_bytes_without_a_date(page, table):
    first, second = (pdf.render(pdf.LaidOutput(page, table), "T") for _ in range(2))
    assert first == second
    assert not re.search(rb"CreationDate|ModDate|CreateDate", first)
    assert b"/Outlines" in first and b"/StructTreeRoot" in first  # a bookmark; tagged


@pytest.mark.parametrize("longest", [3, 2])
def test_of_a_long_output_the_document_of_all_has_the_first_page_and_the_file_of_all(monkeypatch, page, longest):
    """A listing of three pages, where an output may have three in the document of all, or two."""
    long = Table((Column("Event"),), tuple(Row((f"Event {n}",), key=str(n)) for n in range(100)))
    monkeypatch.setattr(pdf, "ALONE", longest)
    said = []
    monkeypatch.setattr(pdf, "_set", spied(pdf._set, said))
    made, first = files_and_first(page, long, "l_1.pdf")

    assert pages(made["pdf"]) == 3
    assert said[0] == [f"Page {n} of 3" for n in range(1, 4)]
    assert (pages(first), said[1:]) == ((0, []) if longest == 3 else (1, [["Page 1 of 3; all are in l_1.pdf"]]))


def spied(setting, said):
    """The setting of pages, which also notes what their last lines say."""

    def noted(page, title, outputs, form="pdf"):
        said.append([one["page"] for one in outputs[0]["pages"]])
        return setting(page, title, outputs, form)

    return noted


@pytest.mark.parametrize(("paper", "size"), [("Letter", "792 612"), ("A4", "841.9 595.3")])
def test_a_page_has_the_paper_of_the_study_and_the_typeface_of_rtf_and_html(page, table, paper, size):
    document = pdf.render(pdf.LaidOutput(replace(page, paper=paper), table), "T")
    assert f"/MediaBox[0 0 {size}]" in re.sub(r"\s*([\[\]])\s*", r"\1", document.decode("latin-1"))


def test_a_page_without_titles_or_notes_stands(page):
    bare = Page("T-1", (), "")
    assert pages(pdf.render(pdf.LaidOutput(bare, Table((Column("A"),), ())), "T")) == 1


@pytest.mark.parametrize(("rows", "forgotten"), [(3, 0), (3000, pdf.FORGOTTEN)])
def test_what_typst_keeps_of_a_large_document_is_let_go_at_once(page, rows, forgotten, monkeypatch):
    asked = []
    monkeypatch.setattr("typst.compile", lambda source, **_: asked.append(source) or b"%PDF")

    pdf._set(page, "A title", [{"cells": ["a text of some letters in a cell"] * rows}])

    assert (asked[0], asked[1:]) == (pdf.TEMPLATE, [b""] * forgotten)
