"""DM: arms and why one is missing (clarification 23)."""

from dataclasses import replace

import pandas as pd
import pytest
from small_study import grid

from pipeline.ground.metadata import Arm, StudySettings
from sdtm.dm import dm

STUDY = StudySettings(arm=Arm("ONE", "The one arm"))


@pytest.mark.parametrize(("decision", "first_dose", "expected"), [
    ("ENROLLED", "2025-03-04", ["ONE", "ONE", None]),
    ("ENROLLED", ".", ["ONE", None, "ASSIGNED, NOT TREATED"]),
    ("SCREEN FAILURE", ".", [None, None, "SCREEN FAILURE"]),
    ("INFORMED CONSENT OBTAINED", ".", [None, None, "NOT ASSIGNED"]),
])  # fmt: skip
def test_the_arm_belongs_to_the_enrolled_and_the_actual_arm_to_the_treated(decision, first_dose, expected):
    subjects = dm(
        grid("STUDYID | USUBJID | SEX | RFXSTDTC\nST | A | F | ."), grid(f"USUBJID | DSDECOD\nA | {decision}"),
        grid(f"STUDYID | USUBJID | RFXSTDTC\nST | A | {first_dose}"), STUDY)
    row = subjects.iloc[0]
    assert subjects["COUNTRY"].isna().all()
    assert [None if pd.isna(row[name]) else row[name] for name in ("ARMCD", "ACTARMCD", "ARMNRS")] == expected


def test_the_country_is_that_of_the_study():
    nobody = grid("USUBJID | DSDECOD\nB | ENROLLED")
    subject, untreated = grid("STUDYID | USUBJID\nST | A"), grid("STUDYID | USUBJID | RFXSTDTC")
    made = dm(subject, nobody, untreated, replace(STUDY, country="DEU"))
    assert made["COUNTRY"].tolist() == ["DEU"]
