"""Collected values to submission values: which spelling is known, what is told of one that is not."""

import pandas as pd
import pytest
from small_study import TERMS, grid, raw_form

from sdtm.mapping.terms import looked_up, terms, translated

UNITS = grid("codelist | collected | submission | label\nUNIT | | g/L | \nUNIT | G/L | 10^9/L |")


@pytest.mark.parametrize(("give", "collected", "given"), [
    ("submission", "1", "MILD"), ("submission", "Mild", "MILD"), ("submission", "2", None),
    ("label", "TEMP", None), ("label", "yes", "Yes"),
])  # fmt: skip
def test_a_list_gives_the_submission_value_or_another_column(give, collected, given):
    codelist = "NY" if collected == "yes" else "SEVERITY"
    (found,) = looked_up(pd.Series([collected], dtype="str"), terms(TERMS, codelist, give), codelist)
    assert (None if pd.isna(found) else found) == given


def test_a_collected_spelling_stands_before_the_submission_value_of_another_term():
    ct = grid("codelist | collected | submission\nX | A | B\nX | | A")
    assert terms(ct, "X")["A"] == "B"


def test_each_record_with_an_unknown_code_is_told_but_an_unknown_unit_or_free_text_once_for_all_of_them():
    rows = raw_form("F", "SUBJECT | U\n1 | y\n2 | x\n3 | x\n4 | g/L\n5 | .")
    coded = rows.assign(U_STD=rows["U"])
    ct = pd.concat([UNITS, TERMS])
    found = [translated(given, "U", name, ct).findings[0] for given, name in ((coded, "SEVERITY"), (rows, "UNIT"))]
    free = translated(rows, "U", "SEVERITY", ct).findings[0]

    assert found[0][["check", "severity", "record", "value"]].to_numpy().tolist() == [
        ["SDTM-CT", "major", f"R{n}", value] for n, value in enumerate(["y", "x", "x", "g/L"], start=1)]
    assert free[["check", "severity", "record", "value"]].to_numpy().tolist() == [
        ["SDTM-CT", "major", "R4", "g/L"], ["SDTM-CT", "major", "", "x"], ["SDTM-CT", "major", "R1", "y"]]
    assert found[1][["check", "severity", "field", "record", "value"]].to_numpy().tolist() == [
        ["SDTM-CT", "major", "U", "", "x"], ["SDTM-CT", "major", "U", "R1", "y"]]
    assert found[1]["message"].tolist() == [
        f"U '{unit}' is not in the codelist UNIT. Correct it in the database, or add it to codelists.csv: UNIT,N,"
        f"{unit},TERM,,. Until then it stays as collected, and nothing that asks for a term of UNIT counts it."
        f"{how_many}"
        for unit, how_many in (("x", " (2 records, first R2, R3)"), ("y", ""))]


@pytest.mark.parametrize(("codes", "told"), [([".", "."], []), (["1", "."], ["R2"]), (["1", "3"], [])])
def test_a_missing_code_is_told_where_the_field_has_codes_at_all(codes, told):
    rows = raw_form("F", "SUBJECT | S | S_STD\n" + "\n".join(f"1 | Light | {code}" for code in codes))
    answer = translated(rows, "S", "SEVERITY", TERMS)
    assert [record for part in answer.findings for record in part["record"]] == told
    assert {(*row,) for part in answer.findings for row in part[["check", "severity", "field"]].to_numpy()} <= {
        ("SDTM-DECODE", "minor", "S")}


def test_an_unknown_text_without_its_code_is_told_as_unknown_only():
    rows = raw_form("F", "SUBJECT | S | S_STD\n1 | Heavy | .\n1 | Light | 1\n1 | . | .")
    answer = translated(rows, "S", "SEVERITY", TERMS)
    assert [part["check"].tolist() for part in answer.findings] == [["SDTM-CT"]]
    assert answer.values.astype(object).where(answer.values.notna(), None).tolist() == ["Heavy", "MILD", None]


def test_a_study_that_adds_a_spelling_without_a_label_takes_no_label_away():
    rows = [("LBTESTCD", "", "FERRITIN", "Ferritin"), ("LBTESTCD", "FERR", "FERRITIN", None)]
    ct = pd.DataFrame(rows, columns=["codelist", "collected", "submission", "label"], dtype="str")
    assert looked_up(pd.Series(["FERRITIN"]), terms(ct, "LBTESTCD", "label"), "LBTESTCD").tolist() == ["Ferritin"]
    assert looked_up(pd.Series(["ferr"]), terms(ct, "LBTESTCD"), "LBTESTCD").tolist() == ["FERRITIN"]


# CRF version 1: 2 is Not related; version 2: 2 is Probably related. The terminology knows the texts.
VERSIONS = pd.DataFrame([("REL", "NOT RELATED", "NOT RELATED", ""), ("REL", "PROBABLY RELATED", "PROBABLE", ""),
                         ("REL", "9", "UNKNOWN", "")],
                        columns=["codelist", "collected", "submission", "label"], dtype="str")  # fmt: skip


def test_a_code_that_changed_its_meaning_between_versions_is_read_by_its_text():
    rows = raw_form("F", "SUBJECT | S | S_STD\n1 | Not related | 2\n1 | Probably related | 2\n1 | Other | 9\n1 | X | 3")
    answer = translated(rows, "S", "REL", VERSIONS)
    assert answer.values.tolist() == ["NOT RELATED", "PROBABLE", "UNKNOWN", "3"]
    assert [part["record"].tolist() for part in answer.findings] == [["R4"]]
