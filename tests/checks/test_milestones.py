"""When a form or a visit is missing: its time for entry is over, and the subject was there."""

import pytest
from check_case import found_at
from check_tables import cases

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
