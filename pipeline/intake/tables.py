"""Raw records of some rows of a sheet as Arrow holds them; what is made of a value is told once for its records."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

from pipeline.readers.columns import without_blanks

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    import pyarrow as pa

Texts: TypeAlias = Any  # one Arrow array of text
Arrays: TypeAlias = "dict[str, Texts]"  # the columns of some records by name
LINE = "_LINE"  # the one column that is no text
BETWEEN = "/"


def bare(cells: Any) -> Texts:
    """The cells of a column without blanks around them, missing where nothing is left."""
    told = cells.dictionary_encode()
    return without_blanks(told.dictionary).take(told.indices)


def same_of_all(text: str | None, count: int) -> Texts:
    """One text for so many records."""
    import pyarrow as pa

    return pa.repeat(pa.scalar(text, pa.string()), count)


def on_distinct_rows(records: Arrays, names: Sequence[str], say: Callable[[pd.DataFrame], pd.DataFrame]) -> Arrays:
    """What `say` makes of each different row of these columns by itself, on all records; one row per row."""
    import pyarrow as pa

    first, at = _distinct([records[name] for name in names])
    chosen = pa.array(first)
    rows = pa.table({name: records[name].take(chosen) for name in names}).to_pandas().astype("str")
    told, places = say(rows), pa.array(at)
    return {name: pa.array(told[name], pa.string(), from_pandas=True).take(places) for name in told.columns}


def _distinct(columns: Sequence[Texts]) -> tuple[np.ndarray, np.ndarray]:
    """The place of the first record of each different row, and of every record which of these rows it has."""
    import numpy as np
    import pandas as pd

    rows = np.zeros(len(columns[0]), dtype="int64")
    for column in columns:
        codes = _codes(column)
        rows = pd.factorize(rows * (int(codes.max(initial=0)) + 1) + codes)[0]
    first = np.zeros(int(rows.max(initial=-1)) + 1, dtype="int64")
    first[rows[::-1]] = np.arange(len(rows) - 1, -1, -1)
    return first, rows


def _codes(column: Texts) -> np.ndarray:
    """The number of each text of a column; all that are missing have one of their own."""
    told = column.dictionary_encode()
    return told.indices.fill_null(len(told.dictionary)).to_numpy().astype("int64")


def together(columns: Sequence[Texts]) -> Texts:
    """The texts of each record side by side, empty where one is missing."""
    import pyarrow as pa
    import pyarrow.compute as pc

    said = [pc.fill_null(column, "") for column in columns]
    return pc.binary_join_element_wise(*said, pa.scalar(BETWEEN, pa.string()))


def numbers(lines: Sequence[int]) -> Any:
    """The lines of records as one array."""
    import numpy as np
    import pyarrow as pa

    told = np.arange(lines.start, lines.stop) if isinstance(lines, range) and lines.step == 1 else lines
    return pa.array(np.asarray(told, dtype="int64"))


def filtered(records: Arrays, chosen: np.ndarray) -> Arrays:
    """The chosen ones of some records."""
    import pyarrow as pa

    kept = pa.array(chosen)
    return {name: column.filter(kept) for name, column in records.items()}


def table_of(records: Arrays) -> pa.Table:
    """Records as a table, which tells of them as a frame does that is written."""
    import pyarrow as pa

    return pa.table([*records.values()], schema=_types(tuple(records)))


def of_no_subject(records: pa.Table) -> pa.Table:
    """Records without subject and site."""
    nobody = same_of_all(None, len(records))
    for name in ("_SUBJECT", "_SITE"):
        place = records.schema.get_field_index(name)
        records = records.set_column(place, records.schema.field(place), nobody)
    return records


def frame_of(records: pa.Table) -> pd.DataFrame:
    """Records as a frame, in which each distinct text of a column stands once in memory."""
    texts = [name for name in records.column_names if name != LINE]
    return records.to_pandas(categories=texts).astype(dict.fromkeys(texts, "str"))


@lru_cache(maxsize=8)
def _types(names: tuple[str, ...]) -> pa.Schema:
    import pandas as pd
    import pyarrow as pa

    frame = pd.DataFrame({name: pd.Series(dtype="int64" if name == LINE else "str") for name in names})
    return pa.Schema.from_pandas(frame, preserve_index=False)
