"""Family `heat_map`: a cell for each subject and visit, which is a record of the data."""

import pandas as pd
import pytest
from adam_frames import DECISIONS, shell, subjects, typed
from walk import counted_again, queried

from pipeline.ground.faults import TrialError
from tlf import families
from tlf.model import Figure, Page
from tlf.panels import HeatMap, HeatRow
from tlf.render import figures
from tlf.templates import heat_map

WORDS = {
    "family": "heat_map", "of": "adrs", "where": 'PARAMCD == "OVR"', "x": "AVISIT", "y": "AWTDIFF",
    "colour": {"of": "adrs", "variable": "AVALC", "values": [{"value": "CR", "label": "complete"}, "PR", "PD"]},
}  # fmt: skip


def data(*rows):
    frame = pd.DataFrame(rows, columns=["USUBJID", "AVISIT", "AVALC", "AWTDIFF"])
    days = frame["AVISIT"].map({"Month 6": 183.0, "Day 30": 30.0, "Day 100": 100.0})
    adrs = frame.assign(PARAMCD="OVR", AWTARGET=days, ADT=pd.Timestamp("2025-01-01"))
    return {"adsl": subjects(4), "adrs": typed(adrs), "decisions": DECISIONS}


FRAMES = data(
    ("S-01", "Month 6", "PD", 2.0), ("S-01", "Day 30", "PR", 1.0), ("S-02", "Day 30", "CR", 0.0),
    ("S-02", "Day 100", "SD", 3.0), ("S-04", "Day 30", "PR", 0.0), ("S-04", "Month 6", "PR", 0.0),
)  # fmt: skip


def drawn(frames, **words):
    output = shell(**WORDS, **words)
    results = families.results(heat_map, output, frames)
    return results, families.page(heat_map, output, results).panels[0]


def test_visits_stand_in_the_order_of_their_days_and_subjects_by_their_best_then_by_how_often():
    results, panel = drawn(FRAMES)
    assert panel.columns == ("Day 30", "Day 100", "Month 6")
    assert [(row.label, row.cells) for row in panel.rows] == [
        ("02", ("CR", "SD", "")), ("04", ("PR", "", "PR")), ("01", ("PR", "", "PD")), ("03", ("", "", ""))]  # fmt: skip
    assert counted_again(results, FRAMES) == []


def test_every_cell_is_the_value_of_the_record_it_names():
    results, _ = drawn(FRAMES)
    cells = results[results["STATISTIC"] == "text"].to_dict("records")
    assert len(cells) == len(FRAMES["adrs"])
    again = [queried(FRAMES["adrs"], row["WHERE"])["AVALC"].tolist() for row in cells]
    assert again == [[row["VALUEC"]] for row in cells]


def test_of_several_records_at_a_visit_one_is_taken_as_the_shell_says_and_never_by_chance():
    twice = data(("S-01", "Day 30", "PR", 4.0), ("S-01", "Day 30", "CR", 1.0))
    with pytest.raises(TrialError, match="several records of a subject at one AVISIT"):
        drawn(twice)
    assert drawn(twice, take="lowest")[1].rows[0].cells == ("CR",)


@pytest.mark.parametrize("n", [0, 2, 60, 400])
def test_it_can_be_drawn_of_nobody_and_of_many(n):
    rows = tuple(HeatRow(f"{number:07d}", ("CR", "", "odd")) for number in range(n))
    panel = HeatMap(rows, ("Day 30", "Day 100", "Month 6"), (("CR", "CR"),))
    picture = figures.render(Page("F-1", ("Title",), "All"), Figure((panel,)))
    assert picture["png"].startswith(b"\x89PNG")
