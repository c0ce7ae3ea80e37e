"""What was given, the new therapy, and the baseline scan (clarifications 1, 2, 7; analysis plan F0-11)."""

import pytest
from tables import given, shown, treated

from adam.course.baseline_scan import baseline_scan
from adam.course.new_therapies import new_therapies
from adam.course.new_therapy import new_therapy


def test_the_first_treatment_is_the_first_conditioning_else_the_first_cells():
    ex = given("ex", """
        USUBJID | EXCAT        | EXTRT | EXDOSE | EXDOSU     | EXSTDTC
        both    | CONDITIONING | IOD   | 50     | mCi        | 2025-03-04T09:00
        both    | CELLS        | AXI   | 100    | 10^6 cells | 2025-03-10
        both    | CELLS        | AXI   | 80     | 10^6 cells | 2025-03-11
        cells   | CELLS        | LISO  | .      | 10^6 cells | 2025-03-10
        zero    | CONDITIONING | IOD   | 0      | mCi        | 2025-03-04
    """)
    actual, expected = shown(treated(ex)[0], """
        USUBJID | TRTSDT     | TRTEDT     | CONDSDT    | CARTSDT    | CARTEDT    | CARTDOSE | CARTPROD | CARTSEQ
        both    | 2025-03-04 | 2025-03-11 | 2025-03-04 | 2025-03-10 | 2025-03-11 | 180      | AXI      | 2
        cells   | 2025-03-10 | 2025-03-10 | .          | 2025-03-10 | 2025-03-10 | .        | LISO     | 1
    """)
    assert actual == expected
    assert set(treated(ex)[0]["USUBJID"]) == {"both", "cells"}


CM = """
    USUBJID | CMCAT                         | CMSTDTC
    1       | SUBSEQUENT ANTICANCER THERAPY | 2025-06-10
    2       | SUBSEQUENT ANTICANCER THERAPY | 2025-06
    3       | PRIOR ANTICANCER THERAPY      | 2020-06-10
    4       | SUBSEQUENT ANTICANCER THERAPY | 2025-03
    5       | SUBSEQUENT ANTICANCER THERAPY | 2025-03-06
    5       | SUBSEQUENT ANTICANCER THERAPY | 2025-04-06
    6       | SUBSEQUENT ANTICANCER THERAPY | 2025-03-01
"""
PR = """
    USUBJID | PRCAT                         | PRSCAT       | PRSTDTC
    1       | SUBSEQUENT ANTICANCER THERAPY | HSCT         | 2025-06-01
    2       | SUBSEQUENT ANTICANCER THERAPY | RADIOTHERAPY | 2025-07-01
"""


def therapies(hsct_newtx=True):
    treated = given("exposure", """
        USUBJID TRTSDT     CARTSDT
        1       2025-03-04 2025-03-10
        2       2025-03-04 2025-03-10
        3       2025-03-04 2025-03-10
        4       2025-03-04 .
        5       2025-03-04 2025-03-10
        6       2025-03-04 2025-03-10
    """)
    return new_therapy(new_therapies(given("cm", CM), given("pr", PR), treated, hsct_newtx), treated)


def test_the_first_of_drugs_radiotherapy_and_transplants_is_the_new_therapy():
    actual, expected = shown(therapies(), """
        USUBJID | NACTDT     | NACTDTF | NACTHSCT | NACTDOM | HSCTDT
        1       | 2025-06-01 | .       | Y        | PR      | 2025-06-01
        2       | 2025-06-01 | D       | N        | CM      | .
        4       | 2025-03-04 | D       | N        | CM      | .
    """)
    assert actual == expected
    assert "3" not in set(therapies()["USUBJID"])


def test_what_started_before_the_cells_is_not_new_to_them_but_ends_the_dlt_period_after_the_first_treatment():
    actual, expected = shown(therapies(), """
        USUBJID | NACTDT     | FIRSTTX
        5       | 2025-04-06 | 2025-03-06
        6       | .          | .
    """)
    assert actual == expected


def test_a_transplant_is_no_new_therapy_when_hsct_newtx_is_no():
    actual, expected = shown(therapies(hsct_newtx=False), """
        USUBJID | NACTDT     | NACTHSCT | HSCTDT
        1       | 2025-06-10 | N        | 2025-06-01
    """)
    assert actual == expected


@pytest.mark.parametrize(("scans", "date", "after", "pet"), [
    ("LDIAM 20 2025-02-01 | LDIAM 22 2025-03-04", "2025-03-04", "N", "N"),  # its day is before it
    ("LDIAM 20 2025-02-01 | LDIAM 22 2025-03-05", "2025-02-01", "N", "N"),
    ("LDIAM NE 2025-02-01 | LDIAM 22 2025-03-05", "2025-03-05", "Y", "N"),  # the fallback is flagged
    ("LDIAM 20 2025-03-10", ".", ".", "N"),  # on the day of the cells: too late
    ("PETEVAL Y 2025-02-01", "2025-02-01", "N", "Y"),
    ("PETEVAL N 2025-02-01 | TUMSTATE PRESENT 2025-01-20", "2025-01-20", "N", "N"),
])
def test_the_baseline_scan_is_the_last_evaluable_one_before_the_conditioning(scans, date, after, pet):
    lines = [f"1 {line.strip()}" for line in scans.split("|")]
    tr = given("tr", "\n".join(["USUBJID TRTESTCD TRSTRESC TRDTC", *lines]))
    treated = given("exposure", "USUBJID CONDSDT CARTSDT\n1 2025-03-04 2025-03-10")
    actual, expected = shown(baseline_scan(tr, treated), f"""
        USUBJID | BASESCDT | BASEFBFL | BASEPTFL
        1       | {date}   | {after}  | {pet}
    """)
    assert actual == expected
