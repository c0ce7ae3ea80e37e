"""ADRS: each time point as recorded and as derived, and what is made of them, with days, window, number and source."""

import pytest
from tables import given, shown, table

from adam.adrs import adrs
from adam.response.central_points import central_points

CENTRAL = "USUBJID | RSSEQ | PARAMCD | RSEVALID | ADT | ADEQFL | OVERALL | METABOL | ANATOMIC | NEWLES\n"
VISITS = table("ANCHOR | PLANNED_DAY | WINDOW_LOW | WINDOW_HIGH | RESPFL | AVISIT\nCELLS | 30 | 28 | 37 | Y | Day 30")


def records(points, derived, summary="1 | BOR | CR | . | . | . | .", central=""):
    """ADRS of subjects treated on 26 December 2024 and infused on 1 January 2025, but 2 never infused."""
    people = given("subjects", "USUBJID TRTSDT CARTSDT\n1 2024-12-26 2025-01-01\n2 2024-12-26 .")
    return adrs(
        given("assessments", "USUBJID | RSSEQ | ADT | OVERALL | BORFL | METABOL | ANATOMIC | NEWLES\n" + points),
        given("central_points", CENTRAL + central),
        given("derived_responses", "USUBJID RSSEQ OVERALLD METABOLD ANATOMD NEWLESD\n" + derived),
        given("response_summary", "USUBJID | PARAMCD | AVALC | ADT | SRCDOM | SRCVAR | SRCSEQ\n" + summary), people,
        VISITS)  # fmt: skip


POINTS = """
    1 | 4 | 2025-04-10 | PD | N | PMD | PR | Y
    1 | 3 | 2025-01-31 | PR | Y | PMR | SD | N
    1 | 5 | 2025-06-01 | .  | N | .   | .  | .
    2 | 1 | 2024-12-25 | SD | N | SMD | SD | N
"""
DERIVED = "1 3 CR CMR CR N\n1 4 PD PMD PD Y\n1 5 NE ND NE U\n2 1 SD SMD SD N"


def test_a_time_point_stands_as_it_was_recorded_and_as_it_follows_from_pet_and_ct():
    made = records(POINTS, DERIVED)
    assert made["PARAMCD"].value_counts().to_dict() == {"OVRD": 4, "OVR": 3, "BOR": 1}
    names = ["USUBJID", "RSSEQ", "AVALC", "ANL01FL", "METBRESP", "ANATRESP", "NEWLIND", "DIFFFL"]
    told = made[made["PARAMCD"] != "BOR"].sort_values(["PARAMCD", "USUBJID", "RSSEQ"])[names].astype(object)
    assert told.where(told.notna(), None).to_numpy().tolist() == [
        ["1", 3, "PR", "Y", "PMR", "SD", "N", None], ["1", 4, "PD", "N", "PMD", "PR", "Y", None],
        ["2", 1, "SD", "N", "SMD", "SD", "N", None],
        ["1", 3, "CR", "Y", "CMR", "CR", "N", "Y"], ["1", 4, "PD", "N", "PMD", "PD", "Y", "N"],
        ["1", 5, "NE", "N", "ND", "NE", "U", "Y"], ["2", 1, "SD", "N", "SMD", "SD", "N", "N"],
    ]  # fmt: skip


def test_time_points_have_days_window_number_and_source():
    made = records(POINTS, DERIVED)
    actual, expected = shown(made[made["PARAMCD"] == "OVR"].assign(AESEQ=made["RSSEQ"]), """
        USUBJID | AESEQ | AVAL | ADY | CARTDY | AVISIT | AWTARGET | ASEQ | SRCDOM | SRCVAR   | SRCSEQ
        1       | 3     | 2    | 37  | 30     | Day 30 | 30       | 2    | RS     | RSSTRESC | 3
        1       | 4     | 4    | 106 | 99     | .      | 30       | 3    | RS     | RSSTRESC | 4
        2       | 1     | 3    | -1  | .      | .      | .        | 1    | RS     | RSSTRESC | 1
    """)
    assert actual == expected


@pytest.mark.parametrize(("answer", "value", "source"), [
    ("Y | 2025-01-31 | RS | RSSTRESC | 3", "1", "RS | RSSTRESC | 3"), ("N | . | . | . | .", "0", ". | . | ."),
    ("CR | . | . | . | .", "1", ". | . | ."),
    ("MISSING | . | . | . | .", "6", ". | . | ."),
])  # fmt: skip
def test_what_is_made_of_them_counts_and_names_its_time_point_where_there_is_one(answer, value, source):
    made = records(POINTS, DERIVED, f"1 | RSP | {answer}")
    actual, expected = shown(made[made["PARAMCD"] == "RSP"], f"""
        USUBJID | PARAMCD | ANL01FL | AVAL    | ASEQ | SRCDOM | SRCVAR | SRCSEQ
        1       | RSP     | Y       | {value} | 6    | {source}
    """)
    assert actual == expected


def test_each_independent_reader_has_a_parameter_that_does_not_count_for_the_best_response():
    made = records(POINTS, DERIVED, central="""
        1 | 21 | OVRR1 | READER 1 | 2025-01-31 | Y | CR | CMR | PR | N
        1 | 22 | OVRR2 | READER 2 | 2025-01-31 | Y | .  | CMR | PR | N
        1 | 23 | OVRR2 | READER 2 | 2025-04-10 | N | ND | .   | .  | .
    """)
    actual, expected = shown(made[made["PARAMCD"].str.startswith("OVRR")].assign(AESEQ=made["RSSEQ"]), """
        USUBJID | AESEQ | PARAMCD | RSEVALID | AVALC | AVAL | ADEQFL | ANL01FL | METBRESP | ANATRESP | ADY | SRCSEQ
        1       | 21    | OVRR1   | READER 1 | CR    | 1    | Y      | .       | CMR      | PR       | 37  | 21
        1       | 23    | OVRR2   | READER 2 | ND    | 7    | N      | .       | .        | .        | 106 | 23
    """)
    assert (actual, len(made)) == (expected, 10)


def test_the_time_points_of_independent_readers_are_told_apart_by_reader_and_leave_the_investigators_alone():
    rs = given("rs", """
        USUBJID | RSSEQ | RSCAT  | RSEVAL               | RSEVALID      | VISIT  | RSDTC      | RSTESTCD | RSSTRESC
        1       | 1     | LUGANO | INDEPENDENT ASSESSOR | READER 1      | DAY 30 | 2025-01-31 | OVRLRESP | CR
        1       | 2     | LUGANO | INDEPENDENT ASSESSOR | READER 1      | DAY 30 | 2025-01-31 | METBRESP | CMR
        1       | 3     | LUGANO | INDEPENDENT ASSESSOR | RADIOLOGIST 2 | DAY 30 | 2025-01-31 | OVRLRESP | PR
        1       | 4     | LUGANO | INDEPENDENT ASSESSOR | RADIOLOGIST 2 | DAY 30 | 2025-01-31 | METBRESP | PMR
        1       | 5     | LUGANO | INDEPENDENT ASSESSOR | ADJUDICATOR 1 | DAY 30 | 2025-01-31 | OVRLRESP | PR
        1       | 6     | LUGANO | INDEPENDENT ASSESSOR | .             | DAY 30 | 2024-12-25 | OVRLRESP | SD
        1       | 7     | LUGANO | INDEPENDENT ASSESSOR | READER 3      | DAY 30 | 2025-01-31 | OVRLRESP | NE
        1       | 8     | LUGANO | INVESTIGATOR         | .             | DAY 30 | 2025-01-31 | OVRLRESP | PD
    """)
    people = given("subjects", "USUBJID CARTSDT\n1 2025-01-01")
    made = central_points(rs, people, table("codelist collected submission"))
    actual, expected = shown(made.assign(AESEQ=made["RSSEQ"]), """
        USUBJID | AESEQ | PARAMCD | OVERALL | METABOL | ADT        | ADEQFL
        1       | 1     | OVRR1   | CR      | CMR     | 2025-01-31 | Y
        1       | 3     | OVRR2   | PR      | PMR     | 2025-01-31 | Y
        1       | 5     | OVRADJ  | PR      | .       | 2025-01-31 | Y
        1       | 6     | OVRC    | SD      | .       | 2024-12-25 | N
        1       | 7     | OVRC    | NE      | .       | 2025-01-31 | N
    """)
    assert actual == expected
