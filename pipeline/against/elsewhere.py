"""A dataset's file of any kind that is read, with the types and attributes that its kind has."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from pipeline.against.columns import DATE, NUMBER, dates, numbers
from pipeline.against.tables import Dataset
from pipeline.ground.faults import TrialError
from pipeline.readers import Sheet, dataset_json, kinds, parquet, sas
from pipeline.readers.sas_dates import sas_texts, shown_as

JSON_KINDS = {"integer": NUMBER, "float": NUMBER, "double": NUMBER, "decimal": NUMBER, "date": DATE, "datetime": DATE}
OF_FORMAT = {"date": DATE, "datetime": DATE}


def read_version(path: Path, part: str = "") -> Dataset:
    """One dataset of a file, its variables in upper case. Raises TrialError for a file that cannot be read whole."""
    suffix = path.suffix.lower()
    read = _parquet if suffix == parquet.SUFFIX else _sas if suffix in sas.SUFFIXES else None
    read = _json if suffix in dataset_json.SUFFIXES else read
    version = read(path, part) if read else Dataset(_frame(kinds.read(path, part)), typed=False)
    called = {name: str(name).upper() for name in version.records}
    if len({*called.values()}) < len(called):
        raise TrialError("Two variables have one name.", path.name, "ask for the file again")
    attributes = {called.get(name, name): said for name, said in version.attributes.items()}
    return Dataset(version.records.rename(columns=called), attributes, version.typed)


def _frame(sheet: Sheet) -> pd.DataFrame:
    """The cells of a sheet as text. Raises TrialError where the file lost some."""
    if sheet.lost:
        raise TrialError(f"This file is not whole: {sheet.lost[0]}.", sheet.file, "ask for the file again")
    width = len(sheet.header)
    rows = [[*row, *[""] * width][:width] for row in sheet.rows]
    columns = zip(*rows, strict=True) if rows else [()] * width
    cells = (pd.Series(column, dtype="str") for column in columns)
    return pd.DataFrame(dict(zip(sheet.header, cells, strict=True)))


def _parquet(path: Path, part: str) -> Dataset:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return Dataset(pq.read_table(path).to_pandas(date_as_object=False))
    except (pa.ArrowException, OSError, ValueError) as error:
        what = f"This file cannot be read as Parquet: {str(error).rstrip('.')}."
        raise TrialError(what, path.name, "ask for the file again") from error


def _sas(path: Path, part: str) -> Dataset:
    """A SAS data set: what its formats show as dates are dates, what they show as times are texts."""
    data = sas.sas_data(path, part)
    if data.lost:
        raise TrialError(f"This file is not whole: {data.lost[0]}.", data.name, "ask for the file again")
    values, shown = data.values, {name: shown_as(form) for name, form in data.formats.items()}
    told = {name: pd.Series(sas_texts(values[name], data.formats[name]), dtype="str") for name in values if shown[name]}
    told = {name: dates(text) if shown[name] in OF_FORMAT else text for name, text in told.items()}
    said = {name: {"label": data.labels.get(name, ""), "format": data.formats[name].rstrip("."),
                   "length": str(data.lengths.get(name, ""))} for name in values}  # fmt: skip
    return Dataset(values.assign(**told), {"": {"label": data.label}} | said)


def _json(path: Path, part: str) -> Dataset:
    """A Dataset-JSON file: numbers and dates as its columns say.

    A date is one where its column says that it stands for a number (`targetDataType`); else it is text, as --DTC is.
    """
    records = _frame(dataset_json.read_dataset_json(path))
    head, _ = dataset_json.content_of(path)
    columns = {str(column["name"]): column for column in dataset_json.columns_of(head, path)}
    kind = {name: _json_kind(said) for name, said in columns.items()}
    read = {DATE: dates, NUMBER: numbers}
    told = {name: read[kind[name]](records[name]) for name in records if kind.get(name)}
    lost = [name for name, values in told.items() if (values.isna() & records[name].ne("")).any()]
    attributes = {"": {"label": str(head.get("label", ""))}} | {name: _said(one) for name, one in columns.items()}
    return Dataset(records.assign(**{name: told[name] for name in told if name not in lost}), attributes)


def _json_kind(column: dataset_json.Json) -> str:
    kind = JSON_KINDS.get(str(column.get("dataType")), "")
    return kind if kind != DATE or column.get("targetDataType") else ""


def _said(column: dataset_json.Json) -> dict[str, str]:
    words = {"label": "label", "format": "displayFormat", "length": "length"}
    return {word: str(column.get(name) or "") for word, name in words.items()}
