"""The defines: valid, each reference within them and each file that they name is there, every dataset is described."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from pipeline.ground.faults import DefectError
from pipeline.publish.export.define.check import NAMES
from pipeline.publish.export.define.command import check_schema
from pipeline.publish.export.define.document import DEF, STYLESHEET, XLINK
from pipeline.publish.submission.layout import DEFINE
from pipeline.publish.submission.selfcheck.documents import page_count
from pipeline.publish.submission.selfcheck.laid import LAYERS, Defect, Laid

# A reference of a define: the attribute that refers, and what carries the identifier it must find.
REFERENCES = (
    ("ItemOID", "odm:ItemDef", "OID"), ("MethodOID", "odm:MethodDef", "OID"), ("CodeListOID", "odm:CodeList", "OID"),
    ("ValueListOID", "def:ValueListDef", "OID"), ("WhereClauseOID", "def:WhereClauseDef", "OID"),
    (f"{{{DEF}}}ItemOID", "odm:ItemDef", "OID"), (f"{{{DEF}}}CommentOID", "def:CommentDef", "OID"),
    (f"{{{DEF}}}StandardOID", "def:Standard", "OID"), ("ItemGroupOID", "odm:ItemGroupDef", "OID"),
    ("leafID", "def:leaf", "ID"), (f"{{{DEF}}}ArchiveLocationID", "def:leaf", "ID"),
)  # fmt: skip


def look(laid: Laid) -> Iterator[Defect]:
    """What is wrong with the defines."""
    for layer in LAYERS:
        path = f"{laid.layout.of_layer(layer)}/{DEFINE}"
        root = laid.defines.get(layer)
        if root is None:
            yield Defect(path, "is no XML that can be read.")
            continue
        yield from _valid(laid, path)
        yield from _references(root, path)
        yield from _leaves(laid, root, path)
        yield from _described(laid, root, layer, path)
        yield from _pages(laid, root, path)


def _valid(laid: Laid, path: str) -> Iterator[Defect]:
    content = laid.content(path)
    try:
        check_schema(content, path)
    except DefectError as error:
        yield Defect(path, error.what)
    if f'href="{STYLESHEET}"'.encode() not in content[:500]:
        yield Defect(path, f"names no stylesheet {STYLESHEET}: a browser cannot show it.")


def _references(root: etree._Element, path: str) -> Iterator[Defect]:
    for attribute, element, identifier in REFERENCES:
        there = {each.get(identifier) for each in root.iterfind(f".//{element}", NAMES)}
        used = {each.get(attribute) for each in root.iter() if each.get(attribute)}
        for lost in sorted(used - there):
            yield Defect(path, f"refers to {element.partition(':')[2]} {lost}, which it does not have.")


def _leaves(laid: Laid, root: etree._Element, path: str) -> Iterator[Defect]:
    for leaf in root.iterfind(".//def:leaf", NAMES):
        href = leaf.get(f"{{{XLINK}}}href")
        if not laid.reached(path, href):
            yield Defect(path, f"names the file {href}, which is not in the package.")


def _described(laid: Laid, root: etree._Element, layer: str, path: str) -> Iterator[Defect]:
    """Each dataset there is described and each described is there, as XPT and as Dataset-JSON; the study is the one."""
    described = {str(group.get("Name")).lower() for group in root.iterfind(".//odm:ItemGroupDef", NAMES)}
    folder = laid.layout.of_layer(layer)
    for ending in (".xpt", ".json"):
        there = {name.removesuffix(ending) for name in laid.below(folder, ending)}
        for name in sorted(there - described):
            yield Defect(f"{folder}/{name}{ending}", "the define does not describe this dataset.")
        for name in sorted(described - there):
            yield Defect(f"{folder}/{name}{ending}", "the define describes this dataset, which is not there.")
    named = root.findtext(".//odm:StudyName", "", NAMES)
    if named != laid.told.get("study"):
        yield Defect(path, f"is of study {named}, the package of {laid.told.get('study')}.")


def _pages(laid: Laid, root: etree._Element, path: str) -> Iterator[Defect]:
    """The pages of the annotated CRF that origins name are there."""
    told = [int(number) for each in root.iterfind(".//def:PDFPageRef", NAMES)
            for number in re.findall(r"\d+", each.get("PageRefs") or "")]  # fmt: skip
    count = page_count(laid.content(f"{laid.layout.sdtm}/acrf.pdf"))
    if told and max(told) > count:
        yield Defect(path, f"names page {max(told)} of acrf.pdf, which has {count}.")
