"""--LOBXFL: the last result before the first treatment; on that day the visit decides (clarification 23)."""

import pandas as pd
import pytest
from small_study import VISITS, grid

from sdtm.last_before_exposure import with_last_before_exposure

HEADER = "USUBJID | VSSEQ | VSTESTCD | VSSTRESC | VSDTC | VISIT\n"


def flags(rows, first_dose="2025-03-04T09:00"):
    reference = grid(f"USUBJID | RFXSTDTC\nA | {first_dose}")
    flagged = with_last_before_exposure(grid(HEADER + rows), reference, VISITS, ("VSTESTCD",))["VSLOBXFL"]
    return ["" if pd.isna(flag) else flag for flag in flagged]


@pytest.mark.parametrize(("date", "visit", "flag"), [
    ("2025-03-03", "DAY 0", "Y"),
    ("2025-03-05", "SCREENING", ""),
    ("2025-03-04T08:59", "DAY 0", "Y"),
    ("2025-03-04T09:00", "DAY 0", ""),
    ("2025-03-04T10:00", "SCREENING", ""),
    ("2025-03-04", "SCREENING", "Y"),
    ("2025-03-04", "DAY 0", ""),
    ("2025-02", "SCREENING", "Y"),
    ("2025-03", "SCREENING", ""),
    (".", "SCREENING", ""),
])  # fmt: skip
def test_before_is_an_earlier_day_an_earlier_time_or_a_visit_planned_before(date, visit, flag):
    assert flags(f"A | 1 | TEMP | 36.6 | {date} | {visit}") == [flag]


def test_one_record_per_test_is_the_last_and_it_has_a_result():
    rows = """
        A | 1 | TEMP  | 36.6 | 2025-03-01 | SCREENING
        A | 2 | TEMP  | 36.8 | 2025-03-02 | SCREENING
        A | 3 | TEMP  | .    | 2025-03-03 | SCREENING
        A | 4 | PULSE | 70   | 2025-03-01 | SCREENING
    """
    assert flags(rows) == ["", "Y", "", "Y"]


def test_a_subject_never_treated_has_none():
    assert flags("A | 1 | TEMP | 36.6 | 2025-03-01 | SCREENING", first_dose=".") == [""]


@pytest.mark.parametrize(("time", "point", "elapsed", "flag"), [
    ("2025-03-04T08:40", "15 MINUTES POST START", ".", ""),   # the clock says before: the planned time point decides
    ("2025-03-04T08:40", "1 hour after end", ".", ""),
    ("2025-03-04T09:40", "PRE-DOSE", ".", "Y"),
    ("2025-03-04", "PRE-DOSE", ".", "Y"),                      # a visit not planned before dosing
    ("2025-03-04", "PREDOSE", ".", "Y"),
    ("2025-03-04T08:40", "SINGLE MEASUREMENT", ".", "Y"),     # says nothing: the clock
    ("2025-03-04T08:40", "15 MINUTES", "PT15M", ""),
    ("2025-03-04T09:40", "TIME 1", "-PT15M", "Y"),
    ("2025-03-03T10:00", "15 MINUTES POST START", ".", "Y"),  # of another dose, on an earlier day
    ("2025-03-05T08:00", "PRE-DOSE", ".", ""),
])  # fmt: skip
def test_on_the_day_of_the_first_treatment_the_planned_time_point_decides_against_the_clock(time, point, elapsed, flag):
    record = grid("USUBJID | VSSEQ | VSTESTCD | VSSTRESC | VSDTC | VISIT | VSTPT | VSELTM\n"
                  f"A | 1 | TEMP | 36.6 | {time} | DAY 0 | {point} | {elapsed}")  # fmt: skip
    reference = grid("USUBJID | RFXSTDTC\nA | 2025-03-04T09:00")
    flagged = with_last_before_exposure(record, reference, VISITS, ("VSTESTCD",))["VSLOBXFL"]
    assert flagged.fillna("").tolist() == [flag]
