"""What an output is handed of an analysis dataset that was made in parts: so large a one is never held whole.

These are the variables that the output can read (as of ADSL: pipeline/engine/columns_read.py), of the records that the
clauses of its rows choose where no row looks at others. They are read a row group at a time, in their order; so the
results are those of all records.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.engine.columns_read import ANALYSED, columns_read
from pipeline.engine.node import DATA, Node
from pipeline.engine.output_view import as_seen
from pipeline.engine.pieces import read_row_groups
from pipeline.engine.spec_hashes import text_of
from pipeline.study.declared import ADSL
from tlf.conditions import Data, Records
from tlf.rows.kinds import ShellRow
from tlf.rows.measured import Measured
from tlf.shells import Shell

if TYPE_CHECKING:
    import pandas as pd

BY_ROWS = "categories"


def in_parts(build: Any, need: str) -> bool:
    """True for an analysis dataset that was made in parts, of which an output is handed what it can read."""
    spec = build.specs.datasets.get(need)
    return need != ADSL and spec is not None and spec.layer == ANALYSED and bool(build.graph[need].partitions)


def handed(build: Any, node: Node, need: str, data: Data) -> pd.DataFrame:
    """The dataset as seen, beside ADSL and the decisions of the output (`data`): what the output can read of it."""
    import pandas as pd

    path = build.cache.vouched(need, build.entries[need], DATA)
    seen = partial(_seen, build, node, need, data)
    parts = [seen(piece) for piece in read_row_groups(path, _variables(build, node, need, path))]
    return pd.concat([one for one in parts if len(one)] or parts[:1], ignore_index=True)


def nobody(build: Any, node: Node, need: str, data: Data) -> pd.DataFrame:
    """The dataset with all its variables and no record, by which a name that nothing has is told."""
    import pyarrow.parquet as pq

    path = build.cache.vouched(need, build.entries[need], DATA)
    first: pd.DataFrame = next(read_row_groups(path, pq.read_schema(path).names))
    return as_seen(need, first.iloc[:0], data.get(ADSL))


def _variables(build: Any, node: Node, need: str, path: Path) -> list[str]:
    import pyarrow.parquet as pq

    return columns_read(node, build.specs, pq.read_schema(path).names, need)


def _seen(build: Any, node: Node, need: str, data: Data, piece: pd.DataFrame) -> pd.DataFrame:
    """The records of a piece that the output looks at, as seen."""
    piece = as_seen(need, piece, data.get(ADSL))
    wheres = chosen_by(build.specs.outputs[node.name].shell.measured, need)
    if not wheres:
        return piece
    records = Records({**data, need: piece})
    met = [piece.index.isin(records.where(need, records.resolved(where), names=("USUBJID",)).index) for where in wheres]
    return piece[sum(met[1:], met[0])]


def chosen_by(shell: Shell, need: str) -> tuple[str, ...]:
    """The clauses of the records of a dataset that an output looks at; none where it may look at all of them.

    It is told where rows are all that reads the dataset, and each looks at no other records than those that it names.
    """
    rows = [*shell.rows, *(row for one in shell.sets for row in one.rows)]
    of_need = [row for row in rows if isinstance(row, Measured) and row.dataset == need]
    bound = all(row.of_chosen and row.where and not _named(_without_dataset(row), need) for row in of_need)
    others = [row for row in rows if row not in of_need]
    sets = tuple(replace(one, rows=()) for one in shell.sets)
    around = replace(shell, rows=(), sets=sets, datasets=())
    if shell.family != BY_ROWS or not bound or _named((around, others), need):
        return ()
    return tuple(dict.fromkeys(row.where for row in of_need))


def _without_dataset(row: ShellRow) -> ShellRow:
    return replace(row, of="", label="") if isinstance(row, Measured) else row


def _named(told: Any, need: str) -> bool:
    """True where a dataset is named anywhere."""
    return repr(need) in text_of(told)
