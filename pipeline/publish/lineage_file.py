"""`lineage.parquet`: the records of SDTM behind each record of the analysis datasets, as they lie in the products."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.engine.merging import SUBJECT, by_subject
from pipeline.engine.node import AT
from pipeline.engine.pieces import RowGroups, read_row_groups
from pipeline.engine.several_sources import BASELINE, SERIES, SOURCE, sources_of
from pipeline.engine.store import read_parquet
from pipeline.study.specs import Specs

if TYPE_CHECKING:
    import pandas as pd

TYPES = {"DATASET": "str", "ROW": "int64", "USUBJID": "str", "SRCDOM": "str", "SRCSEQ": "float64"}
COLUMNS = list(TYPES)


def write_lineage(products: Path, path: Path, specs: Specs) -> None:
    """DATASET, ROW (the record's place in its file, from 1), USUBJID, SRCDOM and SRCSEQ: one row per record and source.

    A dataset whose records name no source (ADSL) is made of whole subjects and is not here; nor is what an earlier
    build left of a dataset that the specs no longer have, or of sources told by other keys (both are told as stale).
    """
    import pandas as pd
    import pyarrow as pa

    from pipeline.ground import text_storage  # noqa: F401

    one = pd.DataFrame([["", 1, "", "", 1]], columns=COLUMNS).astype(TYPES)
    schema = pa.Table.from_pandas(one, preserve_index=False).schema
    known = {file: specs.datasets[file.stem].dataset for file in (products / "adam").glob("*.parquet")
             if file.stem in specs.datasets}  # fmt: skip
    with RowGroups(path, schema) as groups:
        for file in sorted(known, key=known.__getitem__):
            for piece in _behind(products, file, specs):
                told = piece.assign(DATASET=known[file], ROW=piece["ROW"] + 1).sort_values(COLUMNS, ignore_index=True)
                groups.add(pa.Table.from_pandas(told[COLUMNS].astype(TYPES), schema, preserve_index=False))


def _behind(products: Path, file: Path, specs: Specs) -> Iterator[pd.DataFrame]:
    """The records behind those of a dataset, some subjects at a time; ROW is the place in its file, from 0."""
    import pyarrow.parquet as pq

    known, keys = pq.read_schema(file).names, specs.datasets[file.stem].keys
    if not set(SOURCE) <= set(known):
        return
    keys = tuple(key for key in keys if key in known)
    several = [behind for behind in _several(products, file.stem) if {*keys, *SOURCE} <= {*behind}]
    asked = {*keys, *SOURCE, *SERIES, *BASELINE}
    for records in _of_subjects(file, [name for name in known if name in asked], together=by_subject(keys)):
        yield sources_of(records, records, keys, several)


def _of_subjects(file: Path, columns: list[str], together: bool) -> Iterator[pd.DataFrame]:
    """The records of a dataset by their place; whole subjects at a time where theirs stand together."""
    import pandas as pd

    held: list[pd.DataFrame] = []
    start = 0
    for piece in read_row_groups(file, columns):
        records = pd.concat([*held, piece.set_axis(range(start, start + len(piece)))])
        start += len(piece)
        last = records[SUBJECT].eq(records[SUBJECT].iloc[-1]).to_numpy() if together and len(records) else None
        held = [records] if last is None else [records[last]]
        if last is not None and not last.all():
            yield records[~last]
    yield from held


def _several(products: Path, dataset: str) -> list[pd.DataFrame]:
    """The tables of the records behind a dataset, of each period one."""
    files = [(path, path.stem.partition(AT)) for path in sorted((products / "lineage").glob(f"{dataset}*.parquet"))]
    return [read_parquet(path.read_bytes()).assign(APERIOD=float(period or 1))
            for path, (name, _, period) in files if name == dataset]  # fmt: skip
