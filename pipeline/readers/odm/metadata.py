"""What an ODM file says about its data: per metadata version the items, code lists, groups, forms and events.

An OID has the meaning its own MetaDataVersion gives it: the same code list may decode 2 as "Not related" in one version
and as "Probably related" in the next. Source: CDISC ODM 1.3.2, MetaDataVersion and BasicDefinitions.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

LANG = "{http://www.w3.org/XML/1998/namespace}lang"
LANGUAGE = "en"
SITE_NUMBERS = ("sitenumber", "studyenvsitenumber", "locationnumber")  # vendors' attributes
SITE_CODE = re.compile(r"[A-Za-z]{0,4}[-_ ]?\d+")
VersionKey = tuple[str, str]  # study, metadata version


@dataclass
class Version:
    """The definitions of one metadata version, each by its OID."""

    names: dict[str, tuple[str, ...]] = field(default_factory=dict)
    lists: dict[str, str] = field(default_factory=dict)
    units: dict[str, tuple[str, ...]] = field(default_factory=dict)
    codes: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict)
    repeating: dict[str, bool] = field(default_factory=dict)
    items: dict[str, list[str]] = field(default_factory=dict)
    groups: dict[str, list[str]] = field(default_factory=dict)
    events: dict[str, str] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)  # of forms
    included: VersionKey | None = None

    def over(self, base: Version) -> Version:
        """This version with what it includes of another one."""
        kinds = ("names", "lists", "units", "codes", "repeating", "items", "groups", "events", "titles")
        return Version(**{kind: getattr(base, kind) | getattr(self, kind) for kind in kinds})


@dataclass
class Metadata:
    """All versions of a file, the symbols of its units, the names of its locations and users."""

    versions: dict[VersionKey, Version] = field(default_factory=dict)
    symbols: dict[str, dict[str, str]] = field(default_factory=dict)
    locations: dict[str, tuple[str, str]] = field(default_factory=dict)  # number and name
    users: dict[str, str] = field(default_factory=dict)
    meant: dict[VersionKey, Version | None] = field(default_factory=dict)

    def version(self, key: VersionKey) -> Version | None:
        """The version that a block of data names: of its study, else the only one of that name; None when unsure."""
        if key not in self.meant:
            named = [v for (_, oid), v in self.versions.items() if oid == key[1]]
            mine = [v for (study, _), v in self.versions.items() if study == key[0]]
            likely = named if key[1] else mine
            self.meant[key] = self.versions.get(key) or (likely[0] if len(likely) == 1 else None)
        return self.meant[key]

    def complete(self) -> None:
        """Put into each version what it includes of others (Include); a ring of includes ends where it began."""
        for key in list(self.versions):
            whole, seen = self.versions[key], {key}
            after = whole.included
            while after is not None and after in self.versions and after not in seen:
                seen.add(after)
                base = self.versions[after]
                after, whole = base.included, whole.over(base)
            self.versions[key] = whole

    def symbol(self, unit: str) -> str:
        """What a unit is written as; its OID where the file does not define it."""
        return spoken(self.symbols.get(unit, {})) or unit


def defined(metadata: Metadata, kind: str, element: Any, where: VersionKey) -> None:
    """Note one definition of the version that `where` names; what is none is passed by."""
    oid, version = element.get("OID", ""), metadata.versions.setdefault(where, Version()) if where[1] else Version()
    if kind == "MeasurementUnit":
        metadata.symbols[oid] = _texts(element, "Symbol") or {"": element.get("Name", "")}
    elif kind == "Location":
        attributes = {name.rpartition("}")[2].lower(): value.strip() for name, value in element.attrib.items()}
        name = " ".join(attributes.get("name", "").split())
        number = next((attributes[word] for word in SITE_NUMBERS if attributes.get(word)), "")
        opaque = SITE_CODE.fullmatch(name) and not SITE_CODE.fullmatch(oid)
        metadata.locations[oid] = (number or (name if opaque else oid), name)
    elif kind == "User":
        metadata.users[oid] = _person(element) or oid
    elif kind == "ItemDef":
        _item(version, oid, element)
    elif kind == "ItemGroupDef":
        version.repeating[oid] = element.get("Repeating", "No") != "No"
        version.items[oid] = _referred(element, "ItemRef", "ItemOID")
    elif kind == "FormDef":
        version.groups[oid] = _referred(element, "ItemGroupRef", "ItemGroupOID")
        version.titles[oid] = element.get("Name", "")
    elif kind == "StudyEventDef":
        version.events[oid] = element.get("Name", "")
    elif kind == "CodeListItem":
        codes = version.codes.setdefault(element.getparent().get("OID", ""), {})
        codes[element.get("CodedValue", "")] = _texts(element, "Decode")
    elif kind == "Include":
        version.included = (element.get("StudyOID", ""), element.get("MetaDataVersionOID", ""))


def _item(version: Version, oid: str, element: Any) -> None:
    names = (" ".join(element.get(a, "").split()) for a in ("SASFieldName", "Name"))
    version.names[oid] = tuple(name for name in names if name)
    for name in _referred(element, "CodeListRef", "CodeListOID"):
        version.lists[oid] = name
    version.units[oid] = tuple(_referred(element, "MeasurementUnitRef", "MeasurementUnitOID"))


def _person(element: Any) -> str:
    """A user as people know them: the full name, the one shown, first and last name, or the name of the login."""
    parts = {local(child): " ".join("".join(child.itertext()).split()) for child in element}
    both = " ".join(filter(None, (parts.get("FirstName", ""), parts.get("LastName", ""))))
    return next(filter(None, (parts.get("FullName"), parts.get("DisplayName"), both, parts.get("LoginName"))), "")


def local(element: Any) -> str:
    """The name of an element without its namespace; '' for comments."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _referred(element: Any, kind: str, attribute: str) -> list[str]:
    return [child.get(attribute, "") for child in element if local(child) == kind]


def _texts(element: Any, kind: str) -> dict[str, str]:
    """The translations that stand in an element's child, by language ('' where none is said)."""
    found: dict[str, str] = {}
    for child in (c for c in element if local(c) == kind):
        inherited = child.get(LANG) or element.get(LANG) or ""
        translated = [c for c in child.iter() if local(c) == "TranslatedText"]
        for text in translated or [child]:
            found.setdefault((text.get(LANG) or inherited).lower(), " ".join("".join(text.itertext()).split()))
    return found


def spoken(texts: dict[str, str], language: str = LANGUAGE) -> str:
    """The text in a language (en, or a kind of it such as en-US), else the one of no language, else the first."""
    ranked = (*(x for x in texts if x == language), *(x for x in texts if x.startswith(f"{language}-")), "", *texts)
    return next((texts[x] for x in ranked if texts.get(x)), "")


def decodes(codes: dict[str, dict[str, str]], language: str = LANGUAGE) -> dict[str, str]:
    """One code list in one language: the wished one if it is there at all, else the one that says most, never both.

    A code without a decode in that language is left out: it stands for itself.
    """
    languages: dict[str, int] = {}
    for tag in (tag for texts in codes.values() for tag, text in texts.items() if text):
        languages[tag] = languages.get(tag, 0) + 1
    chosen = max(languages, key=lambda tag: (_wished(tag, language), tag == "", languages[tag]), default="")
    return {code: texts[chosen] for code, texts in codes.items() if texts.get(chosen)}


def _wished(tag: str, language: str) -> int:
    return 2 * (tag == language) + tag.startswith(f"{language}-")
