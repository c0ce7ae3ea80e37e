"""All outputs as one PDF: the pages of each as they are in its own file, behind a list of them; none is set again.

typst sets the list, and the number at the foot of each page. Pages, tags and bookmarks of the outputs are joined as
those of a long output are (joined.py).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import accumulate, groupby
from typing import NamedTuple

from tlf.contents import title
from tlf.model import Page
from tlf.render import pdf
from tlf.render.joined import REFERRED, STREAM, JoinedPdf, Moved, PlainPdf, found, moved, read_pdf, together, written

LINK = re.compile(rb"/A<<[^>]*\(output:(\d+)\)>>(.*)/Contents\(output:\d+\)", re.S)
FOOT = b"q/Foot Do Q"


class Placed(NamedTuple):
    """An output in the document: its page, the section it stands in, and its own PDF."""

    page: Page
    section: str
    content: bytes


class Bookmark(NamedTuple):
    """The bookmark of an output: the number of its object, its title as PDF says it, and the place that it leads to."""

    number: int
    title: bytes
    leads_to: bytes


def render(outputs: Sequence[Placed], name: str, heading: str, told: str = "") -> bytes:
    """The outputs as one tagged PDF called `name`; in front are a heading, what is `told`, and a list of them.

    Raises ValueError when there is no output.
    """
    if not outputs:
        raise ValueError("a document needs an output")
    parts, page = [read_pdf(one.content) for one in outputs], outputs[0].page
    begins = [0, *accumulate(len(part.pages) for part in parts)]
    listed = [{"section": one.section, "number": one.page.number, "title": title(one.page), "at": at + 1}
              for one, at in zip(outputs, begins, strict=False)]  # fmt: skip
    front = read_pdf(pdf.around(page, name, after=begins[-1], contents=heading, told=told, listed=listed))
    feet = read_pdf(pdf.around(page, name, before=len(front.pages), blank=begins[-1]))
    whole = together([front, *parts])
    _number(whole, feet)
    marks = _bookmarks(whole, [one.section for one in outputs])
    _link(whole, marks, [at + len(front.pages) + 1 for at in begins])
    return written(whole)


def _number(whole: JoinedPdf, feet: PlainPdf) -> None:
    """Draw the number at the foot of each page of the outputs; those of the list have their own."""
    shift = Moved(whole.free - 1, 0, 0)
    whole.objects |= {number + shift.objects: moved(feet.objects[number], shift, {}) for number in _drawn(feet)}
    whole.free = max(whole.objects) + 1
    draw = whole.add(b"<</Length %d>>\nstream\n%s\nendstream" % (len(FOOT), FOOT))
    own = [number for part in range(1, len(whole.read)) for number in whole.pages(part)]
    for number, foot in zip(own, feet.pages, strict=True):
        page, told = whole.objects[number], feet.objects[foot]
        content, given = (int(one) + shift.objects for one in _of_page(told))
        form = b"/Type/XObject/Subtype/Form/BBox[%s]/Resources %d 0 R" % (found(r"/MediaBox\[([^\]]*)\]", told), given)
        whole.objects[content] = whole.objects[content].replace(b"<<", b"<<" + form, 1)
        named = whole.add(_with_foot(whole.objects[int(_of_page(page)[1])], content))
        page = re.sub(rb"/Resources \d+ 0 R", b"/Resources %d 0 R" % named, page)
        whole.objects[number] = re.sub(rb"/Contents (\d+ 0 R)", rb"/Contents[\1 %d 0 R]" % draw, page)


def _of_page(page: bytes) -> tuple[bytes, bytes]:
    """The numbers of what a page draws, and of what it draws with."""
    return found(r"/Contents (\d+) 0 R", page), found(r"/Resources (\d+) 0 R", page)


def _drawn(feet: PlainPdf) -> set[int]:
    """The numbers of all objects that the pages draw, or draw with."""
    todo, seen = [int(one) for page in feet.pages for one in _of_page(feet.objects[page])], set[int]()
    while todo:
        number = todo.pop()
        if number not in seen:
            seen.add(number)
            todo += [int(one) for one in REFERRED.findall(feet.objects[number].partition(STREAM)[0])]
    return seen


def _with_foot(resources: bytes, foot: int) -> bytes:
    """What a page draws with, and the foot."""
    named = b"/Foot %d 0 R" % foot
    if b"/XObject<<" in resources:
        return resources.replace(b"/XObject<<", b"/XObject<<" + named, 1)
    return resources.replace(b"<<", b"<</XObject<<%s>>" % named, 1)


def _bookmarks(whole: JoinedPdf, sections: Sequence[str]) -> list[Bookmark]:
    """The bookmarks of the outputs, which get one of each section above them."""
    marks = [_bookmark(whole, part) for part in range(1, len(whole.read))]
    groups = [(section, [marks[at] for at, _ in within])
              for section, within in groupby(enumerate(sections), lambda one: one[1])]  # fmt: skip
    root, heads = whole.add(b""), [whole.add(b"") for _ in groups]
    for head, beside, (section, within) in zip(heads, _beside(heads), groups, strict=True):
        numbers = [one.number for one in within]
        words = section.encode("utf-16-be").hex().upper().encode()
        whole.objects[head] = b"<</Parent %d 0 R%s/First %d 0 R/Last %d 0 R/Count -%d/Title<FEFF%s>/Dest %s>>" % (
            root, beside, numbers[0], numbers[-1], len(numbers), words, within[0].leads_to)  # fmt: skip
        for one, near in zip(within, _beside(numbers), strict=True):
            told = (head, near, one.title, one.leads_to)
            whole.objects[one.number] = b"<</Parent %d 0 R%s/Title%s/Dest %s>>" % told
    whole.objects[root] = b"<</Type/Outlines/First %d 0 R/Last %d 0 R/Count %d>>" % (heads[0], heads[-1], len(heads))
    whole.objects[whole.catalog] = whole.objects[whole.catalog].replace(b"<<", b"<</Outlines %d 0 R" % root, 1)
    return marks


def _bookmark(whole: JoinedPdf, part: int) -> Bookmark:
    """The one bookmark of a part, taken out of what held it there."""
    number = int(found(r"/First (\d+) 0 R", whole.objects.pop(whole.named(part, "Outlines"))))
    told = whole.objects[number]
    return Bookmark(number, found(r"/Title(.*)/Dest", told), found(r"/Dest (\d+ 0 R)", told))


def _beside(numbers: Sequence[int]) -> list[bytes]:
    """Of each bookmark those before and after it."""
    before = [b"", *(b"/Prev %d 0 R" % one for one in numbers[:-1])]
    after = [*(b"/Next %d 0 R" % one for one in numbers[1:]), b""]
    return [one + other for one, other in zip(before, after, strict=True)]


def _link(whole: JoinedPdf, marks: Sequence[Bookmark], pages: Sequence[int]) -> None:
    """Let the lines of the list lead to the outputs, and say to which page."""

    def leading(one: re.Match[bytes]) -> bytes:
        page, mark = pages[int(one[1])], marks[int(one[1])]
        return b"/Dest %s%s/Contents(page %d)" % (mark.leads_to, one[2], page)

    for number in whole.read[0].objects:
        here = number + whole.shifts[0].objects
        if b"/Subtype/Link" in whole.objects.get(here, b""):
            whole.objects[here] = LINK.sub(leading, whole.objects[here])
