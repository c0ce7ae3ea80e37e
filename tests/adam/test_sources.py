"""Records as seen: any dataset under common names, dated, with its source and its subject beside it."""

import pandas as pd
import pytest
from tables import given, shown

from adam.derive.sources import beside, seen

PEOPLE = given("subjects", "USUBJID CARTSDT NACTDT AGE\n1 2025-01-10 2025-03-01 60\n2 . . 61")


def test_a_partial_date_may_be_any_day_of_its_month_or_year_and_counts_by_the_first():
    records = given("cm", "USUBJID CMSTDTC CMSEQ\n1 2025-02-03 1\n1 2025-02 2\n1 2025 3\n2 2025-02-03 4\n1 . 5")

    actual, expected = shown(seen(records, "cm", PEOPLE).rename(columns={"CMSEQ": "AESEQ"}), """
        USUBJID AESEQ ADT        ADTF ADTHI      CARTDY SRCDOM SRCVAR  SRCSEQ
        1       1     2025-02-03 .    2025-02-03 24     CM     CMSTDTC 1
        1       2     2025-02-01 D    2025-02-28 22     CM     CMSTDTC 2
        1       3     2025-01-01 M    2025-12-31 -9     CM     CMSTDTC 3
        2       4     2025-02-03 .    2025-02-03 .      CM     CMSTDTC 4
        1       5     .          .    .          .      CM     CMSTDTC 5
    """)
    assert expected == actual


def test_a_record_stands_beside_what_is_known_of_its_subject_and_keeps_what_it_has_itself():
    records = given("cm", "USUBJID CMSTDTC\n1 2025-02-03\n2 2025-02-04\n3 2025-02-05").assign(AGE=5.0).iloc[[2, 0, 1]]

    found = seen(records, "CM", PEOPLE)
    assert found.index.tolist() == [2, 0, 1]
    assert found["NACTDT"].dt.strftime("%Y-%m-%d").tolist()[1] == "2025-03-01"
    assert found["NACTDT"].isna().tolist() == [True, False, True]
    assert found["AGE"].tolist() == [5, 5, 5]


@pytest.mark.parametrize(("name", "rows", "source"), [
    ("lb", "USUBJID LBDTC LBSEQ\n1 2025-02-03T10:00 7", ("LB", "LBDTC", 7)),
    ("assessments", "USUBJID ADT RSSEQ\n1 2025-02-03 8", ("RS", "RSDTC", 8)),
    ("adae", "USUBJID AESTDTC ASTDT AESEQ SRCDOM SRCVAR SRCSEQ\n1 2025-02 2025-02-03 3 AE AESTDTC 9",
     ("AE", "AESTDTC", 9)),
    ("adfa", "USUBJID ADT ASEQ SRCDOM SRCVAR SRCSEQ\n1 2025-02-03 1 FA FASTRESC 4", ("FA", "FASTRESC", 4)),
])  # fmt: skip
def test_a_record_leads_to_the_sdtm_record_it_comes_from(name, rows, source):
    row = seen(given(name, rows), name, PEOPLE).iloc[0]
    assert (row["SRCDOM"], row["SRCVAR"], row["SRCSEQ"]) == source
    assert str(row["ADT"])[:10] == "2025-02-03"


def test_a_date_of_an_analysis_dataset_is_open_as_far_as_its_flag_says():
    records = given("adae", "USUBJID ASTDT ASTDTF AESEQ\n1 2025-02-05 . 1\n1 2025-02-05 D 2\n1 2025-02-05 M 3")
    assert seen(records, "adae", PEOPLE)["ADTHI"].dt.strftime("%m-%d").tolist() == ["02-05", "02-28", "12-31"]


def test_another_date_of_the_record_may_be_asked_for_and_one_record_per_subject_has_none_of_its_own():
    ends = seen(given("cm", "USUBJID CMSTDTC CMENDTC\n1 2025-02-03 2025-04-01"), "cm", PEOPLE, "CMENDTC").iloc[0]
    assert (str(ends["ADT"])[:10], ends["SRCVAR"]) == ("2025-04-01", "CMENDTC")
    assert seen(PEOPLE, "subjects", PEOPLE)["ADT"].isna().all()
    assert seen(PEOPLE, "subjects", PEOPLE, "NACTDT")["CARTDY"].tolist()[0] == 50  # 10 January to 1 March


def test_a_dataset_without_records_is_seen_as_one():
    found = seen(given("lb", "USUBJID LBDTC"), "lb", PEOPLE)
    assert len(found) == 0
    assert {"ADT", "ADTF", "ADTHI", "CARTDY", "SRCSEQ", "NACTDT"} <= set(found.columns)
    assert pd.api.types.is_datetime64_any_dtype(found["ADT"])


def test_ten_thousand_subjects_are_seen_in_a_moment():
    people = pd.DataFrame({"USUBJID": [str(n) for n in range(10_000)], "CARTSDT": pd.Timestamp("2025-01-01")})
    records = pd.DataFrame({"USUBJID": people["USUBJID"].repeat(10), "LBDTC": "2025-02-03", "LBSEQ": 1.0})
    assert seen(records, "lb", people)["CARTDY"].eq(33).all()


def test_what_is_laid_beside_a_subject_brings_no_date_and_no_source_of_its_own():
    subjects = pd.DataFrame({"USUBJID": ["1"], "AGE": [60]})
    taken = pd.DataFrame({"USUBJID": ["1"], "LVEFBL": [55], "ADT": [None], "SRCDOM": ["FA"], "SRCVAR": ["FADTC"],
                          "SRCSEQ": [3]})  # fmt: skip

    assert beside(subjects, ["taken"], {"taken": taken}).columns.tolist() == ["USUBJID", "AGE", "LVEFBL"]
