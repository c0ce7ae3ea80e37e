"""The ledger finds the places of records by subject and number, by subject alone, and none of strangers."""

import numpy as np
import pandas as pd
import pytest

from pipeline.why.ledger import Domain, Ledger, beyond, numbered

NAN = float("nan")
PEOPLE = {"S-1": 0, "S-2": 1}
DOMAINS = {"ae": Domain(np.array([0, 0, 1, 0, -1]), np.array([1, 2, 1, 2, 1]), 5),  # the last is of nobody
           "dm": Domain(np.array([0, 1]), np.array([-1, -1]), 2)}  # fmt: skip


def places(*asked):
    found = pd.DataFrame(asked, columns=["ROW", "USUBJID", "DOMAIN", "SEQ"])
    told = Ledger(PEOPLE, DOMAINS).standing(found)
    return [(found["ROW"].iloc[row], name, place) for name, rows, places in told
            for row, place in zip(rows, places, strict=True)]  # fmt: skip


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


def test_what_keys_know_beyond_a_dataset_stands_once_and_a_dataset_without_numbers_has_one_record_of_a_subject():
    whose, others, numbers = np.array([0, 1]), np.array([1, 0, 1, 1, 2]), np.array([1, 2, 3, 3, 1])

    numbered_ones = beyond(whose, np.array([2, 1]), others, numbers)
    by_subject = beyond(whose, np.array([-1, -1]), others, numbers)

    assert [one.tolist() for one in numbered_ones] == [[1, 2], [3, 1]]
    assert [one.tolist() for one in by_subject] == [[2], [1]]
