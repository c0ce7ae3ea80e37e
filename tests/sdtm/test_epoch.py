"""EPOCH: the epoch of the element within which a record's date lies (SDTMIG 3.4, 4.4.3 and 5.3 SE)."""

import pandas as pd
import pytest
from small_study import NO_ELEMENTS, grid

from sdtm.epoch import with_epoch

ELEMENTS = grid("""
    USUBJID | EPOCH     | SESTDTC          | SEENDTC
    A       | SCREENING | 2025-01-02       | 2025-02-01T09:00
    A       | TREATMENT | 2025-02-01T09:00 | 2025-02-07
    A       | TREATMENT | 2025-02-07       | 2025-05-19
    A       | FOLLOW-UP | 2025-05-19       | 2025-06-30
    B       | SCREENING | 2025-01        | .
    C       | SCREENING | 2025-01-02       | 2025-02-01
    C       | TREATMENT | 2025-02-01       | 2025-03
    C       | FOLLOW-UP | 2025-03          | .
""")


def epochs(rows: str, elements=ELEMENTS) -> list[str]:
    records = grid("USUBJID | XXDTC\n" + rows)
    return ["" if pd.isna(epoch) else epoch for epoch in with_epoch(records, elements, "XXDTC")["EPOCH"]]


@pytest.mark.parametrize(("subject", "date", "expected"), [
    ("A", "2025-01-01", ""),                       # before consent
    ("A", "2025-01-02", "SCREENING"),              # the day on which an element starts belongs to it
    ("A", "2025-01-31T23:59", "SCREENING"),
    ("A", "2025-02-01", "TREATMENT"),              # a date without a time on that day too
    ("A", "2025-02-01T08:59", "SCREENING"),        # with times the times decide
    ("A", "2025-02-01T09:00", "TREATMENT"),
    ("A", "2025-05-18", "TREATMENT"),
    ("A", "2025-05-19T07:00", "FOLLOW-UP"),
    ("A", "2025-06-30T12:00", "FOLLOW-UP"),        # the end of participation belongs to the last element
    ("A", "2025-07-01", ""),
    ("A", "2025-03", "TREATMENT"),                 # all days in one element
    ("A", "2025-02", "TREATMENT"),                 # all days in elements of one epoch
    ("A", "2025-05", ""),                          # treatment or follow-up
    ("A", "2025-01", ""),                          # before consent or screening
    ("A", "2025-06", "FOLLOW-UP"),
    ("A", "2025", ""),
    ("A", ".", ""),
    ("B", "2025-02-01", "SCREENING"),              # an element that started some day in January, and never ended
    ("B", "2025-01-15", ""),
    ("C", "2025-03-15", ""),                       # follow-up began some day in March
    ("C", "2025-04-01", "FOLLOW-UP"),
    ("D", "2025-03-01", ""),                       # a subject without elements
])  # fmt: skip
def test_a_record_is_of_the_epoch_in_which_all_its_possible_days_lie(subject, date, expected):
    assert epochs(f"{subject} | {date}") == [expected]


def test_without_elements_nothing_has_an_epoch():
    assert epochs("A | 2025-02-01\nA | .", NO_ELEMENTS) == ["", ""]


def test_records_keep_their_order_and_index():
    records = grid("USUBJID | XXDTC\nA | 2025-06-01\nC | 2025-01-03\nA | 2025-01-03").iloc[::-1]
    assert with_epoch(records, ELEMENTS, "XXDTC").index.tolist() == [2, 1, 0]
    assert with_epoch(records, ELEMENTS, "XXDTC")["EPOCH"].tolist() == ["SCREENING", "SCREENING", "FOLLOW-UP"]
