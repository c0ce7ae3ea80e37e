"""MH: medical history and the diagnosis under study."""

import pandas as pd


def mh(mh_mapped: pd.DataFrame) -> pd.DataFrame:
    """One record per condition, and one for the diagnosis under study."""
    return mh_mapped
