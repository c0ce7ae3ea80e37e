"""PFS, PFSEMA, DOR and OS (clarifications 8 to 11, 19): which date ends the time, and why.

Cells on 1 January 2025 (day 0). Windows: D30 30-37 (to 7 Feb), D100 93-107 (4 to 18 Apr), M6 169-197 (19 Jun to
17 Jul), M9 260-288 (18 Sep to 16 Oct).
"""

import pandas as pd
import pytest
from endpoint_files import endpoints, times
from tables import given, shown, table

from adam.derive.visits import missed_windows, next_window, response_windows

VISITS = table("""
    VISIT   | ANCHOR | PLANNED_DAY | WINDOW_LOW | WINDOW_HIGH | RESPFL | AVISIT
    DAY 21  | CELLS  | 21          | 19         | 23          | N      | Day 21
    DAY 30  | CELLS  | 30          | 30         | 37          | Y      | Day 30
    DAY 100 | CELLS  | 100         | 93         | 107         | Y      | Day 100
    MONTH 6 | CELLS  | 183         | 169        | 197         | Y      | Month 6
    MONTH 9 | CELLS  | 274         | 260        | 288         | Y      | Month 9
""")
WINDOWS = response_windows(VISITS)
NO_SCANS = "none 2025-02-01"
USUAL = endpoints()


def timed(scans, code="PFS", made=USUAL, **known):
    """AVAL, CNSR, date and descriptions of one subject with adequate scans on the days given."""
    progressed, treated = known.pop("pddt", None), known.pop("nactdt", None)
    hsct, response = known.pop("hsct", "N"), known.pop("response", "2025-01-01")
    told = {name.upper(): date or "." for name, date in ({"dthdt": None, "lstalvdt": None} | known).items()}
    people = given("subjects", "USUBJID CARTSDT CARTSEQ DTHSEQ LALVDOM LALVVAR LALVSEQ\n"
                               "1 2025-01-01 7 3 SS SSDTC 4", **told)  # fmt: skip
    days = [(day, "SD", n) for n, day in enumerate(scans.split(), 1) if day != progressed]
    days += [(progressed, "PD", 9)] if progressed else []
    seen = "\n".join(f"1 {day} {worth} {n} Y" for day, worth, n in days)
    therapy = f"1 {treated} {hsct} Y CM CMSTDTC 5" if treated else ""
    return _first(times(
        code, made, people, WINDOWS, assessments=given("assessments", f"USUBJID ADT OVERALL RSSEQ ADEQFL\n{seen}"),
        new_therapies=given("new_therapies", f"USUBJID NACTDT HSCT NEWFL NACTDOM NACTVAR NACTSEQ\n{therapy}"),
        counted_responses=given("counted_responses", f"USUBJID ADT QUALRSP RSSEQ\n1 {response} PR 8"),
    ))  # fmt: skip


def _first(result):
    row = result.iloc[0]
    return {**row, "ADT": row["ADT"].strftime("%Y-%m-%d")}


def what(result):
    return result["CNSR"], result["ADT"], result["AVAL"]


def from_where(result, description):
    return tuple(result[name] for name in (description, "SRCDOM", "SRCVAR", "SRCSEQ"))


def test_progression_is_an_event_on_its_scan_and_both_days_count():
    result = timed("2025-02-03 2025-04-10", pddt="2025-04-10")
    assert what(result) == (0, "2025-04-10", 100)  # day 99 after the infusion, 100 days with both ends
    assert from_where(result, "EVNTDESC") == ("Disease progression", "RS", "RSDTC", 9)
    assert result["AVALU"] == "DAYS"
    assert pd.isna(result["CNSDTDSC"])


def test_death_without_progression_is_an_event():
    result = timed("2025-02-03", dthdt="2025-03-01")
    assert what(result) == (0, "2025-03-01", 60)
    assert from_where(result, "EVNTDESC") == ("Death", "DD", "DDDTC", 3)


def test_progression_comes_before_death():
    assert what(timed("2025-02-03", pddt="2025-02-03", dthdt="2025-02-10")) == (0, "2025-02-03", 34)


def test_a_new_therapy_before_the_event_censors_at_the_last_scan_on_or_before_its_start():
    assert what(timed("2025-02-03 2025-04-10", pddt="2025-04-10", nactdt="2025-03-01")) == (2, "2025-02-03", 34)
    assert what(timed("2025-02-03 2025-04-10", pddt="2025-04-10", nactdt="2025-02-03")) == (2, "2025-02-03", 34)


def test_a_new_therapy_without_an_event_censors_as_well():
    assert what(timed("2025-02-03 2025-04-10", nactdt="2025-03-01")) == (2, "2025-02-03", 34)


def test_a_new_therapy_without_a_scan_before_it_censors_at_the_origin():
    result = timed("2025-02-03", pddt="2025-02-03", nactdt="2025-01-15")
    assert what(result) == (2, "2025-01-01", 1)
    assert from_where(result, "CNSDTDSC") == ("Origin", "EX", "EXSTDTC", 7)


def test_a_transplant_censors_with_its_own_code():
    assert what(timed("2025-02-03", nactdt="2025-03-01", hsct="Y")) == (3, "2025-02-03", 34)


def test_progression_on_the_start_day_of_a_therapy_is_an_event():
    assert what(timed("2025-02-03", pddt="2025-02-03", nactdt="2025-02-03")) == (0, "2025-02-03", 34)


def test_a_therapy_after_the_event_changes_nothing():
    assert what(timed("2025-02-03", pddt="2025-02-03", nactdt="2025-02-04")) == (0, "2025-02-03", 34)


def test_two_missed_assessments_censor_the_event_at_the_last_scan_before_it():
    # D100 and M6 lie between the scan of 3 Feb and the death of 18 Jul
    result = timed("2025-02-03", dthdt="2025-07-18")
    assert what(result) == (1, "2025-02-03", 34)
    assert from_where(result, "CNSDTDSC") == ("Last adequate assessment", "RS", "RSDTC", 1)


def test_the_window_that_holds_the_event_is_not_missed():
    assert what(timed("2025-02-03", dthdt="2025-07-17")) == (0, "2025-07-17", 198)


def test_one_missed_assessment_does_not_censor_the_event():
    assert what(timed("2025-02-03", dthdt="2025-05-01")) == (0, "2025-05-01", 121)


def test_without_any_scan_windows_count_from_the_infusion():
    # analysis plan 5.3: neither the Day 30 nor the Day 100 scan, death on day 120
    assert what(timed("", dthdt="2025-05-01")) == (1, "2025-01-01", 1)
    assert what(timed("", dthdt="2025-04-18")) == (0, "2025-04-18", 108)


def test_missed_visits_sets_how_many_may_be_missed():
    assert what(timed("2025-02-03", dthdt="2025-07-18", made=endpoints(missed_visits=3))) == (0, "2025-07-18", 199)


def test_a_new_therapy_comes_before_missed_assessments():
    assert timed("2025-02-03", dthdt="2025-07-18", nactdt="2025-03-01")["CNSR"] == 2


def test_progression_after_a_gap_is_censored_before_the_gap_though_its_own_scan_is_adequate():
    assert what(timed("2025-02-03 2025-07-20", pddt="2025-07-20")) == (1, "2025-02-03", 34)


def test_alive_without_progression_censors_at_the_last_scan():
    result = timed("2025-02-03 2025-04-10")
    assert what(result) == (4, "2025-04-10", 100)
    assert result["EVNTDESC"] == "Alive without progression"


def test_without_any_scan_and_event_time_is_one_day():
    assert what(timed("")) == (5, "2025-01-01", 1)


@pytest.mark.parametrize("known", [{"nactdt": "2025-03-01"}, {}])
def test_ema_counts_every_event(known):
    assert what(timed("2025-02-03", "PFSEMA", dthdt="2025-07-18", **known)) == (0, "2025-07-18", 199)


def test_overall_survival_ends_with_death_or_the_last_day_known_alive():
    assert what(timed("", "OS", dthdt="2025-07-18", lstalvdt="2025-07-01")) == (0, "2025-07-18", 199)
    alive = timed("", "OS", lstalvdt="2025-07-01")
    assert what(alive) == (1, "2025-07-01", 182)
    assert from_where(alive, "CNSDTDSC") == ("Last known alive", "SS", "SSDTC", 4)


def test_duration_of_response_starts_with_the_response():
    # response on 3 Feb; progression 10 Apr is 67 days with both ends
    ended = timed("2025-02-03 2025-04-10", "DOR", pddt="2025-04-10", response="2025-02-03")
    assert what(ended) == (0, "2025-04-10", 67)
    assert what(timed("2025-02-03", "DOR", response="2025-02-03")) == (4, "2025-02-03", 1)


@pytest.mark.parametrize(("last", "event", "missed"), [
    (0, 29, 0), (0, 37, 0), (0, 38, 1), (0, 107, 1), (0, 108, 2), (30, 108, 1), (29, 108, 2), (93, 198, 1),
    (92, 198, 2),
])
def test_a_window_is_missed_when_it_lies_wholly_between(last, event, missed):
    assert missed == missed_windows(pd.Series([float(last)]), pd.Series([float(event)]), WINDOWS).iloc[0]


def test_response_windows_are_the_scheduled_response_assessments_after_the_cells():
    actual, expected = shown(WINDOWS.assign(USUBJID=WINDOWS["AVISIT"]), """
        USUBJID | TARGET | LOW | HIGH
        Day 30  | 30     | 30  | 37
        Day 100 | 100    | 93  | 107
    """)
    assert expected == actual
    assert len(WINDOWS) == 4


@pytest.mark.parametrize(("scans", "known", "cnsr", "why", "ends"), [
    ("2025-02-03", {"pddt": "2025-02-03"}, 0, "Disease progression", None),
    ("2025-02-03", {"dthdt": "2025-02-10"}, 0, "Death", None),
    ("2025-02-03", {"nactdt": "2025-03-01"}, 2, "New anticancer therapy", "Last adequate assessment"),
    ("2025-02-03", {"nactdt": "2025-03-01", "hsct": "Y"}, 3, "Stem-cell transplant", "Last adequate assessment"),
    ("2025-02-03", {"dthdt": "2025-07-18"}, 1, "Death after missed assessments", "Last adequate assessment"),
    ("", {"dthdt": "2025-07-18"}, 1, "Death after missed assessments", "Origin"),
    ("2025-02-03", {}, 4, "Alive without progression", "Last adequate assessment"),
    ("", {}, 5, "No adequate assessment", "Origin"),
])  # fmt: skip
def test_each_situation_has_its_code_and_words(scans, known, cnsr, why, ends):
    result = timed(scans, **known)
    assert (result["CNSR"], result["EVNTDESC"]) == (cnsr, why)
    assert (None if pd.isna(result["CNSDTDSC"]) else result["CNSDTDSC"]) == ends


@pytest.mark.parametrize(("scan", "date"), [
    ("2025-02-28", "2025-02-28"), ("2025-03-01", "2025-03-01"), ("2025-03-02", "2025-01-01"),
])  # fmt: skip
def test_an_assessment_on_the_first_day_of_a_new_therapy_is_before_it_and_one_a_day_later_is_not(scan, date):
    assert timed(scan, nactdt="2025-03-01")["ADT"] == date


@pytest.mark.parametrize(("scan", "cnsr"), [("2025-01-01", 4), ("2024-12-31", 5)])
def test_an_assessment_counts_from_the_day_of_the_origin(scan, cnsr):
    assert timed(scan)["CNSR"] == cnsr


TWO = """
endpoint: TWO
label: The first of two
population: ALL
origin: CELLS
situations: [{{event: [{}]}}, {{censored: otherwise, at: origin, cnsr: 1, says: Alive}}]
"""


@pytest.mark.parametrize(("order", "why"), [
    ("PROGRESSION, DEATH", "Disease progression"), ("DEATH, PROGRESSION", "Death"),
])  # fmt: skip
def test_of_two_events_of_one_day_the_first_named_counts(order, why):
    made = endpoints({"two.yaml": TWO.format(order)})
    assert timed("", "TWO", made, pddt="2025-02-10", dthdt="2025-02-10")["EVNTDESC"] == why


@pytest.mark.parametrize(("last", "date", "ends", "source"), [
    ("2025-07-01", "2025-07-01", "Last known alive", ("SS", "SSDTC", 4)),
    ("2025-01-01", "2025-01-01", "Last known alive", ("SS", "SSDTC", 4)),
    ("2024-12-31", "2025-01-01", "Origin", ("EX", "EXSTDTC", 7)),
    (None, "2025-01-01", "Origin", ("EX", "EXSTDTC", 7)),
])  # fmt: skip
def test_who_is_alive_is_followed_to_the_last_day_known_alive_else_to_the_origin(last, date, ends, source):
    result = timed("", "OS", lstalvdt=last)
    assert (result["ADT"], result["EVNTDESC"], result["CNSR"]) == (date, "Alive", 1)
    assert from_where(result, "CNSDTDSC") == (ends, *source)


@pytest.mark.parametrize(("last", "planned"), [(0, 30), (29, 30), (30, 100), (100, 183), (260, None)])
def test_the_first_missed_visit_is_the_next_planned_assessment(last, planned):
    found = next_window(pd.Series([float(last)]), WINDOWS).iloc[0]
    assert (None if pd.isna(found) else found) == planned
