"""EPOCH: the epoch of the trial in which a record was collected, by the elements that its subject entered (SE)."""

import pandas as pd

from pipeline.ground.dates import earliest, latest

EPOCH = "EPOCH"


def with_epoch(records: pd.DataFrame, se: pd.DataFrame, date: str) -> pd.DataFrame:
    """The records with EPOCH, by the variable `date`: when they started (--STDTC), or else were collected (--DTC).

    1. A record belongs to the element within which its date lies, SESTDTC <= date < SEENDTC; on the day on which an
    element starts to that one, unless both have a time and that of the record is earlier. 2. The end of participation
    belongs to the last element. 3. EPOCH is missing where the days that a partial date may stand for lie in several
    epochs, or where one of them lies in none. Source: SDTMIG 3.4, 4.4.3 and 5.3 SE.
    """
    first, last, clock = earliest(records[date]), latest(records[date]), _clock(records[date])
    surely, perhaps = (pd.Series(0.0, index=records.index) for _ in range(2))
    epoch = pd.Series(None, index=records.index, dtype="str")
    for entered in _in_turn(se):
        own = entered.reindex(records["USUBJID"]).set_axis(records.index)
        one_day = (first == last) & (own["from"] == own["to"]) & (first == own["from"])
        before = one_day & (clock != "") & (own["clock"] != "") & (clock < own["clock"].fillna(""))
        begun, possible = (first >= own["to"]) & ~before, (last >= own["from"]) & ~before
        surely, perhaps = surely.mask(begun, own["stay"]), perhaps.mask(possible, own["stay"])
        epoch = epoch.mask(begun, own[EPOCH])
    ends = latest(records["USUBJID"].map(_last_day(se)).astype("str"))
    return records.assign(EPOCH=epoch.where((surely == perhaps) & ~(last > ends)).astype("str"))


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
    return date.astype("str").str.slice(11).fillna("")
