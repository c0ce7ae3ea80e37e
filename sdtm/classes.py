"""Domains that have no rule of their own, made by what their specs say: one recipe per class.

`class:` of a spec chooses the recipe. `timing:` names the dates that get a study day, `last_before_exposure:` the
variables within which the last result before the first treatment is flagged. A domain with a rule to read has a
function of its own name instead (AE, DM, LB, SUPPDM).
"""

import pandas as pd

from pipeline.ground.metadata import DatasetSpec
from sdtm.epoch import EPOCH, with_epoch
from sdtm.last_before_exposure import with_last_before_exposure
from sdtm.mapping.sheet import ORIGIN
from sdtm.mapping.terms import looked_up, terms
from sdtm.study_days import with_study_days
from sdtm.visits import with_visits

COLUMNS = ["STUDYID", "RDOMAIN", "USUBJID", "IDVAR", "IDVARVAL", "QNAM", "QLABEL", "QVAL", "QORIG", "QEVAL"]
MADE_BY_CUT, EVALUATOR = "CUTFL", "QEVAL"


def observations(
    records: pd.DataFrame, spec: DatasetSpec, reference_dates: pd.DataFrame, visits: pd.DataFrame,
    subject_visits: pd.DataFrame, se: pd.DataFrame,
) -> pd.DataFrame:  # fmt: skip
    """One record per mapped record of an events, interventions or findings domain, with its derived timing.

    Source: SDTMIG 3.4, 4.4.3 (EPOCH), 4.4.4 (--DY) and 4.5.9 (--LOBXFL).
    """
    dated = with_study_days(with_visits(records, spec.dataset, subject_visits), reference_dates, *spec.timing)
    if EPOCH in spec.names:
        start, collected = f"{spec.dataset}STDTC", f"{spec.dataset}DTC"
        dated = with_epoch(dated, se, start if start in spec.names else collected)
    if not spec.last_before_exposure:
        return dated
    return with_last_before_exposure(dated, reference_dates, visits, spec.last_before_exposure)


def qualifiers(records: pd.DataFrame, spec: DatasetSpec, ct: pd.DataFrame) -> pd.DataFrame:
    """One record per qualifier value of a record of the domain (SUPPAE: AE), pointing to it by --SEQ.

    Which qualifiers a domain has, and their labels, is said by the codelist SUPP-- of the terminology, whose judgement
    one is by QEVAL. QORIG is what the row of the sheet that gave the value says (Assigned, Derived, else CRF or eDT),
    but Derived for a mark that the data cut made (QNAM ends in CUTFL). Source: SDTMIG 3.4, 8.4.
    """
    domain = spec.dataset.removeprefix("SUPP")
    own = ct[ct["codelist"] == f"SUPP{domain}"].drop_duplicates("submission", keep="last")  # the study's stand last
    labels = own.set_index("submission")["label"]
    names = [name for name in labels.index if name in records]
    number = f"{domain}SEQ"
    keyed = records[["STUDYID", "USUBJID"]].assign(
        RDOMAIN=domain, IDVAR=number if number in records else None,
        IDVARVAL=records[number].astype("str") if number in records else None)
    values = pd.concat([keyed, records[names].astype("str")], axis="columns").melt(
        id_vars=list(keyed.columns), value_vars=names, var_name="QNAM", value_name="QVAL")
    origins = records.reindex(columns=[name + ORIGIN for name in names]).melt(value_name="QORIG")["QORIG"]
    values = values.assign(QORIG=origins.astype("str").to_numpy())[values["QVAL"].notna()]
    cut = values["QNAM"].str.endswith(MADE_BY_CUT)
    return values.assign(
        QLABEL=values["QNAM"].map(labels), QORIG=values["QORIG"].fillna("CRF").mask(cut, "Derived"),
        QEVAL=looked_up(values["QNAM"], terms(ct, EVALUATOR), EVALUATOR))[COLUMNS]
