"""Family `stacked`: subjects at each level on each day, each of them a count that can be made again."""

import pandas as pd
import pytest
from adam_frames import DECISIONS, shell, subjects, typed
from walk import counted_again

from pipeline.ground.faults import TrialError
from tlf import families
from tlf.model import Figure, Page
from tlf.panels import Stacks
from tlf.render import figures
from tlf.templates import stacked

OUTPUT = shell(
    family="stacked", of="addtox", x="CARTDY", ticks=["0", "2"], x_label="Day", y_label="Subjects",
    panels=[{"title": "CRS", "where": 'PARAMCD == "CRS"'}, {"title": "ICANS", "where": 'PARAMCD == "ICANS"'}],
    colour={"of": "addtox", "variable": "AVAL",
            "values": [{"value": "1", "label": "Grade 1"}, {"value": "2", "label": "Grade 2"}]},
)  # fmt: skip


def days(*rows):
    return typed(pd.DataFrame(rows, columns=["USUBJID", "PARAMCD", "CARTDY", "AVAL"]))


DATA = {
    "adsl": subjects(3), "decisions": DECISIONS,
    "addtox": days(("S-01", "CRS", 0.0, 0.0), ("S-02", "CRS", 0.0, 1.0), ("S-03", "CRS", 0.0, None),
                   ("S-01", "CRS", 2.0, 2.0), ("S-02", "CRS", 2.0, 2.0), ("S-01", "CRS", 9.0, 2.0),
                   ("S-01", "ICANS", 1.0, 1.0)),
}  # fmt: skip


def test_each_day_from_the_first_tick_to_the_last_has_who_was_assessed_and_who_was_at_each_level():
    results = families.results(stacked, OUTPUT, DATA)
    crs, icans = families.page(stacked, OUTPUT, results).panels
    assert (crs.days, crs.assessed) == ((0, 1, 2), (3, 0, 2))
    assert crs.counts == ((1, 0, 0), (0, 0, 2))
    assert icans.counts == ((0, 1, 0), (0, 0, 0))
    assert counted_again(results, DATA) == []


def test_a_subject_is_in_one_part_of_a_bar_or_the_figure_is_refused():
    twice = DATA | {"addtox": days(("S-01", "CRS", 0.0, 1.0), ("S-01", "CRS", 0.0, 2.0))}
    with pytest.raises(TrialError, match="several records of a subject at one CARTDY"):
        families.results(stacked, OUTPUT, twice)


@pytest.mark.parametrize("n", [0, 400])
def test_it_can_be_drawn_of_nobody_and_of_many(n):
    panel = Stacks(tuple(range(29)), ("Grade 1",), ((n,) * 29,), (n,) * 29, (0.0, 28.0), "Day", "Subjects")
    assert figures.render(Page("F-1", ("Title",), "All"), Figure((panel,)))["png"].startswith(b"\x89PNG")
