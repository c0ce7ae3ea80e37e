"""What a build asks of fields and what great-expectations answers is the same, value by value."""

import random
from pathlib import Path

import pandas as pd
import pytest
from read_once import specs_of

from pipeline.gate.expectations import unexpected
from pipeline.gate.expected import Asked, Expectation
from pipeline.gate.field_checks import NUMBER, TIME
from pipeline.gate.snapshot import usable
from pipeline.gate.unmet import unmet
from pipeline.intake.delivery import open_delivery
from pipeline.publish.build import find_extract
from pipeline.study.specs import studies

ROOT = Path(__file__).parents[2]
EMPTY = None


def asked(kind, told, others=None, **words):
    dtype = "float64" if kind == "between" else "str"
    columns = {"value": pd.Series(told, dtype=dtype)}
    if others:
        columns["other"] = pd.Series(others, dtype="str")
    wanted = Expectation("C", "major", "F", "value", kind, "", other="other" if others else "", **words)
    return Asked("F", wanted, pd.DataFrame(columns))


CASES = [
    (asked("filled", ["a", EMPTY, "", " ", EMPTY]), [1, 4]),
    (asked("listed", ["A", "a", EMPTY, "B", "AB", ""], values=("A", "B")), [1, 4, 5]),
    (asked("listed", ["0", "1", "01", EMPTY], values=("1", "0")), [2]),
    (asked("between", [1, 2, 3, 0.999, 3.001, EMPTY], limits=(1, 3)), [3, 4]),
    (asked("between", [float("inf"), -1e300, 0], limits=(0, 3)), [0, 1]),
    (asked("like", ["12", "1.2", "x", EMPTY, "12 ", "1.", "", "+1"], regex=NUMBER), [2, 4, 5, 6]),
    (asked("like", ["08:30", "24:00", "25:00", "8:30", EMPTY], regex=TIME), [2, 3]),
    (asked("like", ["ÄX12", "äX12", "ax12", "Ж"], regex="^(?:[A-ZÄ]{2}[0-9]+)$"), [1, 2, 3]),
    (asked("equal", ["Yes", "No", EMPTY, "yes", "a"], ["Yes", "Yes", "Yes", "Yes", EMPTY]), [1, 3]),
]


def test_each_kind_of_expectation_tells_the_places_where_it_is_not_met():
    assert unmet([one for one, _ in CASES]) == [places for _, places in CASES]


def test_great_expectations_tells_the_same_places():
    assert unexpected([one for one, _ in CASES]) == [places for _, places in CASES]


def spoilt(one: Asked, draw: random.Random) -> Asked:
    """The same question of values of which some are shortened, emptied or exchanged."""
    values = one.column.copy()
    for place in draw.sample(range(len(values)), min(3, len(values))):
        values.iloc[place] = draw.choice([None, -1e9] if one.wanted.kind == "between" else [None, "?", "12", "Y "])
    return Asked(one.form, one.wanted, one.frame.assign(**{one.wanted.column: values}))


@pytest.mark.slow
@pytest.mark.parametrize("study", studies(ROOT))
def test_so_they_do_for_every_field_of_the_newest_extract_as_it_is_and_spoilt(study):
    seen: list[Asked] = []

    def both(questions):
        seen.extend(questions)
        return unmet(questions)

    specs, draw = specs_of(study), random.Random(11)
    usable(specs, open_delivery(find_extract(ROOT, study, specs.study.data)), both)
    harder = [spoilt(one, draw) for one in seen if len(one.frame)]

    assert len(seen) > 50
    assert unexpected(seen) == unmet(seen)
    assert unexpected(harder) == unmet(harder)
    assert sum(map(len, unmet(harder))) > len(harder)
