"""A delivery is looked at before it is believed: hostile manifests, links, names and bombs are refused in words."""

import json
import os
import zipfile
from dataclasses import replace

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from mini_extract import CONTRACT, HEADER, ROW, csv_bytes, deliver
from mini_study import extract, files, project, vital

from pipeline.cli import trial
from pipeline.gate.fields import delivery_findings, raw_form
from pipeline.gate.validation import validate
from pipeline.ground.faults import EXIT_USER, TrialError
from pipeline.intake.delivery import open_delivery
from pipeline.intake.manifest import Promise
from pipeline.intake.records import read_form
from pipeline.readers import parquet
from pipeline.readers.written import Written
from pipeline.study.contracts import Contract, Field, contract_of
from pipeline.study.specs import load_specs

DATA = csv_bytes([HEADER, ROW])


def folder_with(tmp_path, manifest=None, **names):
    folder = tmp_path / "delivery"
    folder.mkdir()
    (folder / "VS.csv").write_bytes(DATA)
    if manifest is not None:
        (folder / "manifest.json").write_bytes(manifest)
    return folder


@pytest.mark.parametrize(
    ("manifest", "said"),
    [
        (b'{"files": null}', "`files` is null"),
        (b'{"files": {"a": 1}}', "`files` is an object"),
        (b'{"files": [null]}', "has no name"),
        (b'{"files": [{"rows": 3}]}', "has no name"),
        (b'{"files": [{"file": ["a"]}]}', "has no name"),
        (b'{"files": [{"file": "VS.csv"}, {"file": "VS.csv"}]}', "twice"),
        (b'{"files": [{"file": "VS.csv", "rows": {"a": 1}}]}', "no number of records"),
        (b'{"extracted": "x"}', "no date"),
        (b'{"extracted": null}', "`extracted` is null"),
        (b'{"extracted": ["2026-01-01"]}', "`extracted` is a list"),
        (b'{"data_cutoff": {"a": 1}}', "`data_cutoff` is an object"),
        (b'{"rows": ' + b"9" * 5000 + b"}", "cannot be read"),
        (b'{"rows": NaN}', "NaN is no number"),
        (b"[" * 100_000 + b"]" * 100_000, "nested|recursion|cannot be read"),
        (b'["VS.csv"]', "not a JSON object"),
        (b"12", "not a JSON object"),
        ('{"study": "é"}'.encode("cp1252"), "not UTF-8"),
        (b'{"study": "x"', "cannot be read"),
        (b"", "cannot be read"),
        (b'{"written": "utf-8"}', "word by word"),
        (b'{"written": {"encoding": "klingon"}}', "encoding 'klingon' is not known"),
        (b'{"written": {"delimiter": ";;"}}', "not one sign"),
        (b'{"written": {"decimal": "x"}}', "decimal sign"),
        (b'{"written": {"dates": "someday"}}', "date form 'someday'"),
        (b'{"written": {"encodng": "utf-8"}}', "did you mean encoding"),
    ],
)
def test_a_manifest_that_no_sender_writes_is_refused_in_words(tmp_path, manifest, said):
    with pytest.raises(TrialError, match=said) as error:
        open_delivery(folder_with(tmp_path, manifest))
    assert error.value.exit_code == 2
    assert len(error.value.text()) < 1000


@pytest.mark.parametrize(
    "moment", ["2026-07-06", "2026-07-06T06:00:00Z", "2021-04-06T05:30:00+08:00", "2026-07-06 06:00"]
)
def test_the_moment_of_an_extract_is_iso_8601(tmp_path, moment):
    assert (
        open_delivery(folder_with(tmp_path, json.dumps({"extracted": moment}).encode())).manifest.extracted == moment
    )


def test_links_are_not_followed(tmp_path):
    folder = folder_with(tmp_path)
    (folder / "AE.csv").symlink_to("/etc/hostname")
    with pytest.raises(TrialError, match=r"AE.csv in the extract is a link"):
        open_delivery(folder)


def test_a_name_that_is_no_text_is_refused_in_words_that_can_be_printed(tmp_path):
    folder = folder_with(tmp_path)
    (folder / os.fsdecode(b"AE\xff.csv")).write_bytes(DATA)
    with pytest.raises(TrialError, match="a name that is no text") as error:
        open_delivery(folder)
    error.value.text().encode("utf-8")


@pytest.mark.parametrize("dictionary", [True, False])
def test_a_small_file_with_far_too_much_text_is_refused(tmp_path, dictionary, monkeypatch):
    monkeypatch.setattr(parquet, "MAX_UNPACKED", 50_000_000)
    table = pa.table({"SUBJECT": ["1"] * 100, "NOTE": ["x" * 1_000_000] * 100})
    pq.write_table(table, tmp_path / "vs.parquet", compression="zstd", use_dictionary=dictionary)
    assert (tmp_path / "vs.parquet").stat().st_size < 100_000
    with pytest.raises(TrialError, match="it is not read"):
        open_delivery(tmp_path).read("vs.parquet")


def test_whole_numbers_of_parquet_keep_every_digit(tmp_path):
    pd.DataFrame({"ID": pd.array([12345678901234567, None], dtype="Int64")}).to_parquet(tmp_path / "vs.parquet")
    assert open_delivery(tmp_path).read("vs.parquet").rows == [["12345678901234567"], [""]]


def test_a_form_of_no_bytes_is_treated_as_one_that_is_missing(tmp_path):
    folder = deliver(tmp_path / "x", {"VS.csv": b""})
    records, findings = read_form(open_delivery(folder), contract_of(CONTRACT | {"need": "supportive"}), None)
    assert (len(records), "TEMP" in records) == (0, True)
    assert findings[["check", "severity"]].to_numpy().tolist() == [["RAW-FORM", "major"]]
    assert "is empty" in findings.loc[0, "message"]

    for name in ("VS.xlsx", "VS.xpt", "VS.parquet"):
        folder = deliver(tmp_path / name, {name: b"", "DM.csv": DATA})
        assert len(read_form(open_delivery(folder), contract_of(CONTRACT | {"need": "supportive"}), None)[0]) == 0


@pytest.mark.parametrize("name", ["VS.tsv", "vs.csv", "VS.txt", "vs.CSV"])
def test_a_form_is_found_under_every_ending_of_text(tmp_path, name):
    sign = "\t" if name.endswith("tsv") else ","
    folder = deliver(tmp_path / "x", {name: "\n".join([sign.join(HEADER), sign.join(ROW)]).encode()})
    records, findings = read_form(open_delivery(folder), contract_of(CONTRACT), None)
    assert (len(records), len(findings), records.loc[0, "_FILE"]) == (1, 0, name)


def test_a_study_without_subjects_stops_in_words(tmp_path):
    specs = project(tmp_path)
    delivery = extract(tmp_path, "2026-01-31", files([vital("1", "36.5")], people=()))
    with pytest.raises(TrialError, match="The extract has no subjects") as error:
        raw_form(delivery, specs, "DM", None)
    assert error.value.exit_code == 2


def test_a_zip_may_hold_every_kind_of_file(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "DM"
    book.active.append(["SUBJECT", "AGE"])
    book.active.append(["1010001", 44])
    book.save(tmp_path / "dm.xlsx")
    pd.DataFrame({"SUBJECT": ["1010001"], "TEMP": [36.5]}).to_parquet(tmp_path / "vs.parquet")
    with zipfile.ZipFile(tmp_path / "june.zip", "w") as archive:
        for name in ("dm.xlsx", "vs.parquet"):
            archive.write(tmp_path / name, name)
        archive.writestr("AE.csv", DATA)
    delivery = open_delivery(tmp_path / "june.zip")

    assert list(delivery.hashes) == ["AE.csv", "dm.xlsx[DM]", "vs.parquet"]
    assert delivery.read("dm.xlsx[DM]").rows == [["1010001", "44"]]
    assert delivery.read("vs.parquet").rows == [["1010001", "36.5"]]
    assert delivery.read("AE.csv").rows == [ROW]


WORDS = [
    ({"written": {"encoding": "windows-1251"}}, {}, {}, Written("windows-1251")),
    ({"decimal": ",", "dates": "dd.mm.yyyy"}, {"encoding": "cp1251", "delimiter": ";"}, {},
     Written("windows-1251", ";", ",", "DMY")),
    ({"written": {"delimiter": ";"}}, {"written": {"delimiter": "tab"}}, {"delimiter": "|"}, Written("", "\t")),
    ({}, {}, {"delimiter": "semicolon", "decimal": "comma", "dates": "DD MON YYYY"}, Written("", ";", ",")),
    ({"encoding": "utf-8", "format": "csv"}, {}, {}, Written("utf-8")),
]  # fmt: skip


@pytest.mark.parametrize(("whole", "of_file", "study", "expected"), WORDS)
def test_how_files_are_written_is_said_of_a_file_a_delivery_or_a_study(tmp_path, whole, of_file, study, expected):
    manifest = whole | {"files": [{"file": "VS.csv"} | of_file]}
    delivery = open_delivery(folder_with(tmp_path, json.dumps(manifest).encode()))
    assert delivery.written("VS.csv", Contract("VS", written=study or {})) == expected


def test_a_delivery_written_as_declared_is_an_ordinary_one(tmp_path):
    rows = [HEADER, *[[f"101000{n}", str(n), "1", "12.03.2025", "36,5", "сидя", "SIT"] for n in (1, 2)]]
    content = "".join(";".join(row) + "\r\n" for row in rows).encode("cp1251")
    said = {"written": {"encoding": "windows-1251", "delimiter": ";", "decimal": ",", "dates": "DD.MM.YYYY"}}
    folder = deliver(tmp_path / "x", {"VS.csv": content}, files=[], **said)
    records, findings = read_form(open_delivery(folder), contract_of(CONTRACT | {"date_format": "DD MON YYYY"}), None)
    assert records[["VSDAT", "TEMP", "POS"]].to_numpy().tolist() == [["12 MAR 2025", "36.5", "сидя"]] * 2
    assert set(findings["check"]) == {"RAW-MANIFEST"}


@pytest.mark.parametrize(
    ("temps", "separator", "expected", "said"),
    [
        (["36,6", "37,25"], ";", ["36.6", "37.25"], True),
        (["36,6", "37.2"], ";", ["36,6", "37.2"], False),
        (["1,250", "2,500"], ";", ["1,250", "2,500"], False),
        (["36,6", "37,2"], ",", ["36,6", "37,2"], False),
        (["<0,1", "37,2"], ";", ["<0.1", "37.2"], True),
    ],
)
def test_an_undeclared_decimal_comma_is_read_where_it_can_be_nothing_else(tmp_path, temps, separator, expected, said):
    rows = [HEADER, *[["1010001", str(n), "1", "12 MAR 2025", f'"{t}"', "", ""] for n, t in enumerate(temps)]]
    content = "\n".join(separator.join(row) for row in rows).encode()
    folder = deliver(tmp_path / "x", {"VS.csv": content}, files=[])
    records, findings = read_form(open_delivery(folder), contract_of(CONTRACT), None)
    assert records["TEMP"].tolist() == expected
    assert any("decimal comma" in message for message in findings["message"]) == said


def with_alias(alias):
    fields = CONTRACT["fields"] | {"TEMP": CONTRACT["fields"]["TEMP"] | {"alias": alias}}
    return CONTRACT | {"fields": fields}


@pytest.mark.parametrize("values", [["36.6", "38"], ["36.6", "99"]])
def test_a_renamed_column_is_proposed_when_its_values_agree_and_used_once_accepted(tmp_path, values):
    header = ["T_C" if name == "TEMP" else name for name in HEADER]
    rows = [[*ROW[:1], str(n), *ROW[2:4], value, *ROW[5:]] for n, value in enumerate(values)]
    folder = deliver(tmp_path / "x", {"VS.csv": csv_bytes([header, *rows])})
    records, findings = read_form(open_delivery(folder), contract_of(CONTRACT), None)
    proposed = findings["message"].str.contains(r"alias: \[T_C\]", regex=True).any()
    assert (records["TEMP"].isna().all(), proposed) == (True, values == ["36.6", "38"])

    records, findings = read_form(open_delivery(folder), contract_of(with_alias(["T_C"])), None)
    assert records["TEMP"].tolist() == values
    assert findings[["check", "severity", "field"]].to_numpy().tolist() == [["RAW-COLUMN", "info", "TEMP"]]


def test_a_column_that_every_form_carries_may_have_another_name(tmp_path):
    carried = {"FOLDER": Field("FOLDER", column="Visit name")}
    folder = deliver(tmp_path / "x", {"VS.csv": csv_bytes([[*HEADER, "Visit name"], [*ROW, "Week 4"]])})
    records, findings = read_form(open_delivery(folder), replace(contract_of(CONTRACT), carried=carried), None)
    assert records["FOLDER"].tolist() == ["Week 4"]
    assert "RAW-COLUMN" not in findings["check"].tolist()


def test_two_columns_that_would_be_one_field_are_refused(tmp_path):
    fields = CONTRACT["fields"] | {"TEMP": CONTRACT["fields"]["TEMP"] | {"column": "Temperature"}}
    folder = deliver(tmp_path / "x", {"VS.csv": csv_bytes([[*HEADER, "Temperature"], [*ROW, "37"]])})
    with pytest.raises(TrialError, match="The column TEMP stands twice"):
        read_form(open_delivery(folder), contract_of(CONTRACT | {"fields": fields}), None)


def test_specs_may_say_aliases_and_how_files_are_written(tmp_path):
    specs = project(tmp_path)
    raw = specs.folder / "raw"
    path = raw / "vs.yaml"
    path.write_text(path.read_text().replace("type: decimal", "type: decimal, alias: [T_C]"))
    with (raw / "_system.yaml").open("a") as handle:
        handle.write('written: {delimiter: ";", decimal: comma}\n')
    specs = load_specs(specs.root, specs.name)
    content = {name: text.replace(b",", b";") for name, text in files([vital("1", "36;5")]).items()}
    content["VS.csv"] = content["VS.csv"].replace(b"TEMP", b"T_C").replace(b"36;5", b"36,5")
    content["LAB.csv"] = content["LAB.csv"].replace(b";", b",")  # a vendor's file has a layout of its own
    delivery = extract(tmp_path, "2026-01-31", content)
    assert raw_form(delivery, specs, "VS", None)[0]["TEMP"].tolist() == ["36.5"]
    assert raw_form(delivery, specs, "LAB", None)[0]["RESULT"].tolist() == ["12"]


def test_a_folder_inside_the_extract_is_not_read_and_said(tmp_path):
    specs = project(tmp_path)
    delivery = extract(tmp_path, "2026-01-31", files([vital("1", "36.5")]))
    (delivery.folder / "more").mkdir()
    found = delivery_findings(open_delivery(delivery.folder), specs)
    assert found[["check", "form"]].to_numpy().tolist() == [["RAW-FILE", "more"]]


def test_an_alias_takes_the_coded_column_with_it_and_yields_to_the_true_name(tmp_path):
    fields = CONTRACT["fields"] | {"POS": CONTRACT["fields"]["POS"] | {"alias": ["POSN"]}}
    header = [name.replace("POS", "POSN") for name in HEADER]
    folder = deliver(tmp_path / "x", {"VS.csv": csv_bytes([header, ROW])})
    records, _ = read_form(open_delivery(folder), contract_of(CONTRACT | {"fields": fields}), None)
    assert records.loc[0, ["POS", "POS_STD"]].tolist() == ["Sitting", "SIT"]

    folder = deliver(tmp_path / "y", {"VS.csv": csv_bytes([[*HEADER, "POSN"], [*ROW, "Lying"]])})
    records, _ = read_form(open_delivery(folder), contract_of(CONTRACT | {"fields": fields}), None)
    assert records.loc[0, "POS"] == "Sitting"


def test_a_form_that_lost_records_is_critical_at_the_gate_and_nothing_is_made_of_it(tmp_path):
    specs = project(tmp_path)
    content = files([vital(str(n), "36.5") for n in range(1, 9)])
    delivery = extract(tmp_path, "2026-01-31", content | {"VS.csv": content["VS.csv"] + b"\0" * 20})
    with pytest.raises(TrialError, match=r"Records of VS.csv are lost"):
        raw_form(delivery, specs, "VS", None)
    queries = validate(specs, replace(delivery), "2026-01-31").queries
    found = queries[queries["check"] == "RAW-UNREADABLE"]
    assert found[["severity", "form"]].to_numpy().tolist() == [["critical", "VS"]]


@pytest.mark.parametrize(("manifest", "said"), [(None, False), (b"{}", False), (b'{"study": "S"}', True)])
def test_a_manifest_that_says_nothing_is_none(tmp_path, manifest, said):
    delivery = open_delivery(folder_with(tmp_path, manifest))

    assert (delivery.manifest.said, bool(delivery.manifest.digest)) == (said, said)


def test_what_a_manifest_says_of_a_delivery_and_its_files_is_text(tmp_path):
    files = [{"file": "a/VS.csv", "rows": 3, "encoding": "latin-1"}, {"file": "DM.csv", "rows": None}]
    said = {"study": 7, "data_cutoff": "2026-06-30", "dictionaries": {"MedDRA": 27.1}, "delimiter": "comma"}
    said |= {"files": files}
    manifest = open_delivery(folder_with(tmp_path, json.dumps(said).encode())).manifest

    assert (manifest.study, manifest.data_cutoff, manifest.extracted) == ("7", "2026-06-30", "")
    assert (manifest.dictionaries, manifest.written) == ({"MedDRA": "27.1"}, {"delimiter": ","})
    assert manifest.files == {"VS.csv": Promise("3", written={"encoding": "iso8859-1"}), "DM.csv": Promise()}


def test_a_folder_of_extracts_is_told_from_an_extract(tmp_path):
    for day in ("2026-03-31", "2026-06-30"):
        (tmp_path / day).mkdir()
        (tmp_path / day / "manifest.json").write_text("{}")
    (tmp_path / "expected.csv").write_bytes(DATA)

    with pytest.raises(TrialError, match="holds extracts") as told:
        open_delivery(tmp_path)

    assert told.value.cure == "say one: 2026-03-31, 2026-06-30"


@pytest.mark.parametrize("command", ["build", "validate"])
def test_an_extract_of_another_study_is_told_before_its_data_cut_is_asked_for(tmp_path, command):
    project(tmp_path)
    other = tmp_path / "other"
    other.mkdir()
    (other / "PATIENTS.csv").write_bytes(DATA)
    words = [command, "--study", "mini", "--root", str(tmp_path), "--extract", str(other), "--out", str(tmp_path / "o")]
    result = CliRunner().invoke(trial, words)

    assert result.exit_code == EXIT_USER
    assert "None of the study's forms is in this extract." in result.output
