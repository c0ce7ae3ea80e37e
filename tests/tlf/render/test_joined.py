"""A long output is set in parts and joined: the same pages and tags as those of one piece."""

import re

import pytest

from tlf.model import Column, Page, Row, Table
from tlf.render import pdf, pdf_fonts, sheets
from tlf.render.joined import joined, read_pdf

TABLE = Table((Column("Subject"), Column("Value")), tuple(Row((f"S-{at:03d}", str(at))) for at in range(200)))
PAGE = Page("L-1", ("A long listing",), "Everybody")


@pytest.fixture(autouse=True)
def by_typst(monkeypatch):
    """What cannot be written without typst is set by it in parts."""
    monkeypatch.setattr(pdf_fonts, "drawn", lambda signs: False)


@pytest.fixture(scope="module")
def laid():
    return pdf.LaidOutput(PAGE, TABLE, laid=sheets.sheets(PAGE, TABLE))


def told(content):
    """What is said of pages, tags and heads of columns, every reference followed to an object that is there."""
    part = read_pdf(content)
    refers = [int(one) for text in part.objects.values() for one in re.findall(rb"(\d+) 0 R", text.split(b"stream")[0])]
    assert set(refers) <= set(part.objects)
    words = b"\n".join(text.split(b"stream")[0] for text in part.objects.values())
    named, asked = rb"/ID(\(U\d+x\d+y\d+\))", rb"Headers\[(\(U\d+x\d+y\d+\))\]"
    heads = [set(re.findall(pattern, words)) for pattern in (named, asked)]
    keys = [int(key) for key in re.findall(rb"(\d+) \d+ 0 R", re.search(rb"/Nums\[([^\]]*)\]", part.tags)[1])]
    tagged = sorted(int(one) for one in re.findall(rb"/StructParents (\d+)", words))
    kinds = {kind: len(re.findall(rb"/S/" + kind + rb"\b", words)) for kind in (b"Table", b"TH", b"TD", b"Document")}
    count = re.search(rb"/Count (\d+)/Kids\[[^\]]*\]>>", part.objects[part.named("Pages")])[1]
    return {"pages": count, "kinds": kinds, "keys": keys == tagged, "heads": heads[1] <= heads[0], "n": len(heads[0])}


def test_a_long_output_in_parts_is_what_it_is_in_one_piece(monkeypatch, laid):
    whole = pdf.render(laid, "x")
    monkeypatch.setattr(pdf, "LONG", 2)
    monkeypatch.setattr(pdf, "PART", 2)
    parts = pdf.render(laid, "x")
    assert len(laid.laid) > 4
    assert told(parts) == told(whole)
    assert told(parts)["keys"] and told(parts)["heads"] and int(told(parts)["pages"]) == len(laid.laid)
    assert b"<xmpTPg:NPages>%d<" % len(laid.laid) in parts
    assert parts == pdf.render(laid, "x")


def test_the_parts_count_their_pages_in_all_and_open_once(monkeypatch, laid):
    seen = []
    monkeypatch.setattr(pdf, "LONG", 2)
    monkeypatch.setattr(pdf, "PART", 2)
    monkeypatch.setattr(pdf, "joined", lambda parts: b"".join(parts))
    monkeypatch.setattr(pdf, "_set", lambda page, title, outputs: seen.append(outputs[0]) or b"")
    pdf.render(laid, "x")
    total = len(laid.laid)
    assert [one["opens"] for one in seen] == [True] + [False] * (len(seen) - 1)
    numbers = [page["page"] for one in seen for page in one["pages"]]
    assert numbers == [f"Page {at} of {total}" for at in range(1, total + 1)]


def test_a_file_that_typst_writes_otherwise_is_refused():
    with pytest.raises(ValueError, match="nothing like"):
        joined([b"%PDF-2.0", b"%PDF-2.0"])
