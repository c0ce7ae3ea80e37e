"""Figures call each subject by the fewest last parts of USUBJID that tell all of them apart."""

import pandas as pd
import pytest

from tlf.by_subject import numbered, short
from tlf.rows.words import RowLevel
from tlf.shells import Coloured


@pytest.mark.parametrize(
    ("subjects", "shown"),
    [
        (["S-1-001", "S-1-002"], ["001", "002"]),
        (["S-NL12-001", "S-DE07-001"], ["NL12-001", "DE07-001"]),  # the same number at two sites
        (["IOMAB-ACT-1010001"], ["1010001"]),
        (["001"], ["001"]),
        ([], []),
    ],
)
def test_a_subject_is_called_by_what_tells_it_apart(subjects, shown):
    assert list(short(subjects).values()) == shown


def test_a_level_that_the_shell_does_not_name_is_one_of_its_own_and_not_none():
    """A best response of CRh is no missing response."""
    colour = Coloured("AVALC", values=(RowLevel("CR", "CR"), RowLevel("PR", "PR")))
    found = pd.Series({"1": "PR", "2": "CRH", "3": "CR"})
    assert numbered(colour, found, ["1", "2", "3", "4"]) == (("CR", "PR", "CRH", "none"), [1, 2, 0, 3])
