"""One pass over all conditions selects the records that each condition selects by itself; a clause reads as words."""

import pandas as pd
import pytest

from pipeline.ground.metadata import DatasetSpec, Parameter, Variable
from pipeline.review.in_words import in_words
from pipeline.why import positions
from pipeline.why.positions import SOMEBODY, Positions, of_one
from tlf.conditions import Records

ADSL = pd.DataFrame({"USUBJID": ["S-1", "S-2", "S-3"], "SAFFL": ["Y", "Y", None], "AGE": [30.0, 70.0, 50.0]})
ADAE = pd.DataFrame({
    "USUBJID": ["S-1", "S-1", "S-2", "S-3"], "ATOXGRN": [3.0, 1.0, None, 4.0], "APERIOD": [1.0, 2.0, 1.0, 1.0],
    "AEDECOD": ["Fever", "Rash", "Fever", None],
})  # fmt: skip
CLAUSES = [
    "", "ATOXGRN >= 3", "ATOXGRN < @HIGH", 'AEDECOD == ""', "not (ATOXGRN >= 3)", "AGE > 40 and ATOXGRN >= 1",
    '(AEDECOD == "Fever" or ATOXGRN == 1) and APERIOD in [1, 2]', 'USUBJID == "S-1"',
    '(APERIOD == 2) and (USUBJID == "S-1")',
    'USUBJID == "S-1" and USUBJID == "S-2"', 'USUBJID in ["S-1", "S-3"]', 'USUBJID == "nobody"', 'USUBJID == ""',
    '(ATOXGRN >= 3) and USUBJID == "S-1"', '(ATOXGRN >= 3) and USUBJID == "S-2"',
    'not (USUBJID == "S-1")', '(USUBJID == "S-1" or ATOXGRN == 4) and APERIOD == 1',
    '(AEDECOD == "") and USUBJID == "S-3"',
    '((AEDECOD == "Fever" or ATOXGRN == 1) and APERIOD in [1, 2]) and USUBJID == "S-1"',
    '(ATOXGRN != ATOXGRN) and USUBJID == "S-2"', '(not (AEDECOD == "Fever") and AGE > APERIOD) and USUBJID == "S-1"',
]  # fmt: skip


@pytest.mark.parametrize("population", ["", 'SAFFL == "Y"', "AGE > 100", 'USUBJID == "S-2"'])
@pytest.mark.parametrize("kept", [positions.KEPT, 0])
def test_one_pass_selects_what_each_condition_selects(population, kept, monkeypatch):
    monkeypatch.setattr(positions, "KEPT", kept)
    records = Records({"adsl": ADSL, "adae": ADAE, "decisions": {"high": 4}})
    one_pass = Positions(records)

    each = [list(records.where("adae", records.resolved(clause), population).index) for clause in CLAUSES]

    assert [list(one_pass.of("adae", clause, population)) for clause in CLAUSES] == each


def test_clauses_on_many_subjects_are_one_on_somebody():
    clause = '(X == 1) and USUBJID == "S-%d"'
    assert of_one(clause % 1) == (clause.replace("S-%d", SOMEBODY), "S-1")
    assert of_one(clause % 1)[0] == of_one(clause % 2)[0]
    for other in ("", "X == 1", 'USUBJID == "S-1" and USUBJID == "S-2"', 'USUBJID != "S-1"', 'RUSUBJID == "S-1"'):
        assert of_one(other) == (other, "")


SPEC = DatasetSpec(
    variables=(Variable("PARAMCD", "Parameter Code"), Variable("AVAL", "Analysis Value"), Variable("SEX", "Sex")),
    parameters=(Parameter("PFS", "Progression-free Survival", ""),),
)


@pytest.mark.parametrize(("clause", "words"), [
    ("", ""),
    ('PARAMCD == "PFS" and AVAL >= 3', "Parameter Code is Progression-free Survival, and Analysis Value is at least 3"),
    ('SEX in ["F", ""]', "Sex is one of F, missing"),
    ('SEX == "" or not (AVAL < 2)', "Sex is missing, or not (Analysis Value is below 2)"),
    ("AVAL != AVAL", "Analysis Value is missing"),
    ("CHG > AVAL", "CHG is above Analysis Value"),
    ('SEX != ""', "Sex has a value"),
])  # fmt: skip
def test_a_clause_reads_as_words(clause, words):
    assert in_words(clause, SPEC) == words
