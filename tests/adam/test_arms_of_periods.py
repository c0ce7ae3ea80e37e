"""Which arm was planned and given in a later treatment period: TRT02P, TRT02A of ADSL."""

import numpy as np
import pandas as pd
import pytest
from tables import given, supp

from adam.course.treatment_periods import treatment_periods
from adam.derive.periods import period_variables
from pipeline.ground.metadata import Arm, DoseLevel, StudySettings

LEVELS = {"1": DoseLevel("DL1", 1.0, "U", 0.5, 1.5), "2": DoseLevel("DL2", 2.5, "U", 2.0, 3.0)}
BY_LEVEL = StudySettings(arms=(Arm("A1", "Level 1", "1"), Arm("A2", "Level 2", "2")), levels=LEVELS)
DOSES = """
    USUBJID EXSEQ EXTRT EXCAT        EXDOSE EXDOSU DATE       APERIOD
    told    1     CELLS CELLS        1.0    U      2025-03-04 1
    told    2     CELLS CELLS        1.0    U      2025-06-04 2
    dosed   1     CELLS CELLS        1.0    U      2025-03-04 1
    dosed   2     CELLS CELLS        1.4    U      2025-06-04 2
    dosed   3     CELLS CELLS        1.0    U      2025-06-05 2
    strange 1     CELLS CELLS        1.0    U      2025-03-04 1
    strange 2     CELLS CELLS        9.0    U      2025-06-04 2
    once    1     CELLS CELLS        1.0    U      2025-03-04 1
    prepared 1    CELLS CELLS        1.0    U      2025-03-04 1
    prepared 2    FLU   CONDITIONING 30     mg     2025-06-04 2
"""
TOLD = "USUBJID SEQ QNAM QVAL\ntold 2 DOSELVL 2"


@pytest.mark.parametrize(("study", "actual"), [
    (BY_LEVEL, ["Level 2", "Level 2", None, None, None]),
    (StudySettings(arm=Arm("ONE", "The one arm")), ["The one arm"] * 3 + [None, None]),
])  # fmt: skip
def test_the_arm_of_a_later_period_is_that_of_the_whole_dose_of_its_first_cells(study, actual):
    periods, _ = treatment_periods(given("dosing", DOSES, GIVENFL="Y"), supp("EX", "EXSEQ", TOLD), study)
    people = pd.DataFrame({"USUBJID": ["told", "dosed", "strange", "once", "prepared"], "ARM": "Planned"})
    made = period_variables(people, periods, 2).replace({np.nan: None})
    assert made["TRT02P"].tolist() == ["Planned", "Planned", "Planned", None, "Planned"]
    assert made["TRT02A"].tolist() == actual
