"""`lineage.parquet`: the records of SDTM behind each record of the analysis datasets, as they lie in the products."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.engine.merging import SUBJECT, by_subject
from pipeline.engine.node import AT
from pipeline.engine.parquet_columns import ParquetColumns
from pipeline.engine.pieces import RowGroups, read_row_groups, row_groups
from pipeline.engine.several_sources import BASELINE, SERIES, SOURCE, sources_of
from pipeline.engine.store import Cache, Stream, digest_of, file_hash, read_parquet
from pipeline.ground import source
from pipeline.ground.machine import versions
from pipeline.publish.manifest import LINEAGE
from pipeline.study.specs import Specs

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

LINEAGE_NODE = "lineage"  # and of each dataset lineage:adlb
TYPES = {"DATASET": "str", "ROW": "int64", "USUBJID": "str", "SRCDOM": "str", "SRCSEQ": "float64"}
COLUMNS = list(TYPES)


def write_lineage(products: Path, path: Path, specs: Specs, cache: Cache) -> str:
    """DATASET, ROW (the record's place in its file, from 1), USUBJID, SRCDOM and SRCSEQ: one row per record and source.

    A dataset whose records name no source (ADSL) is made of whole subjects and is not here; nor is what an earlier
    build left of a dataset that the specs no longer have, or of sources told by other keys (both are told as stale).
    What variables that say neither key nor source change is kept: by dataset, and of all. The hash of the file.
    """
    known = {specs.datasets[file.stem].dataset: file for file in (products / "adam").glob("*.parquet")
             if file.stem in specs.datasets and {*SOURCE} <= {*_names(file)}}  # fmt: skip
    digests = {name: _digest(products, known[name], specs) for name in sorted(known)}
    digest = digest_of(list(digests.items()))
    kept = cache.entry(LINEAGE_NODE, digest)
    if kept is None:
        parts = (_kept(cache, products, known[name], (name, one), specs) for name, one in digests.items())
        kept = cache.write(LINEAGE_NODE, digest, {LINEAGE: Stream(partial(_joined, parts), 0)})
    shutil.copyfile(cache.path(LINEAGE_NODE, digest) / LINEAGE, path)
    return kept.files[LINEAGE]


def lineage_nodes(specs: Specs) -> list[str]:
    """The names under which it is kept, of each dataset and of all."""
    return [LINEAGE_NODE, *(_node(one.dataset) for one in specs.datasets.values())]


def _node(dataset: str) -> str:
    return f"{LINEAGE_NODE}:{dataset.lower()}"


def _names(file: Path) -> list[str]:
    import pyarrow.parquet as pq

    names: list[str] = pq.read_schema(file).names
    return names


def _digest(products: Path, file: Path, specs: Specs) -> str:
    """What the sources of a dataset's records depend on: its keys, what it says of them, and the tables beside it."""
    columns = ParquetColumns([file.stem], lambda _: file.read_bytes())
    told = [[name, columns.digest(file.stem, name)] for name in _asked(columns.names(file.stem), file, specs)]
    beside = [[path.name, file_hash(path)] for path in sorted((products / "lineage").glob(f"{file.stem}*.parquet"))]
    return digest_of([told, beside, specs.datasets[file.stem].keys, source.code_hash(__name__), versions()])


def _asked(known: Iterable[str], file: Path, specs: Specs) -> list[str]:
    """The variables of a dataset that its lineage is told by."""
    asked = {*specs.datasets[file.stem].keys, *SOURCE, *SERIES, *BASELINE}
    return [name for name in known if name in asked]


def _kept(cache: Cache, products: Path, file: Path, of: tuple[str, str], specs: Specs) -> Path:
    """The lineage of one dataset (its name and digest), made where the cache does not have it."""
    (name, digest), node = of, _node(of[0])
    entry = cache.entry(node, digest)
    if entry is None:
        entry = cache.write(node, digest, {LINEAGE: Stream(partial(_of_dataset, products, file, name, specs), 0)})
    return cache.path(node, digest) / LINEAGE


def _of_dataset(products: Path, file: Path, dataset: str, specs: Specs, path: Path) -> None:
    """Write the lineage of one dataset."""
    import pyarrow as pa

    schema = _schema()
    with RowGroups(path, schema) as groups:
        for piece in _behind(products, file, specs):
            told = piece.assign(DATASET=dataset, ROW=piece["ROW"] + 1).sort_values(COLUMNS, ignore_index=True)
            groups.add(pa.Table.from_pandas(told[COLUMNS].astype(TYPES), schema, preserve_index=False))


def _joined(parts: Iterable[Path], path: Path) -> None:
    with RowGroups(path, _schema()) as groups:
        for part in parts:
            for table in row_groups(part):
                groups.add(table)


def _schema() -> pa.Schema:
    import pandas as pd
    import pyarrow as pa

    from pipeline.ground import text_storage  # noqa: F401

    one = pd.DataFrame([["", 1, "", "", 1]], columns=COLUMNS).astype(TYPES)
    return pa.Table.from_pandas(one, preserve_index=False).schema


def _behind(products: Path, file: Path, specs: Specs) -> Iterator[pd.DataFrame]:
    """The records behind those of a dataset, some subjects at a time; ROW is the place in its file, from 0."""
    known = _names(file)
    keys = tuple(key for key in specs.datasets[file.stem].keys if key in known)
    several = [behind for behind in _several(products, file.stem) if {*keys, *SOURCE} <= {*behind}]
    for records in _of_subjects(file, _asked(known, file, specs), together=by_subject(keys)):
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
