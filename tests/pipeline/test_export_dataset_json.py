"""Dataset-JSON 1.1: the members the standard requires, and every value as it was after reading it back."""

import json
import re
import zlib
from datetime import datetime

import pytest
from exported_frames import exported

from pipeline.publish.export.dataset_json import Provenance, dsjc_file, json_file, ndjson_file
from pipeline.readers.dataset_json import read_dataset_json

ORIGIN = Provenance("STUDY 1", "Sponsor", "program", "1.0", datetime(2026, 6, 30))
ONE = exported(
    "adxx", "STUDYID USUBJID ASEQ:integer AVAL:number AVALC ADT:date ADTM:datetime XXDTC CHG:number",
    [
        ("S", "S-1", 1, 1e-300, "жар \"и\"\n", "2026-06-30", "2026-06-30T08:05:00", "2026-06-30", 1.0),
        ("S", "S-2", 2, 0.1 + 0.2, None, None, None, "2026-06", None),
        ("S", "S-3", 3, None, "0.10", "1899-12-31", None, None, -2.0),
    ],
)  # fmt: skip
REQUIRED = {"datasetJSONCreationDateTime", "datasetJSONVersion", "itemGroupOID", "records", "name", "label", "columns"}
TYPES = {"string", "integer", "decimal", "float", "double", "boolean", "datetime", "date", "time", "URI"}


def written(make):
    return b"".join(make(ONE, ORIGIN))


def test_the_head_has_what_the_standard_requires():
    said = json.loads(written(json_file))

    assert set(said) >= REQUIRED and said["records"] == 3 and re.fullmatch(r"1\.1(\.\d+)?", said["datasetJSONVersion"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", said["datasetJSONCreationDateTime"])
    assert all({"itemOID", "name", "label", "dataType"} <= set(column) for column in said["columns"])
    assert {column["dataType"] for column in said["columns"]} <= TYPES
    assert said["itemGroupOID"] == "IG.ADXX" and said["columns"][0]["itemOID"] == "IT.ADXX.STUDYID"


def test_a_variable_says_what_its_values_are():
    told = {column["name"]: column for column in json.loads(written(json_file))["columns"]}

    assert {name: column["dataType"] for name, column in told.items()} == {
        "STUDYID": "string", "USUBJID": "string", "ASEQ": "integer", "AVAL": "float", "AVALC": "string",
        "ADT": "date", "ADTM": "datetime", "XXDTC": "string", "CHG": "integer",
    }  # fmt: skip
    assert (told["ADT"]["targetDataType"], told["ADT"]["displayFormat"]) == ("integer", "E8601DA.")
    assert [told[name].get("keySequence") for name in ("STUDYID", "ASEQ", "AVAL")] == [1, 3, None]


def test_every_value_comes_back_as_it_was():
    assert json.loads(written(json_file))["rows"] == [
        ["S", "S-1", 1, 1e-300, 'жар "и"\n', "2026-06-30", "2026-06-30T08:05:00", "2026-06-30", 1],
        ["S", "S-2", 2, 0.30000000000000004, None, None, None, "2026-06", None],
        ["S", "S-3", 3, None, "0.10", "1899-12-31", None, None, -2],
    ]  # fmt: skip


def test_the_three_forms_say_the_same():
    whole = json.loads(written(json_file))
    head, *rows = [json.loads(line) for line in written(ndjson_file).splitlines()]

    assert (head | {"rows": rows}) == whole
    assert zlib.decompress(written(dsjc_file)) == written(ndjson_file)


@pytest.mark.parametrize(("ending", "make"), [("json", json_file), ("ndjson", ndjson_file), ("dsjc", dsjc_file)])
def test_our_own_reader_takes_what_we_write(tmp_path, ending, make):
    path = tmp_path / f"adxx.{ending}"
    path.write_bytes(written(make))

    sheet = read_dataset_json(path)

    assert sheet.header == ONE.data.columns.tolist()
    assert sheet.rows[2] == ["S", "S-3", "3", "", "0.10", "1899-12-31", "", "", "-2"]


def test_no_records_are_a_file_too():
    empty = exported("xx", "STUDYID XXDTC AVAL:number", [])

    assert json.loads(b"".join(json_file(empty, ORIGIN)))["rows"] == []
