"""The synthetic extract keeps what it should keep, and holds the errors it says it holds."""

import csv
import datetime as dt
import hashlib
import json
from pathlib import Path

import pytest
import synthetic

from tests.second_derivation import derive

SOURCE = Path(__file__).parents[2] / "data" / "iomab_act" / "2026-06-30"
pytestmark = pytest.mark.slow
NO_CUT = "2099-12-31"
MOVING = {"SUBJID", "CONDSDT", "CARTSDT", "TRTSDT", "DTHDT", "LSTALVDT"}
MONTH_BOUND = {"TEAEN", "TEAEMAXGR"}  # a partial date moves by months, not by days


@pytest.fixture(scope="module")
def extract(tmp_path_factory):
    folder = tmp_path_factory.mktemp("synthetic")
    return folder, synthetic.synthesize(SOURCE, folder, subjects=150, seed=11)


def test_every_interval_holds_when_a_subject_is_moved(extract):
    folder, made = extract
    source = {row["SUBJID"]: row for row in derive.derive(SOURCE, NO_CUT)}
    for row in derive.derive(folder, NO_CUT):
        original = source[made.origin[row["SUBJID"]][0]]
        fixed = row.keys() - MOVING - MONTH_BOUND
        assert {name: original[name] for name in fixed} == {name: row[name] for name in fixed}


def test_every_day_of_a_subject_moves_by_the_same_number_of_days(extract):
    folder, made = extract
    source = {row["SUBJID"]: row for row in derive.derive(SOURCE, NO_CUT)}
    for row in derive.derive(folder, NO_CUT):
        origin, shift = made.origin[row["SUBJID"]]
        for name in ("TRTSDT", "DTHDT", "LSTALVDT"):
            day = source[origin][name]
            assert (day and day + dt.timedelta(days=shift)) == row[name]


def test_all_subjects_asked_for_are_there_under_their_own_number(extract):
    folder, made = extract
    numbers = [row["SUBJECT"] for row in synthetic.read_table(folder / "DM.csv")[1]]
    assert sorted(made.origin) == numbers
    assert len(made.origin) == len(set(numbers))


def test_record_numbers_are_unique_in_the_database(extract):
    folder, _ = extract
    numbers = []
    for path in folder.glob("*.csv"):
        header, rows = synthetic.read_table(path)
        numbers += [row["RECORDID"] for row in rows] if "RECORDID" in header else []
    assert len(numbers) == len(set(numbers))


@pytest.mark.parametrize(("name", "shape"), [("LABC", "-"), ("PETC", "IA-"), ("QPCR", "S")])
def test_vendor_ids_follow_the_vendor(extract, name, shape):
    folder, made = extract
    column, number = derive.VENDOR_SUBJECT[name]
    ids = {row[column] for row in synthetic.read_table(folder / f"{name}.csv")[1]}
    assert {number(text) for text in ids} <= made.origin.keys()
    assert all(shape in text for text in ids)


def test_manifest_matches_the_files(extract):
    folder, _ = extract
    for entry in json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["files"]:
        content = (folder / entry["file"]).read_bytes()
        rows = len(list(csv.reader(content.decode("utf-8").splitlines()))) - 1
        assert entry == {
            "file": entry["file"],
            "rows": rows,
            "sha256": hashlib.sha256(content).hexdigest(),
        }


def test_same_seed_gives_the_same_bytes(extract, tmp_path):
    folder, _ = extract
    synthetic.synthesize(SOURCE, tmp_path, subjects=150, seed=11)
    assert all(path.read_bytes() == (tmp_path / path.name).read_bytes() for path in folder.iterdir())


@pytest.fixture(scope="module")
def clean(tmp_path_factory):
    folder = tmp_path_factory.mktemp("clean")
    synthetic.synthesize(SOURCE, folder, subjects=60, seed=5)
    return {path.name: path.read_bytes() for path in folder.glob("*.csv")}


@pytest.mark.parametrize("error", synthetic.ERRORS)
def test_a_planted_error_changes_its_file_alone_and_stops_nothing(error, clean, tmp_path):
    made = synthetic.synthesize(SOURCE, tmp_path, subjects=60, seed=5, errors=[error])
    spoilt = {path.name: path.read_bytes() for path in tmp_path.glob("*.csv")}
    changed = {name for name in clean | spoilt if clean.get(name) != spoilt.get(name)}
    assert {made.planted[0]["file"]} == changed
    assert len(clean["DM.csv"].splitlines()) - 1 == len(derive.derive(tmp_path, NO_CUT))
