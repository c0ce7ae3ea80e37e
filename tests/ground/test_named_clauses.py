"""A clause that names others is read as if they stood in it."""

import pandas as pd
import pytest

from pipeline.ground import named_clauses
from pipeline.ground.clauses import meets
from pipeline.ground.named_clauses import all_in_full, in_full

QUANT = named_clauses.flag("QUANT", 'TEST == "TTG" and VALUE >= LLOQ', "", {})
KNOWN = {"QUANT": QUANT}
KNOWN["LATE"] = named_clauses.flag("LATE", 'QUANT == "Y" and DAY > 0', 'TEST != "X"', KNOWN)
KNOWN["PHASE"] = named_clauses.of_cases("PHASE", {"EARLY": "DAY <= 0", "LOW": 'QUANT == "N"'}, "HIGH", "", KNOWN)
KNOWN["SAF"] = named_clauses.NamedClause("SAF", variable="SAFFL")
KNOWN["ALL"] = named_clauses.flag("ALL", "", "", {})
RECORDS = pd.DataFrame({
    "USUBJID": ["1", "1", "2", "3"], "TEST": ["TTG", "TTG", "TTG", "X"], "VALUE": [60.0, 60.0, None, 99.0],
    "LLOQ": [50.0, 50.0, 50.0, 50.0], "DAY": [0.0, 7.0, 7.0, 7.0], "SAFFL": ["Y", "Y", "N", "Y"],
})  # fmt: skip


@pytest.mark.parametrize(("clause", "held"), [
    ('QUANT == "Y"', "YYNN"), ('QUANT == "N"', "NNYY"), ('QUANT != "Y"', "NNYY"), ('QUANT in ["Y", "N"]', "YYYY"),
    ('QUANT == ""', "NNNN"), ('"Y" == QUANT', "YYNN"), ('not QUANT == "Y" or DAY == 0', "YNYY"),
    ('LATE == "Y"', "NYNN"), ('LATE == "N"', "YNYN"), ('LATE == ""', "NNNY"), ('LATE != "Y"', "YNYY"),
    ('PHASE == "EARLY"', "YNNN"), ('PHASE == "LOW"', "NNYY"), ('PHASE not in ["LOW", "EARLY"]', "NYNN"),
    ('SAF == "Y"', "YYNY"), ('SAF == "Y" and QUANT == "Y"', "YYNN"), ('ALL == "Y"', "YYYY"), ('ALL != "Y"', "NNNN"),
    ("DAY > 0", "NYYY"), ('(QUANT == "Y" or LATE == "") and DAY > 0', "NYNY"),
])  # fmt: skip
def test_a_name_is_y_n_blank_or_a_text_as_a_variable_would_be(clause, held):
    met = meets(RECORDS, in_full(clause, KNOWN))
    assert "".join(met.map({True: "Y", False: "N"})) == held


@pytest.mark.parametrize("text", ["", 'DAY >  0', "no clause at all", 'SEX == "QUANT"'])
def test_what_names_none_stays_as_it_is_written(text):
    assert in_full(text, KNOWN) == text


def test_literals_lists_and_decisions_are_written_as_they_were():
    others = 'X in ["a\\"b", "c"] and Y >= @LIMIT and Z == 0.01 and A < B and N == -3'
    told = f'(TEST == "TTG" and VALUE >= LLOQ) and {others}'
    assert in_full(f'QUANT == "Y" and {others}', KNOWN) == told


def test_clauses_of_a_file_are_written_out_wherever_they_stand():
    said = {"label": 'QUANT == "Y"', "rows": [{"where": 'QUANT == "Y"', "published": {"where": 'QUANT == "Y"'}}],
            "reasons": {'QUANT == "Y"': 'SAF == "N"'}}  # fmt: skip
    told = 'TEST == "TTG" and VALUE >= LLOQ'
    assert all_in_full(said, KNOWN) == {
        "label": 'QUANT == "Y"', "rows": [{"where": told, "published": {"where": 'QUANT == "Y"'}}],
        "reasons": {'QUANT == "Y"': 'SAFFL == "N"'},
    }


def test_it_knows_the_fields_that_must_be_there_and_its_values():
    assert KNOWN["LATE"].names == {"TEST", "VALUE", "LLOQ", "DAY"}
    assert (KNOWN["PHASE"].values, QUANT.values) == ({"EARLY", "LOW", "HIGH"}, {"Y", "N"})
