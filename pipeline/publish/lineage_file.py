"""`lineage.parquet`: the records of SDTM behind each record of the analysis datasets, as they lie in the products."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.engine.node import AT
from pipeline.engine.several_sources import SOURCE, sources_of
from pipeline.engine.store import read_parquet
from pipeline.study.specs import Specs

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ["DATASET", "ROW", *SOURCE]


def lineage_of(products: Path, specs: Specs) -> pd.DataFrame:
    """DATASET, ROW (the record's place in its file, from 1), USUBJID, SRCDOM and SRCSEQ: one row per record and source.

    A dataset whose records name no source (ADSL) is made of whole subjects and is not here; nor is what an earlier
    build left of a dataset that the specs no longer have, or of sources told by other keys (both are told as stale).
    """
    import pandas as pd

    parts = [pd.DataFrame(columns=COLUMNS)]
    for path in sorted((products / "adam").glob("*.parquet")):
        records = read_parquet(path.read_bytes())
        if path.stem in specs.datasets and set(SOURCE) <= set(records):
            keys = [key for key in specs.datasets[path.stem].keys if key in records]
            several = [behind for behind in _several(products, path.stem) if {*keys, *SOURCE} <= {*behind}]
            found = sources_of(records, records, keys, several)
            parts.append(found.assign(DATASET=specs.datasets[path.stem].dataset, ROW=found["ROW"] + 1))
    whole = pd.concat([part for part in parts if len(part)] or parts)
    types = {"ROW": "int64", "SRCSEQ": "float64"}
    return whole.sort_values(COLUMNS, ignore_index=True)[COLUMNS].astype(types)


def _several(products: Path, dataset: str) -> list[pd.DataFrame]:
    """The tables of the records behind a dataset, of each period one."""
    files = [(path, path.stem.partition(AT)) for path in sorted((products / "lineage").glob(f"{dataset}*.parquet"))]
    return [read_parquet(path.read_bytes()).assign(APERIOD=float(period or 1))
            for path, (name, _, period) in files if name == dataset]  # fmt: skip
