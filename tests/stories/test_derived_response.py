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
    seen = {"PETEVAL": "Y", "FDP5PS": "5", "OTRCUPCB": "NA", "PETNEW": "N", "BMUPTAKE": "N"} | items
    return [f"1 | PET | {visit} | {test} | {value} | {DATES[visit]}" for test, value in seen.items()]


def metabolic(*lines, baseline="Y"):
    header = "USUBJID | TRGRPID | TRLNKGRP | TRTESTCD | TRSTRESC | TRDTC"
    tr = given("tr", "\n".join([header, *lines]), TREVAL="INVESTIGATOR")
    scan = given("baseline_scan", f"USUBJID BASEPTFL\n1 {baseline}")
    return pet_points(tr, scan).set_index("LNKGRP")["METABOLD"].to_dict()


@pytest.mark.parametrize(("items", "result"), [
    ({"FDP5PS": "2", "OTRCUPCB": "DEC"}, "CMR"),
    ({"FDP5PS": "4", "OTRCUPCB": "DEC"}, "PMR"),
    ({"FDP5PS": "4", "OTRCUPCB": "NC"}, "SMD"),
    ({"FDP5PS": "5", "OTRCUPCB": "INC"}, "PMD"),
    ({"FDP5PS": "2", "OTRCUPCB": "DEC", "PETNEW": "Y"}, "PMD"),
    ({"FDP5PS": "2", "OTRCUPCB": "DEC", "BMUPTAKE": "Y"}, "PMD"),  # not there at baseline
    ({"PETEVAL": "N"}, "NE"),
])
def test_the_items_of_a_pet_give_its_metabolic_response(items, result):
    assert metabolic(*pet("SCR"), *pet("D30", **items))["D30"] == result


def test_a_marrow_focus_that_persists_is_a_partial_response():
    found = metabolic(*pet("SCR", BMUPTAKE="Y"), *pet("D30", FDP5PS="2", PETUPT="DEC", BMUPTAKE="Y"))
    assert found["D30"] == "PMR"


def test_without_a_baseline_pet_a_pet_is_not_evaluable():
    assert metabolic(*pet("D30", FDP5PS="2", PETUPT="DEC"), baseline="N")["D30"] == "NE"


def test_a_pet_not_done_is_not_done():
    assert metabolic(*pet("SCR"), "1 | PET | D30 | FDP5PS | . | .")["D30"] == "ND"


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


LESIONS = "USUBJID|TRGRPID|TRLNKID|TRLNKGRP|TRTESTCD|TRSTRESC|TRSTRESN|TRDTC"
TYPES = "USUBJID SEQ QNAM QVAL\n1 1 LESTYPE NODAL\n1 2 LESTYPE EXTRANODAL"
SPLEEN = {"spleen_pd_from": "BASELINE", "spleen_new_cm": 2.0, "spleen_new_any": True}


def parts(lesions, points="1 1 D30 2025-02-10 N", marrow="", base_spleen=".", **rule):
    """CT parts by time point; lesions as GROUP LESION VISIT TEST TEXT NUMBER DATE, T1 and N1 nodal, E1 extranodal."""
    tr = given("tr", "\n".join([LESIONS, *("1|" + "|".join(line.split()) for line in lesions.strip().splitlines())]))
    fa = given("fa", f"USUBJID | FACAT | FATESTCD | FASTRESN\n1 | DISEASE HISTORY | SPLEEN | {base_spleen}\n"
                     "1 | OTHER | SPLEEN | 30\n1 | DISEASE HISTORY | OTHER | 30")  # fmt: skip
    return ct_points(
        given("assessments", f"USUBJID RSSEQ LNKGRP ADT NEWLES\n{points}"), tr,
        given("tu", "USUBJID TUSEQ TULNKID\n1 1 T1\n1 2 E1\n1 1 N1\n1 1 ."), supp("TU", "TUSEQ", TYPES), fa,
        given("mi", f"USUBJID MISEQ MISTRESC MIDTC\n{marrow}"),
        given("subjects", "USUBJID BASESCDT TRTSDT\n1 2024-12-20 2025-01-04"), **(SPLEEN | rule))  # fmt: skip


def sized(lesion, visit, long, short, date, group="TARGET"):
    """The lines of a measured lesion."""
    tests = (("TUMSTATE", "MEASURED", "."), ("LDIAM", long, long), ("LPERP", short, short))
    return "\n".join(f"{group} {lesion} {visit} {test} {text} {number} {date}" for test, text, number in tests)


@pytest.mark.parametrize(("lesion", "long", "short", "proof", "new"), [
    ("N1", 16, 10, "", "Y"), ("N1", 12, 10, "", "N"), ("E1", 12, 10, "", "Y"), ("E1", 10, 10, "", "N"),
    ("E1", 10, 12, "", "Y"), ("N1", 12, 10, "FDGAVID Y", "Y"), ("N1", 12, 10, "FDGAVID N", "N"),
    ("N1", 12, 10, "NEWCONF Y", "Y"), ("N1", 12, 10, "NEWCONF N", "N"), ("N1", ".", ".", "NEWCONF Y", "Y"),
    ("N1", ".", ".", "", "U"),
])  # fmt: skip
def test_a_new_lesion_is_one_by_size_for_its_type_or_by_pet_or_biopsy(lesion, long, short, proof, new):
    lines = sized(lesion, "D30", long, short, "2025-02-10", "NEW")
    proven = f"NEW {lesion} D30 {proof} . 2025-02-10" if proof else ""
    assert parts(f"{lines}\n{proven}")["NEWLESD"].tolist() == [new]


def test_a_target_lesion_with_sizes_and_no_status_was_measured():
    lines = "\n".join(sized("T1", *visit.split()) for visit in ("SCR 40 30 2024-12-20", "D30 30 20 2025-02-10"))
    told = "\n".join(line for line in lines.splitlines() if "TUMSTATE" not in line)
    assert parts(told)["TRGRESP"].tolist() == parts(lines)["TRGRESP"].tolist() == ["PR"]


@pytest.mark.parametrize(("answer", "new"), [("Y", "Y"), ("N", "N"), ("U", "U"), (".", "U")])
def test_without_a_recorded_lesion_the_answer_of_the_time_point_counts_and_no_answer_is_unsure(answer, new):
    assert parts("", f"1 1 D30 2025-02-10 {answer}")["NEWLESD"].tolist() == [new]


@pytest.mark.parametrize(("visits", "response"), [
    # 40 x 30 at baseline; before it 100 x 100, which counts for nothing; 30 x 20 is half
    ("PRE 100 100 2024-11-20, SCR 40 30 2024-12-20, D30 30 20 2025-02-10", "PR"),
    ("SCR 40 30 2024-12-20, D30 31 20 2025-02-10", "SD"),
    ("SCR 100 100 2024-12-19, OTH 40 30 2024-12-20, D30 31 20 2025-02-10", "SD"),  # the last one up to the scan
    ("SCR 100 100 2024-12-20, OTH 40 30 2024-12-21, D30 31 20 2025-02-10", "PR"),  # and none after it
    ("OTH 40 30 2024-12-21, D30 31 20 2025-02-10", "none"),                        # without a baseline no response
])  # fmt: skip
def test_the_baseline_is_the_last_ct_up_to_the_baseline_scan(visits, response):
    lines = [sized("T1", *visit.split()) for visit in visits.split(", ")]
    assert parts("\n".join(lines))["TRGRESP"].fillna("none").tolist() == [response]


def test_all_lesions_of_a_time_point_have_its_earliest_date():
    lines = [sized("T1", "SCR", 40, 30, "2024-12-20"), sized("E1", "SCR", 30, 20, "2024-12-22"),
             sized("T1", "D30", 15, 10, "2025-02-10"), sized("E1", "D30", 30, 20, "2025-02-12")]  # fmt: skip
    assert parts("\n".join(lines))["TRGRESP"].tolist() == ["PR"]  # 1800 to 750, E1 a part of the baseline


@pytest.mark.parametrize(("state", "target", "other"), [
    ("ABSENT", "CR", "CR"), ("NE", "NE", "NE"), ("PRESENT", "NE", "SD"), ("UNEQUIVOCAL", "NE", "PD"),
])  # fmt: skip
def test_the_states_of_a_lesion(state, target, other):
    for group, name, expected in (("TARGET", "TRGRESP", target), ("NON-TARGET", "NTRGRESP", other)):
        lines = sized("T1", "SCR", 40, 30, "2024-12-20", group).replace("MEASURED", "PRESENT" if "NON" in group else
                                                                         "MEASURED")  # fmt: skip
        made = parts(f"{lines}\n{group} T1 D30 TUMSTATE {state} . 2025-02-10")
        assert made[name].tolist() == [expected]


def test_only_lesions_with_a_name_and_a_time_point_are_looked_at():
    lines = sized("T1", "SCR", 40, 30, "2024-12-20") + "\n" + sized("T1", "D30", 15, 10, "2025-02-10")
    stray = [sized(".", "SCR", 90, 90, "2024-12-20"), sized("T1", ".", 90, 90, "2024-12-20"),
             sized("T1", "SCR", 90, 90, "2024-12-20", "PET")]  # fmt: skip
    assert parts("\n".join([*stray, lines]))["TRGRESP"].tolist() == ["CR"]


TWO = "1 1 D30 2025-02-10 N\n1 2 D100 2025-04-20 N"


@pytest.mark.parametrize(("base", "first", "second", "rule", "response"), [
    ("20", "14", "15", {}, "PR"),                                # 2 of 7 cm above normal are left
    ("20", "14", "15", {"spleen_pd_from": "NADIR"}, "PD"),       # 1 cm grew to 2
    ("20", "14", "14.5", {"spleen_pd_from": "NADIR"}, "PR"),     # by half is not by more than half
    ("12", "11", "13.5", {}, "PD"),                              # normal before, enlarged now
    ("12", "11.6", "13.5", {"spleen_new_any": False}, "SD"),     # a small one may be left out of count
    ("12", "11.5", "13.5", {"spleen_new_any": False}, "PD"),     # 2 cm longer than the smallest before
    ("12", "11.5", "13.5", {"spleen_new_any": False, "spleen_new_cm": 2.5}, "SD"),
    ("20", ".", "15", {"spleen_pd_from": "NADIR"}, "PR"),
    ("20", "12", ".", {}, "NE"), (".", "14", "15", {}, "NE"),
])  # fmt: skip
def test_the_spleen_is_compared_with_baseline_or_with_the_smallest_length_before(base, first, second, rule, response):
    lengths = f"SPLEEN . D30 ORVERLN {first} {first} 2025-02-10\nSPLEEN . D100 ORVERLN {second} {second} 2025-04-20"
    assert parts(lengths, TWO, base_spleen=base, **rule)["SPLNRESP"].tolist()[1] == response


def test_time_points_in_another_order_have_the_same_spleen():
    lengths = "SPLEEN . D30 ORVERLN 14 14 2025-02-10\nSPLEEN . D100 ORVERLN 15 15 2025-04-20"
    turned = parts(lengths, "\n".join(reversed(TWO.splitlines())), base_spleen="20", spleen_pd_from="NADIR")
    assert turned["SPLNRESP"].tolist() == ["PD", "PR"]


@pytest.mark.parametrize(("biopsies", "response"), [
    ("1 1 N 2024-12-01\n1 2 Y 2024-12-01", "NE"),  # of one day the later record
    ("1 1 Y 2024-12-01\n1 2 N 2025-02-10\n1 3 Y 2025-02-10", "SD"),
    ("1 1 Y 2024-12-01\n1 2 . 2025-02-09", "NE"),  # a biopsy without a result says nothing
    ("1 1 Y 2024-12-01\n1 2 N 2025-02-11", "NE"),
    ("1 1 Y 2024-12-01\n1 2 Y 2025-02-10", "SD"),
    ("1 1 N 2024-12-01\n1 2 N 2025-02-10", "CR"), ("1 2 Y 2025-02-10", "PD"), ("1 2 N 2025-02-10", "CR"), ("", "CR"),
    ("1 1 NE 2024-12-01", "NE"),
])  # fmt: skip
def test_the_marrow_is_what_the_last_biopsies_before_and_since_treatment_show(biopsies, response):
    assert parts("", marrow=biopsies)["MARRRESP"].tolist() == [response]
