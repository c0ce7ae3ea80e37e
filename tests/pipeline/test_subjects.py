"""Whose a record is, and of which site: as the contract says a subject's number is made, never by its first signs."""

import pandas as pd
import pytest

from pipeline.intake.subjects import site_of, subject_and_site
from pipeline.study.contracts import Subject, contract_of, system_of

NUMBER = r"(?P<site>\d{3})\d{4}"
OF_NUMBERS = [
    (Subject(number=NUMBER), ["101", None, None, None]),
    (Subject(pattern=r"(?P<site>[A-Z]+)-\d+"), [None, "UK", None, None]),
    (Subject(site="9"), ["9", "9", "9", "9"]),
    (Subject(), [None, None, None, None]),
    (Subject(number=r"(?P<site>\d+)-\d+"), [None, None, "7", None]),
]


@pytest.mark.parametrize(("subject", "expected"), OF_NUMBERS)
def test_the_site_of_a_number_is_what_the_contract_says_of_numbers(subject, expected):
    sites = site_of(pd.Series(["1010001", "UK-12", "7-1", None], dtype="str"), subject)
    assert sites.astype(object).where(sites.notna(), None).tolist() == expected


@pytest.mark.parametrize(("subject", "columns", "expected"), [
    (Subject(number=NUMBER), {"SUBJECT": "1010001"}, ("1010001", "101")),
    (Subject(number=NUMBER), {"SUBJECT": "1010001", "SITE": "109"}, ("1010001", "109")),  # as delivered
    (Subject(number=NUMBER), {"SUBJECT": "ABC"}, ("ABC", "")),
    (Subject(), {"SUBJECT": "1010001"}, ("1010001", "")),
    (Subject("ID", r"S(?P<site>\d{3})P(?P<number>\d{4})", number=NUMBER), {"ID": "S101P0001"}, ("1010001", "101")),
    (Subject("ID", site="7"), {"ID": "0012"}, ("0012", "7")),
    (Subject("ID", r"HEM(?P<number>\d{3})", "1", known_as="H-{number}"), {"ID": "HEM007"}, ("H-007", "1")),
    (Subject("ID", r"(?P<site>\d\d)(?P<number>\d{3})", known_as="{site}-{number}"), {"ID": "01007"}, ("01-007", "01")),
    (Subject("ID", r"HEM(?P<number>\d{3})", "1", known_as="H-{number}"), {"ID": "who?"}, ("who?", "1")),
    (Subject(number=NUMBER), {"OTHER": "1"}, ("", "")),
])  # fmt: skip
def test_a_record_has_its_subject_and_its_site(subject, columns, expected):
    records = pd.DataFrame({name: [value] for name, value in columns.items()}, dtype="str")
    assert tuple(part.tolist()[0] for part in subject_and_site(records, subject)) == expected


def test_how_numbers_are_made_is_said_once_and_holds_for_every_form():
    system = system_of({"subject": {"number": NUMBER}})
    lab = {"form": "LAB", "system": "false", "subject": {"column": "ID"}, "fields": {}}
    forms = [{"form": "AE", "fields": {}}, lab]
    told = [contract_of(form, system).subject for form in forms]
    assert told == [Subject(number=NUMBER), Subject("ID", number=NUMBER)]
