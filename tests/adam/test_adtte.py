"""ADTTE: from which day each endpoint counts, whom it is for, and what it looks at (clarifications 8 to 11)."""

import pytest
from tables import given, table

from adam.adtte import adtte

VISITS = table("""
    ANCHOR | PLANNED_DAY | WINDOW_LOW | WINDOW_HIGH | RESPFL | AVISIT
    CELLS  | 30          | 30         | 37          | Y      | Day 30
    CELLS  | 100         | 93         | 107         | Y      | Day 100
""")
PEOPLE = """
    USUBJID   CONDSEQ CARTSEQ TRTSDT     CARTSDT    LEUKDT     LEUKSEQ DTHDT      DTHSEQ
    both      1       2       2025-01-04 2025-01-10 2024-12-15 5       .          .
    cellsonly .       3       2025-01-10 2025-01-10 2024-12-15 6       .          .
    dead      1       2       2025-01-04 2025-01-10 2024-12-15 5       2025-07-01 1
"""
RESPONSES = """
    USUBJID PARAMCD AVALC ADT        SRCSEQ
    both    RSP     Y     2025-02-10 7
    both    PD      N     2025-02-11 8
    dead    RSP     N     2025-02-10 9
    dead    CRBEST  Y     2025-02-12 9
"""
SCANS = "USUBJID ADT RSSEQ ADEQFL\nboth 2025-02-10 7 Y\nboth 2025-04-10 8 N"


def made(endpoints, responses=RESPONSES, missed_visits=2, tte_origin="CELLS", day1=True):
    """ADTTE of endpoints as PARAMCD, POPULATION, ORIGIN, EVENTS, RULES (of several: joined by +), by subject."""
    sheet = table(f"PARAMCD POPULATION ORIGIN EVENTS RULES\n{endpoints}").assign(PARAM="As labelled")
    sheet = sheet.assign(**{name: sheet[name].str.replace("+", " ") for name in ("EVENTS", "RULES")})
    result = adtte(
        given("subjects", PEOPLE), given("infused_set", "USUBJID INFFL\nboth Y\ncellsonly Y\ndead N"),
        given("responder_set", "USUBJID RESPFL\nboth Y\ncellsonly N\ndead Y"), given("assessments", SCANS),
        given("adrs", responses), sheet, VISITS, tte_origin, missed_visits, day1)  # fmt: skip
    return result.set_index("USUBJID")


@pytest.mark.parametrize(("origin", "who", "start", "source"), [
    ("CELLS", "both", "2025-01-10", ["EX", "EXSTDTC", 2]),
    ("TREATMENT", "both", "2025-01-04", ["EX", "EXSTDTC", 1]),
    ("TREATMENT", "cellsonly", "2025-01-10", ["EX", "EXSTDTC", 3]),
    ("LEUKAPHERESIS", "both", "2024-12-15", ["PR", "PRSTDTC", 5]),
    ("RESPONSE", "both", "2025-02-10", ["RS", "RSDTC", 7]),
])  # fmt: skip
def test_an_endpoint_counts_from_its_origin_and_names_the_record_of_it(origin, who, start, source):
    for named, chosen in ((origin, "CELLS"), ("TTE_ORIGIN", origin)):
        row = made(f"OS INFUSED {named} DEATH LAST_ALIVE", tte_origin=chosen).loc[who]
        assert [str(row["STARTDT"])[:10], *row[["SRCDOM", "SRCVAR", "SRCSEQ"]]] == [start, *source]


def test_an_endpoint_is_for_the_infused_or_for_the_responders():
    found = made("OS INFUSED CELLS DEATH LAST_ALIVE\nDOR RESPONDERS CELLS DEATH LAST_ALIVE")
    assert {code: list(rows.index) for code, rows in found.groupby("PARAMCD")} == {
        "DOR": ["both", "dead"], "OS": ["both", "cellsonly"]}
    assert found["PARAM"].unique().tolist() == ["As labelled"]


def test_of_an_endpoint_that_is_named_twice_the_later_one_counts():
    found = made("OS INFUSED CELLS DEATH LAST_ALIVE\nOS RESPONDERS CELLS DEATH EVENT+LAST_ALIVE")
    assert found["CNSR"].to_dict() == {"both": 1, "dead": 0}


@pytest.mark.parametrize(("day1", "days"), [(True, 1), (False, 0)])
def test_the_day_of_the_origin_is_day_1_or_day_0(day1, days):
    assert made("OS INFUSED CELLS DEATH LAST_ALIVE", day1=day1)["AVAL"].tolist() == [days, days]


def test_progression_is_what_adrs_shows_and_nothing_that_it_denies():
    assert made("PFS INFUSED CELLS PD EVENT+LAST_ADEQUATE").loc["both", "CNSR"] == 4
    shown = made("PFS INFUSED CELLS PD EVENT+LAST_ADEQUATE", RESPONSES.replace("PD      N", "PD      Y")).loc["both"]
    assert [shown["CNSR"], str(shown["ADT"])[:10], shown["SRCSEQ"]] == [0, "2025-02-11", 8]


def test_only_adequate_assessments_are_looked_at():
    row = made("PFS INFUSED CELLS PD LAST_ADEQUATE").loc["both"]
    assert (str(row["ADT"])[:10], row["SRCSEQ"]) == ("2025-02-10", 7)


@pytest.mark.parametrize(("missed_visits", "cnsr"), [(1, 1), (2, 1), (3, 0)])
def test_how_many_assessments_may_be_missed_is_a_decision(missed_visits, cnsr):
    rules = "DEATH MISSED+EVENT"  # never assessed, dead on day 172: Day 30 and Day 100 were missed
    rows = made(f"PFS RESPONDERS CELLS {rules}+LAST_ADEQUATE", missed_visits=missed_visits)
    assert rows.loc["dead", "CNSR"] == cnsr
