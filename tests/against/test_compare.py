"""`trial compare` as it is typed: sides of any kind, exit codes, what is written."""

import json

import pandas as pd
import pyreadstat
import pytest
from click.testing import CliRunner

from pipeline.against.elsewhere import read_version
from pipeline.cli import trial
from pipeline.engine.results import COLUMNS

ADSL = pd.DataFrame({
    "STUDYID": "IOMAB-ACT", "USUBJID": ["IOMAB-ACT-101", "IOMAB-ACT-102"], "AGE": [50, 60], "SEX": ["F", None],
    "TRTSDT": pd.to_datetime(["2026-01-05", None]),
})  # fmt: skip
RESULT = dict.fromkeys(COLUMNS, "") | {"OUTPUT": "T-14.1.1", "ROW": "age", "STATISTIC": "mean", "VALUE": 55.0}


def build(folder, adsl=ADSL, result=RESULT, page="Age  55\nRun: 1a2b", **decisions):
    """A folder of products: ADSL, one result, one page."""
    for name in ("sdtm", "adam", "results", "tlf"):
        (folder / name).mkdir(parents=True)
    adsl.to_parquet(folder / "adam" / "adsl.parquet")
    pd.DataFrame([result]).to_parquet(folder / "results" / "results.parquet")
    (folder / "tlf" / "t_14_1_1.txt").write_text(page, encoding="utf-8")
    stated = {"study": "IOMAB-ACT", "cutoff": "2026-06-30", "extract": {"name": "june"}, "build": "1"}
    stated["decisions"] = {name: {"value": value} for name, value in decisions.items()}
    (folder / "manifest.json").write_text(json.dumps(stated), encoding="utf-8")
    return folder


def said(*words):
    told = CliRunner().invoke(trial, ["compare", *map(str, words)])
    return told.exit_code, told.output


def test_another_run_of_the_same_is_no_difference(tmp_path):
    code, told = said(build(tmp_path / "old"), build(tmp_path / "new", page="Age  55\nRun: 9f9f"))

    assert (code, told.splitlines()[-1]) == (0, "Nothing differs.")


def test_values_results_pages_and_what_the_builds_rest_on_are_told_and_written(tmp_path):
    old = build(tmp_path / "old", EMA="NO")
    new = build(tmp_path / "new", ADSL.assign(AGE=[50, 61], SEX=["<b>", None]), RESULT | {"VALUE": 55.5},
                "Age  55.5\nRun: 2", EMA="YES")  # fmt: skip
    code, told = said(old, new, "--out", tmp_path / "out")
    counts = pd.read_csv(tmp_path / "out" / "counts.csv", keep_default_na=False)

    assert code == 1
    assert "  EMA: NO -> YES" in told
    assert counts[["DATASET", "WHAT", "VARIABLE", "DIFFERENCES"]].to_numpy().tolist() == [
        ["ADSL", "value", "AGE", 1], ["ADSL", "value", "SEX", 1], ["RESULTS", "value", "VALUE", 1],
        ["OUTPUTS", "line", "T-14.1.1", 1],
    ]  # fmt: skip
    page = (tmp_path / "out" / "compare.html").read_text(encoding="utf-8")
    assert "&lt;b&gt;" in page
    assert "<b>" not in page.replace("<p><b>", "")


def sas(path, frame):
    told = frame.assign(TRTSDT=[24111.0, float("nan")], SEX=frame["SEX"].fillna(""))
    pyreadstat.write_xport(told, str(path / "adsl.xpt"), table_name="ADSL", variable_format={"TRTSDT": "DATE9"})


def dataset_json(path, frame):
    types = dict.fromkeys(frame, "string") | {"AGE": "integer", "TRTSDT": "date"}
    rows = [["IOMAB-ACT", "IOMAB-ACT-101", int(frame["AGE"][0]), "F", "2026-01-05"],
            ["IOMAB-ACT", "IOMAB-ACT-102", int(frame["AGE"][1]), None, None]]  # fmt: skip
    columns = [{"name": name, "dataType": kind, "label": ""} for name, kind in types.items()]
    columns[-1]["targetDataType"] = "integer"
    head = {"datasetJSONVersion": "1.1.0", "name": "ADSL", "columns": columns, "records": 2, "rows": rows}
    (path / "adsl.json").write_text(json.dumps(head), encoding="utf-8")


WRITERS = {
    "xpt": sas, "json": dataset_json,
    "csv": lambda path, frame: frame.to_csv(path / "ADSL.csv", index=False),
    "parquet": lambda path, frame: frame.rename(columns=str.lower).to_parquet(path / "adsl.parquet"),
}  # fmt: skip


@pytest.mark.parametrize("kind", WRITERS)
def test_datasets_from_elsewhere_are_compared_whatever_their_kind(tmp_path, kind):
    new = build(tmp_path / "new")
    for name, frame in (("same", ADSL), ("other", ADSL.assign(AGE=[50, 59]))):
        (tmp_path / name).mkdir()
        WRITERS[kind](tmp_path / name, frame[::1])
    _, told = said(tmp_path / "other", new)

    assert said(tmp_path / "same", new)[0] == 0
    assert "  ADSL IOMAB-ACT-102 AGE: 59 -> 60" in told.splitlines()


def test_a_date_of_dataset_json_is_text_unless_it_stands_for_a_number(tmp_path):
    """Dataset-JSON 1.1: --DTC is a date without targetDataType, a date of ADaM has integer there."""
    columns = [{"name": "AESTDTC", "dataType": "date", "label": ""},
               {"name": "ASTDT", "dataType": "date", "targetDataType": "integer", "label": ""}]  # fmt: skip
    head = {"datasetJSONVersion": "1.1.0", "name": "ADAE", "columns": columns, "records": 1}
    head["rows"] = [["2026-01-05", "2026-01-05"]]
    (tmp_path / "adae.json").write_text(json.dumps(head), encoding="utf-8")

    read = read_version(tmp_path / "adae.json").records

    assert [pd.api.types.is_datetime64_any_dtype(read[name]) for name in ("AESTDTC", "ASTDT")] == [False, True]


def test_a_dataset_that_one_side_lacks_is_told_unless_one_file_is_asked_for(tmp_path):
    new, folder = build(tmp_path / "new"), tmp_path / "cro"
    folder.mkdir()
    ADSL.to_parquet(folder / "adsl.parquet")
    ADSL.to_parquet(folder / "adae.parquet")
    code, told = said(folder, new)

    assert code == 1
    assert "  ADAE dataset went: adae.parquet -> (missing)" in told.splitlines()
    assert said(folder / "adsl.parquet", new)[0] == 0
    assert said(folder, new, "--only", "adsl")[0] == 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["nowhere"], "There is no such file or folder."),
        (["empty"], "Nothing here is a dataset."),
        (["new", "--tolerance", "much"], "'much' is no tolerance."),
        (["new", "--only", "adls"], "Neither side has the dataset adls."),
    ],
)
def test_what_cannot_be_compared_is_said_and_ends_with_2(tmp_path, words, told):
    new = build(tmp_path / "new")
    (tmp_path / "empty").mkdir()
    code, output = said(tmp_path / words[0], new, *words[1:])

    assert (code, output.splitlines()[0]) == (2, told)


@pytest.mark.parametrize("named", ["DM.csv", ""])
def test_a_raw_form_beside_a_build_is_told_to_be_no_sdtm_and_the_command_for_it_is_named(tmp_path, named):
    raw = tmp_path / "extract"
    raw.mkdir()
    (raw / "DM.csv").write_text("SUBJECT,RECORDID\n101,1\n", encoding="utf-8")

    for sides in ((raw / named, build(tmp_path / "a")), (build(tmp_path / "b"), raw / named)):
        code, told = said(*sides)
        assert code == 2
        assert "DM.csv is no dataset of SDTM or ADaM: it has neither STUDYID nor USUBJID." in told
        assert "trial diff" in told
