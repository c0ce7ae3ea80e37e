"""The levels of clinical data that are open while a file is read, and the identity they give what stands in them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from pipeline.readers.odm.contents import NOBODY, Key, Sent, Stamp, first_of

REFERENCE = "ReferenceData"
NUMBERS = (
    "subjectname", "studysubjectid", "subjectnumber", "subjectid", "subjectcode", "participantid", "screeningnumber",
)  # fmt: skip


@dataclass
class Level:
    """One level: its attributes by local name, its line, its items, its audit records (and whether of a change)."""

    name: str
    attributes: dict[str, str]
    line: int
    sent: list[Sent] = field(default_factory=list)
    audits: list[tuple[Stamp, bool]] = field(default_factory=list)
    named: list[str] = field(default_factory=list)  # ids of audit records
    seen: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, name: str, element: Any, line: int) -> Level:
        """The level an element opens; an attribute of ODM's own wins over a vendor's of the same name."""
        attributes = {name.rpartition("}")[2]: value for name, value in element.attrib.items()}
        return cls(name, attributes | {n: v for n, v in element.attrib.items() if "}" not in n}, line)

    @property
    def transaction(self) -> str:
        """Its own TransactionType."""
        return self.attributes.get("TransactionType", "")


def identity(levels: list[Level], transactional: bool, whole: bool) -> Key:
    """The key of what is open; not `whole`: only as many of its parts as levels are open.

    What stands outside of a form is a form of its own, named as its item group; so is reference data.
    """
    attributes = {level.name: level.attributes for level in levels}
    block, event = levels[0].attributes, attributes.get("StudyEventData", {})
    group = attributes.get("ItemGroupData", {})
    form, event_oid = attributes.get("FormData", {}), event.get("StudyEventOID", "")
    own = group.get("ItemGroupOID", "")
    repeat = group.get("ItemGroupRepeatKey", "")
    key = Key(
        study=block.get("StudyOID", ""),
        version="" if transactional else block.get("MetaDataVersionOID", ""),
        subject=attributes.get("SubjectData", {}).get("SubjectKey", ""),
        event=event_oid,
        event_repeat=event.get("StudyEventRepeatKey", "") or ("1" if event else ""),
        form=form.get("FormOID", "") if form else f"{REFERENCE}.{own}" if levels[0].name == REFERENCE else own,
        form_repeat=form.get("FormRepeatKey", "") or "1",
        group=own,
        repeat="" if repeat == "@" else repeat,
    )
    depth = {"SubjectData": 3, "StudyEventData": 5, "FormData": 7}.get(levels[-1].name, 9)
    return key if whole else key[:depth]  # type: ignore[return-value]


def number_of(subject: Level) -> str:
    """The subject's number where a vendor's attribute gives it beside the key (mdsol:SubjectName, StudySubjectID …)."""
    given = {name.casefold(): value.strip() for name, value in subject.attributes.items()}
    return next((given[name] for name in NUMBERS if given.get(name)), "")


def removed(levels: list[Level]) -> bool:
    """True when one of the levels is marked as removed."""
    return any(level.transaction == "Remove" for level in levels)


def in_force(levels: list[Level]) -> str:
    """The transaction a group is part of: its own, else the one of the level above that has one."""
    above = next((level.transaction for level in reversed(levels[:-1]) if level.transaction), "")
    return levels[-1].transaction or ("" if above == "Context" else above)


def is_change(transaction: str, reason: str) -> bool:
    """True for an audit record of a change: when a record was first entered it does not tell."""
    return bool(reason) or transaction in ("Update", "Remove")


def entry_times(levels: list[Level]) -> tuple[Stamp, Stamp]:
    """When and by whom the open group was entered (the first record of no change) and last changed, as far as told."""
    audits = [audit for level in levels if level.name in ("FormData", "ItemGroupData") for audit in level.audits]
    return first_of(stamp for stamp, change in audits if not change), max((s for s, _ in audits), default=NOBODY)


@lru_cache(maxsize=10_000)
def utc(stamp: str) -> str:
    """A time stamp in universal time where it names its zone, to the second; as it is when it cannot be read."""
    try:
        when = datetime.fromisoformat(stamp)
    except ValueError:
        return stamp
    when = when.astimezone(UTC) if when.tzinfo else when
    return when.strftime("%Y-%m-%d %H:%M:%S")
