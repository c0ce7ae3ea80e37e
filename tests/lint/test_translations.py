"""translations.csv: a text of another script stands once, with words that a transport file can hold."""

import pytest

from pipeline.lint.places import Grid
from pipeline.lint.tables import ONCE, _once, _translations


@pytest.mark.parametrize(("rows", "said"), [
    ([("жар", "Fever")], []),
    ([("жар", "")], ["'жар' has no translation in signs of ASCII"]),
    ([("жар", "Fièvre")], ["'жар' has no translation in signs of ASCII"]),
    ([("жар", "Fever"), ("жар", "Heat")], ["жар stands on line 2 too"]),
])  # fmt: skip
def test_a_text_has_one_translation_in_ascii(rows, said):
    told = [(line, dict(zip(("TEXT", "ENGLISH"), row, strict=True))) for line, row in enumerate(rows, start=2)]
    grid = Grid("translations.csv", ["TEXT", "ENGLISH"], told, ["TEXT,ENGLISH", *(",".join(row) for row in rows)])

    found = [*_once(grid, ONCE["translations.csv"]), *_translations(grid)]

    assert [problem.what for problem in found] == said
