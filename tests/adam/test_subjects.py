"""SUBJECTS: the dates of what happened, from consent to death or last contact, and which record counts."""

import pytest
from tables import as_text, given, supp

from adam.course.subjects import subjects

HEADERS = {
    "ds": "USUBJID | DSSEQ | DSCAT | DSSCAT | DSDECOD | DSTERM | DSSTDTC", "pr": "USUBJID | PRSEQ | PRCAT | PRSTDTC",
    "exposure": "USUBJID TRTSDT CARTSDT", "new_therapy": "USUBJID NACTDT",
    "survival_status": "USUBJID DTHFL DCUTDT",
    "baseline_scan": "USUBJID BASESCDT", "dose_levels": "USUBJID DOSELVLP",
}  # fmt: skip
DM = "USUBJID SUBJID SITEID AGE AGEU SEX RACE ETHNIC ARM ACTARM RFICDTC"
END, MILESTONE = "DISPOSITION EVENT | STUDY PARTICIPATION", "PROTOCOL MILESTONE | ."


def person(suppds="USUBJID SEQ QNAM QVAL", **domains):
    """The record of subject 1 as text; each keyword gives the rows of a domain."""
    made = {name: given(name, f"{header}\n{domains.get(name, '')}") for name, header in HEADERS.items()}
    dm = given("dm", f"{DM}\n1 0101 101 64 YEARS F WHITE NO ONE TWO 2024-12-01")
    part = supp("DM", "", "USUBJID SEQ QNAM QVAL\n1 . PARTCD A")
    row = subjects(dm, part, suppds=supp("DS", "DSSEQ", suppds), **made).head(1)
    return {name: as_text(row[name])[0] for name in row}


def test_who_a_subject_is_stands_first():
    row = person()
    assert [row[name] for name in DM.split()[:-1]] == [
        "1", "0101", "101", "64", "YEARS", "F", "WHITE", "NO", "ONE", "TWO"]
    assert (row["RFICDT"], row["COHORT"]) == ("2024-12-01", "A")


def test_treatment_new_therapy_survival_and_baseline_scan_stand_beside():
    row = person(
        exposure="1 2025-01-04 .", new_therapy="1 2025-05-01", survival_status="1 Y .", baseline_scan="1 2024-12-20")
    names = ("TRTSDT", "NACTDT", "DTHFL", "BASESCDT")
    assert [row[name] for name in names] == ["2025-01-04", "2025-05-01", "Y", "2024-12-20"]


@pytest.mark.parametrize(("infused", "days"), [("2025-01-10", "168"), ("2025-06-27", "0"), (".", ".")])
def test_days_to_the_data_cut_are_counted_from_the_first_infusion(infused, days):
    """10 January to 27 June 2025: 21 + 28 + 31 + 30 + 31 + 27 = 168 days, whether she died in between or not."""
    row = person(exposure=f"1 2025-01-04 {infused}", survival_status="1 Y 2025-06-27")
    assert (row["DCUTDT"], row["DCUTDY"]) == ("2025-06-27", days)


@pytest.mark.parametrize(("collected", "date", "seq"), [
    ("1 | 1 | LEUKAPHERESIS | 2024-12-16\n1 | 2 | LEUKAPHERESIS | 2024-12-15", "2024-12-15", "2"),
    ("1 | 2 | LEUKAPHERESIS | 2024-12-15\n1 | 1 | LEUKAPHERESIS | 2024-12-15", "2024-12-15", "1"),
    ("1 | 1 | LEUKAPHERESIS | .", ".", "1"),
    ("1 | 1 | BRIDGING | 2024-12-15\n2 | 1 | LEUKAPHERESIS | 2024-12-15", ".", "."),
])  # fmt: skip
def test_the_first_leukapheresis_counts_and_is_known_without_a_date(collected, date, seq):
    row = person(pr=collected)
    assert (row["LEUKDT"], row["LEUKSEQ"]) == (date, seq)


ENROLMENT = ("ENRLDT", "ENRDECOD", "SFREAS", "SFDECOD", "EOSDT", "EOSDECOD")


@pytest.mark.parametrize(("records", "expected"), [
    (f"1 | 1 | {MILESTONE} | ENTERED INTO TRIAL | . | 2024-12-11\n"
     f"1 | 2 | {MILESTONE} | ENTERED INTO TRIAL | . | 2024-12-10",
     ["2024-12-10", "ENTERED INTO TRIAL", ".", ".", ".", "."]),
    (f"1 | 1 | {MILESTONE} | ENROLLED | . | 2024-12-11", ["2024-12-11", "ENROLLED", ".", ".", ".", "."]),
    (f"1 | 1 | {MILESTONE} | RANDOMIZED | . | 2024-12-11\n1 | 2 | OTHER | . | ENTERED INTO TRIAL | . | 2024-12-10",
     [".", ".", ".", ".", ".", "."]),
    (f"1 | 1 | {END} | SCREEN FAILURE | Withdrew | 2024-12-11", [".", ".", "Withdrew", "SCREEN FAILURE", ".", "."]),
    ("1 | 1 | OTHER EVENT | STUDY PARTICIPATION | SCREEN FAILURE | Withdrew | 2024-12-11",
     [".", ".", ".", ".", ".", "."]),
    (f"1 | 1 | {END} | DEATH | . | 2025-06-01\n1 | 2 | {END} | COMPLETED | . | 2025-05-01",
     [".", ".", ".", ".", "2025-06-01", "DEATH"]),  # the last end of study counts
    (f"1 | 1 | {END} | DEATH | . | 2025-06-01\n1 | 2 | {END} | COMPLETED | . | 2025-06-01",
     [".", ".", ".", ".", "2025-06-01", "COMPLETED"]),
    ("1 | 1 | DISPOSITION EVENT | TREATMENT | COMPLETED | . | 2025-06-01", [".", ".", ".", ".", ".", "."]),
])  # fmt: skip
def test_enrolment_screen_failure_and_end_of_study_each_have_their_record(records, expected):
    row = person(ds=records)
    assert [row[name] for name in ENROLMENT] == expected
    assert row["SCRFDT"] == ("2024-12-11" if row["SFDECOD"] != "." else ".")


def test_progression_by_clinical_signs_belongs_to_its_record_of_the_end():
    ends = f"1 | 3 | {END} | OTHER | . | 2025-06-01\n1 | 4 | {END} | OTHER | . | 2025-05-01"
    said = "USUBJID SEQ QNAM QVAL\n1 {} CLINPD Y"
    assert [person(said.format(seq), ds=ends)["CLINPD"] for seq in (3, 4)] == ["Y", "."]
