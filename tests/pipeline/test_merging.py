"""Parts joined by streaming have the bytes of the whole, however the records of subjects lie in row groups."""

import pandas as pd
import pyarrow.parquet as pq
import pytest

from pipeline.engine import merging, pieces, store
from pipeline.engine.merging import merged
from pipeline.engine.node import DATA, Node, Partition
from pipeline.engine.partition import cut_files, in_groups
from pipeline.engine.store import parquet_bytes

KEYS = ("STUDYID", "USUBJID", "SEQ")


def records(subjects):
    """Three records of each subject (None: of nobody), with a text, a number and a date that are missing in some."""
    numbers = pd.Series([one for one in subjects for _ in range(3)], dtype="str")
    told = pd.DataFrame({"STUDYID": pd.Series("S", numbers.index, dtype="str"), "USUBJID": numbers})
    order = pd.Series(range(len(told)))
    dates = pd.Series(pd.Timestamp("2026-01-01"), index=told.index).astype("datetime64[s]")
    return told.assign(SEQ=order % 3 + 1, TEXT=("t" + order.astype("str")).where(order % 4 > 0).astype("str"),
                       AVAL=(order / 7).where(order % 5 > 0), ADT=dates.where(order % 2 > 0))  # fmt: skip


@pytest.mark.parametrize("count", [1, 2, 7])
@pytest.mark.parametrize("subjects", [[None, *(f"S-{n:02}" for n in range(12))], ["S-1"], []])
def test_a_join_of_parts_is_the_whole_byte_for_byte(count, subjects, tmp_path, monkeypatch):
    monkeypatch.setattr(store, "ROW_GROUP", 4)
    monkeypatch.setattr(merging, "ROW_GROUP", 4)
    whole = records(subjects)
    (tmp_path / DATA).write_bytes(parquet_bytes(whole))
    parts = cut_files(tmp_path, count)
    stream = merged([tmp_path / name for name in parts], KEYS)
    stream.write(tmp_path / "whole.parquet")

    assert len(stream) == len(whole)
    assert (tmp_path / "whole.parquet").read_bytes() == parquet_bytes(whole)


def test_the_row_groups_of_a_part_are_so_small_that_those_of_all_parts_can_be_held(tmp_path, monkeypatch):
    """Of three parts a third of the records of a row group of the whole; never fewer than is worth a row group."""
    monkeypatch.setattr(pieces, "ROW_GROUP", 9)
    monkeypatch.setattr(pieces, "LEAST", 2)
    sizes = {}
    for count in (1, 3, 9):
        node = Node("lb", "partition", partition=Partition(1, count))
        in_groups(node, {DATA: records(["S-1", "S-2"])})[DATA].write(tmp_path / DATA)
        sizes[count] = pq.read_metadata(tmp_path / DATA).num_row_groups

    assert sizes == {1: 1, 3: 2, 9: 3}


@pytest.mark.parametrize(("keys", "second"), [
    (("PARAMCD", "USUBJID"), {}), (KEYS, {"SEQ": "text"}), (KEYS, {"USUBJID": ["S-2", "S-1", "S-2"]}),
])  # fmt: skip
def test_parts_that_do_not_lie_by_subject_or_differ_in_their_types_are_not_streamed(keys, second, tmp_path):
    for name, frame in (("1", records(["S-0"])), ("2", records(["S-1"]).assign(**second))):
        (tmp_path / name).write_bytes(parquet_bytes(frame))

    assert merged([tmp_path / "1", tmp_path / "2"], keys) is None
