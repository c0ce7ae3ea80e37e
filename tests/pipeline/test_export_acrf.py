"""The annotated CRF: each field with the variable that holds it, or why none does; the define names its pages."""

from dataclasses import replace

import pandas as pd
import pytest
from read_once import specs_of

from pipeline.ground.metadata import StudySettings
from pipeline.publish.export.annotated.annotations import (
    COLUMNS,
    annotated_fields,
    of_transfers,
    pages_of,
    placed,
    shown,
    words,
)
from pipeline.publish.export.annotated.pages import AnnotatedForms, field_pages, pdf, table, template_data
from pipeline.study.contracts import Contract, Field, Subject

ANNOTATED = pd.DataFrame([
    ("AE", "AETERM", "AE", "AETERM", "", "value"), ("AE", "AESI", "SUPPAE", "AESI", "", "value"),
    ("AE", "AEONGO", "AE", "AEENRTPT", "", "condition"), ("AE", "AETERM", "AE", "AEDECOD", "", "condition"),
    ("AE", "AEYN", "AE", "", "", "record"), ("VS", "TEMP", "VS", "VSORRES", "TEMP", "value"),
    ("VS", "TEMP", "VS", "VSSTRESC", "TEMP", "value"), ("VS", "DAT", "VS", "VSDTC", "", "value"),
    ("LAB", "DAT", "LB", "LBDTC", "", "value"), ("LAB", "DAT", "VS", "VSDTC", "", "value"),
], columns=[*COLUMNS])  # fmt: skip


def contract(form, folders, **fields):
    told = {name: Field(name, label, codelist=listed) for name, (label, listed) in fields.items()}
    return Contract(form=form, label=f"Form {form}", folders=folders, fields=told, subject=Subject("SUBJ"))


FORMS = AnnotatedForms(
    replace(specs_of("cd38"), study=StudySettings(study="S-1", paper="A4")), "2.0",
    {"AE": contract("AE", (), AETERM=("Event <as #reported>", ""), AESI=("Of interest?", "NY"), ROOM=("Room", "")),
     "VS": contract("VS", ("SCR", "D0"), SUBJ=("Subject", ""), TEMP=("Temperature", ""), NOTE=("Note", ""))},
    ANNOTATED, {("AE", "ROOM"): "no part of the analysis"}, {"NY": ["Yes", "No"]}, {"SCR": "SCREENING", "D0": "DAY 0"},
)  # fmt: skip


def own(form, field):
    return ANNOTATED[(ANNOTATED["FORM"] == form) & (ANNOTATED["FIELD"] == field)]


@pytest.mark.parametrize(("form", "field", "expected"), [
    ("AE", "AETERM", ["AETERM"]), ("AE", "AESI", ["QVAL in SUPPAE when QNAM = AESI"]), ("AE", "AEONGO", ["AEENRTPT"]),
    ("AE", "AEYN", ["records of AE"]), ("VS", "TEMP", ["VSORRES when VSTESTCD = TEMP"]), ("AE", "OTHER", []),
])  # fmt: skip
def test_a_field_is_annotated_by_what_holds_it_else_by_what_it_decides(form, field, expected):
    assert [words(*place) for place in shown(own(form, field))] == expected


@pytest.mark.parametrize(("target", "expected"), [
    ("AETERM", ("AE", "AETERM")), ("SUPP.AESI", ("SUPPAE", "AESI")), ("CO.COVAL", ("CO", "COVAL")), ("", ("AE", "")),
])  # fmt: skip
def test_a_qualifier_and_a_comment_stand_in_datasets_of_their_own(target, expected):
    assert placed(target, "AE") == expected


def test_the_define_is_told_the_pages_of_what_holds_values_and_what_vendors_alone_send():
    pages = {("AE", "AETERM"): 3, ("VS", "DAT"): 7, ("VS", "TEMP"): 7}

    assert pages_of(ANNOTATED, pages) == {
        ("AE", "AETERM"): (3,), ("VS", "VSDTC"): (7,), ("VS", "VSORRES"): (7,), ("VS", "VSSTRESC"): (7,)}  # fmt: skip
    assert of_transfers(ANNOTATED, {"LAB"}) == {("LB", "LBDTC")}


def test_the_page_of_each_field_is_told_with_its_annotation_or_reason():
    told = table(FORMS)[["PAGE", "FORM", "FIELD", "ANNOTATION", "REASON"]].to_numpy().tolist()

    assert told == [
        [2, "AE", "AETERM", "AETERM", ""], [2, "AE", "AESI", "QVAL in SUPPAE when QNAM = AESI", ""],
        [2, "AE", "ROOM", "", "NOT SUBMITTED: no part of the analysis"], [3, "VS", "SUBJ", "SUBJID", ""],
        [3, "VS", "TEMP", "VSORRES when VSTESTCD = TEMP", ""], [3, "VS", "NOTE", "", "NOT SUBMITTED: no rule takes it"],
    ]  # fmt: skip
    assert field_pages(FORMS)["VS", "TEMP"] == 3


def test_forms_stand_under_their_visits_and_those_of_none_last():
    told = template_data(FORMS)["visits"]

    assert [(one["name"], [form["id"] for form in one["forms"]]) for one in told] == [
        ("SCREENING", ["VS"]), ("DAY 0", ["VS"]), ("Log forms and forms of no visit", ["AE"])]  # fmt: skip


def test_the_document_is_the_same_each_time_and_has_bookmarks():
    made = pdf(FORMS)

    assert made == pdf(FORMS) and made.startswith(b"%PDF") and b"/Outlines" in made


@pytest.mark.parametrize("study", ["cd38", "hem101", "iomab_act"])
def test_the_sheets_of_a_study_annotate_fields_that_its_forms_have(study):
    specs = specs_of(study)
    told = annotated_fields(specs)
    ours = told[told["FORM"].isin(list(specs.contracts)) & ~told["FIELD"].str.contains(".", regex=False)]
    known = {(form, field) for form, one in specs.contracts.items() for field in (*one.fields, *one.carried)}
    asked = set(ours.loc[ours["WAY"] == "value", ["FORM", "FIELD"]].itertuples(index=False, name=None))

    assert len(asked & known) > 100
