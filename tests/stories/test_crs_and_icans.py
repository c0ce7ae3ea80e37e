"""CRS and ICANS: window, maximum grade, onset, duration, treatment (analysis plan 3.6, clarifications 12, 13, 21).

Cells on 10 January 2025 (day 0), alive on 1 December 2025 unless a story says otherwise.
"""

import pytest
from adverse_events import analysed, doses
from tables import as_text, conformed, given, shown, supp, toxicities

from adam.toxicity.parameters import adcrs

NO_CM = "USUBJID CMSTDTC"
NO_DAYS = "USUBJID TOXICITY ADT NTH DERGR INVGR ICE SRCSEQ SRCDOM SRCVAR"
CRS, ICANS = "Cytokine release syndrome", "Immune effector cell-associated neurotoxicity syndrome"


def toxicity(events, cm=NO_CM, days=NO_DAYS, crs_gap=1, **known):
    """ADCRS of subject 1 from a table TERM START END GRADE OUTCOME."""
    person = {"CARTSDT": "2025-01-10", "TRTSDT": "2025-01-04", "LSTALVDT": "2025-12-01"} | known
    people = given("subjects", "USUBJID\n1", **person)
    ae = given("ae", "USUBJID | AEDECOD | AESTDTC | AEENDTC | AETOXGR | AEOUT\n" + "\n".join(
        f"1 | {line}" for line in events.strip().splitlines() if line.strip()))  # fmt: skip
    none = supp("AE", "AESEQ", "USUBJID SEQ QNAM QVAL")
    listed = {"toxicities": toxicities(crs_gap=crs_gap), "fatal_grade": "OUTCOME"}
    events = conformed("adae", analysed(ae, none, people, **listed))
    seen = {"adae": events, "cm": given("cm", cm), "daily_grades": given("daily_grades", days)}
    return adcrs(people, doses("USUBJID"), 1, "2026-06-30", onset_day=1, onset_time=False, **listed, **seen)[0]


def values(result, *codes):
    found = result.set_index("PARAMCD")["AVAL"]
    return [None if found[code] != found[code] else found[code] for code in codes]


def test_without_any_event_the_maximum_grade_is_0_and_there_is_no_onset():
    assert values(toxicity(""), "CRSMAXGR", "CRSONS", "CRSDUR", "ICANSMAX") == [0, None, None, 0]


def test_the_maximum_is_over_the_events_in_the_window_and_the_first_day_is_day_1():
    result = toxicity(f"""
        {CRS} | 2025-01-12 | 2025-01-15 | 2 | RECOVERED/RESOLVED
        {CRS} | 2025-02-01 | 2025-02-03 | 3 | RECOVERED/RESOLVED
        {ICANS} | 2025-01-14 | 2025-01-16 | 1 | RECOVERED/RESOLVED
    """)
    actual, expected = shown(result, """
        USUBJID | PARAMCD  | AVAL | ADT        | DURCNSR | SRCDOM | SRCSEQ
        1       | CRSMAXGR | 3    | 2025-02-01 | .       | AE     | 2
        1       | CRSONS   | 3    | 2025-01-12 | .       | AE     | 1
        1       | CRSDUR   | 4    | 2025-01-12 | N       | AE     | 1
        1       | ICANSMAX | 1    | 2025-01-14 | .       | AE     | 3
        1       | ICANSONS | 5    | 2025-01-14 | .       | AE     | 3
        1       | ICANSDUR | 3    | 2025-01-14 | N       | AE     | 3
    """)
    assert actual == expected


def test_each_episode_has_its_start_end_and_grade_and_their_number_is_told():
    result = toxicity(f"""
        {CRS} | 2025-01-12 | 2025-01-15 | 2 | RECOVERED/RESOLVED
        {CRS} | 2025-01-16 | 2025-01-18 | 3 | RECOVERED/RESOLVED
        {CRS} | 2025-02-01 | . | 1 | NOT RECOVERED/NOT RESOLVED
        {ICANS} | 2025-01 | 2025-01-16 | 1 | RECOVERED/RESOLVED
    """)
    found = result[result["PARAMCD"].str.contains("EP")]
    names = ["PARAMCD", "EPISODE", "AVAL", "ADT", "AENDT", "SRCVAR", "SRCSEQ"]
    assert [" ".join(row) for row in zip(*(as_text(found[name]) for name in names), strict=True)] == [
        "CRSEPN . 2 2025-01-12 . AESTDTC 1",
        "CRSEP 1 3 2025-01-12 2025-01-18 AETOXGR 1",
        "CRSEP 2 1 2025-02-01 . AETOXGR 3",
        "ICAEPN . 1 . . AESTDTC 4",
        "ICAEP 1 1 . 2025-01-16 AETOXGR 4",
    ]
    none = toxicity("")
    assert values(none, "CRSEPN", "ICAEPN") == [0, 0] and "CRSEP" not in set(none["PARAMCD"])


@pytest.mark.parametrize(("start", "grade"), [
    ("2025-01-09", 0), ("2025-01-10", 3), ("2025-04-20", 3), ("2025-04-21", 0),  # days -1, 0, 100, 101
])
def test_the_window_is_day_0_to_day_100(start, grade):
    assert values(toxicity(f"{CRS} | {start} | 2025-06-01 | 3 | RECOVERED/RESOLVED"), "CRSMAXGR") == [grade]


def test_a_fatal_event_is_grade_5_and_its_duration_censored():
    result = toxicity(f"{CRS} | 2025-01-12 | 2025-01-20 | 4 | FATAL", DTHDT="2025-01-20", LSTALVDT="2025-01-20")
    assert values(result, "CRSMAXGR", "CRSDUR") == [5, 9]
    assert result.set_index("PARAMCD").loc["CRSDUR", "DURCNSR"] == "Y"


def test_a_cause_of_death_that_cites_crs_makes_it_grade_5():
    event = f"{CRS} | 2025-01-12 | . | 4 | NOT RECOVERED/NOT RESOLVED"
    assert values(toxicity(event, DTHDT="2025-01-20", DTHCAUS="Cytokine release syndrome"), "CRSMAXGR") == [5]
    assert values(toxicity(event, DTHDT="2025-01-20", DTHCAUS="Sepsis"), "CRSMAXGR") == [4]


@pytest.mark.parametrize(("second", "gap", "duration"), [
    ("2025-01-16", 1, 9),   # starts the day after the first ends: one episode, 12 to 20 January
    ("2025-01-17", 1, 4),   # two days after: two episodes
    ("2025-01-17", 2, 9),
    ("2025-01-14", 1, 9),   # overlaps
])
def test_episodes_merge_when_the_next_starts_no_more_than_the_gap_after_the_end(second, gap, duration):
    events = f"""
        {CRS} | 2025-01-12 | 2025-01-15 | 2 | RECOVERED/RESOLVED
        {CRS} | {second} | 2025-01-20 | 2 | RECOVERED/RESOLVED
    """
    assert values(toxicity(events, crs_gap=gap), "CRSDUR") == [duration]


def test_a_short_episode_within_a_long_one_does_not_end_it():
    events = f"""
        {CRS} | 2025-01-12 | 2025-01-20 | 2 | RECOVERED/RESOLVED
        {CRS} | 2025-01-13 | 2025-01-14 | 3 | RECOVERED/RESOLVED
        {CRS} | 2025-01-21 | 2025-01-22 | 1 | RECOVERED/RESOLVED
    """
    assert values(toxicity(events), "CRSMAXGR", "CRSDUR") == [3, 11]


def test_an_ongoing_episode_is_censored_at_the_last_known_alive_date():
    result = toxicity(f"{CRS} | 2025-01-12 | . | 2 | NOT RECOVERED/NOT RESOLVED", LSTALVDT="2025-01-31")
    assert values(result, "CRSDUR") == [20]
    assert result.set_index("PARAMCD").loc["CRSDUR", "DURCNSR"] == "Y"


@pytest.mark.parametrize(("start", "end", "grade"), [
    ("2025-01", "2025-01-20", 2),   # 1 to 20 January meet day 0
    ("2025-01", "2025-01-08", 0),   # ended before the cells
    ("2025-04", "2025-05-02", 2),   # 1 to 20 April are within
    ("2025-05", ".", 0),
])
def test_a_partial_start_is_in_the_window_when_its_days_meet_it_but_has_no_onset(start, end, grade):
    result = toxicity(f"{CRS} | {start} | {end} | 2 | RECOVERED/RESOLVED")
    assert values(result, "CRSMAXGR", "CRSONS", "CRSDUR") == [grade, None, None]


def test_a_partial_end_gives_no_duration():
    result = toxicity(f"{CRS} | 2025-01-12 | 2025-01 | 2 | RECOVERED/RESOLVED")
    assert values(result, "CRSONS", "CRSDUR") == [3, None]


def test_tocilizumab_and_steroids_count_for_the_toxicity_they_were_given_for():
    cm = """
        USUBJID | CMCAT               | CMSCAT         | CMINDC                    | CMSTDTC
        1       | CRS-ICANS TREATMENT | TOCILIZUMAB    | CYTOKINE RELEASE SYNDROME | 2025-01-13
        1       | CRS-ICANS TREATMENT | TOCILIZUMAB    | CYTOKINE RELEASE SYNDROME | 2025-01-12
        1       | CRS-ICANS TREATMENT | CORTICOSTEROID | ICANS                     | 2025-01-14
        1       | CRS-ICANS TREATMENT | CORTICOSTEROID | OTHER                     | 2025-01-14
        1       | GENERAL             | CORTICOSTEROID | CYTOKINE RELEASE SYNDROME | 2025-01-14
    """
    actual, expected = shown(toxicity("", cm), """
        USUBJID | PARAMCD  | AVALC | ADT        | SRCDOM | SRCSEQ
        1       | CRSTOCI  | Y     | 2025-01-12 | CM     | 2
        1       | CRSSTER  | N     | .          | .      | .
        1       | ICANSTOC | N     | .          | .      | .
        1       | ICANSSTE | Y     | 2025-01-14 | CM     | 3
    """)
    assert actual == expected


def test_the_maximum_of_the_daily_grades_and_the_lowest_ice_stand_beside():
    days = """
        USUBJID TOXICITY ADT        NTH DERGR INVGR ICE SRCSEQ SRCDOM
        1       CRS      2025-01-09 0   3     3     .   1      FA
        1       CRS      2025-01-12 0   1     2     .   2      FA
        1       CRS      2025-01-13 0   2     2     .   3      FA
        1       ICANS    2025-01-14 0   3     2     4   4      FA
        1       ICANS    2025-01-15 0   0     .     2   5      QS
    """
    actual, expected = shown(toxicity("", days=days), """
        USUBJID | PARAMCD  | AVAL | ADT        | SRCDOM | SRCSEQ
        1       | CRSDERGR | 2    | 2025-01-13 | FA     | 3
        1       | CRSDAYGR | 2    | 2025-01-12 | FA     | 2
        1       | ICADERGR | 3    | 2025-01-14 | FA     | 4
        1       | ICADAYGR | 2    | 2025-01-14 | FA     | 4
        1       | ICEMIN   | 2    | 2025-01-15 | QS     | 5
    """)
    assert actual == expected


def test_an_end_before_its_start_gives_no_duration_rather_than_an_invented_day():
    event = f"{CRS} | 2025-01-15 | 2025-01-12 | 2 | RECOVERED/RESOLVED"
    assert values(toxicity(event), "CRSMAXGR", "CRSONS", "CRSDUR") == [2, 6, None]


@pytest.mark.parametrize(("day", "given_"), [
    ("2025-01-09", "N"), ("2025-01-10", "Y"), ("2025-04-20", "Y"), ("2025-04-21", "N"), ("2025-01", "Y"), (".", "Y"),
    ("2024-12", "N"), ("2025-04", "Y"), ("2025-05", "N"),
])
def test_a_drug_counts_when_it_may_have_been_given_on_days_0_to_100(day, given_):
    cm = "USUBJID | CMCAT | CMSCAT | CMINDC | CMSTDTC\n" + "\n".join(
        f"1 | CRS-ICANS TREATMENT | TOCILIZUMAB | {name} | {day}" for name in ("CYTOKINE RELEASE SYNDROME", "ICANS"))
    found = toxicity("", cm).set_index("PARAMCD")
    for code in ("CRSTOCI", "ICANSTOC"):
        assert (found.loc[code, "AVALC"], found.loc[code, "AVAL"]) == (given_, float(given_ == "Y"))


def test_values_are_told_with_day_scale_and_source():
    result = toxicity(f"{CRS} | 2025-01-12 | 2025-01-15 | 2 | RECOVERED/RESOLVED")
    actual, expected = shown(result, """
        USUBJID | PARAMCD  | AVAL | AVALC | CARTDY | SRCVAR  | TOXSCALE
        1       | CRSMAXGR | 2    | 2     | 2      | AETOXGR | ASTCT 2019
        1       | CRSONS   | 3    | 3     | 2      | AESTDTC | ASTCT 2019
        1       | CRSDUR   | 4    | 4     | 2      | AEENDTC | ASTCT 2019
        1       | CRSTOCI  | 0    | N     | .      | .       | ASTCT 2019
        1       | ICANSONS | .    | .     | .      | .       | ASTCT 2019
    """)
    assert actual == expected


@pytest.mark.parametrize(("end", "death", "last", "duration", "censored"), [
    ("2025-01-20", "2025-01-20", ".", 9, "Y"),  # ended with death, whatever the outcome says
    ("2025-01-19", "2025-01-20", ".", 8, "N"),
    (".", "2025-01-20", "2025-01-18", 9, "Y"),  # ongoing at death
    (".", ".", "2025-01-11", 1, "Y"),           # last seen before it began: one day
    (".", ".", ".", None, "."),
    ("2025-01-12", ".", "2025-02-01", 1, "N"),
])
def test_a_duration_ends_with_the_episode_with_death_or_with_the_last_contact(end, death, last, duration, censored):
    result = toxicity(f"{CRS} | 2025-01-12 | {end} | 2 | .", DTHDT=death, LSTALVDT=last)
    assert values(result, "CRSDUR") == [duration]
    assert result.set_index("PARAMCD")["DURCNSR"].fillna(".")["CRSDUR"] == censored


@pytest.mark.parametrize(("toxic", "code", "cause", "grade"), [
    (CRS, "CRSMAXGR", "Death due to CRS", 5), (CRS, "CRSMAXGR", "ACRSX", 3), (ICANS, "ICANSMAX", "Neurotoxicity", 5),
    (ICANS, "ICANSMAX", "icans", 5), (ICANS, "ICANSMAX", "MICANS", 3), (CRS, "CRSMAXGR", "ICANS", 3),
])
def test_a_cause_of_death_cites_a_toxicity_by_its_words(toxic, code, cause, grade):
    assert values(toxicity(f"{toxic} | 2025-01-12 | . | 3 | .", DTHDT="2025-01-20", DTHCAUS=cause), code) == [grade]


def test_daily_values_keep_the_variable_of_their_domain():
    days = "USUBJID TOXICITY ADT NTH DERGR INVGR ICE SRCSEQ SRCDOM SRCVAR\n1 CRS 2025-01-10 0 1 1 . 1 FA FASTRESC\n" \
           "1 ICANS 2025-04-20 0 1 1 9 2 QS QSSTRESC\n1 ICANS 2025-04-21 0 3 3 1 3 QS QSSTRESC\n" \
           "1 ICANS 2025-01-11 0 1 1 9 4 FA FASTRESC"
    found = toxicity("", days=days).set_index("PARAMCD")
    assert found.loc[["CRSDERGR", "CRSDAYGR", "ICADERGR", "ICEMIN"], "SRCVAR"].tolist() == ["FASTRESC"] * 4
    assert values(found.reset_index(), "ICADERGR", "ICADAYGR", "ICEMIN") == [1, 1, 9]  # of equal ones the first day
    assert found.loc["ICEMIN", "SRCSEQ"] == 4
