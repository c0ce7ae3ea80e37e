"""The generator of laboratory records writes as many as are asked for."""

import csv
import hashlib
import json
from collections import Counter
from pathlib import Path

import synthetic_laboratory

SOURCE = Path(__file__).parents[2] / "data" / "iomab_act" / "2026-06-30"


def written(folder, records):
    subjects = synthetic_laboratory.synthesize_laboratory(SOURCE, folder, records, seed=1)
    with (folder / "LABC.csv").open(encoding="utf-8", newline="") as file:
        return subjects, list(csv.DictReader(file))


def test_each_subject_has_286_records_of_samples_of_its_own_and_the_last_what_is_left(tmp_path):
    subjects, rows = written(tmp_path, 3 * 286 + 10)
    assert subjects == 4
    assert Counter(row["SITE_SUBJ"] for row in rows) == {
        "101-0001": 286, "101-0002": 286, "101-0003": 286, "101-0004": 10}  # fmt: skip
    keys = [(row["ACCESSION"], row["LBTCD"], row["STATUS"]) for row in rows]
    assert len(set(keys)) == len(keys)


def test_subjects_beyond_9999_are_of_the_next_site():
    numbers = synthetic_laboratory._numbers(286 * 10_000)
    assert (numbers[0], numbers[9998], numbers[9999]) == ("1010001", "1019999", "1020001")


def test_the_manifest_promises_what_is_written(tmp_path):
    written(tmp_path, 300)
    promised = {one["file"]: one for one in json.loads((tmp_path / "manifest.json").read_text())["files"]}
    laboratory, events = tmp_path / "LABC.csv", promised["AE.csv"]
    assert promised["LABC.csv"] == {"file": "LABC.csv", "rows": 300,
                                    "sha256": hashlib.sha256(laboratory.read_bytes()).hexdigest()}  # fmt: skip
    assert (events["rows"], promised["DM.csv"]["rows"]) == (0, 2)
