"""SE: the elements of the trial design that a subject entered, and when."""

import pandas as pd

from pipeline.ground.clauses import meeting
from pipeline.ground.dates import earliest, is_complete
from pipeline.ground.metadata import Element, ElementStart
from pipeline.ground.occurred import occurred
from sdtm.study_days import with_study_days

BY = ["STUDYID", "USUBJID", "TAETORD"]
MADE = [*BY, "ETCD", "ELEMENT", "EPOCH", "SESTDTC", "SRCDOM", "SRCSEQ"]


def element_starts(
    reference_dates: pd.DataFrame, elements: tuple[Element, ...], **named: pd.DataFrame
) -> pd.DataFrame:
    """One record per element that a subject entered, with the record (SRCDOM, SRCSEQ) whose date started it.

    The first record that starts an element counts. A start counted in days is one only while the subject takes part.
    """
    parts = [_begun(number, element, start, named[f"{start.of}_mapped"])
             for number, element in enumerate(elements, start=1) for start in element.starts]  # fmt: skip
    if not parts:
        return pd.DataFrame(columns=MADE)
    begun = pd.concat(parts).merge(reference_dates[["USUBJID", "RFPENDTC"]], on="USUBJID")
    begun = begun.assign(_day=earliest(begun["SESTDTC"]))
    there = ~(begun["_counted"] & (begun["_day"] > earliest(begun["RFPENDTC"])))
    ordered = begun[there].sort_values([*BY, "_day", "SESTDTC", "SRCDOM", "SRCSEQ"])
    return ordered.drop_duplicates(BY)[MADE].reset_index(drop=True)


def _begun(number: int, element: Element, start: ElementStart, records: pd.DataFrame) -> pd.DataFrame:
    """The records that start an element, each with the date on which it does."""
    domain, place = start.of.upper(), f"study.yaml, elements, {element.code}"
    chosen = meeting(occurred(records, domain), start.where, place) if len(records) else records
    chosen = chosen[chosen[start.date].notna()]
    date = chosen[start.date].astype("str")
    if start.days:
        later = earliest(date) + pd.Timedelta(days=start.days)
        date = later.dt.strftime("%Y-%m-%d").where(is_complete(date)).astype("str")
    begun = chosen[["STUDYID", "USUBJID"]].assign(
        TAETORD=number, ETCD=element.code, ELEMENT=element.label, EPOCH=element.epoch, SESTDTC=date, SRCDOM=domain,
        SRCSEQ=pd.to_numeric(chosen[f"{domain}SEQ"]) if f"{domain}SEQ" in chosen else None,
        _counted=bool(start.days))
    return begun[begun["SESTDTC"].notna()]


def se(element_starts: pd.DataFrame, reference_dates: pd.DataFrame) -> pd.DataFrame:
    """One record per element that a subject entered, in the order of their days, on one day in the planned order.

    An element ends where the next one starts, the last with the subject's participation (RFPENDTC).
    Source: SDTMIG 3.4, 5.3 SE.
    """
    day = earliest(element_starts["SESTDTC"])
    begun = element_starts.assign(_day=day).sort_values(["USUBJID", "_day", "TAETORD"]).reset_index(drop=True)
    subject = begun.groupby("USUBJID")
    participation = begun["USUBJID"].map(reference_dates.set_index("USUBJID")["RFPENDTC"]).astype("str")
    over = participation.where(earliest(participation) >= begun["_day"])
    last = ~begun["USUBJID"].duplicated(keep="last")
    ended = subject["SESTDTC"].shift(-1).astype("str").mask(last, over)
    whole = begun.assign(DOMAIN="SE", SESEQ=subject.cumcount() + 1, SEENDTC=ended)
    return with_study_days(whole, reference_dates, "SESTDTC", "SEENDTC")
