"""Units as laboratories write them, and the submission value each of them has."""

from pathlib import Path

import pandas as pd
import pytest

from pipeline.ground.units import known_as, look_up, plain_unit
from sdtm.mapping.terms import terms, translated

CT = pd.read_csv(Path(__file__).parents[2] / "specs" / "standard" / "terminology" / "codelists.csv", dtype="str")
UNITS = terms(CT, "UNIT")


@pytest.mark.parametrize(("submission", "written"), [
    ("10^9/L", "10^9/L|10⁹/L|x10^9/L|×10⁹/L|x 10^9 / L|10*9/L|10**9/L|10E9/L|10e9/L|10 9/L|E9/L|10^9 L-1|10⁹·L⁻¹|G/L|"
               "GI/L|Giga/L|GIGA/L|Gpt/L|10^3/uL|10^3/µL|10^3/μL|10^3/mcL|x10³/µL|x10E3/uL|10*3/uL|K/uL|K/µL|k/ul|"
               "х10^9/л|10*9/л|тыс/мкл|K/mm3|10^3/mm3|10^3/mm³|THOU/UL|Tsd/µl|10^9 cells/L|"
               "G/l|1E9/L|10^9/litre|10^9/Liter|Thous/uL|Thousands/mcL|K/MCL|K/CMM|10^3/cu mm|10^3/mm^3|1000/mm3|"
               "billion/L"),
    ("10^6/L", "/uL|/µL|/mm3|/mm³|кл/мкл|cells/uL|cells/µL|cells/mm3|CELLS/UL|/cumm|10^6/L|cell/uL|#/uL|cells/cu mm"),
    ("10^12/L", "10^12/L|10¹²/L|T/L|10^6/uL|10^6/µL|M/uL|Tera/L|x10E12/L|T/l|million/uL|mill/mm3"),
    ("g/L", "g/L|g/l|г/л|Г/л|gm/L|g.L-1|mg/mL|g per L"),
    ("g/dL", "g/dL|g/dl|G/DL|gm/dL|g/100mL|g/100 mL|(g/dL)|g%|gms/dl"),
    ("mg/dL", "mg/dL|mg/dl|mg%|MG/DL|mg/100 mL"),
    ("mmol/L", "mmol/L|mmol/l|MMOL/L|mmol.L-1|mM|mM/L"),
    ("umol/L", "umol/L|µmol/L|μmol/l|мкмоль/л|мкмоль/литр|umol/l|mcmol/L|UMOL/L|"
               "µM|uM|micromol/L|micromoles/L"),
    ("mEq/L", "mEq/L|meq/L|mval/L"),
    ("U/L", "U/L|U/l|u/l|Ед/л|Ед./л|ед/л|Units/L|UNITS/LITER|E/l"),
    ("IU/L", "IU/L|iu/l|МЕ/л|UI/L|I.U./L"), ("ukat/L", "ukat/L|µkat/L|mckat/L"),
    ("s", "s|sec|sec.|seconds|SEC"), ("mg/L", "mg/L|ug/mL|mcg/mL|µg/mL"), ("ug/L", "ug/L|µg/L|ng/mL|ng/ml|mcg/L"),
    ("ng/L", "ng/L|pg/mL|pg/ml"), ("mIU/L", "mIU/L|uIU/mL|µIU/mL|mcIU/mL|µUI/mL|mUI/L"),
    ("pmol/L", "pmol/L|pmol/l"),
    ("%", "%|percent|pct"), ("mm", "mm|MM"), ("fraction of 1", "fraction|fraction of 1"),
    ("L/L", "L/L|l/l"), ("RATIO", "ratio|RATIO|INR"),
    ("mmHg", "mmHg|mm Hg|мм рт. ст.|mm[Hg]|MMHG"), ("C", "C|°C|ºC|℃|degC|Celsius"), ("F", "F|°F|deg F|Fahrenheit"),
    ("copies/ug", "copies/ug|copies/µg|copies/ug gDNA"),
    ("10^6/kg", "10^6/kg|10^6 cells/kg|x10^6 cells/kg|×10⁶ cells/kg|X 10^6 CELLS/KG|х10^6 cells/kg|х 10⁶ клеток/кг|"
                "10E6 cells/kg|1e6 cells/kg|1E+06 cells/kg|E6 cells/kg|10*6 cells/kg|10**6 cells/kg|1 x 10^6 cells/kg|"
                "10⁶/kg|10^6 cells per kg|10^6 cells·kg⁻¹|10^6 cells kg-1|106 cells/kg|x10^6 CAR+ cells/kg|"
                "x 10⁶ CAR-T cells / kg|10^6 CAR T cells/kg|10^6 CAR+ T cells/kg|10^6 viable CAR+ T cells/kg|"
                "10^6 CAR-positive viable T cells/kg|million cells/kg|10^6 cells/kg bw|10^6 T-cells/kg"),
    ("10^8/kg", "10^8/kg|10⁸ cells/kg|x10^8 CAR+ cells/kg|10**8 cells/kg|х10⁸ клеток/кг"),
    ("10^6 Therapeutic Cells", "10^6 cells|x10^6 cells|10⁶ cells|10E6 CELLS|×10^6 CAR+ T cells|х10⁶ клеток|"
                               "million cells|10^6 CAR-T cells|10^6 viable CAR-T cells"),
    ("10^8 Therapeutic Cells", "10^8 cells|10⁸ cells|x10E8 cells|10*8 cells|х10^8 клеток"),
    ("Therapeutic Cells", "cells|CAR-T cells|CAR+ T cells|клеток"),
    ("mg/m2", "mg/m2|mg/m²|mg/m^2|mg/m**2|mg/sqm|mg per m2|MG/M2|мг/м2|мг/м²"), ("MBq", "MBq|mbq"), ("mCi", "mCi|mci"),
    ("ug/kg", "ug/kg|µg/kg|mcg/kg|мкг/кг"), ("mg/kg", "mg/kg|MG/KG|мг/кг"),
])  # fmt: skip
def test_the_usual_spellings_have_their_submission_value(submission, written):
    assert dict.fromkeys(written.split("|"), submission) == {w: look_up(w, UNITS, "UNIT") for w in written.split("|")}


@pytest.mark.parametrize("written", ["Bill/L", "10^9", "MIL/uL", "furlong/fortnight", "10^5/L", "mol", "/", ""])
def test_a_unit_that_is_none_or_can_be_two_is_not_known(written):
    assert look_up(written, UNITS, "UNIT") is None


def test_a_number_that_is_no_power_of_ten_is_left_alone():
    assert [plain_unit(t) for t in ("1000/uL", "100/L", "mL/min/1.73m2")] == ["1000/uL", "100/L", "mL/min/1.73m2"]


def test_case_counts_where_a_list_tells_by_it_and_only_there():
    known = known_as([("g/L", "grams"), ("G/L", "giga"), ("Yes", "Y")], "ANY")

    assert [look_up(text, known, "ANY") for text in ("g/L", "G/L", "YES", "No")] == ["grams", "giga", "Y", None]


def test_an_unknown_unit_or_free_text_is_one_finding_for_all_its_records_and_a_coded_value_one_for_each():
    records = pd.DataFrame({"U": ["x/L"] * 4 + ["g/L"], "_FORM": "LAB", "_RECORD": list("12345"), "_SUBJECT": "1",
                            "_LINE": range(2, 7)})  # fmt: skip

    units, texts = (translated(records, "U", codelist, CT) for codelist in ("UNIT", "SEX"))
    coded = translated(records.assign(U_STD=records["U"]), "U", "SEX", CT)

    assert units.values.tolist() == ["x/L"] * 4 + ["g/L"]
    assert list(zip(units.findings[0]["value"], units.findings[0]["record"], strict=True)) == [("x/L", "")]
    assert "(4 records, first 1, 2, 3)" in units.findings[0]["message"].iloc[0]
    assert texts.findings[0]["value"].tolist() == ["g/L", "x/L"]
    assert coded.findings[0]["record"].tolist() == list("12345")
