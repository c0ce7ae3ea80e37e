"""TS: the trial summary with codes and null flavors (SDTMIG 3.4, 7.4.2; codes of CDISC CT 2025-03-28)."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from small_study import grid

from pipeline.ground.metadata import Arm, StudySettings, SummaryValue, Treatment
from sdtm.ts import ts

FILE = Path(__file__).parents[2] / "specs" / "standard" / "terminology" / "codelists.csv"
CT = pd.read_csv(FILE, dtype="str", keep_default_na=False, na_values=[""])
DM = grid("""
    USUBJID | ARMCD | RFICDTC          | COUNTRY
    A       | ONE   | 2025-02-01T10:00 | USA
    B       | ONE   | 2025-01-15       | DEU
    C       | .     | 2025-01-02       | USA
""")
STUDY = StudySettings(
    study="ST", title="A trial", indication="DLBCL", arm=Arm("ONE", "One"), parts={"A": "Part A", "B": "Part B"},
    standards={"sdtmig": "3.4", "sdtmct": "2025-03-28"}, treatments={"cells": Treatment(products=("XCEL", "YCEL"))},
    trial_summary=(SummaryValue("TPHASE", "PHASE I TRIAL"), SummaryValue("AGEMIN", "P18Y"),
                   SummaryValue("AGEMAX", null="PINF"), SummaryValue("RANDOM", "N"), SummaryValue("DOSU", "mCi"),
                   SummaryValue("REGID", "NCT03754764"), SummaryValue("OBJSEC", "One"), SummaryValue("OBJSEC", "Two"),
                   SummaryValue("PLANSUB", "1200")),
)  # fmt: skip


def of(code: str, study: StudySettings = STUDY, cutoff: str = "2026-06-30") -> list[list[str]]:
    """TSSEQ, TSVAL, TSVALNF, TSVALCD and TSVCDREF of a parameter."""
    made = ts(study, CT, DM, cutoff)
    own = made[made["TSPARMCD"] == code]
    return own[["TSSEQ", "TSVAL", "TSVALNF", "TSVALCD", "TSVCDREF"]].fillna("").values.tolist()


@pytest.mark.parametrize(("code", "expected"), [
    ("TPHASE", [[1, "PHASE I TRIAL", "", "C15600", "CDISC CT"]]),
    ("RANDOM", [[1, "N", "", "C49487", "CDISC CT"]]),
    ("DOSU", [[1, "mCi", "", "C48511", "CDISC CT"]]),
    ("AGEMIN", [[1, "P18Y", "", "", "ISO 8601"]]),
    ("AGEMAX", [[1, "", "PINF", "", ""]]),
    ("PLANSUB", [[1, "1200", "", "", ""]]),                              # a number of subjects, no year
    ("REGID", [[1, "NCT03754764", "", "NCT03754764", "ClinicalTrials.gov"]]),
    ("OBJSEC", [[1, "One", "", "", ""], [2, "Two", "", "", ""]]),
    ("OBJPRIM", [[1, "", "NI", "", ""]]),                                # needed, and told by nobody
    ("TITLE", [[1, "A trial", "", "", ""]]),
    ("NARMS", [[1, "1", "", "", ""]]),
    ("NCOHORT", [[1, "2", "", "", ""]]),
    ("ACTSUB", [[1, "2", "", "", ""]]),                                  # enrolled, not screened
    ("SSTDTC", [[1, "2025-01-15", "", "", "ISO 8601"]]),                 # first consent of an enrolled subject
    ("FCNTRY", [[1, "DEU", "", "", "ISO 3166"], [2, "USA", "", "", "ISO 3166"]]),
    ("TRT", [[1, "XCEL", "", "", ""], [2, "YCEL", "", "", ""]]),
    ("DCUTDTC", [[1, "2026-06-30", "", "", "ISO 8601"]]),
    ("SDTMVER", [[1, "2.0", "", "", ""]]),
])  # fmt: skip
def test_a_parameter_is_said_or_made_or_not_told(code, expected):
    assert of(code) == expected


def test_what_the_study_says_wins_over_what_is_made():
    said = replace(STUDY, trial_summary=(SummaryValue("SSTDTC", "2024-11-26"),))
    assert of("SSTDTC", said) == [[1, "2024-11-26", "", "", "ISO 8601"]]


def test_data_that_are_not_cut_have_no_date_of_a_cut():
    assert of("DCUTDTC", replace(STUDY, cutoff="none"))[0][1:3] == ["", "NA"]


def test_a_long_text_goes_on_from_a_word():
    made = ts(replace(STUDY, title="word " * 60 + "end"), CT, DM, "2026-06-30")
    title = made[made["TSPARMCD"] == "TITLE"].iloc[0]
    assert len(title["TSVAL"]) <= 200 and title["TSVAL"] + " " + title["TSVAL1"] == "word " * 60 + "end"


def test_every_parameter_has_a_name_and_either_a_value_or_a_reason():
    made = ts(STUDY, CT, DM, "2026-06-30")
    assert made["TSPARM"].notna().all()
    assert (made["TSVAL"].notna() != made["TSVALNF"].notna()).all()
    assert set(made.loc[made["TSVCDREF"] == "CDISC CT", "TSVCDVER"]) == {"2025-03-28"}
