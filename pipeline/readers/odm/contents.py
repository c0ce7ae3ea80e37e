"""The values of an ODM file by their identity, as the file's transactions leave them.

A value is known by study, metadata version, subject, event and its repeat, form and its repeat, item group and its
repeat, and item. A snapshot holds each once; what stands there again is kept beside the first, never over it. A
transactional file is applied in its order: insert, update and upsert set the items they name, remove takes away what it
names and all below it, context changes nothing. Source: CDISC ODM 1.3.2, FileType and TransactionType.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from pipeline.readers.odm.metadata import Metadata, VersionKey

Stamp = tuple[str, str]  # when an audit record says something was done, and the OID of the user who did it
NOBODY: Stamp = ("", "")
Members = dict[str, dict[tuple[VersionKey, str], None]]  # item group -> its items (version, OID) in order


class Key(NamedTuple):
    """The identity of an item group; in a transactional file the version is no part of it (a CRF may be amended)."""

    study: str
    version: str
    subject: str
    event: str
    event_repeat: str
    form: str
    form_repeat: str
    group: str
    repeat: str

    @property
    def page(self) -> tuple[str, ...]:
        """The form it stands on."""
        return self[:7]


class Value(NamedTuple):
    """What one item holds (several texts where several were chosen), its unit, and the version that explains it."""

    texts: tuple[str, ...]
    unit: str
    version: VersionKey


class Sent(NamedTuple):
    """One item as it stands in the file; `text` None is deliberately empty."""

    oid: str
    text: str | None
    unit: str
    transaction: str
    line: int


@dataclass
class Group:
    """One item group of one form: its place in the file, its items, and when and by whom entered and last changed."""

    key: Key
    line: int
    removed: bool = False
    items: dict[str, Value] = field(default_factory=dict)
    created: Stamp = NOBODY
    updated: Stamp = NOBODY
    audits: list[str] = field(default_factory=list)  # ids of audit records told elsewhere


class Event(NamedTuple):
    """Something that befell values and has to be told: which kind, on which form, of which item, where."""

    kind: str
    form: str
    item: str
    line: int
    value: str
    many: int = 1  # values


@dataclass
class Contents:
    """One file: what it says of itself, its definitions, its values by subject and key, and what befell them."""

    made: str = ""
    transactional: bool = False
    has_data: bool = False
    metadata: Metadata = field(default_factory=Metadata)
    subjects: dict[tuple[str, str, str], dict[Key, list[Group]]] = field(default_factory=dict)
    seen: dict[tuple[VersionKey, str], Members] = field(default_factory=dict)  # by version and form
    numbers: dict[tuple[str, str], str] = field(default_factory=dict)
    sites: dict[tuple[str, str], str] = field(default_factory=dict)
    blocks: dict[VersionKey, int] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    audits: dict[str, tuple[Stamp, bool]] = field(default_factory=dict)  # by id, and whether of a change
    aside: dict[str, int] = field(default_factory=dict)

    def groups(self) -> list[Group]:
        """All item groups in the order of the file."""
        return [group for held in self.subjects.values() for groups in held.values() for group in groups]

    def settle(self) -> None:
        """Give groups the times of the audit records they name by id (they stand at the end of a block)."""
        for group in self.groups() if self.audits else ():
            audited = [self.audits[name] for name in group.audits if name in self.audits]
            entered = first_of(stamp for stamp, change in audited if not change)
            _stamped(group, Group(group.key, 0, created=entered, updated=max((s for s, _ in audited), default=NOBODY)))

    def tell(self, kind: str, form: str, item: str = "", line: int = 0, value: str = "", many: int = 1) -> None:
        """Note what befell a value, or several together."""
        self.events.append(Event(kind, form, item, line, value, many))

    def remove(self, prefix: tuple[str, ...], line: int) -> None:
        """Take away all item groups whose key begins so (a transaction's Remove at any level)."""
        held = self.subjects.get((prefix[0], prefix[1], prefix[2]), {})
        likely = [Key(*prefix)] if len(prefix) == len(Key._fields) else list(held)
        gone = [key for key in likely if key in held and key[: len(prefix)] == prefix]
        for key in gone:
            for group in held.pop(key):
                values = ", ".join(f"{oid}={'; '.join(value.texts)}" for oid, value in group.items.items())
                self.tell("record removed", key.form, "", group.line, values, len(group.items))
        if not gone:
            self.tell("removes nothing", prefix[5] if len(prefix) > 5 else "", "", line, "/".join(prefix[2:]))

    def put(self, group: Group, sent: list[Sent], version: VersionKey, transaction: str) -> None:
        """Add an item group of the file as its transaction says."""
        if transaction == "Context" and not any(item.text for item in sent):
            return
        block = ("", "") if self.transactional else (group.key.study, group.key.version)
        seen = self.seen.setdefault((block, group.key.form), {}).setdefault(group.key.group, {})
        seen.update(dict.fromkeys((version, item.oid) for item in sent))
        held = self.subjects.setdefault(group.key[:3], {}).setdefault(group.key, [])
        if self.transactional:
            if held and transaction == "Insert":
                self.tell("inserted again", group.key.form, "", group.line)
            if not held and transaction == "Update":
                held = self._meant(group.key) or held
            if not held and transaction == "Update":
                self.tell("updates nothing", group.key.form, "", group.line)
            self._merge(held, group, sent, version)
        elif held and transaction == "Update":
            self._merge(held, group, sent, version)
        else:
            fresh = _of_one(self, group.key.form, sent, version)
            self._beside(held, group, fresh)

    def _meant(self, key: Key) -> list[Group]:
        """The group an update means that is told with the repeat key 1 once and without one the other time."""
        other = key._replace(repeat={"": "1", "1": ""}.get(key.repeat, key.repeat))
        return self.subjects[key[:3]].get(other, [])

    def _beside(self, held: list[Group], group: Group, fresh: dict[str, Value]) -> None:
        """A snapshot's group: joined to one of its key that says nothing else, otherwise a record of its own."""
        group.items = fresh
        alike = [g for g in (*held[:1], *held[-1:]) if g.removed == group.removed and _agree(g.items, fresh)]
        if not alike:
            held.append(group)
            return
        for oid in alike[0].items.keys() & fresh.keys():
            self.tell("repeated", group.key.form, oid, group.line, "; ".join(fresh[oid].texts))
        alike[0].items = fresh | alike[0].items
        _stamped(alike[0], group)

    def _merge(self, held: list[Group], group: Group, sent: list[Sent], version: VersionKey) -> None:
        """Set the items a transaction names; others stay as they are."""
        if held:
            _stamped(held[0], group)
        else:
            held.append(group)
        kept, form = held[0].items, group.key.form
        fresh: dict[str, Value] = {}
        for item in sent:
            self._set(kept, fresh, item, form, version)
        for oid, value in fresh.items():
            kept[oid] = value
            if len(value.texts) > 1:
                self.tell("several", form, oid, group.line, "; ".join(value.texts))

    def _set(self, kept: dict[str, Value], fresh: dict[str, Value], item: Sent, form: str, version: VersionKey) -> None:
        """One item of a transaction; standing twice in one group without a word of its own, both values are kept."""
        if item.transaction == "Context":
            if item.text:
                self.tell("context", form, item.oid, item.line, item.text)
            return
        before, again = kept.pop(item.oid, None), fresh.pop(item.oid, None)
        if again and item.text and not item.transaction:
            fresh[item.oid] = Value((*again.texts, item.text), item.unit or again.unit, version)
            return
        now = Value((item.text,), item.unit, version) if item.text and item.transaction != "Remove" else None
        for old in filter(None, (before, again)):
            kind = "repeated" if now == old else "replaced" if item.transaction != "Remove" else "removed"
            self.tell(kind, form, item.oid, item.line, "; ".join(old.texts))
        if now:
            fresh[item.oid] = now
        elif item.text:
            self.tell("removed", form, item.oid, item.line, item.text)


def _of_one(contents: Contents, form: str, sent: list[Sent], version: VersionKey) -> dict[str, Value]:
    """The items of one group of a snapshot; an item that stands several times keeps all its values."""
    items: dict[str, Value] = {}
    several: dict[str, int] = {}
    for item in sent:
        if item.text is None:
            continue
        if item.transaction == "Remove":
            contents.tell("removed", form, item.oid, item.line, item.text)
            continue
        before = items.get(item.oid)
        if before:
            several[item.oid] = item.line
        texts = (*before.texts, item.text) if before else (item.text,)
        items[item.oid] = Value(texts, item.unit or (before.unit if before else ""), version)
    for oid, line in several.items():
        contents.tell("several", form, oid, line, "; ".join(items[oid].texts))
    return items


def _agree(one: dict[str, Value], other: dict[str, Value]) -> bool:
    return all(one[oid] == other[oid] for oid in one.keys() & other.keys())


def first_of(stamps: Iterable[Stamp]) -> Stamp:
    """The earliest that says when."""
    return min((stamp for stamp in stamps if stamp[0]), default=NOBODY)


def _stamped(kept: Group, later: Group) -> None:
    """The entry times of two parts of one record."""
    kept.created = first_of((kept.created, later.created))
    kept.updated = max(kept.updated, later.updated)
    kept.audits += later.audits
