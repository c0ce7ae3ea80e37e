"""When a form or a visit is missing: its time for entry is over, and the subject was there."""

from types import SimpleNamespace

import pytest
from check_case import found_at
from check_tables import cases

from pipeline.gate.checks.engine import _visits
from pipeline.ground.metadata import StudySettings

CT = "CART FOLDER=CART; CTYN=Y; CTDAT=2025-01-01"
SEEN = cases("milestones.txt")["seen"].given

# The extract of these tests was taken on 2026-07-06; a site has five days to enter a form.
GRACE = [
    ("VS FOLDER=D30; VSDAT=2026-07-01", ["ECOG@D30 1010001"]),
    ("VS FOLDER=D30; VSDAT=2026-07-02", []),
    ("VS FOLDER=D30; VSDAT=2025-02-01 | DTH DTHDAT=2025-02-01", []),
    ("VS FOLDER=D30; VSDAT=2025-02-01 | DTH DTHDAT=UN FEB 2025", []),
    ("VS FOLDER=D30; VSDAT=2025-02-01 | EOS EOSDAT=2025-01-31", []),
    ("VS FOLDER=D30; VSDAT=2025-02-01 | DTH DTHDAT=2025-02-03", ["ECOG@D30 1010001"]),
]


@pytest.mark.parametrize(("given", "expected"), GRACE)
def test_a_form_is_missing_when_its_time_for_entry_is_over_and_the_subject_was_there(given, expected):
    assert found_at("FORM-MISSING-ECOG", f"{SEEN} | {CT} | {given}") == expected


HELD = "VS FOLDER=M6; VSDAT=2025-07-03"
ENDED = [
    ("NACT NASTDAT=2025-02-05", ["VS@D100 1010001", "VS@D21 1010001", "VS@D30 1010001"]),
    ("DTH DTHDAT=2025-02-01", ["VS@D21 1010001"]),
    ("EOS EOSDAT=2025-02-01", ["VS@D21 1010001"]),
]


@pytest.mark.parametrize(("given", "expected"), ENDED)
def test_no_visit_is_missed_after_death_or_the_end_of_study(given, expected):
    """A visit dated after the death is asked about itself; it makes no other visit due."""
    daily = "IOMAB FOLDER=IOMAB | VS FOLDER=D7; VSDAT=2025-01-08 | VS FOLDER=D14; VSDAT=2025-01-15"
    assert found_at("VISIT-MISSING", f"{CT} | {daily} | {HELD} | {given}") == expected


def test_windows_of_a_study_without_a_day_0_are_checked_as_days_after_the_infusion(tmp_path):
    (tmp_path / "visits.csv").write_text(
        "VISIT,FOLDER,ANCHOR,PLANNED_DAY,WINDOW_LOW,WINDOW_HIGH\n"
        "DAY 1,D1,CELLS,1,1,1\nDAY 28,D28,CELLS,28,21,35\nDAY -5,DM5,CONDITIONING,1,1,3\nLOG,LOG,,,,\n"
    )
    counted = (("none", ["0"] * 3, ["27", "20", "34"]), ("cells", ["1"] * 3, ["28", "21", "35"]))
    for day0, day_1, day_28 in counted:
        specs = SimpleNamespace(tables={"visits": tmp_path / "visits.csv"}, study=StudySettings(day0=day0))
        days = _visits(specs).set_index("FOLDER")[["PLANNED_DAY", "WINDOW_LOW", "WINDOW_HIGH"]]
        assert days.loc["D1"].tolist() == day_1 and days.loc["D28"].tolist() == day_28
        assert days.loc["DM5"].tolist() == ["1", "1", "3"] and days.loc["LOG"].isna().all()
