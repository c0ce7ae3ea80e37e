"""The Clinical Study Data Reviewer's Guide: the SDTM datasets. Source: PHUSE, cSDRG template, its chapters."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from pipeline.publish.export.dataset import Exported
from pipeline.publish.export.long_text import SUPP
from pipeline.publish.guides import common
from pipeline.publish.guides.model import Block, GuideTable, Leading, Section, grid
from pipeline.publish.guides.told import GuideFacts

TITLE, FILE, LAYER = "Clinical Study Data Reviewer's Guide", "csdrg.pdf", "sdtm"
PURPOSE = "This guide tells what a reviewer needs to know of the tabulation datasets (SDTM) beside their define."
COUNTED = ("VALUES", "SUBMITTED", "LEFT_OUT", "NOWHERE")
DESIGN, DATES = "TRIAL DESIGN", ("RFSTDTC", "RFENDTC", "RFXSTDTC", "RFXENDTC", "RFICDTC", "RFPENDTC", "DTHDTC")


def sections(told: GuideFacts) -> Iterator[Section]:
    """The guide section by section."""
    yield from common.introduction(told, PURPOSE, LAYER)
    yield from common.protocol(told, "Protocol Design")
    yield Section("2.3", "Trial Design Datasets", _design(told))
    yield from _subject_data(told)
    yield from common.conformance(told, 4, LAYER)
    yield Section("5", "Appendices")
    yield Section("5.1", "Inclusion and Exclusion Criteria", (_criteria(told),))
    yield Section("5.2", "Values in Transport Files", common.otherwise(told, LAYER))
    yield common.reading("5.3", "dm")
    yield common.missing(told)


def _subject_data(told: GuideFacts) -> Iterator[Section]:
    yield Section("3", "Subject Data Description")
    yield Section("3.1", "Overview", (*_overview(told), *told.texts.blocks("csdrg_overview")))
    yield Section("3.2", "Reference Dates and Study Days", (_dates(told),))
    yield Section("3.3", "Traceability and Data Cut", _cut(told))
    yield Section("3.4", "Annotated CRF", tuple(_annotated(told)))
    yield Section("3.5", "SDTM Subject Domains", (_domains(told),))
    for number, one in enumerate(told.of_layer(LAYER), start=1):
        yield Section(f"3.5.{number}", f"{one.name}, {one.spec.label}", tuple(_domain(told, one)), one.name)


def _overview(told: GuideFacts) -> tuple[str, ...]:
    extract, subjects = told.manifest.get("extract"), told.datasets.get("dm")
    counted = f"{len(subjects.data):,} subjects stand in DM. " if subjects else ""
    cut = told.manifest.get("cutoff_named") or "none"
    return (f"{counted}Extract: {extract['name'] if extract else 'none'}; data cut: {cut}.",)


def _design(told: GuideFacts) -> tuple[Block, ...]:
    rows = [(one.name, one.spec.label, f"{len(one.data):,}") for one in told.of_layer(LAYER)
            if one.spec.observation_class == DESIGN]  # fmt: skip
    elements = [(e.code, e.label, e.epoch, e.start_rule, e.end_rule) for e in told.specs.study.elements]
    return (grid("Dataset|Label|Records", (1, 4, 1), rows),
            grid("Element|Label|Epoch|Begins|Ends", (1, 2, 2, 3, 3), elements))  # fmt: skip


def _dates(told: GuideFacts) -> GuideTable | str:
    """How the reference dates of DM come about, from which study days count."""
    subjects = told.datasets.get("dm")
    known = subjects.spec.by_name if subjects else {}
    rows = [(name, known[name].label, known[name].derivation or known[name].origin) for name in DATES if name in known]
    return grid("Variable|Label|Where it comes from", (1, 2, 4), rows)


def _cut(told: GuideFacts) -> tuple[Block, ...]:
    table = told.audit("data_cut")
    done = table[(table["LEFT_OUT"] != "0") | (table["UNDONE"] != "0")] if len(table) else table
    rows = [(r["DATASET"], r["RECORDS"], r["LEFT_OUT"], r["UNDONE"], r["VARIABLES"]) for r in done.to_dict("records")]
    traced = "Each record keeps the file and the line of the extract that it comes from."
    cut = "Nothing after the data cut is left: records that began later are left out, what ended later is ongoing."
    return (f"{traced} {cut}",
            grid("Dataset|Records|Left out|With a value undone|Variables", (1, 1, 1, 1, 3), rows))  # fmt: skip


def _annotated(told: GuideFacts) -> Iterator[Block]:
    if not told.annotated:
        yield "The study starts from SDTM datasets; its forms are annotated by those who made them."
        return
    yield Leading("acrf.pdf", "acrf.pdf")
    table = told.audit("coverage")
    if len(table):
        counts = {word: int(pd.to_numeric(table[word]).sum()) for word in COUNTED}
        unsent = table[table["REASON"] != ""].groupby("REASON", sort=True).size().sort_values(ascending=False)
        yield (
            f"{counts['VALUES']:,} values were collected, {counts['SUBMITTED']:,} stand in SDTM, "
            f"{counts['LEFT_OUT']:,} are left out by cut or rule, {counts['NOWHERE']:,} went nowhere."
        )
        yield grid("Why fields are not submitted|Fields", (6, 1), [(reason, count) for reason, count in unsent.items()])


def _domains(told: GuideFacts) -> GuideTable | str:
    rows = [(Leading(one.name, f"#{one.name}"), one.spec.label, one.spec.observation_class, one.spec.structure,
             ", ".join(key for key in one.spec.keys if key in one.spec.names), f"{len(one.data):,}")
            for one in told.of_layer(LAYER)]  # fmt: skip
    return grid("Dataset|Label|Class|Structure|Keys|Records", (2, 4, 3, 5, 5, 2), rows)


def _domain(told: GuideFacts, one: Exported) -> Iterator[Block]:
    """What is to be known of a dataset: its qualifiers, and what its spec remarks."""
    yield Leading(f"{one.name.lower()}.xpt", f"{one.name.lower()}.xpt")
    yield f"{one.spec.structure.rstrip('.')}; {len(one.data):,} records."
    if one.spec.name.startswith(SUPP):
        named = one.data[["QNAM", "QLABEL", "QORIG"]].drop_duplicates("QNAM").sort_values("QNAM")
        yield grid("Qualifier|Label|Origin", (1, 4, 1), named.itertuples(index=False))
    remarks = [(v.name, v.comment) for v in one.spec.variables if v.comment]
    if remarks:
        yield grid("Variable|Remark", (1, 5), remarks)


def _criteria(told: GuideFacts) -> GuideTable | str:
    listed = told.datasets.get("ti")
    if listed is None:
        return "None: the study has no dataset TI."
    rows = listed.data[["IETESTCD", "IETEST", "IECAT"]].itertuples(index=False)
    return grid("Code|Criterion|Category", (1, 5, 2), rows)
