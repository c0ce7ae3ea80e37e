"""ADTTE: progression-free and overall survival, duration of response (analysis plan 5, clarifications 8 to 11)."""

from __future__ import annotations

import pandas as pd

from adam.derive.flags import members, present
from adam.derive.merge import derive_vars_merged
from adam.derive.tte import Setting, derive_param_tte
from adam.derive.visits import response_windows

ORIGINS = {
    "CELLS": ("CARTSDT", "EX", "EXSTDTC", "CARTSEQ"),
    "TREATMENT": ("TRTSDT", "EX", "EXSTDTC", "TRTSEQ"),
    "LEUKAPHERESIS": ("LEUKDT", "PR", "PRSTDTC", "LEUKSEQ"),
    "RESPONSE": ("RSPDT", "RS", "RSDTC", "RSPSEQ"),
}


def adtte(
    subjects: pd.DataFrame, infused_set: pd.DataFrame, responder_set: pd.DataFrame, assessments: pd.DataFrame,
    adrs: pd.DataFrame, endpoints: pd.DataFrame, visits: pd.DataFrame, tte_origin: str, missed_visits: int,
    tte_day1: bool,
) -> pd.DataFrame:
    """One record per infused subject (DOR: per responder) per endpoint of endpoints.csv (a study's own rows win).

    The table names for each endpoint its population, origin, events and the rules in the order in which they are tried;
    adam/derive/tte.py says what each name means.
    """
    people = _people(subjects, adrs)
    adequate = assessments[assessments["ADEQFL"] == "Y"][["USUBJID", "ADT", "RSSEQ"]]
    setting = Setting(adequate, response_windows(visits), missed_visits, int(tte_day1))
    populations = {
        "INFUSED": members(infused_set, "INFFL"),
        "RESPONDERS": members(responder_set, "RESPFL"),
    }
    parameters = []
    for endpoint in endpoints.drop_duplicates("PARAMCD", keep="last").to_dict("records"):
        included = people[present(people, populations[endpoint["POPULATION"]])]
        origin = tte_origin if endpoint["ORIGIN"] == "TTE_ORIGIN" else endpoint["ORIGIN"]
        date, domain, variable, seq = ORIGINS[origin]
        included = included.assign(STARTDT=included[date], STARTDOM=domain, STARTVAR=variable, STARTSEQ=included[seq])
        times = derive_param_tte(included, endpoint["EVENTS"].split(), endpoint["RULES"].split(), setting)
        parameters.append(times.assign(PARAMCD=endpoint["PARAMCD"], PARAM=endpoint["PARAM"]))
    return pd.concat(parameters)


def _people(subjects: pd.DataFrame, adrs: pd.DataFrame) -> pd.DataFrame:
    """The subjects with their first progression and first response."""
    shown = adrs[adrs["AVALC"] == "Y"]
    people = subjects.assign(TRTSEQ=subjects["CONDSEQ"].fillna(subjects["CARTSEQ"]))
    people = derive_vars_merged(people, shown[shown["PARAMCD"] == "PD"], {"PDDT": "ADT", "PDSEQ": "SRCSEQ"})
    return derive_vars_merged(people, shown[shown["PARAMCD"] == "RSP"], {"RSPDT": "ADT", "RSPSEQ": "SRCSEQ"})
