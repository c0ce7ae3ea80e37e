"""RELREC: which datasets hang together, by which variable, one to many (SDTMIG 3.4, 8.3.2)."""

from pipeline.ground.metadata import StudySettings
from sdtm.relrec import relrec


def test_a_lesion_has_many_measurements_and_the_measurements_of_a_visit_one_response():
    links = relrec(StudySettings(study="ST"))
    assert links[["STUDYID", "RDOMAIN", "IDVAR", "RELTYPE", "RELID"]].to_numpy().tolist() == [
        ["ST", "TU", "TULNKID", "ONE", "TUTR"], ["ST", "TR", "TRLNKID", "MANY", "TUTR"],
        ["ST", "TR", "TRLNKGRP", "MANY", "TRRS"], ["ST", "RS", "RSLNKGRP", "ONE", "TRRS"],
    ]  # fmt: skip
    assert links[["USUBJID", "IDVARVAL"]].isna().all(axis=None)  # of whole datasets, not of records
