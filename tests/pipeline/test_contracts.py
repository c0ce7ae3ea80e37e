"""A raw contract is read once, with what every form of the EDC carries; a slip is told with its place."""

import pytest

from pipeline.ground.faults import TrialError
from pipeline.intake.layout import contract_columns
from pipeline.study.contracts import Contract, Field, Inactive, Subject, contract_of, load_contracts, system_of

SYSTEM = """columns:
  SUBJECT: {label: Subject number, required: true, essential: true}
  ACTIVE: {type: integer, range: [0, 1]}
inactive: {column: ACTIVE, value: "0"}
written: {encoding: utf-8}
dates: DMY
"""
VITALS = "form: VS\nfields: {TEMP: {type: decimal, range: [34, 43.5], alias: T_C}, POS: {type: coded, codelist: P}}\n"
LAB = "form: LAB\nsystem: false\nrecord: [NO]\ninactive: {column: GONE, value: Y}\nfields: {NO: }\n"


def contracts(tmp_path, **texts):
    for name, text in texts.items():
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    return {contract.form: contract for contract in load_contracts(tmp_path).values()}


def test_a_form_of_the_edc_carries_what_the_system_says_and_a_transfer_only_what_it_says_itself(tmp_path):
    read = contracts(tmp_path, _system=SYSTEM, vs=VITALS, lab=LAB)

    assert list(read) == ["LAB", "VS"]
    assert list(read["VS"].carried) == ["SUBJECT", "ACTIVE"] and not read["LAB"].carried
    assert (read["VS"].inactive, read["LAB"].inactive) == (Inactive("ACTIVE", "0"), Inactive("GONE", "Y"))
    assert (read["VS"].written, read["LAB"].written) == ({"encoding": "utf-8"}, {})
    assert (read["VS"].dates, read["LAB"].dates) == ("DMY", "DMY")


def test_the_words_of_a_field_are_values_of_their_type(tmp_path):
    fields = contracts(tmp_path, vs=VITALS)["VS"].fields

    assert fields["TEMP"] == Field("TEMP", type="decimal", range=(34.0, 43.5), alias=("T_C",))
    assert fields["POS"].spoken == "POS" and not fields["POS"].required


@pytest.mark.parametrize(("said", "expected"), [
    ({}, {"record": ("RECORDID",), "unique": ("RECORDID",), "subject": Subject("SUBJECT"), "header_row": 1}),
    ({"record": ["A", "B"]}, {"record": ("A", "B"), "unique": ("A", "B")}),
    ({"record": ["A", "B"], "unique": ["A"]}, {"record": ("A", "B"), "unique": ("A",)}),
    ({"record": [], "folders": ""}, {"record": ("RECORDID",), "folders": ()}),
    ({"subject": {"column": "PAT", "site": "01"}}, {"subject": Subject("PAT", site="01")}),
    ({"header_row": "3", "repeating": "true", "system": "false", "need": "essential"},
     {"header_row": 3, "repeating": True, "system": False, "essential": True}),
])  # fmt: skip
def test_what_a_contract_does_not_say_is_what_every_contract_means(said, expected):
    contract = contract_of({"form": "F", "fields": {}} | said)

    assert {name: getattr(contract, name) for name in expected} == expected


def test_a_coded_field_has_a_companion_that_is_as_essential_as_it(tmp_path):
    contract = contract_of({"form": "F", "fields": {"POS": {"type": "coded", "essential": "true"}, "T": None}})

    columns = contract_columns(contract, "")

    assert list(columns) == ["POS", "POS_STD", "T"]
    assert columns["POS_STD"] == Field("POS_STD", essential=True, companion_of="POS")
    assert not any(column.essential for column in contract_columns(contract.forgiving(), "").values())


@pytest.mark.parametrize(("text", "message"), [
    ("form: VS\nfields: {TEMP: {range: [34]}}\n", "The range of TEMP must be two numbers"),
    ("form: VS\nfields: {TEMP: {range: [43, 34]}}\n", "The range of TEMP must be two numbers"),
    ("form: VS\nfields: {TEMP: {range: [a, b]}}\n", "must be a number"),
    ("form: VS\ninactive: {column: ACTIVE}\nfields: {TEMP: }\n", "lacks `value:`"),
    ("form: VS\nvendor: [lab]\nfields: {TEMP: }\n", "`vendor` must be a text"),
    ("form: VS\nnamed_by: TEMP\nfields: {TEMP: }\n", "`named_by` must be a list"),
    ("form: VS\nneeed: essential\nfields: {TEMP: }\n", "unknown word 'neeed'"),
    ("form: VS\nfields: {TEMP: {requird: true}}\n", "unknown word 'requird'"),
    ("form: VS\nsubject: {colum: PAT}\nfields: {TEMP: }\n", "unknown word 'colum'"),
    ("form: VS\nfields: {POS: {type: coded, companion: no}}\n", "must be true or false"),
])  # fmt: skip
def test_a_contract_that_is_not_of_its_shape_is_refused_with_its_line(tmp_path, text, message):
    with pytest.raises(TrialError, match=message) as caught:
        contracts(tmp_path, vs=text)

    assert "vs.yaml, line " in caught.value.where


def test_a_form_has_one_contract(tmp_path):
    with pytest.raises(TrialError, match="The form VS has two raw contracts") as caught:
        contracts(tmp_path, vitals=VITALS, vs=VITALS)

    assert "vs.yaml, line 1" in caught.value.where and "vitals.yaml" in caught.value.cure


def test_words_that_no_value_holds_are_words_for_people():
    assert contract_of({"form": "F", "note": "seen", "fields": {"A": {"note": "x"}}}) == Contract(
        "F", unique=("RECORDID",), fields={"A": Field("A")})  # fmt: skip
    assert system_of({"columns": None}) == system_of({})
