"""Checks of numbers with limits of their own read them in the standard unit, whatever the form collects."""

from dataclasses import replace

import pandas as pd
import pytest

from pipeline.gate.checks.mapped import SheetRow, factors_of
from pipeline.gate.checks.parsed import Forms
from pipeline.gate.checks.rules import in_standard_unit
from pipeline.gate.checks.rules.values import body_mass_off
from pipeline.study.csv_text import load_table
from pipeline.study.specs import find_root, load_specs

DAY = pd.Timestamp("2025-01-01")
POUNDS, INCHES = {"": "LB", "LB": "0.45359237", "kg": "1"}, {"": "in", "in": "2.54", "cm": "1"}


@pytest.mark.parametrize(
    ("weight", "height", "kilograms", "centimetres", "asked"),
    [
        (176.4, 70, POUNDS, INCHES, []),  # 80.0 kg, 177.8 cm: 25.3 kg/m2
        (176.4, 70, None, None, [("176.4", "70", "360")]),  # the same as kg and cm
        (80, 70, POUNDS, INCHES, [("36.29", "177.8", "11.5")]),  # kilograms entered on a form of pounds
    ],
)
def test_a_body_mass_index_is_that_of_kilograms_and_metres(weight, height, kilograms, centimetres, asked):
    records = pd.DataFrame({"_SUBJECT": ["1"], "WT": [weight], "HT": [height]})
    forms = replace(Forms({}, {}, {}, pd.DataFrame(), DAY, DAY), parsed={"VS": records})
    limits = {"low": "12", "high": "50", "alone": "40"}
    off = body_mass_off(records, forms, weight="WT", height="VS.HT", limits=limits,
                        kilograms=kilograms, centimetres=centimetres)  # fmt: skip
    assert list(off[["heavy", "tall", "index"]].itertuples(index=False, name=None)) == asked if asked else off.empty


def test_a_unit_of_each_record_is_read_from_its_field_and_an_unknown_one_turns_nothing():
    records = pd.DataFrame({"U": ["LB", "kg", "stone", None], "WT": [100.0, 100.0, 100.0, 100.0]})
    turned = in_standard_unit(records["WT"], records, POUNDS | {"": "U"})
    assert turned.round(2).fillna(-1).tolist() == [45.36, 100, -1, 100]


def test_the_factors_of_a_test_are_those_of_units_csv_by_unit_as_it_is_collected():
    specs = load_specs(find_root(None), "cd38")
    ct = pd.concat([load_table(path) for path in specs.table_files("ct")])
    row = SheetRow("VS", "*", "WEIGHT", "assign", ("WT",), "", True, "lbs")
    factors = factors_of(specs, ct, [row], "VS", "WEIGHT")
    assert (factors[""], factors["lbs"], factors["LB"], factors["kg"]) == ("lbs", factors["LB"], "0.45359237", "1")
