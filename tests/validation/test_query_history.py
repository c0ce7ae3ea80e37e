"""The life of a query, told by three extracts of a small study."""

import pytest
from mini_study import extract, files, project, vital

from pipeline.gate.validation import validate

pytestmark = pytest.mark.slow

DAYS = ("2026-01-31", "2026-02-28", "2026-03-31")
GONE, IN_RANGE = None, "37.0"

# Temperature of one record in three extracts (33 and 99 are out of range), and what the last one calls the query.
LIVES = [
    (("99", "99", "99"), "open", ""),
    ((IN_RANGE, "99", "99"), "open", ""),
    ((IN_RANGE, IN_RANGE, "99"), "new", ""),
    ((GONE, GONE, "99"), "new", ""),
    (("99", "99", "33"), "changed", "99"),
    (("33", "99", "99"), "open", ""),
    (("99", IN_RANGE, "99"), "re-opened", ""),
    (("99", GONE, "99"), "re-opened", ""),
    (("99", "99", IN_RANGE), "resolved", ""),
    (("99", IN_RANGE, IN_RANGE), "resolved", ""),
    (("99", "99", GONE), "resolved", ""),
    ((IN_RANGE, IN_RANGE, IN_RANGE), None, ""),
]


def validated(tmp_path, temperatures, **more):
    specs = project(tmp_path)
    extracts = []
    for day, temp in zip(DAYS, temperatures, strict=True):
        rows = [vital("1", "36.5"), *([] if temp is GONE else [vital("2", temp)])]
        extracts.append(extract(tmp_path, day, files(rows)))
    return validate(specs, extracts[-1], DAYS[-1], extracts[:-1], **more)


@pytest.mark.parametrize(("temperatures", "status", "was"), LIVES)
def test_a_query_is_what_its_record_was_in_the_extracts_before(tmp_path, temperatures, status, was):
    queries = validated(tmp_path, temperatures).queries

    told = queries.loc[queries["record"] == "2", ["status", "was"]].to_numpy().tolist()
    assert told == ([[status, was]] if status else [])


def test_first_seen_and_last_seen_name_extracts(tmp_path):
    query = validated(tmp_path, ("99", "99", IN_RANGE)).queries.iloc[0]

    assert (query["first_seen"], query["last_seen"], query["note"]) == (DAYS[0], DAYS[1], "the value is now '37.0'")


@pytest.mark.parametrize(
    ("row", "note"),
    [
        ([], "the record is no longer in the extract"),
        ([vital("2", "99", active="0")], "the record was inactivated"),
        ([vital("2", "37.2")], "the value is now '37.2'"),
    ],
)
def test_a_resolved_query_says_how(tmp_path, row, note):
    specs = project(tmp_path)
    before = extract(tmp_path, DAYS[0], files([vital("2", "99")]))
    after = extract(tmp_path, DAYS[1], files([vital("1", "36.5"), *row]))

    query = validate(specs, after, DAYS[1], [before]).queries.iloc[0]
    assert (query["status"], query["note"]) == ("resolved", note)


def test_what_could_not_be_checked_again_stays_open(tmp_path):
    specs = project(tmp_path)
    before = extract(tmp_path, DAYS[0], files([vital("2", "99")]))
    content = {n: c for n, c in files([]).items() if n != "VS.csv"}
    after = extract(tmp_path, DAYS[1], content)

    queries = validate(specs, after, DAYS[1], [before]).queries
    told = queries.loc[queries["check"] == "RAW-RANGE", ["status", "note"]].to_numpy().tolist()
    assert told == [["open", "not checked again: no such form in this extract"]]


def test_the_order_in_which_earlier_extracts_are_named_is_of_no_consequence(tmp_path):
    specs = project(tmp_path)
    first, second, third = (
        extract(tmp_path, day, files([vital("2", temp)]))
        for day, temp in zip(DAYS, ("99", IN_RANGE, "99"), strict=True)
    )
    one, other = (validate(specs, third, DAYS[2], since).queries for since in ([first, second], [second, first]))
    assert one["status"].tolist() == other["status"].tolist() == ["re-opened"]


def test_a_vendor_row_goes_by_the_number_of_the_study_and_says_that_of_the_vendor(tmp_path):
    specs = project(tmp_path)
    labs = (["101-0001", "A7", "HB", "999"], ["101-0001", "A7", "PLT", "50"])
    query = validate(specs, extract(tmp_path, DAYS[0], files([], labs)), DAYS[0]).queries
    told = query.loc[query["form"] == "LAB", ["record", "subject", "site", "field", "value"]].to_numpy().tolist()
    assert told == [["A7", "1010001", "101", "RESULT", "999"]]
    assert query.loc[query["form"] == "LAB", "message"].str.endswith("the subject is 101-0001.)").all()


def test_an_unknown_subject_of_a_whole_accession_is_one_query(tmp_path):
    specs = project(tmp_path)
    labs = tuple(["101-O001", "A7", test, "5"] for test in ("HB", "PLT", "WBC"))
    query = validate(specs, extract(tmp_path, DAYS[0], files([vital("1", "36.5")], labs)), DAYS[0]).queries
    assert query.loc[query["check"] == "RAW-SUBJECT", ["record", "value"]].to_numpy().tolist() == [["A7", "101-O001"]]
