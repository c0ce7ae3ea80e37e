"""What belongs to which treatment period: records cut to a period, periods stacked under each other."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from adam.derive.dates import possible_days
from pipeline.ground.metadata import DatasetSpec, Period

MEASURED, EVENTS = "FINDINGS", "EVENTS"
STARTS = ("ASTDT", "ADT")  # what dates a record of an analysis dataset
OF_PERIOD = (("ABLFL", "Y"), ("TRTEMFL", "Y"))  # an earlier record that is nevertheless of the period


def of_period(records: pd.DataFrame, spec: DatasetSpec, periods: pd.DataFrame, number: int) -> pd.DataFrame:
    """The records of an SDTM domain that a treatment period may look at: none of the time after its end.

    1. A period ends with the first dose of the subject's next one. What begins on that day (events, treatments) is of
       the next; what was measured on that day was measured before the dose.
    2. A partial date counts by its first possible day; of records without a date, events are of the first period.
    3. A later period looks at the subjects treated in it alone, and at all that was before, for its baseline.
    """
    treated = periods[periods["APERIOD"] == number]
    end = _of_subject(records, treated, "NEXTDT")
    name = next((one for one in (f"{spec.dataset}STDTC", f"{spec.dataset}DTC") if one in records.columns), "")
    day = possible_days(records[name])["FIRST"] if name else pd.Series(pd.NaT, records.index, "datetime64[s]")
    kept = ~(day > end) if spec.observation_class == MEASURED else ~(day >= end)
    if number > 1:
        undated_event = day.isna() & (spec.observation_class == EVENTS)
        kept = kept & records["USUBJID"].isin(treated["USUBJID"]) & ~undated_event
    return records[kept]


def stacked(parts: Sequence[pd.DataFrame], starts: pd.DataFrame, periods: Sequence[Period]) -> pd.DataFrame:
    """The parts of one dataset, made for each treatment period, with APERIOD and APERIODC.

    A later part holds again what was before its period: of that its baseline and what is treatment-emergent in it stay.
    """
    whole = []
    for number, (part, period) in enumerate(zip(parts, periods, strict=True), start=1):
        kept = part if number == 1 else part[_within(part, starts[starts["APERIOD"] == number])]
        whole.append(kept.assign(APERIOD=float(number), APERIODC=period.label))
    return pd.concat([part for part in whole if len(part)] or whole[:1], ignore_index=True)


def _within(part: pd.DataFrame, treated: pd.DataFrame) -> pd.Series:
    """True for the records that are dated in their period, undated, or flagged as its own."""
    begin = _of_subject(part, treated, "APERSDT")
    name = next((one for one in STARTS if one in part.columns), "")
    kept = ~(part[name] < begin) if name else pd.Series(True, part.index)
    for flag, value in OF_PERIOD:
        if flag in part.columns:
            kept = kept | part[flag].eq(value)
    return kept


def period_variables(people: pd.DataFrame, periods: pd.DataFrame, count: int) -> pd.DataFrame:
    """The subjects with the first and last dose of each period (AP01SDT, AP01EDT, AP02SDT …), of later ones the arms.

    Planned (TRT02P …) is the arm assigned; actual (TRT02A …) that of what was given in the period.
    """
    for number in range(1, count + 1):
        treated = periods[periods["APERIOD"] == number]
        dates = {"SDT": "APERSDT", "EDT": "APEREDT"}
        people = people.assign(**{
            f"AP{number:02d}{end}": _of_subject(people, treated, name) for end, name in dates.items()
        })  # fmt: skip
        if number > 1:
            planned = people["ARM"].where(people["USUBJID"].isin(treated["USUBJID"]))
            actual = _of_subject(people, treated, "APERTRT").astype("str")
            people = people.assign(**{f"TRT{number:02d}P": planned, f"TRT{number:02d}A": actual})
    return people


def _of_subject(records: pd.DataFrame, treated: pd.DataFrame, name: str) -> pd.Series:
    """What is known of the treated subjects beside the records; missing for all where nobody was treated."""
    return treated.set_index("USUBJID")[name].reindex(records["USUBJID"]).set_axis(records.index)
