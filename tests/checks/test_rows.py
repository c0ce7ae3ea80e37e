"""Every check by its row: a mini extract on which it finds what it must, and nothing else."""

import pytest
import rows_disease
import rows_general
import rows_laboratory
import rows_milestones
import rows_toxicity
from check_case import found_by, places, study

TABLES = [rows_general.ROWS, rows_disease.ROWS, rows_milestones.ROWS, rows_toxicity.ROWS, rows_laboratory.ROWS]
ROWS = {check: row for table in TABLES for check, row in table.items()}


@pytest.mark.parametrize("check", ROWS)
def test_a_check_finds_the_wrong_record_and_field_and_no_other(check):
    given, expected = ROWS[check]
    queries, coverage = found_by(check, given)
    assert coverage["ran"].tolist() == ["Y"], coverage["reason"].tolist()
    assert places(queries) == sorted(expected)


def test_every_check_has_its_row():
    computed = {name for name, check in study()[2].items() if not check.made_by_reader}
    assert computed - set(ROWS) == set()
    assert set(ROWS) - computed == set()
