"""A large form is read some lines at a time: the same records, findings, faults and bytes as read at once."""

import zipfile

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.engine import pieces
from pipeline.engine.pieces import filled, streamed
from pipeline.engine.store import parquet_bytes
from pipeline.ground.faults import TrialError
from pipeline.intake.delivery import open_delivery
from pipeline.intake.records import usable_records
from pipeline.readers import parquet, plain
from pipeline.readers.columns import Columns
from pipeline.study.contracts import contract_of

LISTS = pd.DataFrame([["ARM", "1", "left"], ["ARM", "2", "right"]], columns=["CODELIST", "CODED_VALUE", "DECODE"])
FIELDS = {"TEMP": {"type": "decimal"}, "ARM": {"type": "coded", "codelist": "ARM"}, "DAY": {"type": "date"}}
CONTRACT = contract_of({
    "form": "VS", "file": "VS.csv", "record": ["ID"], "unique": ["ID", "DAY"], "coded": {"text": "{}"},
    "inactive": {"column": "ACTIVE", "value": "0"}, "dates": "DMY", "date_format": "DMY",
    "fields": {"ID": {"type": "text"}, **FIELDS},
})  # fmt: skip
ROSTER = frozenset({"101", "102"})
HEADER = ["UPDATED", "SUBJECT", "ID", "ACTIVE", "DAY", "TEMP", "ARM"]
# Of the first key the record updated last stays, in another way of writing its day; of two alike a copy; of 102 the
# same number is another record. One is taken back, one of a subject nobody knows, one of nobody, one without a key.
ROWS = [row.split(" ") for row in (
    "9 101 1 1 02.01.2026 36,5 left", "1 101 2 1 03.01.2026 36,6 right", "1 102 1 1 02.01.2026 36,7 left",
    "1 101 3 1 04.01.2026 36,8 Left", "8 101 1 1 2.1.2026 36,9 right", "1 101 3 1 04.01.2026 36,8 Left",
    "1 102 4 0 05.01.2026 37,0 left", "1 109 5 1 05.01.2026 37,1 left", "1 _ 6 1 05.01.2026 37,2 left",
    "1 102 _ 1 05.01.2026 37,3 left", "1 102 _ 1 05.01.2026 37,4 odd",
)]  # fmt: skip
ROWS = [["" if cell == "_" else cell for cell in row] for row in ROWS]
SIZES = [1, 2, 7]  # lines at a time


def as_csv(folder, name, monkeypatch, lines):
    """A file of which no more than so many lines are read at once."""
    text = "".join(";".join(row) + "\n" for row in (HEADER, *ROWS))
    (folder / name).write_bytes(text.encode("utf-8"))
    longest = max(map(len, text.splitlines())) + 1
    monkeypatch.setattr(plain, "BLOCK", lines * longest)


def as_parquet(folder, name, monkeypatch, lines):
    """The same in row groups of three records."""
    table = pa.table({column: [row[n] for row in ROWS] for n, column in enumerate(HEADER)})
    pq.write_table(table, folder / name.replace(".csv", ".parquet"), row_group_size=3)
    monkeypatch.setattr(parquet, "BATCH", lines)


OTHER = contract_of({
    "form": "VS", "file": "VS.csv", "record": ["ID", "DAY"], "unique": ["ID"], "coded": {"code": "{}"},
    "subject": {"column": "SUBJECT", "pattern": r"(?P<number>\d{3})"}, "fields": {"ID": {"type": "text"}, **FIELDS},
})  # fmt: skip
OF_NOBODY = contract_of({"form": "VS", "file": "VS.csv", "record": ["ID"], "subject": {"column": ""},
                         "unique": ["ID"], "fields": {"ID": {"type": "text"}, **FIELDS}})  # fmt: skip
BY_VERSION = LISTS.assign(VERSION=["1; 9", "8"])


def read(folder):
    return usable_records(open_delivery(folder), CONTRACT, ROSTER, LISTS)


@pytest.mark.parametrize("lines", SIZES)
@pytest.mark.parametrize("kind", [as_csv, as_parquet])
def test_a_form_read_some_lines_at_a_time_has_the_records_and_findings_of_one_read_at_once(
    kind, lines, tmp_path, monkeypatch
):  # fmt: skip
    kind(tmp_path, "VS.csv", monkeypatch, 1000)
    at_once = read(tmp_path)
    kind(tmp_path, "VS.csv", monkeypatch, lines)
    found = read(tmp_path)
    monkeypatch.setattr(pieces, "ROW_GROUP", 2)
    monkeypatch.setattr("pipeline.engine.store.ROW_GROUP", 2)
    streamed(found.pieces, found.count).write(tmp_path / "written")

    assert (at_once.held, found.held) == (True, False)
    pd.testing.assert_frame_equal(found.findings, at_once.findings)
    pd.testing.assert_frame_equal(found.whole(), at_once.whole())
    assert (found.count, (tmp_path / "written").read_bytes()) == (len(at_once.whole()), parquet_bytes(at_once.whole()))


@pytest.mark.parametrize("lines", [*SIZES, 1000])
def test_what_is_told_of_all_records_is_told_however_few_are_read_at_once(lines, tmp_path, monkeypatch):
    as_csv(tmp_path, "VS.csv", monkeypatch, lines)
    found = read(tmp_path)
    told = found.findings[~found.findings["check"].isin(["RAW-MANIFEST", "RAW-COLUMN", "RAW-ORDER"])]

    assert [tuple(row) for row in told[["check", "severity", "record", "subject", "value"]].to_numpy()] == [
        ("RAW-LAYOUT", "info", "", "", ""),
        ("RAW-LAYOUT", "minor", "", "", "11"),  # numbers with a comma
        ("RAW-INACTIVE", "info", "", "", "1"),
        ("RAW-DUPLICATE", "major", "3", "101", "3"),
        ("RAW-DUPLICATE", "critical", "1", "101", "1"),
        ("RAW-SUBJECT", "critical", "5", "109", "109"),
        ("RAW-SUBJECT", "critical", "6", "", ""),
    ]
    assert [*zip(*(found.whole()[name] for name in ("_LINE", "DAY", "TEMP", "ARM_STD")), strict=True)] == [
        (2, "2026-01-02", "36.5", "1"), (3, "2026-01-03", "36.6", "2"), (4, "2026-01-02", "36.7", "1"),
        (7, "2026-01-04", "36.8", "1"), (11, "2026-01-05", "37.3", "1"), (12, "2026-01-05", "37.4", "odd"),
    ]  # fmt: skip


@pytest.mark.parametrize("lines", SIZES)
@pytest.mark.parametrize("asking", ['x,"a,2', "x,1", "x,1,2,3", "", ",,", " ,\t,\x1f", "x,1\r,2", "x,\0,2", "x,\x1a,2"])
def test_a_line_of_any_block_asks_for_a_second_look_at_all(asking, lines, tmp_path, monkeypatch):
    monkeypatch.setattr(plain, "BLOCK", 8 * lines)
    content = b"A,B,C\n" + b"y,3,4\n" * 9 + asking.encode() + b"\n" + b"y,3,4\n" * 9

    assert plain.plain_columns(b"A,B,C\n" + b"y,3,4\n" * 18, "A,B,C", ",")
    assert plain.plain_columns(content, "A,B,C", ",") is None


@pytest.mark.parametrize("lines", SIZES)
@pytest.mark.parametrize("row", [["", "1", "2"], ["", "", "2"], [" ", "", "."]])
def test_a_line_that_says_anything_is_a_record_as_any_other(row, lines, tmp_path, monkeypatch):
    monkeypatch.setattr(plain, "BLOCK", 8 * lines)
    content = b"A,B,C\n" + b"y,3,4\n" * 9 + ",".join(row).encode() + b"\n" + b"y,3,4\n" * 9
    header, columns = plain.plain_columns(content, "A,B,C", ",")

    assert (header, list(columns)[8:11]) == (["A", "B", "C"], [["y", "3", "4"], row, ["y", "3", "4"]])


@pytest.mark.parametrize("lines", SIZES)
def test_cells_of_a_file_and_of_one_in_an_archive_are_the_same_however_few_lines_are_read_at_once(
    lines, tmp_path, monkeypatch
):  # fmt: skip
    as_csv(tmp_path, "VS.csv", monkeypatch, lines)
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.write(tmp_path / "VS.csv", "VS.csv")
    for rows in (open_delivery(tmp_path / "x.zip").read("VS.csv").rows, plain_rows(tmp_path)):
        assert (len(rows), rows, rows[-1], rows.of([2, -1])[4]) == (11, ROWS, ROWS[-1], ["1", "right"])


@pytest.mark.parametrize("lines", SIZES)
@pytest.mark.parametrize(("contract", "named"), [
    (OTHER, {"ARM": "SITE"}),  # the site stands in a column of its own
    (OTHER, {"ACTIVE": "ARM", "ARM": "X", "UPDATED": "MDVOID"}),  # codes, of a version of the list
    (OF_NOBODY, {}),
])  # fmt: skip
def test_what_other_columns_tell_of_a_record_is_told_however_few_are_read_at_once(
    contract, named, lines, tmp_path, monkeypatch
):  # fmt: skip
    monkeypatch.setattr(f"{__name__}.HEADER", [named.get(name, name) for name in HEADER])
    found = []
    for many in (1000, lines):
        as_csv(tmp_path, "VS.csv", monkeypatch, many)
        found.append(usable_records(open_delivery(tmp_path), contract, ROSTER, BY_VERSION))

    assert [one.held for one in found] == [True, False]
    pd.testing.assert_frame_equal(found[1].whole(), found[0].whole())
    pd.testing.assert_frame_equal(found[1].findings, found[0].findings)
    assert found[0].count > 3


def plain_rows(folder):
    rows = open_delivery(folder).read("VS.csv").rows
    assert isinstance(rows, Columns) and not rows.held
    return rows


def test_moments_have_a_time_where_any_of_their_column_has_one_though_it_is_read_later(tmp_path, monkeypatch):
    moments = pd.to_datetime(["2026-01-01", "2026-01-02", None, "2026-01-03 12:30"], format="mixed")
    table = pa.table({"D": pa.array(moments.normalize()), "T": pa.array(moments), "S": ["a", "b", "", None]})
    pq.write_table(table, tmp_path / "x.parquet")
    monkeypatch.setattr(parquet, "BATCH", 1)

    assert open_delivery(tmp_path).read("x.parquet").rows == [
        ["2026-01-01", "2026-01-01T00:00:00", "a"], ["2026-01-02", "2026-01-02T00:00:00", "b"], ["", "", ""],
        ["2026-01-03", "2026-01-03T12:30:00", ""],
    ]  # fmt: skip


def test_a_parquet_file_of_many_cells_is_read_and_one_that_says_far_more_than_its_size_is_refused(
    tmp_path, monkeypatch
):  # fmt: skip
    monkeypatch.setattr(parquet, "MAX_CELLS", 50)
    pq.write_table(pa.table({"A": [str(n) for n in range(100)]}), tmp_path / "many.parquet")
    pq.write_table(pa.table({"A": ["same"] * 1_000_000}), tmp_path / "same.parquet")
    delivery = open_delivery(tmp_path)

    assert len(delivery.read("many.parquet").rows) == 100
    with pytest.raises(TrialError, match=r"holds 1,000,000 records in [\d,]+ bytes; it is not read"):
        delivery.read("same.parquet")


def test_a_file_that_is_changed_while_it_is_read_is_refused(tmp_path, monkeypatch):
    as_csv(tmp_path, "VS.csv", monkeypatch, 1)
    rows = plain_rows(tmp_path)
    with (tmp_path / "VS.csv").open("ab") as file:
        file.write(b"1;101;9;1;02.01.2026;36,5;left\n")

    with pytest.raises(TrialError, match="changed while it was read"):
        list(rows)


def test_columns_with_a_value_are_told_without_reading_them(tmp_path):
    empty = pd.Series([None, None], dtype="str")
    (tmp_path / "x").write_bytes(parquet_bytes(pd.DataFrame({"A": ["x", None], "B": empty, "C": [None, "y"]})))
    (tmp_path / "y").write_bytes(parquet_bytes(pd.DataFrame({"A": empty.iloc[:0]})))

    assert (filled(tmp_path / "x"), filled(tmp_path / "y")) == (["A", "C"], [])
