"""Which collected values went where: told of what happened to each value, not of what a sheet promises."""

import pytest
from small_study import CONSENT, NO_CUT, STUDY, TERMS, VISITS, grid, raw_form, spec

from pipeline.ground.line_numbers import unpacked
from sdtm.mapping.domain import mapped
from sdtm.mapping.inputs import MappingInputs

VARIABLES = """STUDYID text
USUBJID text
XXSEQ integer
XXTERM text
XXSEV text SEVERITY
XXSTDTC text
XXENRTPT text"""
HEAD = "form | block | target | rule | source | where\n"
RECORDS = """
    SUBJECT | GIVEN | NAME  | OTHER | SEV | FROM        | ON
    0101    | Yes   | Fever | .     | 1   | 01 JAN 2025 | Yes
    0101    | No    | .     | .     | .   | .           | No
    0102    | Yes   | .     | Rash  | 3   | 2 MAY 2025  | No
    0102    | Yes   | Pain  | Ache  | .   | unk         | .
"""


def carried(sheet: str, cut=NO_CUT, cutoff: str = "2026-06-30", transfers: frozenset[str] = frozenset()):
    raw = {"V": raw_form("V", RECORDS), "IC": raw_form("IC", CONSENT), "DTH": raw_form("DTH", "_SUBJECT | DTHDAT")}
    inputs = MappingInputs(STUDY, TERMS, spec(VARIABLES, "STUDYID USUBJID XXSEQ"), cutoff, cut, VISITS, 30.4375,
                           transfers=transfers)  # fmt: skip
    return mapped("XX", grid(HEAD + sheet), raw, inputs)


def ways(sheet: str, **more) -> dict[tuple[str, str, str], list[int]]:
    found = carried(sheet, **more).carried
    lines = {(row.FIELD, row.TARGET, row.RULE): unpacked(row.LINES).tolist() for row in found.itertuples()}
    return {key: own for key, own in lines.items() if own}


@pytest.mark.parametrize(("sheet", "expected"), [
    # a value goes where the row that names its field gave the record its value: lines 2 to 5 of the form
    ("V | | XXTERM | assign | NAME |", {("NAME", "XX.XXTERM", "assign"): [2, 5]}),
    # the later row fills what the earlier one left empty: Ache of line 5 goes nowhere
    ("V | | XXTERM | assign | NAME |\nV | | XXTERM | assign | OTHER |",
     {("NAME", "XX.XXTERM", "assign"): [2, 5], ("OTHER", "XX.XXTERM", "assign"): [4]}),
    # what cannot be read gives no value
    ("V | | XXSTDTC | assign_datetime | FROM |", {("FROM", "XX.XXSTDTC", "assign_datetime"): [2, 4]}),
    # the answer that chooses records stands in the domain as its records; those not chosen do not
    ("V | | | coded_as | GIVEN NY Y |\nV | | XXSEV | assign_ct | SEV |",
     {("GIVEN", "XX", "coded_as"): [2, 4, 5], ("SEV", "XX.XXSEV", "assign_ct"): [2, 4]}),
    # so does the state of a result: it was not withdrawn, nor is it replaced
    ("V | | | reported | NAME GIVEN |\nV | | XXSEV | assign_ct | SEV |",
     {("GIVEN", "XX", "reported"): [2, 3, 4, 5], ("SEV", "XX.XXSEV", "assign_ct"): [2, 4]}),
    # whether there is an answer at all says nothing of what it was
    ("V | | | answered | NAME |\nV | | XXSEV | assign_ct | SEV |", {("SEV", "XX.XXSEV", "assign_ct"): [2]}),
    # a condition decides for each record of its block, whether it holds or not
    ('V | | | coded_as | GIVEN NY Y |\nV | | XXENRTPT | hardcode | ONGOING | ON == "Yes"',
     {("GIVEN", "XX", "coded_as"): [2, 4, 5], ("ON", "XX.XXENRTPT", "hardcode"): [2, 4, 5]}),
    # the rows of a block go before those of all blocks
    ("V | one | XXTERM | assign | NAME |\nV | * | XXTERM | assign | OTHER |",
     {("NAME", "XX.XXTERM", "assign"): [2, 5], ("OTHER", "XX.XXTERM", "assign"): [4]}),
    ("V | | SUPP.WORSE | lookup | ON NY |", {("ON", "SUPPXX.WORSE", "lookup"): [2, 3, 4]}),
])  # fmt: skip
def test_a_value_is_carried_where_its_row_gave_the_record_its_value(sheet, expected):
    assert ways(sheet) == expected


def test_lines_that_leave_at_the_data_cut_are_told_as_left_out():
    cut = grid("domain | action | variable | date | where | value | mark\nXX | out | | XXSTDTC | | |").fillna("")
    sheet = "V | | XXTERM | assign | NAME |\nV | | XXSTDTC | assign_datetime | FROM |"
    assert ways(sheet, cut=cut, cutoff="2025-02-01") == {
        ("NAME", "XX.XXTERM", "assign"): [2, 5], ("FROM", "XX.XXSTDTC", "assign_datetime"): [2],
        ("*", "XX", "left out"): [4]}  # fmt: skip


@pytest.mark.parametrize(("row", "transfers", "origin"), [
    ("lookup | ON NY", (), ["CRF", "CRF", "CRF"]), ("lookup | ON NY", ("V",), ["eDT", "eDT", "eDT"]),
    ("hardcode | YES", (), ["Assigned"] * 4), ("hardcode | YES", ("V",), ["Assigned"] * 4),
])  # fmt: skip
def test_the_row_that_gave_a_qualifier_its_value_says_whence_it_is(row, transfers, origin):
    made = carried(f"V | | SUPP.WORSE | {row} |", transfers=frozenset(transfers)).records
    assert made["WORSE.QORIG"].dropna().tolist() == origin
