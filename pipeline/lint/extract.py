"""An extract beside the raw contracts: files nobody knows or that did not come, columns that are lost, new or renamed.

Of the data only the names of visits, and units that cannot be turned, are looked at; all else is the gate's.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pipeline.ground.faults import TrialError
from pipeline.ground.words import did_you_mean
from pipeline.intake.delivery import Delivery, open_delivery
from pipeline.intake.layout import all_columns, contract_columns
from pipeline.intake.records import read_renamed
from pipeline.lint.delivered_units import check_units
from pipeline.lint.places import ERROR, WARNING, Document, Grid, Problem, read_document, read_grid
from pipeline.study.contracts import Contract
from pipeline.study.csv_text import load_table
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
    yield from _visits(delivery, specs)
    yield from check_units(delivery, specs)
    for file in left:
        what = f"the file {file} is delivered, and no raw contract knows it"
        cure = f"write raw/{Path(file).stem.lower()}.yaml, or `file: {file}` in the contract of its form"
        yield Problem(str((specs.folder / "raw").relative_to(specs.root)), 1, 1, WARNING, what, cure)


def _visits(delivery: Delivery, specs: Specs) -> Iterator[Problem]:
    """Names of visits that are delivered, and that visits.csv does not know: their records would have no visit."""
    known = {word.strip().upper() for path in specs.table_files("visits") for row in load_table(path).to_dict("records")
             for word in (row["FOLDER"], row["VISIT"], *row["ALIAS"].split(";"))}  # fmt: skip
    for path in specs.mappings.values():
        grid = read_grid(path, str(path.relative_to(specs.root)))
        rows = [one for one in grid.rows if one[1].get("rule") == "visitnum"] if isinstance(grid, Grid) else []
        for line, row in rows:
            contract, column = specs.contracts.get(row["form"]), row["source"].partition(" ")[0]
            strange = sorted(_seen(delivery, contract, column) - known) if contract else []
            if strange and isinstance(grid, Grid):
                what = f"{column} of {row['form']} has visits that visits.csv does not know: {', '.join(strange[:5])}"
                near = did_you_mean(strange[0], known - {""})
                yield grid.problem(line, "source", WARNING, what, f"{near}; write them under FOLDER or ALIAS there")


def _seen(delivery: Delivery, contract: Contract, column: str) -> set[str]:
    """The distinct values of a delivered column in capitals; none where it, or its file, is not there."""
    if delivery.source(contract) not in delivery.hashes:
        return set()
    try:
        sheet = read_renamed(delivery, contract)
    except TrialError:
        return set()  # told of its form
    at = sheet.header.index(column) if column in sheet.header else len(sheet.header)
    return {row[at].strip().upper() for row in sheet.rows if len(row) > at} - {""}


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
