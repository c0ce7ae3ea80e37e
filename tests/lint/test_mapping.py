"""Rows of mapping sheets that can hold, and fields that somebody maps: a lost or misspelt row is told."""

from functools import partial

import pandas as pd
import pytest

from pipeline.ground.metadata import DatasetSpec, Variable
from pipeline.lint.impossible_conditions import can_hold
from pipeline.lint.mapping import check_counted, check_dating, check_units
from pipeline.lint.places import Grid
from pipeline.lint.report import lint
from pipeline.study.contracts import Field
from sdtm.mapping.terms import terms

SHEET = "specs/small/mapping/dm.csv"
LISTS = "raw/_codelists.csv"


def told(small, written, wrong):
    path = small / SHEET
    path.write_text(path.read_text().replace(written, wrong))
    return [problem.text() for problem in lint(small, "small")[0] if problem.file == SHEET]


@pytest.mark.parametrize(("where", "said"), [
    ("AGE >= 18", []),
    ("AGE in [18, 65.5]", []),
    ('AGE != ""', []),
    ("AGE >= AGE", []),
    ('AGE == "18"', ['4:27 warning: AGE holds a number, "18" is a text; write 18 without quotes']),
    ('AGE == "old"', ['4:27 error: AGE holds a number, "old" is a text; text stands in quotes, a number does not']),
    ("PAT >= 18", ["4:27 error: PAT holds a text, 18 is a number; text stands in quotes, a number does not"]),
    ("AGE > PAT", ["4:27 error: AGE holds a number, PAT is a text; compare two numbers, or two texts"]),
])  # fmt: skip
def test_a_number_of_the_contract_is_compared_with_a_number(small, where, said):
    cell = 'DM,,AGE,assign_number,AGE,"' + where.replace('"', '""') + '"'
    assert told(small, "DM,,AGE,assign_number,AGE,", cell) == [f"{SHEET}:{one}" for one in said]


@pytest.mark.parametrize(("values", "said"), [
    ("STAT,1,Final\nSTAT,2,Amended\nSTAT,3,Cancelled\n", []),
    ("STAT,F,Valid\nSTAT,X,Void\n", []),
    ("STAT,1,Done\nSTAT,2,Final\n", [
        f"{SHEET}:5:15 warning: RESSTAT has no term for Done of STATE (list STAT); "
        "add it to the study's codelists.csv: RESSTAT,Y,Done,SUBMISSION VALUE,,"]),
])  # fmt: skip
def test_a_state_of_results_that_the_codelist_does_not_know_is_told(small, values, said):
    folder = small / "specs" / "small"
    (folder / LISTS).write_text((folder / LISTS).read_text() + values)
    contract = (folder / "raw" / "dm.yaml").read_text()
    (folder / "raw" / "dm.yaml").write_text(contract + "  STATE: {type: coded, codelist: STAT, companion: false}\n")
    row = "DM,,AGE,assign_number,AGE,\nDM,,,reported,PAT STATE,\n"
    assert told(small, "DM,,AGE,assign_number,AGE,\n", row) == said


LISTS_OF = {"YN": [("Y", "Yes"), ("N", "No")], "GR": [("1", "Mild"), ("2", "Severe")]}
FIELDS = {one.name: one for one in (
    Field("YN", type="coded", codelist="YN"), Field("YN_STD", type="text", codelist="YN", companion_of="YN"),
    Field("GR", type="coded", codelist="GR"), Field("DOSE", type="decimal"), Field("BAG", type="integer"),
    Field("RES", type="result"), Field("TERM"), Field("AE.TERM"))}  # fmt: skip


@pytest.mark.parametrize(("where", "possible"), [
    ('YN == "Yes" and YN_STD == "Y"', True),
    ('YN == "Yes" and YN_STD == "N"', False),  # code and text are of one entry
    ('YN == "Yes" and YN == "No"', False),
    ('YN != "Yes" and YN != "No"', True),  # missing
    ('YN not in ["Yes", "No", "Y", "N", ""]', False),
    ('YN == "Yes" or YN == "No"', True),
    ('GR == "Mild" and YN == ""', True),
    ("DOSE > 10 and DOSE < 5", False),
    ("DOSE > 5 and DOSE < 10", True),
    ("DOSE >= 5 and DOSE <= 5", True),
    ("DOSE > 0.01 and DOSE < 0.02", True),
    ('DOSE >= 5 and DOSE == ""', False),
    ("DOSE > BAG and BAG > 3", True),
    ('RES == "BLQ" and RES > 3', False),
    ('RES == "BLQ" or RES > 3', True),
    ('TERM == "A" and TERM == "B"', False),
    ('TERM == "A" and TERM != AE.TERM', True),
    ('TERM != "A" and TERM != "B" and TERM != ""', True),
    ('not (TERM == "A" or TERM != "A")', False),
])  # fmt: skip
def test_a_condition_can_hold_when_some_record_may_meet_it(where, possible):
    assert can_hold(where, FIELDS, LISTS_OF) == possible


def test_a_row_that_no_record_can_meet_is_told_alone_or_by_what_its_block_chooses(small):
    alone = 'DM,,AGE,assign_number,AGE,"SEX == ""Mann"" and SEX == ""Female"""\n'
    chosen = 'DM,,,records,,"SEX == ""Mann"""\nDM,,AGE,assign_number,AGE,"SEX == ""Female"""\n'
    assert told(small, "DM,,AGE,assign_number,AGE,\n", alone) == [
        f'{SHEET}:4:27 error: no record can meet SEX == "Mann" and SEX == "Female"; correct the condition, or take '
        "the row out"]
    assert told(small, alone, chosen) == [
        f'{SHEET}:5:27 error: no record that line 4 chooses can meet SEX == "Female"; correct the condition, or take '
        "the row out"]


@pytest.mark.parametrize(("unit", "said"), [
    ("mg", []),
    ("mgg", ["the unit 'mgg' is not in the codelist UNIT; did you mean mg"]),
    ("10e6 CELLS/KG", ["the unit '10e6 CELLS/KG' is not in the codelist UNIT; did you mean 10^6 cells/kg?"]),
    ("furlong", ["the unit 'furlong' is not in the codelist UNIT; add it to the study's codelists.csv: UNIT,Y,,furl"]),
])  # fmt: skip
def test_a_unit_that_a_sheet_says_is_one_of_the_codelist(unit, said):
    ct = pd.DataFrame({"codelist": "UNIT", "collected": "", "submission": ["mg", "mL", "10^6 cells/kg"]})
    row = {"form": "INF", "block": "", "target": "EXDOSU", "rule": "hardcode", "source": unit, "where": ""}
    grid = Grid("ex.csv", list(row), [(2, row)], [])
    spec = DatasetSpec(variables=(Variable("EXDOSU", codelist="UNIT"),))
    found = [one.text().partition("error: ")[2] for one in check_units(grid, spec, ct, partial(terms, ct))]
    assert len(found) == len(said) and all(text.startswith(one) for text, one in zip(found, said, strict=True)), found


@pytest.mark.parametrize(("rule", "source", "anchor", "told_so"), [
    ("date_from_day", "DAY 2", "", True), ("day_of_date", "DAT", "", True), ("days_between", "DAT", "", True),
    ("days_between", "A B", "", False), ("day_of_date", "DAT", "INF.DAT", False), ("assign", "DAT", "", False),
    ("records", "", "", False),
])  # fmt: skip
def test_a_rule_that_counts_from_the_anchor_needs_one(rule, source, anchor, told_so):
    row = {"form": "INF", "block": "", "target": "X", "rule": rule, "source": source, "where": ""}
    found = check_counted(Grid("ex.csv", list(row), [(2, row)], []), anchor)

    assert [one.what for one in found] == [f"{rule} counts from a date, and study.yaml names none"] * told_so


CONTRACT = "specs/small/raw/fu.yaml"


@pytest.mark.parametrize(("written", "wrong", "said"), [
    ("  CAUSE", "  ACTIVE: {type: text}\n  CAUSE", [
        "1:1 warning: ACTIVE tells which records of FU were taken back, but no `inactive:` says so; say by which "
        'value, here or in _system.yaml: inactive: {column: ACTIVE, value: "0"}',
        "8:3 warning: 1 of 4 fields of FU is mapped to nothing: ACTIVE; map them, or say why not in "
        "not_submitted.csv: FU,ACTIVE,REASON"]),
    ("  CAUSE", "  ACTIVE: {type: coded, codelist: SEX, companion: false}\n  CAUSE", [  # active disease, say
        "8:3 warning: 1 of 4 fields of FU is mapped to nothing: ACTIVE; map them, or say why not in "
        "not_submitted.csv: FU,ACTIVE,REASON"]),
    ("fields:", 'inactive: {column: STATE, value: "0"}\nfields:\n  STATE: {type: integer, range: [1, 2]}', [
        "5:27 error: STATE never is '0': its range is 1 to 2; name the value of a record that was taken back"]),
    ("fields:", 'inactive: {column: STATE, value: "2"}\nfields:\n  STATE: {type: integer, range: [1, 2]}', []),
])  # fmt: skip
def test_a_field_that_nobody_maps_and_a_mark_that_takes_nothing_back_are_told(small, written, wrong, said):
    path = small / CONTRACT
    path.write_text(path.read_text().replace(written, wrong))
    found = [problem.text() for problem in lint(small, "small")[0]]
    assert found == [f"{CONTRACT}:{one}" for one in said]


@pytest.mark.parametrize(("rule", "said"), [
    ("join", ["2:13 error: RFICDTC is a date, and join makes none; take assign_datetime; of a date in several fields "
              "date_of_parts YEAR MONTH DAY"]),
    ("assign", ["2:13 error: RFICDTC is a date, and assign makes none; take assign_datetime; of a date in several "
                "fields date_of_parts YEAR MONTH DAY"]),
    ("assign_datetime", []),
    ("date_of_parts", []),
])  # fmt: skip
def test_a_date_is_made_by_a_rule_that_makes_dates(rule, said):
    row = {"form": "DM", "block": "", "target": "RFICDTC", "rule": rule, "source": "YY MM DD", "where": ""}
    grid = Grid(SHEET, list(row), [(2, row)], ["", ",".join(row.values())])
    assert [problem.text().removeprefix(f"{SHEET}:") for problem in check_dating(grid)] == said
