"""Lesions and spleen on CT by the Lugano classification (analysis plan 2.3). Diameters in mm, spleen in cm."""

import random
from decimal import Decimal

import pandas as pd
import pytest

from adam.criteria.lugano_lesions import (
    SpleenRule,
    lesion_course,
    lesion_sizes,
    new_lesion,
    non_target_response,
    spleen_response,
    target_response,
)


def course(table, text: str) -> pd.DataFrame:
    """Records of one subject: lesion, type, one column of `LDi x SDi`, `S`, `A` or `NE` per month."""
    wide = table(text)
    long = wide.melt(["TRLNKID", "TYPE"], var_name="month", value_name="size").dropna(subset="size")
    sizes = long["size"].str.extract(r"(?P<LDIAM>[\d.]+)x(?P<LPERP>[\d.]+)")
    return long.assign(
        USUBJID="1", ADT=pd.to_datetime("2025-0" + long["month"] + "-01"), ABLFL=long["month"].eq("1").map({True: "Y"}),
        STATUS=long["size"].where(sizes["LDIAM"].isna(), "M"), LDIAM=sizes["LDIAM"], LPERP=sizes["LPERP"],
    )  # fmt: skip


def responses(table, text: str) -> list[str]:
    return target_response(course(table, text))["TRGRESP"].tolist()


def test_too_small_is_5_by_5_not_visible_0_by_0_and_small_nodes_keep_their_size(table):
    lesions = table("""
        STATUS|LDIAM|LPERP|PPD
        M     |30   |20   |600
        M     |8    |6    |48
        S     |     |     |25
        S     |4    |3    |25
        A     |     |     |0
        NE    |30   |20   |
        M     |30   |     |
        """, numbers=("PPD",))  # fmt: skip
    assert lesion_sizes(lesions)["PPD"].fillna(-1).tolist() == lesions["PPD"].fillna(-1).tolist()


@pytest.mark.parametrize(
    ("case", "nadir", "now", "progressed"),
    [
        ("up to 2 cm: 5 mm and 50 %", "16x10", "21x12", "Y"),
        ("up to 2 cm: the short axis counts as well", "16x10", "20x20", "Y"),
        ("up to 2 cm: 4 mm both ways", "16x10", "20x14", "N"),
        ("exactly 50 % of the product", "20x10", "25x12", "Y"),
        ("49 % of the product", "20x10", "25x11.9", "N"),
        ("over 2 cm: 10 mm are needed", "30x20", "39x29", "N"),
        ("over 2 cm: 10 mm of the long axis", "30x20", "40x23", "Y"),
        ("over 2 cm: 10 mm of the short axis", "30x20", "31x30", "Y"),
        ("still not longer than 15 mm", "8x6", "15x14", "N"),
        ("just longer than 15 mm", "8x6", "16x14", "Y"),
    ],
)
def test_a_lesion_progresses_against_its_nadir(table, case, nadir, now, progressed):
    lesions = course(table, f"TRLNKID|TYPE|1|2|3\n1|N|60x50|{nadir}|{now}")
    assert lesion_course(lesions)["LESPD"].tolist() == ["N", "N", progressed], case


@pytest.mark.parametrize(("case", "before", "now", "expected"), [
    ("product + 50 % exactly, long axis + 5.2", "10.4x8.0", "15.6x8.0", "PD"),
    ("just below + 50 %", "10.4x8.0", "15.59x8.0", "SD"),
    ("just above + 50 %", "10.4x8.0", "15.61x8.0", "PD"),
    ("short axis alone, + 5.0 exactly", "15.1x9.9", "15.1x14.9", "PD"),
    ("short axis alone, + 4.9", "15.1x9.7", "15.1x14.6", "SD"),
    ("lesion of 20.0, + 5.0 is enough", "20.0x10.1", "25.0x13.1", "PD"),
    ("lesion of 20.1, + 9.9 is not", "20.1x10.1", "30.0x13.1", "SD"),
    ("lesion of 20.1, + 10.0 is", "20.1x10.1", "30.1x13.1", "PD"),
    ("15.0 long is normal", "9.9x9.9", "15.0x14.9", "CR"),
    ("15.1 long is not", "10.1x9.9", "15.1x14.9", "PD"),
    ("product - 50 % exactly", "20.2x12.0", "20.2x6.0", "PR"),
    ("just short of - 50 %", "20.2x12.0", "20.2x6.01", "SD"),
    ("just beyond - 50 %", "20.2x12.0", "20.2x5.99", "PR"),
])  # fmt: skip
def test_bounds_hold_in_decimals(table, case, before, now, expected):
    assert responses(table, f"TRLNKID|TYPE|1|2\n1|N|{before}|{now}") == [expected], case


@pytest.mark.slow
def test_every_product_of_decimals_is_judged_as_exact_arithmetic_has_it(table):
    draw = random.Random(11)
    sizes = [[Decimal(draw.randint(160, 400)) / 10, Decimal(draw.randint(50, 150)) / 10] for _ in range(300)]
    for share, expected in ((Decimal("0.5"), "PR"), (Decimal("0.501"), "SD")):
        rows = [f"1|N|{a}x{b}|{a}x{b * share}" for a, b in sizes]
        lesions = [course(table, f"TRLNKID|TYPE|1|2\n{row}").assign(USUBJID=str(n)) for n, row in enumerate(rows)]
        assert set(target_response(pd.concat(lesions))["TRGRESP"]) == {expected}


def test_the_nadir_is_the_smallest_size_before_baseline_included(table):
    lesions = course(table, "TRLNKID|TYPE|1|2|3|4|5\n1|N|20x10|30x20|NE|18x12|40x30")
    found = lesion_course(lesions)["NADPPD"].tolist()[1:]
    assert found == [200, 200, 200, 200]


def test_a_lesion_that_was_not_visible_and_is_back_has_progressed(table):
    found = lesion_course(course(table, """
        TRLNKID|TYPE|1    |2|3
        1      |N   |40x30|A|16x4
        2      |N   |40x30|A|15x12
        3      |E   |40x30|A|11x4
        4      |E   |40x30|A|10x9
        """))  # fmt: skip
    assert found[found["ADT"].eq("2025-03-01")]["LESPD"].tolist() == ["Y", "N", "Y", "N"]


def test_complete_response_nodes_at_most_15_mm_and_extranodal_gone(table):
    assert responses(table, """
        TRLNKID|TYPE|1    |2    |3    |4
        1      |N   |40x30|15x14|15x14|16x5
        2      |E   |30x20|A    |5x5  |A
        """) == ["CR", "PR", "PR"]  # fmt: skip


def test_partial_response_needs_a_fall_of_50_percent_from_baseline(table):
    assert responses(table, """
        TRLNKID|TYPE|1    |2    |3
        1      |N   |50x20|25x20|26x20
        """) == ["PR", "SD"]  # fmt: skip


def test_one_progressing_lesion_is_pd_although_the_sum_fell(table):
    assert responses(table, """
        TRLNKID|TYPE|1    |2
        1      |N   |80x60|16x10
        2      |N   |20x15|32x20
        """) == ["PD"]  # fmt: skip


def test_a_target_that_was_not_measured_makes_ne_unless_another_shows_progression(table):
    assert responses(table, """
        TRLNKID|TYPE|1    |2    |3    |4
        1      |N   |40x30|10x10|10x10|40x30
        2      |N   |40x30|NE   |     |NE
        """) == ["NE", "NE", "PD"]  # fmt: skip


def test_without_a_measured_baseline_partial_response_cannot_be_judged(table):
    assert responses(table, """
        TRLNKID|TYPE|1    |2    |3
        1      |N   |40x30|20x10|10x10
        2      |N   |NE   |20x10|10x10
        """) == ["NE", "CR"]  # fmt: skip


def test_sums_and_their_nadir_are_listed_in_square_millimetres(table):
    found = target_response(course(table, """
        TRLNKID|TYPE|1    |2    |3   |4
        1      |N   |40x30|20x10|NE  |20x20
        2      |N   |10x10|S    |10x5|10x5
        """))  # fmt: skip
    assert found[["SPD", "BASESPD", "NADIR"]].fillna(-1).to_numpy().tolist() == [
        [225, 1300, 1300], [-1, 1300, 225], [450, 1300, 225],
    ]  # fmt: skip


def test_screening_scans_before_the_baseline_do_not_count(table):
    lesions = course(table, "TRLNKID|TYPE|1|2|3\n1|N|10x10|40x30|20x20")
    lesions["ABLFL"] = lesions["month"].eq("2").map({True: "Y"})
    assert target_response(lesions)["TRGRESP"].tolist() == ["PR"]


def test_subjects_do_not_mix(table):
    one = course(table, "TRLNKID|TYPE|1|2\n1|N|40x30|10x10")
    two = course(table, "TRLNKID|TYPE|1|2\n1|N|60x50|60x50\n2|N|30x30|30x30").assign(USUBJID="2")
    found = target_response(pd.concat([two, one]))
    assert dict(zip(found["USUBJID"], found["TRGRESP"], strict=True)) == {"1": "CR", "2": "SD"}


def test_no_lesions_give_no_responses(table):
    none = course(table, "TRLNKID|TYPE|1|2\n1|N|40x30|10x10").iloc[:0]
    assert target_response(none).empty
    assert non_target_response(none).empty


def test_the_records_are_left_as_they_were(table):
    lesions = course(table, "TRLNKID|TYPE|1|2\n1|N|40x30|10x10")
    before = lesions.copy()
    target_response(lesions)
    pd.testing.assert_frame_equal(lesions, before)


def test_non_target_lesions_row_by_row(table):
    wide = table("""
        case                       |first|now1|now2|result
        all absent                 |P    |A   |A   |CR
        one present                |P    |A   |P   |SD
        one progressed             |P    |A   |PD  |PD
        progression beats missing  |P    |NE  |PD  |PD
        one not evaluable          |P    |A   |NE  |NE
        one without a record       |P    |A   |    |NE
        """)
    rows = wide.melt(["case", "result"], var_name="when", value_name="STATUS").dropna(subset="STATUS")
    first = rows[rows["when"].eq("first")]
    start = pd.concat([first.assign(TRLNKID="now1"), first.assign(TRLNKID="now2")]).assign(ABLFL="Y", ADT="2025-01-01")
    later = rows[~rows["when"].eq("first")].assign(TRLNKID=lambda r: r["when"], ABLFL=None, ADT="2025-02-01")
    lesions = pd.concat([start, later]).rename(columns={"case": "USUBJID"})
    found = non_target_response(lesions.assign(ADT=pd.to_datetime(lesions["ADT"])))
    assert dict(zip(found["USUBJID"], found["NTRGRESP"], strict=True)) == dict(
        zip(wide["case"], wide["result"], strict=True)
    )


def test_a_non_target_lesion_that_was_absent_and_is_back_has_progressed():
    lesions = pd.DataFrame({
        "USUBJID": "1", "TRLNKID": "1", "STATUS": ["P", "A", "P"], "ABLFL": ["Y", None, None],
        "ADT": pd.to_datetime(["2025-01-01", "2025-02-01", "2025-03-01"]),
    })  # fmt: skip
    assert non_target_response(lesions)["NTRGRESP"].tolist() == ["CR", "PD"]


def test_a_new_lesion_counts_by_size_or_when_it_is_unequivocal(table):
    lesions = table("""
        TYPE|LDIAM|LPERP|AVID|BIOPSY|new
        N   |16   |5    |N   |N     |Y
        N   |15   |15   |N   |N     |N
        E   |11   |5    |N   |N     |Y
        E   |10   |10   |N   |N     |N
        E   |8    |5    |Y   |N     |Y
        E   |8    |5    |N   |Y     |Y
        E   |     |     |N   |N     |U
        E   |     |     |Y   |N     |Y
        """)
    assert new_lesion(lesions).tolist() == lesions["new"].tolist()


def test_spleen_row_by_row(table):
    spleens = table("""
        case                                         |now |base|least|result
        15 cm must exceed 16 cm                      |16.0|15  |15   |SD
        15 cm exceeding 16 cm                        |16.1|15  |15   |PD
        14.2 cm, excess grown by exactly half        |14.8|14.2|14.2 |SD
        14.2 cm, by more than half                   |14.9|14.2|14.2 |PD
        13.6 cm, excess grown by exactly half        |13.9|13.6|13.6 |SD
        13.6 cm, by more than half                   |13.91|13.6|13.6|PD
        13.6 cm, excess fallen by exactly half       |13.3|13.6|13.6 |SD
        13.6 cm, excess fallen by more than half     |13.29|13.6|13.6|PR
        not enlarged, 2.0 cm longer in decimals      |12.3|10.3|10.3 |PD
        not enlarged, 2 cm longer                    |12.5|10.5|10.5 |PD
        not enlarged, 1.9 cm longer                  |12.4|10.5|10.5 |CR
        new splenomegaly                             |13.5|12  |12   |PD
        recurrent splenomegaly                       |13.5|15  |12.9 |PD
        back to normal                               |13.0|15  |15   |CR
        excess fallen by more than half              |13.9|15  |15   |PR
        excess fallen by exactly half                |14.0|15  |15   |SD
        not measured, enlarged at baseline           |    |15  |15   |NE
        not measured, never enlarged                 |    |12  |12   |
        not measured, exactly normal at baseline     |    |13  |13   |
        exactly normal at baseline, enlarged now     |13.1|13  |13   |PD
        recurrent from exactly normal                |13.1|15  |13   |PD
        still exactly normal                         |13.0|15  |12.9 |CR
        enlarged, no baseline                        |14  |    |     |NE
        normal, no baseline                          |12  |    |     |CR
        first scan after baseline, nothing before    |16.1|15  |     |PD
        """)
    found = spleen_response(spleens["now"], spleens["base"], spleens["least"])
    assert found.fillna("").tolist() == spleens["result"].fillna("").tolist()


@pytest.mark.parametrize(("rule", "now", "base", "least", "expected"), [
    (SpleenRule(), "15.4", "16", "14", "SD"),
    (SpleenRule(growth_from="NADIR"), "14.5", "16", "14", "SD"),
    (SpleenRule(growth_from="NADIR"), "14.6", "16", "14", "PD"),
    (SpleenRule(growth_from="NADIR"), "12.4", "12", "10.4", "PD"),
    (SpleenRule(growth_from="NADIR"), "13.4", "16", "12.9", "PD"),
    (SpleenRule(), "12.3", "10.3", "10.3", "PD"),
    (SpleenRule(), "12.4", "12", "10.4", "CR"),
    (SpleenRule(new_cm=1.1), "12.4", "11.3", "11.3", "PD"),
    (SpleenRule(new_cm=1.1), "12.3", "11.3", "11.3", "CR"),
    (SpleenRule(), "13.1", "12.9", "12.9", "PD"),
    (SpleenRule(any_new=False), "13.1", "12.9", "12.9", "SD"),
    (SpleenRule(any_new=False), "14.9", "12.9", "12.9", "PD"),
    (SpleenRule(any_new=False), "14.8", "12.9", "12.9", "SD"),
    (SpleenRule(any_new=False), "14.9", "13.0", "12.9", "PD"),
    (SpleenRule(any_new=False), "14.8", "13.0", "12.9", "SD"),
    (SpleenRule(any_new=False), "15.0", "13.0", "13.0", "PD"),
    (SpleenRule(growth_from="NADIR", any_new=False), "14.6", "15", "13", "SD"),
    (SpleenRule(growth_from="NADIR", any_new=False), "15.0", "15", "13", "PD"),
])  # fmt: skip
def test_what_the_classification_leaves_open_about_the_spleen_is_decided(rule, now, base, least, expected):
    found = spleen_response(pd.Series([now]), pd.Series([base]), pd.Series([least]), rule)
    assert found.tolist() == [expected]


def test_without_decisions_the_spleen_is_held_against_its_baseline_and_any_new_enlargement_counts():
    assert SpleenRule() == SpleenRule(growth_from="BASELINE", new_cm=2.0, any_new=True)
