"""Episodes of a toxicity: what follows closely is one, what is ongoing takes in all that follows (clarification 13)."""

import pytest
from tables import as_text, given

from adam.toxicity.episodes import episode_asked, merge_episodes
from pipeline.ground.toxicities import Episodes

HEADER = "USUBJID AESEQ ASTDT ASTDTF AENDT AENDTF"
NAMES = {"AESEQ": "SRCSEQ", "ASTDT": "START", "ASTDTF": "STARTDTF", "AENDT": "END", "AENDTF": "ENDDTF"}


def records(rows):
    """Events under the names by which episodes know them."""
    return given("adae", f"{HEADER}\n{rows}")[["USUBJID", *NAMES]].rename(columns=NAMES)


def episodes(rows, gap=1):
    """Episode by subject and sequence number."""
    merged = merge_episodes(records(rows), gap)
    return merged.astype({"SRCSEQ": "int", "EPISODE": "int"}).set_index(["USUBJID", "SRCSEQ"])["EPISODE"].to_dict()


@pytest.mark.parametrize(("start", "gap", "episode"), [
    ("2025-01-15", 1, 1), ("2025-01-16", 1, 2), ("2025-01-16", 2, 1), ("2025-01-14", 0, 1), ("2025-01-15", 0, 2),
    ("2025-01-13", 1, 1),
])  # fmt: skip
def test_a_record_belongs_to_the_episode_that_ended_no_more_than_the_gap_before(start, gap, episode):
    rows = f"1 2 2025-01-12 . 2025-01-14 .\n1 1 {start} . 2025-01-20 ."
    assert episodes(rows, gap) == {("1", 2): 1, ("1", 1): episode}


def test_the_latest_end_so_far_counts_and_an_ongoing_record_has_none():
    rows = """
        1 1 2025-01-01 . 2025-01-10 .
        1 2 2025-01-02 . 2025-01-03 .
        1 3 2025-01-11 . .          .
        1 4 2026-01-01 . 2026-01-02 .
        2 1 2025-01-01 . 2025-01-02 .
        2 2 2025-01-09 . 2025-01-09 .
        2 3 2025-02-09 . 2025-02-09 .
    """
    assert episodes(rows) == {("1", n): 1 for n in range(1, 5)} | {("2", n): n for n in range(1, 4)}


@pytest.mark.parametrize(("rows", "fatal", "expected"), [
    # the first record names start and record, the one that ends last the end
    ("1 1 2025-01-12 D 2025-01-20 .\n1 2 2025-01-13 . 2025-01-15 D", "N N", "2025-01-12 D 1 2025-01-20 . N"),
    ("1 1 2025-01-12 . 2025-01-14 D\n1 2 2025-01-13 D 2025-01-15 .", "N Y", "2025-01-12 . 1 2025-01-15 . Y"),
    ("1 1 2025-01-12 . 2025-01-14 .\n1 2 2025-01-13 . . .", "N N", "2025-01-12 . 1 . . N"),  # a part is ongoing
    ("1 1 2025-01-12 . 2025-01-14 .\n1 2 2025-02-13 . . .", "N Y", "2025-01-12 . 1 2025-01-14 . N"),  # the second one
    ("1 2 2025-01-12 . 2025-01-14 .\n1 1 2025-01-12 . 2025-01-13 .", "Y N", "2025-01-12 . 1 2025-01-14 . Y"),
])  # fmt: skip
def test_the_first_episode_has_the_start_of_its_first_and_the_end_of_its_last_part(rows, fatal, expected):
    found = episode_asked(records(rows).assign(FATAL=fatal.split()), Episodes(gap=1))
    names = ("START", "STARTDTF", "SRCSEQ", "END", "ENDDTF", "FATAL")
    assert [as_text(found[name]).tolist() for name in names] == [[value] for value in expected.split()]
