"""Identities that hold in every build: what only code can break stops it, what the extract can break is a finding."""

import pandas as pd
import pytest
from endpoint_files import endpoints
from tables import STANDARD, declared

from adam import identities
from pipeline.ground.conditions import SubjectSet
from pipeline.ground.endpoints import Response, Responses
from pipeline.ground.faults import EXIT_DEFECT, DefectError

DECLARED = declared().sets
SAID = endpoints()

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
    assert len(identities.analysis_sets_nest(subject(), DECLARED)) == 0


@pytest.mark.parametrize("outer", ["SAFFL"])
def test_a_set_that_a_recipe_makes_outside_the_one_that_defines_it_stops_the_build_and_names_the_subject(outer):
    with pytest.raises(DefectError, match="S-1010001") as error:
        identities.analysis_sets_nest(subject(**{outer: "N"}), DECLARED)

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
    found = identities.analysis_sets_nest(subject(**flags), DECLARED)

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
    assert len(identities.every_death_ends_progression_free_survival(times(PFS=(9, cnsr), OS=(10, 0)), SAID)) == 0


@pytest.mark.parametrize("cnsr", [4, 5])
def test_a_death_after_being_censored_alive_stops_the_build(cnsr):
    with pytest.raises(DefectError, match="A death is an event of PFS"):
        identities.every_death_ends_progression_free_survival(times(PFS=(9, cnsr), OS=(10, 0)), SAID)


@pytest.mark.parametrize(("right", "wrong"), [
    ("progression_or_death", "{event: PROGRESSION}"),  # death is no event of this PFS
    ("progression_or_death", "{event: [PROGRESSION, DEATH], when: 'AGE > 17'}"),  # not for everybody
    ("event_free,", "{censored: FURTHER, cnsr: 4}, event_free,"),  # its code is also that of a rule that censors before
    ("assessments:", "compete: first in order\nassessments:"),  # the order decides, not the date
])  # fmt: skip
def test_a_study_s_own_pfs_is_held_to_what_it_says(right, wrong):
    file = (STANDARD / "endpoints" / "pfs.yaml").read_text("utf-8")
    assert right in file
    own = endpoints({"pfs.yaml": file.replace(right, wrong, 1)})
    assert identities.every_death_ends_progression_free_survival(times(PFS=(9, 4), OS=(10, 0)), own).empty


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
        identities.every_subject_has_reasons(silent, DECLARED)


SETS = ("ENRLFL", "ITTFL", "CONDFL", "SAFFL", "INFFL", "EASFL", "DLTEVLFL", "RESPFL")


@pytest.mark.parametrize(
    ("inner", "outer", "breaker"),
    [
        ("INFFL", "SAFFL", "critical"),
        ("DLTEVLFL", "SAFFL", "critical"),
        ("EASFL", "SAFFL", "code"),
        ("ITTFL", "ENRLFL", "critical"),
        ("CONDFL", "ITTFL", "critical"),
        ("INFFL", "ITTFL", "critical"),
        ("RESPFL", "EASFL", "critical"),
        ("INFFL", "CONDFL", "minor"),
    ],
)
def test_each_set_lies_in_the_one_that_the_plan_puts_around_it(inner, outer, breaker):
    outside = subject(**{name: "Y" if name == inner else "N" for name in SETS})[["STUDYID", "USUBJID", inner, outer]]
    if breaker == "code":
        with pytest.raises(DefectError, match=f"{inner}=Y within {outer}=Y does not hold for S-1010001") as error:
            identities.analysis_sets_nest(outside, DECLARED)
        assert error.value.where == "ADSL"
        return
    (found,) = identities.analysis_sets_nest(outside, DECLARED).to_dict("records")
    assert [found[name] for name in ("check", "severity", "field", "value", "form", "record", "message")] == [
        "ID-NEST", breaker, inner, f"not in {outer}", "ADSL", "1010001",
        f"The subject is in {inner} but not in {outer}; check the forms that decide both.",
    ]  # fmt: skip
    assert identities.analysis_sets_nest(outside.drop(columns=outer), DECLARED).empty
    assert identities.analysis_sets_nest(outside.assign(**{outer: "Y"}), DECLARED).empty


@pytest.mark.parametrize(("flag", "reason"), [("EASFL", "EASEXRSN")])
@pytest.mark.parametrize(("inside", "said", "stops"), [("N", None, True), ("N", "why", False), ("Y", None, False)])
def test_who_is_out_of_a_set_that_a_recipe_makes_has_a_reason_for_it(flag, reason, inside, said, stops):
    row = pd.DataFrame({"USUBJID": ["S-1"], flag: [inside], reason: pd.Series([said], dtype="str")})
    if stops:
        with pytest.raises(DefectError, match=f"A reason in {reason} for everybody out of {flag}.* S-1"):
            identities.every_subject_has_reasons(row, DECLARED)
    else:
        assert identities.every_subject_has_reasons(row, DECLARED).empty
    assert identities.every_subject_has_reasons(row.drop(columns=reason), DECLARED).empty
    assert identities.every_subject_has_reasons(row.drop(columns=flag), DECLARED).empty


def test_a_subject_out_of_a_declared_set_without_a_reason_is_a_finding():
    row = subject(SAFFL="N").assign(SAFEXRSN=pd.Series([None], dtype="str"))
    (found,) = identities.every_subject_has_reasons(row, DECLARED).to_dict("records")
    assert (found["check"], found["field"], found["subject"]) == ("ID-REASON", "SAFEXRSN", "1010001")
    assert "add one to the set SAF of sets.yaml" in found["message"]


def test_the_sets_that_a_study_declares_nest_as_it_says():
    mine = (SubjectSet("A", flag="AFL", where="X == 1"),
            SubjectSet("B", flag="BFL", where="X == 2", within={"A": "minor"}))  # fmt: skip
    found = identities.analysis_sets_nest(subject(AFL="N", BFL="Y"), mine)
    assert found[["check", "severity", "field"]].to_numpy().tolist() == [["ID-NEST", "minor", "BFL"]]


@pytest.mark.parametrize("paramcd", ["BOR", "CRD30", "CRD100", "CRBEST"])
def test_a_response_that_stands_once_stands_once_per_subject(paramcd):
    one = pd.DataFrame({"USUBJID": ["S-1", "S-2"], "PARAMCD": [paramcd, paramcd]})
    assert identities.one_best_response_per_subject(one).empty
    assert identities.one_best_response_per_subject(pd.concat([one.assign(PARAMCD="OVR")] * 2)).empty
    with pytest.raises(DefectError, match="S-1, S-2"):
        identities.one_best_response_per_subject(pd.concat([one, one]))


def test_a_stop_names_five_subjects_each_once():
    twice = pd.DataFrame({"USUBJID": ["S-1", *(f"S-{n}" for n in range(1, 8))] * 2, "PARAMCD": "BOR"})
    with pytest.raises(DefectError, match=r"hold for S-1, S-2, S-3, S-4, S-5\.") as error:
        identities.one_best_response_per_subject(twice)
    assert error.value.where == "ADRS"


@pytest.mark.parametrize("parameter", ["PFS", "PFSEMA"])
def test_a_time_longer_than_survival_is_told_with_both_days(parameter):
    found = identities.progression_free_not_longer_than_alive(times(**{parameter: (101, 4), "OS": (100, 0)}))
    assert found[["check", "subject", "field", "value", "message"]].to_numpy().tolist() == [[
        "ID-PFS-OS", "1010001", parameter, "101 > 100 days",
        f"{parameter} is longer than OS: an assessment is dated after death or the last contact. Check both dates.",
    ]]  # fmt: skip
    assert identities.progression_free_not_longer_than_alive(times(**{parameter: (101, 4)})).empty
    assert identities.progression_free_not_longer_than_alive(times(DOR=(101, 4), OS=(100, 0))).empty


@pytest.mark.parametrize(("os", "stops"), [((10, 1), False), ((10, 0), True)])
def test_only_who_died_must_have_an_event(os, stops):
    alive = times(PFS=(9, 4), OS=os)
    if stops:
        with pytest.raises(DefectError) as error:
            identities.every_death_ends_progression_free_survival(alive, SAID)
        assert error.value.where == "ADTTE"
    else:
        assert identities.every_death_ends_progression_free_survival(alive, SAID).empty


DATED = ("ASTDT", "AENDT", "ADT", "STARTDT", "TRTSDT", "CARTSDT", "CONDSDT", "DTHDT", "EOSDT", "LSTALVDT", "NACTDT",
         "HSCTDT")  # fmt: skip


@pytest.mark.parametrize("variable", DATED)
@pytest.mark.parametrize(("place", "name"), list(enumerate(("ADSL", "ADAE", "ADRS", "ADTTE"))))
def test_no_date_of_any_dataset_lies_after_the_cut(variable, place, name):
    def datasets(day):
        none = pd.DataFrame({"USUBJID": []})
        return [pd.DataFrame({"USUBJID": ["S-1"], variable: [pd.Timestamp(day)]}) if n == place else none
                for n in range(4)]  # fmt: skip

    assert identities.nothing_after_the_cut(*datasets("2026-06-30"), "2026-06-30").empty
    with pytest.raises(DefectError, match=f"No {variable} after") as error:
        identities.nothing_after_the_cut(*datasets("2026-07-01"), "2026-06-30")
    assert error.value.where == name


@pytest.mark.parametrize(
    ("flags", "best", "identity"),
    [
        ("YN", ["S-1"], ""),
        ("YN", ["S-1", "S-2"], "for subjects of its population only"),
        ("YY", ["S-1"], "for every subject of its population"),
    ],
)
def test_every_subject_of_its_population_and_nobody_else_has_a_best_response(flags, best, identity):
    adsl = pd.DataFrame({"STUDYID": "S", "USUBJID": ["S-1", "S-2"], "EFFEVLFL": list(flags)})
    responses = Responses((Response("BOR", 'EFFEVLFL == "Y"', "COUNTED", missing="MISSING"),))
    adrs = pd.DataFrame({"USUBJID": [*best, "S-9"], "PARAMCD": ["BOR"] * len(best) + ["OVR"]})
    if identity:
        with pytest.raises(DefectError, match=f"{identity} does not hold for S-2") as error:
            identities.responders_lie_in_their_set(adsl, adrs, responses)
        assert error.value.where == "ADRS"
    else:
        assert identities.responders_lie_in_their_set(adsl, adrs, responses).empty


def stated(parameter, months, event, first="Y", category="RECORDED OUTCOME"):
    """ADFA of what a source states of one parameter of S-1010001."""
    rows = {"PARAMCD": [f"{parameter}MON", f"{parameter}EVT"], "AVALC": [months, event], "AVAL": [float(months), None]}
    return pd.DataFrame({"USUBJID": "S-1010001", "PARCAT1": category, "ANL01FL": first} | rows)


@pytest.mark.parametrize("parameter", ["PFS", "OS"])
def test_months_and_event_that_the_source_states_are_told_where_they_differ(parameter):
    adtte = times(**{parameter: (283, 1)})  # 283 / 30.4375 = 9.298 months, censored
    found = identities.recorded_times_agree(adtte, stated(parameter, "9.2", "Y"), 30.4375)
    assert found[["check", "severity", "subject", "field", "value", "message"]].to_numpy().tolist() == [
        ["ID-RECORDED", "major", "1010001", f"{parameter}MON", "9.2 months stated, 9.298 derived",
         f"The {parameter} months that the source states differ from its own dates; check both."],
        ["ID-RECORDED", "major", "1010001", f"{parameter}EVT", "Y",
         f"Whether {parameter} ended with an event is stated otherwise than derived; check the dates."],
    ]  # fmt: skip
    for other in (stated(parameter, "9.2", "Y", first="N"), stated(parameter, "9.2", "Y", category="HISTORY"),
                  stated(parameter, "9.3", "N")):  # fmt: skip
        assert identities.recorded_times_agree(adtte, other, 30.4375).empty


@pytest.mark.parametrize(
    ("days", "months", "agree"),
    [
        (304, "10", True), (304, "9", False),  # 9.988 months: half a month at most
        (304, "10.0", True), (304, "9.9", False),
        (304, "9.99", True), (304, "9.98", False),
        (289.15625, "9", True), (289.15625, "10", True),  # 9.5 months: half a unit exactly may be rounded either way
    ],
)  # fmt: skip
def test_stated_months_agree_to_half_a_unit_of_their_last_decimal(days, months, agree):
    adtte = times(OS=(days, 0))
    assert identities.recorded_times_agree(adtte, stated("OS", months, "Y"), 30.4375).empty == agree
