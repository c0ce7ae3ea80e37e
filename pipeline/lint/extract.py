"""An extract beside the raw contracts: files nobody knows or that did not come, columns that are lost, new or renamed.

Nothing of the data is judged; that is the gate's.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pipeline.ground.faults import TrialError
from pipeline.ground.words import did_you_mean
from pipeline.intake.delivery import Delivery, open_delivery
from pipeline.intake.layout import all_columns, contract_columns
from pipeline.intake.records import read_renamed
from pipeline.lint.places import ERROR, WARNING, Document, Problem, read_document
from pipeline.study.contracts import Contract
from pipeline.study.specs import Specs

KEPT = ("manifest.json",)


def check_extract(specs: Specs, path: str) -> Iterator[Problem]:
    """Problems of the contracts against the files and columns of one extract. Raises TrialError where there is none."""
    delivery = open_delivery(Path(path))
    known = {delivery.source(contract): contract for contract in specs.contracts.values()}
    left = [file for file in sorted(delivery.hashes) if file not in known and file not in KEPT]
    for file, contract in known.items():
        document = read_document(specs.raw[contract.form], str(specs.raw[contract.form].relative_to(specs.root)))
        if isinstance(document, Document):
            told = _columns if file in delivery.hashes else _not_there
            yield from told(delivery, file, contract, document, left)
    for file in left:
        what = f"the file {file} is delivered, and no raw contract knows it"
        cure = f"write raw/{Path(file).stem.lower()}.yaml, or `file: {file}` in the contract of its form"
        yield Problem(str((specs.folder / "raw").relative_to(specs.root)), 1, 1, WARNING, what, cure)


def _not_there(
    delivery: Delivery, file: str, contract: Contract, document: Document, left: list[str]
) -> Iterator[Problem]:
    near = did_you_mean(file, left) if left else "ask for it, or take the contract out"
    kind = ERROR if contract.essential else WARNING
    yield document.problem(("form",), kind, f"the file {file} of {contract.form} was not delivered", near)


def _columns(
    delivery: Delivery, file: str, contract: Contract, document: Document, left: list[str]
) -> Iterator[Problem]:
    """Columns of a form that are missing, with the near one, and those that no field names."""
    try:
        sheet = read_renamed(delivery, contract)
    except TrialError as error:
        yield document.problem(("form",), ERROR, error.what.rstrip("."), error.cure)
        return
    columns = contract_columns(contract, delivery.manifest.crf_version)
    told = all_columns(contract, columns) if contract.fields else []
    extra = [name for name in sheet.header if name not in told and name not in sheet.own]
    for name in [name for name in columns if name not in sheet.header]:
        place = ("fields", columns[name].companion_of or name)
        near = did_you_mean(columns[name].column or name, extra) if extra else "no column is new"
        if len(extra) == 1:
            near = f"{extra[0]} is new"
        cure = f"{near}; if it is the same, write `alias: [COLUMN]` beside the field" if extra else near
        what = f"{file} has no column {columns[name].column or name}"
        yield document.problem(place, ERROR if columns[name].essential else WARNING, what, cure)
    if extra:
        what = f"{file} has columns that no field names: {', '.join(extra)}"
        yield document.problem(("fields",), WARNING, what, "they are not used; name them, if they are needed")
