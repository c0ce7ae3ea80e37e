"""Treatment emergence as plans say it: from which dose, to when, new therapy, worsening, times (clarifications 14, 15).

Conditioning on 4 March 2025; cells on 10 March at 10:00 and on 12 March (days 0 and 2; day 100 is 18 June).
"""

import pytest
from adverse_events import analysed
from tables import given, supp

PERSON = {"TRTSDT": "2025-03-04", "CONDSDT": "2025-03-04", "CARTSDT": "2025-03-10", "CARTEDT": "2025-03-12"}
EX = """
    USUBJID | EXCAT        | EXDOSE | EXSTDTC
    1       | CONDITIONING | 1      | 2025-03-04T08:00
    1       | CELLS        | 1      | 2025-03-10T10:00
    1       | CELLS        | 1      | 2025-03-10T10:30
    1       | CELLS        | 0      | 2025-03-10T07:00
    1       | CELLS        | 1      | 2025-03-12
"""


def emergent(start, end=".", grade="2", at_start=".", worst=".", decided=None, **known):
    """TRTEMFL and TRTEMDT of one event, as `adae` has them."""
    people = given("subjects", "USUBJID\n1", **(PERSON | known))
    ae = given("ae", f"USUBJID AESTDTC AEENDTC AETOXGR\n1 {start} {end} {grade}")
    told = [f"1 1 {name} {value}" for name, value in (("AEGRST", at_start), ("AEMXDTC", worst)) if value != "."]
    made = analysed(ae, supp("AE", "AESEQ", "\n".join(["USUBJID SEQ QNAM QVAL", *told])), people, EX, **(decided or {}))
    row = made.fillna({"TRTEMFL": "."}).iloc[0]
    return row["TRTEMFL"], f"{row['TRTEMDT']}"[:10]


@pytest.mark.parametrize(("dose", "day", "before"), [
    ("TREATMENT", "2025-03-04", "2025-03-03"), ("CONDITIONING", "2025-03-04", "2025-03-03"),
    ("CELLS", "2025-03-10", "2025-03-09"), ("LAST CELLS", "2025-03-12", "2025-03-11"),
])
def test_it_counts_from_the_dose_of_the_role(dose, day, before):
    decided = {"teae_from": dose}
    assert emergent(day, decided=decided) == ("Y", day)
    assert emergent(before, decided=decided) == (".", "NaT")
    assert emergent("2025-03", decided=decided) == ("Y", day)  # a partial start that can be it is on it
    assert emergent("2025-03", before, decided=decided) == (".", "NaT")  # it ended before


@pytest.mark.parametrize(("decided", "last"), [
    ({}, "2025-06-18"), ({"teae_to": "LAST"}, "2025-06-20"), ({"teae_end_day": 52}, "2025-05-01"),
])
def test_it_ends_so_many_days_after_the_first_or_last_infusion(decided, last):
    after = f"{last[:8]}{int(last[8:]) + 1:02d}"
    assert [emergent(day, decided=decided)[0] for day in (last, after)] == ["Y", "."]


def test_it_may_have_no_end():
    assert emergent("2030-01-01", decided={"teae_end_day": None})[0] == "Y"


@pytest.mark.parametrize(("ends", "expected"), [(False, ["Y", "Y", "Y"]), (True, ["Y", ".", "."])])
def test_a_new_therapy_ends_it_where_the_plan_says_so(ends, expected):
    days = ("2025-04-01", "2025-04-02", "2025-05-01")
    assert [emergent(day, decided={"teae_newtx": ends}, NACTDT="2025-04-02")[0] for day in days] == expected


@pytest.mark.parametrize(("start", "by_time", "by_day"), [
    ("2025-03-10T09:59", ".", "Y"), ("2025-03-10T10:00", "Y", "Y"), ("2025-03-10", "Y", "Y"), ("2025-03", "Y", "Y"),
    ("2025-03-09T23:59", ".", "."), ("2025-03-11T01:00", "Y", "Y"),
])  # fmt: skip
def test_a_time_before_the_first_dose_of_the_day_puts_it_before_and_none_after(start, by_time, by_day):
    for counts, expected in ((True, by_time), (False, by_day)):
        assert emergent(start, decided={"teae_from": "CELLS", "onset_time": counts})[0] == expected


def test_what_began_before_the_dose_that_day_is_emergent_when_it_worsened():
    decided = {"teae_from": "CELLS", "onset_time": True, "teae_worse_grade": True}
    told = {"start": "2025-03-10T09:00", "grade": "3", "at_start": "1", "worst": "2025-03-15"}
    assert emergent(**told, decided=decided) == ("Y", "2025-03-15")


@pytest.mark.parametrize(("at_start", "worst", "decided", "expected"), [
    ("1", "2025-03-15", {}, ("Y", "2025-03-15")),
    ("3", "2025-03-15", {}, ("Y", "2025-03-15")),                             # the date alone decides
    ("1", "2025-03-15", {"teae_worse_grade": True}, ("Y", "2025-03-15")),
    ("3", "2025-03-15", {"teae_worse_grade": True}, (".", "NaT")),            # not above the grade at start
    (".", "2025-03-15", {"teae_worse_grade": True}, (".", "NaT")),            # not known to be above
    ("1", ".", {"teae_worse_grade": True}, (".", "NaT")),                     # the maximum was at the start
    ("1", ".", {"teae_no_max": True}, ("Y", "2025-03-04")),                   # it worsened some day under treatment
    ("3", ".", {"teae_no_max": True}, (".", "NaT")),
    ("1", "2025-03-02", {"teae_no_max": True}, (".", "NaT")),                 # worst before the treatment
    ("1", "2025-06-19", {"teae_worse_grade": True}, (".", "NaT")),            # after day 100
    ("1", "2025-04-02", {"teae_newtx": True}, (".", "NaT")),                  # on the day of new therapy
    ("1", "2025-03-15", {"teae_worsened": False}, (".", "NaT")),
])  # fmt: skip
def test_what_began_before_and_worsened_under_treatment(at_start, worst, decided, expected):
    told = {"grade": "3", "at_start": at_start, "worst": worst, "decided": decided, "NACTDT": "2025-04-02"}
    assert emergent("2025-03-01", **told) == expected
