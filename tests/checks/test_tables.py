"""Every check of the extract finds the records of its table, and no others; what a table says is read as it stands."""

import pytest
from check_case import declared, found_alone, found_at
from check_tables import HERE, cases, checks

from pipeline.gate.checks.catalogue import rules
from pipeline.gate.checks.over_subjects import OF_ALL_FORMS, OVER_SUBJECTS, of_one_subject

CASES = checks()
MODULES = ("response", "series", "visits")  # whose rules look at what stands at one visit


@pytest.mark.parametrize("check", CASES)
def test_a_check_finds_the_wrong_record_and_field_and_no_other(check):
    assert found_at(check, CASES[check].given) == CASES[check].expected


def of_one_subject_by_rule():
    """A check of the tables for each rule that looks at one subject alone."""
    ruled = {one.id: one.rule for one in declared() if one.rule and of_one_subject(one)}
    return {rule: check for check, rule in reversed(ruled.items()) if check in CASES}


@pytest.mark.parametrize("check", of_one_subject_by_rule().values())
def test_a_rule_of_one_subject_finds_of_each_by_itself_what_it_finds_of_all(check):
    whole, alone = found_alone(check, CASES[check].given)

    assert len(whole) >= len(CASES[check].expected)
    assert whole.to_csv() == alone.to_csv()


def test_the_rules_that_look_over_subjects_are_rules():
    assert {*OVER_SUBJECTS, *OF_ALL_FORMS} <= {*rules()}


def of_visits(check):
    return any(one.id == check and one.rule and rules()[one.rule].__module__.endswith(MODULES) for one in declared())


@pytest.mark.parametrize("check", [*filter(of_visits, CASES)])
def test_a_check_finds_the_same_where_the_database_numbers_no_visits(check):
    assert found_at(check, CASES[check].given, without="FOLDERSEQ") == CASES[check].expected


def test_a_table_fits_a_screen():
    lines = [(path.name, n, line) for path in HERE.glob("*.txt") for n, line in enumerate(path.open("r"), start=1)]
    assert [(name, number) for name, number, line in lines if len(line.rstrip("\n")) > 120] == []


READ = [
    ("  AE  AEPT=Rash  -> AEPT", "AE AEPT=Rash", ["1 AEPT"]),
    ("  AE*2  AEPT=Rash\n  AE    AESER=Y  -> AESER, AEPT", "AE*2 AEPT=Rash | AE AESER=Y", ["3 AEPT", "3 AESER"]),
    ("  AE  AEPT=Rash\n    ; AESER=Y  -> AESER", "AE AEPT=Rash; AESER=Y", ["1 AESER"]),
    ("  LABC  ACCESSION=A9; RESULT=1  -> RESULT", "LABC ACCESSION=A9; RESULT=1", ["A9 RESULT"]),
    ("  VS  SUBJECT=09..11; VSDAT=2025-01-01..2025-01-03",
     "VS SUBJECT=09; VSDAT=2025-01-01 | VS SUBJECT=10; VSDAT=2025-01-02 | VS SUBJECT=11; VSDAT=2025-01-03", []),
    ("  VS  SUBJECT=1..2; TEMP=37", "VS SUBJECT=1; TEMP=37 | VS SUBJECT=2; TEMP=37", []),
    ("  AE  AETERM=3 times é\n  -> VS@D30 1010001", "AE AETERM=ééé", ["VS@D30 1010001"]),
    ("  + others\n  AE  AESER=Y  -> AESER", "CART CTYN=Y | AE AESER=Y", ["2 AESER"]),
]  # fmt: skip


@pytest.mark.parametrize(("block", "given", "expected"), READ)
def test_a_block_is_read_as_it_stands(tmp_path, monkeypatch, block, given, expected):
    (tmp_path / "read.txt").write_text(f"# a remark\nothers\n  CART  CTYN=Y\n\nX-1\n{block}\n", encoding="utf-8")
    monkeypatch.setattr("check_tables.HERE", tmp_path)
    cases.cache_clear()
    assert cases("read.txt")["X-1"] == (given, expected)
    cases.cache_clear()
