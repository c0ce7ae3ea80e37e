"""Terminology against the package of CDISC terms that study.yaml names."""

import csv
import shutil
from pathlib import Path

import pytest

from pipeline.ground.closed_lists import closed_lists
from pipeline.ground.metadata import Variable
from pipeline.lint.package import check_package
from pipeline.lint.places import Document, Grid, read_document, read_grid

ROOT = Path(__file__).parents[2]
TERMINOLOGY = Path("specs") / "standard" / "terminology"
HEADER = "codelist,extensible,collected,submission,code,label\n"


def told(folder: Path, version: str, rows: str = "", further: str = "") -> list[tuple[str, int, str]]:
    """File, line and what of each problem of a study that names a package and has terms of its own."""
    shutil.copytree(ROOT / TERMINOLOGY, folder / TERMINOLOGY, dirs_exist_ok=True)
    (folder / "study.yaml").write_text(f'study: S\nstandards: {{sdtmct: "{version}"{further}}}\n', encoding="utf-8")
    (folder / "codelists.csv").write_text(HEADER + rows, encoding="utf-8")
    study = read_document(folder / "study.yaml", "study.yaml")
    own = read_grid(folder / "codelists.csv", "codelists.csv")
    assert isinstance(study, Document) and isinstance(own, Grid)
    return [(one.file, one.line, one.what) for one in check_package(folder, study, own)]


def test_the_lists_of_the_standard_are_as_cdisc_says(tmp_path):
    assert told(tmp_path, "2025-03-28") == []


@pytest.mark.parametrize(("row", "what"), [
    ("LBTESTCD,Y,,MYTEST,,My Test", ""),
    ("LBTESTCD,N,,MYTEST,,My Test", "the codelist LBTESTCD is extensible in CDISC's 2025-03-28"),
    ("SEX,Y,,M,C20197,Male", "the codelist SEX is not extensible in CDISC's 2025-03-28"),
    ("SEX,N,X,OTHER,,", "OTHER has no NCI code, and CDISC's SEX is not extensible"),
    ("SEX,N,X,M,C20197,", ""),
    ("SEX,N,X,MAL,C20197,Male", "C20197 is M in CDISC's SEX, not 'MAL'"),
    ("LBTESTCD,Y,,HAEM,C64848,Haemoglobin", ""),  # a list that sponsors may add to
    ("OURS,N,,A,,", ""),
])  # fmt: skip
def test_a_list_of_the_study_says_what_cdisc_says(tmp_path, row, what):
    assert told(tmp_path, "2025-03-28", row + "\n") == ([("codelists.csv", 2, what)] if what else [])


def test_a_package_that_nobody_tells_is_an_error_at_its_place(tmp_path):
    what = f"the terms of CDISC of 2025-09-26 are not told by {TERMINOLOGY}/sdtmct-2025-09-26.csv"
    assert told(tmp_path, "2025-09-26") == [("study.yaml", 2, what)]


def test_a_package_of_adam_that_nobody_tells_is_an_error_at_its_place(tmp_path):
    what = f"the terms of CDISC of 2020-01-01 are not told by {TERMINOLOGY}/adamct-2020-01-01.csv"
    assert told(tmp_path, "2025-03-28", further=', adamct: "2020-01-01"') == [("study.yaml", 2, what)]
    assert told(tmp_path, "2025-03-28", further=', adamct: "2026-03-27"') == []


def test_a_later_package_is_a_file_beside_the_first(tmp_path):
    folder = tmp_path / TERMINOLOGY
    folder.mkdir(parents=True)
    (folder / "sdtmct-2025-09-26.csv").write_text("codelist,code,extensible\nSEX,C66731,Y\n", encoding="utf-8")
    found = {what for _, _, what in told(tmp_path, "2025-09-26")}
    assert found == {"the codelist SEX is extensible in CDISC's 2025-09-26"}


def test_the_extensible_lists_of_cdisc_are_these():
    """Read off the package of 2025-03-28 (NCI EVS), the column Codelist Extensible."""
    with (ROOT / TERMINOLOGY / "sdtmct-2025-03-28.csv").open(encoding="utf-8") as file:
        lists = {row["codelist"]: (row["code"], row["extensible"]) for row in csv.DictReader(file)}
    closed = {name for name, (_, extensible) in lists.items() if extensible == "N"}
    assert closed == {
        "ACN", "AGEU", "DPETSCRS", "DSCAT", "ETHNIC", "IECAT", "ND", "NORMABNM", "NY", "OUT", "RACE", "RELTYPE", "SEX",
        "STENRF", "TSTOPOBJ",
    }  # fmt: skip
    assert (lists["NY"], lists["LBTESTCD"], lists["UNIT"]) == (("C66742", "N"), ("C65047", "Y"), ("C71620", "Y"))


def test_values_are_held_to_closed_lists_and_to_those_of_tests_and_reference_ranges():
    terms = [("NY", "N", "Y"), ("UNIT", "Y", "mg"), ("LBTESTCD", "Y", "ALT"), ("NRIND", "Y", "HIGH"),
             ("UNIT", "N", "g")]  # fmt: skip
    variables = [Variable("LBTESTCD", codelist="LBTESTCD"), Variable("LBNRIND", codelist="NRIND"),
                 Variable("LBORRESU", codelist="UNIT"), Variable("LBFAST", codelist="NY")]  # fmt: skip
    assert closed_lists(variables, terms) == {"NY": {"Y"}, "LBTESTCD": {"ALT"}, "NRIND": {"HIGH"}}
