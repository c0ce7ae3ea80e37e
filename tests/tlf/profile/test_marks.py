"""What the page of a subject shows of records: their days, what is not known of them, and what cannot be drawn."""

import pandas as pd
import pytest

from tlf.profile.marks import profiles
from tlf.profile.spec import ChartSpec, LaneSpec, ProfileSpec, RecordTable

ORIGINS = {"CARTSDT": "first infusion", "TRTSDT": "first treatment", "RFICDT": "consent"}
EVENTS = LaneSpec("EVENTS", "Events", "adae", "AESTDTC", "AEENDTC", rows="AEDECOD", text=("AETERM",), colour="ATOXGRN",
              ongoing='AEOUT == "NOT RECOVERED"')  # fmt: skip


def adsl(**dates: str) -> pd.DataFrame:
    """One subject with these dates."""
    given = {name: pd.to_datetime([dates.get(name)]).astype("datetime64[s]") for name in ORIGINS}
    return pd.DataFrame({"USUBJID": ["S-1"], **given})


def adae(*records: tuple) -> pd.DataFrame:
    """Events: start, end, outcome."""
    start, end, outcome = (pd.Series(column, dtype="str") for column in zip(*records, strict=True))
    seq = [float(number) for number in range(1, len(records) + 1)]
    return pd.DataFrame({
        "USUBJID": "S-1", "ASEQ": seq, "AEDECOD": "Rash", "AETERM": "rash", "ATOXGRN": 2.0, "AESTDTC": start,
        "AEENDTC": end, "AEOUT": outcome, "SRCDOM": "AE", "SRCSEQ": seq,
    })  # fmt: skip


def shown(frame: pd.DataFrame, *names: str) -> list[tuple]:
    return [tuple(None if value != value else value for value in row) for row in frame[list(names)].to_numpy().tolist()]


@pytest.mark.parametrize(
    ("dates", "origin", "day"),
    [
        ({"CARTSDT": "2025-01-08", "TRTSDT": "2025-01-01", "RFICDT": "2024-12-01"}, "first infusion", -8.0),
        ({"TRTSDT": "2025-01-01", "RFICDT": "2024-12-01"}, "first treatment", -1.0),
        ({"RFICDT": "2024-12-01"}, "consent", 30.0),
    ],
)
def test_day_0_is_the_first_of_the_origins_that_the_subject_has(dates, origin, day):
    found = profiles(ProfileSpec(origins=ORIGINS, lanes=(EVENTS,)),
                     {"adsl": adsl(**dates), "adae": adae(("2024-12-31", "2024-12-31", ""))})  # fmt: skip
    assert (found.days["ORIGIN"][0], found.marks["START"][0]) == (origin, day)


# start, end, outcome -> first and last day of the start, first and last day of the end, what is open, in words
ENDS = [
    ("2025-01-10", "2025-01-12", "", 2, 2, 4, 4, "", "2025-01-10 to 2025-01-12"),
    ("2025-01-10", "2025-01-10", "", 2, 2, 2, 2, "", "2025-01-10"),
    ("2025-01", "2025-02-03", "", -7, 23, 26, 26, "", "2025-01 to 2025-02-03"),
    ("2025-01-10", "2025-01", "", 2, 2, 2, 23, "", "2025-01-10 to 2025-01"),
    ("2025-01-10", None, "NOT RECOVERED", 2, 2, None, None, "ongoing", "2025-01-10 to ongoing"),
    ("2025-01-10", None, "RECOVERED", 2, 2, None, None, "end not recorded", "2025-01-10 to end not recorded"),
    ("2025-01-12", "2025-01-10", "", 4, 4, None, None, "ends before it starts", "2025-01-12 to 2025-01-10"),
    (None, "2025-01-12", "", None, None, 4, 4, "start not known", "? to 2025-01-12"),
]


@pytest.mark.parametrize("given", ENDS)
def test_a_record_is_shown_with_all_days_that_it_may_have_lasted(given):
    start, end, outcome, *expected = given
    found = profiles(ProfileSpec(origins=ORIGINS, lanes=(EVENTS,)),
                     {"adsl": adsl(CARTSDT="2025-01-08"), "adae": adae((start, end, outcome))})  # fmt: skip
    assert shown(found.marks, "START", "SURE", "UNTIL", "END", "OPEN", "DATES") == [tuple(expected)]


def test_an_imputed_date_is_shown_as_the_days_that_its_flag_leaves_open():
    lane = LaneSpec("R", "Response", "adrs", "ADT", colour="AVALC")
    adrs = pd.DataFrame({
        "USUBJID": "S-1", "ASEQ": [1.0, 2.0, 3.0], "AVALC": "CR", "ADTF": pd.Series([None, "D", "M"], dtype="str"),
        "ADT": pd.to_datetime(["2025-02-05", "2025-02-01", "2025-01-01"]).astype("datetime64[s]"),
    })  # fmt: skip
    found = profiles(ProfileSpec(origins=ORIGINS, lanes=(lane,)), {"adsl": adsl(CARTSDT="2025-01-08"), "adrs": adrs})
    assert shown(found.marks, "START", "SURE", "DATES") == [
        (28.0, 28.0, "2025-02-05"), (24.0, 51.0, "2025-02"), (-7.0, 357.0, "2025"),
    ]  # fmt: skip


def test_what_has_no_date_is_not_drawn_but_told():
    found = profiles(ProfileSpec(origins=ORIGINS, lanes=(EVENTS,)),
                     {"adsl": adsl(CARTSDT="2025-01-08"), "adae": adae((None, None, ""))})  # fmt: skip
    assert found.marks.empty
    assert shown(found.undated, "WHAT", "TEXT", "WHY", "SRCSEQ") == [("Events", "Rash rash", "no date", 1)]


def test_a_value_below_the_limit_stands_at_it_and_one_without_a_number_is_told():
    chart = ChartSpec("T", "Transgene", "adpc", limit="ALLOQ", below='QUANTFL == "N"', text="AVALC")
    adpc = pd.DataFrame({
        "USUBJID": "S-1", "ASEQ": [1.0, 2.0, 3.0], "AVAL": [0.0, 900.0, None], "AVALC": ["<25", "900", "LOST"],
        "ALLOQ": 25.0, "QUANTFL": pd.Series(["N", "Y", None], dtype="str"),
        "ADT": pd.to_datetime(["2025-01-08", "2025-01-11", "2025-01-15"]).astype("datetime64[s]"),
    })  # fmt: skip
    found = profiles(ProfileSpec(origins=ORIGINS, charts=(chart,)), {"adsl": adsl(CARTSDT="2025-01-08"), "adpc": adpc})
    assert shown(found.points, "DAY", "VALUE", "TEXT", "BELOW") == [(0, 25, "<25", True), (3, 900, "900", False)]
    assert shown(found.undated, "WHAT", "TEXT", "WHY") == [("Transgene", "LOST", "no number, 2025-01-15")]


def test_every_mark_says_its_record_and_the_record_of_sdtm_behind_it():
    events = adae(("2025-01-10", None, ""), ("2025-01-11", None, "")).assign(SRCSEQ=[7.0, 9.0])
    found = profiles(ProfileSpec(origins=ORIGINS, lanes=(EVENTS,)),
                     {"adsl": adsl(CARTSDT="2025-01-08"), "adae": events})  # fmt: skip
    assert shown(found.marks, "DATASET", "RECORD", "SEQ", "SRCDOM", "SRCSEQ") == [
        ("ADAE", 1, 1.0, "AE", 7.0), ("ADAE", 2, 2.0, "AE", 9.0),
    ]  # fmt: skip


def test_a_record_of_two_treatment_periods_is_shown_once():
    twice = pd.concat([adae(("2025-01-10", "2025-01-12", ""))] * 2, ignore_index=True).assign(APERIOD=[1.0, 2.0])
    found = profiles(ProfileSpec(origins=ORIGINS, lanes=(EVENTS,)),
                     {"adsl": adsl(CARTSDT="2025-01-08"), "adae": twice})  # fmt: skip
    assert len(found.marks) == 1


def test_a_subject_of_whom_nothing_is_known_has_a_page_of_day_0_alone():
    spec = ProfileSpec(origins=ORIGINS, lanes=(EVENTS,), tables=(RecordTable("R", "Response", "adrs", "ADT", {}),))
    found = profiles(spec, {"adsl": adsl()})
    assert shown(found.days, "FIRST", "LAST") == [(0.0, 0.0)]
    assert found.tables[0].empty


def test_a_record_without_a_value_for_its_row_has_a_row_that_says_so():
    events = adae(("2025-01-10", "2025-01-12", "")).assign(AEDECOD=pd.Series([None], dtype="str"))
    found = profiles(ProfileSpec(origins=ORIGINS, lanes=(EVENTS,)),
                     {"adsl": adsl(CARTSDT="2025-01-08"), "adae": events})  # fmt: skip
    assert shown(found.marks, "ROW", "TEXT") == [("no AEDECOD", "rash")]
