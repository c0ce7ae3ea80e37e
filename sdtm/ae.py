"""AE: adverse events."""

import pandas as pd

from sdtm.epoch import with_epoch
from sdtm.study_days import with_study_days


def ae(
    ae_mapped: pd.DataFrame, reference_dates: pd.DataFrame, ct: pd.DataFrame, se: pd.DataFrame
) -> pd.DataFrame:
    """One record per adverse event, as known at the data cut; AEREL is the stronger of the two relations.

    The codelist REL lists the relations from the weakest to the strongest.
    """
    strength = {term: rank for rank, term in enumerate(ct.loc[ct["codelist"] == "REL", "submission"].drop_duplicates())}
    term_of = {rank: term for term, rank in strength.items()}
    relations = pd.DataFrame({name: ae_mapped[name].map(strength).astype("float64") for name in ("AECNREL", "AECTREL")})
    strongest = relations.max(axis="columns").map(term_of).astype("str")
    dated = with_study_days(ae_mapped.assign(AEREL=strongest), reference_dates, "AESTDTC", "AEENDTC")
    return with_epoch(dated, se, "AESTDTC")
