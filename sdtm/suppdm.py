"""SUPPDM: what the enrolment record says of a subject: study part and dose level."""

import pandas as pd

from pipeline.ground.metadata import DatasetSpec
from sdtm.classes import qualifiers
from sdtm.mapping.sheet import ORIGIN

ASKED = ["PARTCD", "DOSELVL"]


def suppdm(ds_mapped: pd.DataFrame, ct: pd.DataFrame) -> pd.DataFrame:
    """One record per supplemental qualifier of a subject: study part and dose level assigned, where there are such."""
    asked = [*ASKED, *(name + ORIGIN for name in ASKED)]
    told = ds_mapped.reindex(columns=["STUDYID", "USUBJID", *asked])
    named = told.groupby(["STUDYID", "USUBJID"], as_index=False, sort=False)[asked].first()
    return qualifiers(named, DatasetSpec(dataset="SUPPDM"), ct)
