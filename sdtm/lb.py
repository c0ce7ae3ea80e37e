"""LB: laboratory results of the central and the local laboratories, in standard units."""

import pandas as pd

from sdtm.findings import gathered, of_value
from sdtm.last_before_exposure import with_last_before_exposure
from sdtm.study_days import with_study_days

LIMIT = r"^\s*(?P<sign>[<>]=?)\s*(?P<number>\d+\.?\d*|\.\d+)\s*$"
DECIMALS = 6


def lb(
    lb_mapped: pd.DataFrame, reference_dates: pd.DataFrame, units: pd.DataFrame, visits: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One record per laboratory result that stands (not cancelled, not replaced by a correction); and the findings.

    1. Results and limits are turned to the standard unit of the test (units.csv). 2. A result below a limit ("<0.1")
    keeps its sign in LBSTRESC and has no LBSTRESN. 3. A result without unit, or in a unit that units.csv does not
    know for the test, has no standard result; each such test and unit is a finding (SDTM-UNIT). 4. LBNRIND compares
    with the standard limits.
    """
    results = _standardised(lb_mapped, units)
    dated = with_study_days(results, reference_dates, "LBDTC")
    return with_last_before_exposure(dated, reference_dates, visits, ("LBTESTCD",)), without_standard(results)


def without_standard(results: pd.DataFrame) -> pd.DataFrame:
    """One finding per form, test and unit for results that have a value and no standard result: they count nowhere."""
    lost = results[results["LBORRES"].notna() & results["LBSTRESC"].isna()]
    if lost.empty:
        return gathered([])
    findings, by = [], [lost["_FORM"], lost["LBTESTCD"].fillna("an unknown test"), lost["LBORRESU"].fillna("")]
    for (_, test, said), rows in lost.groupby(by):
        named = f"in '{said}'" if said else "without a unit"
        message = (f"Results of {test} {named} cannot be turned to its standard unit and count nowhere. Correct the "
                   f"unit, or add the factor to units.csv: {test},{said or 'UNIT'},STANDARD UNIT,FACTOR.")
        records = rows.assign(_SUBJECT=rows["USUBJID"].str.rpartition("-")[2])
        findings.append(of_value(records, "SDTM-UNIT", "major", "LBORRESU", said, message))
    return gathered(findings)


def _standardised(results: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    by = ["LBTESTCD", "LBORRESU"]
    joined = results[by].merge(units.drop_duplicates(by, keep="last"), on=by, how="left").set_index(results.index)
    factor = pd.to_numeric(joined["FACTOR"])
    limit = results["LBORRES"].astype("str").str.extract(LIMIT)
    bound = _number(limit["number"], factor)
    low, high, value = (_number(results[name], factor) for name in ("LBSTNRLO", "LBSTNRHI", "LBSTRESN"))
    compared = value.fillna(bound)
    normal = pd.Series("NORMAL", index=results.index, dtype="str")
    indicator = normal.mask(compared < low, "LOW").mask(compared > high, "HIGH")
    text = _text(value).fillna(limit["sign"] + _text(bound))
    worded = results["LBORRES"].where(value.isna() & pd.to_numeric(results["LBSTRESN"]).isna() & limit["number"].isna())
    return results.assign(
        LBSTRESC=text.fillna(worded), LBSTRESN=value, LBSTRESU=joined["LBSTRESU"], LBSTNRLO=low, LBSTNRHI=high,
        LBNRIND=indicator.where(compared.notna() & (low.notna() | high.notna())))


def _number(values: pd.Series, factor: pd.Series) -> pd.Series:
    return (pd.to_numeric(values) * factor).round(DECIMALS)


def _text(numbers: pd.Series) -> pd.Series:
    """Numbers as text without needless decimals."""
    return numbers.astype("str").where(numbers.notna()).str.removesuffix(".0")
