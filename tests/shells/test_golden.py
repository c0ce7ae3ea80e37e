"""The appearance of every output of the example studies, as a text one can read beside the mock.

Every digit of a number is a 9, so that these texts prove appearance and never a number. `make golden` writes them anew
after a change that is meant; read what changed.
"""

import os
import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from read_once import specs_of

from pipeline.publish.open_findings import Open
from pipeline.publish.pages import body_of, page_around
from pipeline.study.specs import studies
from tlf.model import Table
from tlf.render import layout, text

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = Path(__file__).parent / "golden"
SIZE = re.compile(r"(?i)\(n=\d+(?: of \d+)?\)")
ROWS = 110  # of a long table, the first: its appearance does not change further down
STATUS = Open("Interim data: 9 critical and 9 major findings open.")
OUTPUTS = [pytest.param(study, name) for study in studies(ROOT)
           for name in specs_of(study).outputs]  # fmt: skip
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def builds(study_build):
    """The build of a study with the results of its outputs at hand."""
    return cache(study_build)


def nines(words):
    """A text with 9 for every digit of a number; 131I is none."""
    return re.sub(r"\d+(?![A-Za-z\d])", lambda number: "9" * len(number[0]), words)


def masked(table):
    """A table whose numbers are nines: all cells but the labels, sizes in labels and heads, and sentences."""
    columns = tuple(replace(c, label=SIZE.sub(lambda m: nines(m[0]), c.label)) for c in table.columns)
    rows = []
    for row in table.rows[:ROWS]:
        first, *others = row.cells
        sentence = not others and not row.header
        first = nines(first) if sentence else SIZE.sub(lambda m: nines(m[0]), first)
        rows.append(replace(row, cells=(first, *map(nines, others))))
    return replace(table, columns=columns, rows=tuple(rows))


def looks(build, name):
    """The output as text, every number of nines."""
    body = body_of(build, name)
    tables = [body] if isinstance(body, Table) else layout.tables(body)
    page = replace(page_around(build, name, body, STATUS), version="99999999")
    return "\n".join(text.render(page, masked(layout.tidy(table))) for table in tables)


@pytest.mark.parametrize(("study", "name"), OUTPUTS)
def test_an_output_looks_as_it_was_agreed(builds, study, name):
    path, made = GOLDEN / f"{study}-{name}.txt", looks(builds(study), name)
    if os.environ.get("TRIAL_GOLDEN") == "renew":
        path.write_text(made, encoding="utf-8")
    assert made == (path.read_text(encoding="utf-8") if path.exists() else ""), "renew it with: make golden"


def test_no_golden_text_is_of_an_output_that_is_gone():
    known = {f"{p.values[0]}-{p.values[1]}.txt" for p in OUTPUTS}
    assert {path.name for path in GOLDEN.glob("*.txt")} == known
