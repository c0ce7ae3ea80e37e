"""What the first page tells of the subjects."""

from types import SimpleNamespace

import pandas as pd

from pipeline.review.start import people
from pipeline.study.declared import ADSL


def test_a_subject_is_told_with_its_age_in_whole_years_as_collected_and_nothing_where_it_is_missing():
    adsl = pd.DataFrame({"USUBJID": ["S-1", "S-2", "S-3"], "SUBJID": ["1", "2", "3"], "AGE": [48.0, None, 7.5]})
    build = SimpleNamespace(entries={ADSL: None}, frame=lambda name: adsl)

    found = people(build, SimpleNamespace(shown=()))

    assert [(one["id"], one["AGE"]) for one in found] == [("S-1", "48"), ("S-2", ""), ("S-3", "7.5")]
