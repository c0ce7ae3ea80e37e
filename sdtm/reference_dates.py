"""The reference dates of each subject: the root that DM and every study day need."""

import pandas as pd

from pipeline.ground.dates import day_of, is_complete
from pipeline.ground.doses import is_given
from pipeline.ground.metadata import StudySettings

PARTICIPATION = "STUDY PARTICIPATION"
READS = dict.fromkeys(("vs_mapped", "lb_mapped", "rs_mapped"), ("USUBJID", "--DTC"))


def reference_dates(
    dm_mapped: pd.DataFrame, ds_mapped: pd.DataFrame, ex_mapped: pd.DataFrame, dd_mapped: pd.DataFrame,
    ss_mapped: pd.DataFrame, vs_mapped: pd.DataFrame, lb_mapped: pd.DataFrame, rs_mapped: pd.DataFrame,
    study: StudySettings,
) -> pd.DataFrame:
    """One record per subject: reference dates as ISO 8601 text, missing where there is none.

    1. RFSTDTC, RFXSTDTC: the first dose of the first role of `study_treatment` that was given (clarification 2: the
    first conditioning, else the first cells). 2. RFXENDTC: the last dose of these roles.
    3. RFENDTC: end of study, else the last dose; missing when never treated. 4. RFICDTC: consent.
    5. DTHDTC, DTHFL: the death report (clarification 4). 6. RFPENDTC: death, else the last day known of the subject.
    """
    treatment = _treatment(ex_mapped, study.study_treatment)
    deaths = _first(dd_mapped, "DDDTC")
    consent = _first(ds_mapped[ds_mapped["DSDECOD"] == "INFORMED CONSENT OBTAINED"], "DSSTDTC")
    off_study = (ds_mapped["DSSCAT"] == PARTICIPATION) & (ds_mapped["DSDECOD"] != "SCREEN FAILURE")
    end = _first(ds_mapped[off_study], "DSSTDTC")
    contacts = ss_mapped[ss_mapped["SSSTRESC"] != "UNKNOWN"]
    seen = _last_day(
        (ds_mapped, "DSSTDTC"), (ds_mapped, "LSTCTDTC"), (ex_mapped, "EXSTDTC"), (contacts, "SSDTC"),
        (vs_mapped, "VSDTC"), (lb_mapped, "LBDTC"), (rs_mapped, "RSDTC"))
    subject = dm_mapped["USUBJID"]
    sources = {"first": treatment["first"], "last": treatment["last"], "end": end, "consent": consent, "death": deaths,
               "seen": seen}
    known = pd.DataFrame({name: subject.map(dates).astype("str") for name, dates in sources.items()})
    return pd.DataFrame({
        "STUDYID": dm_mapped["STUDYID"], "USUBJID": subject, "RFSTDTC": known["first"],
        "RFENDTC": known["end"].fillna(known["last"]).where(subject.isin(treatment.index)),
        "RFXSTDTC": known["first"], "RFXENDTC": known["last"], "RFICDTC": known["consent"],
        "RFPENDTC": known["death"].fillna(known["seen"]), "DTHDTC": known["death"],
        "DTHFL": pd.Series("Y", index=subject.index).where(subject.isin(dd_mapped["USUBJID"])),
    }).astype("str")


def _treatment(ex_mapped: pd.DataFrame, roles: tuple[str, ...]) -> pd.DataFrame:
    """First and last dose of these roles per treated subject; an earlier role comes first whatever its date."""
    rank = ex_mapped["EXCAT"].map({role.upper(): number for number, role in enumerate(roles)})
    dosed = is_given(ex_mapped["EXDOSE"], ex_mapped["EXTRT"])
    given = ex_mapped[dosed & ex_mapped["EXSTDTC"].notna() & rank.notna()]
    ranked = given.assign(_role=rank[given.index].astype("float64"))
    first = ranked.sort_values(["_role", "EXSTDTC"]).groupby("USUBJID")["EXSTDTC"].first()
    dates = pd.concat([given.set_index("USUBJID")["EXSTDTC"], given.set_index("USUBJID")["EXENDTC"]]).dropna()
    return pd.DataFrame({"first": first, "last": dates.groupby(level=0).max()})


def _first(records: pd.DataFrame, date: str) -> pd.Series:
    """The first date per subject (index)."""
    return records[records[date].notna()].groupby("USUBJID")[date].min()


def _last_day(*sources: tuple[pd.DataFrame, str]) -> pd.Series:
    """The last full day per subject (index) over dates of several domains."""
    columns = [records.set_index("USUBJID")[date] for records, date in sources if date in records]
    dates = pd.concat(columns).astype("str")
    days = day_of(dates[is_complete(dates)])
    return days.groupby(level=0).max()
