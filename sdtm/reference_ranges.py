"""Reference ranges delivered apart from results: which range holds for a result, in its standard unit."""

import pandas as pd

from sdtm.units import as_text, row_of, turned_by

# What a range may hold for, by its variable; one that is missing holds for all.
SAME = ("LBNAM", "LBSPEC", "SEX")
OF_RESULT = ["USUBJID", "LBTESTCD", "LBNAM", "LBSPEC", "LBDTC", "LBSTRESU", "LBORRESU"]
LIMITS = {"LBSTNRLO": "LBORNRLO", "LBSTNRHI": "LBORNRHI"}


def reference_ranges(reference_ranges_mapped: pd.DataFrame) -> pd.DataFrame:
    """One record per range of a laboratory that is delivered apart from results; none where a study has no such."""
    return reference_ranges_mapped


def with_reference_ranges(
    results: pd.DataFrame, people: pd.DataFrame, ranges: pd.DataFrame, units: pd.DataFrame
) -> pd.DataFrame:
    """The results, those without a limit of their own with the limits of the range that holds for them.

    1. A range holds for the results of its test, of the laboratory, specimen, sex, ages (years, as in DM) and days that
    it says. 2. Of several the one that says most counts, then the one that holds from the latest day. 3. Its limits
    are turned to the standard unit (units.csv); a range whose unit is not turned to that of the result holds for none.
    """
    asked = results[results["LBSTNRLO"].isna() & results["LBSTNRHI"].isna() & results["LBSTRESU"].notna()]
    if ranges.empty or asked.empty:
        return results
    return _filled(results, ranges_held(asked, people, ranges, units))


def ranges_held(
    asked: pd.DataFrame, people: pd.DataFrame, ranges: pd.DataFrame, units: pd.DataFrame
) -> pd.DataFrame:
    """One record per result for which a range holds, by the result's index: both, and the range's index (RANGE)."""
    subjects = people[["USUBJID", "SEX", "AGE"]].drop_duplicates("USUBJID")
    of_results = asked[OF_RESULT].reset_index(names="ROW").merge(subjects, on="USUBJID", how="left")
    limits = _in_standard_unit(ranges, units).assign(RANGE=ranges.index)
    pairs = of_results.merge(limits, on="LBTESTCD", suffixes=("", "_OF"))
    holding = pairs[_holds(pairs)].sort_values(["ROW", "SAID", "VALIDFRM", "ORDER"], na_position="first")
    return holding.drop_duplicates("ROW", keep="last").set_index("ROW")


def _in_standard_unit(ranges: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """The ranges with their limits (LBSTNRLO, LBSTNRHI) in UNIT, and how much each says (SAID)."""
    own = units[units["domain"] == "LB"].fillna("")
    row = row_of(ranges["LBTESTCD"], ranges["LBORRESU"], own)
    limits = {name: turned_by(pd.to_numeric(ranges[said]), row) for name, said in LIMITS.items()}
    said = ranges[[*SAME, "AGELO", "AGEHI", "VALIDFRM", "VALIDTO"]].notna().sum(axis="columns")
    order = pd.Series(range(len(ranges), 0, -1), index=ranges.index)  # of two that say as much the first counts
    return ranges.assign(**limits, UNIT=row["to"].fillna(ranges["LBORRESU"]), SAID=said, ORDER=order)


def _holds(pairs: pd.DataFrame) -> pd.Series:
    """Whether the range of a pair holds for its result."""
    day = pairs["LBDTC"].astype("str").str.slice(0, 10)
    met = pairs["UNIT"].isna() | (pairs["UNIT"] == pairs["LBSTRESU"])
    for name in SAME:
        met &= pairs[f"{name}_OF"].isna() | (pairs[f"{name}_OF"] == pairs[name])
    met &= pairs["AGELO"].isna() | (pairs["AGE"] >= pairs["AGELO"])
    met &= pairs["AGEHI"].isna() | (pairs["AGE"] <= pairs["AGEHI"])
    met &= pairs["VALIDFRM"].isna() | (day >= pairs["VALIDFRM"]).fillna(False)
    return (met & (pairs["VALIDTO"].isna() | (day <= pairs["VALIDTO"]).fillna(False))).astype("bool")


def _filled(results: pd.DataFrame, best: pd.DataFrame) -> pd.DataFrame:
    """The results with the limits of their ranges; as collected only where range and result are in one unit."""
    made = results.copy()
    one_unit = best[best["LBORRESU_OF"].fillna(best["LBORRESU"]) == best["LBORRESU"]]
    for name, collected in LIMITS.items():
        made.loc[best.index, name] = best[name].astype(results[name].dtype)
        made.loc[one_unit.index, collected] = as_text(pd.to_numeric(one_unit[collected])).astype("str")
    return made
