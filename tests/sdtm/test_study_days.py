"""Study days: RFSTDTC is day 1, the day before is day -1 (SDTMIG 3.4, 4.4.4)."""

import pytest
from small_study import grid

from sdtm.study_days import with_study_days

REFERENCE = grid("USUBJID | RFSTDTC\nA | 2025-03-04T09:00\nB | .")


@pytest.mark.parametrize(("subject", "date", "day"), [
    ("A", "2025-03-04T08:00", 1), ("A", "2025-03-03", -1), ("A", "2025-03-05", 2), ("A", "2025-03", None),
    ("A", ".", None), ("B", "2025-03-05", None), ("C", "2025-03-05", None),
])  # fmt: skip
def test_each_date_of_a_record_gets_a_day_under_its_own_name(subject, date, day):
    records = grid(f"USUBJID | XXSTDTC | XXENDTC\n{subject} | {date} | .")
    made = with_study_days(records, REFERENCE, "XXSTDTC", "XXENDTC")
    assert [None if made[name].isna()[0] else made[name][0] for name in ("XXSTDY", "XXENDY")] == [day, None]
