"""Family `flow`: every box and every reason beside it is a count of subjects that can be made again."""

import numpy as np
import pytest
from adam_frames import DECISIONS, shell, subjects
from walk import counted_again

from tlf import families
from tlf.panels import FlowBox
from tlf.render import figures
from tlf.templates import flow

OUTPUT = shell(
    family="flow", columns=[{"label": "A", "where": 'COHORT == "A"'}, {"label": "All"}],
    rows=[
        {"count": "Screened", "where": 'USUBJID != ""'},
        {"count": "Not enrolled", "where": 'ENRLFL == "N"', "indent": "1"},
        {"terms": "Reasons", "of": "adsl", "by": ["ENREXRSN"], "where": 'ENRLFL == "N"', "indent": "2"},
        {"count": "Enrolled", "where": 'ENRLFL == "Y"'},
        {"count": "Not infused", "where": 'ENRLFL == "Y" and INFFL == "N"', "indent": "1"},
        {"heading": "Sets"},
        {"count": "Infused", "where": 'INFFL == "Y"', "indent": "1"},
        {"count": "Never infused", "where": 'INFFL == "N"', "indent": "2"},
    ],
)


def data(n=4):
    flags = {"ENRLFL": ["N", "Y", "N", "Y"], "INFFL": ["N", "Y", "N", "Y"], "COHORT": ["A", "A", "B", "B"],
             "ENREXRSN": ["WITHDREW", np.nan, "ILL", np.nan]}  # fmt: skip
    return {"adsl": subjects(4, **flags).head(n), "decisions": DECISIONS}


def drawn(frames):
    results = families.results(flow, OUTPUT, frames)
    return results, families.page(flow, OUTPUT, results)


def test_subjects_go_from_box_to_box_and_beside_stands_who_left_and_why():
    results, figure = drawn(data())
    (panel,) = figure.panels
    screened, enrolled = panel.steps
    assert (screened.label, screened.counts) == ("Screened", (2, 4))
    assert [(one.label, one.counts) for one in screened.beside] == [
        ("Not enrolled", (1, 2)), ("ILL", (0, 1)), ("WITHDREW", (1, 1))]  # fmt: skip
    assert enrolled.beside == ()  # nobody left there
    assert panel.sets == (FlowBox("Infused", (1, 2), "Sets / Infused", panel.sets[0].beside),)
    assert [one.label for one in panel.sets[0].beside] == ["Never infused"]
    assert counted_again(results, data()) == []


def test_the_figure_can_be_drawn_of_nobody_and_of_more_lines_than_a_page_has(page):
    _, nobody = drawn(data(0))
    assert [one.counts for one in nobody.panels[0].steps] == [(0, 0), (0, 0)]
    reasons = tuple(FlowBox(f"Reason {n} in rather many words, as they are", (n, 10 * n)) for n in range(60))
    many = type(nobody.panels[0])((FlowBox("Screened", (9, 9), "", reasons),), nobody.panels[0].sets, ("A", "All"))
    for panel in (nobody.panels[0], many):
        assert figures.render(page, type(nobody)((panel,)))["png"].startswith(b"\x89PNG")


@pytest.fixture
def page():
    from tlf.model import Page

    return Page("F-1", ("Title",), "All")
