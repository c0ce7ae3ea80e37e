"""Which record is named as the last sign of life, and what is known of a death (clarifications 3, 4)."""

from itertools import pairwise

import pytest
from tables import as_text, given

from adam.course.survival_status import survival_status

HEADER = "USUBJID DATE LALVDOM LALVVAR LALVSEQ"
NAMES = ("LSTALVDT", "LALVDOM", "LALVVAR", "LALVSEQ", "DTHFL", "DTHDT", "DTHDTF", "DTHSEQ", "DTHCAUS", "DTHCGR1")


def status(examined="", met="", treated="", deaths=""):
    """What is known of subject 1 as text, cut on 30 June 2026."""
    shown = given("alive", "\n".join([HEADER, examined, met, treated]))
    dd = given("dd", f"USUBJID | DDSEQ | DDTESTCD | DDORRES | DDSTRESC | DDDTC\n{deaths}")
    made = survival_status(given("dm", "USUBJID\n1"), dd, given("ds", "USUBJID"), shown, "SCREENED", "2026-06-30")
    return " ".join(as_text(made[name])[0] for name in NAMES)


ORDER = ("VS", "LB", "PC", "MI", "RS", "TR", "FA", "QS", "EX", "PR", "DS")


@pytest.mark.parametrize(("earlier", "later"), list(pairwise(ORDER)))
def test_of_equal_records_of_a_day_the_domain_later_in_the_list_is_named(earlier, later):
    rows = [f"1 2026-05-01 {domain} {domain}DTC 3" for domain in (earlier, later)]
    for examined in ("\n".join(rows), "\n".join(reversed(rows))):
        assert status(examined) == f"2026-05-01 {later} {later}DTC 3 . . . . . ."


@pytest.mark.parametrize(("examined", "met", "named"), [
    ("1 2026-05-01 VS VSDTC 4\n1 2026-05-01 DS LSTCTDTC 3", "", "VS VSDTC 4"),  # the higher number before the domain
    ("1 2026-05-01 VS VSDTC 4", "1 2026-05-01 SS SSDTC 1", "SS SSDTC 1"),       # a contact before both
    ("1 2026-05-01 VS VSDTC 4", "1 2026-04-30 SS SSDTC 9", "VS VSDTC 4"),       # but the day comes first
])  # fmt: skip
def test_the_latest_day_then_a_contact_then_the_higher_number_is_named(examined, met, named):
    assert status(examined, met) == f"2026-05-01 {named} . . . . . ."


@pytest.mark.parametrize(("day", "named"), [("2026-06-30", "2026-06-30 VS VSDTC 1"), ("2026-07-01", ". . . .")])
def test_a_record_after_the_cut_is_ignored(day, named):
    assert status(f"1 {day} VS VSDTC 1") == f"{named} . . . . . ."


@pytest.mark.parametrize(("seen", "reported", "alive", "dead"), [
    ("2026-05-20", "2026-05-10", "2026-05-10", "2026-05-10 ."),  # nobody is seen after the death
    ("2026-05-09", "2026-05-10", "2026-05-09", "2026-05-10 ."),
    ("2026-05-09", "2026-05", "2026-05-09", "2026-05-09 D"),
    ("2026-04-09", "2026-05", "2026-04-09", "2026-05-01 D"),
    ("2026-06-09", "2026-05", "2026-05-31", "2026-05-31 D"),
    ("2026-02-09", "2026", "2026-02-09", "2026-02-09 M"),
    ("2026-02-09", ".", "2026-02-09", "2026-02-09 Y"),
])  # fmt: skip
def test_a_death_without_its_day_is_the_last_contact_that_its_date_allows(seen, reported, alive, dead):
    found = status(f"1 {seen} VS VSDTC 1", deaths=f"1 | 6 | PRCDTH | Sepsis | SEPSIS | {reported}")
    assert found == f"{alive} VS VSDTC 1 Y {dead} 6 Sepsis ."


@pytest.mark.parametrize(("reported", "dead"), [("2026-05", "2026-05-01 D"), (".", ". Y"), ("2026", "2026-01-01 M")])
def test_a_death_of_somebody_never_seen_is_on_its_first_possible_day(reported, dead):
    assert status(deaths=f"1 | 6 | PRCDTH | Sepsis | SEPSIS | {reported}") == f". . . . Y {dead} 6 Sepsis ."


def test_the_first_report_gives_the_date_and_the_first_of_each_detail_cause_and_category():
    deaths = """
        1 | 7 | PRCDTH | Sepsis   | SEPSIS   | 2026-05-11
        1 | 6 | PRCDTH | Lymphoma | LYMPHOMA | 2026-05-10
        1 | 5 | DTHCAT | Other    | OTHER    | 2026-05-10
        1 | 4 | DTHCAT | Unknown  | UNKNOWN  | 2026-05-11
    """
    assert status(deaths=deaths) == ". . . . Y 2026-05-10 . 5 Lymphoma OTHER"
