"""Cytokine release syndrome by the ASTCT consensus of 2019 (Lee et al., Biol Blood Marrow Transplant 2019;25:625).

Codes: flags are Y, N or missing; O2MODE is RA NC BB HFNC FM NRB VM CPAP BIPAP MV; O2REAS is CRS AIR OTH NA;
TMAX in degrees Celsius, O2FLOW in L/min, NPRESSOR without vasopressin. Grades are 0 to 4 (death is no daily grade).

What is not known is graded twice, once as harmless and once as bad as it can be: where both agree, that is the
grade; where they differ, the grade is missing.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipeline.ground.bounds import above, at_least

FEVER = 38.0
LOW_FLOW = 6.0
OXYGEN_GRADE = {"RA": 0, "NC": 2, "BB": 2, "HFNC": 3, "FM": 3, "NRB": 3, "VM": 3, "CPAP": 4, "BIPAP": 4, "MV": 4}
NOT_CRS = ["AIR", "OTH"]
SIGNS = ["HYPOT", "NPRESSOR", "VASOPRES", "O2MODE", "O2FLOW", "O2REAS"]


def fever(tmax: pd.Series) -> pd.Series:
    """Fever of a day, Y or N: highest temperature 38.0 degrees Celsius or more; missing without a temperature."""
    celsius = pd.to_numeric(tmax, errors="coerce")
    return pd.Series(np.where(at_least(celsius, FEVER), "Y", "N"), index=tmax.index).where(celsius.notna())


def crs_grade(
    has_fever: pd.Series, on_treatment: pd.Series, signs: pd.DataFrame, *, vasopressin_alone_grade: int
) -> pd.Series:
    """CRS grade 0 to 4 of each row on its own, missing only where something unknown could change it.

    1. Without fever and not after tocilizumab or steroids in this episode the grade is 0: no CRS by definition.
    2. With fever it is the worst of 1, the hypotension grade and the hypoxia grade.
    3. After treatment, without fever, it is the worst of hypotension and hypoxia; 0 when there is neither.

    `has_fever` and `on_treatment` are Y, N or missing; `signs` has the columns HYPOT NPRESSOR VASOPRES O2MODE O2FLOW
    O2REAS. A vasopressor counts although HYPOT says N. Only oxygen given for CRS is CRS hypoxia: not for airway
    protection or another cause; oxygen without a reason (missing or NA) may or may not be. Vasopressin without
    another vasopressor is not in the published table: `vasopressin_alone_grade` is 2 or 3, else ValueError.
    """
    low, high = (
        _grade(_is(has_fever, worst), _is(on_treatment, worst), *_signs(signs, vasopressin_alone_grade, worst))
        for worst in (False, True)
    )
    return low.where(low == high)


def daily_crs_grade(
    days: pd.DataFrame, *, vasopressin_alone_grade: int, crs_gap: int, antipyretics: bool = False
) -> pd.Series:
    """CRS grade 0 to 4 of one record per subject and day, on the index of `days`; in any order.

    1. An episode is a run of days with fever, hypotension or CRS hypoxia no more than `crs_gap` days apart
       (1: consecutive days).
    2. Until a day of fever it is not CRS: those days are grade 0.
    3. From fever on, once ANTICYT (with `antipyretics` also ANTIPYR) is Y, fever is no longer required in this episode.
    4. A day with none of the three signs is grade 0 and, at a gap of 1, ends the episode.

    Columns: USUBJID, ADT (a date), TMAX, ANTICYT (tocilizumab, other anticytokine or steroid given today or earlier
    in the episode), ANTIPYR with `antipyretics`, and the signs of `crs_grade`.
    """
    ordered = days.set_axis(range(len(days))).sort_values(["USUBJID", "ADT"])
    lifting = ["ANTICYT", "ANTIPYR"] if antipyretics else ["ANTICYT"]
    given = [pd.concat([_is(ordered[drug], worst) for drug in lifting], axis=1).any(axis=1) for worst in (False, True)]
    low, high = (
        _day_grade(ordered, given[worst], vasopressin_alone_grade, crs_gap, worst).sort_index()
        for worst in (False, True)
    )
    return low.where(low == high).set_axis(days.index)


def _is(flag: pd.Series, worst: bool) -> pd.Series:
    """Whether a flag is (or, at worst, could be) Y."""
    return ~flag.isin(["N"]) if worst else flag.isin(["Y"])


def _day_grade(ordered: pd.DataFrame, given: pd.Series, alone: int, gap: int, worst: bool) -> pd.Series:
    hot = _is(fever(ordered["TMAX"]), worst)
    hypotension, hypoxia = _signs(ordered, alone, worst)
    sick = ordered[hot | (hypotension > 0) | (hypoxia > 0)]
    near = sick["USUBJID"].eq(sick["USUBJID"].shift()) & (sick["ADT"].diff().dt.days <= gap)
    run = (~near).cumsum()
    begun = hot[sick.index].groupby(run).cummax()
    treated = given[sick.index].groupby(run).cummax()
    on_treatment = (begun & treated).reindex(ordered.index, fill_value=False)
    return _grade(hot, on_treatment, hypotension, hypoxia)


def _grade(hot: pd.Series, on_treatment: pd.Series, hypotension: pd.Series, hypoxia: pd.Series) -> pd.Series:
    sign = np.maximum(hypotension, hypoxia)
    return sign.clip(lower=1).where(hot, sign.where(on_treatment, 0.0))


def _signs(signs: pd.DataFrame, alone: int, worst: bool) -> tuple[pd.Series, pd.Series]:
    return _hypotension(signs, alone, worst), _hypoxia(signs, worst)


def _hypotension(signs: pd.DataFrame, alone: int, worst: bool) -> pd.Series:
    """Grade 0, 2, 3 or 4; blank pressor fields beside HYPOT = N mean none was given."""
    if alone not in (2, 3):
        raise ValueError(f"vasopressin alone is CRS grade 2 or 3, not {alone}: see decision VASOPRESSIN_ALONE_GRADE")
    low_pressure = _is(signs["HYPOT"], worst)
    pressors = pd.to_numeric(signs["NPRESSOR"], errors="coerce")
    pressors = pressors.fillna(pd.Series(np.where(worst & low_pressure, 2, 0), index=signs.index))
    vasopressin = _is(signs["VASOPRES"], worst) & (signs["VASOPRES"].notna() | low_pressure)
    grade = np.select([pressors >= 2, pressors >= 1, vasopressin, low_pressure], [4.0, 3.0, float(alone), 2.0], 0.0)
    return pd.Series(grade, index=signs.index)


def _hypoxia(signs: pd.DataFrame, worst: bool) -> pd.Series:
    """Grade 0, 2, 3 or 4 of the oxygen given for CRS; more than 6 L/min by nasal cannula is high flow."""
    flow = pd.to_numeric(signs["O2FLOW"], errors="coerce").fillna(np.inf if worst else 0.0)
    grade = signs["O2MODE"].map(OXYGEN_GRADE).astype(float)
    grade = grade.mask(signs["O2MODE"].eq("NC") & above(flow, LOW_FLOW), 3.0).fillna(4.0 if worst else 0.0)
    for_crs = ~signs["O2REAS"].isin(NOT_CRS) if worst else signs["O2REAS"].isin(["CRS"])
    return grade.where(for_crs, 0.0)
