"""The rows of a specification workbook from what a define says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pipeline.publish.export.define.document import ANNOTATED, comment_oid, method_oid
from pipeline.publish.export.define.facts import Facts, Item, Where
from pipeline.publish.specification import sheets
from pipeline.publish.specification.sheets import SpecSheet, sheet

YES, NO = "Yes", "No"
Record = dict[str, str]


def rows_of(facts: Facts) -> tuple[SpecSheet, ...]:
    """All sheets, those without rows too."""
    items = [each for group in facts.groups for each in group.every]
    places = {item.oid: (group.name, item.name) for group in facts.groups for item in group.items}
    made: dict[str, list[Record]] = {
        sheets.STUDY: _study(facts),
        sheets.DATASETS: [_dataset(facts, number) for number in range(len(facts.groups))],
        sheets.VARIABLES: [_variable(group.name, number, item) for group in facts.groups
                           for number, item in enumerate(group.items, start=1)],
        sheets.VALUES: [{**_variable(group.name, number, value), sheets.VARIABLE: item.name,
                         sheets.WHERE: value.where.oid if value.where else ""}
                        for group in facts.groups for item in group.items
                        for number, value in enumerate(item.values, start=1)],
        sheets.CLAUSES: list(_clauses(facts, places)),
        sheets.CODELISTS: list(_codelists(facts)),
        sheets.DICTIONARIES: [{"ID": one.oid, "Name": one.name, "Data Type": "text", "Dictionary": one.dictionary,
                               "Version": one.version} for one in facts.codelists if one.dictionary],
        sheets.METHODS: [{"ID": method_oid(one), "Name": f"Derivation of {one.name}", "Type": "Computation",
                          "Description": one.method} for one in items if one.method],
        sheets.COMMENTS: [{"ID": comment_oid(one), "Description": one.comment} for one in items if one.comment],
        sheets.DOCUMENTS: _documents(facts),
        sheets.DISPLAYS: [{"ID": one.oid, "Title": one.title, "Document": one.page.oid if one.page else ""}
                          for one in facts.displays],
        sheets.RESULTS: list(_results(facts, places)),
    }  # fmt: skip
    return tuple(sheet(kind, records) for kind, records in made.items())


def _study(facts: Facts) -> list[Record]:
    told = {"StudyName": facts.study, "StudyDescription": facts.title or facts.study, "ProtocolName": facts.study,
            "StandardName": facts.standard[0], "StandardVersion": facts.standard[1],
            "Terminology": " ".join(filter(None, facts.terminology)), "Language": "en"}  # fmt: skip
    return [{"Attribute": word, "Value": value} for word, value in told.items()]


def _dataset(facts: Facts, number: int) -> Record:
    group = facts.groups[number]
    keys = sorted((item.key, item.name) for item in group.items if item.key)
    named = ", ".join(name for _, name in keys)
    return {sheets.DATASET: group.name, "Label": group.label, "Class": group.observation_class,
            "SubClass": group.subclass, "Structure": group.structure, "Key Variables": named,
            "Standard": " ".join(facts.standard), "Repeating": YES if group.repeating else NO,
            "Reference Data": YES if group.reference else NO}  # fmt: skip


def _variable(dataset: str, number: int, item: Item) -> Record:
    origin = item.origin
    return {
        "Order": str(number), sheets.DATASET: dataset, sheets.VARIABLE: item.name, "Label": item.label,
        "Data Type": item.data_type, "Length": _text(item.length), "Significant Digits": _text(item.digits),
        "Format": item.display_format, "Mandatory": YES if item.mandatory else NO, sheets.CODELIST: item.codelist,
        "Origin": origin.type if origin else "", "Source": origin.source if origin else "",
        "Pages": " ".join(map(str, origin.pages)) if origin else "", sheets.METHOD: method_oid(item),
        "Predecessor": origin.predecessor if origin else "", sheets.COMMENT: comment_oid(item),
    }  # fmt: skip


def _clauses(facts: Facts, places: Mapping[str, tuple[str, str]]) -> Iterator[Record]:
    """The comparisons of each where clause, one a row."""
    values = [value.where for group in facts.groups for item in group.items for value in item.values]
    asked = [data.where for display in facts.displays for analysis in display.analyses for data in analysis.data]
    for where in {where.oid: where for where in [*values, *asked] if where}.values():
        yield from _comparisons(where, places)


def _comparisons(where: Where, places: Mapping[str, tuple[str, str]]) -> Iterator[Record]:
    for check in where.checks:
        dataset, variable = places.get(check.item, ("", check.item))
        yield {"ID": where.oid, sheets.DATASET: dataset, sheets.VARIABLE: variable, "Comparator": check.how,
               "Value": ", ".join(check.values)}  # fmt: skip


def _codelists(facts: Facts) -> Iterator[Record]:
    terminology = " ".join(filter(None, ("CDISC/NCI", *facts.terminology)))
    for one in facts.codelists:
        for number, term in enumerate(one.terms, start=1):
            yield {"ID": one.oid, "Name": one.name, "NCI Codelist Code": one.code, "Data Type": "text",
                   "Terminology": terminology if one.code else "", "Order": str(number), "Term": term.value,
                   "NCI Term Code": term.code, "Decoded Value": term.decode}  # fmt: skip


def _documents(facts: Facts) -> list[Record]:
    crf = [{"ID": ANNOTATED, "Title": "Annotated Case Report Form", "Href": "acrf.pdf"}] if facts.annotated else []
    return [*crf, *({"ID": paper.oid, "Title": paper.title, "Href": paper.href} for paper in facts.guides)]


def _results(facts: Facts, places: Mapping[str, tuple[str, str]]) -> Iterator[Record]:
    for display in facts.displays:
        for one in display.analyses:
            variables = [".".join(places[oid]) for data in one.data for oid in data.variables if oid in places]
            clauses = [data.where.oid for data in one.data if data.where]
            yield {"Display": display.oid, "ID": one.oid, "Description": one.label, "Variables": ", ".join(variables),
                   "Reason": one.reason, "Purpose": one.purpose, "Selection Criteria": ", ".join(clauses),
                   "Documentation": one.words, "Programming Context": "command line",
                   "Programming Code": one.code}  # fmt: skip


def _text(number: int | None) -> str:
    return "" if number is None else str(number)
