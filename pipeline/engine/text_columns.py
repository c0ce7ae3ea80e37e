"""A table of Arrow as a frame: of a column whose texts stand in a dictionary each text is made once, and shared."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


def as_frame(table: pa.Table) -> pd.DataFrame:
    """The frame that `to_pandas` gives, columns with a dictionary being text (str) in place of categories."""
    import pandas as pd
    import pyarrow as pa

    from pipeline.ground import text_storage  # noqa: F401

    texts = {field.name for field in table.schema if pa.types.is_dictionary(field.type)}
    others = table.drop_columns([*texts]).to_pandas()
    columns = {name: _texts(table.column(name)) if name in texts else others[name] for name in table.column_names}
    return pd.DataFrame(columns, copy=False)


def _texts(column: pa.ChunkedArray) -> pd.Series:
    import numpy as np
    import pandas as pd
    import pyarrow as pa

    whole = column.unify_dictionaries().combine_chunks()
    told = whole.chunk(0) if isinstance(whole, pa.ChunkedArray) else whole
    texts = np.append(told.dictionary.to_numpy(zero_copy_only=False), np.array([np.nan], dtype="object"))
    codes = told.indices.fill_null(len(texts) - 1).to_numpy(zero_copy_only=False)
    return pd.Series(pd.array(texts, dtype="str")[codes], copy=False)
