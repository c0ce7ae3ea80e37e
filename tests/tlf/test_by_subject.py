"""Figures call each subject by the fewest last parts of USUBJID that tell all of them apart."""

import pytest

from tlf.by_subject import short


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
