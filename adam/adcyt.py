"""ADCYT: cytopenia by laboratory values: prolonged, ICAHT, T-ICAHT, recovery, CAR-HEMATOTOX (analysis plan 4.2-4.4)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from adam.criteria.car_hematotox import RISK, car_hematotox
from adam.criteria.icaht import RECOVERY, haematotoxicity
from adam.derive.dates import infusion_day
from adam.derive.flags import yes_no
from adam.derive.merge import derive_vars_merged, filter_extreme
from pipeline.ground.words import value_text

PROLONGED = {"PRLNEUT": "NEUT", "PRLPLAT": "PLAT", "PRLHGB": "HGB"}
ANY = "PRLCYT"
SOURCE = ["ADT", "CARTDY", "SRCDOM", "SRCVAR", "SRCSEQ"]
NOT_LOW, NOT_RECOVERED = "NOT LOW", "NOT RECOVERED"
GRADES = {0.0: "0", 1.0: "1", 2.0: "2", 3.0: "3", 4.0: "4"}
SCORE = "HTSCORE"


def adcyt(
    adlb: pd.DataFrame, subjects: pd.DataFrame, assessments: pd.DataFrame, prlcyt_days: tuple[int, ...],
    prlcyt_late: int, prlcyt_grade: int, icaht: pd.DataFrame, icaht_run: str, icaht_gap: int, hematotox: pd.DataFrame,
) -> pd.DataFrame:
    """One record per infused subject and parameter (prolonged: and day asked about); without a value where nothing was
    measured that tells it.

    1. Prolonged: the last result from each of PRLCYT_DAYS (CARTDY) to PRLCYT_LATE days after it is of grade
       PRLCYT_GRADE or higher; any: Y where one of the three is, N where at least one was measured and none is
       (clarification 17).
    2. ICAHT, T-ICAHT and recovery, by the table decided: days from the infusion, whose own is day 0. What `ends` there
       looks at counts up to the first progression and before a new anticancer therapy. A recovery has the date of its
       day, or of the last count where there was none to see.
    3. CAR-HEMATOTOX, by the table decided: of the baseline values of ADLB in its units.
    """
    people = _people(subjects, assessments)
    results = _results(adlb, people)
    found = [part for day in prlcyt_days for part in _prolonged(results, day, prlcyt_late, prlcyt_grade)]
    found = [*found, *_haematotoxicity(results, icaht, icaht_run, icaht_gap), *_score(results, hematotox)]
    made: list[tuple[str, str | None, float]]
    made = [(code, f"Day {day}", day) for day in prlcyt_days for code in (*PROLONGED, ANY)]
    made += [(code, None, np.nan) for code in (*icaht["parameter"].unique(), SCORE, RISK)]
    asked = pd.DataFrame(made, columns=["PARAMCD", "AVISIT", "AVISITN"]).astype({"AVISIT": "str", "AVISITN": "float64"})
    everyone = people[["STUDYID", "USUBJID"]].merge(asked, how="cross")
    return everyone.merge(pd.concat(found, ignore_index=True), on=["USUBJID", "PARAMCD", "AVISITN"], how="left")


def adcyt_sources(
    adcyt: pd.DataFrame, adlb: pd.DataFrame, subjects: pd.DataFrame, assessments: pd.DataFrame, icaht: pd.DataFrame,
    hematotox: pd.DataFrame,
) -> pd.DataFrame:
    """One record per record of ADCYT and laboratory result that its value rests on: of days and grades all counts of
    the days looked at, of the score the baseline values, of any prolonged cytopenia the result of each of the three."""
    results = _results(adlb, _people(subjects, assessments))
    parts = []
    for code, own, counts in _counted(results, icaht):
        parts.append(_inside(counts, own).assign(PARAMCD=code))
    parts += [_markers(results, hematotox).assign(PARAMCD=code) for code in (SCORE, RISK)]
    three = adcyt[adcyt["PARAMCD"].isin(list(PROLONGED)) & adcyt["SRCSEQ"].notna()]
    names = ["STUDYID", "USUBJID", "PARAMCD", "AVISITN", "SRCDOM", "SRCVAR", "SRCSEQ"]
    parts = [part.assign(AVISITN=np.nan) for part in parts]
    return pd.concat([part[names] for part in [*parts, three.assign(PARAMCD=ANY)]])


def _people(subjects: pd.DataFrame, assessments: pd.DataFrame) -> pd.DataFrame:
    """One record per infused subject with the dates up to which counts are looked at."""
    people = subjects.loc[subjects["CARTSDT"].notna(), ["STUDYID", "USUBJID", "CARTSDT", "CARTSDY", "NACTDT"]]
    return derive_vars_merged(people, assessments, ["PDDT"], order=["PDDT"])


def _results(adlb: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """Their laboratory results with these dates."""
    dates = ["CARTSDT", "CARTSDY", "NACTDT", "PDDT"]
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


def _prolonged(results: pd.DataFrame, day: int, late: int, grade: int) -> list[pd.DataFrame]:
    """Whether each cytopenia is prolonged on a day, and any of them."""
    window = results[results["CARTDY"].between(day, day + late) & results["AVAL"].notna()]
    three = [_prolonged_test(window, code, test, grade) for code, test in PROLONGED.items()]
    return [part.assign(AVISITN=float(day)) for part in (*three, _any(three))]


def _prolonged_test(window: pd.DataFrame, code: str, test: str, grade: int) -> pd.DataFrame:
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
    parts = []
    for code, own, counts in _counted(results, rules):
        found = haematotoxicity(counts, own, run, gap)
        if own["how"].eq(RECOVERY).all():
            parts.append(_recovered(found, _inside(counts, own)).assign(PARAMCD=code))
        else:
            parts.append(_values(found, "AVAL", code, own["grade"].notna().any()))
    return parts


def _inside(counts: pd.DataFrame, rules: pd.DataFrame) -> pd.DataFrame:
    """The counts of the days that a parameter looks at."""
    first, last = (pd.to_numeric(rules[name]).iloc[0] for name in ("from", "to"))
    return counts[counts["CARTDY"].between(first, last) & counts["AVAL"].notna()]


def _recovered(found: pd.DataFrame, counts: pd.DataFrame) -> pd.DataFrame:
    """Days of recovery with their date and the lowest count of the day, or where the day is filled in of the next one
    with a count; with the last count where a subject was not low or did not recover, which AVALC then says."""
    daily = counts.sort_values(["USUBJID", "CARTDY", "AVAL", "SRCSEQ"]).drop_duplicates(["USUBJID", "CARTDY"])
    seen = daily.drop(columns="AVAL").merge(found, on="USUBJID", how="left")
    shown = seen[seen["CARTDY"] >= seen["AVAL"]].drop_duplicates("USUBJID")
    last = seen[~seen["USUBJID"].isin(shown["USUBJID"])].drop_duplicates("USUBJID", keep="last")
    one = pd.concat([shown, last], ignore_index=True)
    date = one["ADT"].where(one["AVAL"].isna(), one["CARTSDT"] + pd.to_timedelta(one["AVAL"], unit="D"))
    text = one["AVAL"].map(value_text, na_action="ignore").astype("str").fillna(NOT_RECOVERED)
    text = text.where(one["USUBJID"].isin(found["USUBJID"]), NOT_LOW)
    return one[["USUBJID", "AVAL", *SOURCE]].assign(AVALC=text, ADT=date, CARTDY=infusion_day(date, one))


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
