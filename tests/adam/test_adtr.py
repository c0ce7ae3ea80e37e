"""ADTR: sizes and sums of target lesions by reader, with changes from the baseline and from the smallest since."""

import pandas as pd
import pytest
from tables import given, labelled, shown

from adam.adtr import adtr, adtr_sources
from adam.criteria.lugano_lesions import target_response

PEOPLE = """
    USUBJID | TRTSDT     | CARTSDT    | CARTSDY | BASESCDT
    1       | 2025-01-10 | 2025-01-16 | 0       | 2025-01-08
    2       | .          | .          | .       | .
"""
VISITS = pd.DataFrame({
    "AVISIT": ["Day 30"], "RESPFL": ["Y"], "ANCHOR": ["CELLS"], "PLANNED_DAY": ["30"], "WINDOW_LOW": ["20"],
    "WINDOW_HIGH": ["40"],
})  # fmt: skip
FIRST = "1 | . | T1 | SCR | 2025-01-05 | 20 x 10"
COURSE = """
    1 | . | T1 | SCR  | 2025-01-05 | 20 x 10
    1 | . | T2 | SCR  | 2025-01-06 | 30 x 20
    1 | . | T1 | D30  | 2025-02-10 | 10 x 10
    1 | . | T2 | D30  | 2025-02-10 | TOO SMALL TO MEASURE
    1 | . | T1 | D100 | 2025-04-20 | 15 x 10
    1 | . | T2 | D100 | 2025-04-20 | ABSENT
    1 | . | T1 | M6   | 2025-07-20 | NE
    1 | . | T2 | M6   | 2025-07-20 | ABSENT
    1 | . | T1 | M9   | 2025-10-20 | 12 x 10
    1 | . | T2 | M9   | 2025-10-20 | ABSENT
"""


def measured(text):
    """TR of lines subject, reader, lesion, time point, date and size or status."""
    rows, seq = ["USUBJID|TRGRPID|TREVALID|TRLNKID|TRLNKGRP|VISIT|TRDTC|TRTESTCD|TRSTRESC|TRSTRESN|TRSEQ"], 0
    for line in filter(str.strip, text.splitlines()):
        subject, reader, lesion, point, date, size = (cell.strip() for cell in line.split("|"))
        longest, _, shortest = size.partition(" x ")
        results = [("LDIAM", longest, longest), ("LPERP", shortest, shortest)] if shortest else []
        status = "MEASURED" if shortest else size
        for testcd, text_result, number in [*results, ("TUMSTATE", status, ".")]:
            seq += 1
            rows.append("|".join([subject, "TARGET", reader, lesion, point, point, date, testcd, text_result, number,
                                  str(seq)]))  # fmt: skip
    return given("tr", "\n".join(rows))


def made(text):
    return adtr(measured(text), given("subjects", PEOPLE), VISITS)


def test_the_sum_of_products_is_compared_with_its_baseline_and_with_the_smallest_since():
    actual, expected = shown(made(COURSE).query('PARAMCD == "SPD"'), """
        USUBJID|ADT|AVAL|ABLFL|BASE|CHG|PCHG|NADIR|CHGNAD|PCHGNAD|ADY|CARTDY|AVISIT|AWTARGET|AWTDIFF|ASEQ
        1|2025-01-05|800|Y|800|.|.|.|.|.|-5|-11|.|30|41|31
        1|2025-02-10|125|.|800|-675|-84.375|800|-675|-84.375|32|25|Day 30|30|5|32
        1|2025-04-20|150|.|800|-650|-81.25|125|25|20|101|94|.|30|64|33
        1|2025-07-20|.|.|800|.|.|125|.|.|192|185|.|30|155|34
        1|2025-10-20|120|.|800|-680|-85|125|-5|-4|284|277|.|30|247|35
    """)
    assert actual == expected


def test_each_lesion_has_its_own_course_and_says_where_its_size_comes_from():
    actual, expected = shown(made(COURSE).query('TRLNKID == "T2" and PARAMCD == "PPD"'), """
        USUBJID | ADT        | AVAL | AVALU | BASE | NADIR | PCHGNAD  | SRCDOM | SRCVAR   | SRCSEQ
        1       | 2025-01-05 | 600  | mm2   | 600  | .     | .        | TR     | TRSTRESN | 4
        1       | 2025-02-10 | 25   | mm2   | 600  | 600   | -95.8333 | TR     | TRSTRESC | 10
        1       | 2025-04-20 | 0    | mm2   | 600  | 25    | -100     | TR     | TRSTRESC | 14
        1       | 2025-07-20 | 0    | mm2   | 600  | 0     | .        | TR     | TRSTRESC | 16
        1       | 2025-10-20 | 0    | mm2   | 600  | 0     | .        | TR     | TRSTRESC | 20
    """)
    assert actual == expected
    labels = labelled("adtr", made(COURSE)).drop_duplicates("PARAMCD").set_index("PARAMCD")["PARAM"].to_dict()
    assert labels == {"LDIAM": "Longest Diameter of a Target Lesion (mm)", "SPD": "Sum of Products of Diameters (mm2)",
                      "LPERP": "Longest Perpendicular of a Target Lesion (mm)",
                      "PPD": "Product of Diameters of a Target Lesion (mm2)"}  # fmt: skip


def test_readers_are_apart_and_one_who_saw_no_baseline_has_none():
    dataset = made(COURSE + """
        1 | READER 1 | T1 | SCR | 2025-01-05 | 40 x 10
        1 | READER 1 | T1 | D30 | 2025-02-10 | 40 x 12
        1 | READER 2 | T1 | D30 | 2025-02-10 | 40 x 20
    """)
    sums = dataset[dataset["PARAMCD"].eq("SPD") & dataset["VISIT"].isin(["SCR", "D30"])]
    told = sums[["TREVALID", "VISIT", "AVAL", "BASE", "PCHG"]].astype("object").fillna(".").values.tolist()
    assert told == [
        ["READER 1", "SCR", 400, 400, "."], ["READER 1", "D30", 480, 400, 20], ["READER 2", "D30", 800, ".", "."],
        [".", "SCR", 800, 800, "."], [".", "D30", 125, 800, -84.375],
    ]  # fmt: skip


@pytest.mark.parametrize(("course", "sums"), [
    (f"{FIRST}\n1 | . | T9 | D30 | 2025-02-10 | 9 x 9\n1 | . | T1 | D30 | 2025-02-10 | 10 x 9", [200, 90]),
    (f"{FIRST}\n1 | . | T2 | SCR | 2025-01-05 | 10 x 10\n1 | . | T1 | D30 | 2025-02-10 | 9 x 9", [300, None]),
    ("2 | . | T1 | SCR | 2025-01-05 | 20 x 10\n2 | . | T2 | SCR | 2025-01-05 | 10 x 10", [300]),
    ("1 | . | T1 | SCR | 2025 | NE", [None]),
])  # fmt: skip
def test_the_sum_is_of_the_lesions_of_the_baseline_and_only_where_all_of_them_were_measured(course, sums):
    found = made(course).query('PARAMCD == "SPD"')["AVAL"]
    assert found.astype("object").where(found.notna(), None).tolist() == sums


def test_the_sums_are_those_from_which_the_target_response_follows():
    dataset = made(COURSE)
    lesions = dataset[dataset["PARAMCD"] == "PPD"].assign(TYPE="N", LDIAM=float("nan"), LPERP=float("nan"))
    by_code = {code: dataset[dataset["PARAMCD"] == code] for code in ("LDIAM", "LPERP")}
    sizes = {code: found.set_index(["TRLNKID", "ADT"])["AVAL"] for code, found in by_code.items()}
    keys = pd.MultiIndex.from_frame(lesions[["TRLNKID", "ADT"]])
    lesions = lesions.assign(**{code: one.reindex(keys).array for code, one in sizes.items()})
    lesions = lesions.assign(STATUS=lesions["LDIAM"].notna().map({True: "M", False: "NE"}))
    by_criteria = target_response(lesions).set_index("ADT")[["SPD", "NADIR"]]
    told = dataset[(dataset["PARAMCD"] == "SPD") & dataset["ABLFL"].isna()].set_index("ADT")[["AVAL", "NADIR"]]
    pd.testing.assert_frame_equal(told.set_axis(["SPD", "NADIR"], axis=1), by_criteria, check_names=False)


def test_nobody_measured_gives_an_empty_dataset():
    assert len(adtr(given("tr", "USUBJID | TRGRPID\n1 | PET"), given("subjects", PEOPLE), VISITS)) == 0


def behind(text, code):
    """The records of TR behind the values of a parameter, by date and lesion."""
    records = made(text).assign(STUDYID="S")
    sources = adtr_sources(measured(text).assign(STUDYID="S"), records)
    told = sources[sources["PARAMCD"] == code].groupby("ASEQ")["SRCSEQ"].agg(lambda numbers: tuple(sorted(numbers)))
    return records.merge(told.rename("BEHIND"), on="ASEQ").set_index(["ADT", "TRLNKID"])["BEHIND"]


def test_a_size_rests_on_its_results_and_a_sum_on_those_of_all_lesions_of_the_baseline():
    later = """
        1 | . | T3 | D30  | 2025-02-10 | 9 x 9
    """
    day = pd.Timestamp("2025-02-10")
    assert behind(COURSE + later, "LDIAM")[day, "T1"] == (7, 9)
    assert behind(COURSE + later, "LPERP")[day, "T1"] == (8, 9)
    assert behind(COURSE + later, "PPD")[day, "T1"] == (7, 8, 9)
    assert behind(COURSE + later, "SPD").loc[day].tolist() == [(7, 8, 9, 10)]


def test_a_reader_without_a_baseline_sums_all_lesions():
    assert behind("2 | . | T1 | D30 | 2025-02-10 | 9 x 9\n2 | . | T2 | D30 | 2025-02-10 | 9 x 9", "SPD").tolist() == [
        (1, 2, 3, 4, 5, 6)
    ]
