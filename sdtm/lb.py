"""LB: laboratory results of the central and the local laboratories, in standard units."""

import pandas as pd

from pipeline.ground.distinct import on_distinct
from sdtm.epoch import with_epoch
from sdtm.last_before_exposure import with_last_before_exposure
from sdtm.reference_ranges import with_reference_ranges
from sdtm.study_days import with_study_days
from sdtm.units import as_text, beyond_limits
from sdtm.visits import with_visits


def lb(
    lb_mapped: pd.DataFrame, dm_mapped: pd.DataFrame, reference_ranges: pd.DataFrame,
    reference_dates: pd.DataFrame, visits: pd.DataFrame, subject_visits: pd.DataFrame, se: pd.DataFrame,
    units: pd.DataFrame,
) -> pd.DataFrame:  # fmt: skip
    """One record per laboratory result that stands (not cancelled, not replaced by a correction).

    A result without limits has those of its laboratory's reference range. LBNRIND compares with the standard limits; a
    result below a limit ("<0.1") counts as that limit.
    """
    limited = with_reference_ranges(lb_mapped, dm_mapped, reference_ranges, units)
    placed = with_visits(limited, "LB", subject_visits)
    dated = with_epoch(with_study_days(_with_indicator(placed), reference_dates, "LBDTC"), se, "LBDTC")
    return with_last_before_exposure(dated, reference_dates, visits, ("LBTESTCD",))


def _with_indicator(results: pd.DataFrame) -> pd.DataFrame:
    limit, value = beyond_limits(results["LBSTRESC"].astype("str")), pd.to_numeric(results["LBSTRESN"])
    bound = on_distinct(limit["number"], pd.to_numeric)
    low, high = (pd.to_numeric(results[name]) for name in ("LBSTNRLO", "LBSTNRHI"))
    compared = value.fillna(bound)
    normal = pd.Series("NORMAL", index=results.index, dtype="str")
    indicator = normal.mask(compared < low, "LOW").mask(compared > high, "HIGH")
    text = as_text(value).fillna(limit["sign"] + as_text(bound)).fillna(results["LBSTRESC"])
    return results.assign(
        LBSTRESC=text, LBNRIND=indicator.where(compared.notna() & (low.notna() | high.notna())))
