"""Timings: what a log tells of stages and nodes, how a stage grows, and when a build counts as slower than it was."""

import json
import math

import pandas as pd
import pytest

from pipeline import bench_report
from pipeline.bench import FIRST, UNCHANGED, Bench, Run, by_stage, exponent, of_node
from pipeline.bench_outputs import TERMS, OutputTiming, many
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
    7.000 s  took Site's data: 3.500 s of the processor
    7.100 s  took Main process: 4.250 s of the processor
"""


def test_what_was_made_before_a_stage_ends_is_of_that_stage_and_what_is_made_beside_them_told_by_name():
    assert by_stage(LOG) == pytest.approx({"Extract": 0.012, "SDTM": 0.391, "ADaM": 2.3, "Identities": 0.25,
                                           "Site's data": 3.5, "Main process": 4.25})  # fmt: skip


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
                  floor={10: 1.0, 100: 20.0}, adlb={10: (5, 3.0, 1.0), 100: (50, 30.0, 20.0)},
                  made={10: (2, 5), 100: (4, 5)})  # fmt: skip
    page = list(bench_report.told(bench))

    assert "| ADaM | 2.0 | 20.0 | 1.00 |" in page
    assert "| all else | 3.0 | 30.0 | 1.00 |" in page
    assert "| a first build is that many times it | 10 | 5 |" in page
    assert "| ADLB is that many times reading LB and writing ADLB; goal 3 | 3.0 | 1.5 |" in page
    assert "| SDTM and ADaM, for each of the datasets | 1.000 | 5.000 |" in page
    assert not any("Published" in line for line in page)


def test_a_run_is_told_beside_its_goal_of_that_number_of_subjects():
    bench = Bench(yard=2.0, runs=[Run(FIRST, 60, 9.0, 30.0, 500), Run(UNCHANGED, 60, 0.4, 1.0, 90)],
                  stages={60: {}}, floor={60: 1.0}, adlb={60: (5, 3.0, 1.0)}, made={60: (2, 5)})  # fmt: skip
    page = list(bench_report.told(bench))

    assert "| first build | 15.0 (9.0 s, 500 MiB); goal 14 yards |" in page
    assert "| nothing changed | 0.5 (0.4 s, 90 MiB); goal 0.5 s |" in page


def test_an_output_of_many_subjects_is_told_by_step_beside_the_goal_of_some_of_them():
    """Of a listing paper is asked for: pages laid out, RTF, HTML and PDF."""
    seconds = {"results": 1.0, "sheets": 0.5, "rtf": 0.25, "html": 0.25, "txt": 9.0, "pdf": 1.5}
    *_, head, _, line = bench_report._outputs([OutputTiming("listing of events", 1_400, 10_000, 10_001, seconds)])

    assert "| results | sheets | rtf | html | txt | pdf | goal | reached |" in head
    assert line.endswith("| 9.00 | 1.50 | sheets + rtf + html + pdf: 3 | 2.50 |")


def test_events_made_of_few_are_of_as_many_subjects_and_terms_as_are_asked_for_and_the_same_again():
    adsl = pd.DataFrame({"USUBJID": ["S-1", "S-2"], "COHORT": ["A", "B"]})
    adae = pd.DataFrame({"USUBJID": ["S-1"], "COHORT": ["A"], "AESEQ": [1.0]})
    made, again = (many(adsl, adae, 500, 20_000) for _ in range(2))
    whose = made["adae"].merge(made["adsl"], on="USUBJID", suffixes=("", "_OF"))

    assert made["adsl"]["USUBJID"].nunique() == 500
    assert (len(whose), len(set(whose["AEDECOD"])) > TERMS * 0.9) == (20_000, True)
    assert whose["COHORT"].eq(whose["COHORT_OF"]).all()
    assert all(made[name].equals(again[name]) for name in made)


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
