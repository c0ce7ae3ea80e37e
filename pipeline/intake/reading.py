"""How raw records are made of the rows of a sheet: each by itself, so that a large form is read some rows at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace

import pandas as pd

from pipeline.intake.codes import STATED, with_codes
from pipeline.intake.decimals import number_fields, with_points
from pipeline.intake.declared import in_agreed_form
from pipeline.intake.subjects import subject_and_site
from pipeline.readers import Sheet
from pipeline.readers.columns import Columns, stripped_frame
from pipeline.study.contracts import Contract

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
        return (self._made(frame, self.contract, self.columns) for frame in self._delivered(self.sheet.header))

    def keyed(self) -> Iterator[pd.DataFrame]:
        """As `records`, with those columns alone that tell whose a record is, which, and whether it was taken back."""
        contract, fields = self.contract, self.contract.fields
        taken_back = [contract.inactive.column] if contract.inactive else []
        keys = {contract.subject.column, SITE, *contract.record, *contract.unique, *taken_back}
        fields = {name: entry for name, entry in fields.items() if {name, name + CODE} & keys}
        names = {*keys, STATED, *(one for name in fields for one in (name, name + CODE))}
        columns = [name for name in self.columns if name in names]
        own = replace(contract, fields=fields)
        return (self._made(frame, own, columns) for frame in self._delivered(names))

    def those(self, chosen: pd.Series) -> pd.DataFrame:
        """The chosen records, by their places, whole."""
        parts = (frame[chosen[frame.index].to_numpy()] for frame in self.records())
        return pd.concat([part for part in parts if len(part)])

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

    def _made(self, records: pd.DataFrame, contract: Contract, columns: Iterable[str]) -> pd.DataFrame:
        """Records with every column in the way of writing that the contract agreed on, and their keys."""
        records = with_points(records, self.commas)
        for name in columns:
            if name not in records:
                records[name] = pd.Series(index=records.index, dtype="str")
        records = in_agreed_form(with_codes(records, contract, self.codelists), contract, self.dates)
        subject, site = subject_and_site(records, contract.subject)
        key = records[contract.record[0]].fillna("")
        for name in contract.record[1:]:
            key = key.str.cat(records[name].fillna(""), sep="/")
        return records.assign(_SUBJECT=subject, _SITE=site, _RECORD=key.astype("str"))
