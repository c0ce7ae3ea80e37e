"""What was asked for and did not happen, and what was collected beside results, is in SDTM of the example study.

The counts are those of the delivered lines, active ones on or before the data cut, counted by hand from the files.
"""

import pandas as pd
import pytest


@pytest.fixture(scope="module")
def sdtm(example_out):
    return lambda name: pd.read_parquet(example_out / "sdtm" / f"{name}.parquet")


def test_treatment_not_given_is_told_with_its_reason(sdtm):
    ec, ex = sdtm("ec"), sdtm("ex")
    absent = ec[ec["ECOCCUR"] == "N"]
    assert absent.groupby("ECCAT").size().to_dict() == {"CELLS": 4, "CONDITIONING": 2}
    assert absent["ECREASOC"].notna().all() and absent["ECDOSE"].isna().all()
    given = ec[ec["ECOCCUR"] == "Y"].groupby("USUBJID").size()
    assert given.to_dict() == ex.groupby("USUBJID").size().to_dict()


def test_bridging_asked_for_and_not_given_is_told_and_never_counted(sdtm, example_out):
    cm, adsl = sdtm("cm"), pd.read_parquet(example_out / "adam" / "adsl.parquet")
    absent = cm.loc[cm["CMOCCUR"] == "N", "USUBJID"]
    assert len(absent) == 26 and cm.loc[absent.index, "CMCAT"].eq("BRIDGING").all()
    assert adsl.loc[adsl["USUBJID"].isin(absent), "BRIDGFL"].eq("N").all()
    adcm = pd.read_parquet(example_out / "adam" / "adcm.parquet")
    assert len(adcm) == len(cm) - len(absent)


def test_radiotherapy_is_a_procedure_and_no_medication(sdtm):
    pr, cm = sdtm("pr"), sdtm("cm")
    found = pr[pr["PRDECOD"] == "RADIOTHERAPY"].groupby("PRCAT").size().to_dict()
    assert found == {"BRIDGING": 7, "PRIOR ANTICANCER THERAPY": 12, "SUBSEQUENT ANTICANCER THERAPY": 3}
    assert not cm["CMSCAT"].eq("RADIOTHERAPY").any()


def test_what_was_collected_beside_results_has_its_place(sdtm):
    read_after_the_cut = 4
    qualifiers = {"suppds": ("ICVER", 60), "supppc": ("ASSAYDTC", 384), "supptr": ("READDTC", 226 - read_after_the_cut)}
    for name, (qnam, count) in qualifiers.items():
        supp = sdtm(name)
        assert (supp["QNAM"] == qnam).sum() == count, name
    tr, mh = sdtm("tr"), sdtm("mh")
    central = tr[(tr["TRTESTCD"] == "FDP5PS") & (tr["TREVAL"] == "INDEPENDENT ASSESSOR")]
    assert len(central) == 226 and central["TRSTRESN"].between(1, 5).all()
    general = mh[mh["MHCAT"] == "GENERAL"]
    assert len(general) == 149 and general[["MHPTCD", "MHSOC"]].notna().all(axis=None)
    assert "METRESP" not in set(tr["TRTESTCD"])
