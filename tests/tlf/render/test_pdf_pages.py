"""A long output is written without typst: what stands on its pages, and how it is tagged, is as typst has it."""

import re
import shutil
import subprocess
import zlib

import pytest

from tlf.model import Column, Page, Row, Table
from tlf.render import pdf, pdf_fonts, sheets
from tlf.render.pdf_file import PACKED, PdfFile

PAGE = Page("L-1", ("A long listing", "of subjects"), "Everybody", ("First note.", "Second note."), ("ADAE",),
            study="S-1", stage="Draft", status="Interim.")  # fmt: skip
HEADS = (Column("Subject"), Column("Term", 2), Column("Value", align="right"), Column("Share", align="center"))
ROWS = (Row(("Events (n=99)",), header=True), *(
    Row((f"S-{at:03d}", "Fever," + " chills (a) and more words than a line has" * (1 + at % 3), str(at), f"{at} (7)"),
        1) for at in range(99)))  # fmt: skip
APART = 0.7  # points by which typst draws some letters nearer to each other


@pytest.fixture(scope="module")
def both():
    """The same pages by typst and without it."""
    one = pdf.LaidOutput(PAGE, Table(HEADS, ROWS), laid=sheets.sheets(PAGE, Table(HEADS, ROWS)))
    return pdf.render(one, "L-1 A (long) listing"), pdf._long(one, "L-1 A (long) listing"), len(one.laid)


def told_by(program, content, tmp_path, *words):
    if shutil.which(program) is None:
        pytest.skip(f"needs {program} (poppler)")
    path = tmp_path / "one.pdf"
    path.write_bytes(content)
    return subprocess.run([program, *words, path, *(["-"] if program == "pdftotext" else [])],
                          capture_output=True, text=True, check=True).stdout  # fmt: skip


def words_at(content, tmp_path):
    told = told_by("pdftotext", content, tmp_path, "-bbox")
    found = re.findall(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="[\d.]+">(.*?)</word>', told)
    return [(word, *map(float, place)) for *place, word in found]


def test_every_word_stands_where_typst_has_it(both, tmp_path):
    first, second = (words_at(one, tmp_path) for one in both[:2])
    downs = [mine[2] - typst[2] for typst, mine in zip(first, second, strict=True)]
    bold = [shift for shift in downs if abs(shift - downs[0]) > 0.1]

    assert [word for word, *_ in first] == [word for word, *_ in second]
    ends = [(one, other) for one, other in zip(first, second, strict=True) if one[0].isdigit()]  # at the right
    assert max(abs(one[3] - other[3]) for one, other in ends) < APART
    first_words = ("Fever,", "Subject", "First")
    starts = [(one, other) for one, other in zip(first, second, strict=True) if one[0] in first_words]
    assert len(starts) > 99 and max(abs(one[1] - other[1]) for one, other in starts) < 0.01
    assert not bold  # the same height of letters in all


def test_the_tags_are_tables_of_rows_with_heads_and_cells(both, tmp_path):
    kinds = re.compile(r"^ *(Document|Table|THead|TBody|TR|TH|TD|H2)\b", re.M)
    tags = [kinds.findall(told_by("pdfinfo", one, tmp_path, "-struct")) for one in both[:2]]

    assert tags[0] == tags[1]
    assert tags[1].count("Table") == both[2]


def objects(content):
    """All objects by number, those of object streams too."""
    found = {}
    for number, said, data in re.findall(rb"(\d+) 0 obj\n(<<.*?>>)\nstream\n(.*?)\nendstream", content, re.S):
        found[int(number)] = said
        if b"/Type/ObjStm" in said:
            whole, first = zlib.decompress(data), int(re.search(rb"/First (\d+)", said)[1])
            told = [*map(int, whole[:first].split())]
            ends = [*told[3::2], len(whole) - first]
            places = zip(told[::2], told[1::2], ends, strict=True)
            found |= {n: whole[first + start : first + end] for n, start, end in places}
    return found


def test_what_an_object_refers_to_is_there_and_each_page_counts_itself(both):
    found = objects(both[1])
    refers = {int(one) for text in found.values() for one in re.findall(rb"(\d+) 0 R", text)}

    assert refers <= set(found)
    assert sum(b"/Type/Page/" in text for text in found.values()) == both[2]


def test_the_same_pages_are_the_same_bytes_and_a_text_is_found_again(both, tmp_path):
    one = pdf.LaidOutput(PAGE, Table(HEADS, ROWS), laid=sheets.sheets(PAGE, Table(HEADS, ROWS)))

    assert pdf._long(one, "L-1 A (long) listing") == both[1]
    assert f"Page {both[2]} of {both[2]}" in told_by("pdftotext", both[1], tmp_path, "-layout")


DRAWN = {"Fieber 38 \u2265 \u00b0C": True, "\u767a\u71b1": True, "\u05d7\u05d5\u05dd": False, "e\u0301": False,
         "\U0001f600": False}  # fmt: skip


@pytest.mark.parametrize("text", DRAWN)
def test_what_needs_more_than_a_glyph_for_each_character_is_set_by_typst(text):
    assert pdf_fonts.drawn(frozenset(text)) == DRAWN[text]


def test_no_more_objects_are_packed_together_than_a_stream_of_objects_has():
    pdf = PdfFile()
    numbers = [number for _ in range(200) for number in pdf.several([b"null"] * 7)]
    whole = pdf.end(pdf.new(b"<<>>"), pdf.new(b"<<>>"))
    packed = [int(count) for count in re.findall(rb"/Type/ObjStm/N (\d+)", whole)]
    assert max(packed) <= PACKED
    assert sum(packed) == len(set(numbers)) + 2 == 1402
