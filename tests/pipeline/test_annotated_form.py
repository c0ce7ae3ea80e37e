"""The annotated CRF: a table per form, beside each field where its values went, or why not."""

import re

import pandas as pd

from pipeline.engine.coverage import COLUMNS
from pipeline.why.annotated_form import page

FOUND = pd.DataFrame([
    ("VS", "SYSBP", "Systolic <pressure>", 1200, 1199, 1, 0, "VS.VSORRES by assign; SUPPVS.VSARM by lookup", ""),
    ("VS", "CREATED", None, 1200, 0, 0, 0, "", "time of entry"),
    ("VS", "ROOM", "Room", 2, 0, 0, 2, "", ""),
    ("DM", "SEX", "Sex", 0, 0, 0, 0, None, ""),
], columns=[*COLUMNS])  # fmt: skip


def lines():
    """The rows of the page, cell by cell, without marks."""
    rows = [re.findall(r"<td>(.*?)</td>", row) for row in re.findall(r"<tr>(.*?)</tr>", page("S-1", FOUND))]
    return [[re.sub("<[^>]+>", "", cell) for cell in cells] for cells in rows if cells]


def test_beside_a_field_stand_its_targets_what_was_left_out_and_what_went_nowhere():
    assert lines() == [
        ["SYSBP", "Systolic &lt;pressure&gt;", "1,200", "VS.VSORRES SUPPVS.VSARM 1 left out, with a finding"],
        ["CREATED", "", "1,200", "Not submitted: time of entry"],
        ["ROOM", "Room", "2", "2 nowhere"],
        ["SEX", "Sex", "0", "no values"],
    ]


def test_a_form_names_its_domains_and_the_page_loads_nothing():
    text = page("S-1", FOUND)
    assert re.findall(r'<h2 id="(.*?)">.*?<i>(.*?)</i>', text) == [("VS", "VS, SUPPVS"), ("DM", "")]
    assert "<title>Annotated CRF: S-1</title>" in text
    assert "http" not in text and "<script" not in text
