"""The annotated CRF as data of its template, as PDF, and as a table with the page of each field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from pipeline.engine.coverage import reason_of
from pipeline.engine.runner import Build
from pipeline.publish.export.annotated.annotations import Place, annotated_fields, shown, words
from pipeline.study.contracts import Contract, Field
from pipeline.study.csv_text import load_table
from pipeline.study.specs import Specs
from tlf.render.typeset import Given, noted, typeset

TEMPLATE = Path(__file__).parent / "acrf.typ"
PAPERS = {"A4": "a4", "Letter": "us-letter"}
COLUMNS = ("PAGE", "FORM", "FORM_LABEL", "FIELD", "QUESTION", "DATASET", "VARIABLE", "TEST", "ANNOTATION", "REASON")
REASONS = ("FORM", "FIELD", "REASON")
UNSENT, UNMAPPED = "NOT SUBMITTED", "no rule takes it"
ANY = "Log forms and forms of no visit"
INTRODUCTION = (
    "Each form is listed under the visits at which it is collected. Boxes in the colour of their dataset name the "
    "variable that holds an answer; what is not submitted says why."
)
KINDS = {"date": "date", "time": "number", "integer": "number", "decimal": "number", "result": "number"}
MOST = 24  # answers of a list that are drawn
HINTS = {"date": "date", "time": "time"}


@dataclass(frozen=True)
class AnnotatedForms:
    """The forms of a study's eCRF with what each field is annotated by; none of a study that has no eCRF.

    `excused` are reasons by form and field, `choices` the answers of a list, `visits` their names by folder.
    """

    specs: Specs
    version: str
    forms: Mapping[str, Contract]
    annotated: pd.DataFrame
    excused: Mapping[Place, str]
    choices: Mapping[str, list[str]]
    visits: Mapping[str, str]

    @cached_property
    def _by_field(self) -> dict[Place, pd.DataFrame]:
        """What each field is annotated by."""
        found = self.annotated.groupby(["FORM", "FIELD"], sort=False)
        return {(str(form), str(field)): rows for (form, field), rows in found}  # type: ignore[misc]

    def reason(self, form: str, field: str) -> str:
        """Why a field is not submitted, as it is printed."""
        why = reason_of(self.excused, form, field, False) or UNMAPPED
        return f"{UNSENT}: {why}"

    def targets(self, form: str, field: str) -> list[tuple[str, str, str]]:
        """The variables that a field is annotated by."""
        own = self._by_field.get((form, field), self.annotated.iloc[:0])
        subject = field == self.forms[form].subject.column
        return [("DM", "SUBJID", ""), *shown(own)] if subject else shown(own)


def annotated_forms(build: Build) -> AnnotatedForms:
    """The forms of a build's study; transfers of vendors are no pages of the CRF."""
    specs = build.specs
    forms = {name: one for name, one in specs.contracts.items() if not one.vendor and one.fields}
    rows = build.table("not_submitted") if "not_submitted" in specs.tables else pd.DataFrame(columns=list(REASONS))
    excused = {(form, field): reason for form, field, reason in rows[list(REASONS)].fillna("").to_numpy()}
    version = build.delivery.manifest.crf_version
    return AnnotatedForms(specs, version, forms, annotated_fields(specs), excused, _choices(specs), _visits(build))


def pdf(forms: AnnotatedForms) -> bytes:
    """The annotated CRF: forms by visit, then a form from each new page; bookmarks by visit and by form."""
    return typeset(TEMPLATE, template_data(forms))


def table(forms: AnnotatedForms) -> pd.DataFrame:
    """One record per field and annotation, or reason, with the page it stands on."""
    pages = field_pages(forms)
    rows = [row for name, contract in forms.forms.items() for row in _rows(forms, name, contract, pages)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def field_pages(forms: AnnotatedForms) -> dict[Place, int]:
    """The page on which each field stands."""
    told = noted(TEMPLATE, template_data(forms), "field") if forms.forms else []
    return {(str(one["form"]), str(one["field"])): int(one["page"]) for one in told}


def _rows(
    forms: AnnotatedForms, name: str, contract: Contract, pages: Mapping[Place, int]
) -> Iterator[tuple[str | int, ...]]:
    for field, entry in contract.fields.items():
        told = [(*place, words(*place), "") for place in forms.targets(name, field)]
        for dataset, variable, test, said, reason in told or [("", "", "", "", forms.reason(name, field))]:
            yield (pages[name, field], name, contract.label, field, entry.label, dataset, variable, test, said, reason)


def template_data(forms: AnnotatedForms) -> dict[str, Given]:
    """What the template is given."""
    study = forms.specs.study
    made: list[Given] = [_form(forms, name, contract) for name, contract in forms.forms.items()]
    return {
        "title": f"{study.study}: Annotated Case Report Form", "paper": PAPERS[study.paper],
        "version": f"CRF version {forms.version}" if forms.version else "",
        "told": INTRODUCTION,
        "visits": list(_by_visit(forms)), "forms": made,
    }  # fmt: skip


def _by_visit(forms: AnnotatedForms) -> Iterator[Given]:
    """The visits in their order with the forms of each; last the forms that belong to none."""
    listed = {name: set(contract.folders) & set(forms.visits) for name, contract in forms.forms.items()}
    for folder, visit in forms.visits.items():
        told: list[Given] = [_named(forms, name) for name in forms.forms if folder in listed[name]]
        if told:
            yield {"name": visit, "forms": told}
    rest: list[Given] = [_named(forms, name) for name in forms.forms if not listed[name]]
    if rest:
        yield {"name": ANY, "forms": rest}


def _named(forms: AnnotatedForms, name: str) -> Given:
    return {"id": name, "label": forms.forms[name].label or name}


def _form(forms: AnnotatedForms, name: str, contract: Contract) -> Given:
    targets = {field: forms.targets(name, field) for field in contract.fields}
    order = dict.fromkeys(_parent(dataset) for told in targets.values() for dataset, _, _ in told)
    colours = {dataset: number for number, dataset in enumerate(order)}
    labels = {spec.dataset: spec.label for spec in forms.specs.datasets.values()}
    at = [forms.visits[folder] for folder in contract.folders if folder in forms.visits]
    domains: list[Given] = [{"label": f"{one} ({labels.get(one, one)})", "colour": colours[one]} for one in order]
    fields: list[Given] = [_field(forms, name, field, entry, targets[field], colours)
                           for field, entry in contract.fields.items()]  # fmt: skip
    return {"id": name, "label": contract.label or name, "visits": f"Visits: {', '.join(at)}" if at else "",
            "domains": domains, "fields": fields}  # fmt: skip


def _field(
    forms: AnnotatedForms, form: str, name: str, entry: Field, targets: list[tuple[str, str, str]],
    colours: Mapping[str, int],
) -> Given:
    notes: list[Given] = [{"text": words(*place), "colour": colours[_parent(place[0])]} for place in targets]
    listed = forms.choices.get(entry.codelist, [])
    more = [f"... {len(listed) - MOST} more"] if len(listed) > MOST else []
    choices: list[Given] = [*listed[:MOST], *more]
    hint = entry.unit or HINTS.get(entry.type, "")
    unsent = "" if targets else forms.reason(form, name)
    return {"name": name, "label": entry.label or name, "kind": KINDS.get(entry.type, "text"), "choices": choices,
            "hint": hint, "notes": notes, "unsent": unsent}  # fmt: skip


def _parent(dataset: str) -> str:
    """The domain whose colour a dataset has: that of a SUPP-- is its parent's."""
    return dataset.removeprefix("SUPP")


def _choices(specs: Specs) -> dict[str, list[str]]:
    """The answers of each list of the eCRF, as they are read there."""
    path = specs.folder / "raw" / "_codelists.csv"
    told = load_table(path).fillna("") if path.is_file() else pd.DataFrame(columns=["CODELIST", "DECODE"])
    return {str(name): list(dict.fromkeys(rows["DECODE"])) for name, rows in told.groupby("CODELIST", sort=False)}


def _visits(build: Build) -> dict[str, str]:
    """The visits by their folder in the EDC, in the order of the plan."""
    visits = build.table("visits")
    named = visits.dropna(subset=["FOLDER", "VISIT"]).drop_duplicates("FOLDER")
    return {str(row.FOLDER): str(row.VISIT) for row in named.itertuples()}
