"""What the analysis asks of SDTM in words that another sponsor need not use: where nothing says them, somebody is told.

A study says them in a sheet that is laid over the domain (sdtm/mapping/laid_over.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pandas as pd

from pipeline.ground.course import ENROLMENT, ROLES
from sdtm.findings import gathered, of_form
from sdtm.reference_dates import PARTICIPATION

CHECK = "SDTM-UNSAID"


def unsaid(domain: str, records: pd.DataFrame, dm: pd.DataFrame) -> pd.DataFrame:
    """Findings of what no record of a domain says, though the analysis rests on it; `dm` as it was delivered."""
    said = ASKED[domain](records, dm) if domain in ASKED else ()
    return gathered(of_form(CHECK, severity, domain, count, f"{what} Say it in mapping/{domain.lower()}.csv: {cure}")
                    for severity, count, what, cure in said)  # fmt: skip


Said = Iterator[tuple[str, int, str, str]]


def _exposure(ex: pd.DataFrame, dm: pd.DataFrame) -> Said:
    roles = [role.upper() for role in ROLES]
    if len(ex) and not ex["EXCAT"].isin(roles).any():
        what = f"No record of EX says the role of its treatment in EXCAT ({', '.join(roles)}): nobody is treated."
        yield "critical", len(ex), what, f'EX,*,EXCAT,hardcode,{roles[0]},"EXTRT == ""{ex["EXTRT"].iloc[0]}"""'


def _disposition(ds: pd.DataFrame, dm: pd.DataFrame) -> Said:
    if not len(ds):
        return
    if not ds["DSDECOD"].isin(ENROLMENT).any():
        what = f"No record of DS says {ENROLMENT[0]} in DSDECOD: nobody counts as enrolled."
        yield "critical", len(ds), what, f'DS,*,DSDECOD,hardcode,{ENROLMENT[0]},"DSDECOD == ""RANDOMIZED"""'
    ends = ds["DSCAT"] == "DISPOSITION EVENT"
    if ends.any() and not ds["DSSCAT"].eq(PARTICIPATION).any():
        what = f"No disposition event of DS says {PARTICIPATION} in DSSCAT: nobody counts as off study."
        yield "major", int(ends.sum()), what, f'DS,*,DSSCAT,hardcode,{PARTICIPATION},"DSCAT == ""DISPOSITION EVENT"""'


def _deaths(dd: pd.DataFrame, dm: pd.DataFrame) -> Said:
    died = dm[dm["DTHFL"].eq("Y")] if "DTHFL" in dm else dm.iloc[:0]
    lost = died[~died["_SUBJECT"].isin(dd["USUBJID"])]
    if len(lost):
        what = f"DM says that {len(lost)} subjects died of whom DD has no record: they do not count as dead."
        yield "critical", len(lost), what, 'DM,DEATH,,records,,"DTHFL == ""Y""" and DM,DEATH,DDDTC,assign,DTHDTC,'


def _response(rs: pd.DataFrame, dm: pd.DataFrame) -> Said:
    overall = rs[rs["RSTESTCD"] == "OVRLRESP"]
    if len(rs) and not overall["RSEVAL"].eq("INVESTIGATOR").any():
        what = "No record of RS is an overall response (OVRLRESP) of the INVESTIGATOR (RSEVAL): nobody has a response."
        yield "critical", len(rs), what, "RS,*,RSEVAL,hardcode,INVESTIGATOR,"


ASKED: dict[str, Callable[[pd.DataFrame, pd.DataFrame], Said]] = {
    "EX": _exposure, "DS": _disposition, "DD": _deaths, "RS": _response,
}  # fmt: skip
