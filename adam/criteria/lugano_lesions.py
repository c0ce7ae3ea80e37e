"""Lesions and spleen on CT by the Lugano classification: from measurements to target, non-target and spleen response.

Lesion records: one per subject, lesion and time point, with USUBJID, TRLNKID (the lesion), ADT (the date of the time
point, the same for all its lesions), ABLFL (Y at baseline), TYPE (N nodal, E extranodal), STATUS and for target
lesions LDIAM, LPERP in mm. Records before the baseline of a lesion do not count.

Source: analysis plan 2.3 (Cheson 2014).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.ground.bounds import above, at_least, at_most, below

NORMAL_NODE = 15.0
NORMAL_SPLEEN = 13.0
POINT = ["USUBJID", "ADT"]
LESION = ["USUBJID", "TRLNKID"]


@dataclass(frozen=True)
class SpleenRule:
    """What the classification leaves open about the spleen (decisions SPLEEN_*); `new_cm` in cm."""

    growth_from: str = "BASELINE"
    new_cm: float = 2.0
    any_new: bool = True


STANDARD = SpleenRule()


def lesion_sizes(lesions: pd.DataFrame) -> pd.DataFrame:
    """Diameters LDIAM, LPERP (mm) and their product PPD (mm2) of each record, on the index of `lesions`.

    STATUS M is the size as measured, S (too small to measure) 5 x 5, A (not visible) 0 x 0, anything else missing.
    """
    fixed = lesions["STATUS"].map({"S": 5.0, "A": 0.0})
    measured = lesions["STATUS"].eq("M")
    sizes = {name: pd.to_numeric(lesions[name], errors="coerce").where(measured, fixed) for name in ("LDIAM", "LPERP")}
    return pd.DataFrame(sizes).assign(PPD=lambda size: size["LDIAM"] * size["LPERP"])


def lesion_course(lesions: pd.DataFrame) -> pd.DataFrame:
    """One record per target lesion and time point from baseline on: sizes, BASEPPD, nadir before, and LESPD (Y/N).

    NADLD, NADSD, NADPPD are the smallest sizes before this time point, baseline included. A lesion has progressed when
    (a) LDIAM > 15 mm, PPD at least 50 % above its nadir, and LDIAM or LPERP at least 5 mm above its nadir (10 mm when
    the nadir of LDIAM is above 20 mm), or
    (d) it was not visible before and is back: longer than 15 mm (nodal) or 10 mm (extranodal).
    """
    course = _from_baseline(lesions.assign(**lesion_sizes(lesions)))
    lesion = [course[key] for key in LESION]
    smallest = course.groupby(LESION, sort=False)[["LDIAM", "LPERP", "PPD"]].cummin()
    before = smallest.groupby(lesion, sort=False).ffill().groupby(lesion, sort=False).shift()
    at_baseline = course["PPD"].where(course["ABLFL"].eq("Y"))
    course = course.assign(
        BASEPPD=at_baseline.groupby(lesion, sort=False).transform("max"),
        NADLD=before["LDIAM"], NADSD=before["LPERP"], NADPPD=before["PPD"],
    )  # fmt: skip
    step = np.where(above(course["NADLD"], 20), 10, 5)
    enough = at_least(course["LDIAM"], course["NADLD"] + step) | at_least(course["LPERP"], course["NADSD"] + step)
    grown = above(course["LDIAM"], NORMAL_NODE) & at_least(course["PPD"], 1.5 * course["NADPPD"]) & enough
    back = course["NADLD"].eq(0) & above(course["LDIAM"], _largest_normal(course))
    return course.assign(LESPD=np.where(grown | back, "Y", "N"))


def target_response(lesions: pd.DataFrame) -> pd.DataFrame:
    """One record per subject and time point after baseline: USUBJID, ADT, SPD, BASESPD, NADIR (mm2), TRGRESP.

    TRGRESP, the first that is true: PD when a lesion has progressed; NE when a baseline lesion is not measured here;
    CR when nodes are at most 15 mm long and extranodal lesions gone; NE without a baseline SPD; PR when SPD fell by
    50 % of baseline or more; else SD. SPD is missing unless every baseline lesion is measured; NADIR is the smallest
    SPD before, baseline included, for listings.
    """
    course = lesion_course(lesions)
    cleared = np.where(course["TYPE"].eq("E"), course["LDIAM"].eq(0), at_most(course["LDIAM"], NORMAL_NODE))
    course = course.assign(LARGE=~cleared, GREW=course["LESPD"].eq("Y"), START=course["ABLFL"].eq("Y"))
    points = course.groupby(POINT, as_index=False).agg(
        SPD=("PPD", "sum"), SEEN=("PPD", "count"), LARGE=("LARGE", "any"), GREW=("GREW", "any"), START=("START", "any"),
    )  # fmt: skip
    points = points.merge(_baseline(course), on="USUBJID")
    whole = points["SEEN"].eq(points["LESIONS"])
    points["SPD"] = points["SPD"].where(whole)
    nadir = points.groupby("USUBJID")["SPD"].cummin().groupby(points["USUBJID"]).ffill()
    points["NADIR"] = nadir.groupby(points["USUBJID"]).shift()
    rules = {
        "PD": points["GREW"], "NE": ~whole, "CR": ~points["LARGE"], "no baseline": points["BASESPD"].isna(),
        "PR": at_most(points["SPD"], 0.5 * points["BASESPD"]),
    }  # fmt: skip
    points["TRGRESP"] = pd.Series(np.select(list(rules.values()), list(rules), "SD"), dtype="str")
    points["TRGRESP"] = points["TRGRESP"].replace("no baseline", "NE")
    return points.loc[~points["START"], [*POINT, "SPD", "BASESPD", "NADIR", "TRGRESP"]]


def non_target_response(lesions: pd.DataFrame) -> pd.DataFrame:
    """One record per subject and time point after baseline: USUBJID, ADT, NTRGRESP.

    STATUS is P present, A absent, PD unequivocal progression, NE. PD when a lesion progressed or came back after it was
    absent; else NE when a baseline lesion has no status here; CR when all are absent; else SD.
    """
    course = _from_baseline(lesions)
    lesion = [course[key] for key in LESION]
    absent = course["STATUS"].eq("A").groupby(lesion, sort=False).cummax()
    gone_before = absent.groupby(lesion, sort=False).shift(fill_value=False)
    course = course.assign(
        WORSE=course["STATUS"].eq("PD") | (course["STATUS"].eq("P") & gone_before),
        SEEN=course["STATUS"].isin(["P", "A", "PD"]),
        HERE=~course["STATUS"].eq("A"),
        START=course["ABLFL"].eq("Y"),
    )
    points = course.groupby(POINT, as_index=False).agg(
        WORSE=("WORSE", "any"), SEEN=("SEEN", "sum"), HERE=("HERE", "any"), START=("START", "any")
    )
    points = points.merge(course[course["START"]].groupby("USUBJID").size().rename("LESIONS").reset_index())
    rules = {"PD": points["WORSE"], "NE": points["SEEN"] < points["LESIONS"], "CR": ~points["HERE"]}
    points["NTRGRESP"] = pd.Series(np.select(list(rules.values()), list(rules), "SD"), dtype="str")
    return points.loc[~points["START"], [*POINT, "NTRGRESP"]]


def new_lesion(lesions: pd.DataFrame) -> pd.Series:
    """Whether a reported new lesion is one by size (Y, N, U): node > 15 mm or extranodal > 10 mm in any axis.

    A smaller one counts when it is unequivocal: FDG-avid (AVID) or biopsy-proven (BIOPSY). U: no size, not
    unequivocal. Columns TYPE, LDIAM, LPERP (mm), AVID, BIOPSY.
    """
    axis = lesions[["LDIAM", "LPERP"]].apply(pd.to_numeric, errors="coerce").max(axis=1)
    large = above(axis, _largest_normal(lesions))
    proven = lesions["AVID"].eq("Y") | lesions["BIOPSY"].eq("Y")
    return pd.Series(np.select([large | proven, axis.isna()], ["Y", "U"], "N"), index=lesions.index, dtype="str")


def spleen_response(
    length: pd.Series, baseline: pd.Series, smallest_before: pd.Series, rule: SpleenRule = STANDARD
) -> pd.Series:
    """Spleen response (CR PR SD PD NE) from vertical lengths in cm; normal is up to 13 cm.

    1. Enlarged at baseline: PD when the excess over 13 cm grew by more than half (15 cm must exceed 16 cm), from the
       baseline or from the smallest before (`rule`).
    2. Not enlarged at baseline: PD when longer by 2 cm (`rule.new_cm`) or more.
    3. Normal at any time before (`smallest_before`, baseline included) and enlarged now: PD (new or recurrent
       splenomegaly), without `rule.any_new` only when 2 cm longer than the smallest.
    4. At most 13 cm: CR. Excess fallen by more than half of the baseline's: PR. Else SD.
    5. Length missing: NE when enlarged at baseline, else missing (nothing to follow). Enlarged without baseline: NE.
    """
    now, base, least = (pd.to_numeric(c, errors="coerce") for c in (length, baseline, smallest_before))
    least = np.fmin(least, base)
    start = least if rule.growth_from == "NADIR" else base
    enlarged = above(base, NORMAL_SPLEEN)
    more = above(start, NORMAL_SPLEEN) & above(now, NORMAL_SPLEEN + 1.5 * (start - NORMAL_SPLEEN))
    grown = more.where(enlarged, at_least(now, start + rule.new_cm))
    fresh = at_most(least, NORMAL_SPLEEN) & above(now, NORMAL_SPLEEN)
    fresh &= rule.any_new | at_least(now, least + rule.new_cm)
    rules = {
        "": now.isna() & ~enlarged, "NE": now.isna(), "PD": grown | fresh, "CR": at_most(now, NORMAL_SPLEEN),
        "no base": base.isna(), "PR": below(now, NORMAL_SPLEEN + 0.5 * (base - NORMAL_SPLEEN)),
    }  # fmt: skip
    result = pd.Series(np.select(list(rules.values()), list(rules), "SD"), index=length.index, dtype="str")
    return result.replace("no base", "NE").mask(result.eq(""))


def _largest_normal(lesions: pd.DataFrame) -> np.ndarray:
    """The longest diameter (mm) that is still normal: 10 of an extranodal lesion, 15 of a node."""
    return np.where(lesions["TYPE"].eq("E"), 10.0, NORMAL_NODE)


def _from_baseline(lesions: pd.DataFrame) -> pd.DataFrame:
    """The records of lesions with a baseline, from it on, in order of time."""
    start = lesions["ADT"].where(lesions["ABLFL"].eq("Y")).groupby([lesions[key] for key in LESION]).transform("max")
    return lesions[lesions["ADT"] >= start].sort_values([*LESION, "ADT"])


def _baseline(course: pd.DataFrame) -> pd.DataFrame:
    """One record per subject: number of target lesions and their SPD at baseline (missing unless all were measured)."""
    first = course[course["START"]].groupby("USUBJID")
    start = first.agg(LESIONS=("PPD", "size"), MEASURED=("PPD", "count"), BASESPD=("PPD", "sum"))
    start["BASESPD"] = start["BASESPD"].where(start["MEASURED"].eq(start["LESIONS"]))
    return start.drop(columns="MEASURED")
