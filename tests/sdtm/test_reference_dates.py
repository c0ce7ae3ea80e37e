"""Reference dates (clarifications 2, 4; SDTMIG DM): first 131I, else first cells; last dose; consent, end, death."""

import pandas as pd
import pytest
from small_study import STUDY, grid

from sdtm.reference_dates import READS, reference_dates

EMPTY = {
    "ds": "USUBJID | DSCAT | DSSCAT | DSDECOD | DSSTDTC | LSTCTDTC",
    "ex": "USUBJID | EXCAT | EXDOSE | EXSTDTC | EXENDTC | EXTRT",
    "dd": "USUBJID | DDDTC", "ss": "USUBJID | SSSTRESC | SSDTC", "vs": "USUBJID | VSDTC", "lb": "USUBJID | LBDTC",
    "rs": "USUBJID | RSDTC",
}


def dates(**rows):
    """The reference dates of subject A; each keyword gives the rows of a domain."""
    domains = {f"{name}_mapped": grid(header + "\n" + rows.get(name, "")) for name, header in EMPTY.items()}
    row = reference_dates(dm_mapped=grid("STUDYID | USUBJID\nST | A"), study=STUDY, **domains).iloc[0]
    return {name: None if pd.isna(value) else value for name, value in row.items()}


@pytest.mark.parametrize(("doses", "first", "last"), [
    ("A | CONDITIONING | 49 | 2025-03-04T09:00 | 2025-03-04T10:00\nA | CELLS | 100 | 2025-03-10T11:00 | 2025-03-10",
     "2025-03-04T09:00", "2025-03-10T11:00"),
    ("A | CELLS | 100 | 2025-03-10T11:00 | 2025-03-10", "2025-03-10T11:00", "2025-03-10T11:00"),
    ("A | CELLS | 100 | 2025-03-10 | 2025-03-10\nA | CELLS | 18 | 2025-03-12 | 2025-03-12", "2025-03-10", "2025-03-12"),
    ("A | CONDITIONING | 0 | 2025-03-04 | .\nA | CELLS | 100 | 2025-03-10 | 2025-03-10", "2025-03-10", "2025-03-10"),
    ("A | CELLS | 100 | 2025-03-01 | .\nA | CONDITIONING | 49 | 2025-03-04 | .", "2025-03-04", "2025-03-04"),
    ("A | CELLS | 0 | 2025-03-10 | 2025-03-11 | PLACEBO", "2025-03-10", "2025-03-11"),  # SDTMIG: placebo is a dose of 0
    ("", None, None),
])  # fmt: skip
def test_the_first_treatment_is_the_first_conditioning_else_the_first_cells(doses, first, last):
    row = dates(ex=doses)
    assert [row["RFSTDTC"], row["RFXSTDTC"], row["RFXENDTC"]] == [first, first, last]


TREATED = "A | CONDITIONING | 49 | 2025-03-04 | 2025-03-04"
LEFT = "A | DISPOSITION EVENT | STUDY PARTICIPATION | COMPLETED | 2026-01-05 | 2026-01-04"
FAILED = "A | DISPOSITION EVENT | STUDY PARTICIPATION | SCREEN FAILURE | 2025-02-05 | ."


@pytest.mark.parametrize(("doses", "disposition", "end"), [
    (TREATED, LEFT, "2026-01-05"), (TREATED, "", "2025-03-04"), ("", FAILED, None), ("", LEFT, None),
    (TREATED + "\nA | CELLS | 100 | 2025-03-10 | .", "", "2025-03-10"),
])  # fmt: skip
def test_the_reference_period_ends_with_the_study_for_the_subject(doses, disposition, end):
    assert dates(ex=doses, ds=disposition)["RFENDTC"] == end


def test_of_large_domains_it_reads_the_columns_that_it_has_here():
    read = {need: " | ".join(names).replace("--", need[:2].upper()) for need, names in READS.items()}

    assert read == {f"{name}_mapped": EMPTY[name] for name in ("vs", "lb", "rs")}


def test_consent_comes_from_the_milestone():
    consent = "A | PROTOCOL MILESTONE | . | INFORMED CONSENT OBTAINED | 2025-02-01T12:00 | ."
    assert dates(ds=consent)["RFICDTC"] == "2025-02-01T12:00"


@pytest.mark.parametrize(("death", "date", "flag"), [
    ("A | 2025-09-09", "2025-09-09", "Y"), ("A | .", None, "Y"), ("", None, None),
])  # fmt: skip
def test_death_is_what_the_death_report_says(death, date, flag):
    row = dates(dd=death, ss="A | DEAD | 2025-10-10")
    assert [row["DTHDTC"], row["DTHFL"]] == [date, flag]


@pytest.mark.parametrize(("domains", "last"), [
    ({"vs": "A | 2025-05-01T10:00", "lb": "A | 2025-05-03"}, "2025-05-03"),
    ({"ss": "A | UNKNOWN | 2026-05-01", "vs": "A | 2025-05-01"}, "2025-05-01"),
    ({"ss": "A | ALIVE | 2026-05-01"}, "2026-05-01"),
    ({"ds": LEFT}, "2026-01-05"),
    ({"dd": "A | 2025-09-09", "vs": "A | 2025-10-10"}, "2025-09-09"),
    ({"vs": "A | 2025-05"}, None),
])  # fmt: skip
def test_participation_ends_with_death_or_the_last_day_known(domains, last):
    assert dates(**domains)["RFPENDTC"] == last


@pytest.mark.parametrize(("disposition", "end"), [
    ("A | DISPOSITION EVENT | TREATMENT | COMPLETED | 2025-06-01 | .", "2025-03-04"),  # of the treatment, not the study
    (FAILED, "2025-03-04"),
    (LEFT + "\n" + LEFT.replace("2026-01-05", "2026-01-03"), "2026-01-03"),
    ("A | DISPOSITION EVENT | STUDY PARTICIPATION | COMPLETED | . | .", "2025-03-04"),
])
def test_only_a_dated_end_of_participation_ends_the_reference_period(disposition, end):
    assert dates(ex=TREATED, ds=disposition)["RFENDTC"] == end


@pytest.mark.parametrize(("doses", "first", "last"), [
    ("A | CONDITIONING | 49 | 2025-03-05 | .\nA | CONDITIONING | 49 | 2025-03-04 | 2025-03-06",
     "2025-03-04", "2025-03-06"),
    ("A | CELLS | . | 2025-03-10 | .", "2025-03-10", "2025-03-10"),  # given, the dose not written down
    ("A | CELLS | 100 | . | 2025-03-10", None, None),
    ("A | CELLS | -1 | 2025-03-10 | .", None, None),
    ("A | CELLS | 0.5 | 2025-03-10 | .", "2025-03-10", "2025-03-10"),
    ("B | CELLS | 100 | 2025-03-10 | .", None, None),
])
def test_a_dose_counts_with_a_start_and_without_a_zero(doses, first, last):
    row = dates(ex=doses)
    assert [row["RFSTDTC"], row["RFXENDTC"]] == [first, last]


@pytest.mark.parametrize(("domains", "last"), [
    ({"ds": "A | DISPOSITION EVENT | STUDY PARTICIPATION | COMPLETED | 2026-01-05 | 2026-01-07"}, "2026-01-07"),
    ({"ex": TREATED}, "2025-03-04"),
    ({"lb": "A | 2025-05-01T23:59\nA | 2025-04-30"}, "2025-05-01"),  # the day, not the time
    ({"rs": "A | 2025-05-02"}, "2025-05-02"),
    ({"ss": "A | DEAD | 2026-05-01"}, "2026-05-01"),
    ({"lb": "B | 2025-05-02"}, None),
])
def test_these_dates_are_known_days_of_a_subject(domains, last):
    assert dates(**domains)["RFPENDTC"] == last


def test_a_subject_has_its_study_and_name_and_death_ends_participation():
    row = dates(dd="A | 2025-09-10\nA | 2025-09-09")
    assert (row["STUDYID"], row["USUBJID"], row["DTHDTC"], row["RFPENDTC"]) == ("ST", "A", "2025-09-09", "2025-09-09")
