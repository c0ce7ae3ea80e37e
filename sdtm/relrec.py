"""RELREC: how the tumour domains hang together."""

import pandas as pd

from pipeline.ground.metadata import StudySettings

LINKS = (
    ("TU", "TULNKID", "ONE", "TUTR"), ("TR", "TRLNKID", "MANY", "TUTR"),
    ("TR", "TRLNKGRP", "MANY", "TRRS"), ("RS", "RSLNKGRP", "ONE", "TRRS"),
)


def relrec(study: StudySettings) -> pd.DataFrame:
    """One record per related dataset: lesions with their measurements, measurements with the response of the visit."""
    links = pd.DataFrame(LINKS, columns=["RDOMAIN", "IDVAR", "RELTYPE", "RELID"])
    return links.assign(STUDYID=study.study, USUBJID=None, IDVARVAL=None)
