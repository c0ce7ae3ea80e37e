"""Where subjects stand: the treatment that each was given."""

import pytest
from tables import conformed, given

from adam.course.standing import standing


@pytest.mark.parametrize(("arm", "unplanned", "expected"), [
    ("ONE", ".", "ONE"), (".", "XCEL without LD", "XCEL without LD"), (".", ".", None),
])  # fmt: skip
def test_the_treatment_given_is_the_actual_arm_or_what_was_given_unplanned(arm, unplanned, expected):
    people = conformed("subjects", given("subjects", f"USUBJID | ACTARM | ACTARMUD\n1 | {arm} | {unplanned}"))
    made = standing(people, given("enrolled_set", "USUBJID | ENRLFL\n1 | Y"))
    assert made["TRT01A"].astype(object).where(made["TRT01A"].notna(), None).tolist() == [expected]
