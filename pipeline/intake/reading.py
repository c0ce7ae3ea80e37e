"""How raw records are made of the rows of a sheet: each by itself, so that a large form is read some rows at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pipeline.intake.codes import STATED, with_codes
from pipeline.intake.decimals import number_fields, with_points
from pipeline.intake.declared import in_agreed_form, orders_of
from pipeline.intake.subjects import subject_and_site
from pipeline.intake.tables import (
    BETWEEN,
    LINE,
    Arrays,
    Texts,
    bare,
    filtered,
    frame_of,
    numbers,
    on_distinct_rows,
    same_of_all,
    table_of,
    together,
)
from pipeline.readers import Sheet
from pipeline.readers.columns import Columns, stripped_frame
from pipeline.study.contracts import Contract, Subject

if TYPE_CHECKING:
    import pyarrow as pa

SITE, CODE = "SITE", "_STD"


@dataclass(frozen=True)
class FormReading:
    """A sheet whose lines all fit its header, and what is known of how it is written.

    `columns` are those that records have, delivered or not; `dates` is how the delivery writes them; `commas` are the
    fields whose commas are decimal signs.
    """

    sheet: Sheet
    contract: Contract
    columns: tuple[str, ...]
    dates: str = ""
    codelists: pd.DataFrame | None = None
    commas: tuple[str, ...] = ()

    @property
    def at_once(self) -> bool:
        """True where all rows are in memory, as one piece."""
        rows = self.sheet.rows
        return rows.held if isinstance(rows, Columns) else True

    def numbers(self) -> Iterator[pd.DataFrame]:
        """The number fields as delivered."""
        names = [name for name in number_fields(self.contract) if name in self.sheet.header]
        return (frame[names] for frame in self._delivered(names)) if names else iter(())

    def records(self) -> Iterator[pd.DataFrame]:
        """All records, known by their place in the sheet (the index), some at a time."""
        return map(self._made, self._delivered(self.sheet.header))

    def tables(self) -> Iterator[pa.Table]:
        """As `records`, of rows that are held column by column."""
        return self._tables(self.contract, self.sheet.header, self.columns)

    def keyed(self) -> Iterator[pa.Table]:
        """As `tables`, with those columns alone that tell whose a record is, which, and whether it was taken back."""
        contract, fields = self.contract, self.contract.fields
        taken_back = [contract.inactive.column] if contract.inactive else []
        keys = {contract.subject.column, SITE, *contract.record, *contract.unique, *taken_back}
        fields = {name: entry for name, entry in fields.items() if {name, name + CODE} & keys}
        names = {*keys, STATED, *(one for name in fields for one in (name, name + CODE))}
        return self._tables(replace(contract, fields=fields), names, [one for one in self.columns if one in names])

    def those(self, chosen: np.ndarray) -> pd.DataFrame:
        """The chosen records, whole, known by their place."""
        import pyarrow as pa

        tables = self._tables(self.contract, self.sheet.header, self.columns, chosen)
        return frame_of(pa.concat_tables(tables)).set_axis(np.flatnonzero(chosen), axis=0)

    def _delivered(self, names: Collection[str]) -> Iterator[pd.DataFrame]:
        """The columns of these names as delivered, with the form, file and line of each record."""
        sheet, rows, first = self.sheet, self.sheet.rows, 0
        header = sheet.header
        if isinstance(rows, Columns):
            places = [place for place, name in enumerate(header) if name in names]
            rows, header = rows.of(places), [header[place] for place in places]
        for piece in rows.pieces() if isinstance(rows, Columns) else (rows,):
            frame = stripped_frame(piece, header)
            frame["_FORM"], frame["_FILE"] = self.contract.form, sheet.file
            frame["_LINE"] = pd.array(sheet.lines[first : first + len(piece)], dtype="int64")
            frame.index = pd.RangeIndex(first, first + len(piece))
            first += len(piece)
            yield frame

    def _made(self, records: pd.DataFrame) -> pd.DataFrame:
        """Records with every column in the way of writing that the contract agreed on, and their keys."""
        contract = self.contract
        for name in self.columns:
            if name not in records:
                records[name] = pd.Series(index=records.index, dtype="str")
        records = self._written(records, contract)
        subject, site = subject_and_site(records, contract.subject)
        key = records[contract.record[0]].fillna("")
        for name in contract.record[1:]:
            key = key.str.cat(records[name].fillna(""), sep=BETWEEN)
        return records.assign(_SUBJECT=subject, _SITE=site, _RECORD=key.astype("str"))

    def _written(self, records: pd.DataFrame, contract: Contract) -> pd.DataFrame:
        """Records in the way of writing that the contract agreed on."""
        records = with_points(records, self.commas)
        return in_agreed_form(with_codes(records, contract, self.codelists), contract, self.dates)

    def _tables(
        self, contract: Contract, names: Collection[str], columns: Collection[str], chosen: np.ndarray | None = None
    ) -> Iterator[pa.Table]:
        """Those chosen of the records by this contract, with the columns of these names and those not delivered."""
        rows, lines, first = self.sheet.rows, self.sheet.lines, 0
        assert isinstance(rows, Columns)
        header = [name for name in self.sheet.header if name in names]
        for piece in rows.of([self.sheet.header.index(name) for name in header]).pieces():
            own = slice(first, first + len(piece))
            delivered = dict(zip(header, piece.arrays, strict=True)) | {LINE: numbers(lines[own])}
            if chosen is not None:
                delivered = filtered(delivered, chosen[own])
            if len(delivered[LINE]):
                yield self._table(delivered, contract, columns)
            first = own.stop

    def _table(self, delivered: Arrays, contract: Contract, columns: Collection[str]) -> pa.Table:
        """As `_made`; what is made of a value is told once for each distinct one."""
        same = partial(same_of_all, count=len(delivered[LINE]))
        records = {name: bare(cells) for name, cells in delivered.items() if name != LINE}
        records |= {"_FORM": same(contract.form), "_FILE": same(self.sheet.file), LINE: delivered[LINE]}
        records |= {name: same(None) for name in columns if name not in records}
        for name in self._rewritten(contract):
            own = replace(contract, fields={name: contract.fields[name]})
            asked = [one for one in (name, name + CODE, STATED) if one in records]
            records |= on_distinct_rows(records, asked, partial(self._written, contract=own))
        records |= _whose(records, contract.subject, same(""))
        return table_of({**records, "_RECORD": together([records[name] for name in contract.record])})

    def _rewritten(self, contract: Contract) -> list[str]:
        """The fields whose values may come to stand otherwise than delivered, or whose code or text is looked up."""
        orders = orders_of(contract, self.dates)
        return [name for name in contract.fields
                if name in self.commas or name in orders or contract.columns_of(name)]  # fmt: skip


def _whose(records: Arrays, subject: Subject, nobody: Texts) -> Arrays:
    """Subject and site of every record."""
    if subject.column not in records:
        return {"_SUBJECT": nobody, "_SITE": records.get(SITE, nobody)}
    names = [subject.column, *({SITE} & {*records} - {subject.column})]
    return on_distinct_rows(records, names, lambda rows: pd.DataFrame(
        dict(zip(("_SUBJECT", "_SITE"), subject_and_site(rows, subject), strict=True))))  # fmt: skip
