"""Retreatment: a study with two treatment periods. Each has its own Day 0 and response; the second never reaches back.

A is treated, responds, progresses, is treated again and responds again; B is treated once; C is never treated.
"""

import pytest
from built import example, made
from tables import given, shown, supp

from pipeline.ground.metadata import Period

PERIODS = (Period("Initial treatment", 'PART == "1"'), Period("Retreatment", 'PART == "2"'))
RS = "USUBJID | RSCAT | RSEVAL | RSTESTCD | RSSTRESC | VISIT | RSDTC"
LUGANO = "LUGANO CLASSIFICATION | INVESTIGATOR | OVRLRESP"


def study(again="2025-09-10"):
    """The SDTM datasets; A is infused again on that day."""
    return {
        "dm": given("dm", """
            USUBJID | SUBJID | SITEID | AGE | SEX | RFICDTC
            A       | 1      | 101    | 64  | F   | 2024-12-01
            B       | 2      | 101    | 65  | M   | 2024-12-02
            C       | 3      | 101    | 66  | M   | 2024-12-03
        """),
        "suppdm": supp("DM", "", "USUBJID SEQ QNAM QVAL\nA . PARTCD A\nB . PARTCD A"),
        "ds": given("ds", """
            USUBJID | DSCAT              | DSDECOD  | DSSTDTC
            A       | PROTOCOL MILESTONE | ENTERED INTO TRIAL | 2024-12-10
            B       | PROTOCOL MILESTONE | ENTERED INTO TRIAL | 2024-12-11
        """),
        "ex": given("ex", f"""
            USUBJID | EXSEQ | EXCAT        | EXTRT | EXDOSE | EXDOSU | EXSTDTC
            A       | 1     | CONDITIONING | FLU   | 50     | mg     | 2025-01-04
            A       | 2     | CELLS        | CAR   | 100    | 10^6   | 2025-01-10
            A       | 3     | CELLS        | CAR   | 20     | 10^6   | 2025-01-11
            A       | 4     | CONDITIONING | FLU   | 50     | mg     | 2025-09-04
            A       | 5     | CELLS        | CAR   | 300    | 10^6   | {again}
            B       | 1     | CONDITIONING | FLU   | 50     | mg     | 2025-01-04
            B       | 2     | CELLS        | CAR   | 100    | 10^6   | 2025-01-10
        """),
        "suppex": supp("EX", "EXSEQ", """
            USUBJID SEQ QNAM QVAL
            A 1 PART 1
            A 2 PART 1
            A 3 PART 1
            A 4 PART 2
            A 5 PART 2
            B 1 PART 1
            B 2 PART 1
        """),
        "pr": given("pr", "USUBJID | PRCAT | PRSTDTC\nA | LEUKAPHERESIS | 2024-12-15\nB | LEUKAPHERESIS | 2024-12-15"),
        "cm": given("cm", "USUBJID | CMCAT | CMSTDTC\nA | SUBSEQUENT ANTICANCER THERAPY | 2026-02-01"),
        "ss": given("ss", "USUBJID SSSTRESC SSDTC\nA ALIVE 2026-06-01\nB ALIVE 2026-06-01"),
        "rs": given("rs", f"""
            {RS}
            A | {LUGANO} | PR | DAY 30   | 2025-02-10
            A | {LUGANO} | PD | MONTH 6  | 2025-07-10
            A | {LUGANO} | CR | DAY 30   | 2025-10-10
            A | {LUGANO} | CR | DAY 100  | 2025-12-20
            B | {LUGANO} | CR | DAY 30   | 2025-02-10
        """),
        "ae": given("ae", """
            USUBJID | AESEQ | AEDECOD                   | AESTDTC    | AEENDTC    | AETOXGR
            A       | 1     | Cytokine release syndrome | 2025-01-12 | 2025-01-15 | 1
            A       | 2     | Cytokine release syndrome | 2025-09-11 | 2025-09-14 | 3
            A       | 3     | Anaemia                   | 2025-09-10 | 2025-09-20 | 2
            A       | 4     | Pneumonia                 | .          | .          | 2
        """),
    }


TARGETS = ("adsl", "adrs", "adtte", "adcrs", "adae", "adex")


@pytest.fixture(scope="module")
def analysed():
    return made(example(periods=PERIODS), study(), TARGETS)[0]


def values(dataset, paramcd):
    """Value by subject and period of one parameter."""
    rows = dataset[dataset["PARAMCD"] == paramcd]
    return dict(zip(rows["USUBJID"] + rows["APERIOD"].astype("int64").astype("str"), rows["AVALC"], strict=True))


def test_each_period_has_its_own_best_response_and_the_second_does_not_touch_the_first(analysed):
    assert values(analysed["adrs"], "BOR") == {"A1": "PR", "A2": "CR", "B1": "CR"}
    assert values(analysed["adrs"], "CRD30") == {"A1": "N", "A2": "Y", "B1": "Y"}


def test_an_assessment_belongs_to_one_period(analysed):
    points = analysed["adrs"][analysed["adrs"]["PARAMCD"] == "OVR"]
    found = zip(points["USUBJID"], points["APERIOD"], points["ADT"].dt.strftime("%Y-%m-%d"), strict=True)
    assert sorted(found) == [
        ("A", 1, "2025-02-10"), ("A", 1, "2025-07-10"), ("A", 2, "2025-10-10"), ("A", 2, "2025-12-20"),
        ("B", 1, "2025-02-10"),
    ]  # fmt: skip


def test_progression_free_survival_starts_anew_in_each_period_and_overall_survival_runs_on(analysed):
    actual = analysed["adtte"][["USUBJID", "APERIOD", "PARAMCD", "STARTDT", "ADT", "CNSR"]]
    actual = actual[actual["PARAMCD"].isin(["PFS", "OS"])].sort_values(["PARAMCD", "USUBJID", "APERIOD"])
    dates = actual.assign(STARTDT=actual["STARTDT"].dt.strftime("%Y-%m-%d"), ADT=actual["ADT"].dt.strftime("%Y-%m-%d"))
    assert [tuple(row) for row in dates.to_numpy().tolist()] == [
        ("A", 1, "OS", "2025-01-10", "2026-06-01", 1),
        ("A", 2, "OS", "2025-09-10", "2026-06-01", 1),
        ("B", 1, "OS", "2025-01-10", "2026-06-01", 1),
        ("A", 1, "PFS", "2025-01-10", "2025-07-10", 0),
        ("A", 2, "PFS", "2025-09-10", "2025-12-20", 2),
        ("B", 1, "PFS", "2025-01-10", "2025-02-10", 4),
    ]


def test_an_event_of_a_later_period_counts_in_it_alone(analysed):
    actual = analysed["adae"][["AESEQ", "APERIOD", "TRTEMFL", "CARTDY"]].fillna({"TRTEMFL": "", "CARTDY": -99})
    assert [tuple(row) for row in actual.sort_values("AESEQ").to_numpy().tolist()] == [
        (1, 1, "Y", 2), (2, 2, "Y", 1), (3, 2, "Y", 0), (4, 1, "Y", -99),
    ]  # fmt: skip
    assert values(analysed["adcrs"], "CRSMAXGR") == {"A1": "1", "A2": "3", "B1": "0"}


def test_doses_are_added_within_a_period_alone(analysed):
    doses = analysed["adex"][analysed["adex"]["PARAMCD"].isin(["TOTDOSE", "NINF"])]
    found = zip(doses["USUBJID"], doses["APERIOD"], doses["PARAMCD"], doses["AVAL"], strict=True)
    assert sorted(found) == [
        ("A", 1, "NINF", 2), ("A", 1, "TOTDOSE", 120), ("A", 2, "NINF", 1), ("A", 2, "TOTDOSE", 300),
        ("B", 1, "NINF", 1), ("B", 1, "TOTDOSE", 100),
    ]  # fmt: skip


def test_a_subject_stands_once_in_adsl_as_in_the_first_period_with_the_dates_of_each(analysed):
    actual, expected = shown(analysed["adsl"], """
        USUBJID | CARTSDT    | CARTDOSE | NACTDT | RESPFL | AP01SDT    | AP01EDT    | AP02SDT    | AP02EDT
        A       | 2025-01-10 | 120      | .      | Y      | 2025-01-04 | 2025-01-11 | 2025-09-04 | 2025-09-10
        B       | 2025-01-10 | 100      | .      | Y      | 2025-01-04 | 2025-01-10 | .          | .
        C       | .          | .        | .      | N      | .          | .          | .          | .
    """)
    assert actual == expected


def test_further_study_treatment_is_a_date_of_the_first_period_and_a_new_therapy_one_of_the_second(analysed):
    first, second = analysed["subjects"].set_index("USUBJID"), analysed["subjects@2"].set_index("USUBJID")
    assert first["FURTRTDT"].dt.strftime("%Y-%m-%d").fillna(".").to_dict() == {"A": "2025-09-04", "B": ".", "C": "."}
    assert second["NACTDT"].dt.strftime("%Y-%m-%d").to_dict() == {"A": "2026-02-01"}


def test_the_first_period_is_what_it_would_be_without_the_second(analysed):
    without = {name: frame.copy() for name, frame in study().items()}
    without["ex"] = without["ex"][~without["ex"]["EXSEQ"].isin([4, 5])]
    early = {"rs": "RSDTC", "ae": "AESTDTC", "cm": "CMSTDTC"}
    for name, date in early.items():
        without[name] = without[name][~(without[name][date] >= "2025-09-04")]
    alone = made(example(), without, ("adrs", "adtte", "adcrs", "adae"))[0]
    for name in ("adrs", "adtte", "adcrs", "adae"):
        told = [one for one in alone[name].columns if one != "ASEQ"]  # numbers the records of all periods
        first = analysed[name][analysed[name]["APERIOD"] == 1][told].reset_index(drop=True)
        assert first.astype("str").values.tolist() == alone[name][told].astype("str").values.tolist()


def test_a_dose_of_no_period_and_one_of_two_are_findings():
    periods = (Period("One", "EXDOSE <= 100"), Period("Two", "EXDOSE < 50 or EXDOSE == 100"))
    found = made(example(periods=periods), study(), ["subjects"])[1]
    told = found[found["check"] == "TRT-PERIOD"]
    several = told[told["message"].str.contains("several")]
    assert sorted(several["subject"] + " " + several["record"]) == ["A EXSEQ=2", "A EXSEQ=3", "B EXSEQ=2"]
    assert told[told["message"].str.contains("no treatment period")]["record"].tolist() == ["EXSEQ=5"]


def test_a_period_in_which_nobody_was_treated_yet_has_no_records():
    periods = (PERIODS[0], Period("Later", 'PART == "3"'))
    without = {name: frame for name, frame in study().items() if name != "ex"}
    without["ex"] = study()["ex"].query("EXSEQ <= 3").reset_index(drop=True)
    frames = made(example(periods=periods), without, ("adsl", "adrs"))[0]
    assert set(frames["adrs"]["APERIOD"]) == {1.0}
    assert frames["adsl"]["AP02SDT"].isna().all()
