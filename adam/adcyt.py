"""ADCYT: cytopenia by laboratory values: prolonged, ICAHT, T-ICAHT, recovery, CAR-HEMATOTOX (analysis plan 4.2-4.4)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from adam.criteria.car_hematotox import car_hematotox
from adam.criteria.icaht import icaht_early, icaht_late, recovery, t_icaht
from adam.derive.dates import infusion_day
from adam.derive.flags import yes_no
from adam.derive.merge import derive_vars_merged, filter_extreme

PROLONGED = {"PRLNEUT": "NEUT", "PRLPLAT": "PLAT", "PRLHGB": "HGB"}
ANY = "PRLCYT"
MARKERS = ["PLAT", "NEUT", "HGB", "CRP", "FERRITIN"]
SOURCE = ["ADT", "CARTDY", "SRCDOM", "SRCVAR", "SRCSEQ"]
GRADES = {0.0: "0", 1.0: "1", 2.0: "2", 3.0: "3", 4.0: "4"}
PLATELETS_RECOVERED = 50.0  # 10^9/L, from which T-ICAHT has no grade early
NEUTROPHILS_RECOVERED = 0.5


def adcyt(
    adlb: pd.DataFrame, subjects: pd.DataFrame, adrs: pd.DataFrame, prlcyt_low: int, prlcyt_high: int,
    prlcyt_grade: int, icaht_run: str,
) -> pd.DataFrame:
    """One record per infused subject and parameter; without a value where nothing was measured that tells it.

    1. Prolonged: the last result of the window PRLCYT_LOW to PRLCYT_HIGH (CARTDY) is of grade PRLCYT_GRADE or higher;
       any: Y where one of the three is, N where at least one was measured and none is (clarification 17).
    2. ICAHT, T-ICAHT and recovery: days from the infusion, whose own is day 0. T-ICAHT, late ICAHT and recovery look at
       counts up to progression (ADRS, PD) and before a new anticancer therapy.
    3. CAR-HEMATOTOX: of the baseline values of ADLB.
    """
    people = subjects.loc[subjects["CARTSDT"].notna(), ["STUDYID", "USUBJID", "CARTSDT", "NACTDT"]]
    progressed = adrs[adrs["PARAMCD"].eq("PD") & adrs["AVALC"].eq("Y")]
    people = derive_vars_merged(people, progressed, {"PDDT": "ADT"}, order=["ADT"])
    dates = ["CARTSDT", "NACTDT", "PDDT"]
    results = adlb[adlb["USUBJID"].isin(people["USUBJID"])].drop(columns=dates, errors="ignore")
    results = derive_vars_merged(results, people, dates)
    window = results[results["CARTDY"].between(prlcyt_low, prlcyt_high) & results["AVAL"].notna()]
    found = [_prolonged(window, code, test, prlcyt_grade) for code, test in PROLONGED.items()]
    found = [*found, _any(found), *_haematotoxicity(results, icaht_run), *_score(results)]
    everyone = people[["STUDYID", "USUBJID"]].merge(pd.Series([*PROLONGED, ANY, *MADE], name="PARAMCD"), how="cross")
    return everyone.merge(pd.concat(found, ignore_index=True), on=["USUBJID", "PARAMCD"], how="left")


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


def _haematotoxicity(results: pd.DataFrame, run: str) -> list[pd.DataFrame]:
    """ICAHT and T-ICAHT grades, days of neutropenia, days of recovery."""
    counted = results.assign(CARTDY=infusion_day(results["ADT"], results[["CARTSDT"]]))
    before = counted[~(counted["ADT"] >= counted["NACTDT"]) & ~(counted["ADT"] > counted["PDDT"])]
    of = {test: before[before["PARAMCD"] == test] for test in ("NEUT", "PLAT")}
    early, late = icaht_early(counted[counted["PARAMCD"] == "NEUT"], run), icaht_late(of["NEUT"])
    made = {
        "ICAHTE": (early, "ICAHTE"), "ICAHTL": (late, "ICAHTL"),
        "ANC500D": (early, "DAYS500"), "ANC100D": (early, "DAYS100"),
        "TICAHTE": (t_icaht(of["PLAT"], "EARLY"), "TICAHT"), "TICAHTL": (t_icaht(of["PLAT"], "LATE"), "TICAHT"),
        "ANCREC": (recovery(of["NEUT"], NEUTROPHILS_RECOVERED, or_equal=False), "RECDY"),
        "PLTREC": (recovery(of["PLAT"], PLATELETS_RECOVERED, or_equal=True), "RECDY"),
    }  # fmt: skip
    return [_values(table, name, code) for code, (table, name) in made.items()]


def _values(table: pd.DataFrame, name: str, code: str) -> pd.DataFrame:
    """The values of a table as records of a parameter; a grade as text too."""
    text = table[name].map(GRADES).astype("str") if code in GRADED else pd.Series(np.nan, table.index, "str")
    value = table[name].astype("float64")
    return pd.DataFrame({"USUBJID": table["USUBJID"], "PARAMCD": code, "AVAL": value, "AVALC": text})


def _score(results: pd.DataFrame) -> list[pd.DataFrame]:
    """CAR-HEMATOTOX and its risk, of the baseline values."""
    base = results[results["ABLFL"].eq("Y") & results["PARAMCD"].isin(MARKERS)]
    markers = base.pivot(index="USUBJID", columns="PARAMCD", values="AVAL").reindex(columns=MARKERS).reset_index()
    score = car_hematotox(markers).assign(USUBJID=markers["USUBJID"])
    risk = pd.DataFrame({"USUBJID": score["USUBJID"], "PARAMCD": "HTRISK", "AVALC": score["HTRISK"]})
    points = risk["AVALC"].map({"LOW": 0.0, "HIGH": 1.0}).astype("float64")
    return [_values(score, "HTSCORE", "HTSCORE"), risk.assign(AVAL=points)]


GRADED = ("ICAHTE", "ICAHTL", "TICAHTE", "TICAHTL")
MADE = ("ICAHTE", "ICAHTL", "ANC500D", "ANC100D", "TICAHTE", "TICAHTL", "ANCREC", "PLTREC", "HTSCORE", "HTRISK")
