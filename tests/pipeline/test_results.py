"""The results file keeps its promises, or the build stops."""

import pandas as pd
import pytest
from adam_frames import shell

from pipeline.engine.results import COLUMNS, conform_results, levels_add_up, parts_lie_in_wholes
from pipeline.ground.faults import EXIT_DEFECT, EXIT_USER, DefectError, TrialError
from pipeline.publish.as_read import as_read


def rows(*entries):
    """Result rows from (row, level, statistic, value)."""
    frame = pd.DataFrame(entries, columns=["ROWID", "LEVEL", "STATISTIC", "VALUE"])
    ids = {"ROW": frame["ROWID"].str.partition(" / ")[0], "COLUMN": "A"}
    return conform_results(frame.reindex(columns=list(COLUMNS)).assign(GROUP="A", POPULATION="all", **ids), "t_x")


def test_levels_that_add_up_to_their_n_pass():
    levels_add_up(rows(("Sex / M", "M", "n", 7), ("Sex / M", "M", "N", 12), ("Sex / F", "F", "n", 5)), "t_x")


def test_levels_that_count_a_subject_twice_stop_the_build():
    with pytest.raises(TrialError, match="The levels of 'Sex'") as error:
        levels_add_up(rows(("Sex / M", "M", "n", 8), ("Sex / M", "M", "N", 12), ("Sex / F", "F", "n", 5)), "t_x")

    assert error.value.exit_code == EXIT_USER


@pytest.mark.parametrize(("part", "whole"), [("n", "N"), ("responders", "patients"), ("at_risk", "N")])
def test_a_part_greater_than_its_whole_stops_the_build(part, whole):
    parts_lie_in_wholes(rows(("Toci", "", part, 1), ("Toci", "", whole, 1), ("Other", "", part, 2)), "t_x")
    with pytest.raises(DefectError, match="'Toci' \\(A\\) of t_x counts 2 of 1") as error:
        parts_lie_in_wholes(rows(("Toci", "", part, 2), ("Toci", "", whole, 1)), "t_x")

    assert error.value.exit_code == EXIT_DEFECT


def test_two_results_of_one_name_stop_the_build():
    with pytest.raises(TrialError, match="named alike"):
        rows(("Sex / M", "M", "n", 8), ("Sex / M", "M", "n", 9))


def test_results_without_a_column_stop_the_build():
    with pytest.raises(DefectError, match="lack the column OUTPUT"):
        conform_results(pd.DataFrame({"ROWID": ["x"]}), "t_x")


FRAME = pd.DataFrame({
    "OUTPUT": "T-1", "SET": "", "ROW": ["men", "median_pfs", "median_pfs", "pfs_at_a_year", "age"],
    "STATISTIC": ["n", "estimate", "upper", "estimate", "sd"], "VALUE": [3.0, 2.0, None, 0.5, None], "VALUEC": "",
    "NOTE": ["", "", "NR: not reached", "", "NE: not estimable, one value"]})  # fmt: skip
SHELL = shell(rows=[{"count": "Men", "where": ""}, {"median": "Median PFS", "where": ""},
                    {"rate": "PFS at a year", "where": "", "at": "365.25"}])  # fmt: skip


@pytest.mark.parametrize(("names", "expected"), [
    ({}, ["n", "estimate", "upper", "estimate", "sd"]),
    ({"upper": "ucl"}, ["n", "estimate", "ucl", "estimate", "sd"]),
    ({"median.estimate": "median"}, ["n", "median", "upper", "estimate", "sd"]),
    ({"median.estimate": "median", "estimate": "est"}, ["n", "median", "upper", "est", "sd"]),
])  # fmt: skip
def test_a_study_calls_statistics_in_the_plan_s_words(names, expected):
    assert as_read(FRAME, names, [SHELL])["STATISTIC"].tolist() == expected


def test_what_has_no_number_is_nr_or_ne_in_the_file_that_people_read():
    assert as_read(FRAME, {})["VALUEC"].tolist() == ["", "", "NR", "", "NE"]
