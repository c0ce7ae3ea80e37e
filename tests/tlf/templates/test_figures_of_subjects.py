"""Families `profiles`, `waterfall` and `swimmer`: every point, bar, lane and mark drawn is a row of the results."""

import numpy as np
import pandas as pd
import pytest
from adam_frames import DECISIONS, records, shell, subjects, typed
from walk import counted_again, queried

from pipeline.ground.faults import TrialError
from tlf import families
from tlf.templates import profiles, swimmer, waterfall

ADSL = subjects(4, COHORT=["A", "A", "B", "B"])
COLUMNS = [{"label": "A", "where": 'COHORT == "A"'}, {"label": "B", "where": 'COHORT == "B"'}]


def visits(*rows):
    """ADLB of lines `subject, planned day, actual day, value`."""
    frame = pd.DataFrame(rows, columns=["USUBJID", "AWTARGET", "CARTDY", "AVAL"], dtype=float)
    return typed(frame.assign(USUBJID="S-0" + frame["USUBJID"].astype(int).astype(str), PARAMCD="NEUT"))


ADLB = visits((1, 7, 6, 1.0), (2, 7, 8, 3.0), (1, 14, 14, 4.0), (2, 14, 15, 16.0), (3, 7, 7, 5.0), (3, 14, 14, None))
OVER_TIME = {"family": "profiles", "of": "adlb", "where": 'PARAMCD == "NEUT"', "x": "AWTARGET", "columns": COLUMNS,
             "ticks": ["0", "7", "14"], "x_label": "Day", "y_label": "Neutrophils"}  # fmt: skip


def drawn(family, output, **data):
    """The results and the first panel."""
    results = families.results(family, output, {"adsl": ADSL, "decisions": DECISIONS} | data)
    return results, families.page(family, output, results).panels[0]


def values_again(results, data):
    """Rows whose value is not the one that DATASET and WHERE lead to."""
    rows = results[results["STATISTIC"].isin(["value"]) & results["VARIABLE"].ne("")]
    return [row["ROWID"] for row in rows.to_dict("records")
            if row["VALUE"] not in queried(data[row["DATASET"]], row["WHERE"])[row["VARIABLE"]].tolist()]  # fmt: skip


@pytest.mark.parametrize(
    ("middle", "expected"),
    [  # of A: 1 and 3 at day 7, 4 and 16 at day 14; quartiles by SAS definition 5
        ("median", [(7, 2.0, 1.0, 3.0, 2), (14, 10.0, 4.0, 16.0, 2)]),
        # geometric means sqrt(3) and 8; standard deviations of the logarithms ln(3) / sqrt(2) and ln(4) / sqrt(2)
        ("gmean", [(7, 3**0.5, 3 ** (0.5 - 0.5**0.5), 3 ** (0.5 + 0.5**0.5), 2),
                   (14, 8.0, 8 / 4 ** (0.5**0.5), 8 * 4 ** (0.5**0.5), 2)]),
    ],
)  # fmt: skip
def test_the_middle_of_a_group_stands_at_each_time_with_its_spread_and_n(middle, expected):
    results, panel = drawn(profiles, shell(**OVER_TIME, middle=middle), adlb=ADLB)
    a, b = panel.courses
    assert a.label == "A (N=2)"
    for got, wanted in zip((a.time, a.middle, a.lower, a.upper, a.counts), zip(*expected, strict=True), strict=True):
        np.testing.assert_allclose(got, wanted)
    assert (b.time, b.counts) == ((7.0,), (1,))  # without a value nobody stands at day 14
    assert counted_again(results, {"adsl": ADSL, "adlb": ADLB}) == []


def test_the_axis_has_no_ticks_beyond_the_last_time():
    _, panel = drawn(profiles, shell(**(OVER_TIME | {"ticks": ["0", "7", "30", "270"]}), middle="median"), adlb=ADLB)
    assert panel.ticks == (0, 7)


def test_of_one_subject_there_is_a_middle_but_no_spread():
    _, panel = drawn(profiles, shell(**OVER_TIME, middle="gmean"), adlb=ADLB)
    b = panel.courses[1]
    assert b.middle == pytest.approx((5.0,))
    assert np.isnan([*b.lower, *b.upper]).all()


def test_two_records_of_a_subject_at_one_time_are_no_middle():
    twice = pd.concat([ADLB, ADLB.head(1)])
    with pytest.raises(TrialError, match=r"several records of a subject at one AWTARGET \(7\)"):
        drawn(profiles, shell(**OVER_TIME, middle="median"), adlb=twice)


def test_without_a_middle_every_subject_has_a_line_and_every_record_a_point():
    twice = pd.concat([ADLB, visits((2, 7, 8, 2.5))])
    results, panel = drawn(profiles, shell(**(OVER_TIME | {"x": "CARTDY"})), adlb=twice)
    assert [course.lines for course in panel.courses] == [
        (((6.0, 14.0), (1.0, 4.0)), ((8.0, 8.0, 15.0), (3.0, 2.5, 16.0))), (((7.0,), (5.0,)),)]  # fmt: skip
    assert values_again(results, {"adlb": twice}) == []


def test_results_below_the_limit_are_marks_beside_the_lines_and_on_none_of_them():
    below = visits((1, 21, 20, 0.0), (3, 14, 13, 0.0)).assign(QUANTFL="N", ALLOQ=0.5)
    samples = pd.concat([ADLB.assign(QUANTFL="Y", ALLOQ=0.5), below])
    words = OVER_TIME | {"x": "CARTDY", "where": 'QUANTFL == "Y"'}
    mark = {"label": "Below the limit", "of": "adlb", "variable": "ALLOQ", "where": 'QUANTFL == "N"'}
    results, panel = drawn(profiles, shell(**words, marks=[mark]), adlb=samples)
    assert [course.marked for course in panel.courses] == [(((20.0,), (0.5,)),), (((13.0,), (0.5,)),)]
    assert [course.lines for course in panel.courses] == [
        (((6.0, 14.0), (1.0, 4.0)), ((8.0, 15.0), (3.0, 16.0))), (((7.0,), (5.0,)),)]  # fmt: skip
    assert panel.marked == "Below the limit"
    assert values_again(results, {"adlb": samples}) == []


DAYS = pd.to_datetime(["2024-01-01", "2024-02-01", "2024-01-01", "2024-01-01"])
ADTR = typed(pd.DataFrame({"USUBJID": ["S-01", "S-01", "S-02", "S-03"], "PCHG": [-20.0, -60, 30, np.nan], "ADT": DAYS}))
BOR = records("BOR", [1, 2, 3], AVALC=["PR", None, "CR"])
COLOUR = {"of": "adrs", "variable": "AVALC", "where": 'PARAMCD == "BOR"',
          "values": ["CR", {"value": "PR", "label": "Partial"}, "SD"]}  # fmt: skip


def test_a_waterfall_has_the_chosen_value_of_each_subject_the_highest_first_in_the_colour_of_its_level():
    words = {"of": "adtr", "y": "PCHG", "take": "lowest", "colour": COLOUR, "y_label": "%", "reference": ["-50"]}
    output = shell(family="waterfall", **words)
    results, panel = drawn(waterfall, output, adtr=ADTR, adrs=BOR)
    assert [(bar.label, bar.height, panel.levels[bar.level]) for bar in panel.bars] == [
        ("02", 30.0, "none"), ("01", -60.0, "Partial")]  # fmt: skip
    assert panel.marks == (-50.0,)
    assert values_again(results, {"adtr": ADTR}) == []


def test_a_swimmer_has_a_lane_for_each_subject_with_marks_in_the_unit_of_the_output():
    adtte = records("OS", [1, 2], AVAL=[60.875, 365.25], CNSR=[0, 1])
    adrs = pd.concat([BOR, records("OVR", [2, 2], AVALC=["CR", "CR"]).assign(CARTDY=[30.4375, 91.3125])])
    marks = [{"label": "CR", "of": "adrs", "variable": "CARTDY", "where": 'PARAMCD == "OVR"'},
             {"label": "Death", "of": "adtte", "variable": "AVAL", "where": "CNSR == 0"}]  # fmt: skip
    output = shell(family="swimmer", of="adtte", where='PARAMCD == "OS"', colour=COLOUR, marks=marks, ticks=["0", "6"])
    _, panel = drawn(swimmer, output, adtte=adtte, adrs=adrs)
    assert [(lane.label, lane.end, lane.marks) for lane in panel.lanes] == [
        ("02", 12.0, ((1.0, 0), (3.0, 0))), ("01", 2.0, ((2.0, 1),))]  # fmt: skip
    assert (panel.marks, panel.levels) == (("CR", "Death"), ("Partial", "none"))
