"""Family `scatter`: a point for each subject with both values, named past the lines; subjects counted with `also`."""

import pandas as pd
import pytest
from adam_frames import DECISIONS, printed, shell, subjects, typed
from walk import counted_again, queried

from tlf import families
from tlf.model import Figure, Page
from tlf.panels import Cloud, Scatter
from tlf.render import figures
from tlf.templates import categories, scatter

ALT, BILI = 'PARAMCD == "ALT"', 'PARAMCD == "BILI"'
WORDS = {
    "family": "scatter", "across": {"of": "adlb", "variable": "R2ANRHI", "where": ALT, "reference": ["3"]},
    "upward": {"of": "adlb", "variable": "R2ANRHI", "where": BILI, "reference": ["2"]}, "log": "true",
}  # fmt: skip
LAB = pd.DataFrame(
    [("S-01", "ALT", 2.0), ("S-01", "ALT", 4.0), ("S-01", "BILI", 2.0), ("S-02", "ALT", 9.0), ("S-02", "BILI", 1.0),
     ("S-03", "ALT", 1.0), ("S-04", "BILI", 3.0)], columns=["USUBJID", "PARAMCD", "R2ANRHI"],
)  # fmt: skip
DATA = {"adsl": subjects(5), "adlb": typed(LAB), "decisions": DECISIONS}


def test_a_point_has_the_highest_of_both_values_and_the_name_of_who_is_past_both_lines_shows():
    output = shell(**WORDS)
    results = families.results(scatter, output, DATA)
    (panel,) = families.page(scatter, output, results).panels
    assert panel.clouds[0].points == (("01", 4.0, 2.0), ("02", 9.0, 1.0))
    assert [panel.beyond(x, y) for _, x, y in panel.clouds[0].points] == [True, False]
    rows = results[results["STATISTIC"] == "value"].to_dict("records")
    assert all(row["VALUE"] in queried(LAB, row["WHERE"])["R2ANRHI"].tolist() for row in rows)


@pytest.mark.parametrize("log", [True, False])
@pytest.mark.parametrize("n", [0, 2, 400])
def test_it_can_be_drawn_of_nobody_and_of_many_also_of_zeros(log, n):
    cloud = Cloud("All", tuple((f"{at}", float(at), 0.5) for at in range(n)))
    panel = Scatter((cloud,), (3.0,), (2.0,), "x", "y", "", log)
    assert figures.render(Page("F-1", ("Title",), "All"), Figure((panel,)))["png"].startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("words", "n"),
    [({"also": f"{BILI} and R2ANRHI >= 2"}, "1"), ({"also": f"{BILI} and R2ANRHI >= 1"}, "2"),
     ({"also": f"{BILI} and R2ANRHI >= 1", "without": "R2ANRHI >= 9"}, "1"),
     ({"also": f"{BILI} and R2ANRHI > 9"}, "0")],
)  # fmt: skip
def test_a_subject_counts_who_has_both_records(words, n):
    output = shell(rows=[{"count": "Both", "of": "adlb", "where": f"{ALT} and R2ANRHI >= 3", "show": "{n:x}"} | words])
    results = families.results(categories, output, DATA)
    assert printed(families.page(categories, output, results))["Both"] == (n,)
    assert counted_again(results, DATA) == []
