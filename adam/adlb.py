"""ADLB: laboratory results with CTCAE grades in both directions, shift and worst values (clarification 16)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from adam.criteria.ctcae import COLUMNS, FEW, ctcae_grade
from adam.derive.findings import (
    analysis_values,
    at_baseline,
    derive_var_ontrtfl,
    derive_vars_base,
    derive_vars_visit,
)
from adam.derive.flags import derive_var_extreme_flag

TAKEN = {"PARCAT1": "LBCAT", "ANRLO": "LBSTNRLO", "ANRHI": "LBSTNRHI", "ANRIND": "LBNRIND"}
DIRECTIONS = ("L", "H")
UNKNOWN = "MISSING"
RATIO = 10  # decimals of a ratio: 0.3 of 0.1 is 3, not just short of it


def adlb(
    lb: pd.DataFrame, on_treatment: pd.DataFrame, visits: pd.DataFrame, ctcae: pd.DataFrame, lab_worst: bool,
    lab_same_day: str,
) -> pd.DataFrame:
    """One record per laboratory result, of all laboratories together.

    1. The baseline is the last result before BASEDT; of several results of a day the later one, or with LAB_SAME_DAY
       that of the central or the local laboratory (LBNAM names it so).
    2. Grades by the table of CTCAE that is decided; results after the baseline by the rules for its state, the
       baseline itself and what was before by those without.
    3. A shift needs a value after the baseline; a missing baseline is MISSING.
    4. R2ANRHI is the multiple of the upper limit of normal.
    5. The worst grade of a direction is taken over the results on treatment that have one, unscheduled included; of
       several as high the first.
    """
    taken = lb.assign(**{name: lb[source] for name, source in TAKEN.items()})
    if lab_same_day != "LATEST":
        taken = taken.assign(PREFER=lb["LBNAM"].astype("str").str.upper().str.contains(lab_same_day, na=False))
    values = analysis_values(taken, "LB", on_treatment)
    values = derive_vars_base(values, pd.Series(False, values.index))
    values = derive_var_ontrtfl(derive_vars_visit(values, visits))
    values = values.assign(BNRIND=at_baseline(values, "ANRIND"))
    ratio = values["AVAL"] / values["ANRHI"].where(values["ANRHI"] > 0)
    values = values.assign(R2ANRHI=ratio.round(RATIO))
    values = _graded(values, ctcae, lab_worst)
    return _worst(_shifts(values))


def _graded(values: pd.DataFrame, criteria: pd.DataFrame, lab_worst: bool) -> pd.DataFrame:
    """Add grade and baseline grade by direction (ATOXGRL, BTOXGRL …), and ATOXCRIT, the rule of a grade above 0."""
    lab, after, rules = values[COLUMNS].astype(FEW), values["AFTERFL"].eq("Y"), pd.DataFrame(index=values.index)
    for way in DIRECTIONS:
        parts = [ctcae_grade(lab[of], criteria, way, baseline_clause=clause, lab_worst=lab_worst)
                 for of, clause in ((after, True), (~after, False))]  # fmt: skip
        found = pd.concat(parts).reindex(values.index)
        values = values.assign(**{f"ATOXGR{way}N": found["GRADE"]})
        values = values.assign(**{f"BTOXGR{way}N": at_baseline(values, f"ATOXGR{way}N")})
        texts = {f"{a}TOXGR{way}": _as_text(values[f"{a}TOXGR{way}N"]) for a in "AB"}
        values, rules = values.assign(**texts), rules.assign(**{way: found["CRITERION"].astype("str")})
    both = (rules["L"] + "; " + rules["H"]).where(rules.notna().all(axis="columns"))
    return values.assign(ATOXCRIT=both.fillna(rules["L"]).fillna(rules["H"]))


def _as_text(grade: pd.Series) -> pd.Series:
    """A grade as text, missing where there is none."""
    return grade.map({float(number): str(number) for number in range(6)}).astype("str")


def _shifts(values: pd.DataFrame) -> pd.DataFrame:
    """Add SHIFT1 (range), SHIFT2 (grade low) and SHIFT3 (grade high): baseline to value, after the baseline."""
    pairs = {"SHIFT1": ("BNRIND", "ANRIND"), "SHIFT2": ("BTOXGRL", "ATOXGRL"), "SHIFT3": ("BTOXGRH", "ATOXGRH")}
    after = values["AFTERFL"].eq("Y")
    shifts = {name: _shift(values[base].fillna(UNKNOWN), values[value]) for name, (base, value) in pairs.items()}
    return values.assign(**{name: shift.where(after) for name, shift in shifts.items()})


def _shift(base: pd.Series, value: pd.Series) -> pd.Series:
    """The words of two values, from one to the other (each pair put together once); missing without either."""
    (of, bases), (to, words) = pd.factorize(base), pd.factorize(value)
    told = pd.array([*(f"{one} to {other}" for one in bases for other in words), None], dtype="str")
    place = np.where((of < 0) | (to < 0), -1, of * len(words) + to)
    return pd.Series(told[place], base.index)


def _worst(values: pd.DataFrame) -> pd.DataFrame:
    """Add WGRADLFL and WGRADHFL: the first result on treatment with the highest grade of the direction."""
    for way in DIRECTIONS:
        grade = values[f"ATOXGR{way}N"]
        counted = values["ONTRTFL"].eq("Y") & grade.notna()
        values = values.assign(MILD=-grade)
        values = derive_var_extreme_flag(values, ["GROUP"], ["MILD", "EARLY"], f"WGRAD{way}FL", counted)
    return values
