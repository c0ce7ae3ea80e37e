"""A CDISC ODM 1.3 file (the XML that EDC systems export) as one sheet per form.

A record is what stands together on one form of one visit of one subject; `layout.py` says which item groups that are.
Its keys are the system columns STUDY, SITE, SUBJECT, FOLDER, FOLDERSEQ, FORM, RECORDPOS, RECORDID, ACTIVE, CREATED and
UPDATED, and where they say more: SUBJECTKEY (a vendor gives the subject's number beside the key), SITENAME, FOLDERNAME,
FORMSEQ (the form repeats), FORMOID (several versions of a form), ITEMGROUP (records of several groups), MDVOID, and
CREATEDBY and UPDATEDBY (audit records name a user, by the name AdminData gives).
An item with a code list gives the decode, and its code in <item>_STD; one with a unit has it in <item>_UNIT. Reference
data are forms of their own. A file that declares entities or a document type is refused; no network is touched.
Source: CDISC ODM 1.3.2, ClinicalData.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from pipeline.ground.faults import TrialError
from pipeline.readers import Sheet
from pipeline.readers.odm.contents import Contents
from pipeline.readers.odm.metadata import LANGUAGE
from pipeline.readers.odm.sheets import Writer
from pipeline.readers.odm.walk import Walk

SUFFIX = ".xml"
MAX_SIZE = 2_000_000_000  # bytes
PIECE = 1 << 16  # bytes
CODES = ("utf-8", "utf-16-le", "utf-16-be")
FORBIDDEN = tuple(word.encode(code) for word in ("<!DOCTYPE", "<!ENTITY") for code in CODES)


def form_names(path: Path) -> list[str]:
    """The forms of the file. Raises TrialError for what is no ODM, or not a safe one."""
    return list(_writer(path).forms)


def titles(path: Path, form: str) -> set[str]:
    """What else a form of the file is called: its OIDs and its names in the metadata."""
    contents, oids = _writer(path).contents, _writer(path).forms.get(form, [])
    return {*oids, *(v.titles[oid] for v in contents.metadata.versions.values() for oid in oids if v.titles.get(oid))}


def read_form_data(path: Path, form: str, language: str = "") -> Sheet:
    """One form as text cells, its decodes in the language wished (English when not said). Raises TrialError."""
    writer = _writer(path)
    if form not in writer.forms:
        raise TrialError(f"The ODM file has no form {form}.", path.name, f"it has {', '.join(writer.forms)}")
    return writer.sheet(form, language.lower() or LANGUAGE)


def created(path: Path) -> str:
    """When the file was made (ISO), as it says itself."""
    return _writer(path).contents.made


def _writer(path: Path) -> Writer:
    """The file's content. Raises TrialError."""
    state = path.stat()
    return _read(path, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=2)
def _read(path: Path, changed: int, size: int) -> Writer:
    if size > MAX_SIZE:
        raise TrialError("The ODM file is too large to be read.", path.name, "ask for CSV files")
    refuse_entities(path)
    contents = _walked(path)
    if not contents.has_data:
        what = "This XML file is no ODM file with clinical data."
        raise TrialError(what, path.name, "export ClinicalData as ODM-XML 1.3")
    contents.metadata.complete()
    contents.settle()
    writer = Writer(contents, path.name)
    if not writer.forms:
        what = "The ODM file holds no data of any form."
        raise TrialError(what, path.name, "ask for the export again, with clinical data")
    return writer


def _walked(path: Path) -> Contents:
    """Feeds the parser line by line: only so is each element's line known beyond 65,535. Raises TrialError."""
    from lxml import etree

    walk = Walk(path.name)
    parser = etree.XMLPullParser(events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False,
                                 huge_tree=False, remove_comments=True, remove_pis=True)  # fmt: skip
    try:
        with path.open("rb") as stream:
            while piece := stream.readline(PIECE):
                parser.feed(piece)
                for event, element in parser.read_events():
                    if not walk.path and event == "start" and element.getroottree().docinfo.doctype:
                        raise _declares(path)
                    walk.closed(element) if event == "end" else walk.opened(element)
                walk.line += piece.endswith(b"\n")
        parser.close()
    except etree.XMLSyntaxError as error:
        what = f"This file cannot be read as ODM-XML: {error}."
        raise TrialError(what, path.name, "ask for the file again") from error
    return walk.contents


def refuse_entities(path: Path) -> None:
    """Raises TrialError for a file that declares a document type or entities: no EDC export needs them."""
    with path.open("rb") as stream:
        before = b""
        while block := stream.read(1 << 20):
            if any(mark in before + block for mark in FORBIDDEN):
                raise _declares(path)
            before = block[-32:]


def _declares(path: Path) -> TrialError:
    what = "The XML file declares a document type or entities; it is not read."
    cure = "ask where it comes from; a known export is read once it is made without the line that begins <!DOCTYPE"
    return TrialError(what, path.name, cure)
