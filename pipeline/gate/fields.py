"""The gate: the forms of an extract read, and what is found in their structure and fields."""

from __future__ import annotations

from functools import cached_property

import pandas as pd

from pipeline.gate.field_checks import Pieces, check_pieces
from pipeline.gate.text_or_code import by_mapping
from pipeline.gate.withdrawn import Withdrawn, standing
from pipeline.ground.faults import TrialError
from pipeline.ground.queries import finding, gather, none_found
from pipeline.intake.delivery import Delivery
from pipeline.intake.records import usable_records
from pipeline.intake.usable import Usable
from pipeline.study.csv_text import load_table
from pipeline.study.specs import Specs


def raw_form(
    delivery: Delivery, specs: Specs, form: str, roster: pd.DataFrame | None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The usable raw records of one form, and findings of its structure (those of its fields: `OfFields`)."""
    found = raw_records(delivery, specs, form, roster)
    return found.whole(), found.findings


def raw_records(delivery: Delivery, specs: Specs, form: str, roster: pd.DataFrame | None) -> Usable:
    """As `raw_form`, of a large form without holding it."""
    contract = specs.contracts[form]
    known = None if roster is None else frozenset(roster["_SUBJECT"].dropna())
    found = usable_records(delivery, contract, known, codelists(specs))
    if form == specs.study.subjects and all(records["_SUBJECT"].isna().all() for records in found.frames()):
        what = f"The extract has no subjects: {delivery.source(contract)} has no record that can be used."
        raise TrialError(what, delivery.name, "ask for the file again, or check --extract")
    return found


class OfFields:
    """The findings of the fields of each form by its contract; what the specs say for them is read when it is asked."""

    def __init__(self, specs: Specs):
        self.specs, self.taken = specs, by_mapping(specs)

    @cached_property
    def lists(self) -> pd.DataFrame:
        """The study's collected codelists."""
        return codelists(self.specs)

    @cached_property
    def withdrawn(self) -> Withdrawn:
        """What tells the results that a laboratory took back."""
        return Withdrawn(self.specs)

    def found(self, form: str, records: pd.DataFrame) -> pd.DataFrame:
        """The findings of one form."""
        return self.found_in(form, lambda: iter([records]))

    def found_in(self, form: str, pieces: Pieces) -> pd.DataFrame:
        """As `found`, of a form of which no more than a piece is held."""
        found = check_pieces(pieces, self.specs.contracts[form].forgiving(), self.lists, self.taken)
        looked = pieces() if self.withdrawn.of(form) else ()
        return standing(found, {place for piece in looked for place in self.withdrawn.records(form, piece)})


def codelists(specs: Specs) -> pd.DataFrame:
    """The study's collected codelists: CODELIST, CODED_VALUE, DECODE."""
    path = specs.folder / "raw" / "_codelists.csv"
    if not path.exists():
        return pd.DataFrame(columns=["CODELIST", "CODED_VALUE", "DECODE"], dtype="str")
    return load_table(path)


def delivery_findings(delivery: Delivery, specs: Specs) -> pd.DataFrame:
    """Findings of the delivery as a whole: files nobody knows, promised files that are not there, no manifest."""
    if specs.study.from_sdtm:
        return none_found()  # what an SDTM lacks is told where it is read
    known = {delivery.source(contract) for contract in specs.contracts.values()}
    found = []
    if not delivery.manifest.said:
        message = "The delivery has no manifest.json, so nothing shows that its files are whole. Ask for it."
        found.append(finding("RAW-MANIFEST", "major", message))
    for file in sorted(set(delivery.hashes) - known):
        message = f"The file {file} is not in the data dictionary; it is not used. Ask what it is for."
        reference = f"{file} holds reference data, which are of no subject; nothing is made of them."
        told = ("info", reference) if delivery.of_nobody(file) else ("minor", message)
        found.append(finding("RAW-FILE", *told, form=file.removesuffix(".csv")))
    for name in delivery.aside:
        message = f"{name} in the extract is a folder; what it holds is not read. Ask what it is for."
        found.append(finding("RAW-FILE", "minor", message, form=name))
    for file in delivery.undelivered:
        message = f"The manifest promises {file}, which was not delivered. Ask for it."
        found.append(finding("RAW-MANIFEST", "critical", message, form=file.removesuffix(".csv")))
    return gather(found)
