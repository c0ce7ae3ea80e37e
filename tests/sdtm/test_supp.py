"""Supplemental qualifiers point to their record by --SEQ and carry name, label and origin (SDTMIG 3.4, 8.4)."""

import pandas as pd
from small_study import grid

from sdtm.supp import suppae, suppdm

CT = grid("""
    codelist | submission | label
    SUPPAE   | DLTYN      | Dose-Limiting Toxicity
    SUPPAE   | AECUTFL    | Changed by the Data Cut
    SUPPDM   | PARTCD     | Study Part
""")


def test_only_collected_values_make_records_and_a_mark_of_the_cut_is_derived():
    header = "STUDYID | USUBJID | AESEQ | DLTYN | AECUTFL\n"
    events = grid(header + "ST | A | 1 | N | .\nST | A | 2 | Y | Y\nST | B | 1 | . | .")
    supp = suppae(events.assign(AESEQ=pd.to_numeric(events["AESEQ"])), CT)
    columns = ["RDOMAIN", "USUBJID", "IDVAR", "IDVARVAL", "QNAM", "QLABEL", "QVAL", "QORIG"]
    assert supp[columns].values.tolist() == [
        ["AE", "A", "AESEQ", "1", "DLTYN", "Dose-Limiting Toxicity", "N", "CRF"],
        ["AE", "A", "AESEQ", "2", "DLTYN", "Dose-Limiting Toxicity", "Y", "CRF"],
        ["AE", "A", "AESEQ", "2", "AECUTFL", "Changed by the Data Cut", "Y", "Derived"],
    ]


def test_the_part_belongs_to_the_subject_not_to_a_record():
    header = "STUDYID | USUBJID | DSSEQ | DSDECOD | PARTCD\n"
    enrolment = grid(header + "ST | A | 1 | CONSENT | .\nST | A | 2 | ENROLLED | A")
    supp = suppdm(enrolment, CT)
    assert supp[["RDOMAIN", "USUBJID", "QNAM", "QVAL"]].values.tolist() == [["DM", "A", "PARTCD", "A"]]
    assert supp[["IDVAR", "IDVARVAL"]].isna().all(axis=None)
