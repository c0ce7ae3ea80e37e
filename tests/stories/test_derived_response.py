"""The response that follows from PET items, lesions, spleen and marrow (analysis plan 2.2, 2.3), by visit of the study.

Baseline CT and PET on 20 December 2024, conditioning on 4 January, cells on 10 January 2025.
"""

import pytest
from tables import given, shown, supp

from adam.response.ct_points import ct_points
from adam.response.pet_points import pet_points

DATES = {"SCR": "2024-12-20", "D30": "2025-02-10", "D100": "2025-04-20"}


def pet(visit, **items):
    """The PET items of one visit; not done when nothing is said."""
    seen = {"PETEVAL": "Y", "DEAUVSCR": "5", "PETUPT": "NA", "PETNEW": "N", "PETMARR": "N"} | items
    return [f"1 | PET | {visit} | {test} | {value} | {DATES[visit]}" for test, value in seen.items()]


def metabolic(*lines, baseline="Y"):
    header = "USUBJID | TRGRPID | TRLNKGRP | TRTESTCD | TRSTRESC | TRDTC"
    tr = given("tr", "\n".join([header, *lines]), TREVAL="INVESTIGATOR")
    scan = given("baseline_scan", f"USUBJID BASEPTFL\n1 {baseline}")
    return pet_points(tr, scan).set_index("LNKGRP")["METABOLD"].to_dict()


@pytest.mark.parametrize(("items", "result"), [
    ({"DEAUVSCR": "2", "PETUPT": "DEC"}, "CMR"),
    ({"DEAUVSCR": "4", "PETUPT": "DEC"}, "PMR"),
    ({"DEAUVSCR": "4", "PETUPT": "NC"}, "SMD"),
    ({"DEAUVSCR": "5", "PETUPT": "INC"}, "PMD"),
    ({"DEAUVSCR": "2", "PETUPT": "DEC", "PETNEW": "Y"}, "PMD"),
    ({"DEAUVSCR": "2", "PETUPT": "DEC", "PETMARR": "Y"}, "PMD"),  # not there at baseline
    ({"PETEVAL": "N"}, "NE"),
])
def test_the_items_of_a_pet_give_its_metabolic_response(items, result):
    assert metabolic(*pet("SCR"), *pet("D30", **items))["D30"] == result


def test_a_marrow_focus_that_persists_is_a_partial_response():
    found = metabolic(*pet("SCR", PETMARR="Y"), *pet("D30", DEAUVSCR="2", PETUPT="DEC", PETMARR="Y"))
    assert found["D30"] == "PMR"


def test_without_a_baseline_pet_a_pet_is_not_evaluable():
    assert metabolic(*pet("D30", DEAUVSCR="2", PETUPT="DEC"), baseline="N")["D30"] == "NE"


def test_a_pet_not_done_is_not_done():
    assert metabolic(*pet("SCR"), "1 | PET | D30 | METRESP | ND | .")["D30"] == "ND"


BASE = "TARGET T1 SCR MEASURED 40 30 | TARGET T2 SCR MEASURED 30 20 | NON-TARGET NT1 SCR PRESENT . ."  # SPD 1800


def anatomic(visits, base=BASE, new="N", spleen="", base_spleen=".", marrow="USUBJID MISTRESC MIDTC"):
    """CT response by visit; lesions as GROUP ID VISIT STATE LDIAM LPERP."""
    lines = []
    for text in f"{base} | {visits}".split("|"):
        group, lesion, visit, state, long, short = text.replace("TOO_SMALL", "TOO~SMALL~TO~MEASURE").split()
        state = state.replace("~", " ")
        lines += [f"1|{group}|{lesion}|{visit}|TUMSTATE|{state}|.|{DATES[visit]}"]
        sizes = {"LDIAM": long, "LPERP": short}
        lines += [f"1|{group}|{lesion}|{visit}|{t}|{v}|{v}|{DATES[visit]}" for t, v in sizes.items()]
    lines += [f"1|SPLEEN|.|{visit}|ORVERLN|{cm}|{cm}|{DATES[visit]}" for visit, cm in
              (pair.split() for pair in spleen.split("|") if pair)]  # fmt: skip
    tr = given("tr", "\n".join(["USUBJID|TRGRPID|TRLNKID|TRLNKGRP|TRTESTCD|TRSTRESC|TRSTRESN|TRDTC", *lines]))
    tu = given("tu", "USUBJID TUSEQ TULNKID\n1 1 T1\n1 2 T2\n1 3 N1")
    types = supp("TU", "TUSEQ", "USUBJID SEQ QNAM QVAL\n1 1 LESTYPE NODAL\n1 2 LESTYPE EXTRANODAL\n1 3 LESTYPE NODAL")
    points = given("assessments", f"""
        USUBJID RSSEQ LNKGRP ADT        NEWLES
        1       1     D30    2025-02-10 {new}
        1       2     D100   2025-04-20 N
    """)
    fa = given("fa", f"USUBJID | FACAT | FATESTCD | FASTRESN\n1 | DISEASE HISTORY | SPLEEN | {base_spleen}")
    people = given("subjects", "USUBJID BASESCDT TRTSDT\n1 2024-12-20 2025-01-04")
    return ct_points(points, tr, tu, types, fa, given("mi", marrow), people,
                     spleen_pd_from="BASELINE", spleen_new_cm=2.0, spleen_new_any=True)


def at_day_30(*given_parts, **known):
    return anatomic(*given_parts, **known)["ANATOMD"].tolist()[0]


GONE = "TARGET T1 D30 MEASURED 15 10 | TARGET T2 D30 ABSENT . . | NON-TARGET NT1 D30 ABSENT . ."


@pytest.mark.parametrize(("visit", "result"), [
    (GONE, "CR"),
    ("TARGET T1 D30 MEASURED 15 10 | TARGET T2 D30 ABSENT . . | NON-TARGET NT1 D30 PRESENT . .", "PR"),
    ("TARGET T1 D30 MEASURED 15 10 | TARGET T2 D30 TOO_SMALL . . | NON-TARGET NT1 D30 ABSENT . .", "PR"),  # 5 x 5
    ("TARGET T1 D30 MEASURED 30 20 | TARGET T2 D30 MEASURED 20 15 | NON-TARGET NT1 D30 PRESENT . .", "PR"),  # 900: half
    ("TARGET T1 D30 MEASURED 31 20 | TARGET T2 D30 MEASURED 20 15 | NON-TARGET NT1 D30 PRESENT . .", "SD"),  # 920
    ("TARGET T1 D30 MEASURED 60 30 | TARGET T2 D30 MEASURED 30 20 | NON-TARGET NT1 D30 PRESENT . .", "PD"),  # +50 %
    ("TARGET T1 D30 MEASURED 30 20 | TARGET T2 D30 NE . . | NON-TARGET NT1 D30 PRESENT . .", "NE"),
    ("TARGET T1 D30 MEASURED 30 20 | TARGET T2 D30 ABSENT . . | NON-TARGET NT1 D30 UNEQUIVOCAL . .", "PD"),
])
def test_lesions_give_the_anatomic_response(visit, result):
    assert at_day_30(visit) == result


def test_a_time_point_without_any_ct_is_not_done():
    actual, expected = shown(anatomic(GONE).iloc[1:], """
        USUBJID | TRGRESP | NTRGRESP | ANATOMD
        1       | ND      | ND       | ND
    """)
    assert actual == expected


@pytest.mark.parametrize(("base", "visit", "parts"), [
    ("TARGET T1 SCR MEASURED 40 30", "TARGET T1 D30 MEASURED 15 10", [("CR", ".", "CR"), ("ND", ".", "ND")]),
    ("NON-TARGET NT1 SCR PRESENT . .", "NON-TARGET NT1 D30 PRESENT . .", [(".", "SD", "SD"), (".", "ND", "ND")]),
])
def test_only_lesions_that_were_there_at_baseline_can_be_not_done(base, visit, parts):
    found = anatomic(visit, base=base)[["TRGRESP", "NTRGRESP", "ANATOMD"]].fillna(".")
    assert found.apply(tuple, axis=1).tolist()[:1] == parts[:1]
    assert found.iloc[1, :2].tolist() == list(parts[1][:2])


@pytest.mark.parametrize(("lesion", "new", "result"), [
    ("| NEW N1 D30 . 16 10", "Y", "PD"),   # a node above 15 mm
    ("| NEW N1 D30 . 12 10", "Y", "CR"),   # too small to be one, and not unequivocal
    ("", "Y", "PD"),                       # answered without a measured lesion
    ("", "N", "CR"),
    ("", "U", "NE"),
    ("| NEW N1 D30 . . .", "Y", "NE"),     # neither measured nor unequivocal: nobody can say
    ("| NEW N1 D30 . . . | NEW N2 D30 . 12 10", "Y", "NE"),
    ("| NEW N1 D30 . 16 10 | NEW N2 D30 . . .", "Y", "PD"),
])
def test_a_new_lesion_counts_by_its_size_or_else_by_the_answer(lesion, new, result):
    assert at_day_30(f"{GONE} {lesion}", new=new) == result


@pytest.mark.parametrize(("base", "now", "result"), [("15", "16.1", "PD"), ("15", "16", "SD"), ("12", "12.5", "CR")])
def test_the_spleen_is_compared_with_its_length_before_conditioning(base, now, result):
    assert at_day_30(GONE, spleen=f"D30 {now}", base_spleen=base) == result


@pytest.mark.parametrize(("biopsies", "result"), [
    ("1 N 2024-12-01", "CR"),
    ("1 Y 2024-12-01", "PR"),                       # involved, not checked again
    ("1 Y 2024-12-01\n1 N 2025-02-09", "CR"),
    ("1 Y 2024-11-01\n1 N 2024-12-01", "CR"),       # the last one before treatment counts
    ("1 N 2024-11-01\n1 Y 2024-12-01", "PR"),
    ("1 N 2024-12-01\n1 Y 2025-01-04", "PR"),       # on the day of the first treatment is before it
    ("1 N 2024-12-01\n1 Y 2025-01-05", "PD"),
    ("1 N 2024-12-01\n1 Y 2025-02-09", "PD"),
    ("1 Y 2024-12-01\n1 N 2025-03-09", "PR"),       # checked after this time point
])
def test_marrow_involved_at_baseline_must_be_shown_to_be_clear(biopsies, result):
    assert at_day_30(GONE, marrow=f"USUBJID MISTRESC MIDTC\n{biopsies}") == result
