"""TS: the trial summary, by what study.yaml says, what is made of the study and its data, and what nobody says."""

import re
from collections.abc import Iterator
from textwrap import wrap

import pandas as pd

from pipeline.ground.metadata import StudySettings, SummaryValue

# Parameters that a submission needs (SDTMIG 3.4, appendix C1), in the order of TS: not told is NI.
NEEDED = (
    "TITLE", "SPONSOR", "STYPE", "TPHASE", "TTYPE", "TINDTP", "INDIC", "TDIGRP", "TRT", "INTTYPE", "PCLAS", "INTMODEL",
    "NARMS", "NCOHORT", "RANDOM", "TBLIND", "TCNTRL", "ADAPT", "ADDON", "EXTTIND", "PLANSUB", "ACTSUB", "AGEMIN",
    "AGEMAX", "SEXPOP", "HLTSUBJI", "PDSTIND", "PDPSTIND", "PIPIND", "RDIND", "LENGTH", "STOPRULE", "OBJPRIM", "OBJSEC",
    "OUTMSPRI", "CRMDUR", "SDMDUR", "THERAREA", "REGID", "FCNTRY", "SSTDTC", "SENDTC", "ONGOSIND", "DCUTDTC",
    "DCUTDESC", "SDTIGVER", "SDTMVER",
)  # fmt: skip
MODEL_OF_GUIDE = {"3.4": "2.0", "3.3": "1.7", "3.2": "1.4", "3.1.3": "1.3"}
LIST_OF = {"DOSU": "UNIT", "DOSFRQ": "FREQ"}  # codelists of values that are not called as their parameter
ISO_8601 = re.compile(r"P(\d+[YMWD])+|\d{4}(-\d{2}){0,2}")
REGISTERED = re.compile(r"NCT\d{8}")
NUMBERED = ("NARMS", "NCOHORT", "ACTSUB", "PLANSUB")  # their four figures are no year
LONGEST = 200


def ts(study: StudySettings, ct: pd.DataFrame, dm: pd.DataFrame, cutoff: str) -> pd.DataFrame:
    """One record per value of a parameter of the trial: first those said, then those made, then those not told (NI).

    1. What study.yaml says wins over what is made. 2. A value of a codelist has its code (TSVALCD); TSVCDREF says what
    the value is written in. Source: SDTMIG 3.4, 7.4.2 and appendix C1.
    """
    said = {one.code for one in study.trial_summary}
    made = [one for one in _made(study, dm, cutoff) if one.code not in said and (one.value or one.null)]
    told = {*said, *(one.code for one in made)}
    lacking = [SummaryValue(code, null="NI") for code in NEEDED if code not in told]
    values = [*study.trial_summary, *made, *lacking]
    frame = pd.DataFrame([(one.code, one.value or None, one.null or None) for one in values],
                         columns=["TSPARMCD", "TSVAL", "TSVALNF"], dtype="str")  # fmt: skip
    names = ct[ct["codelist"] == "TSPARMCD"].drop_duplicates("submission", keep="last").set_index("submission")["label"]
    whole = _coded(frame, ct, study).assign(
        STUDYID=study.study, DOMAIN="TS", TSPARM=frame["TSPARMCD"].map(names),
        TSSEQ=frame.groupby("TSPARMCD").cumcount() + 1)
    return _in_parts(whole)


def _made(study: StudySettings, dm: pd.DataFrame, cutoff: str) -> Iterator[SummaryValue]:
    """What the study's words and the data tell of the trial."""
    guide = study.standards.get("sdtmig", "")
    cohorts = len(study.levels) or len(study.parts)
    roles = [study.treatments[role] for role in study.study_treatment if role in study.treatments]
    yield from (SummaryValue(code, value) for code, value in (
        ("TITLE", study.title), ("SPONSOR", study.sponsor), ("INDIC", study.indication),
        ("NARMS", str(len(study.all_arms) or "")), ("NCOHORT", str(cohorts or "")),
        ("ACTSUB", str(dm["ARMCD"].notna().sum())), ("SSTDTC", _first_consent(dm)),
        ("SDTIGVER", guide), ("SDTMVER", MODEL_OF_GUIDE.get(guide, "")),
        *(("FCNTRY", country) for country in sorted(dm["COUNTRY"].dropna().unique())),
        *(("TRT", product) for role in roles for product in role.products),
    ))  # fmt: skip
    uncut = study.cutoff == "none"
    yield SummaryValue("DCUTDTC", "" if uncut else cutoff, "NA" if uncut else "")
    if uncut:
        yield SummaryValue("DCUTDESC", null="NA")


def _first_consent(dm: pd.DataFrame) -> str:
    """The study starts with the first consent of a subject who was enrolled."""
    days = dm.loc[dm["ARMCD"].notna(), "RFICDTC"].dropna().str.slice(0, 10)
    return str(days.min()) if len(days) else ""


def _coded(values: pd.DataFrame, ct: pd.DataFrame, study: StudySettings) -> pd.DataFrame:
    """TSVALCD, TSVCDREF and TSVCDVER: the code of a term, and what values that are no terms are written in."""
    terms = ct[ct["code"].notna()].drop_duplicates(["codelist", "submission"], keep="last")
    codes = terms.set_index(terms["codelist"] + "\t" + terms["submission"])["code"]
    code, value = values["TSPARMCD"], values["TSVAL"]
    own = (code.replace(LIST_OF) + "\t" + value).map(codes).fillna(("NY\t" + value).map(codes)).where(value.notna())
    registered = value.str.fullmatch(REGISTERED).fillna(False).astype(bool)
    dated = value.str.fullmatch(ISO_8601).fillna(False).astype(bool) & ~code.isin(NUMBERED)
    reference = pd.Series(None, index=values.index, dtype="str").mask(dated, "ISO 8601").mask(own.notna(), "CDISC CT")
    reference = reference.mask(code.eq("FCNTRY"), "ISO 3166").mask(registered, "ClinicalTrials.gov")
    version = study.standards.get("sdtmct") or None
    return values.assign(
        TSVALCD=own.mask(registered, value), TSVCDREF=reference.where(value.notna()),
        TSVCDVER=pd.Series(version, index=values.index, dtype="str").where(reference == "CDISC CT"))


def _in_parts(values: pd.DataFrame) -> pd.DataFrame:
    """A text longer than a variable holds goes on, from a word, in TSVAL1."""
    parts = values["TSVAL"].map(lambda text: [*wrap(text, LONGEST), "", ""], na_action="ignore")
    return values.assign(TSVAL=parts.str[0], TSVAL1=parts.str[1].replace("", None))
