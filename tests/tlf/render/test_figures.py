"""Figures: three formats, the same bytes in every process."""

import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tlf.model import Series, StepPanel
from tlf.render import figures, files

PROGRAM = """
import hashlib
from tlf.model import Column, Figure, Page, Row, Series, StepPanel, Table
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


def test_two_processes_make_the_same_bytes_in_every_format():
    first = hashes("1")
    assert [line.split()[0] for line in first] == ["rtf", "html", "txt", "png", "svg", "pdf", "rtf", "html", "txt"]
    assert hashes("2") == first


def test_a_second_figure_does_not_change_the_first(page, figure, forest):
    def digests(body):
        return {form: hashlib.sha256(content).hexdigest() for form, content in figures.render(page, body).items()}

    first = digests(figure)
    digests(forest)
    assert digests(figure) == first


def test_each_format_is_what_it_says(page, figure, forest):
    for body in (figure, forest):
        made = figures.render(page, body)
        assert made["png"].startswith(b"\x89PNG")
        assert made["svg"].startswith(b"<?xml")
        assert made["pdf"].startswith(b"%PDF")


def test_no_format_carries_a_date(page, figure):
    made = figures.render(page, figure)
    assert not re.search(rb"CreationDate|dc:date", made["pdf"] + made["svg"])


def test_numbers_at_risk_must_match_the_ticks():
    series = Series("A", (0,), (1,), (1,), (1,), (), (4,), 5)
    with pytest.raises(ValueError, match="1 numbers at risk for 2 ticks"):
        StepPanel((series,), (0, 3), "x", "y")


def test_a_curve_without_steps_or_censorings_is_drawn(page, figure):
    empty = Series("Nobody", (), (), (), (), (), (0, 0, 0), 0)
    panel = StepPanel((empty,), (0, 3, 9), "Months", "Survival")
    assert figures.render(page, type(figure)((panel,)))["svg"]


def test_a_table_s_files_are_text(page, table):
    assert sorted(files(page, table)) == ["html", "rtf", "txt"]
