"""The items of one item group as they stand in the file: attribute values, typed elements, units, empty ones."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pipeline.readers.odm.contents import Contents, Sent
from pipeline.readers.odm.metadata import local

MAX_VALUE = 1_000_000  # characters


def items_of(contents: Contents, form: str, elements: Iterable[Any]) -> list[Sent]:
    """Each ItemData (and typed ItemDataString, ItemDataDate …); text None where it is empty or cannot be kept."""
    found = []
    for element in elements:
        if not local(element).startswith("ItemData") or not (element.attrib or element.text):
            continue
        oid, line, text = element.get("ItemOID", ""), element.sourceline or 0, _text(element)
        if text and element.get("IsNull") == "Yes":
            contents.tell("null", form, oid, line, text)
            text = ""
        if len(text) > MAX_VALUE:
            contents.tell("long", form, oid, line, f"{len(text)} characters")
            text = ""
        units = [c.get("MeasurementUnitOID", "") for c in element if local(c) == "MeasurementUnitRef"]
        found.append(Sent(oid, text or None, "".join(units[:1]), element.get("TransactionType", ""), line))
    return found


def _text(element: Any) -> str:
    value = element.get("Value")
    if value is None:
        value = "".join([element.text or "", *(child.tail or "" for child in element)])
    return str(value) if value.strip() else ""
