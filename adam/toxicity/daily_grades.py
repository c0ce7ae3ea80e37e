"""Grades of each day from what was recorded that day: of CRS, ICANS and what a table grades (analysis plan 3)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd

from adam.criteria.astct_crs import daily_crs_grade
from adam.criteria.astct_icans import NeuroTestRule, capd_grade, icans_grade, ice_score
from adam.criteria.grade_table import grade_by
from adam.derive.conditions import people_of
from adam.derive.dates import possible_days
from pipeline.ground.clauses import compared_with_numbers, meeting, meets, names
from pipeline.ground.toxicities import Days, Toxicity

CRS_ITEMS = ["TMAX", "ANTIPYR", "ANTICYT", "HYPOT", "NPRESSOR", "VASOPRES", "O2MODE", "O2FLOW", "O2REAS", "CRSGR"]
ICANS_ITEMS = ["LOC", "SEIZ", "MOTOR", "ICP", "ICANSGR"]
TEST_ITEMS = ["ICETOT", "ICEUNA", "CAPDTOT", "CAPDUNA"]
TESTS = ("ICE", "CAPD")
CRS, ICANS = "CRS", "ICANS"
KEYS = ["STUDYID", "USUBJID", "ADT", "NTH"]


def daily_grades(
    fa: pd.DataFrame, qs: pd.DataFrame, subjects: pd.DataFrame, toxicities: tuple[Toxicity, ...],
    vasopressin_alone_grade: int, crs_gap: int, crs_antipyretics: bool, icans_unable: str, icans_no_test: str,
    ice_over: str, **named: pd.DataFrame,
) -> pd.DataFrame:
    """One record per subject, toxicity, day and assessment of the day (NTH), of CRS, ICANS and those with `days:`.

    DERGR is the grade that follows from the components, by the table of the toxicity's scale where there is one, of CRS
    and ICANS else by ASTCT 2019; INVGR the grade the investigator gave, ICE the lowest score.
    ICANS days are those of the test (ICE, or CAPD in subjects who meet `capd:` of ICANS in toxicities.yaml) and of the
    ICANS assessment together.
    """
    domains = {"fa": fa, "qs": qs} | named
    astct = partial(
        daily_crs_grade, vasopressin_alone_grade=vasopressin_alone_grade, crs_gap=crs_gap, antipyretics=crs_antipyretics
    )
    daily = {one.name: one.days for one in toxicities if one.days and one.name != ICANS}
    made = [_graded_days(name, days, domains[days.of], astct) for name, days in daily.items()]
    told = next((toxicity.capd for toxicity in toxicities if toxicity.name == ICANS), "")
    of_days = [days.of for days in daily.values()]
    people = people_of(subjects, {name: frame for name, frame in named.items() if name not in of_days})
    young = people.loc[meets(people, told), "USUBJID"] if told else people["USUBJID"].head(0)
    rule = NeuroTestRule(icans_unable == "ALWAYS 4", icans_no_test == "OTHER SIGNS", ice_over == "FULL SCORE")
    return pd.concat([*made, _icans_days(fa, qs, young, rule)])


def _graded_days(
    name: str, days: Days, records: pd.DataFrame, astct: Callable[[pd.DataFrame], pd.Series]
) -> pd.DataFrame:
    """The days of a toxicity with its grade by the table of its scale, of CRS without one by ASTCT 2019."""
    told = [*CRS_ITEMS, *(test for clause in days.grades.values() for test in names(clause)), days.grade]
    domain, asked = days.of.upper(), [*dict.fromkeys(filter(None, told))]
    wide = _wide(meeting(records, days.where, "toxicities.yaml"), domain, asked)
    given = wide.astype(dict.fromkeys(asked, "str"))
    given = given.fillna({test: result for test, result in days.blank.items() if test in asked})
    numbers = {test for clause in days.grades.values() for test in compared_with_numbers(clause)}
    given = given.assign(**{test: pd.to_numeric(given[test], errors="coerce") for test in sorted(numbers)})
    if days.grades or name != CRS:
        derived = grade_by(given, days.grades) if days.grades else pd.Series(np.nan, given.index)
    else:
        derived = astct(given)
    recorded = pd.to_numeric(wide[days.grade], errors="coerce") if days.grade else pd.Series(np.nan, wide.index)
    return wide.assign(TOXICITY=name, SRCDOM=domain, SRCVAR=f"{domain}STRESC", DERGR=derived, INVGR=recorded)


def _icans_days(fa: pd.DataFrame, qs: pd.DataFrame, young: pd.Series, rule: NeuroTestRule) -> pd.DataFrame:
    """ICANS days; a day with a test and no ICANS form had nothing to record on it, unless the test says unable."""
    days = _wide(fa[fa["FACAT"] == "ICANS ASSESSMENT"], "FA", ICANS_ITEMS)
    test = _wide(qs[qs["QSCAT"].isin(TESTS)], "QS", TEST_ITEMS)
    both = test.merge(days, on=KEYS, how="outer", suffixes=("_TEST", ""))
    no_form, by_capd = both["SRCSEQ"].isna(), both["USUBJID"].isin(young)
    unable = both["ICEUNA"].mask(by_capd, both["CAPDUNA"])
    signs = {name: both[name].mask(no_form, "0") for name in ("SEIZ", "MOTOR", "ICP")}
    signs["LOC"] = both["LOC"].mask(no_form & ~unable.eq("Y"), "0")
    by_test = [
        graded(both[score], unable, signs["LOC"], signs["SEIZ"], signs["MOTOR"], signs["ICP"], rule)
        for graded, score in ((icans_grade, "ICETOT"), (capd_grade, "CAPDTOT"))
    ]
    return both[KEYS].assign(
        TOXICITY=ICANS, INVGR=pd.to_numeric(both["ICANSGR"], errors="coerce"), ICE=ice_score(both["ICETOT"], rule),
        CAPD=pd.to_numeric(both["CAPDTOT"], errors="coerce"),
        DERGR=by_test[0].mask(by_capd, by_test[1]),
        SRCSEQ=both["SRCSEQ"].fillna(both["SRCSEQ_TEST"]), SRCDOM=no_form.map({True: "QS", False: "FA"}),
        SRCVAR=no_form.map({True: "QSSTRESC", False: "FASTRESC"}),
    )


def _wide(records: pd.DataFrame, domain: str, items: list[str]) -> pd.DataFrame:
    """One record per subject, day and assessment of the day (NTH): its results as columns, SRCSEQ of its first."""
    days = records.assign(ADT=possible_days(records[f"{domain}DTC"])["FIRST"]).dropna(subset=["ADT"])
    days = days[days[f"{domain}TESTCD"].isin(items)].sort_values(["USUBJID", f"{domain}SEQ"])
    days = days.assign(NTH=days.groupby(["USUBJID", "ADT", f"{domain}TESTCD"]).cumcount())
    wide = days.pivot(index=KEYS, columns=f"{domain}TESTCD", values=f"{domain}STRESC").reindex(columns=items)
    seq = days.groupby(KEYS)[f"{domain}SEQ"].min().rename("SRCSEQ")
    return wide.join(seq).reset_index()
