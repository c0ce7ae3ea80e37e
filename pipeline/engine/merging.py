"""Parts of a dataset joined without holding it: its records in the order of their subjects, a row group at a time.

Every part is in the order of the dataset's keys, and no subject is of two parts. So where the subject leads the keys
(but for what is the same of all records), the whole is one subject's records behind another's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from pipeline.engine.pieces import as_written
from pipeline.engine.store import ROW_GROUP, Stream, parquet_writer
from pipeline.ground.beside import ahead

if TYPE_CHECKING:
    import pyarrow as pa

SUBJECT = "USUBJID"
SAME_OF_ALL = ("STUDYID", "DOMAIN", "RDOMAIN")
Run: TypeAlias = tuple[int, int]  # the number of a part, and how many of its next records


def by_subject(keys: Sequence[str]) -> bool:
    """True where records in the order of these keys stand together by subject."""
    return SUBJECT in keys and all(key in SAME_OF_ALL for key in keys[: keys.index(SUBJECT)])


def merged(parts: Sequence[Path], keys: Sequence[str]) -> Stream | None:
    """The records of all parts by their subjects; None where the keys ask for another order, or the types differ."""
    import pyarrow.parquet as pq

    filled = [path for path in parts if pq.read_metadata(path).num_rows] or list(parts[:1])
    schemas = [as_written(path) for path in filled]
    if not by_subject(keys) or any(not one.equals(schemas[0], check_metadata=True) for one in schemas):
        return None
    runs = _runs(filled)
    return None if runs is None else Stream(partial(_write, filled, runs, schemas[0]), sum(count for _, count in runs))


def _runs(parts: Sequence[Path]) -> list[Run] | None:
    """Whose records follow whose, as part and number of records; None where a subject's do not stand together."""
    found: list[tuple[bool, str, Run]] = []
    for number, path in enumerate(parts):
        found += [(subject is not None, subject or "", (number, count)) for subject, count in _subjects(path)]
    if len({told[:2] for told in found}) < len(found):
        return None
    return [run for *_, run in sorted(found)]


def _subjects(path: Path) -> Iterator[tuple[str | None, int]]:
    """The subjects of a part in their order, each with the number of records that stand together."""
    import numpy as np
    import pyarrow.parquet as pq

    column = pq.read_table(path, columns=[SUBJECT], read_dictionary=[SUBJECT])[SUBJECT]
    told = column.unify_dictionaries().combine_chunks().dictionary_encode()
    codes = told.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    starts = np.flatnonzero(np.diff(codes, prepend=-2))
    names = told.dictionary.to_pylist()
    for start, count in zip(starts, np.diff(starts, append=len(codes)), strict=True):
        yield None if codes[start] < 0 else names[codes[start]], int(count)


def _write(parts: Sequence[Path], runs: list[Run], schema: pa.Schema, path: Path) -> None:
    """Write the records of these runs, as many at a time as a row group has; the next are read beside that."""
    with parquet_writer(path, schema) as writer:
        readers = [_NextRecords(part, max(1024, ROW_GROUP // len(parts))) for part in parts]
        if not runs:
            writer.write_table(schema.empty_table())
        for table in ahead(_ordered(readers, group).cast(schema) for group in _groups(runs)):
            writer.write_table(table, row_group_size=ROW_GROUP)


def _groups(runs: list[Run]) -> Iterator[list[Run]]:
    """The runs of each row group; one that reaches over its end is divided."""
    group: list[Run] = []
    free = ROW_GROUP
    for part, count in runs:
        while count:
            taken = min(count, free)
            group.append((part, taken))
            count, free = count - taken, free - taken
            if not free:
                yield group
                group, free = [], ROW_GROUP
    if group:
        yield group


def _ordered(readers: Sequence[_NextRecords], group: list[Run]) -> pa.Table:
    """The records of a row group: the next of each part, brought into the order of the runs."""
    import numpy as np
    import pyarrow as pa

    counts = [0] * len(readers)
    for part, count in group:
        counts[part] += count
    first = np.concatenate([[0], np.cumsum(counts)[:-1]]).tolist()
    places = []
    for part, count in group:
        places.append(np.arange(first[part], first[part] + count))
        first[part] += count
    table = pa.concat_tables([reader.next(count) for reader, count in zip(readers, counts, strict=True) if count])
    return table.combine_chunks().take(pa.array(np.concatenate(places))).combine_chunks()


class _NextRecords:
    """A part, read in its order a batch at a time."""

    def __init__(self, path: Path, batch: int):
        import pyarrow.parquet as pq

        self.file = pq.ParquetFile(path, pre_buffer=False)  # of many parts, what is read ahead is more than all else
        self.batches = self.file.iter_batches(batch_size=batch, use_threads=False)
        self.rest = self.file.schema_arrow.empty_table()

    def next(self, count: int) -> pa.Table:
        """The next so many records."""
        import pyarrow as pa

        pieces = [self.rest]
        have = self.rest.num_rows
        while have < count:
            batch = next(self.batches)
            pieces.append(pa.Table.from_batches([batch], self.rest.schema))
            have += batch.num_rows
        whole = pa.concat_tables(pieces)
        self.rest = whole.slice(count)
        return whole.slice(0, count)
