"""Of many names some are told, and how many more there are."""

import pytest

from pipeline.ground.words import some_of


@pytest.mark.parametrize(("names", "told"), [
    ([], ""),
    (["AE", "CM"], "AE, CM"),
    (["AE", "CM", "DM"], "AE, CM and 1 more"),
])
def test_of_more_than_two_names_two_are_told(names, told):
    assert some_of(names, 2) == told
