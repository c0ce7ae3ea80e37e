"""SAS data sets (SAS7BDAT, and XPT of version 5 or 8) as text cells; the first record counts as line 2."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipeline.ground.faults import TrialError
from pipeline.readers import Sheet
from pipeline.readers.header import once_each
from pipeline.readers.written import Written

SUFFIXES = (".sas7bdat", ".xpt")
MAX_CELLS = 200_000_000


def read_sas(path: Path, member: str = "", written: Written | None = None) -> Sheet:
    """One SAS file as text cells, missing as ''. Raises TrialError when it cannot be read."""
    from pipeline.readers.column import sas_texts

    frame, meta = _read(path)
    header = once_each([str(name) for name in frame.columns], f"{path.name}, its variables")
    formats = [str(meta.original_variable_types.get(name) or "") for name in frame.columns]
    columns = [sas_texts(frame[name], form) for name, form in zip(frame.columns, formats, strict=True)]
    rows = [list(row) for row in zip(*columns, strict=True)]
    return Sheet(path.name, header, rows, list(range(2, len(rows) + 2)), encoding="utf-8")


def _read(path: Path) -> tuple[Any, Any]:
    import pyreadstat

    reader = pyreadstat.read_xport if path.suffix.lower() == ".xpt" else pyreadstat.read_sas7bdat
    try:
        _, meta = reader(str(path), metadataonly=True)
        if (meta.number_rows or 0) * max(meta.number_columns or 0, 1) > MAX_CELLS:
            size = f"{meta.number_rows:,} records of {meta.number_columns:,} variables"
            what = f"The file says it holds {size}; it is not read."
            raise TrialError(what, path.name, "ask for the data in parts")
        return reader(str(path), disable_datetime_conversion=True)
    except (
        pyreadstat.ReadstatError,
        pyreadstat.PyreadstatError,
        OSError,
        ValueError,
        OverflowError,
        MemoryError,
    ) as error:
        raise TrialError(
            f"This file cannot be read as a SAS data set: {error}.", path.name, "ask for the file again"
        ) from error
