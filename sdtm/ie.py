"""IE: eligibility criteria not met."""

import pandas as pd


def ie(ie_mapped: pd.DataFrame) -> pd.DataFrame:
    """One record per inclusion criterion not met or exclusion criterion met."""
    return ie_mapped
