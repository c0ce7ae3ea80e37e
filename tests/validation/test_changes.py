"""What changed between two extracts: layout, records, cells, and what is only written otherwise."""

import time

import pandas as pd
import pytest
from mini_study import extract, files, project, vital

from pipeline.gate.changes import compare, counted, plain
from pipeline.intake.delivered import Form, delivered
from pipeline.study.contracts import Contract, contract_of

OLD, NEW = "2026-01-31", "2026-02-28"


def form(name: str, text: str, **contract: object) -> dict[str, Form]:
    """A form from lines of cells parted by blanks; '.' is empty, R the record."""
    lines = [["" if c == "." else c for c in line.split()] for line in text.strip().splitlines()]
    cells = pd.DataFrame(lines[1:], columns=lines[0], dtype="str")
    active = cells["ACTIVE"] != "0" if "ACTIVE" in cells else True
    keys = {
        "_RECORD": cells["R"],
        "_SHOWN": cells["R"],
        "_SUBJECT": "101",
        "_SITE": "1",
        "_LINE": range(2, len(cells) + 2),
    }
    records, promised = cells.assign(**keys, _ACTIVE=active), contract_of({"form": name, **contract})
    return {name: Form(name, f"{name}.csv", tuple(lines[0]), records, promised)}


CELLS = [
    ("R A\n1 5", "R A\n1 5", []),
    ("R A\n1 5", "R A\n1 6", [("changed", "1", "A", "5", "6", "")]),
    ("R A\n1 .", "R A\n1 6", [("changed", "1", "A", "", "6", "")]),
    ("R A\n1 5.0", "R A\n1 5", [("changed", "1", "A", "5.0", "5", "Y")]),
    ("R A\n1 yes", "R A\n1 YES", [("changed", "1", "A", "yes", "YES", "Y")]),
    ("R A\n1 007", "R A\n1 7", [("changed", "1", "A", "007", "7", "")]),
    ("R A\n1 5", "R A\n1 5\n2 5", [("added", "2", "", "", "", "")]),
    ("R A\n1 5\n2 5", "R A\n1 5", [("removed", "2", "", "", "", "")]),
    ("R A\n1 5\n2 6", "R A\n2 6\n1 5", []),
    ("R ACTIVE\n1 1", "R ACTIVE\n1 0", [("inactivated", "1", "", "", "", "")]),
    ("R ACTIVE\n1 0", "R ACTIVE\n1 1", [("reactivated", "1", "", "", "", "")]),
    ("R ACTIVE A\n1 0 5", "R ACTIVE A\n1 0 6", []),
    ("R A UPDATED\n1 5 x", "R A UPDATED\n1 5 y", []),
    ("R A A_STD\n1 No N", "R A A_STD\n1 Yes Y", [("changed", "1", "A", "No", "Yes", "")]),
    ("R A A_STD\n1 No N", "R A A_STD\n1 No Y", [("changed", "1", "A_STD", "N", "Y", "")]),
    ("R A\n1 5\n1 6", "R A\n1 5\n1 7", [("changed", "1", "A", "6", "7", "")]),
]


@pytest.mark.parametrize(("old", "new", "expected"), CELLS)
def test_records_and_cells_are_told_by_their_key(old, new, expected):
    _, changes = compare(form("VS", old), form("VS", new))

    columns = ["kind", "record", "field", "old", "new", "cosmetic"]
    assert [tuple(row) for row in changes[columns].to_numpy()] == expected


LAYOUTS = [
    ("R A\n1 5", "R A\n1 6", []),
    ("R A B\n1 5 6", "R B A\n1 6 5", [("columns reordered", "")]),
    ("R A\n1 5", "R A B\n1 5 6", [("column added", "B")]),
    ("R A B\n1 5 6", "R A\n1 5", [("column gone", "B")]),
    ("R A\n1 5\n2 7\n3 8", "R B\n1 5\n2 7\n3 8", [("column renamed", "B")]),
    ("R A\n1 5\n2 7\n3 8", "R B\n1 1\n2 2\n3 3", [("column added", "B"), ("column gone", "A")]),
]


@pytest.mark.parametrize(("old", "new", "expected"), LAYOUTS)
def test_the_layout_comes_first(old, new, expected):
    layout, changes = compare(form("VS", old), form("VS", new))

    assert [tuple(row) for row in layout[["what", "column"]].to_numpy()] == expected
    if expected and expected[0][0] == "column renamed":
        assert changes.empty


def test_a_form_that_came_under_another_name_is_renamed_and_compared():
    layout, changes = compare(form("VS", "R A\n1 5"), form("VITALS", "R A\n1 6"))

    assert layout[["form", "what", "column"]].to_numpy().tolist() == [["VITALS", "form renamed", "VS"]]
    assert changes[["kind", "old", "new"]].to_numpy().tolist() == [["changed", "5", "6"]]


SAME = [("12 MAR 2025", "2025-03-12"), ("12 mar 2025", "12 MAR  2025"), ("2025/12/04", "04 DEC 2025"), ("1.50", "1.5"),
        (" a ", "A"),
        ("it’s", "it's"), ("0.0", "0")]  # fmt: skip
OTHER = [("12 MAR 2025", "13 MAR 2025"), ("1.5", "15"), ("007", "7"), ("", "0"), ("A1", "A2"), ("<0.1", "0.1")]


@pytest.mark.parametrize(("one", "two", "same"), [(*p, True) for p in SAME] + [(*p, False) for p in OTHER])
def test_only_the_writing_differs_or_the_value_does(one, two, same):
    assert (plain(pd.Series([one])).iloc[0] == plain(pd.Series([two])).iloc[0]) is same


def test_counts_leave_cosmetic_cells_apart():
    _, changes = compare(form("VS", "R A B\n1 5 yes\n2 5 no"), form("VS", "R A B\n1 6 YES\n2 5 no\n3 1 no"))

    assert counted(changes, "form").loc["VS"].to_dict() == {
        "added": 1, "changed": 1, "inactivated": 0, "reactivated": 0, "removed": 0, "cosmetic": 1,
    }  # fmt: skip


def test_two_extracts_on_disk_are_compared_by_record_and_vendor_key(tmp_path):
    specs = project(tmp_path)
    one = extract(tmp_path, OLD, files([vital("2", "99")], (["101-0001", "A7", "HB", "1"],)))
    two = extract(tmp_path, NEW, files([vital("2", "37")], (["101-0001", "A7", "HB", "2"],)))
    _, changes = compare(delivered(one, specs), delivered(two, specs))

    told = changes[["form", "site", "subject", "record", "field", "old", "new"]].to_numpy().tolist()
    assert told == [
        ["LAB", "101", "1010001", "A7/HB", "RESULT", "1", "2"],
        ["VS", "101", "1010001", "2", "TEMP", "99", "37"],
    ]


def test_ten_times_the_records_take_about_ten_times_as_long_to_compare():
    """Between 20,000 and 200,000 records the time grows with their number, not with its square (which were 100)."""
    seconds = []
    for count in (20_000, 200_000):
        cells = pd.DataFrame({"R": [str(i) for i in range(count)], "A": "5", "B": "x"}, dtype="str")
        keys = {"_RECORD": cells["R"], "_SHOWN": cells["R"], "_SUBJECT": "1", "_SITE": "1", "_LINE": 1, "_ACTIVE": True}
        other = cells.assign(A="6", **keys).iloc[::-1].reset_index(drop=True)
        both, header, vs = (cells.assign(**keys), other), ("R", "A", "B"), Contract("VS")
        one, two = ({"VS": Form("VS", "VS.csv", header, records, vs)} for records in both)
        started = time.process_time()
        _, changes = compare(one, two)
        seconds.append(time.process_time() - started)

        assert len(changes) == count
    assert seconds[1] < 50 * seconds[0]
