"""Figures: two formats, the same bytes in every process, as all the files of an output."""

import hashlib
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tlf.model import Figure
from tlf.panels import Bars, HeatMap, HeatRow, Lane, Lanes, Series, StepPanel, reached
from tlf.render import figures, files
from tlf.render.panels.canvas import labels

PROGRAM = """
import hashlib
from tlf.model import Column, Figure, Page, Row, Table
from tlf.model import Figure
from tlf.panels import Lane, Lanes, Series, StepPanel, reached
from tlf.render import files
page = Page("F-1", ("Title",), "All", ("Note.",), study="P")
series = Series("A", (0, 2), (1, 0.5), (1, 0.1), (1, 0.9), (3,), (4, 1), 5)
for body in (Figure((StepPanel((series,), (0, 3), "x", "y"),)), Table((Column("A"),), (Row(("x",)),))):
    for form, content in files(page, body).items():
        print(form, hashlib.sha256(content).hexdigest())
"""


def hashes(seed):
    paths = {"PYTHONPATH": str(Path(__file__).parents[3]), "PYTHONHASHSEED": seed}
    made = subprocess.run([sys.executable, "-c", PROGRAM], env=os.environ | paths, capture_output=True, text=True,
                          check=True)
    return made.stdout.splitlines()


@pytest.mark.slow
def test_two_processes_make_the_same_bytes_in_every_format():
    first = hashes("1")
    assert [line.split()[0] for line in first] == [
        "rtf", "html", "txt", "pdf", "png", "svg", "rtf", "html", "txt", "pdf"]  # fmt: skip
    assert hashes("2") == first


@pytest.mark.slow
def test_a_second_figure_does_not_change_the_first(page, figure, forest):
    def digests(body):
        return {form: hashlib.sha256(content).hexdigest() for form, content in figures.render(page, body).items()}

    first = digests(figure)
    digests(forest)
    assert digests(figure) == first


def test_each_format_is_what_it_says(page, figure, forest, of_subjects):
    for body in (figure, forest, of_subjects):
        made = figures.render(page, body)
        assert made["png"].startswith(b"\x89PNG")
        assert made["svg"].startswith(b"<?xml")


def test_no_format_carries_a_date(page, figure):
    assert not re.search(rb"dc:date", figures.render(page, figure)["svg"])


def test_numbers_at_risk_must_match_the_ticks():
    series = Series("A", (0,), (1,), (1,), (1,), (), (4,), 5)
    with pytest.raises(ValueError, match="1 numbers at risk for 2 ticks"):
        StepPanel((series,), (0, 3), "x", "y")


def test_a_curve_without_steps_or_censorings_is_drawn(page, figure):
    empty = Series("Nobody", (), (), (), (), (), (0, 0, 0), 0)
    panel = StepPanel((empty,), (0, 3, 9), "Months", "Survival")
    assert figures.render(page, type(figure)((panel,)))["svg"]


def test_a_table_s_files_are_text(page, table):
    assert sorted(files(page, table)) == ["html", "pdf", "rtf", "txt"]


def test_no_text_lies_where_curves_run(figure):
    canvas = figures.Canvas(figsize=(figures.WIDTH, figures.HEIGHT))
    figures._draw(canvas, figure, (0, 0, figures.WIDTH, figures.HEIGHT))
    curves = [axes for axes in canvas.axes if axes.get_xlabel()]
    others = [axes for axes in canvas.axes if not axes.get_xlabel()]
    assert [(list(axes.texts), axes.get_legend()) for axes in curves] == [([], None)] * len(figure.panels)
    places = [(one.get_position(), axes.get_position()) for one in others for axes in curves]
    assert all(one.y0 > axes.y1 - 1e-9 or one.y1 < axes.y0 for one, axes in places)
    assert "Part A: median NR" in [text.get_text() for axes in others for text in axes.texts]


def test_bars_and_lanes_are_drawn_where_their_numbers_are(of_subjects):
    canvas = figures.Canvas(figsize=(figures.WIDTH, figures.HEIGHT))
    figures._draw(canvas, of_subjects, (0, 0, figures.WIDTH, figures.HEIGHT))
    labelled = {axes.get_ylabel() or axes.get_xlabel(): axes for axes in canvas.axes if axes.has_data()}
    assert [bar.get_height() for bar in labelled["Change (%)"].patches] == [20.0, 0.0, -55.5]
    assert _boxes(labelled["Months"]) == [(0.0, -0.35, 12.0, 0.7), (0.0, 0.65, 0.5, 0.7)]
    assert [label.get_text() for label in labelled["Months"].get_yticklabels()] == ["01", "02"]
    assert labelled["Copies"].get_yscale() == "log"


def _boxes(axes):
    """Left, lower edge, width and height of every box that was drawn, in their order."""
    corners = [one.get_path().vertices.reshape(-1, 5, 2) for one in axes.patches]
    places = [(low, high) for part in corners for low, high in zip(part[:, 0], part[:, 2], strict=True)]
    return [(*low, *(high - low).round(9)) for low, high in places]


@pytest.mark.parametrize(
    ("subjects", "blocks", "named"), [(36, [36], True), (110, [28, 28, 28, 26], True), (400, [100] * 4, False)]
)
def test_many_lanes_stand_in_blocks_and_numbers_that_nobody_can_read_are_left_away(subjects, blocks, named):
    lanes = tuple(Lane(f"{n:03}", 10.0, 0) for n in range(subjects))
    canvas = figures.Canvas(figsize=(figures.WIDTH, figures.HEIGHT))
    figures._draw(canvas, Figure((Lanes(lanes, ("CR",), (), (0, 6), "Months"),)), (0, 0, figures.WIDTH, figures.HEIGHT))
    drawn = [axes for axes in canvas.axes if axes.get_xlabel()]
    assert [len(_boxes(axes)) for axes in drawn] == blocks
    assert [len(axes.patches) for axes in drawn] == [1] * len(blocks)  # of one colour
    assert len({axes.get_xlim() for axes in drawn}) == 1
    names = [label for axes in drawn for label in axes.get_yticklabels() if label.get_text()]
    assert len(names) == subjects * named
    assert all(label.get_fontsize() >= 4.5 for label in names)


@pytest.mark.parametrize(("subjects", "least", "most"), [(36, 0.3, 0.3), (400, 0.1, 0.2), (1000, 0.0, 0.0)])
def test_lanes_as_thin_as_their_edges_have_none_which_would_be_all_that_is_seen_of_them(subjects, least, most):
    lanes = tuple(Lane(f"{n:03}", 10.0, 0, ((1.0, 0),)) for n in range(subjects))
    canvas = figures.Canvas(figsize=(figures.WIDTH, figures.HEIGHT))
    panel = Lanes(lanes, ("CR",), ("Death",), (0, 6), "Months")
    figures._draw(canvas, Figure((panel,)), (0, 0, figures.WIDTH, figures.HEIGHT))
    drawn = [axes for axes in canvas.axes if axes.get_xlabel()]
    edges = [one.get_linewidth() for axes in drawn for one in axes.patches]
    edges += [one.get_markeredgewidth() for axes in drawn for one in axes.lines]
    assert least <= min(edges) <= max(edges) <= most


def test_of_two_marks_at_one_time_the_later_lies_above_whatever_their_kinds():
    lanes = (Lane("01", 9.0, 0, ((1.0, 1), (1.0, 0))), Lane("02", 9.0, 0, ((2.0, 0), (2.0, 1))))
    canvas = figures.Canvas(figsize=(figures.WIDTH, figures.HEIGHT))
    panel = Lanes(lanes, ("CR",), ("Response", "Death"), (0, 6, 12), "Months")
    figures._draw(canvas, Figure((panel,)), (0, 0, figures.WIDTH, figures.HEIGHT))
    drawn = next(axes for axes in canvas.axes if axes.get_xlabel()).lines
    at = [(line.get_marker(), float(x), float(y)) for line in drawn for x, y in line.get_xydata()]
    assert [one for one in at if one[2] == 0] == [("o", 1.0, 0.0), ("^", 1.0, 0.0)]
    assert [one for one in at if one[2] == 1] == [("^", 2.0, 1.0), ("o", 2.0, 1.0)]


@pytest.mark.parametrize(("subjects", "texts"), [(8, 8 * 3), (800, 0)])
def test_letters_of_a_heat_map_that_nobody_reads_on_paper_are_outlines_each_drawn_once(subjects, texts):
    rows = tuple(HeatRow(f"{n:04}", ("CR", "PD")) for n in range(subjects))
    canvas = figures.Canvas(figsize=(figures.WIDTH, figures.HEIGHT))
    panel = HeatMap(rows, ("Day 1", "Day 2"), (("CR", "complete"), ("PD", "worse")))
    figures._draw(canvas, Figure((panel,)), (0, 0, figures.WIDTH, figures.HEIGHT))
    own = canvas.axes[:-1]
    assert sum(text.get_text() not in panel.columns for axes in own for text in axes.texts) == texts
    assert sum(len(_boxes(axes)) for axes in own) == 2 * subjects
    letters = [one for axes in own for one in axes.collections]
    characters = subjects * (4 + 2 + 2) if not texts else 0  # numbers of subjects, CR, PD
    assert sum(len(one.get_offsets()) for one in letters) == characters
    assert len(letters) <= 8 * (10 + 3 + 2)  # of a block: the digits, C, R, P, D in the colours of their cells


def test_a_line_of_a_subject_stands_at_its_times_and_values(of_subjects):
    canvas = figures.Canvas(figsize=(figures.WIDTH, figures.HEIGHT))
    figures._draw(canvas, of_subjects, (0, 0, figures.WIDTH, figures.HEIGHT))
    plot = next(axes for axes in canvas.axes if axes.get_ylabel() == "Copies")
    lines = next(one for one in plot.collections if one.get_alpha() == 0.65)
    assert [line.tolist() for line in lines.get_segments()] == [[[0.0, 1.0], [7.0, 100.0]], [[3.0, 10.0]]]
    points = next(one for one in plot.lines if one.get_alpha() == 0.65)
    assert points.get_xydata().tolist() == [[0.0, 1.0], [7.0, 100.0], [3.0, 10.0]]


@pytest.mark.parametrize(
    ("last", "ticks"), [(0, (0,)), (5, (0, 3, 6)), (6, (0, 3, 6)), (6.1, (0, 3, 6, 9)), (20, (0, 3, 6, 9))]
)
def test_an_axis_ends_at_the_first_tick_that_nothing_lies_beyond(last, ticks):
    assert reached((0, 3, 6, 9), last) == ticks
    assert reached((0, 3, 6, 9), float("nan")) == (0, 3, 6, 9)


def test_a_tick_that_would_touch_the_one_before_has_no_label():
    assert labels((0, 7, 14, 21, 30, 100, 365), 365, 6) == ["0", "", "14", "", "30", "100", "365"]
    assert labels((0, 7, 14), 14, 6) == ["0", "7", "14"]


def test_a_figure_always_has_its_own_size(page, figure):
    made = [figures.render(replace(page, paper=paper), figure) for paper in ("Letter", "A4")]
    assert len({files_["png"][16:24] for files_ in made}) == 1


@pytest.mark.parametrize(
    ("label", "ticks"), [("Survival, %", "0 20 40 60 80 100"), ("Survival", "0.0 0.2 0.4 0.6 0.8 1.0")]
)
def test_an_axis_of_percent_counts_to_100(monkeypatch, page, figure, label, ticks):
    drawn = []
    monkeypatch.setattr("matplotlib.axes.Axes.set_yticklabels", lambda axes, texts: drawn.append(" ".join(texts)))
    figures.render(page, replace(figure, panels=tuple(replace(panel, y_label=label) for panel in figure.panels)))
    assert ticks in drawn


def test_the_legend_of_bars_is_hatched_as_they_are_so_that_they_are_told_apart_in_grey(monkeypatch, page, of_subjects):
    drawn = []
    monkeypatch.setattr("matplotlib.axes.Axes.bar", lambda axes, *where, **style: drawn.append(style.get("hatch")))
    bars = next(panel for panel in of_subjects.panels if isinstance(panel, Bars))
    figures.render(page, Figure((bars,)))
    assert sorted(set(drawn)) == ["", "////"]
    assert drawn[-2:] == ["", "////"]  # CR, PD
