"""The headline of a study names a result by ids: of one set and one level where it says them."""

from types import SimpleNamespace

import pandas as pd
import pytest
from tables import table

from pipeline.ground.metadata import Headline
from pipeline.publish.stale_products import NOTHING
from pipeline.publish.summary import _headline

RESULTS = table("""
    SET | ROW | COLUMN | LEVEL | STATISTIC | VALUE
    SAF | sex | A      | F     | n         | 3
    SAF | sex | A      | F     | N         | 5
    SAF | sex | A      | M     | n         | 2
    SAF | sex | A      | M     | N         | 5
    EAS | any | A      | .     | n         | 1
    EAS | any | A      | .     | N         | 4
    SAF | any | B      | .     | n         | 9
    SAF | any | B      | .     | N         | 9
""")


def told(**words):
    """The value of a headline result as it is told."""
    entry = Headline(**({"label": "X", "output": "T-1", "column": "A", "show": "{n:x}/{N:x}"} | words))
    frame = RESULTS.assign(LEVEL=RESULTS["LEVEL"].fillna(""), VALUE=pd.to_numeric(RESULTS["VALUE"]))
    study = SimpleNamespace(headline=(entry,))
    build = SimpleNamespace(specs=SimpleNamespace(study=study), entries={"t_1": {}}, frame=lambda name: frame)
    ((result),) = _headline(build, NOTHING)
    return result["value"]


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ({"row": "sex", "level": "F"}, "3/5"),
        ({"row": "sex", "level": "M", "set": "SAF"}, "2/5"),
        ({"row": "any", "set": "EAS"}, "1/4"),
        ({"row": "any", "column": "B"}, "9/9"),
        ({"row": "any", "set": "SAF"}, "not available"),
    ],
)
def test_a_headline_result_is_found_by_its_ids(words, value):
    assert told(**words) == value
