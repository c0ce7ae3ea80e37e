"""Which item groups of a form make one record, and what its columns are called.

Groups that stand once on a form are one record together (REDCap writes one group per section); what stands once is
brought onto each record of a group that repeats. Groups that repeat, and groups that have an item of the same name as
another one on the form, stay records of their own. The layout is one for the whole form, not one per page: a record's
id does not change when another subject's page gets a second line.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.readers.odm.contents import Contents, Group, Members
from pipeline.readers.odm.metadata import Version, VersionKey
from pipeline.readers.odm.names import Token, endings, unambiguous

Page = tuple[str, ...]
Pages = dict[Page, list[Group]]
Classes = dict[tuple[VersionKey, str], Members]  # what may stand together: the groups of one form of one version

KEYS = (
    "STUDY", "SITE", "SUBJECT", "FOLDER", "FOLDERSEQ", "FORM", "RECORDPOS", "RECORDID", "ACTIVE", "CREATED", "UPDATED",
)  # fmt: skip
BESIDE = (
    "SUBJECTKEY", "SITEKEY", "SITENAME", "FOLDERNAME", "FORMSEQ", "FORMOID", "ITEMGROUP", "MDVOID",
    "CREATEDBY", "UPDATEDBY",
)  # fmt: skip
CODE, UNIT = "_STD", "_UNIT"


@dataclass(frozen=True)
class FormLayout:
    """The groups of one form that stay records of their own, its columns by item, and what stands beside each."""

    lines: frozenset[str]
    names: dict[Token, str]
    beside: dict[str, tuple[str, ...]]  # column -> endings of the columns beside it
    kinds: bool  # whether records of several groups stand in one sheet


def layout_of(contents: Contents, forms: list[str], pages: Pages) -> FormLayout:
    """The layout of the forms that go by one name (versions of one form)."""
    classes = _classes(contents, forms)
    tokens = list(dict.fromkeys(t for members in classes.values() for items in members.values() for t in items))
    versions = {t[0]: contents.metadata.version(t[0]) or Version() for t in tokens}
    candidates = {t: (*versions[t[0]].names.get(t[1], ()), *endings(t[1])) for t in tokens}
    measured = {(v.version, oid) for gs in pages.values() for g in gs for oid, v in g.items.items() if v.unit}
    beside = {t: _beside(versions[t[0]], t, measured) for t in tokens}
    lines = _repeating(contents, classes, pages)
    for members in classes.values():
        lines |= _sharing({g: {candidates[t][0] for t in items} for g, items in members.items()}, lines)
    names = unambiguous(candidates, _together(classes, lines), frozenset((*KEYS, *BESIDE)), beside)
    columns: dict[str, tuple[str, ...]] = {}
    for token, name in names.items():
        columns[name] = tuple(end for end in (CODE, UNIT) if end in beside[token] or end in columns.get(name, ()))
    kinds = any(len(lines & members.keys()) > 1 for members in classes.values())
    return FormLayout(frozenset(lines), names, columns, kinds)


def _beside(version: Version, token: Token, measured: set[Token]) -> tuple[str, ...]:
    """An item of a code list has its code beside it, one that is measured its unit."""
    united = version.units.get(token[1]) or token in measured
    return (*((CODE,) if token[1] in version.lists else ()), *((UNIT,) if united else ()))


def _classes(contents: Contents, forms: list[str]) -> Classes:
    """Groups and items by version and form: as the metadata list them, then as the data have them.

    In a transactional file a page may have been filled under several versions: they are one class.
    """
    classes: Classes = {}
    for block in contents.blocks:
        version = contents.metadata.version(block) or Version()
        for form in forms:
            members = classes.setdefault((("", "") if contents.transactional else block, form), {})
            for group in version.groups.get(form, ()):
                planned = dict.fromkeys((block, oid) for oid in version.items.get(group, ()))
                members.setdefault(group, {}).update(planned)
    for (block, form), seen in contents.seen.items():
        for group, items in seen.items() if form in forms else ():
            classes.setdefault((block, form), {}).setdefault(group, {}).update(items)
    return classes


def _repeating(contents: Contents, classes: Classes, pages: Pages) -> set[str]:
    """Groups that the metadata call repeating, or that stand on one page under several keys."""
    versions = [v for block in contents.blocks if (v := contents.metadata.version(block))]
    groups = {group for members in classes.values() for group in members}
    repeating = {group for group in groups if any(v.repeating.get(group) for v in versions)}
    for held in pages.values():
        keys: dict[str, set[str]] = {}
        for g in held:
            keys.setdefault(g.key.group, set()).add(g.key.repeat)
        repeating |= {group for group, repeats in keys.items() if len(repeats) > 1}
    return repeating


def _sharing(names: dict[str, set[str]], lines: set[str]) -> set[str]:
    """Groups, not among the lines, that have an item of the same name as another group beside them."""
    holders: dict[str, set[str]] = {}
    for group, held in names.items():
        for name in held:
            holders.setdefault(name, set()).add(group)
    return {group for groups in holders.values() if len(groups) > 1 for group in groups} - lines


def _together(classes: Classes, lines: set[str]) -> Iterator[list[Token]]:
    """The items that may stand in one record: those of the head, and of each line with them."""
    for members in classes.values():
        head = [token for group, items in members.items() if group not in lines for token in items]
        yield head
        yield from ([*head, *items] for group, items in members.items() if group in lines)
