"""An output reads the first treatment period, unless a clause asks for another: nobody is counted twice unasked."""

import pandas as pd
import pytest
from adam_frames import subjects

from pipeline.engine.results import with_periods_told
from pipeline.ground.metadata import DatasetSpec, Variable
from tlf.conditions import Records

ADRS = pd.DataFrame({"USUBJID": ["S-01", "S-01", "S-02"], "APERIOD": [1.0, 2.0, 1.0], "AVALC": ["PR", "CR", "CR"]})


@pytest.mark.parametrize(("where", "found"), [
    ("", ["S-01 PR", "S-02 CR"]),
    ('AVALC == "CR"', ["S-02 CR"]),
    ('AVALC == "CR" or AVALC == "PR"', ["S-01 PR", "S-02 CR"]),
    ('AVALC == "CR" and APERIOD == 2', ["S-01 CR"]),
    ("APERIOD >= 1", ["S-01 PR", "S-01 CR", "S-02 CR"]),
])  # fmt: skip
def test_records_are_of_the_first_period_unless_the_clause_names_periods(where, found):
    records = Records({"adrs": ADRS, "adsl": subjects(2)})
    frame = records.where("adrs", where)
    assert (frame["USUBJID"] + " " + frame["AVALC"]).tolist() == found
    assert records.subjects("adrs", where) == {one.split()[0] for one in found}


def test_the_results_say_the_period_that_was_read():
    several = DatasetSpec(variables=(Variable("APERIOD"),))
    rows = pd.DataFrame({
        "DATASET": ["adrs", "adrs", "adrs", "adsl"],
        "WHERE": ['AVALC == "CR"', "", "APERIOD == 2", 'SEX == "F"'],
    })
    told = with_periods_told(rows, {"adrs": several, "adsl": DatasetSpec()})
    assert told["WHERE"].tolist() == ['(AVALC == "CR") and APERIOD == 1', "APERIOD == 1", "APERIOD == 2", 'SEX == "F"']
