"""Values that rest on several records: the dataset `x_sources` has one record per record of `x` and source of it.

It is a recipe as any other; the trace walks by it, and people are handed it as `lineage/x.parquet` (in a study of
several treatment periods `x@2.parquet` for the second), and with the sources of all other records in
`lineage.parquet`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from pipeline.engine.node import AT, Graph

if TYPE_CHECKING:
    import pandas as pd

SOURCES = "_sources"
SOURCE = ["USUBJID", "SRCDOM", "SRCSEQ"]
BASELINE = ("ABLFL", "BASE")
SERIES = ["USUBJID", "PARAMCD", "APERIOD"]  # whose values are held against one baseline record
OF_BASELINES = {*SOURCE, *SERIES, "ABLFL", "BASE"}  # what tells the source of a baseline


def sources_node(product: str) -> str:
    """The node of the records behind a dataset, or behind its part of one period: adpp@2 has adpp_sources@2."""
    name, at, period = product.partition(AT)
    return f"{name}{SOURCES}{at}{period}"


def products_of_sources(graph: Graph) -> dict[str, str]:
    """The nodes that hold records behind records, by what people are handed them as."""
    nodes = (node for node in graph.values() if node.dataset.endswith(SOURCES) and node.kind == "recipe")
    return {node.name.replace(SOURCES, "", 1): node.name for node in nodes}


def sources_of(
    records: pd.DataFrame, whole: pd.DataFrame, keys: Sequence[str], several: Iterable[pd.DataFrame]
) -> pd.DataFrame:
    """The SDTM records behind some records of a dataset, by their index (ROW): ROW, USUBJID, SRCDOM, SRCSEQ.

    The record that it names; those that the tables of several name for its keys; and of a value held against a baseline
    the source of that, where the `whole` dataset has one baseline record of the subject and parameter.
    """
    import pandas as pd

    placed = records.assign(ROW=records.index)
    parts = [placed.loc[placed["SRCDOM"].notna(), ["ROW", *SOURCE]]]
    by = [key for key in keys if key in records]
    for behind in several:
        known = placed[by].astype(dict(behind[by].dtypes)).assign(ROW=placed["ROW"])
        parts.append(known.merge(behind, on=by)[["ROW", *SOURCE]])
    if {*BASELINE} <= set(records):
        parts.append(_baselines(placed, whole))
    return pd.concat(parts, ignore_index=True).drop_duplicates(ignore_index=True)


def _baselines(placed: pd.DataFrame, whole: pd.DataFrame) -> pd.DataFrame:
    """The source of the baseline beside each record that is held against it."""
    series = [name for name in SERIES if name in placed]
    base = baselines_in(whole)
    one = base.loc[~base.duplicated(series, keep=False), [*series, *SOURCE[1:]]]
    held = placed.loc[placed["BASE"].notna() & placed["ABLFL"].isna(), ["ROW", *series]]
    return held.merge(one, on=series)[["ROW", *SOURCE]]


def baselines_in(records: pd.DataFrame) -> pd.DataFrame:
    """The baseline records among these that name their source; all records of a dataset that has no baselines."""
    if not {"ABLFL", "SRCDOM"} <= set(records):
        return records
    return records[records["ABLFL"].eq("Y") & records["SRCDOM"].notna()]
