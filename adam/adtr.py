"""ADTR: what each reader measured of the target lesions, and the sum of their products (analysis plan 2.3)."""

from __future__ import annotations

import pandas as pd

from adam.criteria.lugano_lesions import lesion_sizes
from adam.derive.dates import infusion_day, study_day
from adam.derive.flags import yes_only
from adam.derive.merge import derive_vars_merged
from adam.derive.visits import derive_vars_window, response_windows
from adam.response.target_lesions import LESION, POINT, READER, RECORD, RESULTS, target_lesions, target_results

SIZES = {"LDIAM": "mm", "LPERP": "mm", "PPD": "mm2"}
DIAMETERS = ("LDIAM", "LPERP")
SUM = "SPD"
SOURCES = ["STUDYID", "USUBJID", "PARAMCD", "ASEQ", "SRCDOM", "SRCVAR", "SRCSEQ"]
SERIES = [*READER, "PARAMCD", "TRLNKID"]


def adtr(tr: pd.DataFrame, subjects: pd.DataFrame, visits: pd.DataFrame) -> pd.DataFrame:
    """One record per subject, reader, parameter and time point, of the sizes also per target lesion.

    1. Sizes in mm as measured; too small to measure is 5 x 5, not visible 0 x 0, anything else missing. PPD is their
       product in mm2, SPD the sum of PPD over the lesions of the baseline; missing unless all of them were measured.
    2. All lesions of a reader's time point have its earliest date. The baseline is the last time point on or before the
       baseline scan (BASESCDT).
    3. NADIR is the smallest value from the baseline to before this time point. Changes are of what came after the
       baseline: from it (CHG, PCHG) and from the nadir (CHGNAD, PCHGNAD).
    """
    lesions = _at_baseline(target_lesions(tr), subjects)
    lesions = lesions.assign(**lesion_sizes(lesions))
    parts = [lesions.assign(PARAMCD=code, AVAL=lesions[code], AVALU=unit) for code, unit in SIZES.items()]
    records = pd.concat([*parts, _sums(lesions)], ignore_index=True)
    return _finish(_changed(records), subjects, response_windows(visits))


def adtr_sources(tr: pd.DataFrame, adtr: pd.DataFrame) -> pd.DataFrame:
    """One record per record of ADTR and result of TR that its value rests on: of a diameter the status beside it, of
    PPD both diameters, of SPD those of all lesions of the baseline."""
    results = target_results(tr)
    results = results[results["TRTESTCD"].isin(list(RESULTS))].rename(columns={"TRSEQ": "SRCSEQ"})
    points = results[["USUBJID", "SRCSEQ", "TRLNKGRP"]]
    made = adtr[[*LESION, "PARAMCD", "ASEQ", "ABLFL", "SRCSEQ"]].merge(points, on=["USUBJID", "SRCSEQ"])
    made, told = made.drop(columns="SRCSEQ"), results[[*RECORD, "TRTESTCD", "SRCSEQ"]]
    sizes = made[made["PARAMCD"] != SUM].merge(told, on=RECORD)
    another = sizes["PARAMCD"].isin(DIAMETERS) & sizes["TRTESTCD"].isin(DIAMETERS)
    summed = told.merge(_summed(made), on=LESION)
    sums = made[made["PARAMCD"] == SUM].drop(columns="TRLNKID").merge(summed, on=[*READER, "TRLNKGRP"])
    behind = pd.concat([sizes[~another | sizes["TRTESTCD"].eq(sizes["PARAMCD"])], sums])
    value = behind["TRTESTCD"].map({testcd: variable for testcd, (_, variable) in RESULTS.items()})
    return behind.assign(SRCDOM="TR", SRCVAR=value)[SOURCES]


def _summed(made: pd.DataFrame) -> pd.DataFrame:
    """The target lesions that a reader's sums are made of: those of his baseline; all where he has none."""
    products = made[made["PARAMCD"] == "PPD"]
    based = products["ABLFL"].eq("Y")
    none = ~based.groupby([products[name] for name in READER], dropna=False).transform("any")
    return products.loc[based | none, LESION].drop_duplicates()


def _at_baseline(lesions: pd.DataFrame, subjects: pd.DataFrame) -> pd.DataFrame:
    """Add the day of the reader's baseline (BASEDT), the number of target lesions then, and whether this is one."""
    lesions = derive_vars_merged(lesions, subjects, ["TRTSDT", "CARTSDT", "CARTSDY", "BASESCDT"])
    before = lesions["ADT"].where(lesions["ADT"] <= lesions["BASESCDT"])
    by_reader = [lesions[name] for name in READER]
    lesions = lesions.assign(BASEDT=before.groupby(by_reader, dropna=False).transform("max"))
    start = lesions["ADT"].eq(lesions["BASEDT"])
    known = start.groupby([lesions[name] for name in LESION], dropna=False).transform("any")
    once = start & ~lesions[start].duplicated(LESION).reindex(lesions.index, fill_value=False)
    count = once.groupby(by_reader, dropna=False).transform("sum")
    return lesions.assign(INBASE=known | lesions["BASEDT"].isna(), LESIONS=count.where(lesions["BASEDT"].notna()))


def _sums(lesions: pd.DataFrame) -> pd.DataFrame:
    """SPD of each time point; its source is the first of the lesions summed."""
    summed = lesions[lesions["INBASE"]].sort_values([*POINT, "SRCSEQ"], kind="stable")
    groups = summed.groupby(POINT, dropna=False, as_index=False, sort=False)
    points = groups.agg(AVAL=("PPD", "sum"), MEASURED=("PPD", "count"), SEEN=("PPD", "size"))
    others = [name for name in summed.columns if name not in (*points.columns, *SIZES, "TRLNKID")]
    points = points.merge(summed.drop_duplicates(POINT)[[*POINT, *others]], on=POINT)
    whole = points["MEASURED"].eq(points["LESIONS"].fillna(points["SEEN"]))
    return points.assign(PARAMCD=SUM, AVALU=SIZES["PPD"], AVAL=points["AVAL"].where(whole))


def _changed(records: pd.DataFrame) -> pd.DataFrame:
    """Add ABLFL, BASE, NADIR and the changes from both."""
    records = records.sort_values(["USUBJID", *SERIES, "ADT"], kind="stable", ignore_index=True)
    series = records.groupby(SERIES, dropna=False).ngroup()
    start, after = records["ADT"].eq(records["BASEDT"]), records["ADT"] > records["BASEDT"]
    base = records["AVAL"].where(start).groupby(series).transform("max")
    since = records["AVAL"].where(start | after)
    nadir = since.groupby(series).cummin().groupby(series).ffill().groupby(series).shift()
    records = records.assign(ABLFL=yes_only(start), BASE=base, NADIR=nadir.where(after))
    for origin, (change, percent) in {"BASE": ("CHG", "PCHG"), "NADIR": ("CHGNAD", "PCHGNAD")}.items():
        known = records[origin].where(after)
        moved = records["AVAL"] - known
        records = records.assign(**{change: moved, percent: 100 * moved / known.where(known != 0)})
    return records


def _finish(records: pd.DataFrame, subjects: pd.DataFrame, windows: pd.DataFrame) -> pd.DataFrame:
    """Add days, visits, number and source."""
    records = records.assign(
        ADY=study_day(records["ADT"], records["TRTSDT"]), CARTDY=infusion_day(records["ADT"], records),
        ASEQ=records.groupby("USUBJID").cumcount() + 1, SRCDOM="TR",
    )  # fmt: skip
    return derive_vars_window(records, windows)
