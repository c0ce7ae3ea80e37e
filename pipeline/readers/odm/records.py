"""The records of one page (one form of one visit of one subject), joined from its item groups as the layout says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.readers.odm.contents import Group
from pipeline.readers.odm.layout import FormLayout


@dataclass(frozen=True)
class Record:
    """One record: the groups it is of, those brought onto it, and its place on the page."""

    own: tuple[Group, ...]
    head: tuple[Group, ...]
    position: str
    kind: str = ""

    @property
    def removed(self) -> bool:
        """True when the database has removed it."""
        return self.own[0].removed


def records_of(groups: list[Group], layout: FormLayout) -> list[Record]:
    """The records of a page in the order of the file; removed ones stay records of their own."""
    place = {id(group): i for i, group in enumerate(groups)}
    found = _records([g for g in groups if not g.removed], [g for g in groups if g.removed], layout)
    return sorted(found, key=lambda record: min(place[id(group)] for group in record.own))


def _records(active: list[Group], gone: list[Group], layout: FormLayout) -> Iterator[Record]:
    lines, gone_lines = ([g for g in held if g.key.group in layout.lines] for held in (active, gone))
    head, rest = _head([g for g in active if g.key.group not in layout.lines], bool(lines or gone_lines), layout)
    gone_head, gone_rest = _head([g for g in gone if g.key.group not in layout.lines], bool(gone_lines), layout)
    yield from (_line(group, head, layout) for group in lines)
    yield from rest
    if head and not lines:
        yield Record(head, (), _position(head, layout))
    yield from (_line(group, head or gone_head, layout) for group in gone_lines)
    yield from gone_rest
    if gone_head and head:
        yield Record(gone_head, (), _position(gone_head, layout))


def _line(group: Group, head: tuple[Group, ...], layout: FormLayout) -> Record:
    return Record((group,), head, group.key.repeat or "1", group.key.group if layout.kinds else "")


def _head(groups: list[Group], lines: bool, layout: FormLayout) -> tuple[tuple[Group, ...], list[Record]]:
    """What is brought onto the page's lines, and the records that stand beside them.

    Groups of one key (or none) belong together; where several keys stand, each is a record, and what has no key is
    brought onto each.
    """
    first: dict[str, list[Group]] = {}
    again: list[Group] = []
    for group in groups:
        held = first.setdefault(group.key.repeat, [])
        (again if any(g.key == group.key for g in held) else held).append(group)
    shared = tuple(first.pop("", ()))
    rest = [Record((group,), (), _position((group,), layout)) for group in again]
    if lines and len(first) <= 1:
        return (*shared, *(g for held in first.values() for g in held)), rest
    if first:
        rest += [Record(tuple(held), () if lines else shared, key) for key, held in first.items()]
        return (shared if lines else ()), rest
    return (shared, rest) if lines else ((), [Record(shared, (), _position(shared, layout)), *rest] if shared else rest)


def _position(groups: tuple[Group, ...], layout: FormLayout) -> str:
    """The repeat key; of a page without one its own, and 0 beside lines (as the head of a log is counted)."""
    repeat = next((group.key.repeat for group in groups if group.key.repeat), "")
    return repeat or ("0" if layout.lines else groups[0].key.form_repeat)
