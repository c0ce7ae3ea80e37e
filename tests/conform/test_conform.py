"""`trial conform` on a folder of datasets: each fault of the guides, planted in a file, is found by its rule."""

import json
import stat
import sys
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from read_once import specs_of
from tables import table

from pipeline.against.sides import side
from pipeline.cli import trial
from pipeline.conform.core import engine
from pipeline.conform.datasets import delivered
from pipeline.engine.conformance.table import conformance
from pipeline.ground.faults import TrialError
from pipeline.study.csv_text import load_tables

FILES = {
    "dm": """
        STUDYID|DOMAIN|USUBJID|SUBJID|RFSTDTC   |DTHFL|SEX
        S      |DM    |S-1    |1     |2025-03-04|.    |F
        S      |DM    |S-2    |2     |2025-03-10|.    |M""",
    "ae": """
        STUDYID|DOMAIN|USUBJID|AESEQ|AETERM  |AEDECOD |AESER|AESTDTC   |AEENDTC   |AESTDY
        S      |AE    |S-1    |1    |fever   |Pyrexia |N    |2025-03-05|2025-03-06|2
        S      |AE    |S-1    |2    |headache|Headache|N    |2025-03-03|2025-03-07|-1""",
    "suppae": """
        STUDYID|RDOMAIN|USUBJID|IDVAR|IDVARVAL|QNAM |QLABEL|QVAL|QORIG
        S      |AE     |S-1    |AESEQ|2       |DLTYN|DLT   |N   |CRF""",
    "relrec": """
        STUDYID|RDOMAIN|USUBJID|IDVAR|IDVARVAL|RELTYPE|RELID
        S      |AE     |S-1    |AESEQ|1       |.      |R1
        S      |AE     |S-1    |AESEQ|2       |.      |R1""",
    "ts": """
        STUDYID|DOMAIN|TSSEQ|TSPARMCD|TSPARM          |TSVAL
        S      |TS    |1    |TITLE   |Trial Title     |A study
        S      |TS    |1    |SSTDTC  |Study Start Date|2025-01-01""",
    "adsl": """
        STUDYID|USUBJID|SUBJID|SEX|TRTSDT
        S      |S-1    |1     |F  |2025-03-04
        S      |S-2    |2     |M  |2025-03-10""",
    "adlb": """
        STUDYID|USUBJID|ASEQ|PARAMCD|PARAM      |ADT       |ADY|AVAL|BASE|CHG|ABLFL|SEX|SRCDOM|SRCSEQ
        S      |S-1    |1   |HGB    |Haemoglobin|2025-03-03|-1 |81  |81  |.  |Y    |F  |AE    |1
        S      |S-1    |2   |HGB    |Haemoglobin|2025-03-05|2  |79  |81  |-2 |.    |F  |AE    |2""",
}
NUMBERS = ("AESEQ", "TSSEQ", "ASEQ", "ADY", "AESTDY", "AVAL", "BASE", "CHG", "SRCSEQ")
WALK = [  # what section of the guides, the rule, the dataset, the variable, the place, and the value planted there
    ("a type", "TYPES", "ae", "AESTDY", 0, "two"),
    ("a number for a text", "TYPES", "ae", "AETERM", "number", None),
    ("core: required", "REQUIRED", "ae", "AETERM", 0, None),
    ("core: present", "PRESENT", "ae", "AETERM", "drop", None),
    ("order", "ORDER", "ae", "USUBJID", "last", None),
    ("length", "LENGTHS", "suppae", "QNAM", 0, "NINELONG9"),
    ("a closed codelist", "TERMS", "ae", "AESER", 0, "YES"),
    ("keys", "KEYS", "dm", "USUBJID", 1, "S-1"),
    ("--SEQ", "SDTM-SEQ", "ae", "AESEQ", 1, 1),
    ("--DY", "SDTM-DY", "ae", "AESTDY", 0, 1),
    ("a date", "SDTM-DTC", "ae", "AESTDTC", 0, "05MAR2025"),
    ("a period", "SDTM-PERIOD", "ae", "AEENDTC", 0, "2025-03-01"),
    ("SUPP-- to a record", "SDTM-LINK", "suppae", "IDVARVAL", 0, "9"),
    ("RELREC to a record", "SDTM-LINK", "relrec", "IDVARVAL", 0, "9"),
    ("a parameter of TS", "SDTM-TS", "ts", "TSPARMCD", 0, "XTITLE"),
    ("the start of the study", "SDTM-TS-START", "ts", "TSVAL", 1, None),
    ("a subject of DM", "SDTM-DM", "ae", "USUBJID", 0, "S-9"),
    ("ADSL once a subject", "ADAM-ADSL-ONCE", "adsl", "USUBJID", 1, "S-1"),
    ("PARAM one to one", "ADAM-PARAM", "adlb", "PARAM", 1, "Hb"),
    ("ABLFL at most one", "ADAM-BASE", "adlb", "ABLFL", 1, "Y"),
    ("BASE of the baseline", "ADAM-BASE", "adlb", "BASE", 1, 80),
    ("CHG", "ADAM-BASE", "adlb", "CHG", 1, -3),
    ("a core variable", "ADAM-CORE", "adlb", "SEX", 0, "M"),
    ("ASEQ", "ADAM-ASEQ", "adlb", "ASEQ", 1, 1),
    ("ADY", "ADAM-ADY", "adlb", "ADY", 1, 5),
    ("a source that is there", "ADAM-SRC", "adlb", "SRCSEQ", 1, 9),
    ("a source at all", "ADAM-SRC", "adlb", "SRCDOM", 1, None),
]


def frames() -> dict[str, pd.DataFrame]:
    """The datasets, anew."""
    read = {name: table(text) for name, text in FILES.items()}
    typed = {name: data.astype({one: "float64" for one in NUMBERS if one in data}) for name, data in read.items()}
    return {name: data.assign(**{one: pd.to_datetime(data[one]) for one in ("ADT", "TRTSDT") if one in data})
            for name, data in typed.items()}  # fmt: skip


def laid(folder: Path, changed: dict[str, pd.DataFrame]) -> Path:
    """The datasets as files in a folder."""
    folder.mkdir()
    for name, data in changed.items():
        data.to_parquet(folder / f"{name}.parquet")
    return folder


@pytest.fixture(scope="module")
def rules():
    """The listed rules that are walked (those of the program are always there)."""
    listed = load_tables(specs_of("iomab_act").table_files("conformance"))
    return listed[listed["rule"].ffill().isin([rule for _, rule, *_ in WALK])]


def issues(folder: Path, rules) -> pd.DataFrame:
    return conformance(delivered(side(folder), specs_of("iomab_act")).datasets, rules).set_index("RULE")


@pytest.fixture(scope="module")
def before(tmp_path_factory, rules):
    return issues(laid(tmp_path_factory.mktemp("right") / "data", frames()), rules)["ISSUES"]


@pytest.mark.parametrize("planted", WALK, ids=[one[0] for one in WALK])
def test_each_fault_planted_in_a_file_is_found_by_its_rule(tmp_path, rules, before, planted):
    _, rule, dataset, variable, place, value = planted
    changed = frames()
    data = changed[dataset]
    if place == "drop":
        data = data.drop(columns=variable)
    elif place == "number":
        data = data.assign(**{variable: 1.0})
    elif place == "last":
        data = data[[*(name for name in data if name != variable), variable]]
    else:
        column = data[variable].astype("object" if isinstance(value, str) else data[variable].dtype)
        column.iloc[place] = value
        data = data.assign(**{variable: column if column.dtype != object else column.astype("str")})
    found = issues(laid(tmp_path / "data", changed | {dataset: data}), rules)

    assert found.at[rule, "ISSUES"] > before[rule]
    assert dataset.upper() in found.at[rule, "WHERE"]


def test_a_folder_of_csv_files_is_checked_in_the_types_of_the_specs(tmp_path, rules, before):
    for name, data in frames().items():
        data.to_csv(tmp_path / f"{name}.csv", index=False)

    found = issues(tmp_path, rules)["ISSUES"]

    assert found[["TYPES", "SDTM-SEQ", "SDTM-DY", "ADAM-BASE", "SDTM-LINK"]].tolist() == [0] * 5
    assert found.to_dict() == before.to_dict()


def run(*words: str):
    return CliRunner().invoke(trial, ["conform", *words])


def test_rules_are_told_with_first_records_and_the_exit_code_says_what_is_open(tmp_path):
    folder = laid(tmp_path / "data", {"ae": frames()["ae"].assign(AESEQ=[1.0, 1.0]), "xx": frames()["dm"]})
    told = run(str(folder), "--save", str(tmp_path / "report"))

    assert told.exit_code == 1
    assert "--SEQ is a positive number" in told.output and "AE: USUBJID=S-1 AESEQ=1" in told.output
    assert "No spec knows XX: not checked." in told.output
    assert {path.name for path in (tmp_path / "report").iterdir()} == {"conform.csv", "conform.html"}


def test_a_folder_without_a_dataset_of_the_study_is_refused(tmp_path):
    told = run(str(laid(tmp_path / "data", {"xx": frames()["dm"]})))

    assert (told.exit_code, "None of these datasets has a spec." in told.stderr) == (2, True)


REPORT = {
    "Conformance_Details": {"CORE_Engine_Version": "0.17.1"},
    "Issue_Details": [
        {"core_id": "CORE-000900", "message": "AETERM is odd", "dataset": "ae.xpt", "USUBJID": "S-1", "row": 1,
         "SEQ": 2, "variables": ["AETERM"], "values": ["headache"]},
        {"core_id": "CORE-000658", "message": "Consent is late", "dataset": "dm.xpt", "USUBJID": "", "row": 2,
         "SEQ": "", "variables": ["RFICDTC"], "values": [""]},
    ],
}  # fmt: skip


@pytest.fixture
def fake_core(tmp_path):
    """A program that takes CORE's words and leaves a report where they say."""
    program = tmp_path / "core"
    program.write_text(
        f"#!{sys.executable}\nimport json, sys\nwords = sys.argv\n"
        "assert words[1:4] == ['validate', '-s', 'sdtmig'] and words[4:6] == ['-v', '3-4'], words\n"
        f"open(words[words.index('-o') + 1] + '.json', 'w').write(json.dumps({REPORT!r}))\n", encoding="utf-8"
    )  # fmt: skip
    program.chmod(program.stat().st_mode | stat.S_IEXEC)
    return str(program)


def test_what_core_finds_is_joined_to_ours_and_held_to_the_notes(tmp_path, fake_core):
    folder = tmp_path / "data"
    folder.mkdir()
    for name in ("ae", "dm"):
        rows = [[None if pd.isna(value) else value for value in row] for row in frames()[name].to_numpy().tolist()]
        kinds = {one: "double" if one in NUMBERS else "string" for one in frames()[name]}
        columns = [{"itemOID": one, "name": one, "label": one.title(), "dataType": kind} for one, kind in kinds.items()]
        content = {"datasetJSONVersion": "1.1.0", "name": name.upper(), "label": name, "records": len(rows),
                   "columns": columns, "rows": rows}  # fmt: skip
        (folder / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")

    told = run(str(folder), "--engine", fake_core, "--save", str(tmp_path / "report"))
    found = pd.read_csv(tmp_path / "report" / "conform.csv").set_index(["RULE", "SOURCE"])

    by_core = found.xs("CORE engine 0.17.1", level="SOURCE")
    assert by_core["UNEXPLAINED"].to_dict() == {"CORE-000658": 0, "CORE-000900": 1}, told.output
    assert by_core.at["CORE-000900", "FIRST"] == "AE: USUBJID=S-1 AESEQ=2 AETERM=headache"
    assert by_core.at["CORE-000658", "EXPLAINED"] == "The gate asks the site."


def test_without_core_the_page_says_so(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    folder = laid(tmp_path / "data", {"ae": frames()["ae"]})
    told = run(str(folder), "--core", "--save", str(tmp_path / "report"))

    said = "CORE was not applied: the CDISC CORE engine is not installed"
    assert said in told.output and said in (tmp_path / "report" / "conform.html").read_text(encoding="utf-8")
    with pytest.raises(TrialError, match="There is no program nowhere/core"):
        engine("nowhere/core")
