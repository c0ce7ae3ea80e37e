"""What was given, dose by dose: the first and last of each role, and what is known of it (clarifications 1, 2)."""

import pytest
from tables import as_text, given, treated

NAMES = ("SDT", "EDT", "PROD", "DOSE", "DOSU", "SEQ")


def doses(rows):
    """The record of the one treated subject as text."""
    made = treated(given("ex", f"USUBJID | EXCAT | EXTRT | EXDOSE | EXDOSU | EXSTDTC\n{rows}"))[0]
    return {name: as_text(made[name]).tolist() for name in made}


@pytest.mark.parametrize(("role", "prefix", "other"), [("CONDITIONING", "COND", "CART"), ("CELLS", "CART", "COND")])
def test_the_first_dose_of_a_role_says_product_unit_and_record_the_last_its_end_all_the_sum(role, prefix, other):
    made = doses(f"""
        1 | {role} | A | 50 | mCi | 2025-03-06
        1 | {role} | A | 30 | mCi | 2025-03-05
        1 | {role} | A | .  | mCi | 2025-03-05
        1 | {role} | D | 10 | mg  | .
        1 | OTHER  | E | 10 | mg  | 2025-03-01
    """)
    assert [made[prefix + name] for name in NAMES] == [["2025-03-05"], ["2025-03-06"], ["A"], ["80"], ["mCi"], ["2"]]
    assert [made[other + name] for name in NAMES] == [["."]] * 6
    assert (made["TRTSDT"], made["TRTEDT"]) == (["2025-03-05"], ["2025-03-06"])


@pytest.mark.parametrize(("rows", "first", "last"), [
    ("1 | CONDITIONING | A | 1 | g | 2025-03-04\n1 | CELLS | B | 1 | g | 2025-03-10", "2025-03-04", "2025-03-10"),
    # cells first, against the plan: the conditioning still begins the treatment, and the later of both ends it
    ("1 | CONDITIONING | A | 1 | g | 2025-03-14\n1 | CELLS | B | 1 | g | 2025-03-10", "2025-03-14", "2025-03-14"),
])  # fmt: skip
def test_treatment_runs_from_the_conditioning_to_the_last_dose_of_either_role(rows, first, last):
    made = doses(rows)
    assert [made[name] for name in ("TRTSDT", "TRTEDT", "USUBJID", "STUDYID")] == [[first], [last], ["1"], ["S"]]
    assert (made["CONDDOSE"], made["CARTDOSE"]) == (["1"], ["1"])


@pytest.mark.parametrize(("end", "last"), [
    ("2025-03-12", "2025-03-12"), ("2025-03-11T00:30", "2025-03-11"), ("2025-04", "2025-04-01"),
    (".", "2025-03-10"), ("2025-03", "2025-03-10"), ("2025-03-09", "2025-03-10"),
])  # fmt: skip
def test_treatment_ends_with_the_end_of_a_dose_that_is_given_over_days(end, last):
    rows = f"1 | CELLS | B | 1 | 2025-03-10 | {end}"
    made = treated(given("ex", f"USUBJID | EXCAT | EXTRT | EXDOSE | EXSTDTC | EXENDTC\n{rows}"))[0]
    told = [as_text(made[name]).iloc[0] for name in ("CARTSDT", "CARTEDT", "TRTEDT")]
    assert told == ["2025-03-10", "2025-03-10", last]


def test_doses_that_were_all_given_without_an_amount_have_no_sum():
    assert doses("1 | CELLS | A | . | g | 2025-03-05\n1 | CELLS | A | . | g | 2025-03-06")["CARTDOSE"] == ["."]


@pytest.mark.parametrize(("rows", "product"), [
    ("1 | CELLS | A | 5 | g | 2025-03-05\n1 | CELLS | B | 7 | g | 2025-03-06", "A"),
    ("1 | CELLS | A | 5 | g | 2025-03-05\n1 | CELLS | A | 7 | kg | 2025-03-06", "A"),
])  # fmt: skip
def test_cells_of_several_products_or_units_have_no_sum_and_are_asked_about(rows, product):
    made, findings = treated(given("ex", f"USUBJID | EXCAT | EXTRT | EXDOSE | EXDOSU | EXSTDTC\n{rows}"))
    assert (as_text(made["CARTDOSE"]).tolist(), as_text(made["CARTPROD"]).tolist()) == (["."], [product])
    assert findings[["check", "subject", "value"]].to_numpy().tolist() == [["TRT-PRODUCTS", "1", "A"]]


def test_conditioning_of_several_drugs_has_no_sum_and_is_no_question():
    rows = "1 | CONDITIONING | A | 5 | g | 2025-03-05\n1 | CONDITIONING | B | 7 | g | 2025-03-05"
    made, findings = treated(given("ex", f"USUBJID | EXCAT | EXTRT | EXDOSE | EXDOSU | EXSTDTC\n{rows}"))
    assert as_text(made["CONDDOSE"]).tolist() == ["."]
    assert len(findings) == 0


@pytest.mark.parametrize(("treatment", "first"), [("PLACEBO", "2025-03-04"), ("Placebo", "2025-03-04"), ("A", ".")])
def test_placebo_is_given_as_a_dose_of_0(treatment, first):
    rows = f"1 | CELLS | {treatment} | 0 | mg | 2025-03-04\n1 | CELLS | B | 1 | mg | 2025-04-01"
    assert doses(rows)["CARTSDT"] == [first if first != "." else "2025-04-01"]
