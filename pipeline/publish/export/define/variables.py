"""The variables of a dataset as a define tells them: type, length, origin, method; findings also value by value."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import pandas as pd

from pipeline.ground.metadata import Parameter, Variable
from pipeline.ground.words import value_text
from pipeline.publish.export.dataset import Exported
from pipeline.publish.export.define.facts import Described, Item, RangeCheck, ValueOrigin, Where
from pipeline.publish.export.long_text import SUPP
from pipeline.publish.export.oids import group_oid, item_oid
from pipeline.publish.export.types import FORMATS, define_type

ORDER = (
    "SUBJECT LEVEL ANALYSIS DATASET", "TRIAL DESIGN", "SPECIAL PURPOSE", "INTERVENTIONS", "EVENTS", "FINDINGS",
    "FINDINGS ABOUT", "RELATIONSHIP",
)  # fmt: skip
CLASSES = {"SPECIAL-PURPOSE": "SPECIAL PURPOSE"}
SUBCLASSES = {"EVNTDESC": "TIME-TO-EVENT", "AETERM": "ADVERSE EVENT"}  # of analysis datasets, by a variable they have
FINDINGS, BASIC = ("FINDINGS", "FINDINGS ABOUT"), "BASIC DATA STRUCTURE"
RESULTS = ("ORRES", "STRESC", "STRESN")
OF_SUBJECT = {"STUDYID", "USUBJID"}
QUALIFIED = {  # what QORIG says, and how Define-XML 2.1 says it
    "CRF": ("Collected", "Investigator"), "eDT": ("Collected", "Vendor"), "Derived": ("Derived", "Sponsor"),
    "Assigned": ("Assigned", "Sponsor"), "Protocol": ("Protocol", "Sponsor"),
}  # fmt: skip
SIZED = ("text", "integer", "float")


@dataclass(frozen=True)
class Alongside:
    """What is known beside a dataset: bytes of texts, OIDs of codelists and pages of the CRF by place.

    A place is a dataset and a variable; of a qualifier SUPP-- and its QNAM.
    """

    sizes: Mapping[tuple[str, str], int]
    codelists: Mapping[tuple[str, str], str]
    pages: Mapping[tuple[str, str], tuple[int, ...]] = field(default_factory=dict)
    vendors: Collection[tuple[str, str]] = ()


def groups(datasets: Iterable[Exported], known: Alongside) -> tuple[Described, ...]:
    """The datasets, by class as reviewers read them, within it by name."""
    place = {name: number for number, name in enumerate(ORDER)}
    told = [group(one, known) for one in datasets]
    return tuple(sorted(told, key=lambda one: (place.get(one.observation_class, len(ORDER)), one.name)))


def group(one: Exported, known: Alongside) -> Described:
    """A dataset with all its variables."""
    spec, has_subjects = one.spec, "USUBJID" in one.spec.names
    place = {name: number for number, name in enumerate((key for key in spec.keys if key in spec.names), start=1)}
    items = tuple(replace(each, key=place.get(each.name)) for each in _items(one, known))
    return Described(
        group_oid(one.name), one.name, spec.label, spec.structure,
        CLASSES.get(spec.observation_class, spec.observation_class), _subclass(one),
        one.name.removeprefix("SUPP") if spec.layer == "sdtm" else "", spec.layer,
        has_subjects and not set(spec.keys) <= OF_SUBJECT, not has_subjects and spec.layer == "sdtm", items,
    )  # fmt: skip


def _subclass(one: Exported) -> str:
    """What kind of its class an analysis dataset is, '' where the standard has no word for it."""
    told = [word for name, word in SUBCLASSES.items() if name in one.spec.names and one.spec.layer == "adam"]
    return told[0] if told and one.spec.observation_class != "SUBJECT LEVEL ANALYSIS DATASET" else ""


def _items(one: Exported, known: Alongside) -> Iterator[Item]:
    """The variables in their order; a result by test, a qualifier by name, an analysis value by parameter."""
    for variable in one.spec.variables:
        values = one.data[variable.name]
        item = _item(one, variable, values, known)
        told = tuple(_values(one, variable, item, known))
        origin = None if all(value.origin for value in told) else item.origin  # else it is told value by value
        yield replace(item, values=told, origin=origin, method=item.method if origin else "") if told else item


def _item(one: Exported, variable: Variable, values: pd.Series, known: Alongside) -> Item:
    """A variable of a dataset, or the part of its values that a condition tells."""
    kind = define_type(variable, values)
    length, digits = _size(values, kind, known.sizes.get((one.name, variable.name)))
    derived = variable.origin == "Derived"
    said = " ".join(filter(None, ("" if derived else variable.derivation, variable.comment)))
    return Item(
        item_oid(one.name, variable.name), variable.name, variable.label, kind, length, digits,
        FORMATS.get(variable.type, ""), known.codelists.get((one.name, variable.name), ""),
        _origin(one, variable, known), variable.derivation if derived else "", said, variable.required,
    )  # fmt: skip


def _size(values: pd.Series, kind: str, stored: int | None) -> tuple[int | None, int | None]:
    """Length and significant digits: bytes of a text as it is stored, digits of the longest number."""
    if kind not in SIZED:
        return None, None
    if kind == "text":
        return stored or 1, None
    if values.dtype.kind == "M":
        return 8, None
    texts = [value_text(float(number)).lstrip("-") for number in values.dropna().unique()]
    whole = max((len(text.partition(".")[0]) for text in texts), default=1)
    behind = max((len(text.partition(".")[2]) for text in texts), default=0)
    return (whole, None) if kind == "integer" else (min(whole + behind, 16), min(behind, 15))


def _origin(one: Exported, variable: Variable, known: Alongside) -> ValueOrigin | None:
    """Where a variable comes from; collected ones by whom, and on which pages."""
    place = (one.name, variable.name)
    if variable.origin == "Predecessor":
        return ValueOrigin("Predecessor", "", variable.source)
    if variable.origin == "Collected":
        source = "Vendor" if place in known.vendors else "Investigator"
        return ValueOrigin("Collected", source, "", known.pages.get(place, ()))
    return ValueOrigin(variable.origin, "Sponsor") if variable.origin else None


def _values(one: Exported, variable: Variable, item: Item, known: Alongside) -> Iterator[Item]:
    """What a variable holds by test, qualifier or parameter, where it holds anything."""
    by = _told_by(one, variable)
    if not by:
        return
    parameters = {parameter.code: parameter for parameter in one.spec.parameters}
    for code, records in one.data[one.data[variable.name].notna()].groupby(by, sort=True):
        values = records[variable.name]
        part = _item(one, variable, values, replace(known, sizes=_own_sizes(one, variable, values)))
        where = Where(f"WC.{one.name}.{by}.{code}", (RangeCheck(item_oid(one.name, by), "EQ", (str(code),)),))
        part = replace(part, oid=item_oid(one.name, variable.name, str(code)), where=where, codelist="", key=None,
                       label=_label(one, by, records), mandatory=False, origin=None, method="", comment="")  # fmt: skip
        yield _made_so(part, parameters.get(str(code)), one, records, known)


def _made_so(
    part: Item, parameter: Parameter | None, one: Exported, records: pd.DataFrame, known: Alongside
) -> Item:
    """The part with how its parameter is made, a qualifier with the origin it states; others are as their variable."""
    if parameter and parameter.derivation:
        return replace(part, method=parameter.derivation, origin=ValueOrigin("Derived", "Sponsor"))
    if one.spec.name.startswith(SUPP):
        stated = str(records["QORIG"].iloc[0])
        kind, source = QUALIFIED.get(stated, ("Other", "Sponsor"))
        pages = known.pages.get((one.name, str(records["QNAM"].iloc[0])), ()) if stated == "CRF" else ()
        return replace(part, origin=ValueOrigin(kind, source, "", pages))
    return part


def _told_by(one: Exported, variable: Variable) -> str:
    """The variable by whose values this one holds different things, '' where it does not."""
    prefix, names = one.name[:2], one.spec.names
    if one.spec.name.startswith(SUPP):
        return "QNAM" if variable.name == "QVAL" else ""
    if one.name == "TS":
        return "TSPARMCD" if variable.name == "TSVAL" else ""
    if one.spec.observation_class in FINDINGS and f"{prefix}TESTCD" in names:
        return f"{prefix}TESTCD" if variable.name in {prefix + result for result in RESULTS} else ""
    return "PARAMCD" if one.spec.observation_class == BASIC and variable.name in ("AVAL", "AVALC") else ""


def _label(one: Exported, by: str, records: pd.DataFrame) -> str:
    """What the test, qualifier or parameter is called."""
    name = {"QNAM": "QLABEL", "TSPARMCD": "TSPARM", "PARAMCD": "PARAM"}.get(by, by.removesuffix("CD"))
    return str(records[name].iloc[0]) if name in records and records[name].notna().iloc[0] else ""


def _own_sizes(one: Exported, variable: Variable, values: pd.Series) -> dict[tuple[str, str], int]:
    if variable.type != "text":
        return {}
    return {(one.name, variable.name): max(len(text.encode("utf-8")) for text in values.unique())}
