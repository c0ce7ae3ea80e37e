"""The results file keeps its promises, or the build stops."""

import pandas as pd
import pytest

from pipeline.engine.results import COLUMNS, conform_results, levels_add_up, parts_lie_in_wholes
from pipeline.ground.faults import EXIT_DEFECT, EXIT_USER, DefectError, TrialError
from pipeline.publish.products import called


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


def test_a_study_calls_statistics_in_the_plan_s_words():
    results = pd.DataFrame({"STATISTIC": ["n", "at_risk"], "VALUE": [3.0, 2.0]})

    assert list(called(results, {"at_risk": "risk"})["STATISTIC"]) == ["n", "risk"]
    assert list(called(results, {})["STATISTIC"]) == ["n", "at_risk"]
