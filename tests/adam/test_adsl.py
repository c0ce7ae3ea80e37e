"""ADSL: what is known of a subject stands in one record; status and last contact are worded."""

import pytest
from tables import as_text, given

from adam.adsl import adsl
from adam.course.standing import standing
from pipeline.ground.metadata import StudySettings

SETS = {
    "enrolled_set": "ENRLFL ENREXRSN", "itt_set": "ITTFL ITTEXRSN", "conditioned_set": "CONDFL",
    "safety_set": "SAFFL SAFEXRSN", "infused_set": "INFFL INFEXRSN", "efficacy_set": "EASFL EASEXRSN",
    "dlt_set": "DLTEVLFL DLTEVLRS DLTFL", "responder_set": "RESPFL",
}  # fmt: skip


def subject(enrolled="Y", **known):
    """The record of subject 1 as text."""
    sets = {name: given(name, f"USUBJID {names}\n1 {enrolled if name == 'enrolled_set' else 'Y'}"
                        + " why" * names.count(" ")) for name, names in SETS.items()}  # fmt: skip
    people = given("subjects", "USUBJID\n1", **known)
    where = standing(people, sets["enrolled_set"], StudySettings(), 30)
    row = adsl(people, given("baseline", "USUBJID ECOGBL\n1 2"), where, **sets)
    return {name: as_text(row[name])[0] for name in row}


def test_what_a_study_says_of_a_status_stands_in_its_place():
    people = given("subjects", "USUBJID\n1", EOSDECOD="PROGRESSIVE DISEASE")
    enrolled, before = given("enrolled_set", "USUBJID ENRLFL\n1 Y"), given("baseline", "USUBJID\n1")
    own = people[["STUDYID", "USUBJID"]].assign(EOSSTT="PROGRESSIVE DISEASE")
    stands = standing(people, enrolled, StudySettings(), 30)
    made = adsl(people, before, stands, enrolled_set=enrolled, adsl_eosstt=own)
    assert made[["EOSSTT", "DCSREAS"]].iloc[0].tolist() == ["PROGRESSIVE DISEASE"] * 2


def test_every_set_has_its_flag_and_reason_and_the_baseline_stands_beside():
    row = subject(SEX="F")
    assert [row[name] for names in SETS.values() for name in names.split()] == [
        *["Y", "why"] * 2, "Y", *["Y", "why"] * 4, "why", "Y"]
    assert (row["USUBJID"], row["SEX"], row["ECOGBL"]) == ("1", "F", "2")


def test_a_subject_was_collected_when_a_leukapheresis_is_recorded_dated_or_not():
    assert [subject(LEUKSEQ=seq)["LEUKFL"] for seq in ("1", ".")] == ["Y", "N"]


@pytest.mark.parametrize(("source", "told"), [
    ({"LALVDOM": "SS", "LALVVAR": "SSDTC", "LALVSEQ": "12"}, "SS.SSDTC 12"), ({}, "."),
])  # fmt: skip
def test_the_record_that_shows_a_subject_alive_last_is_named(source, told):
    assert subject(**source)["LSTALVSR"] == told


@pytest.mark.parametrize(("enrolled", "ended", "died", "status", "at_the_cut", "reason"), [
    ("Y", "COMPLETED", ".", "COMPLETED", "OFF STUDY", "."),
    ("Y", "DEATH", "Y", "DISCONTINUED", "DEAD", "DEATH"),
    ("Y", "LOST TO FOLLOW-UP", ".", "DISCONTINUED", "OFF STUDY", "LOST TO FOLLOW-UP"),
    ("Y", ".", "Y", "ONGOING", "DEAD", "."),  # a death without the form of the end
    ("Y", ".", ".", "ONGOING", "ONGOING", "."),
    ("N", ".", ".", "SCREEN FAILURE", "SCREEN FAILURE", "."),
    ("N", "DEATH", "Y", "DISCONTINUED", "SCREEN FAILURE", "DEATH"),
])  # fmt: skip
def test_where_a_subject_stands_in_the_study_and_on_the_data_cut(enrolled, ended, died, status, at_the_cut, reason):
    row = subject(enrolled, EOSDECOD=ended, DTHFL=died)
    assert [row[name] for name in ("EOSSTT", "DATASTAT", "DCSREAS")] == [status, at_the_cut, reason]
