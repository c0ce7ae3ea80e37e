"""Records of an output: chosen by clause and population, counted, and one of a subject taken."""

import pytest
from small_study import grid

from tlf.conditions import Records, chosen

ADSL = grid("""
    USUBJID | SAFFL
    A       | Y
    B       | Y
    C       | N""")
ADLB = grid("""
    USUBJID | AVAL | ADT        | CARTDY | NOTE
    B       | 3    | 2025-03-05 | 4      | late
    B       | 2    | 2025-03-05 | 4      | tied
    A       | 1    | 2025-03-01 | 0      | first
    A       | 9    | 2025-03-02 | 1      | high
    A       | 9    | 2025-03-04 | 3      | again
    C       | 7    | 2025-03-01 | 0      | outside
    D       | 7    | 2025-03-01 | 0      | unknown""").astype({"AVAL": "float64", "CARTDY": "float64"})
SAFE = 'SAFFL == "Y"'


@pytest.fixture
def records():
    return Records({"adlb": ADLB, "adsl": ADSL})


@pytest.mark.parametrize(("where", "population", "notes", "sizes"), [
    ("", "", ["late", "tied", "first", "high", "again", "outside", "unknown"], (7, 4)),
    ("", SAFE, ["late", "tied", "first", "high", "again"], (5, 2)),
    ("AVAL >= 7", "", ["high", "again", "outside", "unknown"], (4, 3)),
    ("AVAL >= 7", SAFE, ["high", "again"], (2, 1)),
    ("AVAL > 9", SAFE, [], (0, 0)),
])  # fmt: skip
def test_records_meet_the_clause_and_their_subjects_the_population(records, where, population, notes, sizes):
    assert records.where("adlb", where, population)["NOTE"].tolist() == notes
    assert records.sizes("adlb", where, population) == sizes
    assert records.subjects("adlb", where) == {*ADLB.loc[records.where("adlb", where).index, "USUBJID"]}


def test_only_the_variables_asked_for_are_there_in_their_order(records):
    assert [*records.where("adlb", "AVAL >= 7", SAFE, ["AVAL", "USUBJID", "NONE"])] == ["USUBJID", "AVAL"]


@pytest.mark.parametrize(("take", "value", "notes"), [
    ("first", "AVAL", ["late", "first"]), ("last", "AVAL", ["tied", "again"]),
    ("highest", "AVAL", ["late", "high"]), ("lowest", "AVAL", ["tied", "first"]),
    ("nearest", "2", ["late", "again"]),
])  # fmt: skip
def test_one_record_of_a_subject_is_taken_and_stays_where_it_stood(take, value, notes):
    taken = chosen(ADLB[ADLB["USUBJID"].isin(["A", "B"])], ["USUBJID"], take, value)
    assert (taken["NOTE"].tolist(), [*taken]) == (notes, [*ADLB])
    assert taken.index.is_monotonic_increasing


@pytest.mark.parametrize(("population", "notes"), [
    ("", ["tied", "high", "outside", "unknown"]), (SAFE, ["tied", "high"]),
])  # fmt: skip
def test_the_record_taken_of_a_subject_is_the_same_in_every_population(records, population, notes):
    """That of another population is told from the same look at the records."""
    records.taken("adlb", "AVAL >= 2 and AVAL != 3", "", "highest", "AVAL")

    taken = records.taken("adlb", "AVAL >= 2 and AVAL != 3", population, "highest", "AVAL", ["NOTE"])
    assert taken["NOTE"].tolist() == notes


def test_of_a_later_period_a_record_is_taken_where_the_clause_asks_for_it():
    told = ADLB.assign(APERIOD=[1.0, 2, 1, 1, 2, 1, 1])
    records = Records({"adlb": told, "adsl": ADSL})

    first = records.taken("adlb", "AVAL >= 2", SAFE, "highest", "AVAL", ["NOTE"])
    later = records.taken("adlb", "AVAL >= 2 and APERIOD == 2", SAFE, "highest", "AVAL", ["NOTE"])
    assert (first["NOTE"].tolist(), later["NOTE"].tolist()) == (["late", "high"], ["tied", "again"])


def test_a_clause_that_leaves_subjects_out_chooses_the_same_read_again(records):
    """Records.only knows it without reading its long list; D is in no population."""
    narrowed = records.only("adlb", "AVAL >= 2", frozenset({"A"}), "")
    fresh = Records(records.data)

    assert records.subjects("adlb", narrowed) == fresh.subjects("adlb", narrowed) == {"A", "D"}
