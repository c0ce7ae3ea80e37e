"""Identities that hold in every build: what only code can break stops it, what the extract can break is a finding."""

import pandas as pd
import pytest

from adam import identities
from pipeline.ground.faults import EXIT_DEFECT, DefectError

NESTED = {
    "ENRLFL": "Y",
    "ITTFL": "Y",
    "CONDFL": "Y",
    "SAFFL": "Y",
    "INFFL": "Y",
    "EASFL": "Y",
    "DLTEVLFL": "Y",
    "RESPFL": "Y",
}


def subject(**flags):
    return pd.DataFrame([{"STUDYID": "S", "USUBJID": "S-1010001"} | NESTED | flags])


def times(**days):
    """One subject's parameters: PFS=(days, cnsr)."""
    rows = [
        {"STUDYID": "S", "USUBJID": "S-1010001", "PARAMCD": p, "AVAL": float(d), "CNSR": float(c)}
        for p, (d, c) in days.items()
    ]
    return pd.DataFrame(rows)


def test_nested_sets_raise_nothing():
    assert len(identities.analysis_sets_nest(subject())) == 0


@pytest.mark.parametrize("outer", ["SAFFL"])
def test_a_set_outside_the_one_that_defines_it_stops_the_build_and_names_the_subject(outer):
    with pytest.raises(DefectError, match="S-1010001") as error:
        identities.analysis_sets_nest(subject(**{outer: "N"}))

    assert error.value.exit_code == EXIT_DEFECT


@pytest.mark.parametrize(
    ("flags", "severity", "field"),
    [
        ({"ENRLFL": "N"}, "critical", "ITTFL"),
        ({"ITTFL": "N", "CONDFL": "N"}, "critical", "INFFL"),
        ({"CONDFL": "N"}, "minor", "INFFL"),
        ({"EASFL": "N"}, "critical", "RESPFL"),
    ],
)
def test_what_the_extract_can_break_is_a_finding_on_the_subject(flags, severity, field):
    found = identities.analysis_sets_nest(subject(**flags))

    assert [severity, field, "1010001"] in found[["severity", "field", "subject"]].to_numpy().tolist()


@pytest.mark.parametrize(
    ("pfs", "os", "findings"), [((100, 4), (100, 1), 0), ((99, 0), (100, 0), 0), ((101, 4), (100, 0), 1)]
)
def test_pfs_longer_than_os_is_a_critical_finding(pfs, os, findings):
    found = identities.progression_free_not_longer_than_alive(times(PFS=pfs, OS=os))

    assert len(found) == findings
    assert set(found["severity"]) <= {"critical"}


@pytest.mark.parametrize("cnsr", [0, 1, 2, 3])
def test_a_death_is_a_pfs_event_or_censored_by_a_documented_rule(cnsr):
    assert len(identities.every_death_ends_progression_free_survival(times(PFS=(9, cnsr), OS=(10, 0)))) == 0


@pytest.mark.parametrize("cnsr", [4, 5])
def test_a_death_after_being_censored_alive_stops_the_build(cnsr):
    with pytest.raises(DefectError, match="A death is an event of PFS"):
        identities.every_death_ends_progression_free_survival(times(PFS=(9, cnsr), OS=(10, 0)))


def test_two_best_responses_stop_the_build():
    twice = pd.DataFrame({"USUBJID": ["S-1", "S-1"], "PARAMCD": ["BOR", "BOR"]})
    with pytest.raises(DefectError, match="One best overall response"):
        identities.one_best_response_per_subject(twice)


def test_a_date_after_the_cut_stops_the_build():
    adsl = pd.DataFrame({"USUBJID": ["S-1"], "DTHDT": [pd.Timestamp("2026-07-01")]})
    none = pd.DataFrame({"USUBJID": []})
    with pytest.raises(DefectError, match="No DTHDT after the data cut 2026-06-30"):
        identities.nothing_after_the_cut(adsl, none, none, none, "2026-06-30")


def test_a_subject_out_of_a_set_without_a_reason_stops_the_build():
    silent = subject(EASFL="N").assign(EASEXRSN=pd.Series([None], dtype="str"))
    with pytest.raises(DefectError, match="EASEXRSN"):
        identities.every_subject_has_reasons(silent)
