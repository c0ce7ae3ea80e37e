"""ADTTE: from which day each endpoint counts, whom it is for, and what it looks at (clarifications 8 to 11)."""

import pytest
from endpoint_files import endpoints
from tables import given, table

from adam.adtte import adtte

VISITS = table("""
    ANCHOR | PLANNED_DAY | WINDOW_LOW | WINDOW_HIGH | RESPFL | AVISIT
    CELLS  | 30          | 30         | 37          | Y      | Day 30
    CELLS  | 100         | 93         | 107         | Y      | Day 100
""")
PEOPLE = """
    USUBJID   CONDSEQ CARTSEQ TRTSEQ TRTSDT     CARTSDT    LEUKDT     LEUKSEQ DTHDT      DTHSEQ
    both      1       2       1      2025-01-04 2025-01-10 2024-12-15 5       .          .
    cellsonly .       3       3      2025-01-10 2025-01-10 2024-12-15 6       .          .
    dead      1       2       1      2025-01-04 2025-01-10 2024-12-15 5       2025-07-01 1
"""
SCANS = """
    USUBJID ADT        OVERALL RSSEQ ADEQFL
    both    2025-02-10 PR      7     Y
    both    2025-04-10 SD      8     N
"""
RESPONSES = "USUBJID ADT QUALRSP RSSEQ\nboth 2025-02-10 PR 7\ndead 2025-02-10 CR 9"


def made(said, scans=SCANS, **choices):
    """ADTTE of one endpoint X: for whom, from when and the situations, by subject."""
    words = dict(zip(("population", "origin", "situations"), said, strict=True))
    text = "endpoint: X\nlabel: As labelled\nassessments: ADEQUATE\n"
    text += "".join(f"{word}: {value}\n" for word, value in words.items())
    of = endpoints({"x.yaml": text}, ("OS",), **choices)
    result = adtte(
        given("subjects", PEOPLE), of, VISITS, 30.4375,
        infused_set=given("infused_set", "USUBJID INFFL\nboth Y\ncellsonly Y\ndead N"),
        responder_set=given("responder_set", "USUBJID RESPFL\nboth Y\ncellsonly N\ndead Y"),
        assessments=given("assessments", scans), counted_responses=given("counted_responses", RESPONSES),
        new_therapies=given("new_therapies", "USUBJID"),
    )  # fmt: skip
    return result[result["PARAMCD"] == "X"].set_index("USUBJID")


@pytest.mark.parametrize(("origin", "who", "start", "source"), [
    ("CELLS", "both", "2025-01-10", ["EX", "EXSTDTC", 2]),
    ("TREATMENT", "both", "2025-01-04", ["EX", "EXSTDTC", 1]),
    ("TREATMENT", "cellsonly", "2025-01-10", ["EX", "EXSTDTC", 3]),
    ("LEUKAPHERESIS", "both", "2024-12-15", ["PR", "PRSTDTC", 5]),
    ("RESPONSE", "both", "2025-02-10", ["RS", "RSDTC", 7]),
])  # fmt: skip
def test_an_endpoint_counts_from_its_origin_and_names_the_record_of_it(origin, who, start, source):
    told = ((origin, "CELLS"), ('"@TTE_ORIGIN"', origin))
    for named, chosen in told[: 1 if origin == "RESPONSE" else 2]:
        row = made(("INF", named, "[death, alive]"), tte_origin=chosen).loc[who]
        assert [str(row["STARTDT"])[:10], *row[["SRCDOM", "SRCVAR", "SRCSEQ"]]] == [start, *source]


def test_a_source_that_asks_for_the_origin_is_looked_for_from_that_of_each_endpoint():
    source = "SCAN: {of: assessments, where: 'ADT >= STARTDT', says: Scan}\n"
    text = "endpoint: {}\nlabel: L\npopulation: INF\norigin: {}\nsituations: [{{event: SCAN, at: [record]}}, alive]\n"
    files = {f"{code.lower()}.yaml": text.format(code, origin) for code, origin in (("X", "CELLS"), ("Y", "TREATMENT"))}
    scans = given("assessments", "USUBJID ADT RSSEQ\nboth 2025-01-07 1\nboth 2025-02-10 2")
    infused = given("infused_set", "USUBJID INFFL\nboth Y")
    none = {name: given(name, "USUBJID") for name in ("responder_set", "counted_responses", "new_therapies", "itt_set")}
    found = adtte(given("subjects", PEOPLE), endpoints({"sources.yaml": source, **files}, ("OS",)), VISITS, 30.4375,
                  infused_set=infused, assessments=scans, **none)  # fmt: skip
    dates = found[found["PARAMCD"].isin(["X", "Y"])].set_index("PARAMCD")["ADT"].astype("str").str.slice(0, 10)
    assert dates.to_dict() == {"X": "2025-02-10", "Y": "2025-01-07"}


@pytest.mark.parametrize(("population", "origin", "who"), [
    ("INF", "CELLS", ["both", "cellsonly"]), ("RESP", "CELLS", ["both", "dead"]),
    ("INF", "RESPONSE", ["both"]), ("ALL\namong: DTHDT != \"\"", "CELLS", ["dead"]),
])  # fmt: skip
def test_an_endpoint_is_for_its_population_as_far_as_it_has_the_origin(population, origin, who):
    assert list(made((population, origin, "[death, alive]")).index) == who


@pytest.mark.parametrize(("day1", "days"), [(True, 1), (False, 0)])
def test_the_day_of_the_origin_is_day_1_or_day_0(day1, days):
    assert made(("INF", "CELLS", "[alive]"), tte_day1=day1)["AVAL"].tolist() == [days, days]


def test_a_time_may_be_in_months():
    days, months = (made(("RESP", "CELLS", f"[death, alive]\nunit: {unit}")).loc["dead"] for unit in ("days", "months"))
    assert (days["AVAL"], days["AVALU"], months["AVALU"]) == (173, "DAYS", "MONTHS")
    assert months["AVAL"] == pytest.approx(173 / 30.4375)


def test_progression_is_an_adequate_assessment_of_progression():
    said = ("INF", "CELLS", "[progression_or_death, event_free, never_assessed]")
    assert made(said).loc["both", "CNSR"] == 4
    shown = made(said, SCANS.replace("SD      8     N", "PD      8     Y")).loc["both"]
    assert [shown["CNSR"], str(shown["ADT"])[:10], shown["SRCSEQ"]] == [0, "2025-04-10", 8]


def test_only_assessments_that_count_are_looked_at():
    row = made(("INF", "CELLS", "[event_free, never_assessed]")).loc["both"]
    assert (str(row["ADT"])[:10], row["SRCSEQ"]) == ("2025-02-10", 7)


@pytest.mark.parametrize(("missed_visits", "cnsr"), [(1, 1), (2, 1), (3, 0)])
def test_how_many_assessments_may_be_missed_is_a_decision(missed_visits, cnsr):
    # never assessed, dead on day 172: Day 30 and Day 100 were missed
    situations = "[missed_assessments, progression_or_death, event_free, never_assessed]"
    assert made(("RESP", "CELLS", situations), missed_visits=missed_visits).loc["dead", "CNSR"] == cnsr
