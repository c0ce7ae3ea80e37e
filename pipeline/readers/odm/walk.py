"""Through an ODM file from its first line to its last, element by element: what stands where it may is handed on.

Memory grows with the values, not with the XML. What stands in a place where ODM has no such thing, or belongs to a
vendor, is counted and left aside; it is never mistaken for data.
"""

from __future__ import annotations

from typing import Any

from pipeline.ground.faults import TrialError
from pipeline.readers.odm.contents import Contents, Group
from pipeline.readers.odm.items import item_of
from pipeline.readers.odm.levels import (
    Level,
    entry_times,
    identity,
    in_force,
    is_change,
    number_of,
    removed,
    utc,
)
from pipeline.readers.odm.metadata import Version, defined, local

PLACES = {
    "ClinicalData": ("ODM",),
    "ReferenceData": ("ODM",),
    "SubjectData": ("ClinicalData",),
    "StudyEventData": ("SubjectData",),
    "FormData": ("StudyEventData", "SubjectData"),
    "ItemGroupData": ("FormData", "StudyEventData", "SubjectData", "ReferenceData"),
}
DEFINITIONS = {
    "MeasurementUnit", "Location", "ItemDef", "ItemGroupDef", "FormDef", "StudyEventDef", "CodeListItem", "Include",
    "User",
}  # fmt: skip
ASIDE = {"Association", "Signature", "Signatures", "Flag", "InvestigatorRef"}
EMPTIED = {*PLACES, *DEFINITIONS, *ASIDE, "", "Study", "AuditRecord", "Comment", "CodeList", "EnumeratedItem"}
SHELLS = {"SubjectData", "StudyEventData", "FormData", "ItemGroupData", "CodeListItem", "CodeList", "ItemDef"}
LEVELS = {"SubjectData", "StudyEventData", "FormData", "ItemGroupData"}
QUIET = {
    "ItemData", "MeasurementUnitRef", "CodeListRef", "ItemRef", "Decode", "TranslatedText", "Symbol", "Question",
    "UserRef", "LocationRef", "DateTimeStamp", "ReasonForChange", "SourceID",
}  # fmt: skip
TRANSACTIONS = {"", "Insert", "Update", "Upsert", "Remove", "Context"}


class Walk:
    """The state of one reading: the elements that are open, and the contents so far."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.contents = Contents()
        self.path: list[str] = []
        self.lines: list[int] = []  # where each open element begins
        self.levels: list[Level] = []
        self.known: dict[str, str] = {}
        self.study, self.version, self.namespace, self.line = "", "", "", 1
        self.skipped = 0  # depth of the element that is left aside, 0 when none is

    def opened(self, element: Any) -> None:
        """An element begins. Raises TrialError for a file that is no ODM 1."""
        if not self.path:
            self._root(element)
        name, parent = self._name(element.tag), self.path[-1] if self.path else ""
        self.path.append(name)
        self.lines.append(self.line)
        if self.skipped or name in QUIET:
            return
        if not name or name in ASIDE or (name in PLACES and parent not in PLACES[name]):
            self.skipped = len(self.path)
            label = f"{element.prefix}:{local(element)}" if not name and element.prefix else local(element)
            self.contents.aside[label] = self.contents.aside.get(label, 0) + 1
        elif name in PLACES:
            self._enter(Level.of(name, element, self.line))
        elif name == "Study":
            self.study = element.get("OID", "")
        elif name == "MetaDataVersion":
            self.version = element.get("OID", "")
            self.contents.metadata.versions.setdefault((self.study, self.version), Version())
        elif name == "SiteRef" and parent == "SubjectData":
            self._said_of_subject(self.contents.sites, "site", element.get("LocationOID", ""))

    def closed(self, element: Any) -> None:
        """An element ends: what it says is noted, and it is emptied."""
        name, line, skipped = self.path.pop(), self.lines.pop(), self.skipped
        if self.skipped > len(self.path):
            self.skipped = 0
        if name in QUIET and not skipped:
            if name == "ItemData":
                self._item(element, line)
            return
        if skipped or name.startswith("ItemData"):
            if local(element).startswith("ItemData"):
                self._item(element, line, stray=bool(skipped))
        else:
            self._noted(name, line, element)
        if name in EMPTIED or skipped:
            element.clear(keep_tail=True)
        if name in SHELLS and not skipped:
            while element.getprevious() is not None:
                del element.getparent()[0]

    def _name(self, tag: str) -> str:
        """The name of an element of ODM's own, '' of another namespace."""
        if tag not in self.known:
            space, _, name = tag.rpartition("}")
            self.known[tag] = name if space == self.namespace else ""
        return self.known[tag]

    def _item(self, element: Any, line: int, stray: bool = False) -> None:
        """An item goes to the group that is open; outside of one it is told."""
        item = item_of(self.contents, self._form, element, line)
        if self.levels and self.path[-1] == "ItemGroupData" and not stray:
            self._known(item.transaction, line)
            self.levels[-1].sent.append(item)
            if "AuditRecordID" in element.attrib:
                self.levels[-1].named.append(element.get("AuditRecordID"))
        else:
            self.contents.tell("stray", self._form(), item.oid, line, item.text or "")

    def _root(self, element: Any) -> None:
        """Raises TrialError for what is no ODM, and for its second edition, whose data are laid out otherwise."""
        space, _, name = element.tag.rpartition("}")
        if name != "ODM":
            what = f"This XML file is no ODM: it begins with {name}."
            raise TrialError(what, self.file, "export ClinicalData as ODM-XML 1.3")
        edition = element.get("ODMVersion", "")
        if edition.startswith("2") or space.rpartition("/")[2].startswith("v2"):
            what = f"This file is ODM {edition or '2'}; forms and values stand elsewhere there, and it is not read."
            raise TrialError(what, self.file, "export ClinicalData as ODM-XML 1.3")
        self.namespace = space
        self.contents.made = element.get("CreationDateTime", "")
        self.contents.transactional = element.get("FileType", "") == "Transactional"

    def _enter(self, level: Level) -> None:
        """A level of the data begins. Raises TrialError for a transaction nobody knows."""
        self._known(level.transaction, level.line)
        if self.levels:
            self._numbered(level, self.levels[-1])
        self.levels.append(level)
        contents = self.contents
        if level.name in ("ClinicalData", "ReferenceData"):
            contents.has_data = True
            block = (level.attributes.get("StudyOID", ""), level.attributes.get("MetaDataVersionOID", ""))
            contents.blocks.setdefault(block, level.line)
        elif level.name == "SubjectData":
            self._said_of_subject(contents.numbers, "number", number_of(level))
        gone = level.transaction == "Remove" and not removed(self.levels[:-1])
        if gone and contents.transactional and level.name in LEVELS:
            contents.remove(identity(self.levels, transactional=True, whole=False), level.line)

    def _known(self, transaction: str, line: int) -> None:
        if transaction not in TRANSACTIONS:
            what = f"TransactionType '{transaction}' is none that ODM knows; what it does to the data is not certain."
            raise TrialError(what, f"{self.file}, line {line}", "ask for a snapshot (FileType Snapshot)")

    def _numbered(self, level: Level, above: Level) -> None:
        """A snapshot that repeats a form or group without repeat keys: they are numbered as they stand."""
        key = {"FormData": "FormRepeatKey", "ItemGroupData": "ItemGroupRepeatKey"}.get(level.name, "")
        if not key or level.attributes.get(key) or self.contents.transactional:
            return
        oid = level.attributes.get(key.replace("RepeatKey", "OID"), "")
        above.seen[oid] += 1
        if above.seen[oid] > 1:
            level.attributes[key] = str(above.seen[oid])
            self.contents.tell("numbered", oid if level.name == "FormData" else self._form(), oid, level.line)

    def _said_of_subject(self, known: dict[tuple[str, str], str], what: str, value: str) -> None:
        """Number or site of the subject that is open; a second, different one wins and is told."""
        names = {level.name: level.attributes for level in self.levels}
        key = (names["ClinicalData"].get("StudyOID", ""), names["SubjectData"].get("SubjectKey", ""))
        if value and known.get(key, value) != value:
            self.contents.tell(f"{what} changed", "", "", self.levels[-1].line, f"{known[key]}, {value}")
        if value:
            known[key] = value

    def _noted(self, name: str, line: int, element: Any) -> None:
        contents = self.contents
        if name in DEFINITIONS:
            defined(contents.metadata, name, element, (self.study, self.version))
        elif name == "ItemGroupData":
            self._group()
        elif name == "AuditRecord" and self.levels:
            texts = {local(c): "".join(c.itertext()).strip() for c in element}
            owner = element.getparent().get("TransactionType", "")
            user = next((c.get("UserOID", "") for c in element if local(c) == "UserRef"), "")
            stamp = (utc(texts.get("DateTimeStamp", "")), user)
            audit = (stamp, is_change(owner, texts.get("ReasonForChange", "")))
            self.levels[-1].audits.append(audit)
            contents.audits |= {element.get("ID"): audit} if element.get("ID") else {}
        elif name == "Comment" and self.levels:
            item = next((a.get("ItemOID", "") for a in element.iterancestors() if local(a).startswith("ItemData")), "")
            contents.tell("comment", self._form(), item, line, " ".join("".join(element.itertext()).split()))
        if name in PLACES and self.levels:
            self.levels.pop()
        elif name == "MetaDataVersion":
            self.version = ""

    def _form(self) -> str:
        """The OID of the form that is open, '' outside."""
        return identity(self.levels, transactional=True, whole=True)[5] if self.levels else ""

    def _group(self) -> None:
        """An item group is whole: it goes to the contents as its transaction says."""
        contents, level, gone = self.contents, self.levels[-1], removed(self.levels)
        key = identity(self.levels, contents.transactional, whole=True)
        if gone and contents.transactional:
            sent = [f"{item.oid}={item.text}" for item in level.sent if item.text]
            if sent:
                contents.tell("with removal", key.form, "", level.line, ", ".join(sent), len(sent))
            return
        created, updated = entry_times(self.levels)
        block = self.levels[0].attributes
        version = (block.get("StudyOID", ""), block.get("MetaDataVersionOID", ""))
        group = Group(key, level.line, removed=gone, created=created, updated=updated, audits=level.named)
        contents.put(group, level.sent, version, in_force(self.levels))
