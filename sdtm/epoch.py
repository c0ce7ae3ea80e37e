"""EPOCH: the epoch of the trial in which a record was collected, by the elements that its subject entered (SE)."""

from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.ground.dates import earliest, latest
from pipeline.ground.distinct import on_texts

EPOCH = "EPOCH"
Texts: TypeAlias = "npt.NDArray[np.object_]"
Truth: TypeAlias = "npt.NDArray[np.bool_]"


def with_epoch(records: pd.DataFrame, se: pd.DataFrame, date: str) -> pd.DataFrame:
    """The records with EPOCH, by the variable `date`: when they started (--STDTC), or else were collected (--DTC).

    1. A record belongs to the element within which its date lies, SESTDTC <= date < SEENDTC; on the day on which an
    element starts to that one, unless both have a time and that of the record is earlier. 2. The end of participation
    belongs to the last element. 3. EPOCH is missing where the days that a partial date may stand for lie in several
    epochs, or where one of them lies in none. Source: SDTMIG 3.4, 4.4.3 and 5.3 SE.
    """
    subjects = pd.Index(se["USUBJID"].unique())
    place = subjects.get_indexer(records["USUBJID"])  # -1, a subject without elements, takes what stands last
    told = records[date]
    first, last, clock = earliest(told).to_numpy(), latest(told).to_numpy(), _clock(told).to_numpy()
    surely, perhaps = np.zeros(len(records)), np.zeros(len(records))
    epoch: Texts = np.full(len(records), None, dtype="object")
    for entered in _in_turn(se):
        own = {name: values.to_numpy()[place] for name, values in entered.reindex([*subjects, None]).items()}
        one_day = (first == last) & (own["from"] == own["to"]) & (first == own["from"])
        before = np.zeros(len(records), dtype="bool")
        before[one_day] = _is_earlier(clock[one_day], own["clock"][one_day])
        begun, possible = (first >= own["to"]) & ~before, (last >= own["from"]) & ~before
        surely, perhaps = np.where(begun, own["stay"], surely), np.where(possible, own["stay"], perhaps)
        epoch[begun] = own[EPOCH][begun]
    ends = latest(_last_day(se).reindex([*subjects, None])).to_numpy()[place]
    known = (surely == perhaps) & ~(last > ends)
    return records.assign(EPOCH=pd.Series(epoch, records.index, "str").where(known))


def _is_earlier(clock: Texts, start: Texts) -> Truth:
    """Whether a time of day is before another, where both are known."""
    return np.array([bool(one) and bool(other) and one < other for one, other in zip(clock, start, strict=True)], bool)


def _in_turn(se: pd.DataFrame) -> list[pd.DataFrame]:
    """The first elements of all subjects, the second ones and so on, by subject (index).

    `from` and `to` are the days on which an element may have started; `stay` counts the epochs of a subject.
    """
    changed = se[EPOCH] != se.groupby("USUBJID")[EPOCH].shift()
    told = pd.DataFrame({
        "USUBJID": se["USUBJID"], EPOCH: se[EPOCH], "from": earliest(se["SESTDTC"]), "to": latest(se["SESTDTC"]),
        "clock": _clock(se["SESTDTC"]), "stay": changed.groupby(se["USUBJID"]).cumsum().astype("float64"),
    }).set_index("USUBJID")  # fmt: skip
    place = told.groupby(level=0).cumcount()
    return [told[place == number] for number in sorted(place.unique())]


def _last_day(se: pd.DataFrame) -> pd.Series:
    """The end of participation per subject (index)."""
    return se.drop_duplicates("USUBJID", keep="last").set_index("USUBJID")["SEENDTC"]


def _clock(date: pd.Series) -> pd.Series:
    """The time of day of ISO dates, "" where they have none."""
    return on_texts(date, lambda text: text[11:]).fillna("")
