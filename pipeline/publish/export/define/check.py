"""The data held against what a define says of them: variables, types, lengths, codelists, where clauses, keys.

The define is read as it was written, by its elements; nothing of what made it is asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeAlias

import pandas as pd
from lxml import etree

from pipeline.publish.export.dataset import Exported
from pipeline.publish.export.define.document import DEF, ODM

COLUMNS = ("DATASET", "VARIABLE", "WHERE", "RULE", "VALUE", "RECORDS")
NAMES = {"odm": ODM, "def": DEF}
ENCODING = "encoding"  # noted at the root: in which the lengths of texts are counted
Difference: TypeAlias = "tuple[str, str, str, str, str, int]"
DATE, TIME = r"\d{4}-\d\d-\d\d", r"T\d\d:\d\d:\d\d"
PARTS = r"\d{4}(-\d\d(-\d\d(T\d\d(:\d\d(:\d\d)?)?)?)?)?"
FORMS = {
    "integer": r"-?\d+", "float": r"-?\d+(\.\d+)?(e[+-]?\d+)?", "date": DATE, "datetime": DATE + TIME,
    "partialDate": PARTS, "partialDatetime": PARTS, "incompleteDatetime": r"[\d\-T:/]+",
    "durationDatetime": r"-?P[\dYMWDTHS.,]+",
}  # fmt: skip


def differences(content: bytes, datasets: Iterable[Exported], encoding: str = "utf-8") -> pd.DataFrame:
    """One record per rule that values of a variable break: the first of these values, and how many records have it.

    Texts are as long as their bytes in this encoding.
    """
    root = etree.fromstring(content)
    root.set(ENCODING, encoding)
    items = {each.get("OID"): each for each in root.iterfind(".//odm:ItemDef", NAMES)}
    groups = {each.get("Name"): each for each in root.iterfind(".//odm:ItemGroupDef", NAMES)}
    data = {one.name: one.data for one in datasets}
    found = [(name, "", "", "the data have no such dataset", "", 0) for name in groups if name not in data]
    none = "the define has no such dataset"
    found += [(name, "", "", none, "", len(data[name])) for name in data if name not in groups]
    for name in [name for name in groups if name in data]:
        found += _of_dataset(root, groups[name], items, data[name])
    return pd.DataFrame(found, columns=list(COLUMNS))


def _of_dataset(
    root: etree._Element, group: etree._Element, items: Mapping[str, etree._Element], data: pd.DataFrame
) -> Iterator[Difference]:
    """The differences of one dataset: its variables and their order, its keys, then value by value."""
    name, references = group.get("Name"), group.findall("odm:ItemRef", NAMES)
    told = [items[reference.get("ItemOID")] for reference in references]
    due = [item.get("Name") for item in told]
    if due != list(data):
        other = [each for each in [*due, *data] if (each in due) != (each in data)]
        yield name, " ".join(other), "", "variables or their order differ", "", len(data)
    keys = [item.get("Name") for item, reference in zip(told, references, strict=True) if reference.get("KeySequence")]
    if keys and set(keys) <= set(data) and (again := int(data.duplicated(keys).sum())):
        yield name, " ".join(keys), "", "records share their keys", "", again
    for item, reference in zip(told, references, strict=True):
        if item.get("Name") in data:
            yield from _of_variable(root, name, item, data[item.get("Name")], reference.get("Mandatory") == "Yes")
            yield from _of_values(root, name, item, items, data)


def _of_variable(
    root: etree._Element, dataset: str, item: etree._Element, values: pd.Series, mandatory: bool, where: str = ""
) -> Iterator[Difference]:
    """What of the values of an item is not as it is told."""
    if mandatory and values.isna().any():
        yield dataset, item.get("Name"), where, "is mandatory and empty", "", int(values.isna().sum())
    counts = values.value_counts(sort=False)
    texts = _as_text(pd.Series(counts.index)).tolist()
    for rule, wrong in _rules(root, item):
        broken = [number for number, text in enumerate(texts) if wrong(text)]
        if broken:
            yield dataset, item.get("Name"), where, rule, texts[broken[0]], int(counts.iloc[broken].sum())


def _rules(root: etree._Element, item: etree._Element) -> Iterator[tuple[str, Callable[[str], bool]]]:
    """What the define says of the values of an item, each with how a value breaks it."""
    kind, length = item.get("DataType"), int(item.get("Length") or 0)
    if kind in FORMS:
        form = re.compile(FORMS[kind])
        yield f"is no {kind}", lambda text: not form.fullmatch(text)
    if length and kind == "text":
        encoding = root.get(ENCODING, "utf-8")
        yield f"is longer than {length} bytes", lambda text: len(text.encode(encoding, errors="replace")) > length
    if length and kind in ("integer", "float"):
        yield f"has more than {length} digits", lambda text: len(re.sub(r"\D", "", text.partition("e")[0])) > length
    reference = item.find("odm:CodeListRef", NAMES)
    if reference is not None:
        listed = root.find(f".//odm:CodeList[@OID='{reference.get('CodeListOID')}']", NAMES)
        terms = {} if listed is None else {each.get("CodedValue") for each in listed if each.get("CodedValue")}
        if listed is None or terms:
            yield "is not in the codelist", lambda text: text not in terms


def _of_values(
    root: etree._Element, dataset: str, item: etree._Element, items: Mapping[str, etree._Element], data: pd.DataFrame
) -> Iterator[Difference]:
    """The differences of the parts that where clauses tell, and records that no clause reaches."""
    reference = item.find("def:ValueListRef", NAMES)
    if reference is None:
        return
    listed = root.find(f".//def:ValueListDef[@OID='{reference.get('ValueListOID')}']", NAMES)
    reached, values = pd.Series(False, index=data.index), data[item.get("Name")]
    for part in () if listed is None else listed.findall("odm:ItemRef", NAMES):
        clause = part.find("def:WhereClauseRef", NAMES).get("WhereClauseOID")
        check = root.find(f".//def:WhereClauseDef[@OID='{clause}']/odm:RangeCheck", NAMES)
        by, value = items[check.get(f"{{{DEF}}}ItemOID")].get("Name"), check.findtext("odm:CheckValue", None, NAMES)
        meant = data[by].astype("str").eq(value)
        reached |= meant
        yield from _of_variable(root, dataset, items[part.get("ItemOID")], values[meant], False, f"{by} EQ {value}")
        if not meant.any():
            yield dataset, item.get("Name"), f"{by} EQ {value}", "no record meets the where clause", "", 0
    missed = ~reached & values.notna()
    if missed.any():
        yield dataset, item.get("Name"), "", "no where clause tells what it is", "", int(missed.sum())


def _as_text(values: pd.Series) -> pd.Series:
    """Values as a define counts them: whole numbers without a point, dates of ADaM as their numbers."""
    if values.dtype.kind == "M":
        return ((values - pd.Timestamp("1960-01-01")) / pd.Timedelta(days=1)).map("{:.0f}".format).astype("str")
    if values.dtype.kind in "fi":
        return values.map("{:.12g}".format).astype("str")
    return values.astype("str")
