"""Values in capitals read as words on pages; codes, abbreviations and texts as collected stay as they are."""

import pandas as pd
import pytest
from adam_frames import shell

from tlf.in_words import in_words, worded

LABELS = {"BLACK OR AFRICAN AMERICAN": "Black or African American"}
KEPT = {"CAR", "CAR-T", "CRS", "DLT", "PD", "ICANS"}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("DISEASE PROGRESSION", "Disease progression"),
        ("BLACK OR AFRICAN AMERICAN", "Black or African American"),
        ("131I-APAMISTAMAB", "131I-apamistamab"),
        ("PD BY CLINICAL SIGNS ONLY", "PD by clinical signs only"),
        ("PERIOD UNDEFINED - NO CAR-T", "Period undefined - no CAR-T"),
        ("DAY 30", "Day 30"),
        ("STAGE II", "Stage II"),
        ("NOT PART A", "Not part A"),
        ("ICANS", "ICANS"),
        ("GCB", "GCB"),
        ("HGBL", "HGBL"),
        ("Neutrophil count decreased", "Neutrophil count decreased"),
        ("10^9/L", "10^9/L"),
        ("131I-APAMISTAMAB (mCi)", "131I-apamistamab (mCi)"),
        ("CRS (Lee 2014)", "CRS (Lee 2014)"),
        ("", ""),
    ],
)
def test_what_stands_in_capitals_reads_as_a_sentence(value, expected):
    assert in_words(value, LABELS, KEPT) == expected


def results(*rows):
    return pd.DataFrame(rows, columns=["VARIABLE", "ROW", "LEVEL", "VALUEC"])


def test_words_stand_by_variable_below_those_of_the_shell():
    found = results(("CMSCAT", "kind / STEROID", "STEROID", ""), ("CMSCAT CMTRT", "both / OTHER", "OTHER", ""),
                    ("RACE", "block.1", "", "WHITE"))  # fmt: skip
    output = worded(shell(words={"RACE": {"WHITE": "white"}}), found, {}, KEPT)
    assert output.words == {"CMSCAT": {"STEROID": "Steroid", "OTHER": "Other"}, "RACE": {"WHITE": "white"}}


def test_texts_as_collected_and_identifiers_keep_their_capitals():
    found = results(("AETERM", "a.1", "", "FEVER"), ("USUBJID", "a.2", "", "TRIAL-001"), ("EXTRT", "a.3", "", "SALINE"),
                    ("CMSCAT CMTRT", "both / OTHER / SALINE", "SALINE", ""))  # fmt: skip
    assert worded(shell(), found, {}, KEPT).words == {"EXTRT": {"SALINE": "Saline"}}


def test_a_summary_repeated_for_values_says_them_in_words():
    row = {"summary": "Dose", "of": "adex", "variable": "AVAL", "by": "EXTRT", "show": "{mean:x.x}"}
    found = results(("AVAL", "dose / SALINE 131I", "", ""), ("AVAL", "other / FEVER", "", ""))
    assert worded(shell(rows=[row]), found, {}, KEPT).words == {"EXTRT": {"SALINE 131I": "Saline 131I"}}
