"""`trial export acrf`: the annotated CRF as PDF, and as a table with the page of each field."""

from __future__ import annotations

from pipeline.engine.runner import Build
from pipeline.engine.store import bytes_of
from pipeline.ground.faults import TrialError
from pipeline.ground.plain_csv import csv_text
from pipeline.publish.export.annotated.pages import annotated_forms, pdf, table
from pipeline.publish.export.files import Files


def acrf_files(build: Build) -> Files:
    """acrf.pdf and acrf.csv. Raises TrialError for a study that has no eCRF."""
    forms = annotated_forms(build)
    if not forms.forms:
        what = "The study starts from SDTM: there are no forms to annotate."
        raise TrialError(what, str(build.specs.folder), "ask those who made the SDTM for its annotated CRF")
    yield "acrf.pdf", [pdf(forms)]
    yield "acrf.csv", [bytes_of(csv_text(table(forms)))]
