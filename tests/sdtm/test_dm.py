"""DM: arms and why one is missing (clarification 23; SDTMIG 3.4, DM: ARMNRS and ACTARMUD)."""

from dataclasses import replace

import pandas as pd
import pytest
from small_study import grid

from pipeline.ground.metadata import Arm, DoseLevel, StudySettings, Treatment
from sdtm.dm import dm

STUDY = StudySettings(arm=Arm("ONE", "The one arm"))
NO_DOSE = grid("USUBJID | EXCAT | EXTRT | EXDOSE | EXDOSU | EXSTDTC | EXSEQ | DOSELVL")
LEVELS = {"1": DoseLevel("DL1", 1.0, "U"), "2": DoseLevel("DL2", 2.5, "U")}
BY_LEVEL = StudySettings(arms=(Arm("A1", "Level 1", level="1"), Arm("A2", "Level 2", level="2")), levels=LEVELS)
BOUNDED = {"1": DoseLevel("DL1", 1.0, "U", 0.8, 1.2), "2": DoseLevel("DL2", 2.5, "U", 2.0, 3.0)}
BY_PRODUCT = StudySettings(arms=(Arm("X", "Product X", product="XCEL"), Arm("Y", "Product Y", product="YCEL")))


def arms(study, ds, doses=NO_DOSE, first_dose="2025-03-04"):
    """ARMCD, ACTARMCD, ARMNRS and ACTARMUD of subject A."""
    row = dm(
        grid("STUDYID | USUBJID | SEX | RFXSTDTC\nST | A | F | ."), ds, doses,
        grid(f"STUDYID | USUBJID | RFXSTDTC\nST | A | {first_dose}"), study).iloc[0]  # fmt: skip
    return [None if pd.isna(row[name]) else row[name] for name in ("ARMCD", "ACTARMCD", "ARMNRS", "ACTARMUD")]


@pytest.mark.parametrize(("decision", "first_dose", "expected"), [
    ("ENTERED INTO TRIAL", "2025-03-04", ["ONE", "ONE", None, None]),
    ("ENROLLED", "2025-03-04", ["ONE", "ONE", None, None]),
    ("ENTERED INTO TRIAL", ".", ["ONE", None, "ASSIGNED, NOT TREATED", None]),
    ("SCREEN FAILURE", ".", [None, None, "SCREEN FAILURE", None]),
    ("INFORMED CONSENT OBTAINED", ".", [None, None, "NOT ASSIGNED", None]),
])  # fmt: skip
def test_the_arm_belongs_to_the_enrolled_and_the_actual_arm_to_the_treated(decision, first_dose, expected):
    assert arms(STUDY, grid(f"USUBJID | DSDECOD\nA | {decision}"), first_dose=first_dose) == expected


def dose(level=".", amount="2.4", product="XCEL"):
    return grid(f"""
        USUBJID | EXCAT | EXTRT     | EXDOSE   | EXDOSU | EXSTDTC    | EXSEQ | DOSELVL
        A       | CELLS | {product} | {amount} | U      | 2025-03-04 | 1     | {level}
        A       | CELLS | YCEL      | 9        | U      | 2025-03-05 | 2     | 1
    """)


@pytest.mark.parametrize(("study", "assigned", "given", "expected"), [
    (BY_LEVEL, "2", dose("2"), ["A2", "A2", None, None]),
    (BY_LEVEL, "2", dose("1"), ["A2", "A1", None, None]),                 # given another level than assigned
    (BY_LEVEL, "2", dose("7"), ["A2", None, "UNPLANNED TREATMENT", "XCEL, level 7"]),
    (BY_LEVEL, "2", dose("."), ["A2", "A2", None, None]),                 # nothing else told: as assigned
    (BY_LEVEL, "2", dose("1", amount="0"), ["A2", "A1", None, None]),     # a dose of 0 is none, the next is the first
    (BY_LEVEL, "2", NO_DOSE, ["A2", "A2", None, None]),                   # conditioning alone
    (BY_LEVEL, "7", dose("1"), [None, "A1", "NOT ASSIGNED", None]),       # assigned to a level that is none
    (replace(BY_LEVEL, levels=BOUNDED), "1", dose("."), ["A1", "A2", None, None]),   # 2.4 is of level 2
    (replace(BY_LEVEL, levels=BOUNDED), "1", dose(".", amount="1.6"),
     ["A1", None, "UNPLANNED TREATMENT", "XCEL, level not known"]),
])  # fmt: skip
def test_arms_by_level_are_told_by_the_level_assigned_and_the_level_given(study, assigned, given, expected):
    assert arms(study, grid(f"USUBJID | DSDECOD | DOSELVL\nA | ENTERED INTO TRIAL | {assigned}"), given) == expected


@pytest.mark.parametrize(("planned", "product", "expected"), [
    ("X", "XCEL", ["X", "X", None, None]),
    ("X", "YCEL", ["X", "Y", None, None]),
    ("X", "ZCEL", ["X", None, "UNPLANNED TREATMENT", "ZCEL"]),
    ("Z", "XCEL", [None, "X", "NOT ASSIGNED", None]),                     # a code that is no arm's
    (".", "XCEL", [None, "X", "NOT ASSIGNED", None]),
])  # fmt: skip
def test_a_collected_arm_is_the_planned_one_and_the_product_given_tells_the_actual_one(planned, product, expected):
    ds = grid(f"USUBJID | DSDECOD | PLARMCD\nA | ENTERED INTO TRIAL | {planned}")
    assert arms(BY_PRODUCT, ds, dose(product=product)) == expected


def test_the_text_of_an_arm_follows_its_code():
    ds = grid("USUBJID | DSDECOD | DOSELVL\nA | ENTERED INTO TRIAL | 2")
    dates = grid("STUDYID | USUBJID | RFXSTDTC\nST | A | 2025-03-04")
    made = dm(grid("STUDYID | USUBJID\nST | A"), ds, dose("1"), dates, BY_LEVEL)
    assert made[["ARM", "ACTARM"]].values.tolist() == [["Level 2", "Level 1"]]


@pytest.mark.parametrize(("collected", "site", "country"), [
    (".", "101", "DEU"), (".", "201", "FRA"), ("ITA", "201", "ITA"), (".", ".", "DEU"),
])  # fmt: skip
def test_the_country_is_as_collected_else_of_the_site_else_of_the_study(collected, site, country):
    nobody = grid("USUBJID | DSDECOD\nB | ENTERED INTO TRIAL")
    subject = grid(f"STUDYID | USUBJID | SITEID | COUNTRY\nST | A | {site} | {collected}")
    study = replace(STUDY, country="DEU", site_countries={"201": "FRA"})
    made = dm(subject, nobody, NO_DOSE, grid("STUDYID | USUBJID | RFXSTDTC"), study)
    assert made["COUNTRY"].tolist() == [country]


PLANNED = replace(STUDY, treatments={"conditioning": Treatment("Lymphodepletion"), "cells": Treatment("Cells")})
GIVEN = ["ONE", "ONE", None, None]
LACKING = ["ONE", None, "UNPLANNED TREATMENT", "XCEL without Lymphodepletion"]


@pytest.mark.parametrize(("study", "conditioning", "expected"), [
    (PLANNED, "2.4 | 2025-02-27", GIVEN),
    (PLANNED, ". | 2025-02", GIVEN),                     # without an amount, on a day not known
    (PLANNED, ". | .", GIVEN),
    (PLANNED, "0 | 2025-02-27", LACKING),                # a dose of 0 is none
    (PLANNED, "2.4 | 2025-03-04", GIVEN),
    (PLANNED, "2.4 | 2025-05-01", LACKING),              # before a second infusion, not before the first
    (replace(PLANNED, study_treatment=("cells",)), "0 | 2025-02-27", GIVEN),
    (STUDY, "0 | 2025-02-27", GIVEN),                    # the study names no conditioning
])  # fmt: skip
def test_cells_without_the_conditioning_that_the_arm_plans_are_an_unplanned_treatment(study, conditioning, expected):
    doses = grid(f"""
        USUBJID | EXCAT        | EXTRT | EXDOSE | EXSTDTC | EXDOSU | EXSEQ | DOSELVL
        A       | CONDITIONING | FLU   | {conditioning}   | U      | 1     | .
        A       | CELLS        | XCEL  | 2.4 | 2025-03-04 | U      | 2     | .
    """)
    assert arms(study, grid("USUBJID | DSDECOD\nA | ENTERED INTO TRIAL"), doses) == expected
