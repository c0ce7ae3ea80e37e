"""What lint tells of units: rows of units.csv that nobody uses, and units that sheets bring and nothing turns."""

from functools import partial
from pathlib import Path

import pandas as pd
import pytest

from pipeline.lint import mapping
from pipeline.lint.places import read_grid
from pipeline.lint.units import check_sheet, check_table, units_of
from pipeline.study.contracts import Field
from pipeline.study.datasets import dataset_spec
from pipeline.study.yaml_text import load_yaml
from sdtm.mapping.terms import terms

ROOT = Path(__file__).parents[2]
HEAD, SHEET = "domain,test,from,to,factor,offset,decimals\n", "form,block,target,rule,source,where\n"
CT = pd.read_csv(ROOT / "specs" / "standard" / "terminology" / "codelists.csv", dtype="str", keep_default_na=False)
OF_CT = partial(terms, CT)
STANDARD = ROOT / "specs" / "standard" / "units.csv"
SPECS = {path.stem: dataset_spec(load_yaml(path), name=path.stem)
         for path in (ROOT / "specs" / "standard" / "sdtm").glob("??.yaml")}  # fmt: skip
LISTS = {"WU": [("1", "kg"), ("2", "lb")], "CU": [("1", "10^6 cells"), ("2", "10^8 cells")], "KG": [("1", "kg")],
         "PU": [("1", "beats/min"), ("2", "%")]}  # fmt: skip
ENTRIES = {f"V.{name}": Field(name, type="coded", codelist=name) for name in LISTS} | {"V.W": Field("W")}
ENTRIES |= {"V.KILOS": Field("KILOS", unit="kg"), "V.POUNDS": Field("POUNDS", unit="lbs")}


def texts(problems):
    return [problem.text() for problem in problems]


def test_the_rows_of_the_standard_name_domains_tests_and_units_there_are():
    assert texts(check_table([read_grid(STANDARD, "units.csv")], SPECS, CT, set())) == []


@pytest.mark.parametrize(("row", "said"), [
    ("LB,HBG,g/L,g/L,1,,", "x.csv:2:4 error: unknown test 'HBG'; did you mean HGB"),
    ("LB,HGB,g/l,g/L,1,,", "x.csv:2:8 error: 'g/l' is no submission value of LBORRESU; did you mean g/L"),
    ("VX,TEMP,F,C,1,,", "x.csv:2:1 error: VX is no domain with results or doses"),
    ("AE,X,F,C,1,,", "x.csv:2:1 error: AE is no domain with results or doses"),
    ("LB,HGB,g/dL,mmol/L,1,,", "x.csv:2:13 error: the standard unit of HGB is g/L and mmol/L; a test has one"),
    ("LB,,,g/L,1,,", "x.csv:2:5 error: the row names neither a test nor a unit"),
    ("EX,NOBODY,mg,mg,1,,", "x.csv:2:4 error: unknown test 'NOBODY'"), ("EX,CELLS,mg,mg,1,,", ""),
])  # fmt: skip
def test_a_row_names_what_is_there(tmp_path, row, said):
    path = tmp_path / "x.csv"
    path.write_text(HEAD + row + "\n")
    told = texts(check_table([read_grid(STANDARD, "units.csv"), read_grid(path, "x.csv")], SPECS, CT, {"CELLS"}))
    assert len(told) == bool(said) and all(text.startswith(said) for text in told), told


WEIGHT = "V,*,VSTESTCD,hardcode,WEIGHT,\n"
PULSE = "V,*,VSTESTCD,hardcode,HR,\n"


@pytest.mark.parametrize(("domain", "rows", "said"), [
    ("vs", WEIGHT + "V,*,VSORRESU,hardcode,LB,\nV,*,VSSTRESU,hardcode,kg,\n", ""),
    ("vs", WEIGHT + "V,*,VSORRESU,assign_ct,WU,\nV,*,VSSTRESU,hardcode,kg,\n", ""),
    ("vs", WEIGHT + "V,*,VSORRESU,hardcode,stone,\nV,*,VSSTRESU,hardcode,kg,\n",
     "vs.csv:3:23 error: units.csv has no factor for WEIGHT in stone: its results would count nowhere; "
     "add the row VS,WEIGHT,stone,kg,FACTOR,, to it"),
    ("vs", WEIGHT + "V,*,VSORRESU,hardcode,kg,\nV,*,VSSTRESU,hardcode,LB,\n", "vs.csv:4:23 error: units.csv turns"),
    ("vs", WEIGHT + "V,*,VSSTRESU,hardcode,LB,\n", "vs.csv:3:23 error: units.csv turns WEIGHT to kg, not to LB"),
    ("vs", PULSE + "V,*,VSORRESU,hardcode,beats/min,\n", ""),
    ("vs", PULSE + "V,*,VSORRESU,hardcode,beats/min,\nV,*,VSSTRESU,hardcode,/h,\n", "vs.csv:3:23 error: units.csv has"),
    ("vs", PULSE + "V,*,VSORRESU,assign_ct,PU,\n", "vs.csv:3:24 error: units.csv has no factor for HR in beats/min"),
    ("vs", "V,A,VSTESTCD,hardcode,HR,\nV,A,VSORRESU,hardcode,beats/min,\n"
     "V,B,VSTESTCD,hardcode,HR,\nV,B,VSORRESU,hardcode,%,\n",
     "vs.csv:5:23 error: HR is in beats/min and in %, and units.csv does not say which is its standard unit; add the"),
    ("vs", WEIGHT + "V,*,VSORRESU,hardcode,kg,\nV,*,VSSTRESU,hardcode,kg,\n", ""),
    ("vs", PULSE + "V,*,VSORRESU,assign_ct,PU,\nV,*,VSSTRESU,hardcode,beats/min,\n",
     "vs.csv:3:24 error: units.csv has no factor for HR in %"),
    ("lb", "V,T,LBTESTCD,hardcode,HGB,\nV,T,LBORRESU,hardcode,g/dl,\n",
     "lb.csv:3:23 error: units.csv has no factor for HGB in g/dl: its results would count nowhere; did you mean g/dL?"),
    ("lb", "V,T,LBTESTCD,hardcode,HGB,\nV,T,LBORRESU,hardcode,g/dL,\n", ""),
    ("ex", "V,,EXTRT,hardcode,CELLS,\nV,,EXDOSU,assign_ct,CU,\n", ""),
    ("ex", "V,,EXTRT,hardcode,CELLS,\nV,,EXDOSU,assign_ct,KG,\n", ""),
    ("ex", "V,,EXTRT,hardcode,CELLS,\nV,,EXDOSU,assign_ct,WU,\n", "ex.csv:3:21 error: units.csv has no factor for CE"),
    ("cm", "V,,CMDECOD,assign,W,\nV,,CMDOSU,assign_ct,WU,\n", ""),
])  # fmt: skip
def test_a_unit_that_a_sheet_can_bring_is_turned_or_is_the_standard_one(tmp_path, domain, rows, said):
    path = tmp_path / f"{domain}.csv"
    path.write_text(SHEET + rows)
    factors = [row for _, row in read_grid(STANDARD, "units.csv").rows]
    factors += [{"domain": "EX", "test": "", "from": u, "to": "10^6 Therapeutic Cells"}
                for u in ("10^6 Therapeutic Cells",)]  # fmt: skip
    grid = read_grid(path, path.name)
    told = texts(check_sheet([grid], domain, SPECS[domain], units_of(factors, domain.upper()), LISTS, ENTRIES, OF_CT))
    assert len(told) == bool(said) and all(text.startswith(said) for text in told), told


@pytest.mark.parametrize(("rows", "said"), [
    ("V,*,VSORRES,assign,KILOS,\nV,*,VSORRESU,hardcode,kg,\n", ""),
    ("V,*,VSORRES,assign,POUNDS,\nV,*,VSORRESU,hardcode,LB,\n", ""),
    ("V,*,VSORRES,assign,POUNDS,\nV,*,VSORRESU,hardcode,kg,\n",
     "vs.csv:4:23 error: the raw contract says that POUNDS is in lbs, not in kg; say the collected unit"),
    ("V,*,VSORRES,assign,POUNDS,\nV,*,VSSTRESU,hardcode,kg,\n", "vs.csv:4:23 error: the raw contract says that POUNDS"),
    ("V,*,VSORRES,assign,W,\nV,*,VSORRESU,hardcode,kg,\n", ""),
])  # fmt: skip
def test_a_unit_that_the_sheet_says_is_the_one_the_contract_says(tmp_path, rows, said):
    (tmp_path / "vs.csv").write_text(SHEET + WEIGHT + rows)
    factors = units_of([row for _, row in read_grid(STANDARD, "units.csv").rows], "VS")
    grid = read_grid(tmp_path / "vs.csv", "vs.csv")
    told = texts(check_sheet([grid], "vs", SPECS["vs"], factors, LISTS, ENTRIES, OF_CT))
    assert len(told) == bool(said) and all(text.startswith(said) for text in told), told


@pytest.mark.parametrize(("rows", "said"), [
    ("V,,,coded_as,SEX SX M,\n", []), ("V,,,coded_as,SEX SX Male,\n", ["SEX never is 'Male': the codelist SX does"]),
    ("V,,,not_coded_as,SEX SX M X,\n", ["SEX never is 'X'"]), ("V,,,coded_as,SEX OTHER X,\n", []),
])  # fmt: skip
def test_records_are_chosen_by_values_that_the_codelist_has(tmp_path, rows, said):
    (tmp_path / "x.csv").write_text(SHEET + rows)
    ct = pd.DataFrame({"codelist": ["SX", "SX"], "submission": ["M", "F"]})
    told = [p.what for p in mapping.check_chosen(read_grid(tmp_path / "x.csv", "x.csv"), ct)]
    assert [True] * len(said) == [text.startswith(want) for want, text in zip(said, told, strict=True)]


GRADES = {"GR": [("1", "Mild"), ("2", "Odd"), ("9", "Unknown")]}
TERMS = pd.DataFrame({"codelist": ["NEW"] * 2, "extensible": "N", "collected": ["1", "9"],
                      "submission": ["MILD", "UNK"], "code": "", "label": ""})  # fmt: skip


@pytest.mark.parametrize(("rows", "lost"), [
    ("V,,VSORRES,lookup,G NEW,\n", True), ("V,A,,answered,G,\nV,A,VSORRES,lookup,G NEW,\n", True),
    ("V,A,,coded_as,G NEW MILD,\nV,A,VSORRES,lookup,G NEW,\n", False),  # only what means MILD comes
    ("V,A,,coded_as,OTHER NEW MILD,\nV,A,VSORRES,lookup,G NEW,\n", True),
    ('V,,VSORRES,lookup,G NEW,"G != ""Odd"""\n', False), ('V,,VSORRES,lookup,G NEW,"G_STD != ""1"""\n', True),
    ('V,,VSORRES,lookup,G NEW,"H == ""1"""\n', True),
])  # fmt: skip
def test_values_without_a_term_are_told_of_every_block_that_they_can_reach(tmp_path, rows, lost):
    (tmp_path / "vs.csv").write_text(SHEET + rows)
    fields = {"V.G": Field("G", type="coded", codelist="GR")}
    grid = read_grid(tmp_path / "vs.csv", "vs.csv")
    told = mapping.check_terms(grid, fields, GRADES, SPECS["vs"], partial(terms, TERMS))
    assert ["NEW has no term for Odd of G (list GR)"] * lost == [problem.what for problem in told]
