"""Whatever a study's sheets map poorly, no shared check stops it or is blamed: it asks what it can, or is not run."""

import csv
import shutil

import pytest
from check_case import ROOT

from pipeline.gate.checks.catalogue import load_checks
from pipeline.gate.checks.meaning import StudyMeaning
from pipeline.lint import checks, values
from pipeline.lint.report import _columns
from pipeline.study.specs import load_specs

STUDY = "iomab_act"


def as_text(row):
    """Every codelist is left away, as new-study proposes a field that no list is known of."""
    translated = row["rule"] in ("assign_ct", "lookup")
    return row | {"rule": "assign_upper", "source": row["source"].split()[0]} if translated else row


def beside_a_constant(row):
    return as_text(row) if row["rule"] == "lookup" else row


def misspelt(row):
    return row | {"where": row["where"].replace("Yes", "Yess").replace('"Y"', '"J"')}


def numbered(row):
    return row | {"rule": "assign_number"} if row["rule"] in ("assign", "assign_ct") else row


def undated(row):
    return row | {"rule": "assign"} if row["rule"] == "assign_datetime" else row


def thinned(row):
    return row if len(row["target"] + row["source"]) % 3 else None


@pytest.mark.parametrize("poor", [as_text, beside_a_constant, misspelt, numbered, undated, thinned])
def test_a_shared_check_never_stops_a_study(tmp_path, poor):
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs" / "standard").symlink_to(ROOT / "specs" / "standard")
    shutil.copytree(ROOT / "specs" / STUDY, tmp_path / "specs" / STUDY)
    for path in (tmp_path / "specs" / STUDY / "mapping").glob("??.csv"):
        with path.open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0], lineterminator="\n")
            writer.writeheader()
            writer.writerows(row for row in map(poor, rows) if row)
    specs = load_specs(tmp_path, STUDY)
    shared = [check for check in load_checks(specs, specs.contracts) if check.shared]
    lists = StudyMeaning(specs).lists
    fields = {form: values.at_gate(_columns(one), lists) for form, one in specs.contracts.items()}
    assert [slip.text() for slip in checks.check_clauses(shared, specs, fields, tmp_path)] == []
    assert all(check.lacking or check.forms or check.made_by_reader for check in shared)
