"""SUPPDM: the study part."""

import pandas as pd

from pipeline.ground.metadata import DatasetSpec
from sdtm.classes import qualifiers


def suppdm(ds_mapped: pd.DataFrame, ct: pd.DataFrame) -> pd.DataFrame:
    """One record per supplemental qualifier of a subject: the study part named at enrolment, where there are parts."""
    enrolment = ds_mapped.reindex(columns=["STUDYID", "USUBJID", "PARTCD"])
    named = enrolment[enrolment["PARTCD"].notna()].drop_duplicates("USUBJID")
    return qualifiers(named, DatasetSpec(dataset="SUPPDM"), ct)
