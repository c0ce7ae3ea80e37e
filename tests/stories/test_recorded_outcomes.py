"""What a source states itself: characteristics recorded once (ADFA), and outcomes that agree with its own dates."""

import pandas as pd
import pytest
from endpoint_files import endpoints, times
from tables import given

from adam.adfa import adfa
from adam.identities import recorded_times_agree


def findings(text):
    return adfa(given("fa", text))


def test_daily_assessments_are_not_characteristics():
    found = findings("""
        USUBJID | FACAT           | FATESTCD | FASTRESC | FASEQ
        A       | DISEASE HISTORY | IPI      | 3        | 1
        A       | CRS ASSESSMENT  | CRSGR    | 2        | 2
    """)
    assert found[["PARAMCD", "AVAL", "AVALC"]].to_numpy().tolist() == [["IPI", 3.0, "3"]]


def test_a_result_that_is_no_number_has_text_only_and_the_first_record_counts():
    found = findings("""
        USUBJID | FACAT           | FATESTCD | FASTRESC | FASEQ
        A       | DISEASE HISTORY | TARGET   | CD3/CD20 | 1
        A       | DISEASE HISTORY | TARGET   | CD3/CD19 | 2
    """)
    assert found["AVAL"].isna().all()
    assert found["ANL01FL"].fillna("").tolist() == ["Y", ""]


def agreed(days, cnsr, months, event):
    """Checks that are raised for one subject whose source states months and event of OS."""
    adtte = pd.DataFrame({"STUDYID": "S", "USUBJID": "S-1", "PARAMCD": ["OS"], "AVAL": [days], "CNSR": [cnsr]})
    stated = findings(f"""
        USUBJID | FACAT            | FATESTCD | FASTRESC | FASEQ
        S-1     | RECORDED OUTCOME | OSMON    | {months} | 1
        S-1     | RECORDED OUTCOME | OSEVT    | {event}  | 2
    """)
    return recorded_times_agree(adtte, stated.assign(STUDYID="S"), 30.4375)[["check", "field"]].to_numpy().tolist()


@pytest.mark.parametrize(
    ("days", "cnsr", "months", "event", "expected"),
    [
        (283, 1, "9.3", "N", []),  # 9.298
        (283, 1, "9.2", "N", [["ID-RECORDED", "OSMON"]]),
        (283, 0, "9.3", "N", [["ID-RECORDED", "OSEVT"]]),
        (283, 0, "9", "Y", []),
    ],
)
def test_stated_months_and_events_agree_with_the_dates_to_the_last_decimal_printed(days, cnsr, months, event, expected):
    assert agreed(days, cnsr, months, event) == expected


@pytest.mark.parametrize(("day1", "days"), [(True, 100), (False, 99)])
def test_the_day_of_the_origin_is_day_one_or_day_zero(day1, days):
    people = given("subjects", "USUBJID CARTSDT CARTSEQ DTHDT DTHSEQ\n1 2025-01-01 1 2025-04-10 1")
    assert times("OS", endpoints(tte_day1=day1), people, pd.DataFrame())["AVAL"].tolist() == [days]
