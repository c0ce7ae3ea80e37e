"""Rows of kind `agreement`: two readings of the same subjects, paired, with Cohen's kappa."""

import pandas as pd
import pytest
from adam_frames import DECISIONS, printed, records, shell, subjects

from pipeline.ground.faults import TrialError
from tlf import families
from tlf.templates import categories

SKIN = ["1", "2", "3", "4"]
COUNTS = [[10, 4, 1, 0], [5, 10, 12, 2], [2, 4, 12, 5], [0, 2, 6, 13]]  # see tests/tlf/stats/test_agreement.py
PAIRS = [(a, b) for a, row in zip(SKIN, COUNTS, strict=True) for b, n in zip(SKIN, row, strict=True) for _ in range(n)]
ROW = {"agreement": "Readers", "of": "adrs", "variable": "AVALC", "values": SKIN, "reading": 'PARAMCD == "ONE"',
       "against": 'PARAMCD == "TWO"'}  # fmt: skip


def readings(paramcd, values):
    return records(paramcd, list(range(1, len(values) + 1)), AVALC=values)


def made(row, adrs, n=88):
    output = shell(rows=[row])
    results = families.results(categories, output, {"adsl": subjects(n), "adrs": adrs, "decisions": DECISIONS})
    return results, printed(families.page(categories, output, results))


def test_kappa_and_its_limits_stand_with_the_number_of_pairs_and_their_share():
    adrs = pd.concat([readings("ONE", [a for a, _ in PAIRS]), readings("TWO", [b for _, b in PAIRS])])
    _, page = made(ROW, adrs)
    assert page["Readers"] == ("0.34 (0.20, 0.49), 88 pairs, 51.1 % alike",)  # SAS: 0.3449 (0.2030, 0.4868)
    _, page = made({**ROW, "weights": "LINEAR"}, adrs)
    assert page["Readers"] == ("0.51 (0.38, 0.64), 88 pairs, 51.1 % alike",)


def test_readings_on_two_scales_agree_by_categories_that_clauses_tell():
    adrs = pd.concat([readings("ONE", [f"CM{a}" for a, _ in PAIRS]), readings("TWO", [b for _, b in PAIRS])])
    values = [{"label": one, "where": f'AVALC in ["CM{one}", "{one}"]'} for one in SKIN]
    _, page = made({**ROW, "values": values}, adrs)
    assert page["Readers"] == ("0.34 (0.20, 0.49), 88 pairs, 51.1 % alike",)  # as above, by other words


def test_a_reading_without_its_partner_is_no_pair():
    adrs = pd.concat([readings("ONE", ["1", "2", "3"]), readings("TWO", ["1", "2"])])
    results, _ = made(ROW, adrs, 3)
    assert results.loc[results["STATISTIC"] == "pairs", "VALUE"].tolist() == [2]


def test_several_readings_of_a_subject_are_paired_by_what_the_row_names():
    visits = {"AVISIT": ["Day 30", "Day 100"]}
    adrs = pd.concat([records("ONE", [1, 1], AVALC=["1", "2"]).assign(**visits),
                      records("TWO", [1, 1], AVALC=["2", "2"]).assign(**visits)])  # fmt: skip
    results, _ = made({**ROW, "pair": ["AVISIT"]}, adrs, 1)
    found = results.set_index("STATISTIC")["VALUE"]
    assert (found["pairs"], found["agreement"]) == (2, 0.5)
    with pytest.raises(TrialError, match="several records of a reading for one USUBJID"):
        made(ROW, adrs, 1)
