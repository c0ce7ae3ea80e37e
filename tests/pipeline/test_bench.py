"""Timings: what a log tells of stages and nodes, how a stage grows, and when a build counts as slower than it was."""

import json
import math

import pytest

from pipeline import bench_report
from pipeline.bench import FIRST, Bench, Run, by_stage, exponent, of_node
from pipeline.ground.faults import EXIT_FINDINGS

LOG = """\
    0.500 s  made raw:AE: 12 records, 0.012 s of the processor
    0.900 s    Extract    1 made of 12 records                                          0.9 s
    1.500 s  made ae: 26758 records, 0.391 s of the processor
    1.900 s    SDTM       76 made of 90,670 records                                    88.4 s
    4.000 s  made adlb@1of2: 100 records, 1.000 s of the processor
    5.000 s  made adlb@2of2: 178 records, 0.900 s of the processor
    5.500 s  made adlb: 278 records, 0.100 s of the processor
    5.600 s  made adlb@core: 278 records, 0.300 s of the processor
    6.000 s    ADaM       93 made of 93,623 records                                    86.4 s
    6.500 s  made check:nested: 0 records, 0.250 s of the processor
    6.600 s    Identities 9 made of 1 records                                           0.9 s
"""


def test_what_was_made_before_a_stage_ends_is_of_that_stage():
    assert by_stage(LOG) == pytest.approx({"Extract": 0.012, "SDTM": 0.391, "ADaM": 2.3, "Identities": 0.25})


def test_a_dataset_made_in_partitions_took_what_they_and_their_joining_took():
    records, seconds = of_node(LOG, "adlb")

    assert (records, seconds) == (278, pytest.approx(2.0))


@pytest.mark.parametrize(("sizes", "power"), [
    ({10: 1.0, 100: 10.0}, 1.0), ({10: 1.0, 100: 100.0}, 2.0), ({1: 9.0, 10: 1.0, 40: 2.0}, 0.5),
])  # fmt: skip
def test_the_exponent_is_the_power_by_which_the_two_largest_sizes_differ(sizes, power):
    assert exponent(sizes) == pytest.approx(power)


def test_one_size_tells_nothing_of_growth():
    assert math.isnan(exponent({10: 1.0}))


def test_what_no_stage_made_is_told_as_all_else_and_what_took_nothing_is_left_away():
    """In yards of two seconds: of 10 and 100 seconds 4 and 40 were ADaM, the publishing is of no node."""
    bench = Bench(yard=2.0, runs=[Run(FIRST, 10, 0, 10.0, 0), Run(FIRST, 100, 0, 100.0, 0)],
                  stages={10: {"ADaM": 4.0, "Published": 0.0}, 100: {"ADaM": 40.0, "Published": 0.0}},
                  floor={10: 1.0, 100: 20.0}, adlb={10: (5, 3.0, 1.0), 100: (50, 30.0, 20.0)})  # fmt: skip
    page = list(bench_report.told(bench))

    assert "| ADaM | 2.0 | 20.0 | 1.00 |" in page
    assert "| all else | 3.0 | 30.0 | 1.00 |" in page
    assert "| a first build is that many times it | 10 | 5 |" in page
    assert "| ADLB is that many times reading LB and writing ADLB | 3.0 | 1.5 |" in page
    assert not any("Published" in line for line in page)


@pytest.mark.parametrize(("yards", "code"), [
    ([14.9], 0),
    ([20.0, 15.0], 0),  # the machine was busy the first time
    ([20.0, 15.1], EXIT_FINDINGS),
])  # fmt: skip
def test_a_build_is_slower_when_it_takes_half_as_much_again_as_is_recorded_twice(yards, code, tmp_path, monkeypatch):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "benchmarks.json").write_text(json.dumps({"small": 10.0}))
    looks = iter(yards)
    monkeypatch.setattr(bench_report, "small", lambda root: next(looks))
    monkeypatch.setattr(bench_report, "example", lambda root: (tmp_path, None, None))

    assert bench_report.run((), True, "") == code
