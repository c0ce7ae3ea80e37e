"""A record is asked about its site where it disagrees with its subject's, by whatever name the database calls sites."""

import pandas as pd
import pytest

from pipeline.gate.checks.parsed import Forms
from pipeline.gate.checks.rules.records import of_another_site
from pipeline.study.contracts import Contract, Field, Subject

SITE = {"SITE": Field("SITE")}
NOBODY = pd.Timestamp("2026-01-01")


def asked(filed: str, carried=SITE):
    """The records asked about (their number, and the site expected) of `01-001 LOC.01, …`."""
    cells = [part.split() for part in filed.split(",")]
    frame = pd.DataFrame(cells, columns=["_SUBJECT", "SITE"], dtype="object").assign(_FORM="AE", _LINE=2)
    contract = Contract("AE", subject=Subject(number=r"(?P<site>\d\d)-\d{3}"), carried=carried)
    forms = Forms({"AE": frame}, {"AE": frame}, {"AE": contract}, pd.DataFrame(), NOBODY, NOBODY)
    found = of_another_site(frame, forms)
    return [(at + 1, expected) for at, expected in found["expected"].items()] if len(found) else []


@pytest.mark.parametrize(
    ("filed", "expected"),
    [
        ("01-001 LOC.01, 01-002 LOC.01", []),
        ("01-001 LOC.A, 01-002 LOC.A, 02-001 LOC.B", []),
        ("01-001 LOC.A, 01-001 LOC.A, 01-001 LOC.B, 02-001 LOC.B", [(3, "LOC.A")]),
        ("01-001 LOC.A, 01-002 LOC.A, 01-003 LOC.B, 02-001 LOC.B, 02-002 LOC.B", [(3, "LOC.A")]),
        ("01-001 LOC.A, 02-001 LOC.A, 02-001 LOC.A, 02-001 LOC.B", [(4, "LOC.A")]),
        ("01-001 01, 01-002 01, 02-001 02, 02-001 01", [(4, "02")]),
        ("01-001 01, 01-002 02, 01-002 02, 02-001 02", [(2, "01"), (3, "01")]),
    ],
    ids=[
        "a location of ODM is another name of the site",
        "names go one to one with the numbers",
        "a subject's records disagree",
        "a whole subject stands under another site's name",
        "one name for two sites says nothing of either, but a subject's records must agree",
        "the names are the numbers' own",
        "a whole subject stands under another site's number",
    ],
)
def test_a_record_is_asked_about_where_its_site_is_not_its_subjects(filed, expected):
    assert asked(filed) == expected


def test_a_site_that_no_contract_promises_is_not_asked_about():
    assert asked("01-001 01, 02-001 02, 02-001 01", carried={}) == []
