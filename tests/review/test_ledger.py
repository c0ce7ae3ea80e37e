"""The ledger finds the places of records by subject and number, by subject alone, and none of strangers."""

import pandas as pd
import pytest

from pipeline.why.ledger import Ledger, numbered

NAN = float("nan")
RECORDS = {
    "ae": pd.DataFrame({"USUBJID": ["S-1", "S-1", "S-2", "S-1"], "SEQ": [1.0, 2.0, 1.0, 2.0], "PLACE": [0, 1, 2, 3]}),
    "dm": pd.DataFrame({"USUBJID": ["S-1", "S-2"], "SEQ": [NAN, NAN], "PLACE": [0, 1]}),
}  # fmt: skip


def places(*asked):
    found = pd.DataFrame(asked, columns=["ROW", "USUBJID", "DOMAIN", "SEQ"])
    told = Ledger(RECORDS, pd.DataFrame()).places(found)
    return [tuple(row) for row in told[["ROW", "DOMAIN", "PLACE"]].itertuples(index=False)]


@pytest.mark.parametrize(("asked", "told"), [
    ([(0, "S-1", "AE", 1.0)], [(0, "ae", 0)]),
    ([(0, "S-1", "AE", 2.0), (1, "S-2", "AE", 1.0)], [(0, "ae", 1), (0, "ae", 3), (1, "ae", 2)]),  # a key twice
    ([(0, "S-1", "SUPPAE", 1.0)], [(0, "ae", 0)]),  # a qualifier stands for its record
    ([(0, "S-1", "AE", NAN)], [(0, "ae", 0), (0, "ae", 1), (0, "ae", 3)]),  # without a number all of the subject
    ([(0, "S-2", "DM", 7.0)], [(0, "dm", 1)]),  # a domain without numbers has one record of a subject
    ([(0, "S-1", "AE", 9.0), (1, "S-9", "AE", 1.0), (2, "S-9", "DM", NAN), (3, "S-1", "XX", 1.0)], []),
])  # fmt: skip
def test_records_are_found_where_they_stand(asked, told):
    assert places(*asked) == told


def test_a_name_has_its_number_and_a_missing_or_strange_one_has_none():
    names = pd.Series(["S-2", None, "S-9", "S-2", "S-1"], dtype="str")

    assert numbered(names, {"S-1": 0, "S-2": 1}).tolist() == [1, -1, -1, 1, 0]
