"""Typefaces: what no typeface here has is known before it is drawn as a box."""

import pytest

from tlf.render.typefaces import undrawn


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["Fatigue", "СВК 2 степени", "托珠单抗", "≥38 °C", "µg"], ""),
        (["rash 😀", "① 发热", "rash 😀"], "😀①"),
        ([], ""),
    ],
)
def test_characters_that_no_typeface_has_are_told_each_once(texts, expected):
    assert undrawn(texts) == expected
