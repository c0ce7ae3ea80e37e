"""SAS data sets (SAS7BDAT, and XPT of version 5 or 8) as text cells; the first record counts as line 2."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from pipeline.ground.faults import TrialError
from pipeline.readers import Note, Sheet
from pipeline.readers.columns import held
from pipeline.readers.encoding import refuse_another_alphabet
from pipeline.readers.header import once_each
from pipeline.readers.written import Written

TRANSPORT = ".xpt"
SUFFIXES = (".sas7bdat", TRANSPORT)
MAX_CELLS = 50_000_000
WESTERN = "windows-1252"


def member_names(path: Path) -> list[str]:
    """The data sets of a file that holds several ([''] where it holds one). Raises TrialError."""
    from pipeline.readers.xport import members

    if path.suffix.lower() != TRANSPORT:
        return [""]
    names = [member.name for member in members(path.read_bytes())]
    twice = [name for name, count in Counter(name.casefold() for name in names).items() if count > 1]
    if twice:
        raise TrialError(f"The file holds the data set {twice[0].upper()} twice.", path.name, "ask for one of each")
    return names if len(names) > 1 else [""]


def read_sas(path: Path, member: str = "", written: Written | None = None) -> Sheet:
    """One SAS data set as text cells, missing as ''. Raises TrialError when it cannot be read."""
    import pyarrow as pa

    from pipeline.readers.sas_dates import sas_texts

    data = sas_data(path, member, written)
    header = once_each([str(column) for column in data.frame.columns], f"{data.name}, its variables")
    frame, special = _without_special(data.frame)
    columns = [sas_texts(frame[column], data.formats[column]) for column in frame.columns]
    if data.encoding == WESTERN:
        refuse_another_alphabet("\n".join({t for c in columns for t in c}).encode(WESTERN, "ignore"), data.name)
    rows = held(tuple(pa.array(texts, pa.string()) for texts in columns))
    agreed = (written or Written()).encoding or "utf-8"
    lines = range(2, len(rows) + 2)
    notes = (*data.notes, *_special_notes(special))
    return Sheet(data.name, header, rows, lines, data.encoding, notes, data.lost, agreed)


@dataclass(frozen=True)
class SasData:
    """One SAS data set as the file holds it: values, and what it says of them (formats, labels, lengths by name)."""

    name: str
    frame: Any
    formats: Mapping[str, str]
    labels: Mapping[str, str]
    lengths: Mapping[str, int]
    label: str
    encoding: str
    notes: tuple[Note, ...]
    lost: tuple[str, ...]

    @property
    def values(self) -> Any:
        """The values, special missing ones (.A to .Z) as missing."""
        return _without_special(self.frame)[0]


def sas_data(path: Path, member: str = "", written: Written | None = None) -> SasData:
    """One SAS data set with its attributes. Raises TrialError when it cannot be read."""
    content = _content(path, member)
    name = f"{path.name}[{member}]" if member else path.name
    frame, meta, encoding = _decoded(content, name, (written or Written()).encoding)
    notes, lost = _proved(path, content, frame, meta)
    formats = {column: str(meta.original_variable_types.get(column) or "") for column in frame.columns}
    labels = {column: str(said or "") for column, said in meta.column_names_to_labels.items()}
    lengths = {column: int(width) for column, width in meta.variable_storage_width.items()}
    return SasData(name, frame, formats, labels, lengths, meta.file_label or "", encoding, tuple(notes), tuple(lost))


def _content(path: Path, member: str) -> bytes:
    """The bytes of the file, or of one data set of several."""
    from pipeline.readers.xport import members

    content = path.read_bytes()
    if path.suffix.lower() != TRANSPORT or not member:
        return content
    contents = [each.content for each in members(content) if each.name.casefold() == member.casefold()]
    if not contents:
        raise TrialError(f"The file has no data set {member}.", path.name, "check the delivery")
    return contents[0]


def _decoded(content: bytes, name: str, declared: str) -> tuple[Any, Any, str]:
    """Frame, what the file says of itself, and the encoding: as declared, UTF-8, else windows-1252."""
    if declared and declared != "utf-8":
        return *_read(content, name, declared.upper()), declared
    try:
        return *_read(content, name), "utf-8"
    except UnicodeDecodeError:
        return *_read(content, name, WESTERN.upper()), WESTERN


def _read(content: bytes, name: str, encoding: str | None = None) -> tuple[Any, Any]:
    import pyreadstat

    transport = name.partition("[")[0].lower().endswith(TRANSPORT)
    reader: Any = pyreadstat.read_xport if transport else pyreadstat.read_sas7bdat
    options: dict[str, bool] = {} if transport else {"user_missing": True}
    try:
        _, meta = reader(BytesIO(content), metadataonly=True, encoding=encoding)
        if (meta.number_rows or 0) * max(meta.number_columns or 0, 1) > MAX_CELLS:
            size = f"{meta.number_rows:,} records of {meta.number_columns:,} variables"
            what = f"The file says it holds {size}; it is not read."
            raise TrialError(what, name, "ask for the data in parts")
        return reader(BytesIO(content), encoding=encoding, disable_datetime_conversion=True, **options)
    except UnicodeDecodeError:
        if encoding is None:
            raise
        cure = "declare its encoding in manifest.json or raw/_system.yaml (written: {encoding: ...})"
        raise TrialError(f"The text of the data set is not in {encoding.lower()}.", name, cure) from None
    except (
        pyreadstat.ReadstatError, pyreadstat.PyreadstatError, OSError, ValueError, OverflowError, MemoryError,
    ) as error:  # fmt: skip
        what = f"This file cannot be read as a SAS data set: {error}."
        raise TrialError(what, name, "ask for the file again") from error


def _proved(path: Path, content: bytes, frame: Any, meta: Any) -> tuple[list[Note], list[str]]:
    """What the file's own headers say beside what was read: special missing values, and records that are not there."""
    from pipeline.readers import xport

    if path.suffix.lower() != TRANSPORT:
        said = meta.number_rows
        lost = said is not None and said != len(frame)
        return [], [f"{path.name} says it holds {said:,} records, and {len(frame):,} could be read"] if lost else []
    count, broken = xport.records(content)
    if broken:
        return [], [f"{path.name}: {broken}"]
    if count > len(frame):
        return [], [f"{path.name} holds {count:,} records, and {len(frame):,} could be read"]
    cut = xport.cut_texts(content, min(count, len(frame)))
    lost = [f"{number:,} texts of {name} hold a zero byte (NUL) and go on behind it" for name, number in cut.items()]
    return list(_special_notes(xport.special_missing(content, min(count, len(frame))))), lost


def _without_special(frame: Any) -> tuple[Any, dict[str, int]]:
    """The frame with .A to .Z as missing (the library puts their letters among the numbers), and how many they were."""
    import pandas as pd

    special = {}
    for name in [name for name in frame.columns if pd.api.types.is_object_dtype(frame[name].dtype)]:
        letters = frame[name].map(lambda value: isinstance(value, str))
        if letters.any() and frame[name].map(lambda value: isinstance(value, float) and value == value).any():
            special[str(name)] = int(letters.sum())
            frame = frame.assign(**{name: pd.to_numeric(frame[name].mask(letters), errors="coerce")})
    return frame, special


def _special_notes(special: dict[str, int]) -> list[Note]:
    return [
        Note("RAW-LAYOUT", "minor", 0, name, str(count), f"{count} values of {name} are special missing values of SAS "
             "(.A to .Z, ._); they are read as missing. Ask what they mean.")
        for name, count in special.items()
    ]  # fmt: skip
