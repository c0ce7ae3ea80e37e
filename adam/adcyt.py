"""ADCYT: cytopenia by laboratory values: prolonged, ICAHT, T-ICAHT, recovery, CAR-HEMATOTOX (analysis plan 4.2-4.4)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from adam.criteria.car_hematotox import RISK, car_hematotox
from adam.criteria.icaht import haematotoxicity
from adam.derive.dates import infusion_day
from adam.derive.flags import yes_no
from adam.derive.merge import derive_vars_merged, filter_extreme

PROLONGED = {"PRLNEUT": "NEUT", "PRLPLAT": "PLAT", "PRLHGB": "HGB"}
ANY = "PRLCYT"
SOURCE = ["ADT", "CARTDY", "SRCDOM", "SRCVAR", "SRCSEQ"]
GRADES = {0.0: "0", 1.0: "1", 2.0: "2", 3.0: "3", 4.0: "4"}
SCORE = "HTSCORE"


def adcyt(
    adlb: pd.DataFrame, subjects: pd.DataFrame, assessments: pd.DataFrame, prlcyt_low: int, prlcyt_high: int,
    prlcyt_grade: int, icaht: pd.DataFrame, icaht_run: str, icaht_gap: int, hematotox: pd.DataFrame,
) -> pd.DataFrame:
    """One record per infused subject and parameter; without a value where nothing was measured that tells it.

    1. Prolonged: the last result of the window PRLCYT_LOW to PRLCYT_HIGH (CARTDY) is of grade PRLCYT_GRADE or higher;
       any: Y where one of the three is, N where at least one was measured and none is (clarification 17).
    2. ICAHT, T-ICAHT and recovery, by the table decided: days from the infusion, whose own is day 0. What `ends` there
       looks at counts up to the first progression and before a new anticancer therapy.
    3. CAR-HEMATOTOX, by the table decided: of the baseline values of ADLB in its units.
    """
    people = _people(subjects, assessments)
    results = _results(adlb, people)
    window = results[results["CARTDY"].between(prlcyt_low, prlcyt_high) & results["AVAL"].notna()]
    found = [_prolonged(window, code, test, prlcyt_grade) for code, test in PROLONGED.items()]
    found = [*found, _any(found), *_haematotoxicity(results, icaht, icaht_run, icaht_gap), *_score(results, hematotox)]
    made = pd.Series([*PROLONGED, ANY, *icaht["parameter"].unique(), SCORE, RISK], name="PARAMCD")
    everyone = people[["STUDYID", "USUBJID"]].merge(made, how="cross")
    return everyone.merge(pd.concat(found, ignore_index=True), on=["USUBJID", "PARAMCD"], how="left")


def adcyt_sources(
    adcyt: pd.DataFrame, adlb: pd.DataFrame, subjects: pd.DataFrame, assessments: pd.DataFrame, icaht: pd.DataFrame,
    hematotox: pd.DataFrame,
) -> pd.DataFrame:
    """One record per record of ADCYT and laboratory result that its value rests on: of days and grades all counts of
    the days looked at, of the score the baseline values, of any prolonged cytopenia the result of each of the three."""
    results = _results(adlb, _people(subjects, assessments))
    parts = []
    for code, own, counts in _counted(results, icaht):
        first, last = (pd.to_numeric(own[name]).iloc[0] for name in ("from", "to"))
        inside = counts["CARTDY"].between(first, last) & counts["AVAL"].notna()
        parts.append(counts[inside].assign(PARAMCD=code))
    parts += [_markers(results, hematotox).assign(PARAMCD=code) for code in (SCORE, RISK)]
    three = adcyt[adcyt["PARAMCD"].isin(list(PROLONGED)) & adcyt["SRCSEQ"].notna()]
    names = ["STUDYID", "USUBJID", "PARAMCD", "SRCDOM", "SRCVAR", "SRCSEQ"]
    return pd.concat([part[names] for part in [*parts, three.assign(PARAMCD=ANY)]])


def _people(subjects: pd.DataFrame, assessments: pd.DataFrame) -> pd.DataFrame:
    """One record per infused subject with the dates up to which counts are looked at."""
    people = subjects.loc[subjects["CARTSDT"].notna(), ["STUDYID", "USUBJID", "CARTSDT", "NACTDT"]]
    return derive_vars_merged(people, assessments, ["PDDT"], order=["PDDT"])


def _results(adlb: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """Their laboratory results with these dates."""
    dates = ["CARTSDT", "NACTDT", "PDDT"]
    results = adlb[adlb["USUBJID"].isin(people["USUBJID"])].drop(columns=dates, errors="ignore")
    return derive_vars_merged(results, people, dates)


def _counted(results: pd.DataFrame, rules: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame, pd.DataFrame]]:
    """Each parameter of the table of ICAHT with its rules and the counts they look at, by days from the infusion."""
    counted = results.assign(CARTDY=infusion_day(results["ADT"], results[["CARTSDT"]]))
    before = counted[~(counted["ADT"] >= counted["NACTDT"]) & ~(counted["ADT"] > counted["PDDT"])]
    for code, own in rules.groupby("parameter", sort=False):
        records = before if own["ends"].eq("Y").any() else counted
        yield str(code), own, records[records["PARAMCD"] == own["lbtestcd"].iloc[0]]


def _markers(results: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """The baseline values of the score in the units of its table."""
    units = dict(zip(table["marker"], table["unit"], strict=True))
    return results[results["ABLFL"].eq("Y") & results["AVALU"].eq(results["PARAMCD"].map(units))]


def _prolonged(window: pd.DataFrame, code: str, test: str, grade: int) -> pd.DataFrame:
    """Whether the last result of a test in the window is of that grade or higher."""
    last = filter_extreme(window[window["PARAMCD"] == test], ["USUBJID"], ["ADT", "SRCSEQ"], mode="last")
    met = last["ATOXGRLN"] >= grade
    return last[["USUBJID", *SOURCE]].assign(PARAMCD=code, AVAL=met.astype("float64"), AVALC=yes_no(met))


def _any(found: list[pd.DataFrame]) -> pd.DataFrame:
    """Whether any of them is met; of the records one that is, else the first."""
    every = pd.concat(found, ignore_index=True)
    every = every.assign(MILD=-every["AVAL"]).sort_values(["USUBJID", "MILD"], kind="stable")
    return every.drop_duplicates("USUBJID").drop(columns="MILD").assign(PARAMCD=ANY)


def _haematotoxicity(results: pd.DataFrame, rules: pd.DataFrame, run: str, gap: int) -> list[pd.DataFrame]:
    """The parameters of the table of ICAHT: grades, days of a low count, days of recovery."""
    return [_values(haematotoxicity(counts, own, run, gap), "AVAL", code, own["grade"].notna().any())
            for code, own, counts in _counted(results, rules)]  # fmt: skip


def _values(table: pd.DataFrame, name: str, code: str, graded: bool) -> pd.DataFrame:
    """The values of a table as records of a parameter; a grade as text too."""
    text = table[name].map(GRADES).astype("str") if graded else pd.Series(np.nan, table.index, "str")
    value = table[name].astype("float64")
    return pd.DataFrame({"USUBJID": table["USUBJID"], "PARAMCD": code, "AVAL": value, "AVALC": text})


def _score(results: pd.DataFrame, table: pd.DataFrame) -> list[pd.DataFrame]:
    """CAR-HEMATOTOX and its risk, of the baseline values in the units of its table."""
    base, names = _markers(results, table), list(table["marker"].unique())
    markers = base.pivot(index="USUBJID", columns="PARAMCD", values="AVAL").reindex(columns=names).reset_index()
    score = car_hematotox(markers, table).assign(USUBJID=markers["USUBJID"])
    risk = pd.DataFrame({"USUBJID": score["USUBJID"], "PARAMCD": RISK, "AVALC": score[RISK]})
    points = risk["AVALC"].map({"LOW": 0.0, "HIGH": 1.0}).astype("float64")
    return [_values(score, SCORE, SCORE, graded=False), risk.assign(AVAL=points)]
