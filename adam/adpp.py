"""ADPP: parameters of cellular kinetics per subject, analyte, specimen and assay (analysis plan 7)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from adam.criteria import kinetics as criteria
from adam.derive.courses import courses
from adam.derive.dates import infusion_day
from adam.derive.flags import first_reason, yes_no
from pipeline.ground.clauses import meeting
from pipeline.ground.course import KineticParameter

SEVERAL_UNITS = "RESULTS IN SEVERAL UNITS"
OF_COURSE = ["STUDYID", "USUBJID", "PARCAT1", "PPSPEC", "PCMETHOD"]
MADE = ["AVAL", "AVALC", "CNSR", "PARTFL", "PPREASND", "ADT", "SRCVAR", "SRCSEQ"]
WHOLE = [*OF_COURSE, "PARAMCD", "PARAM", *MADE, "AVALU", "PPSTINT", "PPENINT", "PPRFTDTC", "CARTDY", "SRCDOM"]


@dataclass(frozen=True)
class AskedKinetics:
    """A parameter, the samples of its courses in one unit, and the decisions on half-life and persistence."""

    one: KineticParameter
    samples: pd.DataFrame
    points: int
    r_squared: float
    span: float
    consecutive: int


def adpp(
    adpc: pd.DataFrame, subjects: pd.DataFrame, kinetics: tuple[KineticParameter, ...], lamz_points: int,
    lamz_r2: float, lamz_span: float, persist_blq: int,
) -> pd.DataFrame:
    """One record per subject, analyte, specimen and assay with a sample that counts, per parameter of kinetics.yaml.

    1. A course has a record where AVAL cannot be had too; PPREASND says why. Results in several units have none.
    2. SRCSEQ is the sample behind the value; what rests on several names them in ADPP_SOURCES.
    """
    decided = (lamz_points, lamz_r2, lamz_span, persist_blq)
    if not kinetics:
        return pd.DataFrame(columns=WHOLE)
    made = pd.concat([_parameter(adpc, one, decided) for one in kinetics])
    dated = made.merge(subjects[["USUBJID", "CARTSDT", "CARTSDY"]], on="USUBJID", how="left")
    from_day = pd.to_datetime(dated["CARTSDT"]).dt.strftime("%Y-%m-%d")
    return dated.assign(CARTDY=infusion_day(dated["ADT"], dated), PPRFTDTC=from_day, SRCDOM="PC")


def adpp_sources(adpc: pd.DataFrame, kinetics: tuple[KineticParameter, ...]) -> pd.DataFrame:
    """One record per record of ADPP and sample that its value rests on: of an area those of the curve to its end, of
    every other parameter all samples of the course, since each could have been the highest, the last or a point."""
    parts = []
    for one in kinetics:
        samples = _samples(adpc, one)
        behind = criteria.curve_to(samples, one.to) if one.measure == "area" else samples
        parts.append(_told(behind).assign(PARAMCD=one.code, SRCDOM="PC", SRCVAR="PCSTRESC", SRCSEQ=behind["PCSEQ"]))
    names = [*OF_COURSE, "PARAMCD", "SRCDOM", "SRCVAR", "SRCSEQ"]
    return pd.concat([part[names] for part in parts]) if parts else pd.DataFrame(columns=names)


def _samples(adpc: pd.DataFrame, one: KineticParameter) -> pd.DataFrame:
    """The samples of a parameter by course."""
    samples = courses(meeting(adpc, one.where, "kinetics.yaml"))
    return samples.assign(CURVE=samples["AUCVAL"])


def _told(samples: pd.DataFrame) -> pd.DataFrame:
    """The samples with what a course is called in ADPP."""
    return samples.assign(PARCAT1=samples["PARAM"], PPSPEC=samples["PCSPEC"])


def _parameter(adpc: pd.DataFrame, one: KineticParameter, decided: tuple[int, float, float, int]) -> pd.DataFrame:
    """One record per course of one parameter."""
    samples = _samples(adpc, one)
    alike = samples.groupby("COURSE")["AVALU"].transform("nunique") <= 1
    people = _told(samples).drop_duplicates("COURSE").set_index("COURSE")
    made = MEASURED[one.measure](AskedKinetics(one, samples[alike], *decided)).reindex(index=people.index, columns=MADE)
    several = ~people.index.isin(samples.loc[alike, "COURSE"])
    end = f"P{one.to:g}D" if one.to else np.nan
    return people[OF_COURSE].join(made).assign(
        PARAMCD=one.code, PARAM=one.label, AVALU=_unit(one, people["AVALU"].mask(several)),
        PPREASND=made["PPREASND"].astype("str").mask(several, SEVERAL_UNITS), ADT=pd.to_datetime(made["ADT"]),
        PPSTINT="P0D" if one.to else np.nan, PPENINT=end,
    )  # fmt: skip


def _unit(one: KineticParameter, of_results: pd.Series) -> pd.Series | str | float:
    """The unit of a parameter: that of the results, day times it, days, or none."""
    if one.measure in ("peak", "last"):
        return of_results
    if one.measure == "area":
        return "day*" + of_results
    return np.nan if one.measure == "detectable" else "DAYS"


def _of_sample(of: AskedKinetics, found: pd.DataFrame, value: str, variable: str) -> pd.DataFrame:
    """The value that one sample of each course gives, with its date and source; why there is none elsewhere."""
    by_course = found.set_index("COURSE").reindex(of.samples["COURSE"].unique())
    known = by_course[value].notna()
    return by_course.drop(columns="AVALC").assign(
        AVAL=by_course[value], PPREASND=first_reason(by_course.index, {criteria.NEVER: ~known}),
        SRCVAR=first_reason(by_course.index, {variable: known}), SRCSEQ=by_course["PCSEQ"],
    )  # fmt: skip


def _peak(of: AskedKinetics) -> pd.DataFrame:
    return _of_sample(of, criteria.peak(of.samples), "VALUE", "PCSTRESN")


def _peak_time(of: AskedKinetics) -> pd.DataFrame:
    return _of_sample(of, criteria.peak(of.samples), "TIME", "PCDTC")


def _last(of: AskedKinetics) -> pd.DataFrame:
    return _of_sample(of, criteria.last_quantifiable(of.samples), "VALUE", "PCSTRESN")


def _last_time(of: AskedKinetics) -> pd.DataFrame:
    return _of_sample(of, criteria.last_quantifiable(of.samples), "TIME", "PCDTC")


def _persistence(of: AskedKinetics) -> pd.DataFrame:
    return _of_sample(of, criteria.persistence(of.samples, of.consecutive), "TIME", "PCDTC")


def _area(of: AskedKinetics) -> pd.DataFrame:
    made = criteria.area_under_curve(of.samples, of.one.to)
    return made.rename(columns={"REASON": "PPREASND"})


def _half_life(of: AskedKinetics) -> pd.DataFrame:
    made = criteria.half_life(of.samples, of.points, of.r_squared, of.span)
    return made.rename(columns={"REASON": "PPREASND"})


def _detectable(of: AskedKinetics) -> pd.DataFrame:
    """Whether the last result of each course is quantifiable: Y and 1, N and 0."""
    last = of.samples.drop_duplicates("COURSE", keep="last").set_index("COURSE")
    quantifiable = last["QUANTFL"] == "Y"
    return last.assign(AVAL=quantifiable.astype("float64"), AVALC=yes_no(quantifiable), SRCVAR="PCSTRESC",
                       SRCSEQ=last["PCSEQ"])  # fmt: skip


MEASURED: dict[str, Callable[[AskedKinetics], pd.DataFrame]] = {
    "peak": _peak, "peak_time": _peak_time, "area": _area, "last": _last, "last_time": _last_time,
    "half_life": _half_life, "persistence": _persistence, "detectable": _detectable,
}  # fmt: skip
