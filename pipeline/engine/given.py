"""What a node is given of its needs: analyses see of a domain only what occurred, so that none has to ask for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pipeline.engine.node import Node
from pipeline.ground.metadata import DatasetSpec
from pipeline.ground.occurred import occurred

if TYPE_CHECKING:
    import pandas as pd

COLLECTED = "sdtm"


def as_given(data: pd.DataFrame, node: Node, word: str, datasets: Mapping[str, DatasetSpec]) -> pd.DataFrame:
    """The data of a need (`word`) as a node is given them; a dataset of SDTM is made of all that was collected."""
    need, made = datasets.get(word), datasets.get(node.dataset)
    if need is None or need.layer != COLLECTED or (made is not None and made.layer == COLLECTED):
        return data
    return occurred(data, need.dataset)
