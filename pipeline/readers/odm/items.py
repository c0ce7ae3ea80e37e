"""One item as it stands in the file: an attribute or a typed element, its unit, or deliberately empty."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pipeline.readers.odm.contents import Contents, Sent
from pipeline.readers.odm.metadata import local

MAX_VALUE = 1_000_000  # characters


def item_of(contents: Contents, form: Callable[[], str], element: Any, line: int) -> Sent:
    """An ItemData (or typed ItemDataString, ItemDataDate …); text None where it is empty or cannot be kept."""
    oid, text, unit = element.get("ItemOID", ""), _text(element), ""
    if text and element.get("IsNull") == "Yes":
        contents.tell("null", form(), oid, line, text)
        text = ""
    if len(text) > MAX_VALUE:
        contents.tell("long", form(), oid, line, f"{len(text)} characters")
        text = ""
    for child in element:
        if local(child) == "MeasurementUnitRef":
            unit = unit or child.get("MeasurementUnitOID", "")
    return Sent(oid, text or None, unit, element.get("TransactionType", ""), line)


def _text(element: Any) -> str:
    value = element.get("Value")
    if value is None:
        value = "".join([element.text or "", *(child.tail or "" for child in element)])
    return str(value) if value.strip() else ""
