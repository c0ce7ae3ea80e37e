"""A CDISC ODM 1.3 snapshot (the XML that EDC systems export) as one sheet per form.

A record is one item group of one form of one visit of one subject; its keys become the system columns STUDY, SITE,
SUBJECT, FOLDER, FOLDERSEQ, FORM, RECORDPOS, RECORDID and ACTIVE. Item groups that do not repeat belong to every record
of their form. An item with a code list gives the decode, and its code in the column <item>_STD. A file that declares
entities or a document type is refused, and no network is touched. Source: CDISC ODM 1.3.2, ClinicalData.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from pipeline.ground.faults import TrialError
from pipeline.readers import Sheet

SUFFIX = ".xml"
MAX_SIZE = 2_000_000_000  # bytes
MAX_VALUE = 1_000_000  # characters
KEYS = (
    "STUDY",
    "SITE",
    "SUBJECT",
    "FOLDER",
    "FOLDERSEQ",
    "FORM",
    "RECORDPOS",
    "RECORDID",
    "ACTIVE",
    "CREATED",
    "UPDATED",
)
FORBIDDEN = tuple(
    word.encode(code) for word in ("<!DOCTYPE", "<!ENTITY") for code in ("utf-8", "utf-16-le", "utf-16-be")
)


@dataclass
class Record:
    """One record under way: where it stands, its keys, its items."""

    line: int
    keys: dict[str, str]
    items: dict[str, str] = field(default_factory=dict)


@dataclass
class Snapshot:
    """What one ODM file holds: names of its items, its code lists, when it was made, and records by form."""

    names: dict[str, str] = field(default_factory=dict)
    lists: dict[str, str] = field(default_factory=dict)
    decodes: dict[tuple[str, str], str] = field(default_factory=dict)
    made: str = ""
    forms: dict[str, list[Record]] = field(default_factory=dict)


def form_names(path: Path) -> list[str]:
    """The forms of the file. Raises TrialError for what is no ODM, or not a safe one."""
    return list(snapshot(path).forms)


def read_form_data(path: Path, form: str) -> Sheet:
    """One form as text cells. Raises TrialError."""
    whole = snapshot(path)
    if form not in whole.forms:
        raise TrialError(f"The ODM file has no form {form}.", path.name, f"it has {', '.join(whole.forms)}")
    records = whole.forms[form]
    items = list(dict.fromkeys(name for record in records for name in record.items))
    header = [*(k for k in KEYS if k not in items), *items]
    rows = [[record.items.get(n, record.keys.get(n, "")) for n in header] for record in records]
    return Sheet(f"{path.name}[{form}]", header, rows, [record.line for record in records])


def created(path: Path) -> str:
    """When the snapshot was made (ISO), as it says itself."""
    return snapshot(path).made


def snapshot(path: Path) -> Snapshot:
    """The file's content. Raises TrialError."""
    state = path.stat()
    return _snapshot(path, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=2)
def _snapshot(path: Path, changed: int, size: int) -> Snapshot:
    from lxml import etree

    if size > MAX_SIZE:
        raise TrialError("The ODM file is too large to be read.", path.name, "ask for CSV files")
    refuse_entities(path)
    whole = Snapshot()
    stack: list[dict[str, Any]] = []
    try:
        parser = etree.iterparse(str(path), events=("start", "end"), resolve_entities=False, no_network=True,
                                 load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True)  # fmt: skip
        for event, element in parser:
            tag = etree.QName(element).localname
            if event == "start":
                _opened(tag, element, stack, whole)
                continue
            _closed(tag, element, stack, whole)
            if tag in ("ItemGroupData", "FormData", "StudyEventData", "SubjectData", "ItemGroupDef", "CodeListItem"):
                element.clear()
    except etree.XMLSyntaxError as error:
        raise TrialError(
            f"This file cannot be read as ODM-XML: {error}.", path.name, "ask for the file again"
        ) from error
    if not whole.made and not whole.forms:
        raise TrialError(
            "This XML file is no ODM snapshot with clinical data.", path.name, "export ClinicalData, ODM 1.3"
        )
    return whole


def refuse_entities(path: Path) -> None:
    """Raises TrialError for a file that declares a document type or entities: no EDC export needs them."""
    with path.open("rb") as stream:
        before = b""
        while block := stream.read(1 << 20):
            if any(mark in before + block for mark in FORBIDDEN):
                raise TrialError(
                    "The XML file declares a document type or entities; it is not read.",
                    path.name,
                    "ask where it comes from",
                )
            before = block[-32:]


def _opened(tag: str, element: Any, stack: list[dict[str, Any]], whole: Snapshot) -> None:
    """Keep the keys of the levels under way."""
    if tag == "ODM":
        whole.made = element.get("CreationDateTime", "")
    elif tag == "ItemDef":
        whole.names[element.get("OID", "")] = element.get("SASFieldName") or element.get("Name") or ""
    elif tag in ("ClinicalData", "SubjectData", "StudyEventData", "FormData", "ItemGroupData"):
        stack.append({"tag": tag, "get": dict(element.attrib), "line": element.sourceline or 0, "groups": []})
    elif tag == "SiteRef" and stack:
        stack[-1]["site"] = element.get("LocationOID", "")


def _closed(tag: str, element: Any, stack: list[dict[str, Any]], whole: Snapshot) -> None:
    """A level is whole: code lists are noted, item groups joined to records when their form ends."""
    if tag == "ItemDef":
        lists = [child.get("CodeListOID", "") for child in element if child.tag.endswith("CodeListRef")]
        whole.lists |= {element.get("OID", ""): name for name in lists}
    elif tag == "CodeListItem":
        owner = element.getparent()
        text = "".join(element.itertext()).strip()
        whole.decodes[(owner.get("OID", ""), element.get("CodedValue", ""))] = text
    elif tag == "ItemGroupData":
        group = stack.pop()
        group["items"] = dict(_items(element, whole))
        stack[-1]["groups"].append(group)
    elif tag == "FormData":
        for record in _records(stack):
            whole.forms.setdefault(record.keys["FORM"], []).append(record)
        stack.pop()
    elif stack and stack[-1]["tag"] == tag:
        stack.pop()


def _items(group: Any, whole: Snapshot) -> Iterator[tuple[str, str]]:
    """Names and values of a group's items, a decoded one with its code under <name>_STD."""
    for item in group:
        kind = item.tag.rpartition("}")[2] if isinstance(item.tag, str) else ""
        if not kind.startswith("ItemData"):
            continue
        oid = item.get("ItemOID", "")
        value = item.get("Value", "") if kind == "ItemData" else "".join(item.itertext())
        if item.get("IsNull") == "Yes" or len(value) > MAX_VALUE:
            value = ""
        name, listed = whole.names.get(oid) or last_part(oid), whole.lists.get(oid)
        decode = whole.decodes.get((listed, value)) if listed else None
        yield name, decode if decode is not None else value
        if listed:
            yield f"{name}_STD", value


def _records(stack: list[dict[str, Any]]) -> Iterator[Record]:
    """The records of the form that ends: one per repeated item group, with what all of its groups share."""
    levels = {level["tag"]: level for level in stack}
    form = levels["FormData"]
    shared = {n: v for g in form["groups"] if not _position(g) for n, v in g["items"].items()}
    repeated: dict[str, list[dict[str, Any]]] = {}
    for group in form["groups"]:
        if _position(group):
            repeated.setdefault(_position(group), []).append(group)
    for key, groups in (repeated or {form["get"].get("FormRepeatKey", "1"): form["groups"]}).items():
        if groups:
            items = {n: v for g in groups for n, v in g["items"].items()}
            yield Record(groups[0]["line"], _keys(levels, key, groups), {**shared, **items})


def _position(group: dict[str, Any]) -> str:
    """The repeat key of an item group; '' where it stands once per form (some systems write '@')."""
    key = str(group["get"].get("ItemGroupRepeatKey", ""))
    return "" if key == "@" else key


def _keys(levels: dict[str, dict[str, Any]], position: str, groups: list[dict[str, Any]]) -> dict[str, str]:
    def told(tag: str, name: str) -> str:
        return str(levels.get(tag, {}).get("get", {}).get(name, ""))

    subject, event, form = (
        told("SubjectData", "SubjectKey"),
        told("StudyEventData", "StudyEventOID"),
        told("FormData", "FormOID"),
    )
    repeat, again = told("StudyEventData", "StudyEventRepeatKey") or "1", told("FormData", "FormRepeatKey") or "1"
    kinds = [levels[tag]["get"].get("TransactionType", "") for tag in levels] + [
        g["get"].get("TransactionType", "") for g in groups[:1]
    ]
    name, folder = last_part(form), last_part(event)
    return {
        "STUDY": told("ClinicalData", "StudyOID"), "SITE": levels.get("SubjectData", {}).get("site", ""),
        "SUBJECT": subject, "FOLDER": folder, "FOLDERSEQ": repeat, "FORM": name, "RECORDPOS": position,
        "RECORDID": "/".join((subject, folder, repeat, name, again, position)),
        "ACTIVE": "0" if "Remove" in kinds else "1",
    }  # fmt: skip


def last_part(oid: str) -> str:
    """The name in an OID such as IT.AE.AETERM or F_AE: what stands after its last dot."""
    return oid.rpartition(".")[2]
