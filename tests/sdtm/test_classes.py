"""What a class makes of mapped records by the words of a spec: study days, the last result before exposure, qualifiers.

Supplemental qualifiers point to their record by --SEQ and carry name, label and origin (SDTMIG 3.4, 8.4).
"""

import pandas as pd
from small_study import NO_ELEMENTS, VISITS, grid

from pipeline.ground.metadata import DatasetSpec
from sdtm.classes import observations, qualifiers
from sdtm.suppdm import suppdm

CT = grid("""
    codelist | collected | submission   | label
    SUPPAE   |           | DLTYN        | Dose-Limiting Toxicity
    SUPPAE   |           | AECUTFL      | Changed by the Data Cut
    SUPPAE   |           | TOXSCALE     | Scale
    SUPPDM   |           | PARTCD       | Study Part
    QEVAL    | DLTYN     | INVESTIGATOR | Investigator
""")
HELD = grid("USUBJID | VISITRAW | DTC | VISITNUM | VISIT")


def test_timing_gives_study_days_and_the_last_result_before_exposure_is_flagged_within_its_variables():
    readings = grid("""
        USUBJID | VSSEQ | VSTESTCD | VSSTRESC | VSDTC      | VISIT
        A       | 1     | TEMP     | 37       | 2025-03-02 | SCREENING
        A       | 2     | TEMP     | 38       | 2025-03-03 | SCREENING
        A       | 3     | PULSE    | 70       | 2025-03-02 | SCREENING
        A       | 4     | TEMP     | 39       | 2025-03-05 | DAY 0
    """)
    dates = grid("USUBJID | RFSTDTC | RFXSTDTC\nA | 2025-03-04 | 2025-03-04")
    spec = DatasetSpec(timing=("VSDTC",), last_before_exposure=("VSTESTCD",))
    made = observations(readings, spec, dates, VISITS, HELD, NO_ELEMENTS)

    assert made["VSDY"].tolist() == [-2, -1, -2, 2]
    assert made["VSLOBXFL"].fillna("").tolist() == ["", "Y", "Y", ""]


def test_a_spec_without_timing_leaves_the_records_as_they_are():
    terms = grid("USUBJID | MHTERM\nA | Asthma")

    reference = grid("USUBJID | RFSTDTC\nA | .")

    assert observations(terms, DatasetSpec(), reference, VISITS, HELD, NO_ELEMENTS).equals(terms)


def test_only_collected_values_make_records_and_a_mark_of_the_cut_is_derived():
    header = "STUDYID | USUBJID | AESEQ | DLTYN | AECUTFL\n"
    events = grid(header + "ST | A | 1 | N | .\nST | A | 2 | Y | Y\nST | B | 1 | . | .")
    supp = qualifiers(events.assign(AESEQ=pd.to_numeric(events["AESEQ"])), DatasetSpec(dataset="SUPPAE"), CT)
    columns = ["RDOMAIN", "USUBJID", "IDVAR", "IDVARVAL", "QNAM", "QLABEL", "QVAL", "QORIG"]
    assert supp[columns].values.tolist() == [
        ["AE", "A", "AESEQ", "1", "DLTYN", "Dose-Limiting Toxicity", "N", "CRF"],
        ["AE", "A", "AESEQ", "2", "DLTYN", "Dose-Limiting Toxicity", "Y", "CRF"],
        ["AE", "A", "AESEQ", "2", "AECUTFL", "Changed by the Data Cut", "Y", "Derived"],
    ]


def test_a_qualifier_says_whence_its_value_is_and_whose_judgement_it_is():
    header = "STUDYID | USUBJID | AESEQ | DLTYN | DLTYN.QORIG | TOXSCALE | TOXSCALE.QORIG | AECUTFL\n"
    events = grid(header + "ST | A | 1 | N | CRF | ASTCT | Assigned | .\nST | A | 2 | Y | . | CTC | Derived | Y")
    supp = qualifiers(events, DatasetSpec(dataset="SUPPAE"), CT).set_index(["QNAM", "IDVARVAL"])
    assert supp["QORIG"].to_dict() == {
        ("DLTYN", "1"): "CRF", ("DLTYN", "2"): "CRF", ("TOXSCALE", "1"): "Assigned", ("TOXSCALE", "2"): "Derived",
        ("AECUTFL", "2"): "Derived"}  # fmt: skip
    assert supp["QEVAL"].dropna().to_dict() == dict.fromkeys([("DLTYN", "1"), ("DLTYN", "2")], "INVESTIGATOR")


def test_the_part_belongs_to_the_subject_not_to_a_record():
    header = "STUDYID | USUBJID | DSSEQ | DSDECOD | PARTCD\n"
    enrolment = grid(header + "ST | A | 1 | CONSENT | .\nST | A | 2 | ENTERED INTO TRIAL | A")
    supp = suppdm(enrolment, CT)
    assert supp[["RDOMAIN", "USUBJID", "QNAM", "QVAL"]].values.tolist() == [["DM", "A", "PARTCD", "A"]]
    assert supp[["IDVAR", "IDVARVAL"]].isna().all(axis=None)


def test_a_qualifier_that_a_study_labels_otherwise_stands_once_under_its_label():
    own = pd.concat([CT, grid("codelist | submission | label\nSUPPAE | DLTYN | DLT, Investigator")])
    records = grid("STUDYID | USUBJID | AESEQ | DLTYN\nS | A | 1 | Y")

    assert qualifiers(records, DatasetSpec(dataset="SUPPAE"), own)[["QNAM", "QLABEL", "QVAL"]].values.tolist() == [
        ["DLTYN", "DLT, Investigator", "Y"]]  # fmt: skip
