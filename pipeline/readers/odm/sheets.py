"""From an ODM file's values to sheets: one per form, a column per item, its code and unit beside it."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.readers import Sheet
from pipeline.readers.odm.contents import Contents, Event, Value, first_of
from pipeline.readers.odm.layout import BESIDE, CODE, KEYS, UNIT, FormLayout, Pages, layout_of
from pipeline.readers.odm.metadata import Version, VersionKey, decodes
from pipeline.readers.odm.names import endings, unambiguous, versionless
from pipeline.readers.odm.notes import notes_of
from pipeline.readers.odm.records import Record, records_of


def forms_of(contents: Contents) -> dict[str, list[str]]:
    """The forms of the file by name, each with the OIDs of its versions: first those with data, then the planned."""
    held = dict.fromkeys([*(group.key.form for group in contents.groups()), *(form for _, form in contents.seen)])
    versions = [v for block in contents.blocks if (v := contents.metadata.version(block))]
    oids = list(dict.fromkeys([*held, *(form for version in versions for form in version.groups)]))
    bases = {oid: versionless(oid) for oid in oids}
    names = _short(list(bases.values()))
    forms: dict[str, list[str]] = {}
    for oid in oids:
        forms.setdefault(names[bases[oid]], []).append(oid)
    return forms


def _short(oids: list[str]) -> dict[str, str]:
    tokens = [("", oid) for oid in dict.fromkeys(oids)]
    named = unambiguous({token: endings(token[1]) for token in tokens}, [tokens])
    return {oid: name for (_, oid), name in named.items()}


class Writer:
    """What all sheets of one file share: its pages by form, the names of events and groups, the decodes."""

    def __init__(self, contents: Contents, file: str) -> None:
        self.contents, self.file = contents, file
        self.forms = forms_of(contents)
        groups = contents.groups()
        self.events = _short([group.key.event for group in groups if group.key.event])
        self.groups = _short([group.key.group for group in groups])
        self.versions = {group.key.version for group in groups}
        self.language = ""
        self.lists: dict[tuple[VersionKey, str, str], dict[str, str]] = {}
        self.pages: dict[str, Pages] = {}
        for group in groups:
            self.pages.setdefault(group.key.form, {}).setdefault(group.key.page, []).append(group)
        self.first = max(self.forms, key=self._subjects, default="")  # carries the notes of the whole file

    def sheet(self, form: str, language: str) -> Sheet:
        """One form as text cells, its decodes in a language."""
        self.language = language
        oids = self.forms[form]
        pages: Pages = {page: groups for oid in oids for page, groups in self.pages.get(oid, {}).items()}
        layout = layout_of(self.contents, oids, pages)
        records = [record for groups in pages.values() for record in records_of(groups, layout)]
        keyed = [self._keys(record, form) for record in records]
        for keys, name in zip(keyed, _once_each(records, keyed), strict=True):
            keys["RECORDID"] = name
        beside = [name for name in BESIDE if self._worth(name, form, keyed)]
        columns = [name + end for name, ends in layout.beside.items() for end in ("", *ends)]
        asked: list[Event] = []
        cells = [self._cells(record, layout, asked) for record in records]
        rows = [
            [*(keys[name] for name in (*KEYS, *beside)), *(items.get(name, "") for name in columns)]
            for keys, items in zip(keyed, cells, strict=True)
        ]
        notes = notes_of(self.contents, asked, oids, layout, first=form == self.first)
        lines = [record.own[0].line for record in records]
        header = [*KEYS, *beside, *columns]
        own = frozenset((*KEYS, *BESIDE, *(name + CODE for name in layout.beside), *_same_unit(layout, cells)))
        return Sheet(f"{self.file}[{form}]", header, rows, lines, notes=notes, inactive=("ACTIVE", "0"), own=own)

    def _subjects(self, form: str) -> int:
        return len({page[2] for oid in self.forms[form] for page in self.pages.get(oid, ()) if page[2]})

    def _keys(self, record: Record, form: str) -> dict[str, str]:
        """The system columns of a record and those that may stand beside them."""
        key, contents = record.own[0].key, self.contents
        number = contents.numbers.get((key.study, key.subject), key.subject)
        location = contents.sites.get((key.study, key.subject), "")
        site, named = contents.metadata.locations.get(location, (location, ""))
        folder, kind = self.events.get(key.event, ""), self.groups[record.kind] if record.kind else ""
        entered, changed = first_of(g.created for g in record.own), max(g.updated for g in (*record.own, *record.head))
        users = contents.metadata.users
        place = (number, folder, key.event_repeat, form, key.form_repeat, kind, record.position)
        return {
            "STUDY": key.study, "SITE": site, "SUBJECT": number, "FOLDER": folder, "FOLDERSEQ": key.event_repeat,
            "FORM": form, "RECORDPOS": record.position, "RECORDID": "/".join(part for part in place if part),
            "ACTIVE": "0" if record.removed else "1",
            "CREATED": entered[0], "UPDATED": changed[0],
            "SUBJECTKEY": key.subject, "SITEKEY": location, "SITENAME": named if named != site else "",
            "FOLDERNAME": self._event(record), "FORMSEQ": key.form_repeat, "FORMOID": key.form, "ITEMGROUP": kind,
            "MDVOID": key.version,
            "CREATEDBY": users.get(entered[1], entered[1]), "UPDATEDBY": users.get(changed[1], changed[1]),
        }  # fmt: skip

    def _worth(self, name: str, form: str, keyed: list[dict[str, str]]) -> bool:
        """True for a column that says more than those every form has."""
        if name == "SUBJECTKEY":
            return bool(self.contents.numbers)
        if name == "SITEKEY":
            return any(keys[name] != keys["SITE"] for keys in keyed)
        if name == "FORMSEQ":
            return any(keys[name] != "1" for keys in keyed)
        if name == "FORMOID":
            return len(self.forms[form]) > 1
        if name == "MDVOID":
            return len(self.versions) > 1
        return any(keys[name] for keys in keyed)

    def _event(self, record: Record) -> str:
        """The event's name in the version the record was filled under."""
        group = record.own[0]
        stands = next(iter(group.items.values())).version if group.items else (group.key.study, group.key.version)
        version = self.contents.metadata.version(stands)
        return version.events.get(group.key.event, "") if version else ""

    def _cells(self, record: Record, layout: FormLayout, asked: list[Event]) -> dict[str, str]:
        """The items of a record by column: what was brought onto it, then its own."""
        cells: dict[str, str] = {}
        for group in (*record.head, *record.own):
            for oid, value in group.items.items():
                name = layout.names[(value.version, oid)]
                ends, version = layout.beside[name], self.contents.metadata.version(value.version) or Version()
                decoded = self._decodes(version, value.version, version.lists.get(oid, ""))
                cells[name] = "; ".join(decoded.get(text, text) for text in value.texts)
                codes = version.codes.get(version.lists.get(oid, ""), {})
                unlisted = [text for text in value.texts if codes and text not in codes and not group.removed]
                asked += [Event("not listed", group.key.form, oid, group.line, text) for text in unlisted]
                if CODE in ends and oid in version.lists:
                    cells[name + CODE] = "; ".join(value.texts)
                if UNIT in ends:
                    cells[name + UNIT] = self._unit(value, version.units.get(oid, ()))
                    if not cells[name + UNIT]:
                        asked.append(Event("no unit", group.key.form, oid, group.line, cells[name]))
        return cells

    def _unit(self, value: Value, possible: tuple[str, ...]) -> str:
        """The unit a value names, else the only one its item has."""
        unit = value.unit or (possible[0] if len(possible) == 1 else "")
        return self.contents.metadata.symbol(unit) if unit else ""

    def _decodes(self, version: Version, key: VersionKey, listed: str) -> dict[str, str]:
        place = (key, listed, self.language)
        if place not in self.lists:
            self.lists[place] = decodes(version.codes.get(listed, {}), self.language)
        return self.lists[place]


def _same_unit(layout: FormLayout, cells: list[dict[str, str]]) -> Iterator[str]:
    """The columns of units that say the same of every value."""
    for column in (name + UNIT for name, ends in layout.beside.items() if UNIT in ends):
        if len({row[column] for row in cells if row.get(column)}) < 2:
            yield column


def _once_each(records: list[Record], rows: list[dict[str, str]]) -> list[str]:
    """The ids of records, told apart by version and subject key where two are alike that are not the same."""
    taken: dict[str, tuple[str, ...]] = {}
    columns = []
    for record, keys in zip(records, rows, strict=True):
        key, name = record.own[0].key, keys["RECORDID"]
        same = (key.study, key.version, key.subject, key.event, key.form)
        for more in (key.version, key.subject, key.event, key.form, key.study):
            if taken.setdefault(name, same) == same:
                break
            name = f"{name}/{more}" if more else name
        columns.append(name)
    return columns
