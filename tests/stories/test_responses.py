"""Which assessments count, and the best response (analysis plan 2.7, clarifications 6, 7, 19).

Cells on 1 January 2025 (day 0)."""

import inspect

import pytest
from endpoint_files import responses as responses_said
from tables import conformed, given, shown, table

from adam.adrs import adrs
from adam.response.assessments import assessments
from adam.response.counted_responses import counted_responses
from adam.response.derived_responses import derived_responses
from adam.response.response_summary import response_summary
from pipeline.ground.endpoints import Derivation

DECISIONS = {
    "ne_pet_rule": "NE", "ct_cr_needs_pet": True, "confirm": False, "conf_days": 28, "max_ne": 1, "sd_min_days": 0,
    "cr_min_dur": None,
    "crbest_day": 107, "crd30_low": 30, "crd30_high": 37, "crd100_low": 93, "crd100_high": 107,
    "complete_responses": "CR",
}
ASKED = ("BOR", "CBOR", "CRBEST", "CRD100", "CRD30", "LSTA", "ORR", "ORRBEST", "PD", "RSP")
WINDOWS = ("crbest_day", "crd30_low", "crd30_high", "crd100_low", "crd100_high", "complete_responses")
VISITS = table("""
    ANCHOR | PLANNED_DAY | WINDOW_LOW | WINDOW_HIGH | RESPFL | AVISIT
    CELLS  | 30          | 30         | 37          | Y      | Day 30
    CELLS  | 100         | 93         | 107         | Y      | Day 100
""")
NO_CENTRAL = "USUBJID RSSEQ ADT PARAMCD OVERALL METABOL ANATOMIC NEWLES"
NO_WORDS = table("codelist collected submission")
NO_LESIONS = "USUBJID TRGRPID TRTESTCD TRSTRESC VISIT"
# days after 1 January 2025: 31 Jan is day 30, 7 Feb 37, 4 Apr 93, 18 Apr 107


def points(text, lesions=NO_LESIONS, bor_newtx="BEFORE", **known):
    """Time points from a table VISIT DATE OVERALL (PET CT when given), subject 1 treated as said above."""
    rows = table(text).to_dict("records")
    lines = [f"1|OVRLRESP|{row['OVERALL']}|{row['VISIT']}|{row['VISIT']}|{row['DATE']}" for row in rows]
    rs = given("rs", "\n".join(["USUBJID|RSTESTCD|RSSTRESC|VISIT|RSLNKGRP|RSDTC", *lines]),
               RSCAT="LUGANO CLASSIFICATION", RSEVAL="INVESTIGATOR")  # fmt: skip
    return conformed("assessments", assessments(rs, given("tr", lesions), person(**known), NO_WORDS, bor_newtx))


def person(**known):
    treated = {"CARTSDT": "2025-01-01", "TRTSDT": "2024-12-26"}
    return given("subjects", "USUBJID\n1", **(treated | known))


def responses(text, known=None, lesions=NO_LESIONS, bor_newtx="BEFORE", **changed):
    """ADRS of one infused subject."""
    known = known or {}
    infused = given("infused_set", "USUBJID INFFL\n1 Y")
    made = points(text, lesions, bor_newtx, **known)
    choices = DECISIONS | changed
    rows = [row | {"SEQ": n} for n, row in enumerate(table(text).fillna(".").to_dict("records"), 1)]
    pet = "\n".join(["USUBJID LNKGRP METABOLD", *(f"1 {row['VISIT']} {row.get('PET', '.')}" for row in rows)])
    ct = "\n".join(["USUBJID RSSEQ ANATOMD NEWLESD", *(f"1 {row['SEQ']} {row.get('CT', '.')} N" for row in rows)])
    seen = (given("pet_points", pet), given("ct_points", ct))
    seen = (*seen, person(**known), Derivation())
    derived = conformed("derived_responses", derived_responses(made, *seen, **taken(choices, derived_responses)))
    counted = counted_responses(made, person(**known), **taken(choices, counted_responses))
    counted = conformed("counted_responses", counted)
    named = {"counted_responses": counted, "assessments": made, "infused_set": infused}
    said = responses_said(listed=ASKED, **{word: choices[word] for word in WINDOWS})
    summary = response_summary(person(**known), said, VISITS, **named)
    central = given("central_points", NO_CENTRAL)
    return adrs(made, central, derived, conformed("response_summary", summary), person(**known), VISITS)


def taken(choices, recipe):
    """The decisions that a recipe asks for."""
    return {name: choices[name] for name in inspect.signature(recipe).parameters if name in choices}


def answer(result, paramcd):
    return result.loc[result["PARAMCD"] == paramcd, "AVALC"].tolist()


def best(text, **changed):
    return answer(responses(text, **changed), "BOR")[0]


def scans(*pairs):
    return "VISIT DATE OVERALL\n" + "\n".join(f"V{n} {day} {overall}" for n, (day, overall) in enumerate(pairs))


@pytest.mark.parametrize(("found", "bor"), [
    ((("2025-01-31", "PR"), ("2025-04-10", "CR")), "CR"),
    ((("2025-01-31", "SD"), ("2025-04-10", "PR")), "PR"),
    ((("2025-01-31", "NE"), ("2025-04-10", "SD")), "SD"),
    ((("2025-01-31", "PD"),), "PD"),
    ((("2025-01-31", "NE"),), "NE"),
    ((("2025-01-31", "ND"),), "MISSING"),
    ((("2024-12-30", "CR"),), "MISSING"),   # before the cells
    ((("2025-01-01", "CR"),), "MISSING"),   # on their day
    ((("2025-01-31", "PD"), ("2025-04-10", "CR")), "PD"),  # after the first PD nothing counts
    ((("2025-01-31", "PR"), ("2026-04-10", "CR")), "CR"),  # the best response runs to the data cut
])
def test_the_best_of_what_counts_is_the_best_overall_response(found, bor):
    assert best(scans(*found)) == bor


@pytest.mark.parametrize(("found", "bor"), [
    ((("2025-01-31", "CR"), ("2025-02-28", "CR")), "CR"),        # 28 days later
    ((("2025-01-31", "CR"), ("2025-02-27", "CR")), "SD"),        # 27
    ((("2025-01-31", "CR"),), "SD"),                             # nobody knows that it was held
    ((("2025-01-31", "CRi"), ("2025-02-28", "CR")), "CRi"),      # any complete remission holds it
    ((("2025-01-31", "CR"), ("2025-02-10", "NE"), ("2025-03-31", "CRh")), "CR"),
    ((("2025-01-31", "CR"), ("2025-02-10", "PR"), ("2025-03-31", "CR"), ("2025-04-30", "CR")), "CR"),
    ((("2025-01-31", "CR"), ("2025-02-10", "SD"), ("2025-03-31", "CR")), "SD"),
    ((("2025-01-31", "PR"), ("2025-02-28", "PD")), "PR"),        # says nothing of a partial response
])  # fmt: skip
def test_a_remission_that_must_be_held_counts_when_a_later_one_shows_it(found, bor):
    assert best(scans(*found), cr_min_dur=28) == bor


def test_assessments_on_or_after_the_start_of_a_new_therapy_do_not_count():
    text = scans(("2025-01-31", "PR"), ("2025-04-10", "CR"))
    assert best(text, known={"NACTDT": "2025-04-10"}) == "PR"
    assert best(text, known={"NACTDT": "2025-04-11"}) == "CR"
    assert best(text, known={"NACTDT": "2025-04-10"}, bor_newtx="ONBEFORE") == "CR"
    assert best(text, known={"NACTDT": "2025-01-20"}) == "MISSING"


def test_stable_disease_may_be_asked_to_last():
    text = scans(("2025-01-31", "SD"))  # day 30
    assert best(text, sd_min_days=30) == "SD"
    assert best(text, sd_min_days=31) == "NE"


@pytest.mark.parametrize(("found", "bor"), [
    ((("2025-01-31", "CR"), ("2025-02-28", "CR")), "CR"),                         # 28 days apart
    ((("2025-01-31", "CR"), ("2025-02-27", "CR")), "SD"),                         # 27 days apart
    ((("2025-01-31", "CR"), ("2025-02-10", "NE"), ("2025-04-10", "CR")), "CR"),   # one NE between
    ((("2025-01-31", "CR"), ("2025-02-10", "NE"), ("2025-02-20", "NE"), ("2025-04-10", "CR")), "SD"),
    ((("2025-01-31", "CR"), ("2025-02-10", "PR"), ("2025-03-05", "CR")), "SD"),   # a PR between, 23 days
    ((("2025-01-31", "PR"), ("2025-04-10", "CR")), "PR"),
    ((("2025-01-31", "PR"), ("2025-02-10", "SD"), ("2025-04-10", "PR")), "SD"),
    ((("2025-01-31", "PR"),), "SD"),
])
def test_where_confirmation_is_asked_for_an_unconfirmed_response_is_stable_disease(found, bor):
    assert best(scans(*found), confirm=True) == bor
    assert answer(responses(scans(*found)), "CBOR") == [bor]  # beside BOR, whatever is decided


@pytest.mark.parametrize(("day", "crd30", "crd100", "crbest"), [
    ("2025-01-30", "N", "N", "Y"),  # day 29
    ("2025-01-31", "Y", "N", "Y"),  # day 30
    ("2025-02-07", "Y", "N", "Y"),  # day 37
    ("2025-02-08", "N", "N", "Y"),  # day 38
    ("2025-04-03", "N", "N", "Y"),  # day 92
    ("2025-04-04", "N", "Y", "Y"),  # day 93
    ("2025-04-18", "N", "Y", "Y"),  # day 107
    ("2025-04-19", "N", "N", "N"),  # day 108
])
def test_complete_response_by_day_30_day_100_and_best(day, crd30, crd100, crbest):
    result = responses(scans((day, "CR")))
    assert [answer(result, p)[0] for p in ("CRD30", "CRD100", "CRBEST", "BOR")] == [crd30, crd100, crbest, "CR"]


def test_complete_response_after_a_new_therapy_does_not_count_at_any_day():
    result = responses(scans(("2025-01-31", "PR"), ("2025-04-10", "CR")), known={"NACTDT": "2025-03-01"})
    assert [answer(result, p)[0] for p in ("CRD30", "CRD100", "CRBEST")] == ["N", "N", "N"]


def test_first_response_first_progression_and_last_adequate_scan_have_their_dates():
    result = responses(scans(("2025-01-31", "PR"), ("2025-04-10", "CR"), ("2025-07-01", "PD"), ("2025-08-01", "NE")))
    actual, expected = shown(result[~result["PARAMCD"].isin(["OVR", "OVRD"])], """
        USUBJID | PARAMCD | AVALC | ADT        | CARTDY | SRCDOM | SRCSEQ
        1       | RSP     | Y     | 2025-01-31 | 30     | RS     | 1
        1       | BOR     | CR    | 2025-04-10 | 99     | RS     | 2
        1       | PD      | Y     | 2025-07-01 | 181    | RS     | 3
        1       | LSTA    | Y     | 2025-07-01 | 181    | RS     | 3
        1       | ORR     | Y     | 2025-01-31 | 30     | RS     | 1
        1       | CRD30   | N     | .          | .      | .      | .
    """)
    assert actual == expected


def test_not_evaluable_and_not_done_are_not_adequate():
    made = points(scans(("2025-01-31", "NE"), ("2025-02-20", "ND"), ("2025-04-10", "SD"), ("2024-12-20", "SD")))
    assert made["ADEQFL"].tolist() == ["N", "N", "Y", "N"]


def test_each_time_point_has_its_window_and_a_flag_when_it_counts():
    result = responses(scans(("2025-01-31", "PR"), ("2025-02-20", "SD"), ("2025-04-10", "PD"), ("2025-05-10", "CR")))
    recorded = result[result["PARAMCD"] == "OVR"]
    assert recorded["ANL01FL"].tolist() == ["Y", "Y", "Y", "N"]
    assert recorded["AVISIT"].fillna(".").tolist() == ["Day 30", ".", "Day 100", "."]
    assert recorded["AWTDIFF"].tolist() == [0, 20, 1, 29]
    assert recorded["AWRANGE"].tolist() == ["30 to 37", "30 to 37", "93 to 107", "93 to 107"]


def test_the_derived_response_stands_beside_the_recorded_one_and_differences_are_flagged():
    text = """
        VISIT DATE       OVERALL PET CT
        V1    2025-01-31 CR      CMR PR
        V2    2025-04-10 PR      CMR CR
        V3    2025-07-01 CR      CMR PD
        V4    2025-10-01 PR      ND  CR
    """
    result = responses(text)
    derived = result[result["PARAMCD"] == "OVRD"]
    assert derived["AVALC"].tolist() == ["CR", "CR", "CR", "PR"]
    assert derived["DIFFFL"].tolist() == ["N", "Y", "N", "N"]


def test_a_complete_metabolic_response_with_ct_progression_is_progression_when_the_new_lesion_is_proven():
    lesions = "USUBJID TRGRPID TRTESTCD TRSTRESC VISIT\n1 NEW NEWCONF Y V1"
    derived = responses("VISIT DATE OVERALL PET CT\nV1 2025-01-31 PD CMR PD", lesions=lesions)
    assert answer(derived, "OVRD") == ["PD"]


def test_without_a_pet_form_the_ct_decides():
    assert answer(responses("VISIT DATE OVERALL PET CT\nV1 2025-01-31 PR . PR"), "OVRD") == ["PR"]


def test_responses_are_numbered_from_best_to_worst_and_not_done_is_last():
    seen = ("CR", "PR", "SD", "PD", "NE", "ND")
    found = responses(scans(*((f"2025-0{n}-01", overall) for n, overall in enumerate(seen, 2))))
    recorded = found[found["PARAMCD"] == "OVR"]
    assert dict(zip(recorded["AVALC"], recorded["AVAL"], strict=True)) == {
        "CR": 1, "PR": 2, "SD": 3, "PD": 4, "NE": 5, "ND": 7,
    }  # fmt: skip
    nothing = responses(scans(("2025-02-01", "ND")))
    assert nothing.loc[nothing["PARAMCD"] == "BOR", ["AVALC", "AVAL"]].to_numpy().tolist() == [["MISSING", 6]]


def test_a_study_that_plans_no_day_30_has_no_complete_response_at_day_30():
    result = responses(scans(("2025-01-31", "CR")), crd30_low=None, crd30_high=None)
    assert (answer(result, "CRD30"), answer(result, "CRD100"), answer(result, "CRBEST")) == ([], ["N"], ["Y"])


def test_a_partial_date_is_its_first_possible_day_and_flagged():
    result = responses(scans(("2025-02", "PR"), ("2025-04-10", "CR")))
    recorded = result[result["PARAMCD"] == "OVR"]
    assert recorded["ADT"].dt.strftime("%Y-%m-%d").tolist() == ["2025-02-01", "2025-04-10"]
    assert recorded["ADTF"].fillna(".").tolist() == ["D", "."]
