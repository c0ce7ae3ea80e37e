"""Values that rest on several records: the dataset `x_sources` has one record per record of `x` and source of it.

It is a recipe as any other; the trace walks by it, and people are handed it as `lineage/x.parquet` (in a study of
several treatment periods `x@2.parquet` for the second).
"""

from __future__ import annotations

from pipeline.engine.node import AT, Graph

SOURCES = "_sources"


def sources_node(product: str) -> str:
    """The node of the records behind a dataset, or behind its part of one period: adpp@2 has adpp_sources@2."""
    name, at, period = product.partition(AT)
    return f"{name}{SOURCES}{at}{period}"


def products_of_sources(graph: Graph) -> dict[str, str]:
    """The nodes that hold records behind records, by what people are handed them as."""
    nodes = (node for node in graph.values() if node.dataset.endswith(SOURCES) and node.kind == "recipe")
    return {node.name.replace(SOURCES, "", 1): node.name for node in nodes}
